/* SPDX-License-Identifier: MIT */
#include "worker/landlock.h"

#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bits.h"

/* The kernel's struct landlock_ruleset_attr as of version 6 of its interface; headers may be older. */
struct ruleset {
	uint64_t fs;     // LANDLOCK_ACCESS_FS_*
	uint64_t net;    // since version 4
	uint64_t scoped; // since version 6
};

/* How many rights, from bit 0 up, each version knows (Documentation/userspace-api/landlock.rst in the kernel). */
static const struct {
	uint64_t fs, net, scoped;
	size_t size;
} versions[] = {
	{13, 0, 0, offsetof(struct ruleset, net)},
	{14, 0, 0, offsetof(struct ruleset, net)},
	{15, 0, 0, offsetof(struct ruleset, net)},
	{15, 2, 0, offsetof(struct ruleset, scoped)},
	{16, 2, 0, offsetof(struct ruleset, scoped)},
	{16, 2, 2, sizeof(struct ruleset)},
};

static uint64_t low_bits(uint64_t n)
{
	return (UINT64_C(1) << n) - 1;
}

bool ugvt_landlock_restrict(void)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset ruleset;
	bool restricted;
	int fd;

	if (version < 1) {
		return false;
	}
	version = UGVT_MIN(version, (long)UGVT_ARRAY_SIZE(versions)) - 1;
	ruleset = (struct ruleset){
		.fs = low_bits(versions[version].fs),
		.net = low_bits(versions[version].net),
		.scoped = low_bits(versions[version].scoped),
	};
	fd = (int)syscall(SYS_landlock_create_ruleset, &ruleset, versions[version].size, 0);
	if (fd < 0) {
		return false;
	}
	restricted = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return restricted;
}
