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
 * Quotients and square roots as IEEE 754 wants them, of sequences of approximations and madm: what the CPU says itself. The
 * sequence for quotients of DF is the PRM's own ("Macro for Double Precision IEEE Compliant fdiv"); the others are as long as
 * they have to be.
 */

enum {
	NONE = UGVT_EU_SPECIALS, // noacc
	ACC2 = 0,
	ACC3,
	ACC4,
	ACC5,
	ACC6,
	ACC7,
	ACC8,
	ACC9,
	LANES = 4,
	ROUNDS = 4000,
};

/* Registers, as the PRM has them. */
enum {
	ZERO = 20,
	ONE = 22,
	HALF = 24,
	A = 26,
	B = 28,
	Y = 30, // and the result
	T9 = 32,
	T10 = 34,
	T11 = 36,
	T12 = 38,
	T13 = 40,
};

/* An operand: a register with its accumulator. */
struct place {
	unsigned number, special;
	bool negate;
};

static struct ugvt_eu_operand operand(enum ugvt_eu_type type, struct place place)
{
	struct ugvt_eu_operand out = region(type, place.number, 4, 4, 1);

	out.special = (uint8_t)place.special;
	out.negate = place.negate;
	return out;
}

#define P(number, special) ((struct place){number, special, false})
#define MINUS(number, special) ((struct place){number, special, true})

static void macro_add(
	struct rig *rig, enum ugvt_eu_type type, struct place dst, const struct place from[3])
{
	const struct ugvt_eu_operand src[3] = {
		operand(type, from[0]), operand(type, from[1]), operand(type, from[2])};
	struct ugvt_eu_inst inst = make3(UGVT_EU_MADM, LANES, operand(type, dst), src);

	/* But where the sequence came out at once. */
	inst.predicate = UGVT_EU_PREDICATE_NORMAL;
	inst.predicate_inverse = true;
	rig_add(rig, inst);
}

#define MADM(dst, a, b, c) macro_add(rig, type, dst, (const struct place[3]){a, b, c})

static void approximation_add(struct rig *rig, enum ugvt_eu_type type, enum ugvt_eu_math function)
{
	struct ugvt_eu_inst inst =
		make(UGVT_EU_MATH, LANES, operand(type, P(Y, ACC2)), operand(type, P(A, NONE)),
			function == UGVT_EU_MATH_INVM ? operand(type, P(B, NONE)) : null(type));

	inst.align16 = true;
	inst.cmod = (uint8_t)function; // the same bits
	inst.math = (uint8_t)function;
	rig_add(rig, inst);
}

static void divide_double(struct rig *rig)
{
	const enum ugvt_eu_type type = UGVT_EU_DF;

	approximation_add(rig, type, UGVT_EU_MATH_INVM);
	MADM(P(T9, ACC3), P(ZERO, NONE), P(A, NONE), P(Y, ACC2));
	MADM(P(T10, ACC4), P(ONE, NONE), MINUS(B, NONE), P(Y, ACC2));
	MADM(P(T11, ACC5), P(A, NONE), MINUS(B, NONE), P(T9, ACC3));
	MADM(P(T12, ACC6), P(Y, ACC2), P(T10, ACC4), P(Y, ACC2));
	MADM(P(T13, ACC7), P(ONE, NONE), MINUS(B, NONE), P(T12, ACC6));
	MADM(P(Y, ACC8), P(Y, ACC2), P(T10, ACC4), P(T12, ACC6));
	MADM(P(T9, ACC9), P(T9, ACC3), P(T11, ACC5), P(T12, ACC6));
	MADM(P(T12, ACC2), P(T12, ACC6), P(Y, ACC8), P(T13, ACC7));
	MADM(P(T11, ACC3), P(A, NONE), MINUS(B, NONE), P(T9, ACC9));
	MADM(P(Y, NONE), P(T9, ACC9), P(T11, ACC3), P(T12, ACC2));
}

