/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GUEST_PROGRAMS_PICTURE_H
#define UGVT_TESTS_GUEST_PROGRAMS_PICTURE_H

#include <stdbool.h>

/* Draws a picture with the current context of OpenGL ES 2 to its framebuffer of that size, which has a depth buffer: a shaded
 * triangle, a textured cube in perspective, a pane of glass. Prints the renderer's name. */
bool picture_draw(int width, int height);

#endif
