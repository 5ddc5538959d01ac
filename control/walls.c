/* SPDX-License-Identifier: MIT */
#include "control/walls.h"

#include <json-c/json.h>

#include "control/json.h"

static const char *const names[UGVT_WALL_COUNT] = {
	[UGVT_WALL_SECCOMP] = "seccomp",
	[UGVT_WALL_STRICT_FILTER] = "strict_filter",
	[UGVT_WALL_NO_NEW_PRIVILEGES] = "no_new_privileges",
	[UGVT_WALL_NO_CAPABILITIES] = "no_capabilities",
	[UGVT_WALL_NOT_DUMPABLE] = "not_dumpable",
	[UGVT_WALL_EMPTY_ROOT] = "empty_root",
	[UGVT_WALL_LANDLOCK] = "landlock",
	[UGVT_WALL_NO_NETWORK] = "no_network",
	[UGVT_WALL_OWN_IPC] = "own_ipc",
	[UGVT_WALL_MEMORY_LIMIT] = "memory_limit",
};

const char *ugvt_wall_name(enum ugvt_wall wall)
{
	return names[wall];
}

struct json_object *ugvt_walls_write(const struct ugvt_walls *walls)
{
	struct json_object *object = json_object_new_object();

	for (unsigned i = 0; i < UGVT_WALL_COUNT; i++) {
		ugvt_json_add_bool(object, names[i], walls->stands[i]);
	}
	return object;
}

void ugvt_walls_read(struct ugvt_walls *walls, const struct json_object *object)
{
	for (unsigned i = 0; i < UGVT_WALL_COUNT; i++) {
		if (!ugvt_json_bool(object, names[i], &walls->stands[i])) {
			walls->stands[i] = false;
		}
	}
}
