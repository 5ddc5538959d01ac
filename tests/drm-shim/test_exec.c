/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "tests/drm-shim/rig.h"

#define PAGE 4096

struct fixture {
	struct rig rig;
	struct rig_exec exec;
	uint32_t data; // a buffer of 64 KB at RIG_DATA
	uint32_t *dw;  // mapped
};

#define DATA_SIZE 0x10000

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	rig_init(&f->rig, 200);
	rig_exec_init(&f->rig, &f->exec);
	f->dw = rig_buffer(&f->rig, DATA_SIZE, &f->data);
	rig_exec_use(&f->exec, f->data, RIG_DATA);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	munmap(f->dw, DATA_SIZE);
	rig_exec_finish(&f->rig, &f->exec);
	rig_finish(&f->rig);
	free(f);
	return 0;
}

static void test_stores_and_copies(void **state)
{
	struct fixture *f = *state;

	rig_store(&f->exec, RIG_DATA + 16, 0x12345678);
	rig_copy(&f->exec, RIG_DATA + 20, RIG_DATA + 16);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[4], 0x12345678);
	assert_int_equal(f->dw[5], 0x12345678);
}

/* What drivers wait for: a flush's write, and that of the time. */
static void test_post_sync(void **state)
{
	struct fixture *f = *state;
	uint64_t at = RIG_DATA + 64;

	rig_emit(&f->exec,
		(uint32_t[]){0x7a000004, 0x00104000, ugvt_lo32(at), ugvt_hi32(at), 0xabcd, 1}, 6);
	rig_emit(&f->exec,
		(uint32_t[]){0x7a000004, 0x0010c000, ugvt_lo32(at + 8), ugvt_hi32(at + 8), 0, 0},
		6);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[16], 0xabcd);
	assert_int_equal(f->dw[17], 1);
	assert_int_not_equal(f->dw[18], 0);
}

/* The client's own memory, not a copy of it. */
static void test_userptr(void **state)
{
	struct fixture *f = *state;
	uint32_t *own = aligned_alloc(PAGE, 2 * PAGE);
	struct drm_i915_gem_userptr userptr = {
		.user_ptr = (uintptr_t)own, .user_size = 2 * PAGE, .flags = I915_USERPTR_PROBE};

	memset(own, 0, 2 * PAGE);
	own[1030] = 99;
	rig_call(&f->rig, DRM_IOCTL_I915_GEM_USERPTR, &userptr);
	rig_exec_use(&f->exec, userptr.handle, UINT64_C(0xffff800000100000)); // canonical
	rig_store(&f->exec, UINT64_C(0x800000100000), 55);
	rig_copy(&f->exec, RIG_DATA, UINT64_C(0x800000100000) + 1030 * 4);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(own[0], 55);
	assert_int_equal(f->dw[0], 99);
	rig_close(&f->rig, userptr.handle);
	free(own);
}

/* A client that takes its memory back, or protects it, hears of it. */
static void test_userptr_gone(void **state)
{
	struct fixture *f = *state;
	void *own = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct drm_i915_gem_userptr userptr = {.user_ptr = (uintptr_t)own, .user_size = PAGE};

	rig_call(&f->rig, DRM_IOCTL_I915_GEM_USERPTR, &userptr);
	rig_exec_use(&f->exec, userptr.handle, 0x10000);
	rig_store(&f->exec, 0x10000, 55);
	mprotect(own, PAGE, PROT_READ);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EFAULT);
	munmap(own, PAGE);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EFAULT);
	userptr.flags = I915_USERPTR_PROBE;
	assert_int_equal(rig_try(&f->rig, DRM_IOCTL_I915_GEM_USERPTR, &userptr), -EFAULT);
}

/* What is mapped read-only is not written. */
static void test_userptr_read_only(void **state)
{
	struct fixture *f = *state;
	uint32_t *own =
		mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct drm_i915_gem_userptr userptr = {
		.user_ptr = (uintptr_t)own, .user_size = PAGE, .flags = I915_USERPTR_READ_ONLY};

	own[0] = 5;
	mprotect(own, PAGE, PROT_READ);
	rig_call(&f->rig, DRM_IOCTL_I915_GEM_USERPTR, &userptr);
	rig_exec_use(&f->exec, userptr.handle, 0x10000);
	rig_store(&f->exec, 0x10000, 55);
	rig_copy(&f->exec, RIG_DATA, 0x10000);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[0], 5);
	munmap(own, PAGE);
}

