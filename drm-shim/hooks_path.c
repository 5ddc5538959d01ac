/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/bits.h"
#include "drm-shim/hooks.h"
#include "drm-shim/shim.h"
#include "drm-shim/tree.h"

/* Replacements of what works on paths, and tells about files. */

_Static_assert(sizeof(struct stat) == sizeof(struct stat64), "the two have one layout");

/* The tree's file, with its errors; NULL and *ret 1: not the tree's path. */
static const struct ugvt_tree_entry *entry_find(const char *path, int *ret)
{
	const struct ugvt_tree_entry *entry;

	*ret = 1;
	if (!ugvt_tree_owns(path)) {
		return NULL;
	}
	entry = ugvt_tree_find(path);
	*ret = entry ? 0 : -1;
	if (!entry) {
		errno = ENOENT;
	}
	return entry;
}

/* 0: *st is filled; -1: errno; 1: somebody else's. */
static int path_stat(const char *path, bool follow, struct stat *st)
{
	int ret;
	const struct ugvt_tree_entry *entry = entry_find(path, &ret);

	if (entry) {
		ugvt_tree_stat(entry, follow, st);
	}
	return ret;
}

/* What fstat() said of the memory that stands for the device. */
static void node_stat(int fd, struct stat *st)
{
	if (S_ISREG(st->st_mode) && st->st_nlink == 0 && ugvt_shim_is_node(fd)) {
		ugvt_tree_stat(ugvt_tree_find(UGVT_TREE_NODE), true, st);
	}
}

