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
#include "gpu/sampler/plan.h"
#include "gpu/sampler/sample.h"
#include "tests/gpu/sampler/rig.h"

/* Each message by itself, on textures whose texels tell where they are. */

struct scene {
	struct ugvt_surface surface;
	struct ugvt_texture texture;
	struct ugvt_sampler sampler;
	struct ugvt_sample sample;
	struct ugvt_texels got;
	struct rig_memory memory;
	uint32_t state[UGVT_SURFACE_STATE_DWORDS];
	char *bytes;
};

static float lane_float(const struct scene *scene, unsigned c, unsigned lane)
{
	float value;

	memcpy(&value, &scene->got.c[c][lane], sizeof(value));
	return value;
}

static void scene_rebind(struct scene *scene)
{
	assert_true(ugvt_surface_decode(&scene->surface, scene->state));
	ugvt_texture_init(&scene->texture, &scene->surface, &scene->memory.memory);
}

static void scene_init(struct scene *scene, const struct rig_surface *words)
{
	memset(scene, 0, sizeof(*scene));
	rig_surface_state(words, scene->state);
	assert_true(ugvt_surface_decode(&scene->surface, scene->state));
	scene->bytes = calloc(1, scene->surface.size);
	rig_memory_init(&scene->memory, scene->bytes, scene->surface.size);
	scene_rebind(scene);
	scene->sample.mask = 0xffff;
	scene->sampler.max_lod = 14;
	scene->sampler.max_anisotropy = 16;
}

static void scene_finish(struct scene *scene)
{
	assert_int_equal(scene->memory.outside, 0);
	free(scene->bytes);
}

static void *texel(struct scene *scene, struct ugvt_texel_at at)
{
	uint64_t offset;

	assert_true(ugvt_surface_offset(&scene->surface, &at, &offset));
	return scene->bytes + offset;
}

static void run(struct scene *scene)
{
	ugvt_sample(&scene->texture, &scene->sampler, &scene->sample, &scene->got);
}

static const struct rig_surface gray = {
	UGVT_SURFACE_2D, "R8_UNORM", UGVT_TILE_MODE_Y, .width = 16, .height = 16, .pitch = 128};
static const struct rig_surface floats = {UGVT_SURFACE_2D, "R32_FLOAT", UGVT_TILE_MODE_Y,
	.width = 64, .height = 64, .pitch = 256, .levels = 7};

/* Texel x, y is 16 * y + x. */
static void test_gather(void **state)
{
	struct scene scene;

	scene_init(&scene, &gray);
	for (unsigned i = 0; i < 256; i++) {
		*(uint8_t *)texel(&scene, (struct ugvt_texel_at){i % 16, i / 16}) = i;
	}
	scene.sample.op = UGVT_SAMPLE_GATHER;
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		scene.sample.coordinates[0][i] = (4 + i % 4) / 16.0f;
		scene.sample.coordinates[1][i] = (8 + i / 4) / 16.0f;
		scene.sample.offsets[0][i] = i == 5 ? -2 : 0;
		scene.sample.offsets[1][i] = i == 5 ? 3 : 0;
	}
	run(&scene);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		unsigned x = 3 + i % 4 - (i == 5 ? 2 : 0);
		unsigned y = 7 + i / 4 + (i == 5 ? 3 : 0);

		assert_float_equal(lane_float(&scene, 0, i) * 255, 16 * (y + 1) + x, 1e-3);
		assert_float_equal(lane_float(&scene, 1, i) * 255, 16 * (y + 1) + x + 1, 1e-3);
		assert_float_equal(lane_float(&scene, 2, i) * 255, 16 * y + x + 1, 1e-3);
		assert_float_equal(lane_float(&scene, 3, i) * 255, 16 * y + x, 1e-3);
	}
	/* Alpha is not in the format; with a comparison each texel is 0 where it holds. */
	scene.sample.gather = 3;
	run(&scene);
	assert_float_equal(lane_float(&scene, 2, 0), 1, 0);
	scene.sample.gather = 0;
	scene.sample.compare = true;
	scene.sampler.shadow = UGVT_SHADOW_GREATER;
	scene.sample.ref[0] = (16 * 7 + 3.5f) / 255;
	run(&scene);
	assert_float_equal(lane_float(&scene, 3, 0), 1, 0);
	assert_float_equal(lane_float(&scene, 2, 0), 0, 0);
	scene_finish(&scene);
}

