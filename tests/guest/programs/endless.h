/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GUEST_PROGRAMS_ENDLESS_H
#define UGVT_TESTS_GUEST_PROGRAMS_ENDLESS_H

#include <stdbool.h>

#define ENDLESS_SIDE 64 // pixels of the framebuffer

/* Draws with a shader that never ends, waits, and prints whom the driver blames. The current context is to say when it is lost.
 * false: nobody was blamed. */
bool endless_draw(void);

#endif
