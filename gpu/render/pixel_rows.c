/* SPDX-License-Identifier: MIT */
#define ROWS ugvt_pixel_rows_base
#include "gpu/render/pixel_rows_template.h"
#include "gpu/sampler/lanes.h"

static void steps_make(struct ugvt_pixel_steps *steps, const struct ugvt_plane *plane, double place)
{
	*steps = (struct ugvt_pixel_steps){
		.lanes = {0, plane->dx, plane->dy, plane->dx + plane->dy},
		.at = plane->at + plane->dx * place + plane->dy * place,
		.dx = plane->dx,
		.dy = plane->dy,
	};
}

void ugvt_pixel_planes_make(
	struct ugvt_pixel_planes *planes, const struct ugvt_shape *shape, bool linear, double place)
{
	const struct ugvt_plane *w = &shape->inverse_w;

	for (unsigned b = 0; b < PLANES; b++) {
		steps_make(
			&planes->b[b], linear ? &shape->linear[b] : &shape->perspective[b], place);
	}
	steps_make(&planes->w, w, place);
	planes->flat = linear || (w->dx == 0 && w->dy == 0);
	planes->scale = linear ? 1 : 1 / w->at;
}

const struct ugvt_pixel_rows *ugvt_pixel_rows_find(void)
{
#if defined(__x86_64__)
	if (ugvt_lanes_are_wide()) {
		return &ugvt_pixel_rows_avx512;
	}
	if (__builtin_cpu_supports("avx2")) {
		return &ugvt_pixel_rows_avx2;
	}
#endif
	return &ugvt_pixel_rows_base;
}
