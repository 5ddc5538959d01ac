/* SPDX-License-Identifier: MIT */
#include "bench/bench.h"

#include <dirent.h>
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

static void task_pin(pid_t task, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(task, sizeof(set), &set) != 0) {
		fprintf(stderr, "bench: can't use CPU %d\n", cpu);
	}
}

void bench_pin(int own_cpu, int others_cpu)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;

	if (!tasks) {
		abort();
	}
	while ((entry = readdir(tasks))) {
		pid_t task = atoi(entry->d_name);

		if (task > 0) {
			task_pin(task, task == gettid() ? own_cpu : others_cpu);
		}
	}
	closedir(tasks);
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

void bench_print_pingpong(const char *name, double *values, size_t n, double raw)
{
	double median = bench_median(values, n);

	bench_print(name, median / 1000, "us", "AF_UNIX ping-pong", median / raw);
}
