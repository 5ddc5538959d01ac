/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_MEM_GGTT_H
#define UGVT_GPU_MEM_GGTT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The global GTT: one array of 8-byte entries, each a page of 4 KB, written by the guest through the upper
 * half of BAR0. Entry format: PRM BDW vol 5, "Gen8 Global GTT": bit 0 present, bits 38:12 the page's address; i915
 * leaves the R/W bit 0 (gen8_ggtt_pte_encode), so it means nothing here.
 * Any thread may read and write entries.
 */

#define UGVT_PAGE_SIZE 4096u
#define UGVT_PAGE_SHIFT 12
#define UGVT_GGTT_SIZE (UINT64_C(4) << 30) // bytes of address space; a GTT of 8 MB
#define UGVT_GGTT_ENTRIES (UGVT_GGTT_SIZE / UGVT_PAGE_SIZE)

/* Of all page table entries, GGTT and PPGTT. */
#define UGVT_PTE_PRESENT (UINT64_C(1) << 0)
#define UGVT_PTE_ADDRESS_MASK UINT64_C(0x7ffffff000) // 38:12

struct ugvt_ggtt {
	_Atomic uint64_t *entries;   // UGVT_GGTT_ENTRIES; pages never written take no memory
	_Atomic uint64_t generation; // grows when an entry that was present changes
};

/* false if out of memory. */
bool ugvt_ggtt_init(struct ugvt_ggtt *ggtt);
void ugvt_ggtt_finish(struct ugvt_ggtt *ggtt);
/* All entries absent again; gives the memory back. */
void ugvt_ggtt_reset(struct ugvt_ggtt *ggtt);

/* Guest access to the table, at byte offset into it; size 1 to 8 and any alignment, inside the table. What lies in
 * one entry is accessed in one piece. */
void ugvt_ggtt_read(const struct ugvt_ggtt *ggtt, uint32_t offset, void *data, unsigned size);
void ugvt_ggtt_write(struct ugvt_ggtt *ggtt, uint32_t offset, const void *data, unsigned size);

#endif
