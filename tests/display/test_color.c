/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "gen/hooks_display.h"
#include "tests/display/picture.h"

#define CTL_GAMMA 0x40000000u
#define CTL_CSC 0x00800000u
#define INDEX_INCREMENT 0x8000u
#define MODE_10BIT 1
#define MODE_12BIT 2
#define MODE_SPLIT 3
#define CSC_FIRST 2
#define ONE 0x7800u
#define HALF 0x0800u

static const uint32_t pixels[4] = {0x000000, 0x404040, 0x808080, 0xffffff};

static void row_show(struct fixture *fixture, uint32_t ctl)
{
	memcpy(fixture->ram + PICTURE_SURFACE, pixels, sizeof(pixels));
	picture_plane(fixture, &(struct picture_plane){0, CTL_ON | CTL_FORMAT(4) | ctl, 1, 0, 0, 4,
				       1, 0, 0, PICTURE_SURFACE});
}

/* Both as a row that is copied, and as one that is blended. */
static void row_expect(struct fixture *fixture, const uint32_t expected[4])
{
	for (unsigned cursor = 0; cursor < 2; cursor++) {
		struct ugvt_picture picture;

		picture_cursor(fixture, cursor ? 0x27 : 0, 0, 0);
		picture = picture_capture(fixture);
		for (unsigned x = 0; x < 4; x++) {
			assert_int_equal(picture_pixel(&picture, x, 0), expected[x]);
		}
		ugvt_picture_finish(&picture);
	}
}

static void legacy_write(struct fixture *fixture)
{
	for (unsigned i = 0; i < 256; i++) {
		fixture_write(fixture, UGVT_LGC_PALETTE(0, i), (255 - i) << 16 | i << 8 | i / 2);
	}
}

/* Only planes, and a bottom colour, that ask for it. */
static void test_legacy(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	legacy_write(fixture);
	row_show(fixture, 0);
	row_expect(fixture, pixels);
	row_show(fixture, CTL_GAMMA);
	row_expect(fixture, (const uint32_t[]){0xff0000, 0xbf4020, 0x7f8040, 0x00ff7f});
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 4, 0), PICTURE_BACKGROUND);
	ugvt_picture_finish(&picture);
	fixture_write(fixture, UGVT_BOTTOM_COLOR(0), 0x80000000 | 0x40u << 22);
	row_expect(fixture, (const uint32_t[]){0xff0000, 0xbf4020, 0x7f8040, 0x00ff7f});
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 4, 0), 0xbf0000);
	ugvt_picture_finish(&picture);
}

/* Grey g of 10 bits from index i on. */
static void precision_write(
	struct fixture *fixture, unsigned i, unsigned count, int first, int step)
{
	fixture_write(fixture, UGVT_PREC_PAL_INDEX(0), INDEX_INCREMENT | i);
	for (unsigned n = 0; n < count; n++) {
		uint32_t g = (uint32_t)(first + step * (int)n) & 0x3ff;

		fixture_write(fixture, UGVT_PREC_PAL_DATA(0), g << 20 | g << 10 | g);
	}
}

/* 0x40 is entry 0x101 of 1024, 0x80 0x202. */
static void test_10bit(void **state)
{
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_GAMMA_MODE(0), MODE_10BIT);
	precision_write(fixture, 0, 1024, 1023, -1);
	row_show(fixture, CTL_GAMMA);
	row_expect(fixture, (const uint32_t[]){0xffffff, 0xbfbfbf, 0x7f7f7f, 0x000000});
}

/* The second half of the table is for what comes out of the matrix, which halves here. */
static void test_split(void **state)
{
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_GAMMA_MODE(0), MODE_SPLIT);
	precision_write(fixture, 0, 512, 0, 2);
	precision_write(fixture, 512, 512, 1022, -2);
	row_show(fixture, CTL_GAMMA);
	row_expect(fixture, (const uint32_t[]){0xffffff, 0xbfbfbf, 0x7f7f7f, 0x000000});
	fixture_write(fixture, UGVT_CSC_COEFF(0, 0), HALF << 16);
	fixture_write(fixture, UGVT_CSC_COEFF(0, 2), HALF);
	fixture_write(fixture, UGVT_CSC_COEFF(0, 5), HALF << 16);
	fixture_write(fixture, UGVT_CSC_MODE(0), 0);
	row_show(fixture, CTL_GAMMA | CTL_CSC);
	row_expect(fixture, (const uint32_t[]){0xffffff, 0xdfdfdf, 0xbfbfbf, 0x808080});
}

