/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/plan.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"

/* Rounded to the nearest (of two as near the even one, as blorp takes for granted), and inside; NaN is 0. */
static uint32_t array_index(float index, uint32_t count)
{
	if (!(index > 0)) {
		return 0;
	}
	return index >= count ? count - 1 : UGVT_MIN((uint32_t)rintf(index), count - 1);
}

static void slices_take(struct ugvt_plan *plan, const float *indices)
{
	uint32_t count = plan->surface->level[plan->surface->first_level].slices;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		plan->slice[i] = plan->surface->array ? array_index(indices[i], count) : 0;
	}
}

static void cube_coordinates(struct ugvt_plan *plan)
{
	const struct ugvt_sample *sample = plan->sample;
	uint32_t cubes = plan->surface->depth;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		float vector[3] = {sample->coordinates[0][i], sample->coordinates[1][i],
			sample->coordinates[2][i]};
		unsigned face =
			ugvt_cube_face(vector, &plan->coordinates[0][i], &plan->coordinates[1][i]);
		uint32_t cube =
			plan->surface->array ? array_index(sample->coordinates[3][i], cubes) : 0;

		plan->slice[i] = cube * 6 + face;
	}
}

void ugvt_plan_coordinates(struct ugvt_plan *plan)
{
	const struct ugvt_sample *sample = plan->sample;
	enum ugvt_surface_type type = plan->surface->type;

	memcpy(plan->coordinates, sample->coordinates, sizeof(plan->coordinates));
	memset(plan->slice, 0, sizeof(plan->slice));
	memcpy(plan->wrap, plan->sampler->wrap, sizeof(plan->wrap));
	switch (type) {
	case UGVT_SURFACE_1D:
		plan->axes = 1;
		slices_take(plan, sample->coordinates[1]);
		break;
	case UGVT_SURFACE_3D: plan->axes = 3; break;
	case UGVT_SURFACE_CUBE:
		plan->axes = 2;
		cube_coordinates(plan);
		break;
	default:
		plan->axes = 2;
		slices_take(plan, sample->coordinates[2]);
		break;
	}
	for (unsigned axis = 0; axis < 3; axis++) {
		if (type == UGVT_SURFACE_CUBE && plan->sampler->cube_override) {
			plan->wrap[axis] = UGVT_WRAP_CUBE;
		} else if (type != UGVT_SURFACE_CUBE && plan->wrap[axis] == UGVT_WRAP_CUBE) {
			plan->wrap[axis] = UGVT_WRAP_CLAMP;
		}
	}
}

/* One difference to the right and one downwards for each quad. */
static void quads_differentiate(const float *values, float scale, float *x, float *y)
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		const float *quad = values + (i & ~3u);

		x[i] = (quad[1] - quad[0]) * scale;
		y[i] = (quad[2] - quad[0]) * scale;
	}
}

/* How many texels 1 is, of the first level. */
static float axis_scale(const struct ugvt_plan *plan, unsigned axis)
{
	const struct ugvt_surface_level *level = &plan->surface->level[plan->surface->first_level];

	if (plan->surface->type == UGVT_SURFACE_CUBE) {
		return level->width * 0.5f;
	}
	if (plan->sampler->unnormalized) {
		return 1;
	}
	return axis == 0 ? level->width : axis == 1 ? level->height : level->slices;
}

/* Where a quad's first three points are on a face's plane. */
static void quad_onto(
	const struct ugvt_sample *sample, unsigned first, unsigned face, float points[2][3])
{
	for (unsigned i = 0; i < 3; i++) {
		float vector[3] = {sample->coordinates[0][first + i],
			sample->coordinates[1][first + i], sample->coordinates[2][first + i]};

		ugvt_cube_onto(face, vector, &points[0][i], &points[1][i]);
	}
}

/*
 * On the face of each lane: a quad at an edge must not have the others' LODs from lanes that nobody sees. From the corner of a
 * cube, a quad is longer on two of the planes than on the third one.
 */
static void cubes_differentiate(const struct ugvt_plan *plan, struct ugvt_gradients *gradients)
{
	float scale = axis_scale(plan, 0);
	float points[2][3];

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		unsigned face = plan->slice[i] % 6;

		if (i % 4 == 0 || face != plan->slice[i - 1] % 6) {
			quad_onto(plan->sample, i & ~3u, face, points);
		}
		for (unsigned axis = 0; axis < 2; axis++) {
			gradients->x[axis][i] = (points[axis][1] - points[axis][0]) * scale;
			gradients->y[axis][i] = (points[axis][2] - points[axis][0]) * scale;
		}
	}
}

/* A vector that is as long as the cube's side moves as its point on the cube does. */
void ugvt_plan_gradients(const struct ugvt_plan *plan, struct ugvt_gradients *gradients)
{
	const struct ugvt_sample *sample = plan->sample;
	unsigned axes = plan->surface->type == UGVT_SURFACE_CUBE ? 3 : plan->axes;

	memset(gradients, 0, sizeof(*gradients));
	if (plan->surface->type == UGVT_SURFACE_CUBE && sample->op != UGVT_SAMPLE_D) {
		cubes_differentiate(plan, gradients);
		return;
	}
	for (unsigned axis = 0; axis < axes; axis++) {
		float scale = axis_scale(plan, axis);

		if (sample->op != UGVT_SAMPLE_D) {
			quads_differentiate(sample->coordinates[axis], scale, gradients->x[axis],
				gradients->y[axis]);
			continue;
		}
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			gradients->x[axis][i] = sample->gradients.x[axis][i] * scale;
			gradients->y[axis][i] = sample->gradients.y[axis][i] * scale;
		}
	}
}