/* XY_COLOR_BLT of 16 x 8 pixels, and XY_SRC_COPY_BLT of them. */
static void test_blits(void **state)
{
	struct fixture *f = *state;
	uint64_t to = RIG_DATA + 0x8000;

	f->exec.args.flags = (f->exec.args.flags & ~(uint64_t)I915_EXEC_RING_MASK) | I915_EXEC_BLT;
	rig_emit(&f->exec,
		(uint32_t[]){0x54300005, 0x03f00000 | 256, 0, 8 << 16 | 16, ugvt_lo32(RIG_DATA),
			ugvt_hi32(RIG_DATA), 0xff336699},
		7);
	rig_emit(&f->exec,
		(uint32_t[]){0x54f00008, 0x03cc0000 | 256, 0, 8 << 16 | 16, ugvt_lo32(to),
			ugvt_hi32(to), 0, 256, ugvt_lo32(RIG_DATA), ugvt_hi32(RIG_DATA)},
		10);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[15 + 7 * 64], 0xff336699);
	assert_int_equal(f->dw[16 + 7 * 64], 0);
	assert_int_equal(f->dw[0x2000 + 15 + 7 * 64], 0xff336699);
	assert_int_equal(f->dw[0x2000 + 8 * 64], 0);
}

/* State stays in a context's engine, and is nobody else's. */
static void test_registers_stay(void **state)
{
	static const uint32_t load[] = {0x11000001, 0x2600, 0x600d}; // CS_GPR 0
	static const uint32_t store[] = {0x12000002, 0x2600, 0, 2};  // to RIG_DATA
	struct fixture *f = *state;
	struct drm_i915_gem_context_create_ext create = {0};

	rig_emit(&f->exec, load, 3);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	rig_emit(&f->exec, store, 4);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[0], 0x600d);
	rig_call(&f->rig, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &create);
	f->exec.args.rsvd1 = create.ctx_id;
	rig_emit(&f->exec, store, 4);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[0], 0);
}

/* An engine map: two slots of one class are two states. */
static void test_engine_map(void **state)
{
	struct fixture *f = *state;
	I915_DEFINE_CONTEXT_PARAM_ENGINES(engines, 3) = {
		.engines = {{I915_ENGINE_CLASS_RENDER, 0}, {I915_ENGINE_CLASS_RENDER, 0},
			{I915_ENGINE_CLASS_COPY, 0}}};
	struct drm_i915_gem_context_create_ext_setparam set = {
		.base.name = I915_CONTEXT_CREATE_EXT_SETPARAM,
		.param = {.param = I915_CONTEXT_PARAM_ENGINES,
			.size = sizeof(engines),
			.value = (uintptr_t)&engines},
	};
	struct drm_i915_gem_context_create_ext create = {
		.flags = I915_CONTEXT_CREATE_FLAGS_USE_EXTENSIONS, .extensions = (uintptr_t)&set};

	rig_call(&f->rig, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &create);
	f->exec.args.rsvd1 = create.ctx_id;
	f->exec.args.flags = I915_EXEC_BATCH_FIRST;
	rig_emit(&f->exec, (uint32_t[]){0x11000001, 0x2600, 0x600d}, 3);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	f->exec.args.flags = I915_EXEC_BATCH_FIRST | 1;
	f->dw[0] = 7;
	rig_emit(&f->exec, (uint32_t[]){0x12000002, 0x2600, 0, 2}, 4);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[0], 0);
	f->exec.args.flags = I915_EXEC_BATCH_FIRST | 3;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EINVAL);
	engines.engines[0].engine_class = I915_ENGINE_CLASS_VIDEO;
	assert_int_equal(rig_try(&f->rig, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &create), -ENOENT);
}

