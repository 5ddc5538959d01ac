/* SPDX-License-Identifier: MIT */
#include "gpu/eu/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/list.h"
#include "gpu/eu/disasm.h"

#define BUCKETS 256

struct entry {
	struct ugvt_list bucket; // cache.buckets[]
	struct ugvt_list age;    // cache.ages: the one used last is last
	uint64_t hash;
	size_t size, memory; // of code; of everything
	unsigned users;
	struct ugvt_eu_program *program;
	uint8_t code[];
};

struct ugvt_eu_cache {
	pthread_mutex_t mutex;
	struct ugvt_list buckets[BUCKETS];
	struct ugvt_list ages;
	size_t limit, used;
};

/* FNV-1a */
static uint64_t hash_of(const uint8_t *code, size_t size)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < size; i++) {
		hash = (hash ^ code[i]) * UINT64_C(0x100000001b3);
	}
	return hash;
}

struct ugvt_eu_cache *ugvt_eu_cache_create(size_t bytes)
{
	struct ugvt_eu_cache *cache = calloc(1, sizeof(*cache));

	if (!cache) {
		return NULL;
	}
	pthread_mutex_init(&cache->mutex, NULL);
	for (size_t i = 0; i < BUCKETS; i++) {
		ugvt_list_init(&cache->buckets[i]);
	}
	ugvt_list_init(&cache->ages);
	cache->limit = bytes;
	return cache;
}

static void entry_drop(struct ugvt_eu_cache *cache, struct entry *entry)
{
	ugvt_list_remove(&entry->bucket);
	ugvt_list_remove(&entry->age);
	cache->used -= entry->memory;
	ugvt_eu_program_destroy(entry->program);
	free(entry);
}

/* From the oldest on. */
static void cache_shrink(struct ugvt_eu_cache *cache)
{
	struct entry *entry, *next;

	ugvt_list_for_each_safe(entry, next, &cache->ages, age) {
		if (cache->used <= cache->limit) {
			break;
		}
		if (entry->users == 0) {
			entry_drop(cache, entry);
		}
	}
}

void ugvt_eu_cache_destroy(struct ugvt_eu_cache *cache)
{
	if (!cache) {
		return;
	}
	cache->limit = 0;
	cache_shrink(cache);
	pthread_mutex_destroy(&cache->mutex);
	free(cache);
}

/* A copy of the kernel, no longer than it is: what is decoded is what was hashed. */
static struct entry *entry_create(const void *code, size_t size)
{
	struct entry *entry, *exact;

	size = UGVT_MIN(size, (size_t)UGVT_EU_KERNEL_MAX);
	entry = calloc(1, sizeof(*entry) + size);
	if (!entry) {
		return NULL;
	}
	memcpy(entry->code, code, size);
	entry->size = ugvt_eu_kernel_size(entry->code, size);
	exact = realloc(entry, sizeof(*entry) + entry->size);
	entry = exact ? exact : entry;
	entry->hash = hash_of(entry->code, entry->size);
	return entry;
}

static struct entry *entry_find(struct ugvt_list *bucket, const struct entry *like)
{
	struct entry *entry;

	ugvt_list_for_each(entry, bucket, bucket) {
		if (entry->hash == like->hash && entry->size == like->size &&
			memcmp(entry->code, like->code, like->size) == 0) {
			return entry;
		}
	}
	return NULL;
}

static bool entry_insert(struct ugvt_eu_cache *cache, struct ugvt_list *bucket, struct entry *entry)
{
	entry->program = ugvt_eu_program_create(entry->code, entry->size);
	if (!entry->program) {
		return false;
	}
	entry->memory =
		sizeof(*entry) + entry->size + entry->program->n * sizeof(struct ugvt_eu_step);
	cache->used += entry->memory;
	ugvt_list_append(bucket, &entry->bucket);
	ugvt_list_append(&cache->ages, &entry->age);
	return true;
}

const struct ugvt_eu_program *ugvt_eu_cache_lock(
	struct ugvt_eu_cache *cache, const void *code, size_t size)
{
	struct entry *fresh = entry_create(code, size), *entry;
	const struct ugvt_eu_program *program = NULL;
	struct ugvt_list *bucket;

	if (!fresh) {
		return NULL;
	}
	bucket = &cache->buckets[fresh->hash % BUCKETS];
	pthread_mutex_lock(&cache->mutex);
	entry = entry_find(bucket, fresh);
	if (entry) {
		ugvt_list_remove(&entry->age);
		ugvt_list_append(&cache->ages, &entry->age);
	} else if (entry_insert(cache, bucket, fresh)) {
		entry = fresh;
		fresh = NULL;
	}
	if (entry) {
		entry->users++;
		program = entry->program;
		cache_shrink(cache);
	}
	pthread_mutex_unlock(&cache->mutex);
	free(fresh);
	return program;
}

void ugvt_eu_cache_unlock(struct ugvt_eu_cache *cache, const struct ugvt_eu_program *program)
{
	struct entry *entry;

	pthread_mutex_lock(&cache->mutex);
	ugvt_list_for_each(entry, &cache->ages, age) {
		if (entry->program == program) {
			entry->users--;
			break;
		}
	}
	cache_shrink(cache);
	pthread_mutex_unlock(&cache->mutex);
}
