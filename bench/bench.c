/* SPDX-License-Identifier: MIT */
#include "bench/bench.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int double_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), double_compare);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

int bench_cpu_count(void)
{
	return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

void bench_pin(pthread_t thread, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (pthread_setaffinity_np(thread, sizeof(set), &set) != 0) {
		fprintf(stderr, "bench: can't use CPU %d\n", cpu);
	}
}

void bench_print(
	const char *name, double value, const char *unit, const char *yardstick, double ratio)
{
	printf("%s\t%.3f\t%s\t", name, value, unit);
	if (yardstick) {
		printf("%s\t%.3f\n", yardstick, ratio);
	} else {
		printf("-\t-\n");
	}
	fflush(stdout);
}