/* Contexts that share an address space see one another's buffers, where they were put. */
static void test_shared_vm(void **state)
{
	struct fixture *f = *state;
	struct drm_i915_gem_vm_control vm = {0};
	struct drm_i915_gem_context_create_ext create[2] = {0};
	struct rig_exec *exec = &f->exec;

	rig_call(&f->rig, DRM_IOCTL_I915_GEM_VM_CREATE, &vm);
	for (unsigned i = 0; i < 2; i++) {
		struct drm_i915_gem_context_param set = {
			.param = I915_CONTEXT_PARAM_VM, .value = vm.vm_id};

		rig_call(&f->rig, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &create[i]);
		set.ctx_id = create[i].ctx_id;
		rig_call(&f->rig, DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM, &set);
	}
	rig_call(&f->rig, DRM_IOCTL_I915_GEM_VM_DESTROY, &vm);
	exec->args.rsvd1 = create[0].ctx_id;
	assert_int_equal(rig_exec_run(&f->rig, exec), 0);
	exec->args.rsvd1 = create[1].ctx_id;
	exec->args.buffer_count = 1; // the other one is still there
	rig_store(exec, RIG_DATA, 31);
	assert_int_equal(rig_exec_run(&f->rig, exec), 0);
	assert_int_equal(f->dw[0], 31);
}

/* A buffer moves, another takes its place, and one that is closed is gone. */
static void test_rebinding(void **state)
{
	struct fixture *f = *state;
	uint32_t handle;
	uint32_t *other = rig_buffer(&f->rig, PAGE, &handle);

	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	f->exec.objects[1].handle = handle; // in the place of data
	rig_store(&f->exec, RIG_DATA, 1);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(other[0], 1);
	assert_int_equal(f->dw[0], 0);
	f->exec.objects[1].offset = RIG_DATA + PAGE;
	rig_store(&f->exec, RIG_DATA, 2);
	rig_store(&f->exec, RIG_DATA + PAGE, 3);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(other[0], 3);
	rig_close(&f->rig, handle);
	f->exec.args.buffer_count = 1;
	rig_store(&f->exec, RIG_DATA + PAGE, 4);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(other[0], 3);
	munmap(other, PAGE);
}

/* Without an address of its own a buffer gets one, told to the client. */
static void test_placing(void **state)
{
	struct fixture *f = *state;
	struct drm_i915_gem_exec_object2 *object = &f->exec.objects[1];

	object->flags = EXEC_OBJECT_WRITE;
	object->offset = 0;
	object->alignment = 0x100000;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_not_equal(object->offset, 0);
	assert_int_equal(object->offset % 0x100000, 0);
	assert_true(object->offset < UINT64_C(1) << 32);
	rig_store(&f->exec, object->offset, 12);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[0], 12);
}

/* Where the other buffer is gets written into the batch, if it is not what the client presumed. */
static void test_relocations(void **state)
{
	struct fixture *f = *state;
	struct drm_i915_gem_relocation_entry entry = {.target_handle = 1,
		.delta = 8,
		.offset = 4,
		.presumed_offset = 1,
		.read_domains = I915_GEM_DOMAIN_RENDER,
		.write_domain = I915_GEM_DOMAIN_RENDER};
	struct drm_i915_gem_exec_object2 *batch = &f->exec.objects[0];

	f->exec.objects[1].flags = 0;
	f->exec.objects[1].offset = 0;
	batch->relocation_count = 1;
	batch->relocs_ptr = (uintptr_t)&entry;
	rig_store(&f->exec, 0, 21);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[2], 21);
	assert_int_equal(entry.presumed_offset, f->exec.objects[1].offset);
	f->exec.args.flags &= ~(uint64_t)I915_EXEC_HANDLE_LUT;
	entry.target_handle = f->data + 1;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -ENOENT);
	entry.target_handle = f->data;
	entry.offset = 6;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EINVAL);
	entry.offset = UINT64_MAX - 3;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EINVAL);
	batch->relocs_ptr = 8;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EFAULT);
}

static void test_overlap(void **state)
{
	struct fixture *f = *state;

	f->exec.objects[1].offset = RIG_BATCH + PAGE;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -ENOSPC);
	f->exec.objects[1].handle = f->exec.objects[0].handle;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EINVAL);
}

static struct drm_i915_reset_stats stats_get(struct fixture *f)
{
	struct drm_i915_reset_stats stats = {.ctx_id = (uint32_t)f->exec.args.rsvd1};

	rig_call(&f->rig, DRM_IOCTL_I915_GET_RESET_STATS, &stats);
	return stats;
}

