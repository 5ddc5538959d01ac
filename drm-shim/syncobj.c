/* SPDX-License-Identifier: MIT */
#include "drm-shim/syncobj.h"

#include <drm.h>
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "drm-shim/ioctl.h"
#include "drm-shim/user.h"

/* So many at once; the kernel takes what it has memory for. */
#define HANDLES_MAX 65536

static void pending_drop(struct ugvt_drm_syncobj *syncobj, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		ugvt_drm_fence_unlock(syncobj->pending[i].fence);
	}
	syncobj->count -= count;
	for (size_t i = 0; i < syncobj->count; i++) {
		syncobj->pending[i] = syncobj->pending[i + count];
	}
}

static void syncobj_destroy(struct ugvt_drm_object *object)
{
	struct ugvt_drm_syncobj *syncobj =
		ugvt_container_of(object, struct ugvt_drm_syncobj, object);

	pending_drop(syncobj, syncobj->count);
	ugvt_drm_fence_unlock(syncobj->last);
	free(syncobj->pending);
	free(syncobj);
}

static const struct ugvt_drm_object_impl syncobj_impl = {
	.destroy = syncobj_destroy,
};

struct ugvt_drm_syncobj *ugvt_drm_syncobj_create(struct ugvt_drm_device *device)
{
	struct ugvt_drm_syncobj *syncobj = calloc(1, sizeof(*syncobj));

	if (syncobj) {
		ugvt_drm_object_init(&syncobj->object, &syncobj_impl);
		syncobj->device = device;
	}
	return syncobj;
}

struct ugvt_drm_syncobj *ugvt_drm_syncobj_find(const struct ugvt_drm_file *file, uint32_t handle)
{
	struct ugvt_drm_object *object = ugvt_drm_table_find(&file->syncobjs, handle);

	return object ? ugvt_container_of(object, struct ugvt_drm_syncobj, object) : NULL;
}

static void last_set(struct ugvt_drm_syncobj *syncobj, struct ugvt_drm_fence *fence)
{
	if (fence) {
		ugvt_drm_object_lock(&fence->object);
	}
	ugvt_drm_fence_unlock(syncobj->last);
	syncobj->last = fence;
}

static int point_add(struct ugvt_drm_syncobj *syncobj, struct ugvt_drm_fence *fence, uint64_t point)
{
	struct ugvt_drm_syncobj_point *pending =
		realloc(syncobj->pending, (syncobj->count + 1) * sizeof(*pending));

	if (!pending) {
		return -ENOMEM;
	}
	ugvt_drm_object_lock(&fence->object);
	syncobj->pending = pending;
	syncobj->submitted = UGVT_MAX(syncobj->submitted, point);
	pending[syncobj->count++] = (struct ugvt_drm_syncobj_point){syncobj->submitted, fence};
	return 0;
}

int ugvt_drm_syncobj_set(
	struct ugvt_drm_syncobj *syncobj, struct ugvt_drm_fence *fence, uint64_t point)
{
	int ret = 0;

	if (point > 0) {
		ret = point_add(syncobj, fence, point);
	} else {
		pending_drop(syncobj, syncobj->count);
		syncobj->value = 0;
		syncobj->submitted = 0;
	}
	if (ret == 0) {
		last_set(syncobj, fence);
		ugvt_drm_device_notify(syncobj->device);
	}
	return ret;
}

static void points_advance(struct ugvt_drm_syncobj *syncobj)
{
	size_t count = 0;

	while (count < syncobj->count && syncobj->pending[count].fence->signalled) {
		syncobj->value = syncobj->pending[count++].point;
	}
	if (count > 0) {
		pending_drop(syncobj, count);
	}
}

enum ugvt_drm_syncobj_state ugvt_drm_syncobj_state(struct ugvt_drm_syncobj *syncobj, uint64_t point)
{
	points_advance(syncobj);
	if (!syncobj->last || point > syncobj->submitted) {
		return UGVT_DRM_SYNCOBJ_EMPTY;
	}
	if (point > 0 ? syncobj->value >= point : syncobj->last->signalled && syncobj->count == 0) {
		return UGVT_DRM_SYNCOBJ_SIGNALLED;
	}
	return UGVT_DRM_SYNCOBJ_PENDING;
}

struct ugvt_drm_fence *ugvt_drm_syncobj_fence(struct ugvt_drm_syncobj *syncobj, uint64_t point)
{
	struct ugvt_drm_fence *fence = syncobj->last;

