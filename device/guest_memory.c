/* SPDX-License-Identifier: MIT */
#include "device/guest_memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

struct ugvt_guest_memory {
	pthread_rwlock_t lock; // a window holds it for reading
	atomic_uint writers;   // waiting for the lock
	_Atomic uint64_t generation;
	bool enabled;
	size_t count;
	size_t capacity;
	size_t max;                      // of count
	struct ugvt_guest_range *ranges; // sorted by gpa, disjoint
};

struct ugvt_guest_memory *ugvt_guest_memory_create(void)
{
	struct ugvt_guest_memory *mem = calloc(1, sizeof(*mem));
	pthread_rwlockattr_t attr;

	if (!mem) {
		return NULL;
	}
	/* A busy engine opens windows back to back; without this an unmap would wait for ever. */
	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&mem->lock, &attr);
	pthread_rwlockattr_destroy(&attr);
	mem->enabled = true;
	mem->max = UGVT_GUEST_RANGES_MAX;
	return mem;
}

void ugvt_guest_memory_set_max(struct ugvt_guest_memory *mem, size_t ranges)
{
	mem->max = ranges;
}

void ugvt_guest_memory_destroy(struct ugvt_guest_memory *mem)
{
	if (!mem) {
		return;
	}
	pthread_rwlock_destroy(&mem->lock);
	free(mem->ranges);
	free(mem);
}

static void change_begin(struct ugvt_guest_memory *mem)
{
	atomic_fetch_add(&mem->writers, 1);
	pthread_rwlock_wrlock(&mem->lock);
	atomic_fetch_sub(&mem->writers, 1);
}

static void change_end(struct ugvt_guest_memory *mem)
{
	atomic_fetch_add(&mem->generation, 1);
	pthread_rwlock_unlock(&mem->lock);
}

/* The index of the first range that ends after gpa. */
static size_t range_find(const struct ugvt_guest_memory *mem, ugvt_gpa gpa)
{
	size_t lo = 0, hi = mem->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (mem->ranges[mid].gpa + (mem->ranges[mid].size - 1) < gpa) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo;
}

static bool ranges_grow(struct ugvt_guest_memory *mem)
{
	size_t capacity = UGVT_MAX(mem->capacity * 2, (size_t)16);
	struct ugvt_guest_range *ranges;

	if (mem->count < mem->capacity) {
		return true;
	}
	ranges = realloc(mem->ranges, capacity * sizeof(*ranges));
	if (!ranges) {
		return false;
	}
	mem->ranges = ranges;
	mem->capacity = capacity;
	return true;
}

static int range_insert(struct ugvt_guest_memory *mem, const struct ugvt_guest_range *range)
{
	size_t at = range_find(mem, range->gpa);

	if (at < mem->count && mem->ranges[at].gpa <= range->gpa + (range->size - 1)) {
		return -EEXIST;
	}
	if (mem->count >= mem->max) {
		return -ENOSPC;
	}
	if (!ranges_grow(mem)) {
		return -ENOMEM;
	}
	memmove(&mem->ranges[at + 1], &mem->ranges[at], (mem->count - at) * sizeof(*mem->ranges));
	mem->ranges[at] = *range;
	mem->count++;
	return 0;
}

int ugvt_guest_memory_map(struct ugvt_guest_memory *mem, const struct ugvt_guest_range *range)
{
	int ret;

	if (range->size == 0 || range->gpa + (range->size - 1) < range->gpa ||
		(range->prot & (UGVT_PROT_READ | UGVT_PROT_WRITE)) == 0) {
		return -EINVAL;
	}
	change_begin(mem);
	ret = range_insert(mem, range);
	change_end(mem);
	return ret;
}

int ugvt_guest_memory_unmap(
	struct ugvt_guest_memory *mem, ugvt_gpa gpa, uint64_t size, struct ugvt_guest_range *range)
{
	int ret = -ENOENT;
	size_t at;

	change_begin(mem);
	at = range_find(mem, gpa);
	if (at < mem->count && mem->ranges[at].gpa == gpa && mem->ranges[at].size == size) {
		if (range) {
			*range = mem->ranges[at];
		}
		mem->count--;
		memmove(&mem->ranges[at], &mem->ranges[at + 1],
			(mem->count - at) * sizeof(*mem->ranges));
		ret = 0;
	}
	change_end(mem);
	return ret;
}

void ugvt_guest_memory_enable(struct ugvt_guest_memory *mem, bool on)
{
	change_begin(mem);
	mem->enabled = on;
	change_end(mem);
}

void ugvt_guest_memory_begin(struct ugvt_guest_memory *mem)
{
	pthread_rwlock_rdlock(&mem->lock);
}

void ugvt_guest_memory_end(struct ugvt_guest_memory *mem)
{
	pthread_rwlock_unlock(&mem->lock);
}

bool ugvt_guest_memory_contended(const struct ugvt_guest_memory *mem)
{
	return atomic_load_explicit(&mem->writers, memory_order_relaxed) > 0;
}

uint64_t ugvt_guest_memory_generation(const struct ugvt_guest_memory *mem)
{
	return atomic_load_explicit(&mem->generation, memory_order_acquire);
}

void *ugvt_guest_memory_lookup(
	struct ugvt_guest_memory *mem, ugvt_gpa gpa, unsigned prot, uint64_t *run)
{
	size_t at = range_find(mem, gpa);
	const struct ugvt_guest_range *range;

	if (!mem->enabled || at == mem->count) {
		return NULL;
	}
	range = &mem->ranges[at];
	if (gpa < range->gpa || !range->host || (range->prot & prot) != prot) {
		return NULL;
	}
	if (run) {
		*run = range->size - (gpa - range->gpa);
	}
	return (char *)range->host + (gpa - range->gpa);
}

bool ugvt_guest_memory_read(struct ugvt_guest_memory *mem, ugvt_gpa gpa, void *data, size_t size)
{
	char *out = data;

	while (size > 0) {
		uint64_t run;
		const void *host = ugvt_guest_memory_lookup(mem, gpa, UGVT_PROT_READ, &run);
		size_t part = UGVT_MIN(size, run);

		if (!host) {
			return false;
		}
		memcpy(out, host, part);
		out += part;
		gpa += part;
		size -= part;
	}
	return true;
}

bool ugvt_guest_memory_write(
	struct ugvt_guest_memory *mem, ugvt_gpa gpa, const void *data, size_t size)
{
	const char *in = data;

	while (size > 0) {
		uint64_t run;
		void *host = ugvt_guest_memory_lookup(mem, gpa, UGVT_PROT_WRITE, &run);
		size_t part = UGVT_MIN(size, run);

		if (!host) {
			return false;
		}
		memcpy(host, in, part);
		in += part;
		gpa += part;
		size -= part;
	}
	return true;
}
