/* SPDX-License-Identifier: MIT */
#include "cli/sample.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/clock.h"
#include "control/json.h"

const char *const ugvt_sample_engine_names[UGVT_SAMPLE_ENGINES] = {"rcs0", "bcs0", "vcs0", "vecs0"};

/* A figure's name and its place, a uint64_t. */
struct place {
	const char *key;
	size_t offset;
};

#define ENGINE(field)                                                      \
	{                                                                  \
#field, offsetof(struct ugvt_sample_engine_figures, field) \
	}
#define VGPU(key, field)                                      \
	{                                                     \
		key, offsetof(struct ugvt_sample_vgpu, field) \
	}

static const struct place engine_places[] = {
	ENGINE(busy_ns),
	ENGINE(waited_ns),
	ENGINE(batches),
	ENGINE(preemptions),
	ENGINE(resets),
	ENGINE(hangs),
	ENGINE(faults),
	{0},
};

static const struct place vgpu_places[] = {
	VGPU("weight", weight),
	VGPU("cap", cap),
	{0},
};

static const struct place stats_places[] = {
	VGPU("reg_reads", reads),
	VGPU("reg_writes", writes),
	VGPU("ggtt_writes", ggtt_writes),
	VGPU("aperture_accesses", aperture_accesses),
	VGPU("interrupts", interrupts),
	VGPU("frames", frames),
	{0},
};

static const struct place connection_places[] = {
	VGPU("memory_faults", memory_faults),
	{0},
};

static const struct place process_places[] = {
	VGPU("rss_anon", rss_anon),
	VGPU("rss_file", rss_file),
	VGPU("rss_shmem", rss_shmem),
	VGPU("cpu_ns", cpu_ns),
	{0},
};

static void numbers_read(void *target, const struct json_object *object, const struct place *places)
{
	for (; places->key; places++) {
		uint64_t value;

		if (ugvt_json_uint(object, places->key, UINT64_MAX, &value)) {
			memcpy((char *)target + places->offset, &value, sizeof(value));
		}
	}
}

static void string_read(
	char *target, size_t size, const struct json_object *object, const char *key)
{
	const char *text = ugvt_json_string(object, key);

	snprintf(target, size, "%s", text ? text : "");
}

static void vgpu_read(struct ugvt_sample_vgpu *vgpu, const struct json_object *object)
{
	const struct json_object *stats = ugvt_json_object(object, "stats");
	struct json_object *share;

	string_read(vgpu->uuid.text, sizeof(vgpu->uuid.text), object, "uuid");
	string_read(vgpu->parent, sizeof(vgpu->parent), object, "parent");
	string_read(vgpu->type, sizeof(vgpu->type), object, "type");
	string_read(vgpu->state, sizeof(vgpu->state), object, "state");
	string_read(vgpu->reason, sizeof(vgpu->reason), object, "reason");
	numbers_read(vgpu, object, vgpu_places);
	numbers_read(vgpu, ugvt_json_object(object, "process"), process_places);
	if (json_object_is_type(object, json_type_object) &&
		json_object_object_get_ex(object, "share", &share)) {
		vgpu->share = json_object_get_double(share);
	}
	vgpu->answered = stats != NULL;
	numbers_read(vgpu, stats, stats_places);
	numbers_read(vgpu, ugvt_json_object(stats, "connection"), connection_places);
	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		numbers_read(&vgpu->engines[i],
			ugvt_json_object(stats, ugvt_sample_engine_names[i]), engine_places);
	}
}

bool ugvt_sample_read(struct ugvt_sample *sample, struct json_object *array)
{
	*sample = (struct ugvt_sample){.time_ns = ugvt_clock_ns()};
	if (!json_object_is_type(array, json_type_array)) {
		return false;
	}
	sample->n = json_object_array_length(array);
	sample->vgpus = calloc(sample->n + 1, sizeof(*sample->vgpus));
	if (!sample->vgpus) {
		return false;
	}
	for (size_t i = 0; i < sample->n; i++) {
		vgpu_read(&sample->vgpus[i], json_object_array_get_idx(array, i));
	}
	return true;
}

void ugvt_sample_finish(struct ugvt_sample *sample)
{
	free(sample->vgpus);
	*sample = (struct ugvt_sample){0};
}

uint64_t ugvt_sample_exits(const struct ugvt_sample_vgpu *vgpu)
{
	return vgpu->reads + vgpu->writes + vgpu->ggtt_writes + vgpu->aperture_accesses;
}

static double rate(uint64_t now, uint64_t before, double seconds)
{
	return now > before ? (double)(now - before) / seconds : 0;
}

static void vgpu_rate(
	struct ugvt_sample_vgpu *vgpu, const struct ugvt_sample_vgpu *before, double seconds)
{
	struct ugvt_sample_rates *rates = &vgpu->rates;
	double ns = seconds * (double)UGVT_NS_PER_S;

	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		const struct ugvt_sample_engine_figures *a = &before->engines[i],
							*b = &vgpu->engines[i];

		rates->busy[i] = rate(b->busy_ns, a->busy_ns, ns);
		rates->waited[i] = rate(b->waited_ns, a->waited_ns, ns);
		rates->batches[i] = rate(b->batches, a->batches, seconds);
	}
	rates->exits = rate(ugvt_sample_exits(vgpu), ugvt_sample_exits(before), seconds);
	rates->frames = rate(vgpu->frames, before->frames, seconds);
}

void ugvt_sample_rate(struct ugvt_sample *sample, const struct ugvt_sample *earlier)
{
	double seconds = rate(sample->time_ns, earlier->time_ns, (double)UGVT_NS_PER_S);

	for (size_t i = 0; i < sample->n && seconds > 0; i++) {
		struct ugvt_sample_vgpu *vgpu = &sample->vgpus[i];

		for (size_t j = 0; j < earlier->n; j++) {
			const struct ugvt_sample_vgpu *before = &earlier->vgpus[j];

			if (ugvt_uuid_equal(&vgpu->uuid, &before->uuid) && vgpu->answered &&
				before->answered) {
				vgpu_rate(vgpu, before, seconds);
			}
		}
	}
}

static double busy_sum(const struct ugvt_sample_vgpu *vgpu)
{
	double sum = 0;

	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		sum += vgpu->rates.busy[i];
	}
	return sum;
}

static int vgpu_compare(const void *a, const void *b)
{
	const struct ugvt_sample_vgpu *one = a, *other = b;
	int parent = strcmp(one->parent, other->parent);
	double difference = busy_sum(other) - busy_sum(one);

	if (parent != 0) {
		return parent;
	}
	if (difference != 0) {
		return difference > 0 ? 1 : -1;
	}
	return strcmp(one->uuid.text, other->uuid.text);
}

void ugvt_sample_sort(struct ugvt_sample *sample)
{
	qsort(sample->vgpus, sample->n, sizeof(*sample->vgpus), vgpu_compare);
}
