/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/eu/number.h"
#include "tests/gpu/eu/rig.h"
#include "tests/gpu/random.h"

/*
 * Functions of math: all ways to execute have the same results, to the bit, and those are near the C library's of doubles.
 */

enum {
	ROUNDS = 4000,
	LANES = 16,
	A_AT = 10,
	B_AT = 12,
	OUT_AT = 14,
};

struct function {
	const char *name;
	enum ugvt_eu_math math;
	double (*exact)(double a, double b);
	float low, high; // of arguments that are looked at
	float low_b, high_b;
	double units;    // of the last place, that a result may be off
	double absolute; // or by so much
};

static double exact_inv(double a, double b)
{
	return 1 / a;
}

static double exact_log(double a, double b)
{
	return log2(a);
}

static double exact_exp(double a, double b)
{
	return exp2(a);
}

static double exact_sqrt(double a, double b)
{
	return sqrt(a);
}

static double exact_rsq(double a, double b)
{
	return 1 / sqrt(a);
}

static double exact_sin(double a, double b)
{
	return sin(a);
}

static double exact_cos(double a, double b)
{
	return cos(a);
}

static double exact_div(double a, double b)
{
	return a / b;
}

static double exact_pow(double a, double b)
{
	return pow(fabs(a), b);
}

static const struct function functions[] = {
	{"inv", UGVT_EU_MATH_INV, exact_inv, 1e-30f, 1e30f, 0, 0, 0.51, 0},
	{"log", UGVT_EU_MATH_LOG, exact_log, 1e-37f, 1e37f, 0, 0, 2, 0},
	{"log near 1", UGVT_EU_MATH_LOG, exact_log, 0.5f, 2, 0, 0, 2, 0},
	{"exp", UGVT_EU_MATH_EXP, exact_exp, -126, 127.9f, 0, 0, 2, 0},
	{"exp near 0", UGVT_EU_MATH_EXP, exact_exp, -1, 1, 0, 0, 2, 0},
	{"sqrt", UGVT_EU_MATH_SQRT, exact_sqrt, 1e-37f, 1e37f, 0, 0, 0.51, 0},
	{"rsq", UGVT_EU_MATH_RSQ, exact_rsq, 1e-37f, 1e37f, 0, 0, 2, 0},
	{"sin", UGVT_EU_MATH_SIN, exact_sin, -7, 7, 0, 0, 2, 1e-7},
	{"sin of much", UGVT_EU_MATH_SIN, exact_sin, -30000, 30000, 0, 0, 2, 1e-7},
	{"sin of very much", UGVT_EU_MATH_SIN, exact_sin, 1e5f, 1e20f, 0, 0, 1, 1e-7},
	{"cos", UGVT_EU_MATH_COS, exact_cos, -7, 7, 0, 0, 2, 1e-7},
	{"cos of much", UGVT_EU_MATH_COS, exact_cos, -30000, 30000, 0, 0, 2, 1e-7},
	{"fdiv", UGVT_EU_MATH_FDIV, exact_div, -1000, 1000, 0.1f, 10, 0.51, 0},
	{"pow", UGVT_EU_MATH_POW, exact_pow, 0, 100, -10, 10, 2, 0},
	{"pow near 1", UGVT_EU_MATH_POW, exact_pow, 0.99f, 1.01f, -8000, 8000, 2, 0},
};

static float between(uint64_t *random, float low, float high)
{
	double part = next(random) / 4294967296.0;

	/* Large spans by their exponents. */
	if (low > 0 && high / low > 1000) {
		return (float)(low * pow((double)high / low, part));
	}
	return (float)(low + ((double)high - low) * part);
}

static struct ugvt_eu_inst math_make(enum ugvt_eu_math math)
{
	struct ugvt_eu_inst inst = make(UGVT_EU_MATH, LANES, vec(UGVT_EU_F, OUT_AT),
		vec(UGVT_EU_F, A_AT), vec(UGVT_EU_F, B_AT));

	if (math != UGVT_EU_MATH_POW && math != UGVT_EU_MATH_FDIV) {
		inst.src[1] = null(UGVT_EU_F);
	}
	inst.cmod = (uint8_t)math;
	return inst;
}