	switch (ugvt_drm_syncobj_state(syncobj, point)) {
	case UGVT_DRM_SYNCOBJ_EMPTY: return NULL;
	case UGVT_DRM_SYNCOBJ_SIGNALLED: return ugvt_drm_fence_create(syncobj->device, true);
	default: break;
	}
	for (size_t i = 0; point > 0 && i < syncobj->count; i++) {
		if (syncobj->pending[i].point >= point) {
			fence = syncobj->pending[i].fence;
			break;
		}
	}
	ugvt_drm_object_lock(&fence->object);
	return fence;
}

static int signal_now(struct ugvt_drm_syncobj *syncobj, uint64_t point)
{
	struct ugvt_drm_fence *fence = ugvt_drm_fence_create(syncobj->device, true);
	int ret = fence ? ugvt_drm_syncobj_set(syncobj, fence, point) : -ENOMEM;

	ugvt_drm_fence_unlock(fence);
	return ret;
}

int ugvt_drm_do_syncobj_create(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_syncobj_create *create = &args->syncobj_create;
	struct ugvt_drm_syncobj *syncobj;
	int ret = 0;

	if (create->flags & ~DRM_SYNCOBJ_CREATE_SIGNALED) {
		return -EINVAL;
	}
	syncobj = ugvt_drm_syncobj_create(file->device);
	if (!syncobj) {
		return -ENOMEM;
	}
	if (create->flags & DRM_SYNCOBJ_CREATE_SIGNALED) {
		ret = signal_now(syncobj, 0);
	}
	if (ret == 0) {
		ret = ugvt_drm_table_add(&file->syncobjs, &syncobj->object, &create->handle);
	}
	if (ret < 0) {
		ugvt_drm_object_unlock(&syncobj->object);
	}
	return ret;
}

int ugvt_drm_do_syncobj_destroy(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_syncobj_destroy *destroy = &args->syncobj_destroy;

	if (destroy->pad) {
		return -EINVAL;
	}
	return ugvt_drm_table_remove(&file->syncobjs, destroy->handle) ? 0 : -EINVAL;
}

/* Handles of a call, with their points. */
struct set {
	uint32_t count;
	uint32_t *handles;
	uint64_t *points;                   // 0 where the call has none
	struct ugvt_drm_syncobj **syncobjs; // references
};

static void set_finish(struct set *set)
{
	for (uint32_t i = 0; set->syncobjs && i < set->count; i++) {
		if (set->syncobjs[i]) {
			ugvt_drm_object_unlock(&set->syncobjs[i]->object);
		}
	}
	free(set->handles);
	free(set->points);
	free(set->syncobjs);
}

static int set_find(const struct ugvt_drm_file *file, struct set *set)
{
	for (uint32_t i = 0; i < set->count; i++) {
		set->syncobjs[i] = ugvt_drm_syncobj_find(file, set->handles[i]);
		if (!set->syncobjs[i]) {
			return -ENOENT;
		}
		ugvt_drm_object_lock(&set->syncobjs[i]->object);
	}
	return 0;
}

/* points: their address, or 0. To be finished also on failure. */
static int set_init(struct ugvt_drm_file *file, struct set *set, uint64_t handles, uint64_t points)
{
	if (set->count == 0 || set->count > HANDLES_MAX) {
		return -EINVAL;
	}
	set->handles = calloc(set->count, sizeof(*set->handles));
	set->points = calloc(set->count, sizeof(*set->points));
	set->syncobjs = calloc(set->count, sizeof(struct ugvt_drm_syncobj *));
	if (!set->handles || !set->points || !set->syncobjs) {
		return -ENOMEM;
	}
	if (ugvt_user_read(set->handles, handles, set->count * sizeof(*set->handles)) < 0 ||
		(points && ugvt_user_read(set->points, points, set->count * sizeof(*set->points)) <
				   0)) {
		return -EFAULT;
	}
	return set_find(file, set);
}

/* How many of the set have come; *first is the index of the first. *missing: one has nobody who will signal it. */
static uint32_t set_look(const struct set *set, uint32_t flags, uint32_t *first, bool *missing)
{
	uint32_t good = 0;

	*missing = false;
	for (uint32_t i = 0; i < set->count; i++) {
		enum ugvt_drm_syncobj_state state =
			ugvt_drm_syncobj_state(set->syncobjs[i], set->points[i]);

		*missing |= state == UGVT_DRM_SYNCOBJ_EMPTY;
		if (state == UGVT_DRM_SYNCOBJ_SIGNALLED ||
			(state == UGVT_DRM_SYNCOBJ_PENDING &&
				(flags & DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE))) {
			*first = good == 0 ? i : *first;
			good++;
		}
	}
	return good;
}