/* Garbage, and a batch that is not there, hang; the third time in a row is the last. */
static void test_hangs_and_ban(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 1; i <= 3; i++) {
		rig_emit(&f->exec, (uint32_t[]){0xe0000000 + i}, 1);
		assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
		assert_int_equal(stats_get(f).batch_active, i);
	}
	rig_store(&f->exec, RIG_DATA, 1);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EIO);
	assert_int_equal(f->dw[0], 0);
}

static void context_make(struct fixture *f, uint64_t param, uint64_t value)
{
	struct drm_i915_gem_context_create_ext create = {0};
	struct drm_i915_gem_context_param set = {.param = param, .value = value};

	rig_call(&f->rig, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &create);
	set.ctx_id = create.ctx_id;
	rig_call(&f->rig, DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM, &set);
	f->exec.args.rsvd1 = create.ctx_id;
}

static void test_loop(void **state)
{
	struct fixture *f = *state;

	context_make(f, I915_CONTEXT_PARAM_RECOVERABLE, 0);
	rig_store(&f->exec, RIG_DATA, 1);
	rig_emit(&f->exec, (uint32_t[]){0x18800101, ugvt_lo32(RIG_BATCH), ugvt_hi32(RIG_BATCH)}, 3);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[0], 1);
	assert_int_equal(stats_get(f).batch_active, 1);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EIO);
	f->exec.args.rsvd1 = 0; // another context goes on
	rig_store(&f->exec, RIG_DATA, 2);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[0], 2);
	assert_int_equal(stats_get(f).batch_active, 0);
}

/* Addresses where nothing is: reads give zeros, writes go nowhere, and nothing hangs. */
static void test_wild_addresses(void **state)
{
	struct fixture *f = *state;

	f->dw[0] = 5;
	rig_store(&f->exec, UINT64_C(0x7fff12345678), 1);
	rig_store(&f->exec, RIG_DATA + DATA_SIZE, 1);
	rig_copy(&f->exec, RIG_DATA, 0xdead0000);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(f->dw[0], 0);
	assert_int_equal(stats_get(f).batch_active, 0);
}

static void *semaphore_signal(void *data)
{
	struct fixture *f = data;

	/* When the batch has come to its semaphore. */
	while (__atomic_load_n(&f->dw[0], __ATOMIC_ACQUIRE) != 1) {
		usleep(1000);
	}
	__atomic_store_n(&f->dw[1], 1, __ATOMIC_RELEASE);
	return NULL;
}

/* A batch waits for the CPU, while other threads call. */
static void test_semaphore(void **state)
{
	struct fixture *f = *state;
	pthread_t thread;

	f->rig.device->deadline_ns = 60 * UGVT_NS_PER_S;
	pthread_create(&thread, NULL, semaphore_signal, f);
	rig_store(&f->exec, RIG_DATA, 1);
	rig_emit(&f->exec,
		(uint32_t[]){0x0e00c002, 1, ugvt_lo32(RIG_DATA + 4), ugvt_hi32(RIG_DATA + 4)}, 4);
	rig_store(&f->exec, RIG_DATA, 2);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	pthread_join(thread, NULL);
	assert_int_equal(f->dw[0], 2);
}

static void test_fence_array(void **state)
{
	struct fixture *f = *state;
	struct drm_i915_gem_exec_fence fences[2] = {
		{rig_syncobj(&f->rig, DRM_SYNCOBJ_CREATE_SIGNALED), I915_EXEC_FENCE_WAIT},
		{rig_syncobj(&f->rig, 0), I915_EXEC_FENCE_SIGNAL},
	};
	struct drm_syncobj_wait wait = {
		.handles = (uintptr_t)&fences[1].handle, .count_handles = 1};

	assert_int_equal(rig_try(&f->rig, DRM_IOCTL_SYNCOBJ_WAIT, &wait), -EINVAL);
	f->exec.args.flags |= I915_EXEC_FENCE_ARRAY;
	f->exec.args.cliprects_ptr = (uintptr_t)fences;
	f->exec.args.num_cliprects = 2;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	assert_int_equal(rig_try(&f->rig, DRM_IOCTL_SYNCOBJ_WAIT, &wait), 0);
	fences[0].handle = rig_syncobj(&f->rig, 0); // nobody will signal it
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EINVAL);
	fences[0].handle = 1000;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -ENOENT);
}

