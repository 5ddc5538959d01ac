/* SPDX-License-Identifier: MIT */
#include "tests/gpu/space.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/bits.h"

void space_init(struct space *space, uint64_t size)
{
	struct ugvt_guest_range range = {
		.gpa = SPACE_GPA,
		.size = size,
		.prot = UGVT_PROT_READ | UGVT_PROT_WRITE,
	};

	*space = (struct space){.size = size};
	space->ram = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	space->memory = ugvt_guest_memory_create();
	if (space->ram == MAP_FAILED || !space->memory || !ugvt_ggtt_init(&space->ggtt)) {
		abort();
	}
	range.host = space->ram;
	if (ugvt_guest_memory_map(space->memory, &range) != 0) {
		abort();
	}
	space->pml4 = space_alloc(space, UGVT_PAGE_SIZE, UGVT_PAGE_SIZE);
	ugvt_aspace_init(&space->as, space->memory, &space->ggtt);
	ugvt_aspace_set(&space->as, UGVT_ASPACE_PPGTT4, &space->pml4);
	ugvt_guest_memory_begin(space->memory);
	ugvt_aspace_window(&space->as);
}

void space_finish(struct space *space)
{
	ugvt_guest_memory_end(space->memory);
	ugvt_guest_memory_destroy(space->memory);
	ugvt_ggtt_finish(&space->ggtt);
	munmap(space->ram, space->size);
}

void space_window(struct space *space)
{
	ugvt_guest_memory_end(space->memory);
	ugvt_guest_memory_begin(space->memory);
	ugvt_aspace_window(&space->as);
}

ugvt_gpa space_alloc(struct space *space, uint64_t size, uint64_t align)
{
	uint64_t gpa = UGVT_ALIGN_UP(SPACE_GPA + space->used, align);

	space->used = gpa - SPACE_GPA + size;
	if (space->used > space->size) {
		abort();
	}
	return gpa;
}

void *space_host(const struct space *space, ugvt_gpa gpa)
{
	assert(gpa >= SPACE_GPA && gpa - SPACE_GPA < space->size);
	return space->ram + (gpa - SPACE_GPA);
}

uint64_t *space_entry(struct space *space, ugvt_gpu_addr addr, unsigned level)
{
	ugvt_gpa table = space->pml4;

	for (unsigned at = 3;; at--) {
		uint64_t *entries = space_host(space, table);
		uint64_t *entry = &entries[addr >> (12 + 9 * at) & 511];

		if (at == level) {
			return entry;
		}
		if (!(*entry & SPACE_PRESENT)) {
			*entry = space_alloc(space, UGVT_PAGE_SIZE, UGVT_PAGE_SIZE) | SPACE_RW;
		}
		table = *entry & UGVT_PTE_ADDRESS_MASK;
	}
}

void space_map(struct space *space, ugvt_gpu_addr addr, ugvt_gpa gpa, uint64_t size)
{
	for (uint64_t at = 0; at < size; at += UGVT_PAGE_SIZE) {
		*space_entry(space, addr + at, 0) = (gpa + at) | SPACE_RW;
	}
}

void space_set_ppgtt3(struct space *space)
{
	ugvt_gpa roots[4];

	for (unsigned i = 0; i < 4; i++) {
		roots[i] = *space_entry(space, (uint64_t)i << 30, 2) & UGVT_PTE_ADDRESS_MASK;
	}
	ugvt_aspace_set(&space->as, UGVT_ASPACE_PPGTT3, roots);
}