/* 512 points of 16 bits: the upper 10 in odd entries, the lower 6 in the upper bits of even ones. Half of the input. */
static void test_12bit(void **state)
{
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_GAMMA_MODE(0), MODE_12BIT);
	fixture_write(fixture, UGVT_PREC_PAL_INDEX(0), INDEX_INCREMENT);
	for (uint32_t i = 0; i < 512; i++) {
		uint32_t low = (i * 64 & 0x3f) << 4, high = i * 64 >> 6;

		fixture_write(fixture, UGVT_PREC_PAL_DATA(0), low << 20 | low << 10 | low);
		fixture_write(fixture, UGVT_PREC_PAL_DATA(0), high << 20 | high << 10 | high);
	}
	for (unsigned i = 0; i < 3; i++) {
		fixture_write(fixture, UGVT_PREC_PAL_GC_MAX(0, i), 0x8000);
	}
	row_show(fixture, CTL_GAMMA);
	row_expect(fixture, (const uint32_t[]){0x000000, 0x202020, 0x404040, 0x808080});
}

/* The table can be read back, at the index, which moves on only if it is to. */
static void test_precision_access(void **state)
{
	struct fixture *fixture = *state;

	precision_write(fixture, 1022, 2, 5, 1);
	assert_int_equal(fixture_read(fixture, UGVT_PREC_PAL_INDEX(0)), INDEX_INCREMENT);
	fixture_write(fixture, UGVT_PREC_PAL_INDEX(0), 1023);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(fixture_read(fixture, UGVT_PREC_PAL_DATA(0)), 0x00601806);
	}
	fixture_write(fixture, UGVT_PREC_PAL_INDEX(0), INDEX_INCREMENT | 1022);
	assert_int_equal(fixture_read(fixture, UGVT_PREC_PAL_DATA(0)), 0x00501405);
	assert_int_equal(fixture_read(fixture, UGVT_PREC_PAL_DATA(0)), 0x00601806);
}

/* Red from blue, green less a quarter, blue from red; from the vblank after the write to CSC_MODE on. */
static void test_csc(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	picture_put32(fixture, PICTURE_SURFACE, 0xff8040);
	picture_plane(fixture, &(struct picture_plane){0, CTL_ON | CTL_FORMAT(4) | CTL_CSC, 1, 0, 0,
				       1, 1, 0, 0, PICTURE_SURFACE});
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 0, 0), 0);
	ugvt_picture_finish(&picture);
	fixture_write(fixture, UGVT_CSC_COEFF(0, 1), ONE << 16);
	fixture_write(fixture, UGVT_CSC_COEFF(0, 2), ONE);
	fixture_write(fixture, UGVT_CSC_COEFF(0, 4), ONE << 16);
	fixture_write(fixture, UGVT_CSC_POSTOFF(0, 1), 0x1c00);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 0, 0), 0);
	ugvt_picture_finish(&picture);
	fixture_write(fixture, UGVT_CSC_MODE(0), CSC_FIRST);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 0, 0), 0x4040ff);
	ugvt_picture_finish(&picture);
}

/* White is halved and then turned into black's complement, or the other way round. */
static void test_order(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < 256; i++) {
		fixture_write(fixture, UGVT_LGC_PALETTE(0, i), (255 - i) * 0x010101);
	}
	fixture_write(fixture, UGVT_CSC_COEFF(0, 0), HALF << 16);
	fixture_write(fixture, UGVT_CSC_COEFF(0, 2), HALF);
	fixture_write(fixture, UGVT_CSC_COEFF(0, 5), HALF << 16);
	row_show(fixture, CTL_GAMMA | CTL_CSC);
	fixture_write(fixture, UGVT_CSC_MODE(0), 0);
	row_expect(fixture, (const uint32_t[]){0x808080, 0x606060, 0x404040, 0x000000});
	fixture_write(fixture, UGVT_CSC_MODE(0), CSC_FIRST);
	row_expect(fixture, (const uint32_t[]){0xffffff, 0xdfdfdf, 0xbfbfbf, 0x7f7f7f});
}

/* i915's matrix for it (ILK_CSC_COEFF_LIMITED_RANGE, ILK_CSC_POSTOFF_LIMITED_RANGE): a monitor that is told sees what was meant. */
static void test_limited_range(void **state)
{
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_CSC_COEFF(0, 0), 0x0dc0u << 16);
	fixture_write(fixture, UGVT_CSC_COEFF(0, 2), 0x0dc0u);
	fixture_write(fixture, UGVT_CSC_COEFF(0, 5), 0x0dc0u << 16);
	for (unsigned i = 0; i < 3; i++) {
		fixture_write(fixture, UGVT_CSC_POSTOFF(0, i), 16 * 4096 / 255);
	}
	fixture_write(fixture, UGVT_CSC_MODE(0), 0);
	row_show(fixture, CTL_CSC);
	row_expect(fixture, (const uint32_t[]){0x101010, 0x474747, 0x7e7e7e, 0xebebeb});
	fixture_write(fixture, UGVT_TRANS_MSA_MISC(0), 0x8);
	row_expect(fixture, pixels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_legacy, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_10bit, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_split, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_12bit, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(
			test_precision_access, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_csc, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_order, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(
			test_limited_range, picture_setup, picture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
