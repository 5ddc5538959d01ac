/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BENCH_BENCH_H
#define UGVT_BENCH_BENCH_H

#include <stddef.h>

/*
 * What the benchmarks share. Each prints lines of
 *	name<TAB>value<TAB>unit<TAB>yardstick<TAB>ratio
 * where value is a median, and ratio is value over the median of the yardstick, which was measured in the
 * same process in turns with it: read ratios, since the figures depend on the machine.
 */

/* The median of n values, which it sorts. */
double bench_median(double *values, size_t n);

/* CPUs that are online. */
int bench_cpu_count(void);
/* Keeps the calling thread on own_cpu and all others of the process on others_cpu; both below the number of CPUs. */
void bench_pin(int own_cpu, int others_cpu);

/* One line. yardstick NULL: there is none, and no ratio. */
void bench_print(
	const char *name, double value, const char *unit, const char *yardstick, double ratio);

/* The line of n values in nanoseconds, in microseconds, against the bare ping-pong's median of raw nanoseconds. Sorts values. */
void bench_print_pingpong(const char *name, double *values, size_t n, double raw);

#endif
