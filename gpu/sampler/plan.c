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

/* On the face of each quad's first lane: points on other faces are taken to where they are on its plane. */
static void cubes_differentiate(const struct ugvt_plan *plan, struct ugvt_gradients *gradients)
{
	const struct ugvt_sample *sample = plan->sample;
	float points[2][UGVT_LANES];

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		float vector[3] = {sample->coordinates[0][i], sample->coordinates[1][i],
			sample->coordinates[2][i]};

		ugvt_cube_onto(plan->slice[i & ~3u] % 6, vector, &points[0][i], &points[1][i]);
	}
	for (unsigned axis = 0; axis < 2; axis++) {
		quads_differentiate(points[axis], axis_scale(plan, axis), gradients->x[axis],
			gradients->y[axis]);
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
