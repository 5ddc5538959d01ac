/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CLI_SAMPLE_H
#define UGVT_CLI_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/uuid.h"

struct json_object;

/* What the manager's method "stats" says at one moment, and what happens between two of them. */

enum ugvt_sample_engine {
	UGVT_SAMPLE_RCS,
	UGVT_SAMPLE_BCS,
	UGVT_SAMPLE_VCS,
	UGVT_SAMPLE_VECS,
	UGVT_SAMPLE_ENGINES,
};

/* As in figures, and in titles. */
extern const char *const ugvt_sample_engine_names[UGVT_SAMPLE_ENGINES];

/* Counted since the vGPU's start; 0 if it is not told. */
struct ugvt_sample_engine_figures {
	uint64_t busy_ns, waited_ns;
	uint64_t batches, preemptions, resets, hangs, faults;
};

/* Per second, but for loads, which are parts of the time: 1 is all of it. */
struct ugvt_sample_rates {
	double busy[UGVT_SAMPLE_ENGINES], waited[UGVT_SAMPLE_ENGINES];
	double batches[UGVT_SAMPLE_ENGINES];
	double exits, frames;
};

struct ugvt_sample_vgpu {
	struct ugvt_uuid uuid;
	char parent[64], type[64], state[16], reason[128];
	bool answered; // its worker told figures: the rest is true
	uint64_t weight;
	uint64_t cap; // per cent; 0: none
	double share; // 0 to 1
	uint64_t reads, writes, ggtt_writes, aperture_accesses, interrupts, frames;
	uint64_t memory_faults;
	uint64_t rss_anon, rss_file, rss_shmem, cpu_ns;
	struct ugvt_sample_engine_figures engines[UGVT_SAMPLE_ENGINES];
	struct ugvt_sample_rates rates; // 0 until ugvt_sample_rate()
};

struct ugvt_sample {
	uint64_t time_ns; // CLOCK_MONOTONIC
	struct ugvt_sample_vgpu *vgpus;
	size_t n;
};

/* Reads the array that "stats" answers; what is missing in it is 0 or "". false: it is no such array, or out of memory.
 * To be finished if it returns true. */
bool ugvt_sample_read(struct ugvt_sample *sample, struct json_object *array);
void ugvt_sample_finish(struct ugvt_sample *sample);

/* Sets the rates of sample from what has changed since earlier. A vGPU that is new has none, and what has been counted
 * anew since counts for nothing. */
void ugvt_sample_rate(struct ugvt_sample *sample, const struct ugvt_sample *earlier);

/* By parent, and there the busiest first. */
void ugvt_sample_sort(struct ugvt_sample *sample);

/* Accesses that the guest's processor had to wait for or post. */
uint64_t ugvt_sample_exits(const struct ugvt_sample_vgpu *vgpu);

#endif
