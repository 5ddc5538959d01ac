/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/bits.h"
#include "manager/parent.h"

enum {
	V5_1,
	V5_2,
	V5_4,
	V5_8,
	DIRECT
};

static const struct ugvt_type *const types = ugvt_builtin_types;

static struct ugvt_parent_config config_make(uint64_t aperture_mb)
{
	struct ugvt_parent_config config;

	ugvt_parent_config_init(&config);
	config.aperture = aperture_mb * UGVT_MB;
	return config;
}

/* Kernel GVT-g's figures for an empty GPU with a 4 GB GGTT; -1: the type is not listed. */
static void instances_are_gvt_g_s(void **state)
{
	static const struct {
		uint64_t aperture_mb;
		int instances[4]; // V5_1 to V5_8
	} cases[] = {
		{256, {-1, -1, 1, 2}},
		{512, {-1, 1, 3, 6}},
		{1024, {1, 2, 5, 7}},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_parent_config config = config_make(cases[i].aperture_mb);
		struct ugvt_parent parent;

		ugvt_parent_init(&parent, &config);
		for (unsigned t = 0; t < 4; t++) {
			int expected = cases[i].instances[t];

			assert_int_equal(ugvt_parent_offers(&parent, &types[t]), expected >= 0);
			if (expected >= 0) {
				assert_int_equal(
					ugvt_parent_available(&parent, &types[t]), expected);
			}
		}
		assert_true(ugvt_parent_offers(&parent, &types[DIRECT]));
		assert_int_equal(ugvt_parent_available(&parent, &types[DIRECT]), 1);
	}
}

static void room_runs_out_when_it_says(void **state)
{
	struct ugvt_parent_config config = config_make(1024);
	struct ugvt_failure failure;
	struct ugvt_parent parent;

	ugvt_parent_init(&parent, &config);
	for (unsigned t = 0; t < 4; t++) {
		unsigned n = ugvt_parent_available(&parent, &types[t]);

		for (unsigned left = n; left > 0; left--) {
			assert_int_equal(ugvt_parent_available(&parent, &types[t]), left);
			assert_true(ugvt_parent_reserve(&parent, &types[t], &failure));
		}
		assert_false(ugvt_parent_reserve(&parent, &types[t], &failure));
		assert_int_equal(failure.code, UGVT_FAILURE_NO_ROOM);
		assert_non_null(strstr(failure.text, "free are"));
		for (unsigned i = 0; i < n; i++) {
			ugvt_parent_release(&parent, &types[t]);
		}
		assert_int_equal(ugvt_parent_available(&parent, &types[t]), n);
	}
}

static void sizes_share_the_room(void **state)
{
	struct ugvt_parent_config config = config_make(1024);
	struct ugvt_failure failure;
	struct ugvt_parent parent;

	/* 896 MB low and 2688 MB high, less 256 and 1024, leave 640 and 1664. */
	ugvt_parent_init(&parent, &config);
	assert_true(ugvt_parent_reserve(&parent, &types[V5_2], &failure));
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_1]), 0);
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_2]), 1);
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_4]), 3);
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_8]), 4);
}

static void fences_bound_too(void **state)
{
	struct ugvt_parent_config config = config_make(1024);
	struct ugvt_parent parent;

	config.fences = 16;
	ugvt_parent_init(&parent, &config);
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_8]), 3);
	config.fences = 4;
	ugvt_parent_init(&parent, &config);
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_8]), 0);
}

static void direct_is_alone(void **state)
{
	struct ugvt_parent_config config = config_make(256);
	struct ugvt_failure failure;
	struct ugvt_parent parent;
	struct ugvt_share share;

	ugvt_parent_init(&parent, &config);
	share = ugvt_parent_share(&parent, &types[DIRECT]);
	assert_int_equal(share.low_gm, 256 * UGVT_MB);
	assert_int_equal(share.high_gm, (4096 - 256) * UGVT_MB);
	assert_int_equal(share.fences, 32);

	assert_true(ugvt_parent_reserve(&parent, &types[V5_8], &failure));
	assert_int_equal(ugvt_parent_available(&parent, &types[DIRECT]), 0);
	assert_false(ugvt_parent_reserve(&parent, &types[DIRECT], &failure));
	assert_int_equal(failure.code, UGVT_FAILURE_NO_ROOM);
	ugvt_parent_release(&parent, &types[V5_8]);

	assert_true(ugvt_parent_reserve(&parent, &types[DIRECT], &failure));
	assert_false(ugvt_parent_reserve(&parent, &types[DIRECT], &failure));
	assert_false(ugvt_parent_reserve(&parent, &types[V5_8], &failure));
	assert_non_null(strstr(failure.text, "direct"));
	ugvt_parent_release(&parent, &types[DIRECT]);
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_8]), 2);
}

