/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "drm-shim/bo.h"
#include "tests/drm-shim/rig.h"

#define PAGE 4096

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	rig_init(rig, 1000);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	struct rig *rig = *state;

	/* Files drop what their clients did not. */
	ugvt_drm_file_close(rig->file);
	assert_true(ugvt_list_empty(&rig->device->bos));
	ugvt_drm_device_destroy(rig->device);
	free(rig);
	return 0;
}

static void test_sizes(void **state)
{
	struct rig *rig = *state;
	struct drm_i915_gem_create create = {.size = 1};

	rig_call(rig, DRM_IOCTL_I915_GEM_CREATE, &create);
	assert_int_equal(create.size, PAGE);
	create.size = 0;
	assert_int_equal(rig_try(rig, DRM_IOCTL_I915_GEM_CREATE, &create), -EINVAL);
	create.size = UINT64_C(1) << 60;
	assert_int_equal(rig_try(rig, DRM_IOCTL_I915_GEM_CREATE, &create), -E2BIG);
}

/* Handles are used again, and buffers start as zeros even so. */
static void test_fresh(void **state)
{
	struct rig *rig = *state;
	uint32_t first;

	for (unsigned i = 0; i < 5000; i++) {
		uint32_t handle;
		uint32_t *dw = rig_buffer(rig, 2 * PAGE, &handle);

		first = i == 0 ? handle : first;
		assert_int_equal(handle, first);
		assert_int_equal(dw[0] | dw[1500], 0);
		dw[0] = dw[1500] = UINT32_MAX;
		munmap(dw, 2 * PAGE);
		rig_close(rig, handle);
	}
	assert_true(ugvt_list_empty(&rig->device->bos));
}

/* A mapping outlives its handle; two show the same. */
static void test_mappings(void **state)
{
	struct rig *rig = *state;
	uint32_t handle;
	uint32_t *a = rig_buffer(rig, 4 * PAGE, &handle);
	uint32_t *b = rig_map(rig, handle, 4 * PAGE);

	assert_ptr_not_equal(a, b);
	a[2000] = 0x1234;
	assert_int_equal(b[2000], 0x1234);
	rig_close(rig, handle);
	b[2000] = 0x4321;
	assert_int_equal(a[2000], 0x4321);
	munmap(a, 4 * PAGE);
	munmap(b, 4 * PAGE);
}

static int map_at(struct rig *rig, uint32_t handle, struct ugvt_drm_mmap request, void **addr)
{
	struct drm_i915_gem_mmap_offset map = {.handle = handle, .flags = I915_MMAP_OFFSET_WB};

	rig_call(rig, DRM_IOCTL_I915_GEM_MMAP_OFFSET, &map);
	request.offset += map.offset;
	return ugvt_drm_file_mmap(rig->file, &request, addr);
}

static void test_places(void **state)
{
	struct rig *rig = *state;
	uint32_t handle;
	uint32_t *dw = rig_buffer(rig, 2 * PAGE, &handle);
	char *place = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct ugvt_drm_mmap request = {
		.addr = place + PAGE, .size = PAGE, .prot = PROT_READ, .offset = PAGE};
	void *addr;

	dw[PAGE / 4] = 77;
	request.flags = MAP_SHARED | MAP_FIXED_NOREPLACE;
	assert_int_equal(map_at(rig, handle, request, &addr), -EEXIST);
	request.flags = MAP_SHARED | MAP_FIXED;
	assert_int_equal(map_at(rig, handle, request, &addr), 0);
	assert_ptr_equal(addr, place + PAGE);
	assert_int_equal(*(uint32_t *)addr, 77);
	munmap(place, 4 * PAGE);
	request.flags = MAP_SHARED | MAP_FIXED_NOREPLACE;
	assert_int_equal(map_at(rig, handle, request, &addr), 0);
	assert_ptr_equal(addr, place + PAGE);
	munmap(addr, PAGE);
	request.size = 2 * PAGE; // past its end
	assert_int_equal(map_at(rig, handle, request, &addr), -EINVAL);
	request.offset = (uint64_t)1000 << UGVT_DRM_OFFSET_SHIFT; // nobody's
	assert_int_equal(ugvt_drm_file_mmap(rig->file, &request, &addr), -EINVAL);
	munmap(dw, 2 * PAGE);
}

static void test_pread_pwrite(void **state)
{
	struct rig *rig = *state;
	uint32_t handle = rig_create(rig, PAGE);
	char in[64], out[64];
	struct drm_i915_gem_pwrite put = {
		.handle = handle, .offset = 100, .size = sizeof(in), .data_ptr = (uintptr_t)in};
	struct drm_i915_gem_pread get = {
		.handle = handle, .offset = 100, .size = sizeof(out), .data_ptr = (uintptr_t)out};

	memset(in, 0x5a, sizeof(in));
	rig_call(rig, DRM_IOCTL_I915_GEM_PWRITE, &put);
	rig_call(rig, DRM_IOCTL_I915_GEM_PREAD, &get);
	assert_memory_equal(in, out, sizeof(in));
	get.offset = PAGE - 1;
	assert_int_equal(rig_try(rig, DRM_IOCTL_I915_GEM_PREAD, &get), -EINVAL);
	get.offset = 0;
	get.data_ptr = 16;
	assert_int_equal(rig_try(rig, DRM_IOCTL_I915_GEM_PREAD, &get), -EFAULT);
}