static void test_shadow_functions(void **state)
{
	/* For a texel below, equal to and above the reference: 1 where the function does not hold. */
	static const uint8_t want[8][3] = {{0, 0, 0}, {1, 1, 1}, {0, 1, 1}, {1, 0, 1}, {0, 0, 1},
		{1, 1, 0}, {0, 1, 0}, {1, 0, 0}};
	struct scene scene;

	scene_init(&scene, &gray);
	memset(scene.bytes, 51, scene.surface.size);
	scene.sample.compare = true;
	for (unsigned function = 0; function < 8; function++) {
		const float refs[3] = {0.3f, 51 / 255.0f, 0.1f};

		scene.sampler.shadow = function;
		memcpy(scene.sample.ref, refs, sizeof(refs));
		run(&scene);
		for (unsigned i = 0; i < 3; i++) {
			assert_float_equal(lane_float(&scene, 0, i), want[function][i], 0);
		}
	}
	scene_finish(&scene);
}

static void test_integers_and_swizzle(void **state)
{
	struct rig_surface words = gray;
	struct scene scene;

	words.format = "R8G8_UINT";
	scene_init(&scene, &words);
	*(uint16_t *)texel(&scene, (struct ugvt_texel_at){15, 15}) = 0xc803;
	scene.sampler.min_filter = UGVT_MAP_LINEAR;
	scene.sampler.mag_filter = UGVT_MAP_LINEAR;
	scene.sampler.wrap[0] = UGVT_WRAP_CLAMP;
	scene.sampler.wrap[1] = UGVT_WRAP_BORDER;
	scene.sampler.border[0] = 0x12345678;
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		scene.sample.coordinates[0][i] = 3;
		scene.sample.coordinates[1][i] = i == 1 ? 1.5f : 0.98f;
	}
	/* Green, red, one, zero. */
	scene.state[7] = 5u << 25 | 4u << 22 | 1u << 19 | 0u << 16;
	scene_rebind(&scene);
	run(&scene);
	assert_int_equal(scene.got.c[0][0], 0xc8);
	assert_int_equal(scene.got.c[1][0], 3);
	assert_int_equal(scene.got.c[2][0], 1);
	assert_int_equal(scene.got.c[3][0], 0);
	assert_int_equal(scene.got.c[1][1], 0x12345678);
	scene.sampler.disable = true;
	run(&scene);
	assert_int_equal(scene.got.c[2][0], 0);
	scene_finish(&scene);
}

/* Level n is n everywhere; lod's clamped and unclamped values. */
static void test_lod(void **state)
{
	struct scene scene;

	scene_init(&scene, &floats);
	for (uint32_t lod = 0; lod < 7; lod++) {
		for (uint32_t i = 0; i < 64u * 64 >> 2 * lod; i++) {
			*(float *)texel(&scene, (struct ugvt_texel_at){i % (64u >> lod),
							i / (64u >> lod), 0, lod}) = lod;
		}
	}
	scene.sampler.mip_filter = UGVT_MIP_LINEAR;
	scene.sampler.min_filter = UGVT_MAP_LINEAR;
	scene.sampler.bias = 0.5f;
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		/* Quad n: 2^n texels from pixel to pixel. */
		scene.sample.coordinates[0][i] = i % 2 * ldexpf(1 / 64.0f, i / 4 * 3);
	}
	run(&scene);
	assert_float_equal(lane_float(&scene, 0, 0), 0.5, 1e-6);
	assert_float_equal(lane_float(&scene, 0, 4), 3.5, 1e-6);
	assert_float_equal(lane_float(&scene, 0, 12), 6, 1e-6);
	scene.sample.op = UGVT_SAMPLE_LOD;
	run(&scene);
	assert_float_equal(lane_float(&scene, 0, 4), 3.5, 1e-6);
	assert_float_equal(lane_float(&scene, 0, 12), 6, 1e-6);
	assert_float_equal(lane_float(&scene, 1, 12), 9.5, 1e-6);
	/* From the surface's second level on, no finer than its third; what Resource Min LOD leaves nothing of reads as 0. */
	scene.state[5] = 1 << 4 | 5;
	scene.state[7] |= 2 << 8;
	scene_rebind(&scene);
	scene.sample.op = UGVT_SAMPLE_L;
	run(&scene);
	assert_float_equal(lane_float(&scene, 0, 0), 2, 1e-6);
	scene.state[7] |= 9 << 8;
	scene_rebind(&scene);
	run(&scene);
	assert_float_equal(lane_float(&scene, 0, 0), 0, 0);
	scene_finish(&scene);
}

/* Stripes of 1 texel, seen from the side so that the footprint is 8 times longer than wide across them: the average, where the
 * isotropic filter would take a coarse level, which is all 2 here. */
