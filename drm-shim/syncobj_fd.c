/* SPDX-License-Identifier: MIT */
#include <drm.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drm-shim/ioctl.h"
#include "drm-shim/syncobj.h"

/*
 * Synchronisation objects as descriptors: the object itself, within this process and for as long as the file it was exported
 * from is open; or the fence it has at the moment, for anybody.
 */

struct ugvt_drm_sync_export {
	struct ugvt_list link; // in file->exports
	struct ugvt_drm_syncobj *syncobj;
	int fd; // keeps the number of the memory from being used again
	ino_t ino;
};

void ugvt_drm_syncobj_exports_finish(struct ugvt_drm_file *file)
{
	struct ugvt_drm_sync_export *export, *next;

	ugvt_list_for_each_safe(export, next, &file->exports, link) {
		ugvt_list_remove(&export->link);
		ugvt_drm_object_unlock(&export->syncobj->object);
		close(export->fd);
		free(export);
	}
}

static struct ugvt_drm_sync_export *export_find(
	struct ugvt_drm_file *file, const struct ugvt_drm_syncobj *syncobj, ino_t ino)
{
	struct ugvt_drm_sync_export *export;

	ugvt_list_for_each(export, &file->exports, link) {
		if (syncobj ? export->syncobj == syncobj : export->ino == ino) {
			return export;
		}
	}
	return NULL;
}

static struct ugvt_drm_sync_export *export_add(
	struct ugvt_drm_file *file, struct ugvt_drm_syncobj *syncobj)
{
	struct ugvt_drm_sync_export *export = calloc(1, sizeof(*export));
	struct stat st;

	if (!export) {
		return NULL;
	}
	export->fd = memfd_create("ugvt-syncobj", MFD_CLOEXEC);
	if (export->fd < 0 || fstat(export->fd, &st) < 0) {
		free(export);
		return NULL;
	}
	export->ino = st.st_ino;
	export->syncobj = syncobj;
	ugvt_drm_object_lock(&syncobj->object);
	ugvt_list_append(&file->exports, &export->link);
	return export;
}

static int object_export(struct ugvt_drm_file *file, struct ugvt_drm_syncobj *syncobj)
{
	struct ugvt_drm_sync_export *export = export_find(file, syncobj, 0);
	int fd;

	if (!export) {
		export = export_add(file, syncobj);
	}
	fd = export ? dup(export->fd) : -1;
	return fd < 0 ? -EMFILE : fd;
}

static int fence_export(struct ugvt_drm_syncobj *syncobj)
{
	struct ugvt_drm_fence *fence = ugvt_drm_syncobj_fence(syncobj, 0);
	int fd = fence ? ugvt_drm_fence_export(fence) : -EINVAL;

	ugvt_drm_fence_unlock(fence);
	return fd;
}

int ugvt_drm_do_syncobj_handle_to_fd(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_syncobj_handle *handle = &args->syncobj_handle;
	struct ugvt_drm_syncobj *syncobj = ugvt_drm_syncobj_find(file, handle->handle);
	int fd;

	if (handle->pad || (handle->flags & ~DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE)) {
		return -EINVAL;
	}
	if (!syncobj) {
		return -EINVAL;
	}
	fd = handle->flags ? fence_export(syncobj) : object_export(file, syncobj);
	handle->fd = fd;
	return fd < 0 ? fd : 0;
}

static int object_import(struct ugvt_drm_file *file, struct drm_syncobj_handle *handle)
{
	struct ugvt_drm_sync_export *export;
	struct stat st;
	int ret;

	if (fstat(handle->fd, &st) < 0) {
		return -EINVAL;
	}
	export = export_find(file, NULL, st.st_ino);
	if (!export) {
		return -EINVAL;
	}
	ret = ugvt_drm_table_add(&file->syncobjs, &export->syncobj->object, &handle->handle);
	if (ret == 0) {
		ugvt_drm_object_lock(&export->syncobj->object);
	}
	return ret;
}

static int fence_import(struct ugvt_drm_file *file, const struct drm_syncobj_handle *handle)
{
	struct ugvt_drm_syncobj *syncobj = ugvt_drm_syncobj_find(file, handle->handle);
	struct ugvt_drm_fence *fence;
	int ret;

	if (!syncobj) {
		return -ENOENT;
	}
	ugvt_drm_object_lock(&syncobj->object);
	ret = ugvt_drm_fence_wait_fd(file->device, handle->fd);
	if (ret == 0) {
		fence = ugvt_drm_fence_create(file->device, true);
		ret = fence ? ugvt_drm_syncobj_set(syncobj, fence, 0) : -ENOMEM;
		ugvt_drm_fence_unlock(fence);
	}
	ugvt_drm_object_unlock(&syncobj->object);
	return ret;
}

int ugvt_drm_do_syncobj_fd_to_handle(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_syncobj_handle *handle = &args->syncobj_handle;

	if (handle->pad || (handle->flags & ~DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_IMPORT_SYNC_FILE)) {
		return -EINVAL;
	}
	return handle->flags ? fence_import(file, handle) : object_import(file, handle);
}
