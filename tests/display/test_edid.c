/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "display/edid.h"

/* Timings as VESA's CVT 1.1 spreadsheet gives them for reduced blanking. */
static const struct ugvt_mode modes[] = {
	{56000, 1024, 1072, 1104, 1184, 768, 771, 775, 790},
	{64000, 1280, 1328, 1360, 1440, 720, 723, 728, 741},
	{91000, 1280, 1328, 1360, 1440, 1024, 1027, 1034, 1054},
	{138500, 1920, 1968, 2000, 2080, 1080, 1083, 1088, 1111},
	{154000, 1920, 1968, 2000, 2080, 1200, 1203, 1209, 1235},
	{268500, 2560, 2608, 2640, 2720, 1600, 1603, 1609, 1646},
	{533250, 3840, 3888, 3920, 4000, 2160, 2163, 2168, 2222},
};

static void test_cvt(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(modes); i++) {
		struct ugvt_mode mode;

		ugvt_mode_cvt_rb(&mode, modes[i].hactive, modes[i].vactive);
		assert_memory_equal(&mode, &modes[i], sizeof(mode));
	}
}

/* The fields of a detailed timing, read by the standard's table 3.21. */
static void check_detailed(const uint8_t *d, const struct ugvt_mode *mode)
{
	assert_int_equal((d[0] | d[1] << 8) * 10, mode->clock_khz);
	assert_int_equal(d[2] | (d[4] >> 4) << 8, mode->hactive);
	assert_int_equal(d[3] | (d[4] & 0xf) << 8, mode->htotal - mode->hactive);
	assert_int_equal(d[5] | (d[7] >> 4) << 8, mode->vactive);
	assert_int_equal(d[6] | (d[7] & 0xf) << 8, mode->vtotal - mode->vactive);
	assert_int_equal(d[8] | (d[11] >> 6) << 8, mode->hsync_start - mode->hactive);
	assert_int_equal(d[9] | (d[11] >> 4 & 3) << 8, mode->hsync_end - mode->hsync_start);
	assert_int_equal(d[10] >> 4 | (d[11] >> 2 & 3) << 4, mode->vsync_start - mode->vactive);
	assert_int_equal((d[10] & 0xf) | (d[11] & 3) << 4, mode->vsync_end - mode->vsync_start);
	assert_int_equal(d[17] & 0x80, 0); // not interlaced
}

static void check_ranges(const uint8_t *d, const struct ugvt_mode *mode)
{
	assert_int_equal(d[3], 0xfd);
	assert_in_range(60, d[5], d[6]);
	assert_in_range(mode->clock_khz / mode->htotal, d[7], d[8] - 1);
	assert_in_range(mode->clock_khz, 0, d[9] * 10000);
}

static void test_block(void **state)
{
	static const uint8_t header[] = {0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(modes); i++) {
		uint8_t edid[UGVT_EDID_SIZE], sum = 0;

		assert_true(ugvt_edid_build(edid, modes[i].hactive, modes[i].vactive));
		for (size_t byte = 0; byte < sizeof(edid); byte++) {
			sum = (uint8_t)(sum + edid[byte]);
		}
		assert_int_equal(sum, 0);
		assert_memory_equal(edid, header, sizeof(header));
		assert_int_equal(edid[8] << 8 | edid[9], 21 << 10 | 7 << 5 | 22); // UGV
		assert_int_equal(edid[18] << 8 | edid[19], 0x0104);
		assert_int_equal(edid[20], 0xa5);
		assert_int_equal(edid[126], 0);
		check_detailed(edid + 54, &modes[i]);
		check_ranges(edid + 72, &modes[i]);
		assert_int_equal(edid[93], 0xfc);
		assert_memory_equal(edid + 95, "ugvt monitor\n", 13);
		assert_int_equal(edid[111], 0xff);
	}
}

/* No mode in the lists is larger than the preferred one. */
static void test_smaller_modes(void **state)
{
	uint8_t edid[UGVT_EDID_SIZE];

	assert_true(ugvt_edid_build(edid, 1024, 768));
	assert_int_equal(edid[35], 0x21);
	assert_int_equal(edid[36], 0x08);
	for (unsigned i = 38; i < 54; i++) {
		assert_int_equal(edid[i], 1);
	}
	assert_true(ugvt_edid_build(edid, 640, 480));
	assert_int_equal(edid[35], 0x20);
	assert_int_equal(edid[36], 0);
	assert_true(ugvt_edid_build(edid, 1920, 1080));
	for (unsigned i = 38; i < 54 && edid[i] != 1; i += 2) {
		assert_true(edid[i] < 1920 / 8 - 31);
	}
}

static void test_refused(void **state)
{
	static const unsigned sizes[][2] = {{0, 0}, {1024, 0}, {320, 200}, {4096, 2160},
		{1024, 4096}, {4095, 4095}, {~0u, ~0u}};
	uint8_t edid[UGVT_EDID_SIZE];

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(sizes); i++) {
		assert_false(ugvt_edid_build(edid, sizes[i][0], sizes[i][1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cvt),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_smaller_modes),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
