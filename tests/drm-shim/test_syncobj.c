/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/drm-shim/rig.h"

#define ALL DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL
#define FOR_SUBMIT DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT
#define AVAILABLE DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	rig_init(rig, 1000);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	rig_finish(*state);
	free(*state);
	return 0;
}

static int wait_for(struct rig *rig, const uint32_t *handles, uint32_t count, uint32_t flags)
{
	struct drm_syncobj_wait wait = {
		.handles = (uintptr_t)handles, .count_handles = count, .flags = flags};
	int ret = rig_try(rig, DRM_IOCTL_SYNCOBJ_WAIT, &wait);

	return ret < 0 ? ret : (int)wait.first_signaled;
}

static int wait_point(struct rig *rig, uint32_t handle, uint64_t point, uint32_t flags)
{
	struct drm_syncobj_timeline_wait wait = {.handles = (uintptr_t)&handle,
		.points = (uintptr_t)&point,
		.count_handles = 1,
		.flags = flags};

	return rig_try(rig, DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT, &wait);
}

static void signal_now(struct rig *rig, uint32_t handle)
{
	struct drm_syncobj_array array = {.handles = (uintptr_t)&handle, .count_handles = 1};

	rig_call(rig, DRM_IOCTL_SYNCOBJ_SIGNAL, &array);
}

static void signal_point(struct rig *rig, uint32_t handle, uint64_t point)
{
	struct drm_syncobj_timeline_array array = {
		.handles = (uintptr_t)&handle, .points = (uintptr_t)&point, .count_handles = 1};

	rig_call(rig, DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL, &array);
}

static uint64_t value(struct rig *rig, uint32_t handle)
{
	uint64_t point = UINT64_MAX;
	struct drm_syncobj_timeline_array array = {
		.handles = (uintptr_t)&handle, .points = (uintptr_t)&point, .count_handles = 1};

	rig_call(rig, DRM_IOCTL_SYNCOBJ_QUERY, &array);
	return point;
}

static void test_binary(void **state)
{
	struct rig *rig = *state;
	uint32_t handles[2] = {rig_syncobj(rig, 0), rig_syncobj(rig, DRM_SYNCOBJ_CREATE_SIGNALED)};
	struct drm_syncobj_array reset = {.handles = (uintptr_t)handles, .count_handles = 2};

	assert_int_equal(wait_for(rig, handles, 2, 0), -EINVAL); // one has nothing to wait for
	assert_int_equal(wait_for(rig, handles, 2, FOR_SUBMIT), 1);
	assert_int_equal(wait_for(rig, handles, 2, FOR_SUBMIT | ALL), -ETIME);
	signal_now(rig, handles[0]);
	assert_int_equal(wait_for(rig, handles, 2, ALL), 0);
	rig_call(rig, DRM_IOCTL_SYNCOBJ_RESET, &reset);
	assert_int_equal(wait_for(rig, handles, 2, FOR_SUBMIT), -ETIME);
	handles[1] = 1000;
	assert_int_equal(wait_for(rig, handles, 2, 0), -ENOENT);
}

static void test_timeline(void **state)
{
	struct rig *rig = *state;
	uint32_t handle = rig_syncobj(rig, 0);

	assert_int_equal(value(rig, handle), 0);
	assert_int_equal(wait_point(rig, handle, 1, 0), -EINVAL);
	assert_int_equal(wait_point(rig, handle, 1, FOR_SUBMIT), -ETIME);
	signal_point(rig, handle, 5);
	assert_int_equal(value(rig, handle), 5);
	assert_int_equal(wait_point(rig, handle, 3, 0), 0);
	assert_int_equal(wait_point(rig, handle, 5, 0), 0);
	assert_int_equal(wait_point(rig, handle, 6, AVAILABLE), -ETIME);
	signal_point(rig, handle, UINT64_C(1) << 40);
	assert_int_equal(wait_point(rig, handle, 6, 0), 0);
	assert_int_equal(value(rig, handle), UINT64_C(1) << 40);
}

