/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/mem/tiling.h"
#include "gpu/sampler/layout.h"
#include "gpu/sampler/texture.h"
#include "tests/gpu/sampler/rig.h"
#include "tests/gpu/space.h"

#define RGBA8 "R8G8B8A8_UNORM"

static const struct rig_surface plain = {
	UGVT_SURFACE_2D, RGBA8, .width = 64, .height = 64, .pitch = 512, .levels = 7};
static const struct rig_surface y_tiled = {UGVT_SURFACE_2D, RGBA8, UGVT_TILE_MODE_Y, .width = 128,
	.height = 64, .depth = 3, .pitch = 512, .qpitch = 96, .levels = 2, .array = true};
static const struct rig_surface x_tiled = {
	UGVT_SURFACE_2D, "R32G32B32A32_FLOAT", UGVT_TILE_MODE_X, 64, 64, .pitch = 1024};
static const struct rig_surface yf_tiled = {
	UGVT_SURFACE_2D, RGBA8, UGVT_TILE_MODE_YF, 128, 64, .pitch = 512};
static const struct rig_surface stencil = {
	UGVT_SURFACE_2D, "R8_UINT", UGVT_TILE_MODE_W, 100, 100, .pitch = 256, .align = 8};
static const struct rig_surface line = {UGVT_SURFACE_1D, RGBA8, .width = 100, .depth = 2,
	.qpitch = 320, .levels = 3, .array = true};
static const struct rig_surface volume = {UGVT_SURFACE_3D, "R16_UNORM", UGVT_TILE_MODE_Y,
	.width = 64, .height = 32, .depth = 8, .pitch = 128, .qpitch = 64, .levels = 3};
static const struct rig_surface blocks = {
	UGVT_SURFACE_2D, "BC1_UNORM", .width = 100, .height = 50, .pitch = 1024, .levels = 3};
static const struct rig_surface odd_blocks = {UGVT_SURFACE_2D, "ASTC_LDR_2D_10X6_FLT16",
	UGVT_TILE_MODE_Y, .width = 100, .height = 50, .pitch = 256, .levels = 3};
static const struct rig_surface cube = {UGVT_SURFACE_CUBE, RGBA8, .width = 16, .height = 16,
	.depth = 2, .pitch = 64, .qpitch = 16, .array = true, .first_layer = 6};
static const struct rig_surface samples4 = {UGVT_SURFACE_2D, RGBA8, UGVT_TILE_MODE_Y, .width = 32,
	.height = 32, .depth = 2, .pitch = 128, .qpitch = 32, .samples_log2 = 2, .array = true};
static const struct rig_surface depth4 = {UGVT_SURFACE_2D, "R32_FLOAT", UGVT_TILE_MODE_Y,
	.width = 31, .height = 30, .pitch = 256, .samples_log2 = 2, .interleaved = true};
static const struct rig_surface depth16 = {UGVT_SURFACE_2D, "R32_FLOAT", UGVT_TILE_MODE_Y,
	.width = 8, .height = 8, .pitch = 128, .samples_log2 = 4, .interleaved = true};
static const struct rig_surface buffer = {
	UGVT_SURFACE_BUFFER, "R32_FLOAT", .width = 3000000, .pitch = 12};

