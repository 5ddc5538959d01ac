/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

/*
 * Prints how fast this machine's time stamp counter runs, in kHz. QEMU without KVM lets its guest read this counter, and a guest's kernel
 * measures it with timers that QEMU emulates: on a busy host it errs by any factor, and its clock and delays with it. So it is told.
 */

#define TRIES 1000
#define SPAN_NS 200000000

struct moment {
	uint64_t tsc;
	uint64_t ns;
};

static uint64_t clock_read(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* Counter and clock at one moment: of many pairs the one between whose ends the least time went by. */
static struct moment moment_take(void)
{
	struct moment best = {0};
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		uint64_t before = __rdtsc();
		uint64_t ns = clock_read();
		uint64_t took = __rdtsc() - before;

		if (took < least) {
			least = took;
			best = (struct moment){before + took / 2, ns};
		}
	}
	return best;
}

int main(void)
{
	struct moment first = moment_take(), second;

	nanosleep(&(struct timespec){0, SPAN_NS}, NULL);
	second = moment_take();
	printf("%llu\n",
		(unsigned long long)((second.tsc - first.tsc) * 1000000 / (second.ns - first.ns)));
	return 0;
}
