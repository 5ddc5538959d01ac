/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <string.h>

#include "gpu/render/clip.h"
#include "gpu/sampler/lanes.h"

/*
 * Vertices to the screen, and which planes they lie behind. A vertex is behind one if it is not in front: so is what is not a
 * number. Products with the guard band's limits are rounded, which does no harm: those planes are far from what is seen, and the
 * cut itself is exact.
 */

#define LANES UGVT_VECTOR
#define AT_POSITION 4
#define AT_DISTANCES 8

struct lanes {
	float v[4][LANES];      // x, y, z, w
	float screen[4][LANES]; // and 1 / w
	uint32_t codes[LANES];
};

static inline uint32_t code(bool outside, unsigned bit)
{
	return outside ? UGVT_BIT(bit) : 0;
}

static inline uint32_t is_finite(float value)
{
	return __builtin_fabsf(value) <= FLT_MAX;
}

UGVT_LANES_INLINE void planes_find(
	const struct ugvt_clip *clip, const struct ugvt_viewport *viewport, struct lanes *lanes)
{
	float x_min = clip->guardband ? viewport->guardband[0][0] : -1;
	float x_max = clip->guardband ? viewport->guardband[0][1] : 1;
	float y_min = clip->guardband ? viewport->guardband[1][0] : -1;
	float y_max = clip->guardband ? viewport->guardband[1][1] : 1;
	float near = clip->half_z ? 0 : -1;

	for (unsigned i = 0; i < LANES; i++) {
		float x = lanes->v[0][i], y = lanes->v[1][i], z = lanes->v[2][i];
		float w = lanes->v[3][i];
		uint32_t codes = code(!(w >= UGVT_CLIP_W_MIN), UGVT_CLIP_W) |
				 code(!(z >= near * w), UGVT_CLIP_NEAR) |
				 code(!(w >= z), UGVT_CLIP_FAR) |
				 code(!(x >= x_min * w), UGVT_CLIP_X_MIN) |
				 code(!(x_max * w >= x), UGVT_CLIP_X_MAX) |
				 code(!(y >= y_min * w), UGVT_CLIP_Y_MIN) |
				 code(!(y_max * w >= y), UGVT_CLIP_Y_MAX);

		lanes->codes[i] |= codes & clip->planes;
	}
}

UGVT_LANES_INLINE void viewport_find(struct lanes *lanes)
{
	for (unsigned i = 0; i < LANES; i++) {
		float x = lanes->v[0][i], y = lanes->v[1][i], w = lanes->v[3][i];

		lanes->codes[i] |=
			code(x < -w, UGVT_CLIP_VIEWPORT) | code(x > w, UGVT_CLIP_VIEWPORT + 1) |
			code(y < -w, UGVT_CLIP_VIEWPORT + 2) | code(y > w, UGVT_CLIP_VIEWPORT + 3);
	}
}

/* May the back have it as it is? */
UGVT_LANES_INLINE void away_find(struct lanes *lanes)
{
	for (unsigned i = 0; i < LANES; i++) {
		uint32_t good =
			(uint32_t)(__builtin_fabsf(lanes->screen[0][i]) <= UGVT_SCREEN_MAX) &
			(uint32_t)(__builtin_fabsf(lanes->screen[1][i]) <= UGVT_SCREEN_MAX) &
			is_finite(lanes->screen[2][i]) & is_finite(lanes->screen[3][i]);

		lanes->codes[i] |= code(!good, UGVT_CLIP_AWAY);
	}
}

UGVT_LANES_INLINE void screen_find(
	const struct ugvt_clip *clip, const struct ugvt_viewport *viewport, struct lanes *lanes)
{
	for (unsigned i = 0; i < LANES; i++) {
		float inverse = clip->divide ? 1 / lanes->v[3][i] : 1;

		for (unsigned c = 0; c < 3; c++) {
			lanes->screen[c][i] =
				lanes->v[c][i] * inverse * viewport->scale[c] + viewport->offset[c];
		}
		lanes->screen[3][i] = clip->divide ? inverse : lanes->v[3][i];
	}
}

UGVT_CLONES static void lanes_project(
	const struct ugvt_clip *clip, const struct ugvt_viewport *viewport, struct lanes *lanes)
{
	for (unsigned i = 0; i < LANES; i++) {
		uint32_t finite = is_finite(lanes->v[0][i]) & is_finite(lanes->v[1][i]) &
				  is_finite(lanes->v[2][i]) & is_finite(lanes->v[3][i]);

		lanes->codes[i] = code(!finite, UGVT_CLIP_BAD);
	}
	if (clip->mode == UGVT_CLIP_NORMAL) {
		planes_find(clip, viewport, lanes);
		if (clip->viewport_xy) {
			viewport_find(lanes);
		}
	}
	screen_find(clip, viewport, lanes);
	away_find(lanes);
}

/* Distances to planes of the guest's own: DW8 on. */
static uint32_t distances_find(const struct ugvt_clip *clip, const struct ugvt_vertex *vertex)
{
	uint32_t codes = 0;

	for (unsigned i = 0; i < 8 && AT_DISTANCES + i < clip->vue_dwords; i++) {
		bool outside = !(ugvt_state_float(vertex->vue[AT_DISTANCES + i]) >= 0);

		codes |= code(outside && (clip->clip_distances >> i & 1), UGVT_CLIP_USER + i) |
			 code(outside && (clip->cull_distances >> i & 1), UGVT_CLIP_CULL + i);
	}
	return codes;
}

static void lanes_load(struct lanes *lanes, const struct ugvt_vertex *vertices, unsigned count)
{
	for (unsigned i = 0; i < LANES; i++) {
		float position[4];

		memcpy(position, vertices[i < count ? i : 0].vue + AT_POSITION, sizeof(position));
		for (unsigned c = 0; c < 4; c++) {
			lanes->v[c][i] = position[c];
		}
	}
}

static void lanes_store(
	const struct lanes *lanes, unsigned viewport, struct ugvt_vertex *vertices, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		vertices[i].projected = (uint8_t)(viewport + 1);
		vertices[i].codes = lanes->codes[i];
		for (unsigned c = 0; c < 4; c++) {
			vertices[i].screen[c] = lanes->screen[c][i];
		}
	}
}

void ugvt_clip_project(const struct ugvt_clip *clip, unsigned viewport,
	struct ugvt_vertex *vertices, unsigned count)
{
	bool distances = clip->mode == UGVT_CLIP_NORMAL &&
			 (clip->clip_distances | clip->cull_distances) != 0;
	struct lanes lanes;

	for (unsigned first = 0; first < count; first += LANES) {
		unsigned n = UGVT_MIN(count - first, LANES);

		lanes_load(&lanes, vertices + first, n);
		lanes_project(clip, &clip->viewports[viewport], &lanes);
		lanes_store(&lanes, viewport, vertices + first, n);
		for (unsigned i = first; distances && i < first + n; i++) {
			vertices[i].codes |= distances_find(clip, &vertices[i]);
		}
	}
}