/* Worked by hand. */
static const struct {
	const char *name;
	const struct rig_surface *surface;
	struct ugvt_texel_at at; // x, y, z, lod, sample
	uint64_t offset;
} places[] = {
	{"linear", &plain, {3, 2, 0, 0, 0}, 2 * 512 + 3 * 4},
	{"LOD 1 is below", &plain, {1, 1, 0, 1, 0}, (64 + 1) * 512 + 4},
	{"LOD 2 is right of LOD 1", &plain, {0, 0, 0, 2, 0}, 64 * 512 + 32 * 4},
	{"LOD 3 is below LOD 2", &plain, {0, 0, 0, 3, 0}, (64 + 16) * 512 + 32 * 4},
	{"LOD 6 is aligned", &plain, {0, 0, 0, 6, 0}, (64 + 16 + 8 + 4 + 4) * 512 + 32 * 4},
	{"Y tile", &y_tiled, {33, 1, 0, 0, 0}, 4096 + 1 * 16 + 4},
	{"Y tile, second column", &y_tiled, {4, 0, 0, 0, 0}, 512},
	{"Y tile, second row of tiles", &y_tiled, {0, 32, 0, 0, 0}, 4 * 4096},
	{"Y, slice", &y_tiled, {0, 0, 2, 0, 0}, 2 * 96 / 32 * 4 * 4096},
	{"Y, slice of LOD 1", &y_tiled, {0, 0, 1, 1, 0}, (96 + 64) / 32 * 4 * 4096},
	{"X tile", &x_tiled, {33, 9, 0, 0, 0}, 3 * 4096 + 512 + 16},
	/* Byte 84 of row 5 of a tile of 128 x 32: x bits 4 and 6 at 7 and 11, y bit 2 at 6. */
	{"Yf tile", &yf_tiled, {32 + 21, 5, 0, 0, 0}, 4096 + 2048 + 128 + 64 + 16 + 4},
	{"Yf tile, below", &yf_tiled, {0, 33, 0, 0, 0}, 4 * 4096 + 16},
	{"W tile", &stencil, {9, 5, 0, 0, 0}, 512 + 32 + 2 + 1},
	{"W tile, to the right", &stencil, {64, 0, 0, 0, 0}, 4096},
	{"W tile, below", &stencil, {0, 64, 0, 0, 0}, 2 * 4096},
	{"1D", &line, {99, 0, 0, 0, 0}, 396},
	{"1D LOD 1 behind 128", &line, {1, 0, 0, 1, 0}, 128 * 4 + 4},
	{"1D LOD 2 behind 64 more", &line, {0, 0, 0, 2, 0}, 192 * 4},
	{"1D array", &line, {0, 0, 1, 0, 0}, 320 * 4},
	{"3D slice", &volume, {0, 0, 3, 0, 0}, 3 * 64 / 32 * 4096},
	{"3D slice of LOD 1", &volume, {0, 0, 1, 1, 0}, (64 + 32) / 32 * 4096},
	{"3D LOD 2", &volume, {2, 1, 1, 2, 0}, (64 + 32) / 32 * 4096 + 4 * 512 + 16 + 4},
	{"block", &blocks, {7, 4, 0, 0, 0}, 1024 + 8},
	/* 13 rows of blocks, as 16; LOD 1 has 13 columns, as 16. */
	{"block of LOD 1", &blocks, {0, 0, 0, 1, 0}, 16 * 1024},
	{"block of LOD 2", &blocks, {4, 0, 0, 2, 0}, 16 * 1024 + 17 * 8},
	{"block of 10x6", &odd_blocks, {23, 13, 0, 0, 0}, 2 * 512 + 2 * 16},
	{"last block of 10x6", &odd_blocks, {99, 49, 0, 0, 0}, 4096 + 512 + 8 * 16},
	/* 9 rows of blocks, as 12; LOD 1 has 5 columns, as 8. */
	{"block of 10x6, LOD 1", &odd_blocks, {49, 0, 0, 1, 0}, 4 * 512 + 12 * 16},
	{"block of 10x6, LOD 2", &odd_blocks, {10, 6, 0, 2, 0}, 4096 + 512 + 13 * 16},
	{"cube", &cube, {1, 0, 7, 0, 0}, 13 * 16 * 64 + 4},
	{"sample", &samples4, {1, 0, 1, 0, 3}, 7 * 4096 + 4},
	/* Pixel 3,1: 5 + 2 * sample bit 0, 1 + 2 * sample bit 1. */
	{"interleaved sample 0", &depth4, {3, 1, 0, 0, 0}, 512 + 16 + 4},
	{"interleaved sample 3", &depth4, {3, 1, 0, 0, 3}, 512 + 3 * 16 + 12},
	/* Pixel 2,2: 8 + 2 + 4, 8 + 2 + 4. */
	{"interleaved sample 15", &depth16, {2, 2, 0, 0, 15}, 3 * 512 + 14 * 16 + 8},
	{"buffer", &buffer, {2999999, 0, 0, 0, 0}, UINT64_C(2999999) * 12},
};

static void test_places(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(places); i++) {
		uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
		struct ugvt_surface surface;
		uint64_t offset = 0;

		rig_surface_state(places[i].surface, dw);
		if (!ugvt_surface_decode(&surface, dw) ||
			!ugvt_surface_offset(&surface, &places[i].at, &offset) ||
			offset != places[i].offset) {
			fail_msg("%s: %llu", places[i].name, (unsigned long long)offset);
		}
		assert_true(offset + surface.element <= surface.size);
	}
}

