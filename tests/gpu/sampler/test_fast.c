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
#include "gpu/sampler/fast.h"
#include "gpu/sampler/filter.h"
#include "gpu/sampler/plan.h"
#include "tests/gpu/sampler/rig.h"

/* What was made ready gives the very bits that the general way gives: random surfaces, samplers and coordinates, also those that
 * are no numbers. Surfaces end where their memory does. */

static uint32_t seed = 1;

static unsigned random_below(unsigned limit)
{
	return rig_random(&seed) % limit;
}

struct subject {
	struct rig_surface words;
	struct ugvt_surface surface;
	struct ugvt_texture texture;
	struct ugvt_sampler sampler;
	struct rig_memory memory;
	struct ugvt_sample sample;
	struct ugvt_page_map map;
	uint64_t size;
	char *bytes;
};

static void surface_random(struct subject *s)
{
	static const char *const formats[] = {"R8G8B8A8_UNORM", "B8G8R8A8_UNORM", "B8G8R8X8_UNORM",
		"R8G8B8A8_UNORM_SRGB", "B8G8R8A8_UNORM_SRGB", "R8_UNORM", "R8G8_UNORM", "A8_UNORM",
		"R32_FLOAT", "R32G32_FLOAT", "R32G32B32A32_FLOAT", "R16_FLOAT", "R16G16_FLOAT",
		"R16G16B16A16_FLOAT", "B5G6R5_UNORM", "R10G10B10A2_UNORM", "R16G16B16A16_SNORM"};

	/* Every third is of those that go the quickest way. */
	s->words = (struct rig_surface){
		.type = UGVT_SURFACE_2D,
		.format = formats[random_below(random_below(3) ? UGVT_ARRAY_SIZE(formats) : 3)],
		.tile_mode = (const uint8_t[]){0, 2, 3}[random_below(3)],
		.width = 1 + random_below(random_below(2) ? 70 : 4),
		.height = 1 + random_below(random_below(2) ? 70 : 4),
		.depth = 1 + random_below(4),
		.pitch = 4096,
		.qpitch = 256,
		.levels = 1 + random_below(7),
		.first_level = random_below(3) == 0 ? random_below(2) : 0,
		.first_layer = random_below(3),
		.align = (const uint8_t[]){4, 8, 16}[random_below(3)],
		.array = random_below(2),
	};
	if (s->words.tile_mode == UGVT_TILE_MODE_LINEAR) {
		s->words.base = 16 * random_below(300);
	}
}

/* Floats that are no numbers are rare, else nothing else was left. Large memory repeats itself. */
static void bytes_random(struct subject *s)
{
	const uint64_t period = 60012;

	for (uint64_t i = 0; i < UGVT_MIN(s->size, period); i++) {
		s->bytes[i] = (char)rig_random(&seed);
		if (i % 4 == 3 && random_below(64) > 0) {
			s->bytes[i] = 0x3f;
		}
	}
	for (uint64_t i = period; i < s->size; i += period) {
		memcpy(s->bytes + i, s->bytes, UGVT_MIN(s->size - i, period));
	}
}

static void swizzle_random(struct ugvt_surface *surface)
{
	for (unsigned c = 0; c < 4; c++) {
		surface->swizzle[c] = random_below(8);
	}
}

static void texture_make(struct subject *s, bool paged)
{
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];

	rig_surface_state(&s->words, dw);
	assert_true(ugvt_surface_decode(&s->surface, dw));
	if (random_below(2)) {
		swizzle_random(&s->surface);
	}
	s->surface.base_level = random_below(4) == 0 ? 0.5f : 0;
	s->surface.min_lod = random_below(4) == 0 ? random_below(512) / 256.0f : 0;
	/* No byte more: a sanitizer sees what is read behind. */
	s->size = s->words.base + s->surface.size;
	if (paged) {
		s->size = UGVT_ALIGN_UP(s->size, UGVT_PAGE_SIZE);
	}
	s->bytes = malloc(s->size);
	bytes_random(s);
	rig_memory_init(&s->memory, s->bytes, s->size);
	if (paged) {
		s->memory.piece = UGVT_PAGE_SIZE;
		/* The last pages may not be there. */
		s->memory.size -=
			random_below(2) ? s->size / UGVT_PAGE_SIZE / 3 * UGVT_PAGE_SIZE : 0;
	}
	ugvt_texture_init(&s->texture, &s->surface, &s->memory.memory);
	if (paged) {
		assert_true(ugvt_texture_map(&s->texture, &s->map));
	}
}

