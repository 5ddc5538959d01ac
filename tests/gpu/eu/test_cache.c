/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/eu/cache.h"
#include "tests/gpu/eu/encode.h"

/* A kernel of two instructions, and something behind its end. */
struct kernel {
	struct ugvt_eu_bits code[3];
};

static struct kernel kernel_make(unsigned number, uint32_t behind)
{
	struct ugvt_eu_inst mov = make(
		UGVT_EU_MOV, 8, vec(UGVT_EU_UD, 10), imm(UGVT_EU_UD, number), null(UGVT_EU_UD));
	struct ugvt_eu_inst end = message(UGVT_EU_SFID_SPAWNER, 0x02000010, 100, true);
	struct kernel kernel = {{encode(&mov), encode(&end), {{behind, behind}}}};

	return kernel;
}

static void test_content(void **state)
{
	struct ugvt_eu_cache *cache = ugvt_eu_cache_create(1 << 20);
	struct kernel a = kernel_make(1, 0), same = kernel_make(1, 77), other = kernel_make(2, 0);
	const struct ugvt_eu_program *first, *second, *third;

	assert_non_null(cache);
	first = ugvt_eu_cache_lock(cache, &a, sizeof(a));
	second = ugvt_eu_cache_lock(cache, &same, sizeof(same));
	third = ugvt_eu_cache_lock(cache, &other, sizeof(other));
	assert_non_null(first);
	assert_int_equal(first->n, 2);
	/* What is behind the end does not count. */
	assert_ptr_equal(first, second);
	assert_ptr_not_equal(first, third);
	/* A place that is used again has another kernel. */
	a = other;
	second = ugvt_eu_cache_lock(cache, &a, sizeof(a));
	assert_ptr_equal(second, third);
	ugvt_eu_cache_unlock(cache, first);
	ugvt_eu_cache_unlock(cache, first);
	ugvt_eu_cache_unlock(cache, third);
	ugvt_eu_cache_unlock(cache, third);
	ugvt_eu_cache_destroy(cache);
}

/* What is in use stays, whatever the limit. */
static void test_limit(void **state)
{
	struct ugvt_eu_cache *cache = ugvt_eu_cache_create(0);
	struct kernel a = kernel_make(1, 0), b = kernel_make(2, 0);
	const struct ugvt_eu_program *first, *second;

	assert_non_null(cache);
	first = ugvt_eu_cache_lock(cache, &a, sizeof(a));
	second = ugvt_eu_cache_lock(cache, &b, sizeof(b));
	assert_int_equal(first->steps[0].inst.src[0].imm, 1);
	assert_int_equal(second->steps[0].inst.src[0].imm, 2);
	assert_ptr_equal(ugvt_eu_cache_lock(cache, &a, sizeof(a)), first);
	ugvt_eu_cache_unlock(cache, first);
	assert_int_equal(first->steps[0].inst.src[0].imm, 1);
	ugvt_eu_cache_unlock(cache, first);
	ugvt_eu_cache_unlock(cache, second);
	ugvt_eu_cache_destroy(cache);
}

/* Many, of which few fit. */
static void test_many(void **state)
{
	struct ugvt_eu_cache *cache = ugvt_eu_cache_create(64 << 10);

	assert_non_null(cache);
	for (unsigned i = 0; i < 1000; i++) {
		struct kernel kernel = kernel_make(i, 0);
		const struct ugvt_eu_program *program =
			ugvt_eu_cache_lock(cache, &kernel, sizeof(kernel));

		assert_non_null(program);
		assert_int_equal(program->steps[0].inst.src[0].imm, i);
		ugvt_eu_cache_unlock(cache, program);
	}
	ugvt_eu_cache_destroy(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("eu cache", tests, NULL, NULL);
}
