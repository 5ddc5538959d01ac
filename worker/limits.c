/* SPDX-License-Identifier: MIT */
#include "worker/limits.h"

#include <pthread.h>
#include <sys/resource.h>

#include "base/bits.h"

#define STACK_BYTES ((size_t)8 << 20)

static const struct {
	int resource;
	rlim_t limit;
} limits[] = {
	{RLIMIT_CORE, 0},
	{RLIMIT_MEMLOCK, 0},
	{RLIMIT_MSGQUEUE, 0},
	{RLIMIT_NICE, 0},
	{RLIMIT_RTPRIO, 0},
	/* A client's interrupts take one each, a guest's memory none. */
	{RLIMIT_NOFILE, 512},
	{RLIMIT_STACK, STACK_BYTES},
};

static bool limit_lower(int resource, rlim_t limit)
{
	struct rlimit current;

	if (getrlimit(resource, &current) < 0) {
		return false;
	}
	current.rlim_max = UGVT_MIN(current.rlim_max, limit);
	current.rlim_cur = UGVT_MIN(current.rlim_cur, current.rlim_max);
	return setrlimit(resource, &current) == 0;
}

/* They are what glibc found the limit of the stack to be when the program started, and count as memory whole. */
static void thread_stacks_limit(void)
{
	pthread_attr_t attr;
	size_t size;

	if (pthread_getattr_default_np(&attr) != 0) {
		return;
	}
	if (pthread_attr_getstacksize(&attr, &size) == 0 && size > STACK_BYTES &&
		pthread_attr_setstacksize(&attr, STACK_BYTES) == 0) {
		pthread_setattr_default_np(&attr);
	}
	pthread_attr_destroy(&attr);
}

void ugvt_limits_set(void)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(limits); i++) {
		limit_lower(limits[i].resource, limits[i].limit);
	}
	thread_stacks_limit();
}

bool ugvt_limits_set_memory(uint64_t bytes)
{
	return limit_lower(RLIMIT_DATA, bytes);
}
