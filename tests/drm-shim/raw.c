/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <i915_drm.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * usage: raw
 *
 * A program that talks to the kernel by itself, without a library: maps where it wants to, submits sense and nonsense, and goes
 * on. Exit status 0 if all is well.
 */

#define NODE "/dev/dri/renderD128"
#define SIZE 0x10000
#define BATCH UINT64_C(0x100000000)
#define OWN UINT64_C(0x200000000)

static void require(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "raw: %s failed: %s\n", what, strerror(errno));
		exit(1);
	}
}

static void call(int fd, unsigned long request, void *args, const char *what)
{
	require(ioctl(fd, request, args) == 0, what);
}

/* At a place of its own choice, over what is there. */
static uint32_t *buffer_map(int fd, uint32_t *handle)
{
	struct drm_i915_gem_create create = {.size = SIZE};
	struct drm_i915_gem_mmap_offset map = {.flags = I915_MMAP_OFFSET_WB};
	void *place = mmap(NULL, SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	call(fd, DRM_IOCTL_I915_GEM_CREATE, &create, "GEM_CREATE");
	*handle = map.handle = create.handle;
	call(fd, DRM_IOCTL_I915_GEM_MMAP_OFFSET, &map, "GEM_MMAP_OFFSET");
	require(mmap(place, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			(off_t)map.offset) == place,
		"mmap with MAP_FIXED");
	return place;
}

static uint32_t userptr_make(int fd, void *memory)
{
	struct drm_i915_gem_userptr userptr = {
		.user_ptr = (uintptr_t)memory, .user_size = SIZE, .flags = I915_USERPTR_PROBE};

	call(fd, DRM_IOCTL_I915_GEM_USERPTR, &userptr, "GEM_USERPTR");
	return userptr.handle;
}

static uint32_t context_make(int fd)
{
	struct drm_i915_gem_context_create_ext create = {0};

	call(fd, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &create, "CONTEXT_CREATE_EXT");
	return create.ctx_id;
}

static int execute(int fd, uint32_t context, uint32_t batch, uint32_t own)
{
	const uint64_t flags = EXEC_OBJECT_PINNED | EXEC_OBJECT_SUPPORTS_48B_ADDRESS;
	struct drm_i915_gem_exec_object2 objects[] = {
		{.handle = batch, .offset = BATCH, .flags = flags},
		{.handle = own, .offset = OWN, .flags = flags | EXEC_OBJECT_WRITE},
	};
	struct drm_i915_gem_execbuffer2 args = {
		.buffers_ptr = (uintptr_t)objects,
		.buffer_count = 2,
		.flags = I915_EXEC_RENDER | I915_EXEC_NO_RELOC | I915_EXEC_BATCH_FIRST,
		.rsvd1 = context,
	};

	return ioctl(fd, DRM_IOCTL_I915_GEM_EXECBUFFER2, &args);
}

/* Twice a hang is forgiven. */
static void hangs_try(int fd, uint32_t *dw, uint32_t batch, uint32_t own)
{
	static const uint32_t loop[] = {0x18800101, 0, BATCH >> 32};
	struct drm_i915_reset_stats stats = {.ctx_id = context_make(fd)};

	memcpy(dw, loop, sizeof(loop));
	require(execute(fd, stats.ctx_id, batch, own) == 0, "an endless batch");
	memset(dw, 0xee, SIZE);
	require(execute(fd, stats.ctx_id, batch, own) == 0, "a batch of garbage");
	call(fd, DRM_IOCTL_I915_GET_RESET_STATS, &stats, "GET_RESET_STATS");
	require(stats.batch_active == 2, "counting hangs");
	require(execute(fd, stats.ctx_id, batch, own) == 0, "the last batch");
	require(execute(fd, stats.ctx_id, batch, own) < 0 && errno == EIO, "being banned");
}

int main(void)
{
	static const uint32_t store[] = {0x10000002, 0, OWN >> 32, 0x600d, 0x17000003, 4, OWN >> 32,
		0, OWN >> 32, 0x05000000};
	int fd = open(NODE, O_RDWR | O_CLOEXEC);
	uint32_t batch, own;
	uint32_t *memory =
		mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t *dw;

	require(fd >= 0, "opening " NODE);
	dw = buffer_map(fd, &batch);
	own = userptr_make(fd, memory);
	hangs_try(fd, dw, batch, own);
	memcpy(dw, store, sizeof(store));
	require(execute(fd, 0, batch, own) == 0, "another context's batch");
	require(memory[0] == 0x600d && memory[1] == 0x600d, "finding what the batch wrote");
	require(ioctl(fd, DRM_IOCTL_I915_GEM_EXECBUFFER2, NULL) < 0 && errno == EFAULT,
		"a call without an argument");
	require(ioctl(fd, _IO('d', 0xff)) < 0 && errno == EINVAL, "a call that there is not");
	close(fd);
	require(ioctl(fd, DRM_IOCTL_I915_GEM_EXECBUFFER2, NULL) < 0 && errno == EBADF,
		"a call on what is closed");
	dw[0] = 1; // the mapping is still there
	return 0;
}