static void test_anisotropy(void **state)
{
	struct scene scene;

	scene_init(&scene, &floats);
	for (uint32_t lod = 0; lod < 7; lod++) {
		for (uint32_t i = 0; i < 64u * 64 >> 2 * lod; i++) {
			*(float *)texel(&scene, (struct ugvt_texel_at){i % (64u >> lod),
							i / (64u >> lod), 0, lod}) =
				lod > 0 ? 2 : i % 2;
		}
	}
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		scene.sample.coordinates[0][i] = 0.5f + i % 2 * 8 / 64.0f;
		scene.sample.coordinates[1][i] = 0.5f + i % 4 / 2 / 64.0f;
	}
	scene.sampler.mip_filter = UGVT_MIP_NEAREST;
	scene.sampler.min_filter = UGVT_MAP_ANISOTROPIC;
	scene.sampler.mag_filter = UGVT_MAP_ANISOTROPIC;
	run(&scene);
	assert_float_equal(lane_float(&scene, 0, 0), 0.5, 1e-3);
	/* Ends of a row of 7.2: both count for 0.6. */
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		scene.sample.coordinates[0][i] = 0.5f + 0.5f / 64 + i % 2 * 7.2f / 64;
	}
	run(&scene);
	assert_float_equal(lane_float(&scene, 0, 0), 0.5, 1e-2);
	scene.sampler.max_anisotropy = 2;
	run(&scene);
	assert_float_equal(lane_float(&scene, 0, 0), 2, 1e-6);
	scene_finish(&scene);
}

static void direction_of(unsigned face, float s, float t, float *vector)
{
	const float u = 2 * s - 1;
	const float v = 2 * t - 1;
	const float all[6][3] = {
		{1, -v, -u}, {-1, -v, u}, {u, 1, v}, {u, -1, -v}, {u, -v, 1}, {-u, -v, -1}};

	memcpy(vector, all[face], sizeof(all[face]));
}

static void test_cube_geometry(void **state)
{
	enum {
		SIZE = 8
	};

	for (unsigned face = 0; face < 6; face++) {
		for (int i = 0; i < SIZE * 4; i++) {
			static const int8_t beyond[4][2] = {{-1, 0}, {SIZE, 0}, {0, -1}, {0, SIZE}};
			unsigned side = i / SIZE;
			int32_t x = beyond[side][0] != 0 ? beyond[side][0] : i % SIZE;
			int32_t y = beyond[side][1] != 0 ? beyond[side][1] : i % SIZE;
			float inside[3];
			float folded[3];
			float s;
			float t;
			double distance = 0;
			unsigned other = face;

			direction_of(face, (UGVT_MIN(UGVT_MAX(x, 0), SIZE - 1) + 0.5f) / SIZE,
				(UGVT_MIN(UGVT_MAX(y, 0), SIZE - 1) + 0.5f) / SIZE, inside);
			assert_int_equal(ugvt_cube_face(inside, &s, &t), face);
			assert_true(ugvt_cube_fold(&other, &x, &y, SIZE));
			assert_int_not_equal(other, face);
			assert_in_range(x, 0, SIZE - 1);
			assert_in_range(y, 0, SIZE - 1);
			direction_of(other, (x + 0.5f) / SIZE, (y + 0.5f) / SIZE, folded);
			for (unsigned axis = 0; axis < 3; axis++) {
				distance += pow(inside[axis] - folded[axis], 2);
			}
			/* Half a texel, around the edge, and another half. */
			assert_float_equal(sqrt(distance), sqrt(2) / SIZE, 1e-5);
		}
	}
}

/* Texels follow a smooth function of the direction; so does what is sampled, edges and corners included. */
static void test_cube(void **state)
{
	const struct rig_surface words = {UGVT_SURFACE_CUBE, "R32_FLOAT", UGVT_TILE_MODE_Y,
		.width = 32, .height = 32, .depth = 2, .pitch = 128, .qpitch = 32, .array = true};
	uint32_t seed = 7;
	struct scene scene;

	scene_init(&scene, &words);
	for (uint32_t i = 0; i < 12 * 32 * 32; i++) {
		uint32_t layer = i / 1024;
		float v[3];

		direction_of(layer % 6, (i % 32 + 0.5f) / 32, (i / 32 % 32 + 0.5f) / 32, v);
		*(float *)texel(&scene, (struct ugvt_texel_at){i % 32, i / 32 % 32, layer}) =
			v[0] + 2 * v[1] - 3 * v[2] + (layer / 6) * 100;
	}
	scene.sampler.cube_override = true;
	scene.sampler.min_filter = UGVT_MAP_LINEAR;
	scene.sampler.mag_filter = UGVT_MAP_LINEAR;
	scene.sample.op = UGVT_SAMPLE_L;
	for (unsigned n = 0; n < 500; n++) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			bool edge = n % 2;
			float v[3];

			direction_of(rig_random(&seed) % 6,
				edge ? rig_random(&seed) % 2 : rig_random_float(&seed),
				rig_random_float(&seed), v);
			for (unsigned axis = 0; axis < 3; axis++) {
				scene.sample.coordinates[axis][i] = v[axis];
			}
			scene.sample.coordinates[3][i] = i % 2;
		}
		run(&scene);
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			float want = scene.sample.coordinates[0][i] +
				     2 * scene.sample.coordinates[1][i] -
				     3 * scene.sample.coordinates[2][i] + i % 2 * 100;

			assert_float_equal(lane_float(&scene, 0, i), want, 0.15);
		}
	}
	scene_finish(&scene);
}