#define DEFINE_STAT(name, type, follow)                                 \
	UGVT_HOOK int name(const char *path, struct type *st)           \
	{                                                               \
		UGVT_NEXT(int (*)(const char *, struct type *), #name); \
		int ret = path_stat(path, follow, (struct stat *)st);   \
                                                                        \
		return ret <= 0 ? ret : next(path, st);                 \
	}

#define DEFINE_FSTAT(name, type)                               \
	UGVT_HOOK int name(int fd, struct type *st)            \
	{                                                      \
		UGVT_NEXT(int (*)(int, struct type *), #name); \
		int ret = next(fd, st);                        \
                                                               \
		if (ret == 0) {                                \
			node_stat(fd, (struct stat *)st);      \
		}                                              \
		return ret;                                    \
	}

#define DEFINE_FSTATAT(name, type)                                                            \
	UGVT_HOOK int name(int dir, const char *path, struct type *st, int flags)             \
	{                                                                                     \
		UGVT_NEXT(int (*)(int, const char *, struct type *, int), #name);             \
		int ret = path_stat(path, !(flags & AT_SYMLINK_NOFOLLOW), (struct stat *)st); \
                                                                                              \
		if (ret <= 0) {                                                               \
			return ret;                                                           \
		}                                                                             \
		ret = next(dir, path, st, flags);                                             \
		if (ret == 0 && (flags & AT_EMPTY_PATH)) {                                    \
			node_stat(dir, (struct stat *)st);                                    \
		}                                                                             \
		return ret;                                                                   \
	}

DEFINE_STAT(stat, stat, true)
DEFINE_STAT(stat64, stat64, true)
DEFINE_STAT(lstat, stat, false)
DEFINE_STAT(lstat64, stat64, false)
DEFINE_FSTAT(fstat, stat)
DEFINE_FSTAT(fstat64, stat64)
DEFINE_FSTATAT(fstatat, stat)
DEFINE_FSTATAT(fstatat64, stat64)

/* What programs built with a C library before 2.33 call. */
#define DEFINE_XSTAT(name, type, follow)                                     \
	int name(int version, const char *path, struct type *st);            \
	UGVT_HOOK int name(int version, const char *path, struct type *st)   \
	{                                                                    \
		UGVT_NEXT(int (*)(int, const char *, struct type *), #name); \
		int ret = path_stat(path, follow, (struct stat *)st);        \
                                                                             \
		return ret <= 0 ? ret : next(version, path, st);             \
	}

#define DEFINE_FXSTAT(name, type)                                   \
	int name(int version, int fd, struct type *st);             \
	UGVT_HOOK int name(int version, int fd, struct type *st)    \
	{                                                           \
		UGVT_NEXT(int (*)(int, int, struct type *), #name); \
		int ret = next(version, fd, st);                    \
                                                                    \
		if (ret == 0) {                                     \
			node_stat(fd, (struct stat *)st);           \
		}                                                   \
		return ret;                                         \
	}

DEFINE_XSTAT(__xstat, stat, true)
DEFINE_XSTAT(__xstat64, stat64, true)
DEFINE_XSTAT(__lxstat, stat, false)
DEFINE_XSTAT(__lxstat64, stat64, false)
DEFINE_FXSTAT(__fxstat, stat)
DEFINE_FXSTAT(__fxstat64, stat64)

static void statx_fill(const struct stat *st, struct statx *stx)
{
	*stx = (struct statx){
		.stx_mask = STATX_BASIC_STATS,
		.stx_blksize = (uint32_t)st->st_blksize,
		.stx_nlink = (uint32_t)st->st_nlink,
		.stx_mode = (uint16_t)st->st_mode,
		.stx_ino = st->st_ino,
		.stx_size = (uint64_t)st->st_size,
		.stx_rdev_major = major(st->st_rdev),
		.stx_rdev_minor = minor(st->st_rdev),
	};
}

UGVT_HOOK int statx(int dir, const char *path, int flags, unsigned mask, struct statx *stx)
{
	UGVT_NEXT(int (*)(int, const char *, int, unsigned, struct statx *), "statx");
	struct stat st;
	int ret = path_stat(path, !(flags & AT_SYMLINK_NOFOLLOW), &st);

	if (ret == 0) {
		statx_fill(&st, stx);
	}
	if (ret <= 0) {
		return ret;
	}
	if ((flags & AT_EMPTY_PATH) && path[0] == '\0' && ugvt_shim_is_node(dir)) {
		ugvt_tree_stat(ugvt_tree_find(UGVT_TREE_NODE), true, &st);
		statx_fill(&st, stx);
		return 0;
	}
	return next(dir, path, flags, mask, stx);
}

UGVT_HOOK int access(const char *path, int mode)
{
	UGVT_NEXT(int (*)(const char *, int), "access");
	int ret;

	entry_find(path, &ret);
	return ret <= 0 ? ret : next(path, mode);
}

UGVT_HOOK int faccessat(int dir, const char *path, int mode, int flags)
{
	UGVT_NEXT(int (*)(int, const char *, int, int), "faccessat");
	int ret;

	entry_find(path, &ret);
	return ret <= 0 ? ret : next(dir, path, mode, flags);
}

/* The length; -1: errno; -2: not the tree's. */
static ssize_t link_read(const char *path, char *text, size_t size)
{
	int ret;
	const struct ugvt_tree_entry *entry = entry_find(path, &ret);
	size_t length;

	if (!entry) {
		return ret < 0 ? -1 : -2;
	}
	if (entry->kind != UGVT_TREE_LINK) {
		errno = EINVAL;
		return -1;
	}
	length = UGVT_MIN(strlen(entry->text), size);
	memcpy(text, entry->text, length);
	return (ssize_t)length;
}

UGVT_HOOK ssize_t readlink(const char *path, char *text, size_t size)
{
	UGVT_NEXT(ssize_t(*)(const char *, char *, size_t), "readlink");
	ssize_t ret = link_read(path, text, size);

	return ret >= -1 ? ret : next(path, text, size);
}

UGVT_HOOK ssize_t readlinkat(int dir, const char *path, char *text, size_t size)
{
	UGVT_NEXT(ssize_t(*)(int, const char *, char *, size_t), "readlinkat");
	ssize_t ret = link_read(path, text, size);

	return ret >= -1 ? ret : next(dir, path, text, size);
}

ssize_t __readlink_chk(const char *path, char *text, size_t size, size_t room);
UGVT_HOOK ssize_t __readlink_chk(const char *path, char *text, size_t size, size_t room)
{
	UGVT_NEXT(ssize_t(*)(const char *, char *, size_t, size_t), "__readlink_chk");
	ssize_t ret = link_read(path, text, UGVT_MIN(size, room));

	return ret >= -1 ? ret : next(path, text, size, room);
}

/* Nothing in the tree is reached through its links: its paths are real ones. */
static int path_resolve(const char *path, char **resolved)
{
	int ret;
	const struct ugvt_tree_entry *entry = entry_find(path, &ret);

	if (entry && *resolved) {
		strcpy(*resolved, entry->path);
	} else if (entry) {
		*resolved = strdup(entry->path);
	}
	return ret;
}

UGVT_HOOK char *realpath(const char *path, char *resolved)
{
	UGVT_NEXT(char *(*)(const char *, char *), "realpath");
	int ret = path_resolve(path, &resolved);

	if (ret > 0) {
		return next(path, resolved);
	}
	return ret == 0 ? resolved : NULL;
}

char *__realpath_chk(const char *path, char *resolved, size_t room);
UGVT_HOOK char *__realpath_chk(const char *path, char *resolved, size_t room)
{
	UGVT_NEXT(char *(*)(const char *, char *, size_t), "__realpath_chk");
	int ret = path_resolve(path, &resolved);

	if (ret > 0) {
		return next(path, resolved, room);
	}
	return ret == 0 ? resolved : NULL;
}

static bool stream_open(const char *path, const char *mode, FILE **stream)
{
	int flags = (mode[0] == 'r' && !strchr(mode, '+') ? O_RDONLY : O_RDWR) |
		    (strchr(mode, 'e') ? O_CLOEXEC : 0);
	int fd;

	if (!ugvt_hook_open(path, flags, &fd)) {
		return false;
	}
	*stream = fd >= 0 ? fdopen(fd, mode) : NULL;
	return true;
}

UGVT_HOOK FILE *fopen(const char *path, const char *mode)
{
	UGVT_NEXT(FILE * (*)(const char *, const char *), "fopen");
	FILE *stream;

	return stream_open(path, mode, &stream) ? stream : next(path, mode);
}

UGVT_HOOK FILE *fopen64(const char *path, const char *mode)
{
	UGVT_NEXT(FILE * (*)(const char *, const char *), "fopen64");
	FILE *stream;

	return stream_open(path, mode, &stream) ? stream : next(path, mode);
}
