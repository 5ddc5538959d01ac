/* SPDX-License-Identifier: MIT */
#include "gpu/mem/walk.h"

#include "base/bits.h"

/* PRM BDW vol 5, "PPGTT for Standard Context (64b VA)"; i915 gt/intel_gtt.h. */
#define PTE_WRITABLE UGVT_BIT64(1)
#define PDE_2M UGVT_BIT64(7)
#define PDE_64K UGVT_BIT64(11)
#define PDP_1G UGVT_BIT64(7)

enum {
	PT_SHIFT = 12,
	PD_SHIFT = 21,
	PDP_SHIFT = 30,
	PML4_SHIFT = 39,
	TABLE_ENTRIES = 512,
	ENTRIES_PER_64K = 16,
};

#define SIZE_64K UGVT_BIT64(16)
#define SIZE_2M UGVT_BIT64(PD_SHIFT)
#define SIZE_1G UGVT_BIT64(PDP_SHIFT)

void *ugvt_walk_memory(struct ugvt_aspace *as, ugvt_gpa gpa, unsigned prot, uint64_t *run)
{
	struct ugvt_guest_range *range = &as->range;
	void *host;

	if (gpa - range->gpa < range->size && (range->prot & prot) == prot) {
		*run = range->size - (gpa - range->gpa);
		return (char *)range->host + (gpa - range->gpa);
	}
	host = ugvt_guest_memory_lookup(as->memory, gpa, prot, run);
	if (host) {
		*range = (struct ugvt_guest_range){gpa, *run, host, prot};
	}
	return host;
}

/* A table that doesn't lie whole, and aligned for its entries, in one range is none. */
static const _Atomic uint64_t *table_find(struct ugvt_aspace *as, ugvt_gpa gpa)
{
	uint64_t run;
	void *host = ugvt_walk_memory(as, gpa, UGVT_PROT_READ, &run);

	if (!host || run < UGVT_PAGE_SIZE || (uintptr_t)host % sizeof(uint64_t) != 0) {
		return NULL;
	}
	return host;
}

static uint64_t entry_read(const _Atomic uint64_t *table, unsigned index)
{
	return atomic_load_explicit(&table[index], memory_order_relaxed);
}

static unsigned index_at(ugvt_gpu_addr addr, unsigned shift)
{
	return addr >> shift & (TABLE_ENTRIES - 1);
}

/* Entries that map pages behind each other, with the same rights: a page's run goes on through them. */
static void run_extend(
	const _Atomic uint64_t *entries, size_t count, uint64_t entry, struct ugvt_walk *walk)
{
	for (size_t i = 1; i < count && walk->run < walk->want; i++) {
		entry += UGVT_PAGE_SIZE;
		if (entry_read(entries, i) != entry) {
			break;
		}
		walk->run += UGVT_PAGE_SIZE;
	}
}

/* The page of size bytes that entry names, at the 4 KB page of addr. */
static bool page_found(struct ugvt_walk *walk, uint64_t entry, ugvt_gpu_addr addr, uint64_t size)
{
	uint64_t offset = addr & (size - 1) & ~(uint64_t)(UGVT_PAGE_SIZE - 1);

	walk->page = (entry & UGVT_PTE_ADDRESS_MASK & ~(size - 1)) + offset;
	walk->run = size - offset;
	walk->writable = walk->writable && (entry & PTE_WRITABLE);
	return true;
}

static bool fail(struct ugvt_walk *walk, enum ugvt_fault_level level)
{
	walk->level = level;
	return false;
}

static bool walk_ggtt(struct ugvt_aspace *as, ugvt_gpu_addr addr, struct ugvt_walk *walk)
{
	uint64_t entry;

	if (addr >= UGVT_GGTT_SIZE) {
		return fail(walk, UGVT_FAULT_PTE);
	}
	entry = entry_read(as->ggtt->entries, addr >> UGVT_PAGE_SHIFT);
	if (!(entry & UGVT_PTE_PRESENT)) {
		return fail(walk, UGVT_FAULT_PTE);
	}
	page_found(walk, entry | PTE_WRITABLE, addr, UGVT_PAGE_SIZE);
	run_extend(as->ggtt->entries + (addr >> UGVT_PAGE_SHIFT),
		UGVT_GGTT_ENTRIES - (addr >> UGVT_PAGE_SHIFT), entry, walk);
	return true;
}

/* What one range has in one piece the caller finds out. */
static bool walk_flat(ugvt_gpu_addr addr, struct ugvt_walk *walk)
{
	walk->page = addr & ~(uint64_t)(UGVT_PAGE_SIZE - 1);
	walk->run = SIZE_1G;
	return true;
}