static void test_no_such_texel(void **state)
{
	static const struct ugvt_texel_at outside[] = {{128, 0, 0, 0, 0}, {0, 64, 0, 0, 0},
		{0, 0, 3, 0, 0}, {0, 0, 0, 2, 0}, {0, 0, 0, 0, 1}, {64, 0, 0, 1, 0},
		{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}};
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
	struct ugvt_surface surface;
	uint64_t offset;

	rig_surface_state(&y_tiled, dw);
	assert_true(ugvt_surface_decode(&surface, dw));
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(outside); i++) {
		assert_false(ugvt_surface_offset(&surface, &outside[i], &offset));
	}
}

static void is_refused(struct rig_surface words)
{
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
	struct ugvt_surface surface;
	uint64_t offset;

	rig_surface_state(&words, dw);
	assert_false(ugvt_surface_decode(&surface, dw));
	assert_int_equal(surface.type, UGVT_SURFACE_NULL);
	assert_false(ugvt_surface_offset(&surface, &(struct ugvt_texel_at){0}, &offset));
}

static void test_refused(void **state)
{
	struct rig_surface words = plain;

	words.pitch = 255;
	is_refused(words);
	words = y_tiled;
	words.pitch = 640 - 64;
	is_refused(words);
	words = yf_tiled;
	words.pitch = 512 + 64;
	is_refused(words);
	words = yf_tiled;
	words.levels = 2;
	is_refused(words);
	words = yf_tiled;
	words.tile_mode = UGVT_TILE_MODE_X | 1 << 2;
	is_refused(words);
	words.pitch = 768;
	words.format = "R32G32B32_FLOAT";
	is_refused(words);
	words = stencil;
	words.format = RGBA8;
	is_refused(words);
	words = samples4;
	words.levels = 2;
	is_refused(words);
	words = cube;
	words.height = 8;
	is_refused(words);
}

static void test_null(void **state)
{
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS] = {(uint32_t)UGVT_SURFACE_NULL << 29};
	struct ugvt_surface surface;
	struct ugvt_texture texture;
	struct ugvt_fetch fetch = {.mask = 0xffff};
	struct ugvt_texels texels;
	struct rig_memory rig;

	rig_memory_init(&rig, NULL, 0);
	assert_true(ugvt_surface_decode(&surface, dw));
	ugvt_texture_init(&texture, &surface, &rig.memory);
	ugvt_texture_fetch(&texture, &fetch, &texels);
	for (unsigned c = 0; c < 4; c++) {
		assert_int_equal(texels.c[c][3], 0);
	}
	assert_int_equal(rig.outside, 0);
}

/* Against the other place where X and Y tiles are known; W must use each byte once. */
static void test_tiles(void **state)
{
	static const enum ugvt_tiling tilings[] = {
		[UGVT_TILE_MODE_LINEAR] = UGVT_TILING_LINEAR,
		[UGVT_TILE_MODE_X] = UGVT_TILING_X,
		[UGVT_TILE_MODE_Y] = UGVT_TILING_Y,
	};
	static uint8_t used[256 / 2 * 128];
	uint32_t seed = 1;
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
	struct ugvt_surface surface;
	uint64_t offset;

	for (unsigned i = 0; i < 20000; i++) {
		struct rig_surface words = plain;
		struct ugvt_texel_at at = {rig_random(&seed) % 700, rig_random(&seed) % 600};

		words.width = 700;
		words.height = 600;
		words.levels = 1;
		words.pitch = 3072 + 512 * (rig_random(&seed) % 4);
		words.tile_mode = (const uint8_t[]){0, 2, 3}[rig_random(&seed) % 3];
		rig_surface_state(&words, dw);
		assert_true(ugvt_surface_decode(&surface, dw));
		assert_true(ugvt_surface_offset(&surface, &at, &offset));
		assert_int_equal(offset,
			ugvt_tile_offset(tilings[words.tile_mode], words.pitch, at.x * 4, at.y));
	}
	rig_surface_state(&stencil, dw);
	assert_true(ugvt_surface_decode(&surface, dw));
	for (uint32_t i = 0; i < 100 * 100; i++) {
		struct ugvt_texel_at at = {i % 100, i / 100};

		assert_true(ugvt_surface_offset(&surface, &at, &offset));
		assert_true(offset < sizeof(used));
		assert_int_equal(used[offset]++, 0);
	}
}