static void too_big_a_type_is_not_there(void **state)
{
	struct ugvt_parent_config config = config_make(256);
	struct ugvt_failure failure;
	struct ugvt_parent parent;

	ugvt_parent_init(&parent, &config);
	assert_false(ugvt_parent_reserve(&parent, &types[V5_1], &failure));
	assert_int_equal(failure.code, UGVT_FAILURE_NOT_FOUND);
}

/* Whatever they take together, and the whole of it as often as a part. */
static void a_limit_of_its_own_only_counts(void **state)
{
	struct ugvt_parent_config config = config_make(1024);
	struct ugvt_failure failure;
	struct ugvt_parent parent;

	config.vgpus = 16;
	ugvt_parent_init(&parent, &config);
	for (unsigned i = 16; i > 0; i--) {
		assert_int_equal(ugvt_parent_available(&parent, &types[i % 5]), i);
		assert_true(ugvt_parent_reserve(&parent, &types[i % 5], &failure));
	}
	for (unsigned t = 0; t < 5; t++) {
		assert_int_equal(ugvt_parent_available(&parent, &types[t]), 0);
		assert_false(ugvt_parent_reserve(&parent, &types[t], &failure));
		assert_int_equal(failure.code, UGVT_FAILURE_NO_ROOM);
		assert_non_null(strstr(failure.text, "takes 16 vGPUs"));
	}
	/* A type that is larger than the GPU is not there. */
	config.aperture = 256 * UGVT_MB;
	ugvt_parent_init(&parent, &config);
	assert_false(ugvt_parent_offers(&parent, &types[V5_1]));
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_1]), 0);
	assert_false(ugvt_parent_reserve(&parent, &types[V5_1], &failure));
	assert_int_equal(failure.code, UGVT_FAILURE_NOT_FOUND);
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_2]), 16);
	config.fences = 3;
	assert_false(ugvt_parent_offers(&parent, &types[V5_2]));
}

/* What runs is counted also where there is no room for it: nothing new fits until as much has gone. */
static void claims_may_exceed_the_room(void **state)
{
	struct ugvt_parent_config config = config_make(256);
	struct ugvt_failure failure;
	struct ugvt_parent parent;

	ugvt_parent_init(&parent, &config);
	for (unsigned i = 0; i < 9; i++) {
		ugvt_parent_claim(&parent, &types[i % 2 ? V5_1 : DIRECT]);
	}
	for (unsigned t = 0; t < 5; t++) {
		assert_int_equal(ugvt_parent_available(&parent, &types[t]), 0);
		assert_false(ugvt_parent_reserve(&parent, &types[t], &failure));
	}
	for (unsigned i = 0; i < 9; i += 2) {
		ugvt_parent_release(&parent, &types[DIRECT]);
	}
	assert_false(ugvt_parent_reserve(&parent, &types[V5_8], &failure));
	assert_non_null(strstr(failure.text, "free are 0 MB low"));
	for (unsigned i = 1; i < 9; i += 2) {
		assert_int_equal(ugvt_parent_available(&parent, &types[V5_8]), 0);
		ugvt_parent_release(&parent, &types[V5_1]);
	}
	assert_int_equal(ugvt_parent_available(&parent, &types[V5_8]), 2);
	assert_int_equal(ugvt_parent_available(&parent, &types[DIRECT]), 1);
}

static void many_rounds_end_as_they_began(void **state)
{
	struct ugvt_parent_config config = config_make(1024);
	struct ugvt_parent parent, before;
	struct ugvt_failure failure;
	unsigned held[5] = {0};
	uint32_t random = 1;

	ugvt_parent_init(&parent, &config);
	before = parent;
	for (unsigned i = 0; i < 10000; i++) {
		unsigned t = (random >> 16) % 5;

		random = random * 1103515245 + 12345;
		if (held[t] > 0 && (random >> 30)) {
			ugvt_parent_release(&parent, &types[t]);
			held[t]--;
		} else if (ugvt_parent_reserve(&parent, &types[t], &failure)) {
			held[t]++;
		}
		assert_in_range(parent.n_vgpus, 0, UGVT_PARENT_VGPUS_MAX);
	}
	for (unsigned t = 0; t < 5; t++) {
		while (held[t] > 0) {
			ugvt_parent_release(&parent, &types[t]);
			held[t]--;
		}
	}
	assert_memory_equal(&parent.left, &before.left, sizeof(before.left));
	assert_int_equal(parent.n_vgpus, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(instances_are_gvt_g_s),
		cmocka_unit_test(room_runs_out_when_it_says),
		cmocka_unit_test(sizes_share_the_room),
		cmocka_unit_test(fences_bound_too),
		cmocka_unit_test(direct_is_alone),
		cmocka_unit_test(too_big_a_type_is_not_there),
		cmocka_unit_test(a_limit_of_its_own_only_counts),
		cmocka_unit_test(claims_may_exceed_the_room),
		cmocka_unit_test(many_rounds_end_as_they_began),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
