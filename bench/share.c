/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/bits.h"
#include "base/clock.h"
#include "bench/bench.h"
#include "bench/loads.h"
#include "schedule/turn.h"

/*
 * usage: bench-share [SECONDS]
 *
 * vGPUs that share the blitter of one parent, or its render engine: what all of them get done together, and each one's part of it,
 * against its weight. Two parts, of the blits or draws that are done, and of the time that the arbiter gave it: they differ where the
 * machine has other things to do. The yardstick of a total is what one alone gets done, measured before and after it; that of a part is
 * the weight's part, of all that work as they should.
 */

#define LOADS_MAX 16
#define WARM_NS (300 * UGVT_NS_PER_MS)
#define TOTAL_NS (3 * UGVT_NS_PER_S)
#define BLIT_GB (LOAD_BLITS * 262144e-9)

struct share {
	const char *name;
	unsigned n;
	struct load_options loads[LOADS_MAX];
	bool draws;
};

static const struct share shares[] = {
	{"mixed weights", 6, {{16}, {8}, {8}, {4}, {2}, {2}}},
	{"one idle", 5, {{8}, {4}, {.weight = 8, .idle = true}, {2}, {2}}},
	{"one hangs every second", 5, {{8}, {4}, {.weight = 8, .hangs = true}, {2}, {2}}},
	{"sixteen", 16,
		{{16}, {8}, {8}, {4}, {4}, {4}, {4}, {2}, {2}, {2}, {2}, {2}, {2}, {2}, {2}, {2}}},
	{"draws of mixed weights", 6, {{16}, {8}, {8}, {4}, {2}, {2}}, true},
	{"draws with one endless every second", 5,
		{{8}, {4}, {.weight = 8, .hangs = true}, {2}, {2}}, true},
};

struct bench {
	struct ugvt_arbiter *arbiter;
	struct load loads[LOADS_MAX];
	uint32_t done[LOADS_MAX];
	uint64_t held_ns[LOADS_MAX];
	double seconds;
};

static void sleep_ns(uint64_t ns)
{
	struct timespec ts = {(time_t)(ns / UGVT_NS_PER_S), (long)(ns % UGVT_NS_PER_S)};

	nanosleep(&ts, NULL);
}

/* What each of n gets done in about so long, and in how long exactly. */
static void loads_run(
	struct bench *bench, const struct load_options *options, unsigned n, uint64_t ns)
{
	uint32_t before[LOADS_MAX];
	uint64_t held_before[LOADS_MAX];
	uint64_t start;

	for (unsigned i = 0; i < n; i++) {
		load_init(&bench->loads[i], bench->arbiter, &options[i]);
	}
	sleep_ns(WARM_NS);
	start = ugvt_clock_ns();
	for (unsigned i = 0; i < n; i++) {
		before[i] = load_done(&bench->loads[i]);
		held_before[i] = load_held_ns(&bench->loads[i]);
	}
	sleep_ns(ns);
	for (unsigned i = 0; i < n; i++) {
		bench->done[i] = load_done(&bench->loads[i]) - before[i];
		bench->held_ns[i] = load_held_ns(&bench->loads[i]) - held_before[i];
	}
	bench->seconds = (double)(ugvt_clock_ns() - start) / UGVT_NS_PER_S;
	for (unsigned i = 0; i < n; i++) {
		load_finish(&bench->loads[i]);
	}
}

/* GB/s of n with the same weight. */
static double total_measure(struct bench *bench, unsigned n)
{
	struct load_options options[LOADS_MAX] = {0};
	double sum = 0;

	for (unsigned i = 0; i < n; i++) {
		options[i] = (struct load_options){.weight = 4};
	}
	loads_run(bench, options, n, TOTAL_NS);
	for (unsigned i = 0; i < n; i++) {
		sum += bench->done[i];
	}
	return sum * BLIT_GB / bench->seconds;
}

static void totals_run(struct bench *bench)
{
	double before = total_measure(bench, 1);

	bench_print("total, 1 vGPU", before, "GB/s", NULL, 0);
	for (unsigned n = 2; n <= LOADS_MAX; n *= 2) {
		double all = total_measure(bench, n);
		double after = total_measure(bench, 1);
		char name[64];

		snprintf(name, sizeof(name), "total, %u vGPUs", n);
		bench_print(name, all, "GB/s", "one alone", all / ((before + after) / 2));
		before = after;
	}
}

static bool is_regular(const struct load_options *options)
{
	return !options->idle && !options->hangs;
}

/* What each has of something, and all of them. */
struct parts {
	const char *what;
	double of[LOADS_MAX];
	double all;
};

static void part_print(
	const struct share *share, const struct parts *parts, unsigned i, double expected)
{
	const struct load_options *options = &share->loads[i];
	double part = 100 * parts->of[i] / parts->all;
	char name[128];

	snprintf(name, sizeof(name), "%s, %s, vGPU %u, weight %u%s", parts->what, share->name,
		i + 1, options->weight,
		options->idle    ? ", idle"
		: options->hangs ? ", hangs"
				 : "");
	if (is_regular(options)) {
		bench_print(name, part, "%", "its weight's part", parts->of[i] / expected);
	} else {
		bench_print(name, part, "%", NULL, 0);
	}
}

static void parts_print(const struct share *share, struct parts *parts)
{
	double weights = 0, regular = 0;

	for (unsigned i = 0; i < share->n; i++) {
		parts->all += parts->of[i];
		if (is_regular(&share->loads[i])) {
			weights += share->loads[i].weight;
			regular += parts->of[i];
		}
	}
	for (unsigned i = 0; i < share->n; i++) {
		part_print(share, parts, i, regular * share->loads[i].weight / weights);
	}
}

static void share_run(struct bench *bench, const struct share *share, uint64_t ns)
{
	struct parts work = {.what = "work"}, time = {.what = "time"};

	struct load_options loads[LOADS_MAX];

	for (unsigned i = 0; i < share->n; i++) {
		loads[i] = share->loads[i];
		loads[i].draws = share->draws;
	}
	loads_run(bench, loads, share->n, ns);
	for (unsigned i = 0; i < share->n; i++) {
		work.of[i] = bench->done[i];
		time.of[i] = (double)bench->held_ns[i];
	}
	parts_print(share, &work);
	parts_print(share, &time);
}

/* As ugvtd has them by default. */
static unsigned slots(void)
{
	return (unsigned)UGVT_MAX(bench_cpu_count() / 2, 1);
}

int main(int argc, char **argv)
{
	const struct ugvt_arbiter_config config = {.slots = slots()};
	uint64_t seconds = argc > 1 ? strtoull(argv[1], NULL, 10) : 10;
	static struct bench bench;

	/* As ugvt-vgpu does. */
	setpriority(PRIO_PROCESS, 0, UGVT_TURN_NICE);
	bench.arbiter = ugvt_arbiter_create(&config);
	if (!bench.arbiter) {
		abort();
	}
	totals_run(&bench);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(shares); i++) {
		share_run(&bench, &shares[i], seconds * UGVT_NS_PER_S);
	}
	ugvt_arbiter_destroy(bench.arbiter);
	return 0;
}