static void sampler_random(struct ugvt_sampler *sampler)
{
	static const enum ugvt_wrap wraps[] = {UGVT_WRAP_REPEAT, UGVT_WRAP_MIRROR, UGVT_WRAP_CLAMP,
		UGVT_WRAP_CUBE, UGVT_WRAP_MIRROR_ONCE};

	*sampler = (struct ugvt_sampler){
		.min_filter = random_below(2),
		.mag_filter = random_below(2),
		.mip_filter = (const uint8_t[]){0, 1, 3}[random_below(3)],
		.preclamp = random_below(2),
		.mag_mip = random_below(2),
		.unnormalized = random_below(4) == 0,
		.bias = random_below(3) == 0 ? random_below(512) / 256.0f - 1 : 0,
		.min_lod = random_below(3) == 0 ? random_below(512) / 256.0f : 0,
		.max_lod = random_below(3) == 0 ? random_below(1024) / 256.0f : 14,
	};
	for (unsigned axis = 0; axis < 3; axis++) {
		sampler->wrap[axis] = sampler->unnormalized
					      ? UGVT_WRAP_CLAMP
					      : wraps[random_below(UGVT_ARRAY_SIZE(wraps))];
		sampler->round_min[axis] = random_below(2);
		sampler->round_mag[axis] = random_below(2);
	}
}

static float value_random(float scale)
{
	static const float special[] = {NAN, INFINITY, -INFINITY, -0.0f, 0x1p-149f, -0x1p-149f,
		0x1p23f, -0x1p23f, 0x1p31f, 3e38f, -3e38f, 1, -1, 0.5f, -0x1p-25f, 0.99999994f};

	if (random_below(8) == 0) {
		return special[random_below(UGVT_ARRAY_SIZE(special))];
	}
	return (rig_random_float(&seed) * 6 - 3) * scale;
}

/* A row of quads over which a coordinate runs evenly, as on a triangle. */
static void coordinates_even(float *values, float step)
{
	float begin = values[0];
	float x_step = step * (rig_random_float(&seed) * 2 - 1);
	float y_step = step * (rig_random_float(&seed) * 2 - 1);

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		unsigned x = i / 4 * 2 + i % 2, y = i / 2 % 2;

		values[i] = begin + (float)x * x_step + (float)y * y_step;
	}
}

/* Quads of points near each other, or anywhere. */
static void coordinates_random(struct subject *s, unsigned axis, float scale)
{
	float *values = s->sample.coordinates[axis];
	float step = ldexpf(scale, -(int)random_below(10));

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		values[i] = value_random(scale);
		if (i % 4 != 0 && random_below(8) > 0) {
			values[i] = values[i & ~3u] + step * rig_random_float(&seed);
		}
	}
	if (random_below(3) == 0) {
		coordinates_even(values, step);
	}
}

static void sample_random(struct subject *s)
{
	bool whole = s->sampler.unnormalized;

	memset(&s->sample, 0, sizeof(s->sample));
	s->sample.op =
		(const uint8_t[]){UGVT_SAMPLE, UGVT_SAMPLE_B, UGVT_SAMPLE_L}[random_below(3)];
	s->sample.mask = random_below(2) ? 0xffff : rig_random(&seed) & 0xffff;
	coordinates_random(s, 0, whole ? s->surface.width : 1);
	coordinates_random(s, 1, whole ? s->surface.height : 1);
	coordinates_random(s, 2, s->surface.depth);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		s->sample.lod[i] = value_random(3);
	}
}

