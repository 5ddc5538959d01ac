/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bits.h"
#include "drm-shim/ioctl.h"
#include "tests/drm-shim/rig.h"

/*
 * Calls of a client, in any order and with any arguments, and batches of any commands. What a client may do to its own memory
 * is not at stake: addresses lead into an arena, or nowhere.
 */

#define ARENA_SIZE 0x10000u
#define BATCH_SIZE 0x4000u
#define OPERATIONS_MAX 64
#define SLOTS 8 // qwords of an argument
#define DEADLINE_MS 2

struct input {
	const uint8_t *data;
	size_t size;
};

struct fuzz {
	struct rig rig;
	struct input in;
	char *arena;
	uint32_t *batch;
};

static uint8_t take(struct input *in)
{
	if (in->size == 0) {
		return 0;
	}
	in->size--;
	return *in->data++;
}

/* Numbers as calls have them: two small ones, an address, or one that is far too big. Small ones make no address where
 * anything is. */
static uint64_t number(struct fuzz *fuzz)
{
	uint8_t kind = take(&fuzz->in);

	switch (kind % 8) {
	case 0: return 0;
	case 1: return UINT64_MAX << kind / 8;
	case 2: return (uintptr_t)fuzz->arena + take(&fuzz->in) * 8u;
	case 3: return (uint64_t)take(&fuzz->in) << 12; // sizes and offsets
	case 4: return RIG_BATCH + ((uint64_t)take(&fuzz->in) << 12);
	default: return ugvt_u64(take(&fuzz->in) % 64, take(&fuzz->in) % 64);
	}
}

static void arena_fill(struct fuzz *fuzz)
{
	unsigned at = take(&fuzz->in);

	for (unsigned count = take(&fuzz->in) % 16; count > 0; count--, at++) {
		uint64_t value = number(fuzz);

		memcpy(fuzz->arena + 8 * (size_t)(at % 256), &value, sizeof(value));
	}
}

/* Descriptors that a call made are the client's to close; mappings, too. */
static void results_drop(const union ugvt_drm_args *args, unsigned nr)
{
	if (nr == 0x2d) {
		close(args->prime_handle.fd);
	} else if (nr == 0xc1) {
		close(args->syncobj_handle.fd);
	} else if (nr == DRM_COMMAND_BASE + DRM_I915_GEM_MMAP) {
		munmap((void *)(uintptr_t)args->gem_mmap.addr_ptr,
			UGVT_ALIGN_UP(args->gem_mmap.size, UINT64_C(4096)));
	} else if (nr == DRM_COMMAND_BASE + DRM_I915_GEM_EXECBUFFER2 &&
		   (args->execbuffer2.flags & I915_EXEC_FENCE_OUT)) {
		close((int)(args->execbuffer2.rsvd2 >> 32));
	}
}

/* Nobody is there to wake who waits, and memory that is not the arena is not the client's to give. */
static void args_tame(struct fuzz *fuzz, union ugvt_drm_args *args, unsigned nr)
{
	struct drm_i915_gem_userptr *userptr = &args->gem_userptr;

	if (nr == 0xc3) {
		args->syncobj_wait.timeout_nsec = 0;
	} else if (nr == 0xca) {
		args->syncobj_timeline_wait.timeout_nsec = 0;
	} else if (nr == 0x2e) {
		args->prime_handle.fd = -1;
	} else if (nr == 0xc2) {
		args->syncobj_handle.fd = -1;
	} else if (nr == DRM_COMMAND_BASE + DRM_I915_GEM_USERPTR) {
		userptr->user_ptr = (uintptr_t)fuzz->arena + (userptr->user_ptr & 0xf000);
		userptr->user_size = UGVT_MIN(userptr->user_size,
			(uintptr_t)fuzz->arena + ARENA_SIZE - userptr->user_ptr);
	} else if (nr == DRM_COMMAND_BASE + DRM_I915_GEM_EXECBUFFER2) {
		args->execbuffer2.flags &= ~(uint64_t)(I915_EXEC_FENCE_IN | I915_EXEC_FENCE_SUBMIT);
	} else if (nr == 0) {
		memset(&args->version, 0, sizeof(args->version)); // its lengths are the client's
	}
}

static void call(struct fuzz *fuzz)
{
	static const uint8_t core[] = {0, 9, 0x0c, 0x2d, 0x2e, 0xbf, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4,
		0xc5, 0xca, 0xcb, 0xcc, 0xcd};
	union ugvt_drm_args args = {0};
	uint64_t values[SLOTS];
	uint8_t which = take(&fuzz->in);
	unsigned nr = which < 0x40 ? core[which % sizeof(core)] : which;
	uint32_t request;

	for (unsigned i = 0; i < SLOTS; i++) {
		values[i] = number(fuzz);
	}
	memcpy(&args, values, UGVT_MIN(sizeof(args), sizeof(values)));
	args_tame(fuzz, &args, nr);
	request = (uint32_t)_IOC(_IOC_READ | _IOC_WRITE, 'd', nr, sizeof(args));
	if (ugvt_drm_file_ioctl(fuzz->rig.file, request, (uintptr_t)&args) == 0) {
		results_drop(&args, nr);
	}
}

/* The first two buffers as a client has them, and a batch of what is left of the input, or of a part of it. */
static void execute(struct fuzz *fuzz)
{
	struct drm_i915_gem_exec_object2 objects[2] = {
		{.handle = 1,
			.offset = RIG_BATCH,
			.flags = EXEC_OBJECT_PINNED | EXEC_OBJECT_SUPPORTS_48B_ADDRESS},
		{.handle = 2,
			.offset = RIG_DATA,
			.flags = EXEC_OBJECT_PINNED | EXEC_OBJECT_SUPPORTS_48B_ADDRESS |
				 EXEC_OBJECT_WRITE},
	};
	struct drm_i915_gem_execbuffer2 args = {
		.buffers_ptr = (uintptr_t)objects,
		.buffer_count = 2,
		.flags = I915_EXEC_BATCH_FIRST |
			 (take(&fuzz->in) % 2 ? I915_EXEC_BLT : I915_EXEC_RENDER),
	};
	size_t size = (size_t)take(&fuzz->in) * 8;

	size = UGVT_MIN(size, fuzz->in.size);
	memset(fuzz->batch, 0, BATCH_SIZE);
	memcpy(fuzz->batch, fuzz->in.data, size);
	fuzz->batch[size / 4 + 1] = 0x05000000; // if nothing else ends it
	fuzz->in.data += size;
	fuzz->in.size -= size;
	rig_try(&fuzz->rig, DRM_IOCTL_I915_GEM_EXECBUFFER2, &args);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz fuzz = {.in = {data, size}};
	uint32_t handle;

	rig_init(&fuzz.rig, DEADLINE_MS);
	/* With a gap behind it. */
	fuzz.arena = mmap(NULL, 2 * ARENA_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(fuzz.arena, ARENA_SIZE, PROT_READ | PROT_WRITE);
	fuzz.batch = rig_buffer(&fuzz.rig, BATCH_SIZE, &handle);
	rig_create(&fuzz.rig, BATCH_SIZE);
	for (unsigned i = 0; i < OPERATIONS_MAX && fuzz.in.size > 0; i++) {
		switch (take(&fuzz.in) % 4) {
		case 0: arena_fill(&fuzz); break;
		case 1: execute(&fuzz); break;
		default: call(&fuzz); break;
		}
	}
	munmap(fuzz.batch, BATCH_SIZE);
	rig_finish(&fuzz.rig);
	munmap(fuzz.arena, 2 * ARENA_SIZE);
	return 0;
}
