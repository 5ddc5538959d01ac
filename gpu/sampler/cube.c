/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "gpu/sampler/plan.h"

/* Cube maps: PRM SNB vol 4 part 1, "Texture Coordinate Computation"; faces and their orientation: PRM BDW vol 5, "Hardware Cube
 * Map Layout", the same as in GL (4.6, table 8.19). */

/* The axes of a face: its own, that of s, that of t; each with a sign. */
static const struct face {
	uint8_t major;
	int8_t major_sign;
	uint8_t s;
	int8_t s_sign;
	uint8_t t;
	int8_t t_sign;
} faces[6] = {
	{0, 1, 2, -1, 1, -1},
	{0, -1, 2, 1, 1, -1},
	{1, 1, 0, 1, 2, 1},
	{1, -1, 0, 1, 2, -1},
	{2, 1, 0, 1, 1, -1},
	{2, -1, 0, -1, 1, -1},
};

/* How near to a face's plane vectors may be that are taken to it. */
#define STEEPEST 0x1p-4f

static unsigned face_of_axis(unsigned axis, bool negative)
{
	return 2 * axis + negative;
}

/* Which of the axes is the longest: z before y before x among equals. */
unsigned ugvt_cube_face(const float *vector, float *s, float *t)
{
	float x = fabsf(vector[0]);
	float y = fabsf(vector[1]);
	float z = fabsf(vector[2]);
	unsigned axis = z >= x && z >= y ? 2 : y >= x ? 1 : 0;
	unsigned number = face_of_axis(axis, signbit(vector[axis]));
	const struct face *face = &faces[number];
	float length = fabsf(vector[axis]);

	*s = vector[face->s] * face->s_sign / length * 0.5f + 0.5f;
	*t = vector[face->t] * face->t_sign / length * 0.5f + 0.5f;
	return number;
}

void ugvt_cube_project(unsigned number, const float *vector, float *s, float *t)
{
	const struct face *face = &faces[number];

	*s = vector[face->s] * face->s_sign;
	*t = vector[face->t] * face->t_sign;
}

void ugvt_cube_onto(unsigned number, const float *vector, float *s, float *t)
{
	const struct face *face = &faces[number];
	float length = fmaxf(vector[face->major] * face->major_sign, STEEPEST);

	ugvt_cube_project(number, vector, s, t);
	*s /= length;
	*t /= length;
}

/*
 * In units of half texels from the middle of the cube, its faces are size away. A texel beyond an edge is one whose vector bends
 * around that edge: what it has too much becomes less of the old face's axis.
 */
bool ugvt_cube_fold(unsigned *number, int32_t *x, int32_t *y, int32_t size)
{
	const struct face *face = &faces[*number];
	int32_t s = 2 * *x + 1 - size;
	int32_t t = 2 * *y + 1 - size;
	bool across = s < -size || s > size;
	bool down = t < -size || t > size;
	int32_t vector[3];
	int32_t over;

	if (across && down) {
		return false;
	}
	if (!across && !down) {
		return true;
	}
	over = across ? (s < 0 ? -s : s) - size : (t < 0 ? -t : t) - size;
	vector[face->major] = face->major_sign * (size - over);
	vector[face->s] = face->s_sign * (across ? (s < 0 ? -size : size) : s);
	vector[face->t] = face->t_sign * (down ? (t < 0 ? -size : size) : t);
	*number = across ? face_of_axis(face->s, vector[face->s] < 0)
			 : face_of_axis(face->t, vector[face->t] < 0);
	face = &faces[*number];
	*x = (face->s_sign * vector[face->s] + size - 1) / 2;
	*y = (face->t_sign * vector[face->t] + size - 1) / 2;
	return true;
}
