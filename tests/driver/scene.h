/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_DRIVER_SCENE_H
#define UGVT_TESTS_DRIVER_SCENE_H

#include "tests/driver/driver.h"
#include "tests/gpu/eu/encode.h"

/*
 * What a driver of the render engine makes to draw: a target, the state, a pixel shader, batches. A draw is a square of
 * SCENE_SIDE pixels that fills the target. All of it lies in an address space where GPU addresses are guest physical ones.
 */

enum {
	SCENE_SIDE = 64,
	SCENE_CODE = 64, // instructions
	SCENE_SURFACE = 1024,
};

struct scene {
	uint64_t pml4;    // for driver_context_init()
	uint32_t *target; // SCENE_SIDE * SCENE_SIDE pixels, R8G8B8A8
	uint8_t *states;  // a page; the target's surface state is at SCENE_SURFACE
	struct ugvt_eu_bits *code;
	unsigned instructions;
	uint32_t *draws;                      // the batch that draws
	uint64_t state_address, draw_address; // of batches
};

/* Takes memory of the driver's. One draw, with one colour. */
void scene_init(struct scene *scene, struct driver *driver);

/* The shader anew: writes that colour; or never ends; or is any bytes. */
void scene_flat(struct scene *scene, const float color[4]);
void scene_endless(struct scene *scene);
void scene_garbage(struct scene *scene, unsigned seed);

/* How many draws the batch has from now on, at most 500. */
void scene_count(struct scene *scene, unsigned draws);

/* Puts a call of a batch into the ring: the one that sets all state, or the one that draws with it. */
void scene_emit_state(const struct scene *scene, struct driver_context *context);
void scene_emit_draws(const struct scene *scene, struct driver_context *context);

#endif