/* Both halves of the lanes, together or one after the other. */
static void fast_run(
	const struct subject *s, const struct ugvt_fast *fast, struct ugvt_texels *texels)
{
	struct ugvt_fast_lanes lanes[2];

	for (unsigned half = 0; half < 2; half++) {
		unsigned lane = 8 * half;

		lanes[half] = (struct ugvt_fast_lanes){
			.u = (const uint8_t *)&s->sample.coordinates[0][lane],
			.v = (const uint8_t *)&s->sample.coordinates[1][lane],
			.layer = (const uint8_t *)&s->sample.coordinates[2][lane],
			.lod = (const uint8_t *)&s->sample.lod[lane],
			.mask = (uint8_t)(s->sample.mask >> lane),
		};
		for (unsigned c = 0; c < 4; c++) {
			lanes[half].out[c] = &texels->c[c][lane];
		}
	}
	if (random_below(3) > 0) {
		ugvt_fast_sample(fast, lanes, 2);
	} else {
		ugvt_fast_sample(fast, &lanes[0], 1);
		ugvt_fast_sample(fast, &lanes[1], 1);
	}
}

/* Any that is no number is as good as another. */
static bool is_same(uint32_t a, uint32_t b)
{
	return a == b || ((a & 0x7fffffff) > 0x7f800000 && (b & 0x7fffffff) > 0x7f800000);
}

static void results_check(const struct subject *s, const struct ugvt_texels *got)
{
	struct ugvt_texture texture = s->texture;
	struct ugvt_texels want;

	ugvt_sample(&texture, &s->sampler, &s->sample, &want);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		for (unsigned c = 0; c < 4; c++) {
			uint32_t bits = s->sample.mask >> i & 1 ? want.c[c][i] : 0xeeeeeeee;

			if (!is_same(got->c[c][i], bits)) {
				fail_msg(
					"%s %ux%u tiling %u wrap %u %u filters %u %u %u op %u lane %u (%a %a) channel %u: %08x, not %08x",
					s->words.format, s->surface.width, s->surface.height,
					s->words.tile_mode, s->sampler.wrap[0], s->sampler.wrap[1],
					s->sampler.min_filter, s->sampler.mag_filter,
					s->sampler.mip_filter, s->sample.op, i,
					s->sample.coordinates[0][i], s->sample.coordinates[1][i], c,
					got->c[c][i], bits);
			}
		}
	}
}

static void test_same(void **state)
{
	unsigned done = 0;

	for (unsigned i = 0; i < 3000; i++) {
		struct subject s = {0};

		surface_random(&s);
		texture_make(&s, i % 2);
		for (unsigned n = 0; n < 8; n++) {
			struct ugvt_fast fast;
			struct ugvt_texels got;

			sampler_random(&s.sampler);
			sample_random(&s);
			memset(&got, 0xee, sizeof(got));
			if (ugvt_fast_init(&fast, &s.texture, &s.sampler, s.sample.op)) {
				fast_run(&s, &fast, &got);
				results_check(&s, &got);
				done++;
			}
		}
		ugvt_page_map_finish(&s.map);
		free(s.bytes);
	}
	/* Machines without such vectors have nothing to compare. */
	print_message("%u messages\n", done);
}

static int32_t integer_random(unsigned size)
{
	return random_below(16) == 0 ? (int32_t)rig_random(&seed)
				     : (int32_t)random_below(size + 2) - (int32_t)random_below(2);
}

static void load_random(struct subject *s, struct ugvt_load *load)
{
	*load = (struct ugvt_load){.mask = random_below(2) ? 0xffff : rig_random(&seed) & 0xffff};
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		unsigned lod = random_below(3) ? 0 : random_below(s->surface.levels);

		load->lod[i] = random_below(16) ? (int32_t)lod : integer_random(16);
		load->coordinates[0][i] = integer_random(s->surface.width >> lod);
		load->coordinates[1][i] = integer_random(s->surface.height >> lod);
		load->coordinates[2][i] = integer_random(s->surface.depth);
	}
}

