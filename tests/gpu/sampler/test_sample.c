/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/sampler/sample.h"
#include "tests/gpu/sampler/reference.h"
#include "tests/gpu/sampler/rig.h"

/*
 * Random textures, samplers and coordinates against the reference. Coordinates keep off the places where a nearest filter, a
 * nearest level or a comparison could go either way.
 */

static uint32_t seed = 1;

static unsigned random_below(unsigned limit)
{
	return rig_random(&seed) % limit;
}

static float random_between(float low, float high)
{
	return low + (high - low) * rig_random_float(&seed);
}

struct subject {
	struct rig_surface words;
	struct ugvt_surface surface;
	struct ugvt_texture texture;
	struct ugvt_sampler sampler;
	struct ugvt_sample sample;
	struct reference_texture reference;
	struct rig_memory memory;
	char *bytes;
};

/* Random texels, those that the format can hold, in both places. */
static void texels_fill(struct subject *s, unsigned lod)
{
	struct ugvt_surface_level *level = &s->surface.level[lod];
	unsigned count = level->width * level->height * level->slices;
	float(*texels)[4] = calloc(count, sizeof(*texels));

	for (unsigned i = 0; i < count; i++) {
		struct ugvt_texel_at at = {i % level->width, i / level->width % level->height,
			i / level->width / level->height, lod};
		struct ugvt_elements elements = {0};
		struct ugvt_texels values = {0};
		uint64_t offset;

		for (unsigned c = 0; c < 4; c++) {
			float value = random_below(256) / 255.0f;

			memcpy(&values.c[c][0], &value, sizeof(value));
		}
		ugvt_texels_store(s->surface.format, &values, &elements);
		ugvt_texels_load(s->surface.format, &elements, &values);
		assert_true(ugvt_surface_offset(&s->surface, &at, &offset));
		for (unsigned d = 0; d < 4 && d * 4 < s->surface.element; d++) {
			memcpy(s->bytes + offset + 4 * d, &elements.dw[d][0],
				UGVT_MIN(4, s->surface.element - 4 * d));
		}
		for (unsigned c = 0; c < 4; c++) {
			memcpy(&texels[i][c], &values.c[c][0], sizeof(float));
		}
	}
	s->reference.texels[lod] = texels;
}

static void subject_texture(struct subject *s)
{
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
	uint64_t size;

	rig_surface_state(&s->words, dw);
	assert_true(ugvt_surface_decode(&s->surface, dw));
	size = UGVT_ALIGN_UP(s->surface.size, UGVT_PAGE_SIZE);
	s->bytes = calloc(1, size);
	rig_memory_init(&s->memory, s->bytes, size);
	s->memory.piece = random_below(2) ? UINT64_MAX : UGVT_PAGE_SIZE;
	s->reference = (struct reference_texture){s->words.type, (int)s->surface.width,
		(int)s->surface.height, (int)s->surface.depth, s->surface.levels};
	for (unsigned lod = 0; lod < s->surface.levels; lod++) {
		texels_fill(s, lod);
	}
	ugvt_texture_init(&s->texture, &s->surface, &s->memory.memory);
}

static void subject_random(struct subject *s)
{
	static const char *const formats[] = {"R8G8B8A8_UNORM", "R32G32B32A32_FLOAT",
		"R16G16B16A16_FLOAT", "B5G6R5_UNORM", "R8G8B8A8_UNORM_SRGB", "R8_UNORM"};
	enum ugvt_surface_type type = random_below(3);

	memset(s, 0, sizeof(*s));
	s->words = (struct rig_surface){
		.type = type,
		.format = formats[random_below(UGVT_ARRAY_SIZE(formats))],
		.tile_mode = type == UGVT_SURFACE_1D ? UGVT_TILE_MODE_LINEAR
						     : (const uint8_t[]){0, 2, 3}[random_below(3)],
		.width = 1 + random_below(40),
		.height = type == UGVT_SURFACE_1D ? 1 : 1 + random_below(40),
		.depth = 1 + random_below(5),
		.pitch = 2048,
		.qpitch = 256,
		.levels = 1 + random_below(4),
		.array = type != UGVT_SURFACE_3D,
	};
	subject_texture(s);
}

static void subject_finish(struct subject *s)
{
	assert_int_equal(s->memory.outside, 0);
	for (unsigned lod = 0; lod < UGVT_SURFACE_LODS; lod++) {
		free(s->reference.texels[lod]);
	}
	free(s->bytes);
}

