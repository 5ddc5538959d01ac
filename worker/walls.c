/* SPDX-License-Identifier: MIT */
#include "worker/walls.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "worker/filter.h"
#include "worker/landlock.h"
#include "worker/limits.h"
#include "worker/namespaces.h"
#include "worker/privileges.h"

static bool mandatory(enum ugvt_wall wall)
{
	return wall == UGVT_WALL_SECCOMP || wall == UGVT_WALL_NO_NEW_PRIVILEGES ||
	       wall == UGVT_WALL_NO_CAPABILITIES || wall == UGVT_WALL_NOT_DUMPABLE;
}

/* In a build with sanitizers some are left out, and nobody runs one where it matters. */
static bool expected(enum ugvt_wall wall)
{
	bool later = wall == UGVT_WALL_MEMORY_LIMIT;

	return !later && (!UGVT_WALLS_RELAXED || wall == UGVT_WALL_SECCOMP ||
				 wall == UGVT_WALL_NO_NETWORK || mandatory(wall));
}

static bool walls_check(const struct ugvt_walls *walls)
{
	char missing[256] = "";
	bool ok = true;

	for (unsigned i = 0; i < UGVT_WALL_COUNT; i++) {
		size_t used = strlen(missing);

		if (walls->stands[i] || !expected(i)) {
			continue;
		}
		snprintf(missing + used, sizeof(missing) - used, "%s%s", used > 0 ? ", " : "",
			ugvt_wall_name(i));
		ok = ok && !mandatory(i);
	}
	if (!ok) {
		ugvt_error("walls that must stand do not: %s", missing);
	} else if (missing[0]) {
		ugvt_warn("this kernel, or what the manager is confined by, leaves out walls: %s",
			missing);
	}
	return ok;
}

/* Each step needs what a later one takes away: namespaces need capabilities and the file system, an unprivileged
 * Landlock and filter need no_new_privs, and the filter lets through none of the calls that erect walls. */
bool ugvt_walls_erect(struct ugvt_walls *walls)
{
	bool *stands = walls->stands;

	*walls = (struct ugvt_walls){0};
	umask(077);
	ugvt_namespaces_enter(walls);
	ugvt_limits_set();
	stands[UGVT_WALL_NO_CAPABILITIES] = ugvt_privileges_drop_capabilities();
	stands[UGVT_WALL_NO_NEW_PRIVILEGES] = ugvt_privileges_refuse_new();
	stands[UGVT_WALL_NOT_DUMPABLE] = ugvt_privileges_hide();
	stands[UGVT_WALL_LANDLOCK] = !UGVT_WALLS_RELAXED && ugvt_landlock_restrict();
	stands[UGVT_WALL_SECCOMP] = ugvt_filter_load();
	stands[UGVT_WALL_STRICT_FILTER] = stands[UGVT_WALL_SECCOMP] && !UGVT_WALLS_RELAXED;
	return walls_check(walls);
}

void ugvt_walls_limit_memory(struct ugvt_walls *walls, uint64_t bytes)
{
	/* The shadow memory of a sanitizer is a thousand times that. */
	if (UGVT_WALLS_RELAXED) {
		return;
	}
	walls->stands[UGVT_WALL_MEMORY_LIMIT] = ugvt_limits_set_memory(bytes);
	if (!walls->stands[UGVT_WALL_MEMORY_LIMIT]) {
		ugvt_warn("can't limit this process's memory");
	}
}
