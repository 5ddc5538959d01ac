/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/bits.h"

static void test_masks(void **state)
{
	assert_int_equal(UGVT_BIT(0), 1);
	assert_int_equal(UGVT_BIT(31), 0x80000000);
	assert_int_equal(UGVT_BIT64(63), 0x8000000000000000);
	assert_int_equal(UGVT_MASK(31, 0), UINT32_MAX);
	assert_int_equal(UGVT_MASK(0, 0), 1);
	assert_int_equal(UGVT_MASK(31, 31), 0x80000000);
	assert_int_equal(UGVT_MASK(15, 8), 0xff00);
	assert_int_equal(UGVT_MASK64(63, 0), UINT64_MAX);
	assert_int_equal(UGVT_MASK64(47, 12), 0xfffffffff000);
}

static void test_fields(void **state)
{
	assert_int_equal(UGVT_GET(UGVT_MASK(15, 8), 0x12345678), 0x56);
	assert_int_equal(UGVT_PUT(UGVT_MASK(15, 8), 0xab), 0xab00);
	assert_int_equal(UGVT_PUT(UGVT_MASK(15, 8), 0x1ff), 0xff00);
	assert_int_equal(UGVT_GET(UGVT_MASK64(63, 60), 0x9000000000000000), 9);
	assert_int_equal(UGVT_PUT(UGVT_MASK64(63, 60), 9), 0x9000000000000000);
	assert_int_equal(UGVT_GET(UGVT_MASK(31, 31), 0x80000000), 1);
}

static void test_alignment(void **state)
{
	assert_int_equal(UGVT_ALIGN_UP(0, 4096), 0);
	assert_int_equal(UGVT_ALIGN_UP(1, 4096), 4096);
	assert_int_equal(UGVT_ALIGN_UP(4096, 4096), 4096);
	assert_int_equal(UGVT_ALIGN_UP(7, 3), 9);
}

static void test_halves(void **state)
{
	assert_int_equal(ugvt_lo32(0x123456789abcdef0), 0x9abcdef0);
	assert_int_equal(ugvt_hi32(0x123456789abcdef0), 0x12345678);
	assert_int_equal(ugvt_u64(0x9abcdef0, 0x12345678), 0x123456789abcdef0);
}

static void test_container_of(void **state)
{
	struct outer {
		int a;
		long b;
	} outer;

	assert_ptr_equal(ugvt_container_of(&outer.b, struct outer, b), &outer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_container_of),
	};

	return cmocka_run_group_tests_name("bits", tests, NULL, NULL);
}
