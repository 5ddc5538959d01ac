/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_CHECK_H
#define UGVT_MANAGER_CHECK_H

#include <stdbool.h>
#include <stdint.h>

struct json_object;

/* What arrives from a worker is a stranger's: these say whether it is what it should be. */

/* A copy of figures if it is an object of unsigned numbers, and of such objects up to three deep, with few and
 * plain names; else NULL. */
struct json_object *ugvt_check_figures(const struct json_object *figures);

#endif
