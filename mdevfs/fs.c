/* SPDX-License-Identifier: MIT */
#include "mdevfs/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/bits.h"
#include "mdevfs/libfuse.h"
#include "mdevfs/tree.h"

/*
 * No state: a file that is open is a path, and each access asks the manager anew. So thousands of open files
 * cost nothing, and none of them shows what was.
 */

static struct ugvt_mdevfs *fs_current(void)
{
	return fuse_get_context()->private_data;
}

/* What is at path, in a view that the caller finishes in any case. 0 or -errno. */
static int path_begin(
	struct ugvt_mdevfs_view *view, const char *path, struct ugvt_mdevfs_node *node)
{
	ugvt_mdevfs_view_init(view, &fs_current()->source);
	return ugvt_mdevfs_find(view, path, node);
}

/* The same for a file that was opened: when its device has gone, sysfs has no such device rather than no such
 * file. */
static int file_begin(
	struct ugvt_mdevfs_view *view, const char *path, struct ugvt_mdevfs_node *node)
{
	int ret = path_begin(view, path, node);

	return ret == -ENOENT ? -ENODEV : ret;
}

static void stat_fill(const struct ugvt_mdevfs_node *node, struct stat *st)
{
	const struct ugvt_mdevfs *fs = fs_current();
	char text[UGVT_MDEVFS_TEXT_MAX];

	*st = (struct stat){
		.st_mode = node->entry->mode,
		.st_nlink = 1,
		.st_uid = fs->uid,
		.st_gid = fs->gid,
		.st_atim = fs->since,
		.st_mtim = fs->since,
		.st_ctim = fs->since,
	};
	if (S_ISREG(st->st_mode)) {
		st->st_size = UGVT_MDEVFS_TEXT_MAX;
	} else if (S_ISLNK(st->st_mode)) {
		node->entry->link(node, text);
		st->st_size = (off_t)strlen(text);
	}
}

static int fs_getattr(const char *path, struct stat *st, struct fuse_file_info *file)
{
	struct ugvt_mdevfs_view view;
	struct ugvt_mdevfs_node node;
	int ret = path_begin(&view, path, &node);

	if (ret == 0) {
		stat_fill(&node, st);
	}
	ugvt_mdevfs_view_finish(&view);
	return ret;
}

static int fs_readlink(const char *path, char *target, size_t size)
{
	struct ugvt_mdevfs_view view;
	struct ugvt_mdevfs_node node;
	char text[UGVT_MDEVFS_TEXT_MAX];
	int ret = path_begin(&view, path, &node);

	if (ret == 0 && !S_ISLNK(node.entry->mode)) {
		ret = -EINVAL;
	}
	if (ret == 0 && size > 0) {
		size_t length;

		node.entry->link(&node, text);
		length = strnlen(text, size - 1);
		memcpy(target, text, length);
		target[length] = '\0';
	}
	ugvt_mdevfs_view_finish(&view);
	return ret;
}

struct listing {
	struct ugvt_mdevfs_visitor visitor;
	fuse_fill_dir_t fill;
	void *buffer;
};

static void listing_handle_node(
	struct ugvt_mdevfs_visitor *visitor, const struct ugvt_mdevfs_node *node)
{
	struct listing *listing = ugvt_container_of(visitor, struct listing, visitor);
	struct stat st = {.st_mode = node->entry->mode};

	listing->fill(listing->buffer, node->name, &st, 0, 0);
}

static int fs_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
	struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
	struct listing listing = {{listing_handle_node}, fill, buffer};
	struct ugvt_mdevfs_view view;
	struct ugvt_mdevfs_node node;
	int ret = path_begin(&view, path, &node);

	if (ret == 0) {
		fill(buffer, ".", NULL, 0, 0);
		fill(buffer, "..", NULL, 0, 0);
		ret = ugvt_mdevfs_visit(&view, &node, &listing.visitor);
	}
	ugvt_mdevfs_view_finish(&view);
	return ret;
}

/* Root may open anything as far as modes go, but sysfs does not let it read what nobody can, nor write. */
static int fs_open(const char *path, struct fuse_file_info *file)
{
	int access = file->flags & O_ACCMODE;
	struct ugvt_mdevfs_view view;
	struct ugvt_mdevfs_node node;
	int ret = path_begin(&view, path, &node);

	if (ret == 0 && ((access != O_WRONLY && !(node.entry->mode & 0444)) ||
				(access != O_RDONLY && !(node.entry->mode & 0222)))) {
		ret = -EACCES;
	}
	ugvt_mdevfs_view_finish(&view);
	return ret;
}

