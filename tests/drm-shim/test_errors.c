/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "drm-shim/ioctl.h"
#include "tests/drm-shim/rig.h"

/* What the kernel's driver refuses, and how. */

struct refusal {
	unsigned long request;
	union ugvt_drm_args args;
	int error;
};

#define NO_HANDLE 99

static const struct refusal refusals[] = {
	{DRM_IOCTL_GEM_CLOSE, {.gem_close = {.handle = NO_HANDLE}}, EINVAL},
	{DRM_IOCTL_GET_CAP, {.get_cap = {.capability = 1000}}, EINVAL},
	{DRM_IOCTL_PRIME_HANDLE_TO_FD, {.prime_handle = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_PRIME_HANDLE_TO_FD, {.prime_handle = {.flags = 1}}, EINVAL},
	{DRM_IOCTL_I915_GETPARAM, {.getparam = {.param = 9999}}, EINVAL},
	{DRM_IOCTL_I915_GETPARAM, {.getparam = {.param = I915_PARAM_LAST_DISPATCH}}, ENODEV},
	{DRM_IOCTL_I915_GETPARAM, {.getparam = {.param = I915_PARAM_CHIPSET_ID}}, EFAULT},
	{DRM_IOCTL_I915_GEM_BUSY, {.gem_busy = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_WAIT, {.gem_wait = {.bo_handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_WAIT, {.gem_wait = {.flags = 1}}, EINVAL},
	{DRM_IOCTL_I915_GEM_MADVISE, {.gem_madvise = {.madv = 7}}, EINVAL},
	{DRM_IOCTL_I915_GEM_MADVISE, {.gem_madvise = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_SET_DOMAIN, {.gem_set_domain = {.read_domains = 2}}, EINVAL},
	{DRM_IOCTL_I915_GEM_SET_DOMAIN, {.gem_set_domain = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_SW_FINISH, {.gem_sw_finish = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_SET_TILING, {.gem_set_tiling = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_GET_TILING, {.gem_get_tiling = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_SET_CACHING, {.gem_caching = {.caching = 9}}, EINVAL},
	{DRM_IOCTL_I915_GEM_SET_CACHING, {.gem_caching = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_GET_CACHING, {.gem_caching = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_MMAP_OFFSET, {.gem_mmap_offset = {.flags = 9}}, EINVAL},
	{DRM_IOCTL_I915_GEM_MMAP_OFFSET, {.gem_mmap_offset = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_MMAP, {.gem_mmap = {.flags = 2}}, EINVAL},
	{DRM_IOCTL_I915_GEM_MMAP, {.gem_mmap = {.handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_CREATE_EXT, {.gem_create_ext = {.size = 4096, .flags = 8}}, EINVAL},
	{DRM_IOCTL_I915_GEM_CREATE_EXT, {.gem_create_ext = {.size = 4096, .extensions = 8}},
		EFAULT},
	{DRM_IOCTL_I915_GEM_USERPTR, {.gem_userptr = {.user_ptr = 4096}}, EINVAL},
	{DRM_IOCTL_I915_GEM_USERPTR, {.gem_userptr = {.user_ptr = 1, .user_size = 4096}}, EINVAL},
	{DRM_IOCTL_I915_GEM_USERPTR,
		{.gem_userptr = {.user_ptr = UINT64_C(1) << 63, .user_size = 4096}}, EFAULT},
	{DRM_IOCTL_I915_GEM_USERPTR, {.gem_userptr = {.user_size = 4096, .flags = 16}}, EINVAL},
	{DRM_IOCTL_I915_GEM_USERPTR,
		{.gem_userptr = {.user_size = 4096, .flags = I915_USERPTR_UNSYNCHRONIZED}}, ENODEV},
	{DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, {.context_create = {.flags = 4}}, EINVAL},
	{DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT,
		{.context_create = {.flags = I915_CONTEXT_CREATE_FLAGS_USE_EXTENSIONS,
			 .extensions = 8}},
		EFAULT},
	{DRM_IOCTL_I915_GEM_CONTEXT_DESTROY, {.context_destroy = {.ctx_id = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_CONTEXT_DESTROY, {.context_destroy = {.ctx_id = 0}}, ENOENT},
	{DRM_IOCTL_I915_GEM_CONTEXT_GETPARAM, {.context_param = {.ctx_id = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_CONTEXT_GETPARAM, {.context_param = {.param = 1000}}, EINVAL},
	{DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM, {.context_param = {.ctx_id = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM, {.context_param = {.param = 1000}}, EINVAL},
	{DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM,
		{.context_param = {.param = I915_CONTEXT_PARAM_PRIORITY, .value = 5000}}, EINVAL},
	{DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM,
		{.context_param = {.param = I915_CONTEXT_PARAM_VM, .value = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM,
		{.context_param = {.param = I915_CONTEXT_PARAM_ENGINES, .size = 9, .value = 8}},
		EINVAL},
	{DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM,
		{.context_param = {.param = I915_CONTEXT_PARAM_ENGINES, .size = 12, .value = 8}},
		EFAULT},
	{DRM_IOCTL_I915_GEM_VM_CREATE, {.vm_control = {.flags = 1}}, EINVAL},
	{DRM_IOCTL_I915_GEM_VM_DESTROY, {.vm_control = {.vm_id = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_GET_RESET_STATS, {.reset_stats = {.flags = 1}}, EINVAL},
	{DRM_IOCTL_I915_GET_RESET_STATS, {.reset_stats = {.ctx_id = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_I915_REG_READ, {.reg_read = {.offset = 0x2360}}, EINVAL},
	{DRM_IOCTL_I915_QUERY, {.query = {.flags = 1}}, EINVAL},
	{DRM_IOCTL_I915_QUERY, {.query = {.num_items = 1, .items_ptr = 8}}, EFAULT},
	{DRM_IOCTL_I915_GEM_EXECBUFFER2, {.execbuffer2 = {.buffer_count = 0}}, EINVAL},
	{DRM_IOCTL_I915_GEM_EXECBUFFER2, {.execbuffer2 = {.buffer_count = 1, .buffers_ptr = 8}},
		EFAULT},
	{DRM_IOCTL_I915_GEM_EXECBUFFER2, {.execbuffer2 = {.buffer_count = UINT32_MAX}}, EINVAL},
	{DRM_IOCTL_I915_GEM_EXECBUFFER2,
		{.execbuffer2 = {.buffer_count = 1, .flags = UINT64_C(1) << 63}}, EINVAL},
	{DRM_IOCTL_I915_GEM_EXECBUFFER2, {.execbuffer2 = {.buffer_count = 1, .batch_len = 4}},
		EINVAL},
	{DRM_IOCTL_I915_GEM_EXECBUFFER2, {.execbuffer2 = {.buffer_count = 1, .num_cliprects = 1}},
		EINVAL},
	{DRM_IOCTL_SYNCOBJ_CREATE, {.syncobj_create = {.flags = 2}}, EINVAL},
	{DRM_IOCTL_SYNCOBJ_DESTROY, {.syncobj_destroy = {.handle = NO_HANDLE}}, EINVAL},
	{DRM_IOCTL_SYNCOBJ_WAIT, {.syncobj_wait = {.count_handles = 0}}, EINVAL},
	{DRM_IOCTL_SYNCOBJ_WAIT, {.syncobj_wait = {.count_handles = 1, .handles = 8}}, EFAULT},
	{DRM_IOCTL_SYNCOBJ_TRANSFER, {.syncobj_transfer = {.src_handle = NO_HANDLE}}, ENOENT},
	{DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, {.syncobj_handle = {.handle = NO_HANDLE}}, EINVAL},
	{DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, {.syncobj_handle = {.fd = -1}}, EINVAL},
	{DRM_IOCTL_MODE_GETRESOURCES, {0}, EACCES},
	{DRM_IOCTL_GEM_FLINK, {0}, EACCES},
	{DRM_IOCTL_I915_SETPARAM, {0}, EACCES},
	{_IOWR('d', 0xff, uint64_t), {0}, EINVAL},
	{_IOWR('x', 0x46, uint64_t), {0}, ENOTTY},
};

static void test_refusals(void **state)
{
	struct rig rig;

	rig_init(&rig, 1000);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(refusals); i++) {
		union ugvt_drm_args args = refusals[i].args;
		int ret = rig_try(&rig, refusals[i].request, &args);

		if (ret != -refusals[i].error) {
			fail_msg("refusal %zu: %d instead of %d", i, ret, -refusals[i].error);
		}
	}
	rig_finish(&rig);
}

/* No call dies of an address that leads nowhere. */
static void test_no_argument(void **state)
{
	struct rig rig;

	rig_init(&rig, 1000);
	for (unsigned nr = 0; nr < 256; nr++) {
		unsigned long request = _IOC(_IOC_READ | _IOC_WRITE, 'd', nr, 64);
		int ret = ugvt_drm_file_ioctl(rig.file, (uint32_t)request, 0x1000);

		assert_true(ret < 0 || nr == 0x58); // DRM_I915_GEM_THROTTLE has none
	}
	rig_finish(&rig);
}

/* An older client's argument is shorter, a newer one's longer: what the driver does not know, or was not given, is zero. */
static void test_other_sizes(void **state)
{
	struct rig rig;
	struct {
		struct drm_i915_gem_create create;
		uint64_t more[4];
	} longer = {.create.size = 4096, .more = {1, 2, 3, 4}};
	struct drm_i915_gem_mmap_gtt gtt = {0}; // half of drm_i915_gem_mmap_offset

	rig_init(&rig, 1000);
	rig_call(&rig, _IOWR('d', DRM_COMMAND_BASE + DRM_I915_GEM_CREATE, longer), &longer);
	assert_int_equal(longer.create.handle, 1);
	assert_int_equal(longer.more[3], 4);
	gtt.handle = 1;
	rig_call(&rig, DRM_IOCTL_I915_GEM_MMAP_GTT, &gtt);
	assert_int_not_equal(gtt.offset, 0);
	rig_finish(&rig);
}

static uint64_t param_get(struct rig *rig, int param)
{
	int value = -1;
	struct drm_i915_getparam get = {.param = param, .value = &value};

	rig_call(rig, DRM_IOCTL_I915_GETPARAM, &get);
	return (uint64_t)value;
}

static void test_params(void **state)
{
	char name[16] = "", date[4] = "";
	struct drm_version version = {.name = name, .name_len = sizeof(name), .date = date};
	struct rig rig;

	rig_init(&rig, 1000);
	rig_call(&rig, DRM_IOCTL_VERSION, &version);
	assert_string_equal(name, "i915");
	assert_int_equal(version.name_len, 4);
	assert_int_equal(version.date_len, 8);
	assert_string_equal(date, ""); // there was no room
	assert_int_equal(param_get(&rig, I915_PARAM_CHIPSET_ID), 0x1912);
	assert_int_equal(param_get(&rig, I915_PARAM_EU_TOTAL), 24);
	assert_int_equal(param_get(&rig, I915_PARAM_HAS_BLT), 1);
	assert_int_equal(param_get(&rig, I915_PARAM_HAS_BSD), 0);
	rig_finish(&rig);
}

static int32_t query(struct rig *rig, uint64_t id, void *data, int32_t length)
{
	struct drm_i915_query_item item = {
		.query_id = id, .length = length, .data_ptr = (uintptr_t)data};
	struct drm_i915_query query = {.num_items = 1, .items_ptr = (uintptr_t)&item};

	rig_call(rig, DRM_IOCTL_I915_QUERY, &query);
	return item.length;
}

static void test_queries(void **state)
{
	union {
		struct drm_i915_query_topology_info topology;
		struct drm_i915_query_engine_info engines;
		struct drm_i915_query_memory_regions regions;
		char bytes[1024];
	} data = {0};
	struct rig rig;
	int32_t length;

	rig_init(&rig, 1000);
	length = query(&rig, DRM_I915_QUERY_TOPOLOGY_INFO, NULL, 0);
	assert_int_equal(length, sizeof(data.topology) + 1 + 1 + 3);
	assert_int_equal(query(&rig, DRM_I915_QUERY_TOPOLOGY_INFO, &data, length - 1), -EINVAL);
	assert_int_equal(query(&rig, DRM_I915_QUERY_TOPOLOGY_INFO, &data, length), length);
	assert_int_equal(data.topology.max_subslices, 3);
	assert_int_equal(data.topology.data[1], 7);
	assert_int_equal(data.topology.data[4], 0xff);
	/* The caller has to clear what it does not know. */
	assert_int_equal(query(&rig, DRM_I915_QUERY_TOPOLOGY_INFO, &data, length), -EINVAL);
	memset(&data, 0, sizeof(data));
	assert_true(query(&rig, DRM_I915_QUERY_ENGINE_INFO, &data, sizeof(data)) > 0);
	assert_int_equal(data.engines.num_engines, 2);
	assert_int_equal(data.engines.engines[1].engine.engine_class, I915_ENGINE_CLASS_COPY);
	memset(&data, 0, sizeof(data));
	assert_true(query(&rig, DRM_I915_QUERY_MEMORY_REGIONS, &data, sizeof(data)) > 0);
	assert_int_equal(data.regions.num_regions, 1);
	assert_true(data.regions.regions[0].probed_size > 1 << 20);
	assert_int_equal(query(&rig, DRM_I915_QUERY_HWCONFIG_BLOB, NULL, 0), -ENODEV);
	assert_int_equal(query(&rig, 77, NULL, 0), -EINVAL);
	assert_int_equal(query(&rig, DRM_I915_QUERY_ENGINE_INFO, (void *)8, 1024), -EFAULT);
	rig_finish(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_no_argument),
		cmocka_unit_test(test_other_sizes),
		cmocka_unit_test(test_params),
		cmocka_unit_test(test_queries),
	};

	return cmocka_run_group_tests_name("errors", tests, NULL, NULL);
}