static void load_check(struct subject *s, const struct ugvt_fast *fast)
{
	struct ugvt_texels got, want;
	struct ugvt_load load;

	load_random(s, &load);
	memset(&got, 0xee, sizeof(got));
	for (unsigned lane = 0; lane < UGVT_LANES; lane += 8) {
		struct ugvt_fast_lanes lanes = {
			.u = (const uint8_t *)&load.coordinates[0][lane],
			.v = (const uint8_t *)&load.coordinates[1][lane],
			.layer = (const uint8_t *)&load.coordinates[2][lane],
			.lod = (const uint8_t *)&load.lod[lane],
			.mask = (uint8_t)(load.mask >> lane),
		};

		for (unsigned c = 0; c < 4; c++) {
			lanes.out[c] = &got.c[c][lane];
		}
		ugvt_fast_load(fast, &lanes, 1);
	}
	ugvt_load(&s->texture, &load, &want);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		for (unsigned c = 0; c < 4; c++) {
			assert_int_equal(
				got.c[c][i], load.mask >> i & 1 ? want.c[c][i] : 0xeeeeeeee);
		}
	}
}

static void test_loads(void **state)
{
	static const char *const formats[] = {"R8G8B8A8_UINT", "B8G8R8A8_UNORM", "R8_UINT",
		"R8G8B8A8_UNORM_SRGB", "R32_UINT", "R32G32B32A32_SINT", "R32G32_FLOAT",
		"R16G16B16A16_UINT", "R16_UNORM", "R8G8B8A8_SINT"};

	for (unsigned i = 0; i < 1000; i++) {
		struct subject s = {0};
		struct ugvt_fast fast;

		surface_random(&s);
		s.words.format = formats[i % UGVT_ARRAY_SIZE(formats)];
		texture_make(&s, random_below(2));
		for (unsigned n = 0; n < 8 && ugvt_fast_init_load(&fast, &s.texture); n++) {
			load_check(&s, &fast);
		}
		ugvt_page_map_finish(&s.map);
		free(s.bytes);
	}
}

/* Whatever a machine has: what the general way must do is not taken over. */
static void test_refused(void **state)
{
	struct subject s = {.words = {.type = UGVT_SURFACE_2D,
				    .format = "R8G8B8A8_UNORM",
				    .width = 8,
				    .height = 8,
				    .pitch = 64,
				    .levels = 1}};
	struct ugvt_fast fast;

	texture_make(&s, false);
	s.sampler.wrap[1] = UGVT_WRAP_BORDER;
	assert_false(ugvt_fast_init(&fast, &s.texture, &s.sampler, UGVT_SAMPLE));
	s.sampler.wrap[1] = UGVT_WRAP_CLAMP;
	assert_false(ugvt_fast_init(&fast, &s.texture, &s.sampler, UGVT_SAMPLE_GATHER));
	s.sampler.max_anisotropy = 2;
	s.sampler.min_filter = UGVT_MAP_ANISOTROPIC;
	assert_false(ugvt_fast_init(&fast, &s.texture, &s.sampler, UGVT_SAMPLE));
	s.sampler.min_filter = UGVT_MAP_LINEAR;
	s.texture.host_size--;
	assert_false(ugvt_fast_init(&fast, &s.texture, &s.sampler, UGVT_SAMPLE));
	free(s.bytes);
}

/* Sums of codes are divided so: all significands, but none of the exponents at which that would not hold. */
#if defined(__x86_64__)
__attribute__((target("fma"))) static unsigned divisions_wrong(void)
{
	const float one = UGVT_CODE_ONE * UGVT_WEIGHT_ONE * UGVT_WEIGHT_ONE;
	unsigned wrong = 0;

	for (uint32_t bits = 0x3f800000; bits < 0x40800000; bits++) {
		float sum, guess;

		memcpy(&sum, &bits, sizeof(sum));
		guess = sum * (1 / one);
		wrong += __builtin_fmaf(__builtin_fmaf(-guess, one, sum), 1 / one, guess) !=
			 sum / one;
	}
	return wrong;
}

static void test_division(void **state)
{
	if (!__builtin_cpu_supports("fma")) {
		skip();
	}
	assert_int_equal(divisions_wrong(), 0);
}
#else
static void test_division(void **state)
{
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_division),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_loads),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
