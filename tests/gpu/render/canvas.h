/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_RENDER_CANVAS_H
#define UGVT_TESTS_GPU_RENDER_CANVAS_H

#include "gpu/render/raster.h"
#include "tests/gpu/eu/encode.h"
#include "tests/gpu/render/rig.h"

/* A raster that draws with kernels made of instructions to a target that can be looked at. */

enum {
	CANVAS_SIDE = 128,                             // pixels
	CANVAS_BYTES = CANVAS_SIDE * CANVAS_SIDE * 16, // of a target
	CANVAS_TARGETS = 4,
	CANVAS_MEMORY = 8 << 20,
	CANVAS_TARGET_AT = 0x1000000, // GPU addresses
	CANVAS_STATE_AT =
		0x8000000, // surface states and binding table; all bases but that of kernels
	CANVAS_KERNEL_AT = 0x9000000,
	CANVAS_CODE = 64, // instructions
};

struct canvas {
	struct render_rig rig;
	struct ugvt_raster *raster;
	char *targets; // CANVAS_TARGETS of CANVAS_BYTES
	char *state; // a page: binding table at 0, surface states from 1024 on, blend state at 2048, colour calculator at 2304,
		     // viewports of it at 2560
	uint32_t *surface[CANVAS_TARGETS];
	struct ugvt_eu_bits *code;
	unsigned instructions;
};

/* Target 0 is R8G8B8A8_UNORM, linear; nothing is blended; SIMD8; depth from 0 to 1. */
void canvas_init(struct canvas *canvas);
void canvas_finish(struct canvas *canvas);
/* The state as in the beginning. */
void canvas_reset(struct canvas *canvas);

/* Makes target i one of a format (and its tiling, UGVT_TILE_MODE_*), cleared to zeros. */
void canvas_target(struct canvas *canvas, unsigned i, const char *format, unsigned tiling);
/* Samples of target 0, and of drawing. */
void canvas_samples(struct canvas *canvas, unsigned log2);

/* A kernel's instructions; the first one begins a new kernel after canvas_kernel(). */
void canvas_kernel(struct canvas *canvas);
void canvas_add(struct canvas *canvas, struct ugvt_eu_inst inst);
/* Writes a colour (of registers from reg on) to target 0, as the last thing. lanes: 8 or 16. */
void canvas_add_write(struct canvas *canvas, unsigned lanes, unsigned reg);
/* The whole kernel: one colour everywhere. */
void canvas_flat(struct canvas *canvas, unsigned lanes, const float color[4]);

/* Draws primitives, in steps of so many budget units, each in a window of its own; how many steps. */
unsigned canvas_draw(struct canvas *canvas, const struct ugvt_primitive *primitives, unsigned count,
	int64_t step);

/* A triangle with its corners' weights; layer 0. vue may be NULL. */
struct ugvt_primitive canvas_triangle(const float xyz[9], const uint32_t *const vue[3]);
/* A rectangle that covers x0 <= x < x1, y0 <= y < y1. */
struct ugvt_primitive canvas_rectangle(float x0, float y0, float x1, float y1);

/* A linear target's pixel, of so many bytes. */
uint32_t canvas_pixel(const struct canvas *canvas, unsigned target, unsigned x, unsigned y);

#endif