static void sampler_random(struct subject *s)
{
	static const enum ugvt_wrap wraps[] = {UGVT_WRAP_REPEAT, UGVT_WRAP_MIRROR, UGVT_WRAP_CLAMP,
		UGVT_WRAP_BORDER, UGVT_WRAP_MIRROR_ONCE, UGVT_WRAP_HALF_BORDER};
	float border[4] = {0.25f, 0.5f, 0.75f, 1};
	struct ugvt_sampler *sampler = &s->sampler;

	*sampler = (struct ugvt_sampler){
		.min_filter = random_below(2),
		.mag_filter = random_below(2),
		.mip_filter = (const uint8_t[]){0, 1, 3}[random_below(3)],
		.shadow = UGVT_SHADOW_LEQUAL,
		.preclamp = random_below(2),
		.bias = random_below(3) == 0 ? random_below(512) / 256.0f - 1 : 0,
		.min_lod = random_below(3) == 0 ? random_below(512) / 256.0f : 0,
		.max_anisotropy = 2,
	};
	sampler->max_lod =
		random_below(3) == 0 ? sampler->min_lod + random_below(512) / 256.0f : 14;
	for (unsigned axis = 0; axis < 3; axis++) {
		sampler->wrap[axis] = wraps[random_below(UGVT_ARRAY_SIZE(wraps))];
		sampler->round_min[axis] = sampler->min_filter == UGVT_MAP_LINEAR;
		sampler->round_mag[axis] = sampler->mag_filter == UGVT_MAP_LINEAR;
	}
	for (unsigned c = 0; c < 4; c++) {
		if (s->surface.format->channels[c].type == UGVT_CHANNEL_NONE) {
			border[c] = c == 3;
		}
	}
	memcpy(sampler->border, border, sizeof(border));
}

static bool is_near(double value, double margin)
{
	return fabs(value - floor(value + 0.5)) < margin;
}

/* A coordinate in eighths of texels of the first level and a little more: no edge of a texel, at any level. */
static float coordinate_random(unsigned size)
{
	int eighths = (int)random_below(size * 8 * 5) - (int)size * 8 * 2;

	return (eighths + 0.3f + 0.4f * rig_random_float(&seed)) / (8.0f * size);
}

/* May a nearest filter choose another texel if the coordinate is a little off? */
static bool lane_is_doubtful(const struct subject *s, unsigned lane, double lod)
{
	double last = s->surface.levels - 1;

	for (unsigned level = 0; level <= last; level++) {
		const struct ugvt_surface_level *size = &s->surface.level[level];

		if (is_near(s->sample.coordinates[0][lane] * size->width, 0.01) ||
			is_near(s->sample.coordinates[1][lane] * size->height, 0.01) ||
			is_near(s->sample.coordinates[2][lane] * size->slices, 0.01)) {
			return true;
		}
	}
	return is_near(lod, 0.01) || is_near(lod + 0.5, 0.01);
}

static void lane_check(
	const struct subject *s, unsigned i, double lod, const struct ugvt_texels *got)
{
	const struct ugvt_sample *sample = &s->sample;
	struct reference_lane lane = {
		.coordinates = {sample->coordinates[0][i], sample->coordinates[1][i],
			sample->coordinates[2][i]},
		.lod = lod,
		.ref = sample->ref[i],
		.compare = sample->compare,
		.offset = {sample->offset[0], sample->offset[1], sample->offset[2]},
	};
	/* Weights of 8 bits in each direction, of texels between 0 and 1. */
	double tolerance = 4.0 / 256;
	double want[4];

	if (s->words.type == UGVT_SURFACE_1D) {
		lane.layer = (int)sample->coordinates[1][i];
	} else if (s->words.type == UGVT_SURFACE_2D) {
		lane.layer = (int)sample->coordinates[2][i];
	}
	reference_sample(&s->reference, &s->sampler, &lane, want);
	for (unsigned c = 0; c < 4; c++) {
		float value;

		memcpy(&value, &got->c[c][i], sizeof(value));
		if (!(fabs(value - want[c]) <= tolerance)) {
			fail_msg("%s %ux%ux%u type %u, lane %u channel %u lod %g: %g, not %g",
				s->words.format, s->surface.width, s->surface.height,
				s->surface.depth, s->words.type, i, c, lod, value, want[c]);
		}
	}
}

