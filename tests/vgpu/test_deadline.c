/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "vgpu/deadline.h"

#define CONTEXT(n) (UINT64_C(0x500000000) | (n) << 12 | 0x19)

static void test_no_limit(void **state)
{
	struct ugvt_deadline deadline;

	ugvt_deadline_init(&deadline, 0);
	assert_false(ugvt_deadline_charge(&deadline, CONTEXT(1), 8, UINT64_MAX / 2));
	assert_false(ugvt_deadline_charge(&deadline, CONTEXT(1), 8, UINT64_MAX / 2));
}

static void test_progress(void **state)
{
	struct ugvt_deadline deadline;

	ugvt_deadline_init(&deadline, 100);
	assert_false(ugvt_deadline_charge(&deadline, CONTEXT(1), 8, 60));
	/* The ring has moved. */
	assert_false(ugvt_deadline_charge(&deadline, CONTEXT(1), 16, 60));
	assert_false(ugvt_deadline_charge(&deadline, CONTEXT(1), 16, 40));
	assert_true(ugvt_deadline_charge(&deadline, CONTEXT(1), 16, 1));
	/* It was done, or the engine was reset. */
	ugvt_deadline_forget(&deadline, CONTEXT(1));
	assert_false(ugvt_deadline_charge(&deadline, CONTEXT(1), 16, 60));
	ugvt_deadline_forget_all(&deadline);
	assert_false(ugvt_deadline_charge(&deadline, CONTEXT(1), 16, 60));
}

/* Taking turns does not help, and neither do many that are new. */
static void test_many_contexts(void **state)
{
	struct ugvt_deadline deadline;
	unsigned charged = 0;

	ugvt_deadline_init(&deadline, 100);
	while (!ugvt_deadline_charge(&deadline, CONTEXT(1), 8, 5) &&
		!ugvt_deadline_charge(&deadline, CONTEXT(2), 8, 5)) {
		for (uint64_t n = 0; n < 20; n++) {
			ugvt_deadline_charge(&deadline, CONTEXT(100 + charged * 20 + n), 8, 1);
		}
		assert_true(charged++ < 20);
	}
	assert_int_equal(charged, 20);
}

/* One at address 0 counts, too. */
static void test_address_zero(void **state)
{
	struct ugvt_deadline deadline;

	ugvt_deadline_init(&deadline, 100);
	assert_false(ugvt_deadline_charge(&deadline, CONTEXT(0), 0, 60));
	assert_true(ugvt_deadline_charge(&deadline, CONTEXT(0), 0, 60));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_limit),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_many_contexts),
		cmocka_unit_test(test_address_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
