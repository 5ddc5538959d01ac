/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_MODE_H
#define UGVT_GPU_EU_MODE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How the host's CPU computes with floats while a kernel runs: rounding as cr0 says and, where the CPU can, denormals as
 * zeros, which it does for nothing. The C library's own functions are used between begin and end only if they don't mind.
 */

/* The host's own mode, which goes back with ugvt_eu_mode_end(). */
uint32_t ugvt_eu_mode_begin(void);
void ugvt_eu_mode_end(uint32_t host);
/* exact: denormals are kept whatever cr0 says. */
void ugvt_eu_mode_set(uint32_t cr0, bool exact);
/* As in cr0: nearest even, up, down, to zero. */
unsigned ugvt_eu_mode_rounding(void);

#endif
