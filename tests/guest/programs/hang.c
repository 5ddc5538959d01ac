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
#include <unistd.h>

/*
 * Runs inside a guest, on its i915: on the engine named by the argument it submits a batch that jumps to itself for
 * ever, waits until the kernel has found the hang and reset the engine, and then has the engine store a value. Exit status 0 if
 * both came true.
 */

#define BATCH_SIZE 4096
#define BATCH_ADDRESS 0x100000
#define RESULT_OFFSET 2048
#define RESULT_VALUE 0x600df00d

#define MI_BATCH_BUFFER_START_PPGTT (0x31u << 23 | 1u << 8 | 1)
#define MI_BATCH_BUFFER_END (0x0au << 23)
#define MI_STORE_DATA_IMM (0x20u << 23 | 2)

struct engine {
	const char *name;
	uint64_t flag;
};

static const struct engine engines[] = {
	{"rcs0", I915_EXEC_RENDER},
	{"bcs0", I915_EXEC_BLT},
	{"vcs0", I915_EXEC_BSD},
	{"vecs0", I915_EXEC_VEBOX},
};

static bool call(int fd, unsigned long request, void *arg, const char *what)
{
	int ret;

	do {
		ret = ioctl(fd, request, arg);
	} while (ret < 0 && (errno == EINTR || errno == EAGAIN));
	if (ret < 0) {
		fprintf(stderr, "%s: %s\n", what, strerror(errno));
	}
	return ret == 0;
}

static uint32_t batch_create(int fd, const uint32_t *dw, size_t size)
{
	struct drm_i915_gem_create create = {.size = BATCH_SIZE};
	struct drm_i915_gem_pwrite pwrite = {.size = size, .data_ptr = (uintptr_t)dw};

	if (!call(fd, DRM_IOCTL_I915_GEM_CREATE, &create, "GEM_CREATE")) {
		return 0;
	}
	pwrite.handle = create.handle;
	return call(fd, DRM_IOCTL_I915_GEM_PWRITE, &pwrite, "GEM_PWRITE") ? create.handle : 0;
}

static bool batch_run(int fd, uint32_t handle, uint64_t engine)
{
	struct drm_i915_gem_exec_object2 object = {
		.handle = handle,
		.offset = BATCH_ADDRESS,
		.flags = EXEC_OBJECT_PINNED | EXEC_OBJECT_SUPPORTS_48B_ADDRESS,
	};
	struct drm_i915_gem_execbuffer2 exec = {
		.buffers_ptr = (uintptr_t)&object,
		.buffer_count = 1,
		.flags = engine | I915_EXEC_NO_RELOC,
	};
	struct drm_i915_gem_wait wait = {.bo_handle = handle, .timeout_ns = -1};

	return call(fd, DRM_IOCTL_I915_GEM_EXECBUFFER2, &exec, "GEM_EXECBUFFER2") &&
	       call(fd, DRM_IOCTL_I915_GEM_WAIT, &wait, "GEM_WAIT");
}

static bool result_check(int fd, uint32_t handle)
{
	uint32_t value = 0;
	struct drm_i915_gem_pread pread = {.handle = handle,
		.offset = RESULT_OFFSET,
		.size = sizeof(value),
		.data_ptr = (uintptr_t)&value};

	return call(fd, DRM_IOCTL_I915_GEM_PREAD, &pread, "GEM_PREAD") && value == RESULT_VALUE;
}

static bool engine_hang(int fd, uint64_t engine)
{
	const uint32_t dw[] = {MI_BATCH_BUFFER_START_PPGTT, BATCH_ADDRESS, 0, 0};
	uint32_t handle = batch_create(fd, dw, sizeof(dw));

	return handle != 0 && batch_run(fd, handle, engine);
}

static bool engine_store(int fd, uint64_t engine)
{
	const uint32_t dw[] = {MI_STORE_DATA_IMM, BATCH_ADDRESS + RESULT_OFFSET, 0, RESULT_VALUE,
		MI_BATCH_BUFFER_END, 0};
	uint32_t handle = batch_create(fd, dw, sizeof(dw));

	return handle != 0 && batch_run(fd, handle, engine) && result_check(fd, handle);
}

/* A file of its own for each step: a context that hung is banned. */
static bool step(
	const char *what, bool (*run)(int fd, uint64_t engine), const struct engine *engine)
{
	int fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
	bool ok = fd >= 0 && run(fd, engine->flag);

	printf("%s: %s %s\n", engine->name, what, ok ? "done" : "FAILED");
	close(fd);
	return ok;
}

int main(int argc, char **argv)
{
	bool ok = argc > 1;

	for (int i = 1; i < argc && ok; i++) {
		const struct engine *engine = NULL;

		for (size_t e = 0; e < sizeof(engines) / sizeof(engines[0]); e++) {
			if (strcmp(argv[i], engines[e].name) == 0) {
				engine = &engines[e];
			}
		}
		ok = engine && step("store", engine_store, engine) &&
		     step("hang and reset", engine_hang, engine) &&
		     step("store after reset", engine_store, engine);
	}
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