static void math_run(struct rig *rig, enum ugvt_eu_tier tier, uint32_t cr0, const void *values)
{
	ugvt_eu_program_link(rig->program, tier);
	ugvt_eu_thread_init(&rig->thread, rig->program, 0xffff, cr0);
	memcpy(rig->thread.grf + A_AT * UGVT_EU_REGISTER_BYTES, values,
		2 * LANES * sizeof(uint32_t));
	assert_int_equal(rig_run(rig), UGVT_EU_DONE);
}

static float result(const struct rig *rig, unsigned lane)
{
	return ugvt_eu_float((uint32_t)rig_get(rig, UGVT_EU_F, OUT_AT, lane));
}

static void near(const struct function *function, float a, float b, float is)
{
	double want = function->exact(a, b);
	double unit = nextafterf((float)fabs(want), INFINITY) - (float)fabs(want);
	double off = fabs(is - want);

	if (off > function->units * unit && off > function->absolute) {
		fail_msg("%s of %a and %a is %a, should be %a: off by %f units", function->name, a,
			b, is, want, off / unit);
	}
}

static void test_accuracy(void **state)
{
	uint64_t random = 3;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(functions); i++) {
		const struct function *function = &functions[i];
		struct rig rig;

		rig_init(&rig);
		rig_add(&rig, math_make(function->math));
		rig_start(&rig, 0xffff, 0);
		for (unsigned round = 0; round < ROUNDS; round++) {
			float values[2][LANES];

			for (unsigned n = 0; n < LANES; n++) {
				values[0][n] = between(&random, function->low, function->high);
				values[1][n] = between(&random, function->low_b, function->high_b);
			}
			math_run(&rig, UGVT_EU_TIER_BEST, 0, values[0]);
			for (unsigned n = 0; n < LANES; n++) {
				near(function, values[0][n], values[1][n], result(&rig, n));
			}
		}
		rig_finish(&rig);
	}
}

static bool same(float a, float b)
{
	return (a != a && b != b) || ugvt_eu_float_bits(a) == ugvt_eu_float_bits(b);
}

static void tiers_compare(struct rig *rig, uint64_t *random)
{
	static const uint32_t modes[] = {0, 0x4c0, 0x4d0, 0x20, 0x30, 1};
	static const uint32_t special[] = {0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000,
		0xff800000, 0x7fc00000, 1, 0x807fffff, 0x7f7fffff, 0x00800000, 0x42fe0000,
		0xc2fc0000, 0xc3150000, 0x47000000};
	uint32_t cr0 = modes[next(random) % UGVT_ARRAY_SIZE(modes)], values[2 * LANES];
	float want[LANES];

	for (unsigned n = 0; n < 2 * LANES; n++) {
		uint32_t value = next(random);

		switch (next(random) % 3) {
		case 0: value = special[value % UGVT_ARRAY_SIZE(special)]; break;
		case 1: value = 0x3e000000 + (value & 0x87ffffff); break;
		default: break;
		}
		values[n] = value;
	}
	for (unsigned tier = UGVT_EU_TIER_REFERENCE; tier <= UGVT_EU_TIER_BEST; tier++) {
		math_run(rig, tier, cr0, values);
		for (unsigned n = 0; n < LANES; n++) {
			if (tier == UGVT_EU_TIER_REFERENCE) {
				want[n] = result(rig, n);
			} else if (!same(result(rig, n), want[n])) {
				fail_msg("tier %u, cr0 0x%x: of %08x and %08x is %a, should be %a",
					tier, cr0, values[n], values[LANES + n], result(rig, n),
					want[n]);
			}
		}
	}
}

static void test_tiers(void **state)
{
	uint64_t random = 7;

	for (unsigned math = UGVT_EU_MATH_INV; math <= UGVT_EU_MATH_POW; math++) {
		struct rig rig;

		if (math == 8) {
			continue;
		}
		rig_init(&rig);
		rig_add(&rig, math_make(math));
		rig_start(&rig, 0xffff, 0);
		for (unsigned round = 0; round < ROUNDS / 4; round++) {
			tiers_compare(&rig, &random);
		}
		rig_finish(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accuracy),
		cmocka_unit_test(test_tiers),
	};

	return cmocka_run_group_tests_name("eu math", tests, NULL, NULL);
}