static void test_transfer(void **state)
{
	struct rig *rig = *state;
	uint32_t binary = rig_syncobj(rig, DRM_SYNCOBJ_CREATE_SIGNALED);
	uint32_t timeline = rig_syncobj(rig, 0);
	struct drm_syncobj_transfer transfer = {
		.src_handle = binary, .dst_handle = timeline, .dst_point = 4};

	rig_call(rig, DRM_IOCTL_SYNCOBJ_TRANSFER, &transfer);
	assert_int_equal(value(rig, timeline), 4);
	transfer = (struct drm_syncobj_transfer){
		.src_handle = timeline, .src_point = 9, .dst_handle = binary};
	assert_int_equal(rig_try(rig, DRM_IOCTL_SYNCOBJ_TRANSFER, &transfer), -EINVAL);
}

struct waiter {
	struct rig *rig;
	uint32_t handle;
	int ret;
};

static void *waiter_run(void *data)
{
	struct waiter *waiter = data;
	uint64_t point = 7;
	struct drm_syncobj_timeline_wait wait = {.handles = (uintptr_t)&waiter->handle,
		.points = (uintptr_t)&point,
		.count_handles = 1,
		.timeout_nsec = INT64_MAX,
		.flags = FOR_SUBMIT};

	waiter->ret = rig_try(waiter->rig, DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT, &wait);
	return NULL;
}

/* One thread waits for what another will signal. */
static void test_wait_wakes(void **state)
{
	struct waiter waiter = {*state, rig_syncobj(*state, 0), -1};
	pthread_t thread;

	pthread_create(&thread, NULL, waiter_run, &waiter);
	for (uint64_t point = 1; point <= 7; point++) {
		signal_point(*state, waiter.handle, point);
	}
	pthread_join(thread, NULL);
	assert_int_equal(waiter.ret, 0);
}

static int to_fd(struct rig *rig, uint32_t handle, uint32_t flags)
{
	struct drm_syncobj_handle export = {.handle = handle, .flags = flags};
	int ret = rig_try(rig, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &export);

	return ret < 0 ? ret : export.fd;
}

static void test_object_descriptor(void **state)
{
	struct rig *rig = *state;
	uint32_t handle = rig_syncobj(rig, 0);
	struct drm_syncobj_handle import = {.fd = to_fd(rig, handle, 0)};
	struct drm_syncobj_destroy destroy = {.handle = handle};

	rig_call(rig, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &import);
	assert_int_not_equal(import.handle, handle);
	signal_now(rig, handle);
	assert_int_equal(wait_for(rig, &import.handle, 1, 0), 0);
	rig_call(rig, DRM_IOCTL_SYNCOBJ_DESTROY, &destroy);
	assert_int_equal(wait_for(rig, &import.handle, 1, 0), 0);
	close(import.fd);
}

static void test_fence_descriptor(void **state)
{
	struct rig *rig = *state;
	uint32_t handle = rig_syncobj(rig, 0);
	uint32_t other = rig_syncobj(rig, 0);
	struct drm_syncobj_handle import = {
		.handle = other, .flags = DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_IMPORT_SYNC_FILE};
	struct pollfd poller = {.events = POLLIN};

	assert_int_equal(
		to_fd(rig, handle, DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE), -EINVAL);
	signal_now(rig, handle);
	poller.fd = to_fd(rig, handle, DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE);
	assert_true(poller.fd >= 0);
	assert_int_equal(poll(&poller, 1, 0), 1);
	import.fd = poller.fd;
	rig_call(rig, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &import);
	assert_int_equal(wait_for(rig, &other, 1, 0), 0);
	close(poller.fd);
	import.fd = -1;
	assert_int_equal(rig_try(rig, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &import), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_binary, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timeline, setup, teardown),
		cmocka_unit_test_setup_teardown(test_transfer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wait_wakes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_object_descriptor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fence_descriptor, setup, teardown),
	};

	return cmocka_run_group_tests_name("syncobj", tests, NULL, NULL);
}