static void test_timeline_fences(void **state)
{
	struct fixture *f = *state;
	struct drm_i915_gem_exec_fence fence = {rig_syncobj(&f->rig, 0), I915_EXEC_FENCE_SIGNAL};
	uint64_t point = 5, value = 0;
	struct drm_i915_gem_execbuffer_ext_timeline_fences timeline = {
		.base.name = DRM_I915_GEM_EXECBUFFER_EXT_TIMELINE_FENCES,
		.fence_count = 1,
		.handles_ptr = (uintptr_t)&fence,
		.values_ptr = (uintptr_t)&point,
	};
	struct drm_syncobj_timeline_array query = {.handles = (uintptr_t)&fence.handle,
		.points = (uintptr_t)&value,
		.count_handles = 1};

	f->exec.args.flags |= I915_EXEC_USE_EXTENSIONS;
	f->exec.args.cliprects_ptr = (uintptr_t)&timeline;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	rig_call(&f->rig, DRM_IOCTL_SYNCOBJ_QUERY, &query);
	assert_int_equal(value, 5);
	timeline.base.next_extension = (uintptr_t)&timeline; // no end
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EINVAL);
}

static void test_fence_descriptors(void **state)
{
	struct fixture *f = *state;
	struct pollfd poller = {.events = POLLIN};

	f->exec.args.flags |= I915_EXEC_FENCE_OUT;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	poller.fd = (int)(f->exec.args.rsvd2 >> 32);
	assert_int_equal(poll(&poller, 1, 0), 1);
	f->exec.args.flags ^= I915_EXEC_FENCE_OUT | I915_EXEC_FENCE_IN;
	f->exec.args.rsvd2 = (uint64_t)poller.fd;
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
	close(poller.fd);
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), -EINVAL);
}

struct worker {
	struct fixture *f;
	unsigned index;
};

/* Its own context, batch and buffer; one buffer is everybody's. */
static void *worker_run(void *data)
{
	struct worker *worker = data;
	struct rig *rig = &worker->f->rig;
	struct drm_i915_gem_context_create_ext create = {0};
	struct rig_exec exec;

	rig_call(rig, DRM_IOCTL_I915_GEM_CONTEXT_CREATE_EXT, &create);
	rig_exec_init(rig, &exec);
	exec.args.rsvd1 = create.ctx_id;
	rig_exec_use(&exec, worker->f->data, RIG_DATA);
	for (unsigned i = 1; i <= 200; i++) {
		uint32_t handle;
		uint32_t *own = rig_buffer(rig, PAGE, &handle);

		exec.args.buffer_count = 2;
		rig_exec_use(&exec, handle, 0x10000 + (uint64_t)(i % 7) * PAGE);
		rig_store(&exec, exec.objects[2].offset, i);
		rig_store(&exec, RIG_DATA + 64 * worker->index, i);
		if (rig_exec_run(rig, &exec) < 0 || own[0] != i) {
			abort();
		}
		munmap(own, PAGE);
		rig_close(rig, handle);
	}
	rig_exec_finish(rig, &exec);
	return NULL;
}

static void test_threads(void **state)
{
	struct fixture *f = *state;
	struct worker workers[4];
	pthread_t threads[4];

	f->rig.device->deadline_ns = 60 * UGVT_NS_PER_S;
	for (unsigned i = 0; i < 4; i++) {
		workers[i] = (struct worker){f, i};
		pthread_create(&threads[i], NULL, worker_run, &workers[i]);
	}
	for (unsigned i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(f->dw[16 * i], 200);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_stores_and_copies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_post_sync, setup, teardown),
		cmocka_unit_test_setup_teardown(test_userptr, setup, teardown),
		cmocka_unit_test_setup_teardown(test_userptr_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_userptr_read_only, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_registers_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(test_engine_map, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shared_vm, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rebinding, setup, teardown),
		cmocka_unit_test_setup_teardown(test_placing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_relocations, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overlap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hangs_and_ban, setup, teardown),
		cmocka_unit_test_setup_teardown(test_loop, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wild_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_semaphore, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fence_array, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timeline_fences, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fence_descriptors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_threads, setup, teardown),
	};

	return cmocka_run_group_tests_name("exec", tests, NULL, NULL);
}
