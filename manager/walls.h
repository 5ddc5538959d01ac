/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_WALLS_H
#define UGVT_MANAGER_WALLS_H

#include <sys/types.h>

#include "control/walls.h"

/* Corrects walls, which is what the worker pid says of itself, by what the kernel says of it. Where the kernel does not
 * tell us, the worker's word stands. */
void ugvt_walls_verify(struct ugvt_walls *walls, pid_t pid);

#endif