static void divide_single(struct rig *rig)
{
	const enum ugvt_eu_type type = UGVT_EU_F;

	approximation_add(rig, type, UGVT_EU_MATH_INVM);
	MADM(P(T9, ACC3), P(ZERO, NONE), P(A, NONE), P(Y, ACC2));
	MADM(P(T10, ACC4), P(ONE, NONE), MINUS(B, NONE), P(Y, ACC2));
	MADM(P(T11, ACC5), P(Y, ACC2), P(T10, ACC4), P(Y, ACC2));
	MADM(P(T12, ACC6), P(A, NONE), MINUS(B, NONE), P(T9, ACC3));
	MADM(P(T9, ACC7), P(T9, ACC3), P(T12, ACC6), P(T11, ACC5));
	MADM(P(T12, ACC8), P(A, NONE), MINUS(B, NONE), P(T9, ACC7));
	MADM(P(Y, NONE), P(T9, ACC7), P(T12, ACC8), P(T11, ACC5));
}

/* s = a y, h = y / 2; both get better by how far s h is from a half; then s by how far its square is from a. */
static void root_build(struct rig *rig, enum ugvt_eu_type type)
{
	approximation_add(rig, type, UGVT_EU_MATH_RSQRTM);
	MADM(P(T9, ACC3), P(ZERO, NONE), P(HALF, NONE), P(Y, ACC2));
	MADM(P(T10, ACC4), P(ZERO, NONE), P(A, NONE), P(Y, ACC2));
	MADM(P(T11, ACC5), P(HALF, NONE), MINUS(T10, ACC4), P(T9, ACC3));
	MADM(P(T12, ACC6), P(T9, ACC3), P(T11, ACC5), P(T9, ACC3));
	MADM(P(T13, ACC7), P(T10, ACC4), P(T11, ACC5), P(T10, ACC4));
	MADM(P(T9, ACC8), P(A, NONE), MINUS(T13, ACC7), P(T13, ACC7));
	MADM(P(Y, NONE), P(T13, ACC7), P(T9, ACC8), P(T12, ACC6));
}

static void root_double(struct rig *rig)
{
	root_build(rig, UGVT_EU_DF);
}

static void root_single(struct rig *rig)
{
	root_build(rig, UGVT_EU_F);
}

static uint64_t bits_of(enum ugvt_eu_type type, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return type == UGVT_EU_F ? ugvt_eu_float_bits((float)value) : bits;
}

static double value_of(enum ugvt_eu_type type, uint64_t bits)
{
	return type == UGVT_EU_F ? (double)ugvt_eu_float((uint32_t)bits) : ugvt_eu_double(bits);
}

static uint64_t expected(enum ugvt_eu_type type, bool divides, double a, double b)
{
	if (type == UGVT_EU_F) {
		return bits_of(type, (double)(divides ? (float)a / (float)b : sqrtf((float)a)));
	}
	return bits_of(type, divides ? a / b : sqrt(a));
}

struct sequence {
	void (*build)(struct rig *rig);
	enum ugvt_eu_type type;
	bool divides;
};

static const struct sequence sequences[] = {
	{divide_single, UGVT_EU_F, true},
	{divide_double, UGVT_EU_DF, true},
	{root_single, UGVT_EU_F, false},
	{root_double, UGVT_EU_DF, false},
};