static int fs_read(
	const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *file)
{
	struct ugvt_mdevfs_view view;
	struct ugvt_mdevfs_node node;
	char text[UGVT_MDEVFS_TEXT_MAX] = "";
	size_t length;
	int ret = file_begin(&view, path, &node);

	if (ret == 0) {
		ret = ugvt_mdevfs_read(&node, text);
	}
	ugvt_mdevfs_view_finish(&view);
	length = strlen(text);
	if (ret < 0 || offset < 0 || (size_t)offset >= length) {
		return ret;
	}
	size = UGVT_MIN(size, length - (size_t)offset);
	memcpy(buffer, text + offset, size);
	return (int)size;
}

/* As in sysfs, each write is a whole of its own wherever in the file it is, and has no more than a page. */
static int fs_write(
	const char *path, const char *text, size_t size, off_t offset, struct fuse_file_info *file)
{
	struct ugvt_mdevfs_view view;
	struct ugvt_mdevfs_node node;
	int ret = file_begin(&view, path, &node);

	size = UGVT_MIN(size, (size_t)UGVT_MDEVFS_TEXT_MAX);
	if (ret == 0) {
		ret = node.entry->write ? node.entry->write(&view, &node, text, size) : -EIO;
	}
	ugvt_mdevfs_view_finish(&view);
	return ret < 0 ? ret : (int)size;
}

/* "echo > file" truncates it first. */
static int fs_truncate(const char *path, off_t size, struct fuse_file_info *file)
{
	return 0;
}

/* What can't be done in sysfs, with its answers. */

static int fs_create_file(const char *path, mode_t mode, struct fuse_file_info *file)
{
	return -EACCES;
}

static int refuse_mode(const char *path, mode_t mode)
{
	return -EPERM;
}

static int refuse_path(const char *path)
{
	return -EPERM;
}

static int refuse_two(const char *from, const char *to)
{
	return -EPERM;
}

static int refuse_rename(const char *from, const char *to, unsigned flags)
{
	return -EPERM;
}

static int refuse_mknod(const char *path, mode_t mode, dev_t device)
{
	return -EPERM;
}

static int refuse_chmod(const char *path, mode_t mode, struct fuse_file_info *file)
{
	return -EPERM;
}

static int refuse_chown(const char *path, uid_t uid, gid_t gid, struct fuse_file_info *file)
{
	return -EPERM;
}

static int refuse_utimens(
	const char *path, const struct timespec times[2], struct fuse_file_info *file)
{
	return -EPERM;
}

/* Nothing is remembered by libfuse or the kernel either, and no pipes for what is a few bytes. */
static void *fs_init(struct fuse_conn_info *connection, struct fuse_config *config)
{
	connection->want &= ~(unsigned)(FUSE_CAP_READDIRPLUS | FUSE_CAP_SPLICE_READ |
					FUSE_CAP_SPLICE_WRITE | FUSE_CAP_SPLICE_MOVE);
	config->entry_timeout = 0;
	config->negative_timeout = 0;
	config->attr_timeout = 0;
	config->direct_io = 1;
	config->hard_remove = 1;
	return fs_current();
}

static const struct fuse_operations operations = {
	.init = fs_init,
	.getattr = fs_getattr,
	.readlink = fs_readlink,
	.readdir = fs_readdir,
	.open = fs_open,
	.read = fs_read,
	.write = fs_write,
	.truncate = fs_truncate,
	.create = fs_create_file,
	.mknod = refuse_mknod,
	.mkdir = refuse_mode,
	.unlink = refuse_path,
	.rmdir = refuse_path,
	.symlink = refuse_two,
	.link = refuse_two,
	.rename = refuse_rename,
	.chmod = refuse_chmod,
	.chown = refuse_chown,
	.utimens = refuse_utimens,
};

struct fuse *ugvt_mdevfs_create(struct ugvt_mdevfs *fs, struct fuse_args *args)
{
	return fuse_new(args, &operations, sizeof(operations), fs);
}
