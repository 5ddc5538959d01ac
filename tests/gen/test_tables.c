/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gen/hooks_display.h"
#include "gen/tables.h"

static const enum ugvt_platform platforms[] = {UGVT_SKL, UGVT_KBL, UGVT_CFL};

static unsigned count_of(const struct ugvt_reg *row)
{
	return row->count > 0 ? row->count : 1;
}

static unsigned stride_of(const struct ugvt_reg *row)
{
	return row->stride > 0 ? row->stride : 4;
}

typedef void (*row_check)(const struct ugvt_reg_table *table, const struct ugvt_reg *row);

static void rows_check(row_check check)
{
	for (size_t t = 0; t < ugvt_reg_table_count; t++) {
		for (size_t i = 0; i < ugvt_reg_tables[t]->count; i++) {
			check(ugvt_reg_tables[t], &ugvt_reg_tables[t]->rows[i]);
		}
	}
}

static void row_is_placed(const struct ugvt_reg_table *table, const struct ugvt_reg *row)
{
	assert_non_null(row->name);
	assert_int_equal(row->offset % 4, 0);
	assert_int_equal(stride_of(row) % 4, 0);
	assert_true(row->offset + (uint64_t)(count_of(row) - 1) * stride_of(row) < UGVT_MMIO_SIZE);
	if (row > table->rows) {
		assert_true(row[-1].offset <= row->offset);
	}
}

static void row_has_unit(const struct ugvt_reg_table *table, const struct ugvt_reg *row)
{
	bool hooked = row->flags & (UGVT_REG_HOOK_READ | UGVT_REG_HOOK_WRITE);

	assert_true(row->unit < UGVT_UNIT_COUNT);
	assert_true(!hooked || row->unit != UGVT_UNIT_NONE);
	if (row->unit == UGVT_UNIT_DISPLAY) {
		assert_in_range(row->hook, 1, UGVT_DISPLAY_HOOK_COUNT - 1);
	}
}

static void row_is_sound(const struct ugvt_reg_table *table, const struct ugvt_reg *row)
{
	assert_int_equal(row->read_only & row->w1c, 0);
	assert_int_equal(row->platforms & ~UGVT_GEN9, 0);
	if (row->flags & UGVT_REG_READ_ONLY) {
		assert_int_equal(row->read_only | row->w1c, 0);
	}
}

static void test_placed(void **state)
{
	rows_check(row_is_placed);
}

static void test_units(void **state)
{
	rows_check(row_has_unit);
}

static void test_sound(void **state)
{
	rows_check(row_is_sound);
}

static void row_enter(const struct ugvt_reg **owner, const struct ugvt_reg *row)
{
	for (unsigned i = 0; i < count_of(row); i++) {
		uint32_t at = (row->offset + i * stride_of(row)) / 4;

		if (owner[at]) {
			fail_msg("%#x is both %s and %s", at * 4, owner[at]->name, row->name);
		}
		owner[at] = row;
	}
}

/* On each platform every register belongs to one row of all tables. */
static void test_no_overlap(void **state)
{
	for (size_t p = 0; p < UGVT_ARRAY_SIZE(platforms); p++) {
		const struct ugvt_reg **owner = calloc(UGVT_MMIO_SIZE / 4, sizeof(*owner));

		assert_non_null(owner);
		for (size_t t = 0; t < ugvt_reg_table_count; t++) {
			for (size_t i = 0; i < ugvt_reg_tables[t]->count; i++) {
				const struct ugvt_reg *row = &ugvt_reg_tables[t]->rows[i];

				if (row->platforms == 0 || (row->platforms & platforms[p])) {
					row_enter(owner, row);
				}
			}
		}
		free(owner);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_placed),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_no_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