static void test_tiling(void **state)
{
	struct rig *rig = *state;
	uint32_t handle = rig_create(rig, 64 * PAGE);
	struct drm_i915_gem_set_tiling set = {
		.handle = handle, .tiling_mode = I915_TILING_X, .stride = 2048};
	struct drm_i915_gem_get_tiling get = {.handle = handle};
	struct drm_i915_gem_mmap_offset map = {.handle = handle, .flags = I915_MMAP_OFFSET_GTT};

	rig_call(rig, DRM_IOCTL_I915_GEM_SET_TILING, &set);
	rig_call(rig, DRM_IOCTL_I915_GEM_GET_TILING, &get);
	assert_int_equal(get.tiling_mode, I915_TILING_X);
	assert_int_equal(get.swizzle_mode, I915_BIT_6_SWIZZLE_NONE);
	assert_int_equal(rig_try(rig, DRM_IOCTL_I915_GEM_MMAP_OFFSET, &map), -ENODEV);
	set.stride = 2000;
	assert_int_equal(rig_try(rig, DRM_IOCTL_I915_GEM_SET_TILING, &set), -EINVAL);
	set.tiling_mode = I915_TILING_NONE;
	rig_call(rig, DRM_IOCTL_I915_GEM_SET_TILING, &set);
	assert_int_equal(set.stride, 0);
}

static int export(struct rig *rig, uint32_t handle)
{
	struct drm_prime_handle prime = {.handle = handle, .flags = DRM_CLOEXEC | DRM_RDWR};

	rig_call(rig, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime);
	return prime.fd;
}

static uint32_t import(struct rig *rig, int fd)
{
	struct drm_prime_handle prime = {.fd = fd};

	rig_call(rig, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime);
	return prime.handle;
}

/* Pages move when a buffer is exported: the mappings that there were must see what comes later, and nothing may be lost. */
static void test_export_keeps_mappings(void **state)
{
	struct rig *rig = *state;
	uint32_t handle;
	uint32_t *a = rig_buffer(rig, 8 * PAGE, &handle);
	uint32_t *b = rig_map(rig, handle, 8 * PAGE);
	uint32_t *shared;
	int fd;

	munmap(b, 3 * PAGE); // what is left starts in the middle of the buffer
	a[5000] = 1;
	fd = export(rig, handle);
	assert_int_equal(lseek(fd, 0, SEEK_END), 8 * PAGE);
	shared = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_int_equal(shared[5000], 1);
	shared[5000] = 2;
	assert_int_equal(a[5000], 2);
	assert_int_equal(b[5000], 2);
	assert_int_equal(import(rig, fd), handle);
	munmap(shared, 8 * PAGE);
	munmap(a, 8 * PAGE);
	munmap(b + 3 * PAGE / 4, 5 * PAGE);
	close(fd);
}

static void child_run(int fd)
{
	struct rig rig;
	struct drm_i915_gem_get_tiling get = {0};
	uint32_t *dw;

	rig_init(&rig, 1000);
	get.handle = import(&rig, fd);
	rig_call(&rig, DRM_IOCTL_I915_GEM_GET_TILING, &get);
	dw = rig_map(&rig, get.handle, 4 * PAGE);
	if (get.tiling_mode != I915_TILING_Y || dw[1] != 0xcafe) {
		_exit(1);
	}
	dw[2] = 0xbeef;
	rig_finish(&rig);
	_exit(0);
}

static void test_share_between_processes(void **state)
{
	struct rig *rig = *state;
	uint32_t handle;
	uint32_t *dw = rig_buffer(rig, 4 * PAGE, &handle);
	struct drm_i915_gem_set_tiling set = {
		.handle = handle, .tiling_mode = I915_TILING_Y, .stride = 512};
	int status, fd;
	pid_t pid;

	rig_call(rig, DRM_IOCTL_I915_GEM_SET_TILING, &set);
	dw[1] = 0xcafe;
	fd = export(rig, handle);
	pid = fork();
	if (pid == 0) {
		child_run(fd);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(dw[2], 0xbeef);
	munmap(dw, 4 * PAGE);
	close(fd);
}

/* What its maker could cut off would end who looks at it. */
static void test_import_refuses(void **state)
{
	struct rig *rig = *state;
	struct drm_prime_handle prime = {.fd = memfd_create("plain", MFD_CLOEXEC)};

	assert_int_equal(ftruncate(prime.fd, PAGE), 0);
	assert_int_equal(rig_try(rig, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime), -EINVAL);
	close(prime.fd);
	prime.fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	assert_int_equal(rig_try(rig, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime), -EINVAL);
	close(prime.fd);
	prime.fd = -1;
	assert_int_equal(rig_try(rig, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fresh, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mappings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pread_pwrite, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tiling, setup, teardown),
		cmocka_unit_test_setup_teardown(test_export_keeps_mappings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_share_between_processes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_import_refuses, setup, teardown),
	};

	return cmocka_run_group_tests_name("bo", tests, NULL, NULL);
}
