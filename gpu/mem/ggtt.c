/* SPDX-License-Identifier: MIT */
#include "gpu/mem/ggtt.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>

#include "base/bits.h"

#define TABLE_BYTES (UGVT_GGTT_ENTRIES * sizeof(uint64_t))

bool ugvt_ggtt_init(struct ugvt_ggtt *ggtt)
{
	void *entries = mmap(NULL, TABLE_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*ggtt = (struct ugvt_ggtt){0};
	if (entries == MAP_FAILED) {
		return false;
	}
	ggtt->entries = entries;
	return true;
}

void ugvt_ggtt_finish(struct ugvt_ggtt *ggtt)
{
	if (ggtt->entries) {
		munmap(ggtt->entries, TABLE_BYTES);
	}
	ggtt->entries = NULL;
}

void ugvt_ggtt_reset(struct ugvt_ggtt *ggtt)
{
	/* The kernel gives private anonymous pages back as zeros. */
	if (madvise(ggtt->entries, TABLE_BYTES, MADV_DONTNEED) != 0) {
		memset(ggtt->entries, 0, TABLE_BYTES);
	}
	atomic_fetch_add_explicit(&ggtt->generation, 1, memory_order_release);
}

/* The bytes of an entry that an access of size bytes at offset reaches. */
static unsigned entry_part(uint32_t offset, unsigned size)
{
	return UGVT_MIN(size, (unsigned)sizeof(uint64_t) - offset % sizeof(uint64_t));
}

void ugvt_ggtt_read(const struct ugvt_ggtt *ggtt, uint32_t offset, void *data, unsigned size)
{
	char *out = data;

	assert(offset <= TABLE_BYTES && size <= TABLE_BYTES - offset);
	while (size > 0) {
		unsigned part = entry_part(offset, size);
		uint64_t entry = atomic_load_explicit(
			&ggtt->entries[offset / sizeof(entry)], memory_order_relaxed);

		memcpy(out, (char *)&entry + offset % sizeof(entry), part);
		out += part;
		offset += part;
		size -= part;
	}
}

static void entry_write(struct ugvt_ggtt *ggtt, uint32_t offset, const char *in, unsigned part)
{
	_Atomic uint64_t *slot = &ggtt->entries[offset / sizeof(uint64_t)];
	uint64_t old = atomic_load_explicit(slot, memory_order_relaxed);
	uint64_t entry;

	do {
		entry = old;
		memcpy((char *)&entry + offset % sizeof(entry), in, part);
		if (entry == old) {
			return;
		}
	} while (!atomic_compare_exchange_weak_explicit(
		slot, &old, entry, memory_order_release, memory_order_relaxed));
	if (old & UGVT_PTE_PRESENT) {
		atomic_fetch_add_explicit(&ggtt->generation, 1, memory_order_release);
	}
}

void ugvt_ggtt_write(struct ugvt_ggtt *ggtt, uint32_t offset, const void *data, unsigned size)
{
	const char *in = data;

	assert(offset <= TABLE_BYTES && size <= TABLE_BYTES - offset);
	while (size > 0) {
		unsigned part = entry_part(offset, size);

		entry_write(ggtt, offset, in, part);
		in += part;
		offset += part;
		size -= part;
	}
}
