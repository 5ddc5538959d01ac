/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GUEST_PROGRAMS_SHADER_H
#define UGVT_TESTS_GUEST_PROGRAMS_SHADER_H

#include <GLES3/gl3.h>

/* A program for the current context of OpenGL ES 2; attributes are bound in this order. 0: it can't be had. */
GLuint shader_program(const char *vertex, const char *fragment, const char *const *attributes);

#endif