/* A quad at a corner of a face, 1.3 texels from point to point: the lane inside has the first level, whatever faces the others are
 * on. */
static void test_cube_corner(void **state)
{
	const struct rig_surface words = {UGVT_SURFACE_CUBE, "R32_FLOAT", UGVT_TILE_MODE_Y,
		.width = 32, .height = 32, .depth = 1, .pitch = 128, .qpitch = 52, .levels = 6};
	struct scene scene;

	scene_init(&scene, &words);
	for (uint32_t i = 0; i < 6 * 16 * 16; i++) {
		*(float *)texel(&scene, (struct ugvt_texel_at){i % 16, i / 16 % 16, i / 256, 1}) =
			1;
	}
	scene.sampler.mip_filter = UGVT_MIP_NEAREST;
	scene.sampler.mag_mip = true;
	scene.sample.op = UGVT_SAMPLE;
	for (unsigned face = 0; face < 6; face++) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			unsigned corner = i / 4;
			float s = (corner & 1) + ((int)(i & 1) - 0.5f) * 1.3f / 32;
			float t = (corner >> 1) + ((int)(i >> 1 & 1) - 0.5f) * 1.3f / 32;
			float v[3];

			direction_of(face, s, t, v);
			for (unsigned axis = 0; axis < 3; axis++) {
				scene.sample.coordinates[axis][i] = v[axis];
			}
		}
		run(&scene);
		for (unsigned corner = 0; corner < 4; corner++) {
			assert_float_equal(lane_float(&scene, 0, 4 * corner + 3 - corner), 0, 0);
		}
	}
	scene_finish(&scene);
}

static void test_load(void **state)
{
	struct ugvt_load load = {.mask = 0xffff};
	struct scene scene;

	scene_init(&scene, &floats);
	*(float *)texel(&scene, (struct ugvt_texel_at){5, 6, 0, 2}) = 42;
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		load.coordinates[0][i] = (int)i - 3;
		load.coordinates[1][i] = 6;
		load.lod[i] = i == 9 ? 7 : 2;
	}
	load.offset[0] = 1;
	ugvt_load(&scene.texture, &load, &scene.got);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		assert_float_equal(lane_float(&scene, 0, i), i == 7 ? 42 : 0, 0);
		assert_float_equal(lane_float(&scene, 3, i), 1, 0);
	}
	scene_finish(&scene);
}

static void test_load_buffer(void **state)
{
	const struct rig_surface words = {
		UGVT_SURFACE_BUFFER, "R32G32_UINT", .width = 100, .pitch = 8};
	struct ugvt_load load = {.mask = 0xffff};
	struct scene scene;

	scene_init(&scene, &words);
	((uint32_t *)scene.bytes)[2 * 99 + 1] = 77;
	load.coordinates[0][0] = 99;
	load.coordinates[0][1] = 100;
	load.coordinates[0][2] = -1;
	load.lod[0] = 3;
	ugvt_load(&scene.texture, &load, &scene.got);
	assert_int_equal(scene.got.c[1][0], 77);
	assert_int_equal(scene.got.c[1][1], 0);
	assert_int_equal(scene.got.c[1][2], 0);
	assert_int_equal(scene.got.c[3][2], 1);
	scene_finish(&scene);
}

