/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_MEM_ASPACE_H
#define UGVT_GPU_MEM_ASPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device/guest_memory.h"
#include "gpu/mem/ggtt.h"

/*
 * An address space of the GPU as one engine sees it: GGTT, 3-level PPGTT (four page directory pointers) or 4-level
 * PPGTT (a PML4), with a TLB. The guest's tables are walked at each miss and never trusted further: an entry leads to a
 * guest physical address, and that to host memory only through ugvt_guest_memory_lookup().
 *
 * Formats: PRM BDW vol 5 (memory views), "PPGTT": 4 KB pages, 64 KB pages (PDE bit 11: every 16th entry of the page table
 * counts), 2 MB pages (PDE bit 7), 1 GB pages (PDP bit 7, 4-level only).
 *
 * The R/W bits of all levels of a PPGTT are honoured, as the hardware does (PRM BDW vol 5, "TLB Entry Content"; i915:
 * gen8_ppgtt_create() sets has_read_only on all generations but 11 and 12): a write to a read-only page is dropped. That
 * is not a fault: i915 points what is unused at a read-only scratch page.
 *
 * The fourth kind has no tables: its owner keeps them as the ranges of guest memory, which then lie at the addresses that
 * the GPU uses (drm-shim/, where a driver says where each buffer is).
 *
 * An address space belongs to one thread; all look-ups happen inside a guest memory window.
 */

/* An address in an address space. PPGTT4: canonical or not, bits 47:0 count. GGTT and PPGTT3: 32 bits, what lies above
 * faults (bits 63:48 don't count). */
typedef uint64_t ugvt_gpu_addr;

#define UGVT_GPU_ADDR_MASK UINT64_C(0xffffffffffff)

enum ugvt_aspace_kind {
	UGVT_ASPACE_GGTT,
	UGVT_ASPACE_PPGTT3, // roots[0..3]: page directories, 1 GB each
	UGVT_ASPACE_PPGTT4, // roots[0]: PML4
	UGVT_ASPACE_FLAT,   // bits 47:0 of an address are the guest physical address
};

#define UGVT_TLB_ENTRIES 256       // power of two
#define UGVT_TABLE_CACHE_ENTRIES 8 // power of two

struct ugvt_tlb_entry {
	uint64_t tag;  // page number + 1; 0: empty
	char *host;    // of the 4 KB page
	uint32_t run;  // bytes in one piece on the host from there on
	unsigned prot; // UGVT_PROT_* that were proven
};

/* A page table (the last level) that was reached once: saves the upper levels of a walk. */
struct ugvt_table_cache_entry {
	uint64_t tag; // addr >> 21, + 1; 0: empty
	const _Atomic uint64_t *table;
	bool writable;
	bool pages_64k;
};

/* Why the last translation failed; what RING_FAULT_REG reports. */
enum ugvt_fault_level {
	UGVT_FAULT_PTE,
	UGVT_FAULT_PDE,
	UGVT_FAULT_PDP,
	UGVT_FAULT_PML4,
	UGVT_FAULT_MEMORY, // the guest physical address leads nowhere, or not with that protection
};

struct ugvt_aspace_fault {
	ugvt_gpu_addr addr;
	enum ugvt_fault_level level;
	bool write;
};

struct ugvt_aspace {
	enum ugvt_aspace_kind kind;
	struct ugvt_guest_memory *memory;
	const struct ugvt_ggtt *ggtt;
	ugvt_gpa roots[4];
	uint64_t memory_generation; // of what is cached below
	uint64_t ggtt_generation;
	struct ugvt_aspace_fault fault;
	uint64_t faults;        // counted since init
	uint64_t invalidations; // counted since init: as long as it stays, so do translations
	struct ugvt_guest_range range; // that was met last; size 0: none
	struct ugvt_table_cache_entry tables[UGVT_TABLE_CACHE_ENTRIES];
	struct ugvt_tlb_entry tlb[UGVT_TLB_ENTRIES];
};

struct ugvt_aspace_span {
	char *host;
	uint64_t size; // bytes
};

/* A GGTT address space; memory and ggtt stay the caller's and outlive it. */
void ugvt_aspace_init(
	struct ugvt_aspace *as, struct ugvt_guest_memory *memory, const struct ugvt_ggtt *ggtt);
/* Sets kind and roots (ignored for GGTT and FLAT, may be NULL then; PPGTT3 reads 4, PPGTT4 one) and empties the TLB. */
void ugvt_aspace_set(struct ugvt_aspace *as, enum ugvt_aspace_kind kind, const ugvt_gpa *roots);
/* Forgets all translations: after a TLB invalidation by the guest, and at a context switch. */
void ugvt_aspace_invalidate(struct ugvt_aspace *as);

/* To be called first in every guest memory window: drops the TLB if guest memory or GGTT changed since the last. */
void ugvt_aspace_window(struct ugvt_aspace *as);

/* The host address of addr, for prot (one or both of UGVT_PROT_*). *run (may be NULL) gets the bytes that follow in
 * one piece on the host: at least to the end of the 4 KB page, also when it fails. NULL on a fault (as->fault says which, and
 * as->faults grew), or if the page is read-only and prot has WRITE (then neither changes). */
void *ugvt_aspace_lookup(struct ugvt_aspace *as, ugvt_gpu_addr addr, unsigned prot, uint64_t *run);
/* The same for size bytes, not 0: the span from addr on that lies in one piece, pages that are neighbours on the host taken
 * together. host is NULL if not even the first page can be reached; size is then how much to leave out. */
struct ugvt_aspace_span ugvt_aspace_span(
	struct ugvt_aspace *as, ugvt_gpu_addr addr, unsigned prot, uint64_t size);

/* Copies across pages. On a fault reads give zeros and writes are dropped for the page in question, as
 * the hardware's do, the rest is done, and false is returned. An aligned dword or qword is one access. */
bool ugvt_aspace_read(struct ugvt_aspace *as, ugvt_gpu_addr addr, void *data, size_t size);
bool ugvt_aspace_write(struct ugvt_aspace *as, ugvt_gpu_addr addr, const void *data, size_t size);
/* One naturally aligned dword (the low two bits of addr are ignored), read or written in one access. 0 on a fault. */
uint32_t ugvt_aspace_read32(struct ugvt_aspace *as, ugvt_gpu_addr addr);
bool ugvt_aspace_write32(struct ugvt_aspace *as, ugvt_gpu_addr addr, uint32_t value);
/* The same for a qword (the low three bits of addr are ignored). */
uint64_t ugvt_aspace_read64(struct ugvt_aspace *as, ugvt_gpu_addr addr);
bool ugvt_aspace_write64(struct ugvt_aspace *as, ugvt_gpu_addr addr, uint64_t value);
/* Address of a word of size 4 or 8 for an atomic operation, addr rounded down to a multiple of size; NULL on a fault. */
void *ugvt_aspace_atomic(struct ugvt_aspace *as, ugvt_gpu_addr addr, size_t size);

#endif
