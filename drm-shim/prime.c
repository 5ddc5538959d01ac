/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <i915_drm.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drm-shim/bo.h"
#include "drm-shim/ioctl.h"

/*
 * Buffers as descriptors, in place of dma-bufs: shared memory of just that buffer, which any program can map. Its name tells
 * another importer the tiling. When a buffer is exported for the first time, its pages move there, under all mappings of it.
 */

#define NAME_FORMAT "ugvt-buffer:%u:%u" // tiling, stride
#define NAME_MAX_LENGTH 64

static int memory_make(const struct ugvt_drm_bo *bo)
{
	char name[NAME_MAX_LENGTH];
	int fd;

	snprintf(name, sizeof(name), NAME_FORMAT, bo->tiling, bo->stride);
	fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0) {
		return -errno;
	}
	/* Who maps it must not lose pages. */
	if (ftruncate(fd, (off_t)bo->size) < 0 ||
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
		close(fd);
		return -ENOMEM;
	}
	return fd;
}

/* Copies what is not zero: fresh buffers take no memory. */
static int contents_copy(const struct ugvt_drm_bo *bo, int fd)
{
	static const char zeros[UGVT_PAGE_SIZE];
	char *to = mmap(NULL, bo->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (to == MAP_FAILED) {
		return -ENOMEM;
	}
	for (uint64_t at = 0; at < bo->size; at += UGVT_PAGE_SIZE) {
		if (memcmp(bo->host + at, zeros, UGVT_PAGE_SIZE) != 0) {
			memcpy(to + at, bo->host + at, UGVT_PAGE_SIZE);
		}
	}
	munmap(to, bo->size);
	return 0;
}

/* A line of /proc/self/maps. */
struct mapping {
	uint64_t start, end, offset, ino;
	unsigned dev_major, dev_minor;
	char prot[8];
};

static bool mapping_read(const char *line, struct mapping *map)
{
	return sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %x:%x %" SCNu64, &map->start,
		       &map->end, map->prot, &map->offset, &map->dev_major, &map->dev_minor,
		       &map->ino) == 7;
}

static bool mapping_is_same(const struct mapping *a, const struct mapping *b)
{
	return a->ino == b->ino && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

static void mapping_move(const struct mapping *map, int fd)
{
	int prot = (map->prot[0] == 'r' ? PROT_READ : 0) | (map->prot[1] == 'w' ? PROT_WRITE : 0);

	mmap((void *)(uintptr_t)map->start, map->end - map->start, prot, MAP_SHARED | MAP_FIXED, fd,
		(off_t)map->offset);
}

/* Two passes: which memory it is, and where all that is mapped. */
static int mappings_move(const struct ugvt_drm_bo *bo, int fd)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	struct mapping map, own = {0};
	char line[512];

	if (!maps) {
		return -ENOMEM;
	}
	while (own.ino == 0 && fgets(line, sizeof(line), maps)) {
		if (mapping_read(line, &map) && map.start <= (uintptr_t)bo->host &&
			(uintptr_t)bo->host < map.end) {
			own = map;
		}
	}
	rewind(maps);
	while (own.ino != 0 && fgets(line, sizeof(line), maps)) {
		if (mapping_read(line, &map) && mapping_is_same(&map, &own)) {
			mapping_move(&map, fd);
		}
	}
	fclose(maps);
	return own.ino != 0 ? 0 : -ENOMEM;
}

static int bo_share(struct ugvt_drm_bo *bo)
{
	struct stat st;
	int fd = memory_make(bo);
	int ret = fd < 0 ? fd : contents_copy(bo, fd);

	if (ret == 0) {
		ret = mappings_move(bo, fd);
	}
	if (ret < 0 || fstat(fd, &st) < 0) {
		if (fd >= 0) {
			close(fd);
		}
		return ret < 0 ? ret : -EIO;
	}
	bo->fd = fd;
	bo->dev = st.st_dev;
	bo->ino = st.st_ino;
	return 0;
}

int ugvt_drm_do_prime_handle_to_fd(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_prime_handle *prime = &args->prime_handle;
	struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, prime->handle);
	int ret = 0;

	if (prime->flags & ~(uint32_t)(DRM_CLOEXEC | DRM_RDWR)) {
		return -EINVAL;
	}
	if (!bo) {
		return -ENOENT;
	}
	if (bo->kind == UGVT_DRM_BO_USERPTR) {
		return -EINVAL;
	}
	/* The pages are about to move. */
	ugvt_drm_object_lock(&bo->object);
	if (bo->fd < 0) {
		ugvt_drm_bo_wait(bo, true, UINT64_MAX);
	}
	if (bo->fd < 0) {
		ret = bo_share(bo);
	}
	if (ret == 0) {
		prime->fd =
			fcntl(bo->fd, prime->flags & DRM_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD, 0);
		ret = prime->fd < 0 ? -errno : 0;
	}
	ugvt_drm_object_unlock(&bo->object);
	return ret;
}

static void tiling_read(struct ugvt_drm_bo *bo)
{
	char path[64], target[128];
	const char *name;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", bo->fd);
	n = readlink(path, target, sizeof(target) - 1);
	target[UGVT_MAX(n, 0)] = '\0';
	name = strstr(target, "ugvt-buffer:");
	if (!name || sscanf(name, NAME_FORMAT, &bo->tiling, &bo->stride) != 2) {
		bo->tiling = I915_TILING_NONE;
		bo->stride = 0;
	}
}

/* Memory that its maker could take away would end who looks at it: a file must be sealed against that. */
static bool is_safe(int fd, const struct stat *st)
{
	int seals = fcntl(fd, F_GET_SEALS);

	if (!S_ISREG(st->st_mode)) {
		return true;
	}
	return seals >= 0 &&
	       ((seals & F_SEAL_SHRINK) || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0);
}

static int memory_import(
	struct ugvt_drm_file *file, int fd, const struct stat *st, uint32_t *handle)
{
	off_t size = lseek(fd, 0, SEEK_END);
	struct ugvt_drm_bo *bo;
	int own, ret;

	if (size <= 0 || !is_safe(fd, st)) {
		return -EINVAL;
	}
	own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (own < 0) {
		return -errno;
	}
	ret = ugvt_drm_bo_create_foreign(file->device, own, (uint64_t)size, &bo);
	if (ret < 0) {
		close(own);
		return ret;
	}
	tiling_read(bo);
	return ugvt_drm_bo_handle(file, bo, handle);
}

int ugvt_drm_do_prime_fd_to_handle(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_prime_handle *prime = &args->prime_handle;
	struct ugvt_drm_bo *bo;
	struct stat st;

	if (fstat(prime->fd, &st) < 0) {
		return -EBADF;
	}
	bo = ugvt_drm_bo_find_memory(file->device, st.st_dev, st.st_ino);
	if (!bo) {
		return memory_import(file, prime->fd, &st, &prime->handle);
	}
	prime->handle = ugvt_drm_table_handle(&file->bos, &bo->object);
	if (prime->handle) {
		return 0;
	}
	ugvt_drm_object_lock(&bo->object);
	return ugvt_drm_bo_handle(file, bo, &prime->handle);
}
