/* SPDX-License-Identifier: MIT */
#include "gpu/mem/aspace.h"

#include <stdatomic.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/mem/walk.h"

#define PAGE_OFFSET(addr) ((addr) & (UGVT_PAGE_SIZE - 1))
#define PAGES(size) ((size) & ~(uint64_t)(UGVT_PAGE_SIZE - 1)) // the whole ones

void ugvt_aspace_init(
	struct ugvt_aspace *as, struct ugvt_guest_memory *memory, const struct ugvt_ggtt *ggtt)
{
	*as = (struct ugvt_aspace){
		.kind = UGVT_ASPACE_GGTT,
		.memory = memory,
		.ggtt = ggtt,
	};
}

void ugvt_aspace_set(struct ugvt_aspace *as, enum ugvt_aspace_kind kind, const ugvt_gpa *roots)
{
	as->kind = kind;
	if (kind == UGVT_ASPACE_PPGTT3) {
		memcpy(as->roots, roots, sizeof(as->roots));
	} else if (kind == UGVT_ASPACE_PPGTT4) {
		as->roots[0] = roots[0];
	}
	ugvt_aspace_invalidate(as);
}

void ugvt_aspace_invalidate(struct ugvt_aspace *as)
{
	as->invalidations++;
	as->range.size = 0;
	memset(as->tables, 0, sizeof(as->tables));
	memset(as->tlb, 0, sizeof(as->tlb));
}

void ugvt_aspace_window(struct ugvt_aspace *as)
{
	uint64_t memory = ugvt_guest_memory_generation(as->memory);
	uint64_t ggtt = as->ggtt_generation;

	if (as->kind == UGVT_ASPACE_GGTT) {
		ggtt = atomic_load_explicit(&as->ggtt->generation, memory_order_acquire);
	}
	if (memory != as->memory_generation || ggtt != as->ggtt_generation) {
		as->memory_generation = memory;
		as->ggtt_generation = ggtt;
		ugvt_aspace_invalidate(as);
	}
}

/* Neighbouring megabytes share no slot, so that the operands of a copy rarely do. */
static struct ugvt_tlb_entry *tlb_slot(struct ugvt_aspace *as, uint64_t page)
{
	return &as->tlb[(page ^ page >> 8 ^ page >> 16) % UGVT_TLB_ENTRIES];
}

static void *fault(
	struct ugvt_aspace *as, ugvt_gpu_addr addr, unsigned prot, enum ugvt_fault_level level)
{
	as->fault = (struct ugvt_aspace_fault){addr, level, prot & UGVT_PROT_WRITE};
	as->faults++;
	return NULL;
}

/* Walks, fills the TLB's slot, and gives the host address of the page of addr. */
static char *page_find(
	struct ugvt_aspace *as, ugvt_gpu_addr addr, unsigned prot, struct ugvt_tlb_entry *slot)
{
	struct ugvt_walk walk;
	uint64_t run;
	void *host;

	if (!ugvt_walk(as, addr, 0, &walk)) {
		return fault(as, addr, prot, walk.level);
	}
	if ((prot & UGVT_PROT_WRITE) && !walk.writable) {
		return NULL;
	}
	host = ugvt_walk_memory(as, walk.page, prot, &run);
	/* The owner of guest memory maps whole pages; words in it have to be aligned. */
	if (!host || run < UGVT_PAGE_SIZE || (uintptr_t)host % sizeof(uint64_t) != 0) {
		return fault(as, addr, prot, UGVT_FAULT_MEMORY);
	}
	*slot = (struct ugvt_tlb_entry){
		.tag = (addr >> UGVT_PAGE_SHIFT) + 1,
		.host = host,
		.run = PAGES(UGVT_MIN(run, walk.run)),
		.prot = prot,
	};
	return host;
}

void *ugvt_aspace_lookup(struct ugvt_aspace *as, ugvt_gpu_addr addr, unsigned prot, uint64_t *run)
{
	uint64_t page = (addr & UGVT_GPU_ADDR_MASK) >> UGVT_PAGE_SHIFT;
	struct ugvt_tlb_entry *slot = tlb_slot(as, page);
	uint64_t offset = PAGE_OFFSET(addr);

	if (slot->tag != page + 1 || (slot->prot & prot) != prot) {
		/* What was proven for this page before still holds: readers and writers share a slot. */
		unsigned both = slot->tag == page + 1 ? prot | slot->prot : prot;

		if (!page_find(as, addr & UGVT_GPU_ADDR_MASK, both, slot)) {
			if (run) {
				*run = UGVT_PAGE_SIZE - offset;
			}
			return NULL;
		}
	}
	if (run) {
		*run = slot->run - offset;
	}
	return slot->host + offset;
}

struct span_search {
	ugvt_gpu_addr addr;
	unsigned prot;
	uint64_t want; // bytes
	struct ugvt_aspace_span span;
};

