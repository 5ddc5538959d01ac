/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/render/target.h"
#include "tests/gpu/space.h"

/* Render targets in memory: what is found, read, written and filled at once, against the address of each element. */

enum {
	MEMORY = 16 << 20,
	BYTES = 4 << 20, // of a surface
	WIDTH = 150,     // pixels of level 0
	HEIGHT = 200,
	LAYERS = 2,
};

#define BASE UINT64_C(0x1000000)

static struct {
	struct space space;
	char *bytes;
	char *expected;
	struct ugvt_target target;
	unsigned lod;
} test;

static const char *const formats[] = {
	"R8_UINT", "R16_UINT", "R8G8B8A8_UNORM", "R16G16B16A16_FLOAT", "R32G32B32A32_FLOAT"};
static const unsigned modes[] = {
	UGVT_TILE_MODE_LINEAR, UGVT_TILE_MODE_X, UGVT_TILE_MODE_Y, UGVT_TILE_MODE_YF};

static int setup(void **state)
{
	ugvt_gpa page;

	space_init(&test.space, MEMORY);
	page = space_alloc(&test.space, BYTES, 4096);
	space_map(&test.space, BASE, page, BYTES);
	test.bytes = space_host(&test.space, page);
	test.expected = malloc(BYTES);
	return test.expected ? 0 : -1;
}

static int teardown(void **state)
{
	free(test.expected);
	space_finish(&test.space);
	return 0;
}

static void target_set(const char *name, unsigned mode, unsigned lod)
{
	const struct ugvt_format *format = ugvt_format_find(name);
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS] = {0};
	uint32_t pitch = UGVT_ALIGN_UP(2 * WIDTH * format->bits / 8u, 512u);

	dw[0] = 1u << 29 | 1u << 28 | (uint32_t)format->number << 18 | 1u << 16 | 1u << 14 |
		(mode & 3) << 12;
	dw[1] = 320 / 4; // rows from a layer to the next
	dw[2] = (HEIGHT - 1) << 16 | (WIDTH - 1);
	dw[3] = (LAYERS - 1) << 21 | (pitch - 1);
	dw[4] = (LAYERS - 1) << 7;
	dw[5] = mode >> 2 << 18 | lod;
	dw[8] = (uint32_t)BASE;
	ugvt_target_init(&test.target, dw, &test.space.as);
	assert_false(ugvt_target_is_null(&test.target));
	test.lod = lod;
	for (uint32_t i = 0; i < BYTES; i++) {
		test.bytes[i] = test.expected[i] = (char)(i * 2654435761u >> 13);
	}
}

/* The element in what is expected; NULL: there is none. */
static char *element_at(unsigned x, unsigned y, unsigned layer)
{
	const struct ugvt_texel_at at = {.x = x, .y = y, .z = layer, .lod = test.lod};
	uint64_t offset;

	if (!ugvt_surface_offset(&test.target.surface, &at, &offset)) {
		return NULL;
	}
	assert_true(offset + test.target.surface.element <= BYTES);
	return test.expected + offset;
}

static void fill_check(const struct ugvt_target_fill *fill)
{
	uint32_t element = test.target.surface.element;

	for (unsigned y = fill->y0; y < fill->y1; y++) {
		for (unsigned x = fill->x0; x < fill->x1; x++) {
			char *at = element_at(fill->at.x + x, fill->at.y + y, fill->at.layer);
			uint32_t old = 0;

			if (at && fill->mask == UINT32_MAX) {
				memcpy(at, fill->element, element);
			} else if (at) {
				memcpy(&old, at, UGVT_MIN(element, 4u));
				old = (old & ~fill->mask) | (fill->element[0] & fill->mask);
				memcpy(at, &old, UGVT_MIN(element, 4u));
			}
		}
	}
	ugvt_target_fill(&test.target, fill);
	assert_memory_equal(test.bytes, test.expected, BYTES);
}

static void fills_check(void)
{
	static const uint8_t boxes[][4] = {{0, 0, 64, 64}, {3, 5, 61, 62}, {8, 16, 16, 24},
		{0, 7, 64, 8}, {17, 0, 18, 64}, {16, 3, 48, 61}, {4, 32, 60, 64}};

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(boxes); i++) {
		struct ugvt_target_fill fill = {
			.at = {(uint16_t)(i % 3 * 64), (uint16_t)(i / 2 * 64),
				(uint16_t)(i % LAYERS), 0},
			.x0 = boxes[i][0],
			.y0 = boxes[i][1],
			.x1 = boxes[i][2],
			.y1 = boxes[i][3],
			.element = {0x12345678 + i, 0x9abcdef0, 0x0fedcba9, 0x87654321},
			.mask = UINT32_MAX,
		};

		fill_check(&fill);
		if (test.target.surface.element <= 4) {
			fill.mask = 0x00ffff0f;
			fill.element[0] = ~fill.element[0];
			fill_check(&fill);
		}
	}
}