/* Of four channels. Denormals are numbers. */
static void sequence_run(struct rig *rig, const struct sequence *sequence, const uint64_t a[LANES],
	const uint64_t b[LANES])
{
	enum ugvt_eu_type type = sequence->type;

	ugvt_eu_thread_init(
		&rig->thread, rig->program, 0xf, UGVT_EU_CR0_F_DENORMS | UGVT_EU_CR0_DF_DENORMS);
	for (unsigned n = 0; n < LANES; n++) {
		rig_set(rig, type, ZERO, n, 0);
		rig_set(rig, type, ONE, n, bits_of(type, 1));
		rig_set(rig, type, HALF, n, bits_of(type, 0.5));
		rig_set(rig, type, A, n, a[n]);
		rig_set(rig, type, B, n, b[n]);
	}
	assert_int_equal(rig_run(rig), UGVT_EU_DONE);
	for (unsigned n = 0; n < LANES; n++) {
		uint64_t want = expected(
			type, sequence->divides, value_of(type, a[n]), value_of(type, b[n]));
		uint64_t got = rig_get(rig, type, Y, n);

		if (isnan(value_of(type, want))) {
			assert_true(isnan(value_of(type, got)));
		} else {
			assert_int_equal(got, want);
		}
	}
}

/* Of any exponents, and any fractions. */
static void test_random(void **state)
{
	uint64_t random = 3;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(sequences); i++) {
		struct rig rig;

		rig_init(&rig);
		sequences[i].build(&rig);
		rig_start(&rig, 0xf, 0);
		for (unsigned round = 0; round < ROUNDS; round++) {
			uint64_t a[LANES], b[LANES];

			for (unsigned n = 0; n < LANES; n++) {
				a[n] = (uint64_t)next(&random) << 32 | next(&random);
				b[n] = (uint64_t)next(&random) << 32 | next(&random);
				if (!sequences[i].divides) {
					a[n] &= INT64_MAX & ~(UINT64_C(1) << 31);
				}
				if (sequences[i].type == UGVT_EU_F) {
					a[n] &= UINT32_MAX;
					b[n] &= UINT32_MAX;
				}
			}
			sequence_run(&rig, &sequences[i], a, b);
		}
		rig_finish(&rig);
	}
}

/* Zero by zero, and all that; the smallest and largest numbers. */
static void test_special(void **state)
{
	static const double values[] = {0, -0.0, 1, -3, INFINITY, -INFINITY, NAN, 0x1p-126,
		0x1.fffffep127, 0x1p-149, 0x1p-1022, 0x1.fffffffffffffp1023, 0x1p-1074};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(sequences); i++) {
		enum ugvt_eu_type type = sequences[i].type;
		struct rig rig;

		rig_init(&rig);
		sequences[i].build(&rig);
		rig_start(&rig, 0xf, 0);
		for (size_t n = 0; n < UGVT_ARRAY_SIZE(values) * UGVT_ARRAY_SIZE(values); n++) {
			uint64_t a = bits_of(type, values[n / UGVT_ARRAY_SIZE(values)]);
			uint64_t b = bits_of(type, values[n % UGVT_ARRAY_SIZE(values)]);

			sequence_run(&rig, &sequences[i], (uint64_t[LANES]){a, b, a, b},
				(uint64_t[LANES]){b, a, a, b});
		}
		rig_finish(&rig);
	}
}

/* The flag says which channels came out at once. */
static void test_early_out(void **state)
{
	struct rig rig;

	rig_init(&rig);
	divide_single(&rig);
	rig_start(&rig, 0xf, 0);
	for (unsigned n = 0; n < LANES; n++) {
		rig_set(&rig, UGVT_EU_F, A, n, bits_of(UGVT_EU_F, 6));
		rig_set(&rig, UGVT_EU_F, B, n, bits_of(UGVT_EU_F, n == 2 ? 0 : 3));
		rig_set(&rig, UGVT_EU_F, ONE, n, bits_of(UGVT_EU_F, 1));
	}
	rig.thread.flag[0] = 0xff;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	assert_int_equal(rig.thread.flag[0], 0xf4);
	assert_int_equal(rig_get(&rig, UGVT_EU_F, Y, 0), bits_of(UGVT_EU_F, 2));
	assert_int_equal(rig_get(&rig, UGVT_EU_F, Y, 2), bits_of(UGVT_EU_F, INFINITY));
	rig_finish(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_special),
		cmocka_unit_test(test_early_out),
	};

	return cmocka_run_group_tests_name("eu macro", tests, NULL, NULL);
}
