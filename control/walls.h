/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_WALLS_H
#define UGVT_CONTROL_WALLS_H

#include <stdbool.h>

struct json_object;

/* What can stand between a worker and the rest of the machine; see worker/walls.h. */
enum ugvt_wall {
	UGVT_WALL_SECCOMP,           // system calls are filtered
	UGVT_WALL_STRICT_FILTER,     // by a list of those allowed: not in a build with sanitizers
	UGVT_WALL_NO_NEW_PRIVILEGES, // no set-user-ID program gives it any
	UGVT_WALL_NO_CAPABILITIES,
	UGVT_WALL_NOT_DUMPABLE, // no core dump; others of its user can't look into it
	UGVT_WALL_EMPTY_ROOT,   // its root directory is empty and read-only
	UGVT_WALL_LANDLOCK,     // it may not use files, even where it sees some
	UGVT_WALL_NO_NETWORK,   // it has network interfaces of its own: none
	UGVT_WALL_OWN_IPC,      // and System V IPC and a host name of its own
	UGVT_WALL_MEMORY_LIMIT, // ugvt_worker_memory_limit() holds
	UGVT_WALL_COUNT,
};

struct ugvt_walls {
	bool stands[UGVT_WALL_COUNT];
};

const char *ugvt_wall_name(enum ugvt_wall wall);

/* An object of name -> bool; the caller's. */
struct json_object *ugvt_walls_write(const struct ugvt_walls *walls);
/* Walls that object does not know do not stand; what it knows besides is of no matter. It may be any value. */
void ugvt_walls_read(struct ugvt_walls *walls, const struct json_object *object);

#endif
