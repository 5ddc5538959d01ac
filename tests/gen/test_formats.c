/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gen/formats.h"

typedef void (*row_check)(const struct ugvt_format *row);

static void rows_check(row_check check)
{
	for (unsigned i = 0; i < UGVT_FORMAT_NUMBERS; i++) {
		const struct ugvt_format *row = ugvt_format(i);

		if (row) {
			assert_int_equal(row->number, i);
			assert_ptr_equal(ugvt_format_find(row->name), row);
			check(row);
		}
	}
}

static void channels_fit(const struct ugvt_format *row)
{
	for (unsigned c = 0; c < 4; c++) {
		const struct ugvt_channel *channel = &row->channels[c];

		if (channel->type == UGVT_CHANNEL_NONE) {
			continue;
		}
		assert_in_range(channel->bits, 1, 32);
		assert_true(channel->shift + channel->bits <= row->bits);
		assert_int_equal(channel->shift / 32, (channel->shift + channel->bits - 1) / 32);
	}
}

static void block_has_size(const struct ugvt_format *row)
{
	bool block = ugvt_format_is_block(row);

	assert_int_equal(block, row->block_width * row->block_height > 1);
	assert_true(!block || row->bits == 64 || row->bits == 128);
	assert_true(row->bits % 8 == 0 && row->bits <= 128);
}

/* The digits behind capital letters, up to the type: what the channels' bits and places should be. */
static void name_tells_channels(const struct ugvt_format *row)
{
	static const char letters[] = "RGBA";
	unsigned shift = 0;

	if (row->kind != UGVT_FORMAT_PLAIN) {
		return;
	}
	for (const char *p = row->name; *p; p++) {
		const char *letter = strchr(letters, *p);
		unsigned bits = isupper(p[0]) && isdigit(p[1]) ? strtoul(p + 1, NULL, 10) : 0;

		if (letter && bits > 0) {
			const struct ugvt_channel *channel = &row->channels[letter - letters];

			if (channel->type != UGVT_CHANNEL_NONE) {
				assert_int_equal(channel->bits, bits);
				assert_int_equal(channel->shift, shift);
			}
		}
		shift += bits;
	}
	assert_true(shift == row->bits || strcmp(row->name, "RAW") == 0);
}

static void uses_are_possible(const struct ugvt_format *row)
{
	assert_true(!(row->flags & UGVT_FORMAT_FILTER) || (row->flags & UGVT_FORMAT_SAMPLE));
	assert_true(!(row->flags & UGVT_FORMAT_BLEND) || (row->flags & UGVT_FORMAT_RENDER));
	assert_true(!(row->flags & UGVT_FORMAT_FILTER) || !ugvt_format_is_integer(row));
	assert_true(!(row->flags & UGVT_FORMAT_SRGB) || strstr(row->name, "SRGB"));
}

static void test_rows(void **state)
{
	rows_check(channels_fit);
	rows_check(block_has_size);
	rows_check(name_tells_channels);
	rows_check(uses_are_possible);
}

/* Numbers as drivers use them. */
static void test_numbers(void **state)
{
	static const struct {
		const char *name;
		unsigned number;
	} known[] = {
		{"R32G32B32A32_FLOAT", 0x000},
		{"R16G16B16A16_FLOAT", 0x084},
		{"B8G8R8A8_UNORM", 0x0c0},
		{"R8G8B8A8_UNORM", 0x0c7},
		{"R8G8B8A8_UNORM_SRGB", 0x0c8},
		{"R8G8B8A8_UINT", 0x0cb},
		{"R11G11B10_FLOAT", 0x0d3},
		{"R32_FLOAT", 0x0d8},
		{"R24_UNORM_X8_TYPELESS", 0x0d9},
		{"B5G6R5_UNORM", 0x100},
		{"R16_UNORM", 0x10a},
		{"R8_UNORM", 0x140},
		{"A8_UNORM", 0x144},
		{"BC1_UNORM", 0x186},
		{"BC7_UNORM", 0x1a2},
		{"ETC2_RGB8", 0x1aa},
		{"RAW", 0x1ff},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(known); i++) {
		assert_string_equal(ugvt_format(known[i].number)->name, known[i].name);
	}
	assert_null(ugvt_format(0x005));
	assert_null(ugvt_format(UGVT_FORMAT_NUMBERS));
	assert_null(ugvt_format_find("R8G8B8A8"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
