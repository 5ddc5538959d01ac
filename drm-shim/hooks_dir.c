/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/list.h"
#include "drm-shim/hooks.h"
#include "drm-shim/tree.h"

/* Replacements of what lists directories: those of the tree have streams of our own. */

_Static_assert(sizeof(struct dirent) == sizeof(struct dirent64), "the two have one layout");

struct stream {
	struct ugvt_list link; // in streams.list
	const struct ugvt_tree_entry *directory;
	unsigned next; // 0, 1: the directory itself and the one above
	struct dirent entry;
};

static struct {
	pthread_mutex_t lock;
	atomic_uint count; // in list
	struct ugvt_list list;
} streams = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.list = {&streams.list, &streams.list},
};

/* Ours, or NULL. */
static struct stream *stream_find(DIR *dir)
{
	struct stream *stream, *found = NULL;

	if (atomic_load(&streams.count) == 0) {
		return NULL;
	}
	pthread_mutex_lock(&streams.lock);
	ugvt_list_for_each(stream, &streams.list, link) {
		if (stream == (struct stream *)dir) {
			found = stream;
			break;
		}
	}
	pthread_mutex_unlock(&streams.lock);
	return found;
}

static struct stream *stream_create(const struct ugvt_tree_entry *directory)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream) {
		return NULL;
	}
	stream->directory = directory;
	pthread_mutex_lock(&streams.lock);
	ugvt_list_append(&streams.list, &stream->link);
	atomic_fetch_add(&streams.count, 1);
	pthread_mutex_unlock(&streams.lock);
	return stream;
}

static void stream_destroy(struct stream *stream)
{
	pthread_mutex_lock(&streams.lock);
	ugvt_list_remove(&stream->link);
	atomic_fetch_sub(&streams.count, 1);
	pthread_mutex_unlock(&streams.lock);
	free(stream);
}

UGVT_HOOK DIR *opendir(const char *path)
{
	UGVT_NEXT(DIR * (*)(const char *), "opendir");
	const struct ugvt_tree_entry *entry;

	if (!ugvt_tree_owns(path)) {
		return next(path);
	}
	entry = ugvt_tree_find(path);
	if (!entry || entry->kind != UGVT_TREE_DIRECTORY) {
		errno = entry ? ENOTDIR : ENOENT;
		return NULL;
	}
	return (DIR *)stream_create(entry);
}

static unsigned char entry_type(const struct ugvt_tree_entry *entry)
{
	switch (entry->kind) {
	case UGVT_TREE_DEVICE: return DT_CHR;
	case UGVT_TREE_FILE: return DT_REG;
	case UGVT_TREE_LINK: return DT_LNK;
	default: return DT_DIR;
	}
}

static struct dirent *stream_read(struct stream *stream)
{
	static const char *const dots[] = {".", ".."};
	unsigned at = stream->next++;
	const struct ugvt_tree_entry *entry = stream->directory;
	const char *name = dots[at % 2];

	if (at >= 2) {
		entry = ugvt_tree_child(stream->directory, at - 2);
		if (!entry) {
			stream->next--;
			return NULL;
		}
		name = strrchr(entry->path, '/') + 1;
	}
	stream->entry = (struct dirent){
		.d_ino = at + 1,
		.d_off = at + 1,
		.d_reclen = sizeof(stream->entry),
		.d_type = entry_type(entry),
	};
	snprintf(stream->entry.d_name, sizeof(stream->entry.d_name), "%s", name);
	return &stream->entry;
}

UGVT_HOOK struct dirent *readdir(DIR *dir)
{
	UGVT_NEXT(struct dirent * (*)(DIR *), "readdir");
	struct stream *stream = stream_find(dir);

	return stream ? stream_read(stream) : next(dir);
}

UGVT_HOOK struct dirent64 *readdir64(DIR *dir)
{
	UGVT_NEXT(struct dirent64 * (*)(DIR *), "readdir64");
	struct stream *stream = stream_find(dir);

	return stream ? (struct dirent64 *)stream_read(stream) : next(dir);
}

UGVT_HOOK void rewinddir(DIR *dir)
{
	UGVT_NEXT(void (*)(DIR *), "rewinddir");
	struct stream *stream = stream_find(dir);

	if (stream) {
		stream->next = 0;
	} else {
		next(dir);
	}
}

UGVT_HOOK int dirfd(DIR *dir)
{
	UGVT_NEXT(int (*)(DIR *), "dirfd");

	if (stream_find(dir)) {
		errno = ENOTSUP;
		return -1;
	}
	return next(dir);
}

UGVT_HOOK int closedir(DIR *dir)
{
	UGVT_NEXT(int (*)(DIR *), "closedir");
	struct stream *stream = stream_find(dir);

	if (!stream) {
		return next(dir);
	}
	stream_destroy(stream);
	return 0;
}