static bool walk_table(
	const struct ugvt_table_cache_entry *table, ugvt_gpu_addr addr, struct ugvt_walk *walk)
{
	unsigned index = index_at(addr, PT_SHIFT);
	uint64_t entry;

	if (table->pages_64k) {
		index -= index % ENTRIES_PER_64K;
	}
	entry = entry_read(table->table, index);
	if (!(entry & UGVT_PTE_PRESENT)) {
		return fail(walk, UGVT_FAULT_PTE);
	}
	walk->writable = table->writable;
	if (table->pages_64k) {
		return page_found(walk, entry, addr, SIZE_64K);
	}
	page_found(walk, entry, addr, UGVT_PAGE_SIZE);
	run_extend(table->table + index, TABLE_ENTRIES - index, entry, walk);
	return true;
}

static struct ugvt_table_cache_entry *table_slot(struct ugvt_aspace *as, ugvt_gpu_addr addr)
{
	uint64_t page = addr >> PD_SHIFT;

	return &as->tables[(page ^ page >> 3 ^ page >> 9) % UGVT_TABLE_CACHE_ENTRIES];
}

/* From the page directory at gpa. */
static bool walk_directory(
	struct ugvt_aspace *as, ugvt_gpa gpa, ugvt_gpu_addr addr, struct ugvt_walk *walk)
{
	struct ugvt_table_cache_entry *slot = table_slot(as, addr);
	const _Atomic uint64_t *directory = table_find(as, gpa);
	const _Atomic uint64_t *table;
	uint64_t entry;

	if (!directory) {
		return fail(walk, UGVT_FAULT_PDP);
	}
	entry = entry_read(directory, index_at(addr, PD_SHIFT));
	if (!(entry & UGVT_PTE_PRESENT)) {
		return fail(walk, UGVT_FAULT_PDE);
	}
	if (entry & PDE_2M) {
		return page_found(walk, entry, addr, SIZE_2M);
	}
	table = table_find(as, entry & UGVT_PTE_ADDRESS_MASK);
	if (!table) {
		return fail(walk, UGVT_FAULT_PDE);
	}
	*slot = (struct ugvt_table_cache_entry){
		.tag = (addr >> PD_SHIFT) + 1,
		.table = table,
		.writable = walk->writable && (entry & PTE_WRITABLE),
		.pages_64k = entry & PDE_64K,
	};
	return walk_table(slot, addr, walk);
}

static bool walk_ppgtt3(struct ugvt_aspace *as, ugvt_gpu_addr addr, struct ugvt_walk *walk)
{
	if (addr >> 32) {
		return fail(walk, UGVT_FAULT_PDP);
	}
	return walk_directory(as, as->roots[addr >> PDP_SHIFT] & UGVT_PTE_ADDRESS_MASK, addr, walk);
}

static bool walk_ppgtt4(struct ugvt_aspace *as, ugvt_gpu_addr addr, struct ugvt_walk *walk)
{
	const _Atomic uint64_t *table = table_find(as, as->roots[0] & UGVT_PTE_ADDRESS_MASK);
	uint64_t entry;

	entry = table ? entry_read(table, index_at(addr, PML4_SHIFT)) : 0;
	if (!(entry & UGVT_PTE_PRESENT)) {
		return fail(walk, UGVT_FAULT_PML4);
	}
	walk->writable = entry & PTE_WRITABLE;
	table = table_find(as, entry & UGVT_PTE_ADDRESS_MASK);
	entry = table ? entry_read(table, index_at(addr, PDP_SHIFT)) : 0;
	if (!(entry & UGVT_PTE_PRESENT)) {
		return fail(walk, UGVT_FAULT_PDP);
	}
	if (entry & PDP_1G) {
		return page_found(walk, entry, addr, SIZE_1G);
	}
	walk->writable = walk->writable && (entry & PTE_WRITABLE);
	return walk_directory(as, entry & UGVT_PTE_ADDRESS_MASK, addr, walk);
}

bool ugvt_walk(struct ugvt_aspace *as, ugvt_gpu_addr addr, uint64_t want, struct ugvt_walk *walk)
{
	const struct ugvt_table_cache_entry *slot;

	*walk = (struct ugvt_walk){.want = want, .writable = true};
	if (as->kind == UGVT_ASPACE_GGTT) {
		return walk_ggtt(as, addr, walk);
	}
	slot = table_slot(as, addr);
	if (slot->tag == (addr >> PD_SHIFT) + 1) {
		return walk_table(slot, addr, walk);
	}
	switch (as->kind) {
	case UGVT_ASPACE_FLAT: return walk_flat(addr, walk);
	case UGVT_ASPACE_PPGTT3: return walk_ppgtt3(as, addr, walk);
	default: return walk_ppgtt4(as, addr, walk);
	}
}
