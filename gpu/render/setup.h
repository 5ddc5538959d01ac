/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_SETUP_H
#define UGVT_GPU_RENDER_SETUP_H

#include "gpu/render/primitive.h"
#include "gpu/render/raster_cover.h"

/*
 * From primitives to what is rasterised: culling, fill modes, the shape on the pixel grid, and how values run over it. PRM
 * SNB vol 2 part 1, "Strips and Fans (SF) Unit"; depth offset: "Windower", 7.5.1.
 *
 * Attributes are interpolated as a0 + b1 (a1 - a0) + b2 (a2 - a0), where b1 and b2 are a pixel's barycentric coordinates:
 * those of a shape, perspective correct or not, are planes over the screen.
 */

enum {
	UGVT_SETUP_SHAPES = 3, // that a primitive may become: lines or points of a triangle
	UGVT_SETUP_VIEWPORTS = UGVT_VIEWPORTS,
	UGVT_SETUP_SAMPLES = 16,
	UGVT_SETUP_ATTRIBUTES = 32,
	UGVT_SETUP_ATTRIBUTE_DWORDS =
		16, // as in the payload: a1 - a0, a2 - a0, 0, a0 for each component
};

/* at + dx x + dy y, in pixels from the target's upper left corner. */
struct ugvt_plane {
	double at;
	double dx;
	double dy;
};

struct ugvt_shape {
	struct ugvt_cover cover; // cut to viewport, scissor and drawing rectangle
	struct ugvt_plane z;     // before it is clamped
	struct ugvt_plane inverse_w;
	struct ugvt_plane linear[2];      // b1, b2
	struct ugvt_plane perspective[2]; // b1 / w, b2 / w
	uint16_t layer;
	uint8_t viewport;
	bool back_facing;
	uint8_t kind;   // enum ugvt_primitive_kind
	uint8_t corner; // a point of a triangle: index of the vertex that it is at
};

/* What a draw's state says, decoded once. */
struct ugvt_setup {
	const struct ugvt_state *state;
	struct ugvt_pixel_box box[UGVT_SETUP_VIEWPORTS];
	float origin_x; // of the drawing rectangle
	float origin_y;
	unsigned samples;                                  // a pixel's
	struct ugvt_grid_point sample[UGVT_SETUP_SAMPLES]; // subpixels from the pixel's corner
	struct ugvt_grid_point pixel;                      // where a pixel is sampled as a whole
	bool at_samples; // coverage is taken at each sample's place, not at the pixel's
	bool smooth;     // lines are rectangles
};

/* draw and what it points to stay the caller's. */
void ugvt_setup_begin(struct ugvt_setup *setup, const struct ugvt_draw *draw);
/* How many shapes primitive becomes; 0: culled, outside, or without area. */
unsigned ugvt_setup_shapes(const struct ugvt_setup *setup, const struct ugvt_primitive *primitive,
	struct ugvt_shape shapes[UGVT_SETUP_SHAPES]);

/* How many attributes there are, each of UGVT_SETUP_ATTRIBUTE_DWORDS dwords. */
unsigned ugvt_setup_attributes(const struct ugvt_setup *setup);
struct ugvt_setup_source {
	const struct ugvt_primitive *primitive;
	const struct ugvt_shape *shape;
	unsigned vue_dwords;
};
/* Writes the attributes' dwords for a shape. */
void ugvt_setup_write(
	const struct ugvt_setup *setup, const struct ugvt_setup_source *source, uint32_t *dw);

static inline double ugvt_plane_value(const struct ugvt_plane *plane, double x, double y)
{
	return plane->at + plane->dx * x + plane->dy * y;
}

#endif
