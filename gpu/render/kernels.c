/* SPDX-License-Identifier: MIT */
#include "gpu/render/kernels.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/disasm.h"

enum {
	FIRST_BYTES = 4096, // read of a kernel whose size is not known
	INSTRUCTION_BYTES = 16,
	COST_INSTRUCTION = 20,   // to decode
	COMPARED_FOR_ONE = 1024, // bytes, in units of the budget
};

struct ugvt_kernels *ugvt_kernels_create(void)
{
	return calloc(1, sizeof(struct ugvt_kernels));
}

static void kernel_forget(struct ugvt_kernels *kernels, struct ugvt_kernel *kernel)
{
	kernels->instructions -= kernel->program ? kernel->program->n : 0;
	ugvt_eu_program_destroy(kernel->program);
	free(kernel->code);
	*kernel = (struct ugvt_kernel){0};
}

void ugvt_kernels_destroy(struct ugvt_kernels *kernels)
{
	if (!kernels) {
		return;
	}
	for (unsigned i = 0; i < UGVT_KERNEL_SETS * UGVT_KERNEL_WAYS; i++) {
		kernel_forget(
			kernels, &kernels->kernel[i / UGVT_KERNEL_WAYS][i % UGVT_KERNEL_WAYS]);
	}
	free(kernels);
}

static bool is_unchanged(const struct ugvt_kernel *kernel, struct ugvt_aspace *as)
{
	uint32_t size = kernel->program->bytes;
	uint32_t done = 0;

	while (done < size) {
		uint64_t run;
		const void *host =
			ugvt_aspace_lookup(as, kernel->addr + done, UGVT_PROT_READ, &run);
		uint32_t part = (uint32_t)UGVT_MIN(run, size - done);

		if (!host || memcmp(host, kernel->code + done, part) != 0) {
			return false;
		}
		done += part;
	}
	return true;
}

/* Reads more and more until it ends; what it takes for its end is decided on a copy. */
static bool kernel_load(struct ugvt_kernel *kernel, struct ugvt_aspace *as)
{
	/* To a page's end first: what follows need not be there. */
	size_t size = FIRST_BYTES - kernel->addr % FIRST_BYTES;

	for (;; size = UGVT_ALIGN_UP(size, FIRST_BYTES) * 2) {
		uint8_t *code = realloc(kernel->code, size);

		if (!code) {
			return false;
		}
		kernel->code = code;
		ugvt_aspace_read(as, kernel->addr, code, size);
		if (ugvt_eu_kernel_size(code, size) + INSTRUCTION_BYTES <= size ||
			size >= UGVT_KERNEL_BYTES_MAX) {
			break;
		}
	}
	kernel->program = ugvt_eu_program_create(kernel->code, size);
	return kernel->program;
}

static bool is_held(const struct ugvt_kernels *kernels, const struct ugvt_kernel *kernel)
{
	return kernel->program && kernel->used + UGVT_KERNEL_HELD > kernels->order;
}

/* The one whose last use is longest ago; NULL if all are held. */
static struct ugvt_kernel *oldest_find(struct ugvt_kernels *kernels)
{
	struct ugvt_kernel *oldest = NULL;

	for (unsigned i = 0; i < UGVT_KERNEL_SETS * UGVT_KERNEL_WAYS; i++) {
		struct ugvt_kernel *kernel =
			&kernels->kernel[i / UGVT_KERNEL_WAYS][i % UGVT_KERNEL_WAYS];

		if (kernel->program && !is_held(kernels, kernel) &&
			(!oldest || kernel->used < oldest->used)) {
			oldest = kernel;
		}
	}
	return oldest;
}

static void room_make(struct ugvt_kernels *kernels)
{
	struct ugvt_kernel *oldest = NULL;

	while (kernels->instructions > UGVT_KERNEL_INSTRUCTIONS_MAX &&
		(oldest = oldest_find(kernels))) {
		kernel_forget(kernels, oldest);
	}
}

static bool kernel_replace(struct ugvt_kernels *kernels, struct ugvt_kernel *kernel,
	struct ugvt_aspace *as, ugvt_gpu_addr addr)
{
	kernel_forget(kernels, kernel);
	kernel->addr = addr;
	if (!kernel_load(kernel, as)) {
		kernel_forget(kernels, kernel);
		return false;
	}
	kernels->instructions += kernel->program->n;
	kernels->cost += COST_INSTRUCTION * (int64_t)kernel->program->n;
	return true;
}

/* One that was overwritten may still be held: then another takes its place. */
static struct ugvt_kernel *place_find(
	struct ugvt_kernels *kernels, struct ugvt_aspace *as, ugvt_gpu_addr addr, bool *found)
{
	struct ugvt_kernel *set = kernels->kernel[(addr >> 6 ^ addr >> 11) % UGVT_KERNEL_SETS];
	struct ugvt_kernel *oldest = &set[0];

	for (unsigned i = 0; i < UGVT_KERNEL_WAYS; i++) {
		if (set[i].program && set[i].addr == addr) {
			kernels->cost += 1 + set[i].program->bytes / COMPARED_FOR_ONE;
			*found = is_unchanged(&set[i], as);
			if (*found || !is_held(kernels, &set[i])) {
				return &set[i];
			}
		}
		if (set[i].used < oldest->used) {
			oldest = &set[i];
		}
	}
	return oldest;
}

const struct ugvt_eu_program *ugvt_kernels_find(
	struct ugvt_kernels *kernels, struct ugvt_aspace *as, ugvt_gpu_addr addr)
{
	bool found = false;
	struct ugvt_kernel *kernel = place_find(kernels, as, addr, &found);

	if (!found && !kernel_replace(kernels, kernel, as, addr)) {
		return NULL;
	}
	kernel->used = ++kernels->order;
	room_make(kernels);
	return kernel->program;
}

int64_t ugvt_kernels_cost_take(struct ugvt_kernels *kernels)
{
	int64_t cost = kernels->cost;

	kernels->cost = 0;
	return cost;
}
