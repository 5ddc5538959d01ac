/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BENCH_DRAW_H
#define UGVT_BENCH_DRAW_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What bench-draw draws: scenes. Whatever OpenGL there is draws them, into memory: it needs no window system.
 */

struct bench_scene {
	const char *name;
	bool desktop; // OpenGL with its fixed functions, else OpenGL ES 2
	int width;    // pixels
	int height;
	const char *unit;    // of what is counted each second
	double per_frame;    // of that
	const char *shader;  // a pixel shader, for a rectangle over all of the target; NULL: none
	const char *options; // letters: b: blend, t: texture
};

extern const struct bench_scene bench_scenes[];
extern const unsigned bench_scene_count;

/* In a current context, with the target bound. Ends the program if something is missing. */
void bench_scene_begin(const struct bench_scene *scene);
void bench_scene_frame(const struct bench_scene *scene, uint32_t frame);

/* Three toothed wheels, with lights, matrices and display lists. */
void bench_gears_begin(int width, int height);
void bench_gears_frame(uint32_t frame);

#endif
