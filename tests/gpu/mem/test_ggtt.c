/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gpu/mem/ggtt.h"

static int setup(void **state)
{
	static struct ugvt_ggtt ggtt;

	*state = &ggtt;
	return ugvt_ggtt_init(&ggtt) ? 0 : -1;
}

static int teardown(void **state)
{
	ugvt_ggtt_finish(*state);
	return 0;
}

static uint64_t entry_at(struct ugvt_ggtt *ggtt, uint32_t index)
{
	uint64_t entry;

	ugvt_ggtt_read(ggtt, index * 8, &entry, sizeof(entry));
	return entry;
}

static void entry_put(struct ugvt_ggtt *ggtt, uint32_t index, uint64_t entry)
{
	ugvt_ggtt_write(ggtt, index * 8, &entry, sizeof(entry));
}

static void test_starts_absent(void **state)
{
	assert_int_equal(entry_at(*state, 0), 0);
	assert_int_equal(entry_at(*state, UGVT_GGTT_ENTRIES - 1), 0);
}

static void test_entries(void **state)
{
	entry_put(*state, 3, 0x123456789a001);
	entry_put(*state, UGVT_GGTT_ENTRIES - 1, 0xfff001);
	assert_int_equal(entry_at(*state, 3), 0x123456789a001);
	assert_int_equal(entry_at(*state, 2), 0);
	assert_int_equal(entry_at(*state, 4), 0);
	assert_int_equal(entry_at(*state, UGVT_GGTT_ENTRIES - 1), 0xfff001);
}

static void test_parts(void **state)
{
	struct ugvt_ggtt *ggtt = *state;
	uint32_t half = 0xaabbccdd;
	uint8_t bytes[8];

	entry_put(ggtt, 1, 0x1111111111111111);
	ugvt_ggtt_write(ggtt, 12, &half, sizeof(half));
	assert_int_equal(entry_at(ggtt, 1), 0xaabbccdd11111111);
	ugvt_ggtt_write(ggtt, 9, "\x22", 1);
	assert_int_equal(entry_at(ggtt, 1), 0xaabbccdd11112211);
	/* Across two entries. */
	ugvt_ggtt_write(ggtt, 13, "\1\2\3\4\5\6\7", 7);
	assert_int_equal(entry_at(ggtt, 1), 0x030201dd11112211);
	assert_int_equal(entry_at(ggtt, 2), 0x07060504);
	ugvt_ggtt_read(ggtt, 13, bytes, 7);
	assert_memory_equal(bytes, "\1\2\3\4\5\6\7", 7);
}

static void test_generation(void **state)
{
	struct ugvt_ggtt *ggtt = *state;
	uint64_t start = ggtt->generation;

	entry_put(ggtt, 5, 0x1001);
	entry_put(ggtt, 5, 0x1001);
	assert_int_equal(ggtt->generation, start);
	entry_put(ggtt, 5, 0x2001);
	assert_int_equal(ggtt->generation, start + 1);
	entry_put(ggtt, 5, 0);
	assert_int_equal(ggtt->generation, start + 2);
	entry_put(ggtt, 5, 0x3000);
	assert_int_equal(ggtt->generation, start + 2);
}

static void test_reset(void **state)
{
	struct ugvt_ggtt *ggtt = *state;
	uint64_t start;

	entry_put(ggtt, 77, 0x1001);
	start = ggtt->generation;
	ugvt_ggtt_reset(ggtt);
	assert_int_equal(entry_at(ggtt, 77), 0);
	assert_true(ggtt->generation > start);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_starts_absent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_entries, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_generation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