static void lanes_random(struct subject *s)
{
	struct ugvt_sample *sample = &s->sample;
	bool compare = s->words.format[1] == '8' && s->words.format[2] == '_';

	*sample = (struct ugvt_sample){.op = UGVT_SAMPLE_L, .mask = 0xffff};
	sample->compare = compare && random_below(2);
	for (unsigned axis = 0; axis < 3; axis++) {
		sample->offset[axis] = random_below(2) ? (int)random_below(16) - 8 : 0;
	}
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		sample->coordinates[0][i] = coordinate_random(s->surface.width);
		sample->coordinates[1][i] = coordinate_random(s->surface.height);
		sample->coordinates[2][i] = coordinate_random(s->surface.depth);
		if (s->words.type == UGVT_SURFACE_1D) {
			sample->coordinates[1][i] = random_below(s->surface.depth);
		} else if (s->words.type == UGVT_SURFACE_2D) {
			sample->coordinates[2][i] = random_below(s->surface.depth);
		}
		sample->lod[i] = random_between(-2, 4);
		sample->ref[i] = (random_below(255) + 0.5f) / 255;
	}
}

/* Layers are whole numbers: not to be looked at. */
static bool lane_is_sure(struct subject *s, unsigned lane, double lod)
{
	struct subject copy = *s;

	if (s->words.type != UGVT_SURFACE_3D) {
		copy.sample.coordinates[2][lane] = 0.5f / 7;
	}
	if (s->words.type == UGVT_SURFACE_1D) {
		copy.sample.coordinates[1][lane] = 0.5f / 7;
	}
	return !lane_is_doubtful(&copy, lane, lod);
}

static void test_filters(void **state)
{
	unsigned checked = 0;

	for (unsigned i = 0; i < 600; i++) {
		struct subject *s = calloc(1, sizeof(*s));

		subject_random(s);
		for (unsigned n = 0; n < 8; n++) {
			struct ugvt_texels got;

			sampler_random(s);
			lanes_random(s);
			ugvt_sample(&s->texture, &s->sampler, &s->sample, &got);
			for (unsigned lane = 0; lane < UGVT_LANES; lane++) {
				double lod = s->sample.lod[lane];

				if (lane_is_sure(s, lane, lod + s->sampler.bias)) {
					lane_check(s, lane, lod, &got);
					checked++;
				}
			}
		}
		subject_finish(s);
		free(s);
	}
	assert_true(checked > 40000);
}

/* Quads on a plane: LODs are those of its slopes. */
static void quads_random(struct subject *s, double *lods)
{
	const float size[3] = {s->surface.width, s->surface.height, s->surface.depth};
	unsigned axes = s->words.type == UGVT_SURFACE_1D   ? 1
			: s->words.type == UGVT_SURFACE_3D ? 3
							   : 2;

	for (unsigned quad = 0; quad < 4; quad++) {
		double square[2] = {0};

		for (unsigned axis = 0; axis < axes; axis++) {
			float *values = &s->sample.coordinates[axis][4 * quad];
			float dx = random_between(-6, 6) / size[axis];
			float dy = random_between(-6, 6) / size[axis];

			values[1] = values[0] + dx;
			values[2] = values[0] + dy;
			values[3] = values[0] + dx + dy;
			square[0] += pow((values[1] - values[0]) * size[axis], 2);
			square[1] += pow((values[2] - values[0]) * size[axis], 2);
		}
		for (unsigned i = 0; i < 4; i++) {
			lods[4 * quad + i] = 0.5 * log2(fmax(square[0], square[1]));
		}
	}
}

/* Also as gradients that the message has, and with a bias. */
static void test_lods(void **state)
{
	for (unsigned i = 0; i < 600; i++) {
		struct subject *s = calloc(1, sizeof(*s));
		double lods[UGVT_LANES];
		struct ugvt_texels got;
		float bias = 0;

		subject_random(s);
		sampler_random(s);
		lanes_random(s);
		quads_random(s, lods);
		s->sample.op = i % 3 == 0   ? UGVT_SAMPLE_D
			       : i % 3 == 1 ? UGVT_SAMPLE_B
					    : UGVT_SAMPLE;
		bias = s->sample.op == UGVT_SAMPLE_B ? random_between(-2, 2) : 0;
		for (unsigned lane = 0; lane < UGVT_LANES; lane++) {
			s->sample.lod[lane] = bias;
			for (unsigned axis = 0; axis < 3; axis++) {
				const float *quad = &s->sample.coordinates[axis][lane & ~3u];

				s->sample.gradients.x[axis][lane] = quad[1] - quad[0];
				s->sample.gradients.y[axis][lane] = quad[2] - quad[0];
			}
		}
		ugvt_sample(&s->texture, &s->sampler, &s->sample, &got);
		for (unsigned lane = 0; lane < UGVT_LANES; lane++) {
			double lod = lods[lane] + bias;

			if (lane_is_sure(s, lane, lod + s->sampler.bias)) {
				lane_check(s, lane, lod, &got);
			}
		}
		subject_finish(s);
		free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_lods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