/* No two texels of all levels, slices and samples share a byte. */
static void texels_are_apart(const struct ugvt_surface *surface)
{
	uint8_t *used = calloc(1, surface->size);
	struct ugvt_texel_at at = {0};

	for (at.lod = surface->first_level; at.lod < surface->levels; at.lod++) {
		const struct ugvt_surface_level *level = &surface->level[at.lod];
		uint64_t count = (uint64_t)level->width * level->height * level->slices
				 << surface->samples_log2;

		for (uint64_t i = 0; i < count; i++) {
			uint64_t offset;

			at.sample = i & ((1u << surface->samples_log2) - 1);
			at.x = (i >> surface->samples_log2) % level->width;
			at.y = (i >> surface->samples_log2) / level->width % level->height;
			at.z = (i >> surface->samples_log2) / level->width / level->height;
			assert_true(ugvt_surface_offset(surface, &at, &offset));
			assert_true(offset + surface->element <= surface->size);
			assert_int_equal(used[offset]++, 0);
		}
	}
	free(used);
}

static void test_texels_apart(void **state)
{
	const struct rig_surface *surfaces[] = {&plain, &y_tiled, &x_tiled, &stencil, &line,
		&volume, &cube, &samples4, &depth4, &depth16};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(surfaces); i++) {
		uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
		struct ugvt_surface surface;

		rig_surface_state(surfaces[i], dw);
		assert_true(ugvt_surface_decode(&surface, dw));
		texels_are_apart(&surface);
	}
}

static void offsets_are_same(const struct ugvt_surface *surface, uint32_t *seed)
{
	struct ugvt_fetch fetch = {.mask = 0xbfff};
	_Alignas(64) uint32_t offsets[UGVT_LANES];
	bool one_level = rig_random(seed) % 2;
	uint16_t mask;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		fetch.x[i] = rig_random(seed) % (surface->width + 1);
		fetch.y[i] = rig_random(seed) % 31 == 0 ? UINT32_MAX
							: rig_random(seed) % surface->height;
		fetch.z[i] = rig_random(seed) % (surface->depth + 1);
		fetch.lod[i] = one_level ? 1 : rig_random(seed) % 9;
	}
	mask = ugvt_surface_offsets(surface, &fetch, offsets);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		struct ugvt_texel_at at = {fetch.x[i], fetch.y[i], fetch.z[i], fetch.lod[i]};
		uint64_t offset = 0;
		bool exists = ugvt_surface_offset(surface, &at, &offset);

		assert_int_equal(mask >> i & 1, exists && i != 14);
		assert_true(!(mask >> i & 1) || offsets[i] == offset);
	}
}

/* Sixteen lanes at once, and one. */
static void test_offsets(void **state)
{
	const struct rig_surface *surfaces[] = {&plain, &y_tiled, &x_tiled, &volume, &cube};
	uint32_t seed = 9;

	for (unsigned i = 0; i < 5000; i++) {
		uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
		struct ugvt_surface surface;

		rig_surface_state(surfaces[i % UGVT_ARRAY_SIZE(surfaces)], dw);
		assert_true(ugvt_surface_decode(&surface, dw));
		assert_true(ugvt_surface_is_simple(&surface));
		offsets_are_same(&surface, &seed);
	}
}

/* The same whether memory is one piece, pages, or an address space whose pages are out of order; and a page that is not there
 * reads as zeros. */