/* Goes on behind what was found, if that follows on the host, too: without faulting, and past the TLB. */
static bool span_extend(struct ugvt_aspace *as, struct span_search *search)
{
	struct ugvt_aspace_span *span = &search->span;
	struct ugvt_walk walk;
	uint64_t run;

	if (!ugvt_walk(as, (search->addr + span->size) & UGVT_GPU_ADDR_MASK,
		    search->want - span->size, &walk) ||
		((search->prot & UGVT_PROT_WRITE) && !walk.writable) ||
		ugvt_walk_memory(as, walk.page, search->prot, &run) != span->host + span->size) {
		return false;
	}
	run = PAGES(UGVT_MIN(run, walk.run));
	span->size += run;
	return run > 0;
}

/* The TLB keeps what was found out, but what holds for reading must not be taken to hold for writing. */
static void span_keep(struct ugvt_aspace *as, const struct span_search *search)
{
	struct ugvt_tlb_entry *slot =
		tlb_slot(as, (search->addr & UGVT_GPU_ADDR_MASK) >> UGVT_PAGE_SHIFT);

	if (slot->prot == search->prot) {
		slot->run =
			PAGES(UGVT_MIN(search->span.size + PAGE_OFFSET(search->addr), UINT32_MAX));
	}
}

struct ugvt_aspace_span ugvt_aspace_span(
	struct ugvt_aspace *as, ugvt_gpu_addr addr, unsigned prot, uint64_t size)
{
	struct span_search search = {.addr = addr, .prot = prot, .want = size};
	struct ugvt_aspace_span *span = &search.span;
	bool more = false;

	span->host = ugvt_aspace_lookup(as, addr, prot, &span->size);
	while (span->host && span->size < size && span_extend(as, &search)) {
		more = true;
	}
	if (more) {
		span_keep(as, &search);
	}
	span->size = UGVT_MIN(span->size, size);
	return *span;
}

static bool is_word(ugvt_gpu_addr addr, size_t size)
{
	return (size == 4 || size == 8) && addr % size == 0;
}

static void word_read(const void *host, void *data, size_t size)
{
	if (size == 4) {
		uint32_t value =
			atomic_load_explicit((const _Atomic uint32_t *)host, memory_order_acquire);

		memcpy(data, &value, size);
	} else {
		uint64_t value =
			atomic_load_explicit((const _Atomic uint64_t *)host, memory_order_acquire);

		memcpy(data, &value, size);
	}
}

static void word_write(void *host, const void *data, size_t size)
{
	if (size == 4) {
		uint32_t value;

		memcpy(&value, data, size);
		atomic_store_explicit((_Atomic uint32_t *)host, value, memory_order_release);
	} else {
		uint64_t value;

		memcpy(&value, data, size);
		atomic_store_explicit((_Atomic uint64_t *)host, value, memory_order_release);
	}
}

bool ugvt_aspace_read(struct ugvt_aspace *as, ugvt_gpu_addr addr, void *data, size_t size)
{
	bool whole = true;
	char *out = data;

	while (size > 0) {
		uint64_t run;
		const void *host = ugvt_aspace_lookup(as, addr, UGVT_PROT_READ, &run);
		size_t part = UGVT_MIN(size, run);

		if (!host) {
			memset(out, 0, part);
			whole = false;
		} else if (is_word(addr, part)) {
			word_read(host, out, part);
		} else {
			memcpy(out, host, part);
		}
		out += part;
		addr += part;
		size -= part;
	}
	return whole;
}

bool ugvt_aspace_write(struct ugvt_aspace *as, ugvt_gpu_addr addr, const void *data, size_t size)
{
	const char *in = data;
	bool whole = true;

	while (size > 0) {
		uint64_t run;
		void *host = ugvt_aspace_lookup(as, addr, UGVT_PROT_WRITE, &run);
		size_t part = UGVT_MIN(size, run);

		if (!host) {
			whole = false;
		} else if (is_word(addr, part)) {
			word_write(host, in, part);
		} else {
			memcpy(host, in, part);
		}
		in += part;
		addr += part;
		size -= part;
	}
	return whole;
}

uint32_t ugvt_aspace_read32(struct ugvt_aspace *as, ugvt_gpu_addr addr)
{
	uint32_t value;

	ugvt_aspace_read(as, addr & ~UINT64_C(3), &value, sizeof(value));
	return value;
}

bool ugvt_aspace_write32(struct ugvt_aspace *as, ugvt_gpu_addr addr, uint32_t value)
{
	return ugvt_aspace_write(as, addr & ~UINT64_C(3), &value, sizeof(value));
}

uint64_t ugvt_aspace_read64(struct ugvt_aspace *as, ugvt_gpu_addr addr)
{
	uint64_t value;

	ugvt_aspace_read(as, addr & ~UINT64_C(7), &value, sizeof(value));
	return value;
}

bool ugvt_aspace_write64(struct ugvt_aspace *as, ugvt_gpu_addr addr, uint64_t value)
{
	return ugvt_aspace_write(as, addr & ~UINT64_C(7), &value, sizeof(value));
}

void *ugvt_aspace_atomic(struct ugvt_aspace *as, ugvt_gpu_addr addr, size_t size)
{
	return ugvt_aspace_lookup(
		as, addr & ~(uint64_t)(size - 1), UGVT_PROT_READ | UGVT_PROT_WRITE, NULL);
}