static void test_load_samples(void **state)
{
	const struct rig_surface words = {UGVT_SURFACE_2D, "R32_UINT", UGVT_TILE_MODE_Y, .width = 8,
		.height = 8, .pitch = 128, .qpitch = 32, .samples_log2 = 2};
	struct ugvt_load load = {.mask = 0xffff, .multisampled = true};
	struct scene scene;

	scene_init(&scene, &words);
	for (uint32_t sample = 0; sample < 4; sample++) {
		*(uint32_t *)texel(&scene, (struct ugvt_texel_at){2, 3, .sample = sample}) =
			10 + sample;
	}
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		load.coordinates[0][i] = 2;
		load.coordinates[1][i] = 3;
		load.sample[i] = i;
		load.mcs[0][i] = i < 4 ? 0xe4 : i < 8 ? 0x00 : i < 12 ? 0xff : 0x1b;
	}
	ugvt_load(&scene.texture, &load, &scene.got);
	assert_int_equal(scene.got.c[0][1], 11);
	assert_int_equal(scene.got.c[0][5], 13);
	/* With a control surface its words count. */
	scene.state[6] = UGVT_AUX_CCS_D;
	scene.state[12] = 99;
	scene_rebind(&scene);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		load.sample[i] = i % 4;
	}
	ugvt_load(&scene.texture, &load, &scene.got);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(scene.got.c[0][i], 10 + i);
		assert_int_equal(scene.got.c[0][4 + i], 10);
		assert_int_equal(scene.got.c[0][8 + i], 99);
		assert_int_equal(scene.got.c[0][12 + i], 13 - i);
	}
	scene_finish(&scene);
}

static void test_info(void **state)
{
	struct rig_surface words = floats;
	const uint32_t lods[UGVT_LANES] = {0, 2, 6, 7, UINT32_MAX};
	struct scene scene;

	words.array = true;
	words.depth = 3;
	words.qpitch = 96;
	scene_init(&scene, &words);
	ugvt_resinfo(&scene.surface, lods, &scene.got);
	assert_int_equal(scene.got.c[0][1], 16);
	assert_int_equal(scene.got.c[1][2], 1);
	assert_int_equal(scene.got.c[2][0], 3);
	assert_int_equal(scene.got.c[3][0], 7);
	assert_int_equal(scene.got.c[0][3], 0);
	assert_int_equal(scene.got.c[0][4], 0);
	ugvt_sampleinfo(&scene.surface, &scene.got);
	assert_int_equal(scene.got.c[0][0], 1);
	scene_finish(&scene);
}

/* Every field of SAMPLER_STATE, one bit pattern that tells them apart. */
static void test_sampler_state(void **state)
{
	const uint32_t dw[UGVT_SAMPLER_STATE_DWORDS] = {
		2u << 27 | 3u << 20 | 1u << 17 | 2u << 14 | 0x1f80u << 1,
		0x240u << 20 | 0x380u << 8 | 5u << 1 | 1,
		0x123u << 6 | 1,
		3u << 19 | 1u << 18 | 1u << 15 | 1u << 14 | 1u << 10 | 4u << 6 | 1u << 3 | 6u,
	};
	struct ugvt_sampler sampler;

	ugvt_sampler_decode(&sampler, dw);
	assert_true(sampler.preclamp && sampler.cube_override && sampler.mag_mip);
	assert_true(sampler.unnormalized && !sampler.disable);
	assert_int_equal(sampler.mip_filter, UGVT_MIP_LINEAR);
	assert_int_equal(sampler.mag_filter, UGVT_MAP_LINEAR);
	assert_int_equal(sampler.min_filter, UGVT_MAP_ANISOTROPIC);
	assert_float_equal(sampler.bias, -0.5, 0);
	assert_float_equal(sampler.min_lod, 2.25, 0);
	assert_float_equal(sampler.max_lod, 3.5, 0);
	assert_int_equal(sampler.shadow, UGVT_SHADOW_GREATER);
	assert_int_equal(sampler.border_offset, 0x123 << 6);
	assert_int_equal(sampler.max_anisotropy, 8);
	assert_true(sampler.round_mag[0] && !sampler.round_min[0]);
	assert_true(!sampler.round_mag[1] && sampler.round_min[1]);
	assert_true(sampler.round_mag[2] && !sampler.round_min[2]);
	assert_int_equal(sampler.wrap[0], UGVT_WRAP_BORDER);
	assert_int_equal(sampler.wrap[1], UGVT_WRAP_MIRROR);
	assert_int_equal(sampler.wrap[2], UGVT_WRAP_HALF_BORDER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gather),
		cmocka_unit_test(test_shadow_functions),
		cmocka_unit_test(test_integers_and_swizzle),
		cmocka_unit_test(test_lod),
		cmocka_unit_test(test_anisotropy),
		cmocka_unit_test(test_cube_geometry),
		cmocka_unit_test(test_cube),
		cmocka_unit_test(test_cube_corner),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_load_buffer),
		cmocka_unit_test(test_load_samples),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_sampler_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