static void test_memory(void **state)
{
	const uint64_t base = UINT64_C(0x7fff12340000);
	struct rig_surface words = {UGVT_SURFACE_2D, "R32G32B32_FLOAT", .width = 300, .height = 16,
		.pitch = 3616, .base = base + 20};
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
	struct ugvt_aspace_texels texels;
	struct ugvt_surface surface;
	struct ugvt_texture texture;
	struct space space;
	uint32_t seed = 3;
	ugvt_gpa pages;

	space_init(&space, 1 << 20);
	pages = space_alloc(&space, 16 * UGVT_PAGE_SIZE, UGVT_PAGE_SIZE);
	for (unsigned i = 0; i < 16; i++) {
		if (i != 7) {
			space_map(&space, base + i * UGVT_PAGE_SIZE,
				pages + (i * 5 % 16) * UGVT_PAGE_SIZE, UGVT_PAGE_SIZE);
		}
	}
	for (uint32_t i = 0; i < 7 * UGVT_PAGE_SIZE; i += 4) {
		ugvt_aspace_write32(&space.as, base + i, i);
	}
	space_window(&space);
	rig_surface_state(&words, dw);
	assert_true(ugvt_surface_decode(&surface, dw));
	ugvt_aspace_texels_init(&texels, &space.as);
	ugvt_texture_init(&texture, &surface, &texels.base);
	for (unsigned i = 0; i < 2000; i++) {
		struct ugvt_fetch fetch = {.mask = 0xfffe};
		struct ugvt_texels got;

		for (unsigned lane = 0; lane < UGVT_LANES; lane++) {
			fetch.x[lane] = rig_random(&seed) % 310;
			fetch.y[lane] = rig_random(&seed) % 8;
		}
		ugvt_texture_fetch(&texture, &fetch, &got);
		for (unsigned lane = 0; lane < UGVT_LANES; lane++) {
			for (unsigned c = 0; c < 3; c++) {
				uint32_t at =
					20 + fetch.y[lane] * 3616 + fetch.x[lane] * 12 + c * 4;
				bool there = lane > 0 && fetch.x[lane] < 300 && at < 0x7000;

				assert_int_equal(got.c[c][lane], there ? at : 0);
			}
			assert_int_equal(got.c[3][lane], 0x3f800000);
		}
	}
	space_finish(&space);
}

static void test_mcs(void **state)
{
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
	struct ugvt_surface surface;
	struct ugvt_surface mcs;
	uint64_t offset;

	rig_surface_state(&samples4, dw);
	assert_true(ugvt_surface_decode(&surface, dw));
	assert_false(ugvt_surface_mcs(&surface, &mcs));
	dw[6] = 32 / 4 << 16 | 0 << 3 | UGVT_AUX_CCS_D;
	dw[10] = 0x12345000;
	dw[12] = 7;
	assert_true(ugvt_surface_decode(&surface, dw));
	assert_int_equal(surface.clear[0], 7);
	assert_true(ugvt_surface_mcs(&surface, &mcs));
	assert_int_equal(mcs.base, 0x12345000);
	assert_true(ugvt_surface_offset(&mcs, &(struct ugvt_texel_at){17, 1, 1}, &offset));
	assert_int_equal(offset, 4096 + 512 + 16 + 1);
}

/* A width of 20 dwords; one that the pitch does not have room for; what is no plain 2D surface. */
static void test_media(void **state)
{
	static const struct rig_surface bytes = {
		UGVT_SURFACE_2D, "R8_UNORM", .width = 20, .height = 4, .pitch = 128};
	static const struct {
		const struct rig_surface *surface;
		uint32_t width; // 0: refused
	} cases[] = {{&bytes, 80}, {&stencil, 0}, {&plain, 64}, {&x_tiled, 16}, {&volume, 0},
		{&blocks, 0}, {&buffer, 0}};
	struct ugvt_surface surface, media;
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];

	(void)state;
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		rig_surface_state(cases[i].surface, dw);
		assert_true(ugvt_surface_decode(&surface, dw));
		assert_int_equal(ugvt_surface_media(&surface, &media), cases[i].width != 0);
		if (cases[i].width != 0) {
			assert_int_equal(media.width, cases[i].width);
			assert_int_equal(media.level[0].width, cases[i].width);
			assert_int_equal(media.levels, 1);
		}
	}
	rig_surface_state(&bytes, dw);
	dw[2] |= 64;       // the pitch has room for 32
	dw[5] |= 4u << 25; // 16 elements of X Offset
	assert_true(ugvt_surface_decode(&surface, dw));
	assert_true(ugvt_surface_media(&surface, &media));
	assert_int_equal(media.width, 112);
	assert_int_equal(media.size, 4 * 128);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_no_such_texel),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_tiles),
		cmocka_unit_test(test_texels_apart),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_mcs),
		cmocka_unit_test(test_media),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