static unsigned levels_of(unsigned mode, unsigned most)
{
	return mode == UGVT_TILE_MODE_YF ? 1 : most;
}

static void test_fill(void **state)
{
	for (unsigned f = 0; f < UGVT_ARRAY_SIZE(formats); f++) {
		for (unsigned m = 0; m < UGVT_ARRAY_SIZE(modes); m++) {
			for (unsigned lod = 0; lod < levels_of(modes[m], 4); lod++) {
				target_set(formats[f], modes[m], lod);
				fills_check();
			}
		}
	}
}

/* Four subspans: two pairs side by side, or anywhere. */
static void subspans_set(struct ugvt_subspans *at, unsigned n)
{
	*at = (struct ugvt_subspans){.layer = (uint16_t)(n % LAYERS)};
	for (unsigned i = 0; i < 4; i++) {
		unsigned scattered = (n * 7 + i * 13) % 70 * 2;

		at->x[i] = (uint16_t)(n % 3 == 2 ? scattered : n * 8 % 160 + 2 * i);
		at->y[i] = (uint16_t)(n % 3 == 2 ? scattered * 3 / 2 & ~1u : n * 6 % 210);
	}
}

static void lanes_check(const struct ugvt_subspans *at, uint32_t mask)
{
	uint32_t element = test.target.surface.element;
	struct ugvt_elements old = {0};
	struct ugvt_elements new;
	struct ugvt_target_lanes lanes;
	uint32_t found = ugvt_target_find(&test.target, at, mask, &lanes);

	ugvt_target_read(&test.target, &lanes, found, &old);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		char *there = element_at(at->x[i / 4] + i % 2, at->y[i / 4] + i / 2 % 2, at->layer);

		assert_int_equal(found >> i & 1, there != NULL && (mask >> i & 1));
		for (unsigned d = 0; d < 4; d++) {
			new.dw[d][i] = mask *(i + 1) + d;
		}
		for (unsigned d = 0; d < element && (found >> i & 1); d++) {
			assert_int_equal(
				(uint8_t)there[d], old.dw[d / 4][i] >> (8 * (d % 4)) & 0xff);
			there[d] = (char)(new.dw[d / 4][i] >> (8 * (d % 4)));
		}
	}
	ugvt_target_write(&test.target, &lanes, found, &new);
}

static void test_lanes(void **state)
{
	static const uint32_t masks[] = {0xffff, 0x00ff, 0xff00, 0x0f5a, 0xffef, 0x8001, 0};

	for (unsigned f = 0; f < UGVT_ARRAY_SIZE(formats); f++) {
		for (unsigned m = 0; m < UGVT_ARRAY_SIZE(modes); m++) {
			for (unsigned lod = 0; lod < levels_of(modes[m], 3); lod++) {
				target_set(formats[f], modes[m], lod);
				for (unsigned n = 0; n < 300; n++) {
					struct ugvt_subspans at;

					subspans_set(&at, n);
					lanes_check(&at, masks[n % UGVT_ARRAY_SIZE(masks)]);
				}
				assert_memory_equal(test.bytes, test.expected, BYTES);
			}
		}
	}
}

/* Nothing is written to pages that are not there, and all of the rest. */
static void test_holes(void **state)
{
	struct ugvt_target_fill fill = {
		.x1 = 64, .y1 = 64, .element = {0x55aa1234}, .mask = UINT32_MAX};

	target_set("R8G8B8A8_UNORM", UGVT_TILE_MODE_Y, 0);
	*space_entry(&test.space, BASE + 4096, 0) = 0;
	ugvt_aspace_invalidate(&test.space.as);
	ugvt_target_window(&test.target);
	for (unsigned i = 0; i < 64 * 64; i++) {
		char *at = element_at(i % 64, i / 64, 0);

		if ((at - test.expected) / 4096 != 1) {
			memcpy(at, fill.element, 4);
		}
	}
	ugvt_target_fill(&test.target, &fill);
	assert_memory_equal(test.bytes, test.expected, BYTES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_fill),
		TEST(test_lanes),
		TEST(test_holes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