static int set_wait(const struct set *set, struct ugvt_drm_device *device, uint32_t flags,
	int64_t timeout_ns, uint32_t *first)
{
	uint32_t need = flags & DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL ? set->count : 1;
	uint64_t deadline = timeout_ns > 0 ? (uint64_t)timeout_ns : 0;
	bool patient = flags & (DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT |
				       DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE);
	bool missing;

	while (set_look(set, flags, first, &missing) < need) {
		if (missing && !patient) {
			return -EINVAL;
		}
		if (!ugvt_drm_device_wait(device, deadline)) {
			return set_look(set, flags, first, &missing) < need ? -ETIME : 0;
		}
	}
	return missing && !patient ? -EINVAL : 0;
}

#define WAIT_FLAGS (DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL | DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT)

int ugvt_drm_do_syncobj_wait(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_syncobj_wait *wait = &args->syncobj_wait;
	struct set set = {.count = wait->count_handles};
	int ret;

	if ((wait->flags & ~WAIT_FLAGS) || wait->count_handles == 0) {
		return -EINVAL;
	}
	ret = set_init(file, &set, wait->handles, 0);
	if (ret == 0) {
		ret = set_wait(
			&set, file->device, wait->flags, wait->timeout_nsec, &wait->first_signaled);
	}
	set_finish(&set);
	return ret;
}

int ugvt_drm_do_syncobj_timeline_wait(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_syncobj_timeline_wait *wait = &args->syncobj_timeline_wait;
	struct set set = {.count = wait->count_handles};
	int ret;

	if ((wait->flags & ~(WAIT_FLAGS | DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE)) ||
		wait->count_handles == 0) {
		return -EINVAL;
	}
	ret = set_init(file, &set, wait->handles, wait->points);
	if (ret == 0) {
		ret = set_wait(
			&set, file->device, wait->flags, wait->timeout_nsec, &wait->first_signaled);
	}
	set_finish(&set);
	return ret;
}

int ugvt_drm_do_syncobj_reset(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_syncobj_array *array = &args->syncobj_array;
	struct set set = {.count = array->count_handles};
	int ret = array->pad ? -EINVAL : set_init(file, &set, array->handles, 0);

	for (uint32_t i = 0; ret == 0 && i < set.count; i++) {
		ret = ugvt_drm_syncobj_set(set.syncobjs[i], NULL, 0);
	}
	set_finish(&set);
	return ret;
}

int ugvt_drm_do_syncobj_signal(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_syncobj_array *array = &args->syncobj_array;
	struct set set = {.count = array->count_handles};
	int ret = array->pad ? -EINVAL : set_init(file, &set, array->handles, 0);

	for (uint32_t i = 0; ret == 0 && i < set.count; i++) {
		ret = signal_now(set.syncobjs[i], 0);
	}
	set_finish(&set);
	return ret;
}

int ugvt_drm_do_syncobj_timeline_signal(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_syncobj_timeline_array *array = &args->syncobj_timeline_array;
	struct set set = {.count = array->count_handles};
	int ret = array->flags ? -EINVAL : set_init(file, &set, array->handles, array->points);

	for (uint32_t i = 0; ret == 0 && i < set.count; i++) {
		ret = signal_now(set.syncobjs[i], set.points[i]);
	}
	set_finish(&set);
	return ret;
}

int ugvt_drm_do_syncobj_query(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_syncobj_timeline_array *array = &args->syncobj_timeline_array;
	struct set set = {.count = array->count_handles};
	int ret = array->flags & ~DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED
			  ? -EINVAL
			  : set_init(file, &set, array->handles, 0);

	for (uint32_t i = 0; ret == 0 && i < set.count; i++) {
		points_advance(set.syncobjs[i]);
		set.points[i] = array->flags & DRM_SYNCOBJ_QUERY_FLAGS_LAST_SUBMITTED
					? set.syncobjs[i]->submitted
					: set.syncobjs[i]->value;
	}
	if (ret == 0) {
		ret = ugvt_user_write(array->points, set.points, set.count * sizeof(*set.points));
	}
	set_finish(&set);
	return ret;
}

int ugvt_drm_do_syncobj_transfer(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_syncobj_transfer *transfer = &args->syncobj_transfer;
	struct ugvt_drm_syncobj *src = ugvt_drm_syncobj_find(file, transfer->src_handle);
	struct ugvt_drm_syncobj *dst = ugvt_drm_syncobj_find(file, transfer->dst_handle);
	struct ugvt_drm_fence *fence;
	int ret;

	if (transfer->pad) {
		return -EINVAL;
	}
	if (!src || !dst) {
		return -ENOENT;
	}
	fence = ugvt_drm_syncobj_fence(src, transfer->src_point);
	if (!fence) {
		return -EINVAL;
	}
	ret = ugvt_drm_syncobj_set(dst, fence, transfer->dst_point);
	ugvt_drm_fence_unlock(fence);
	return ret;
}
