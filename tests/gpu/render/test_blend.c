/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/render/blend.h"

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static float unit(uint32_t *state)
{
	return (float)(next(state) % 1001) / 1000;
}

static uint32_t bits(float value)
{
	uint32_t raw;

	memcpy(&raw, &value, sizeof(raw));
	return raw;
}

static float value(uint32_t raw)
{
	float number;

	memcpy(&number, &raw, sizeof(number));
	return number;
}

/* The factor's value for a channel, from the table of the PRM. */
static double factor(unsigned code, unsigned c, const double in[4][4])
{
	const double *s = in[0], *s1 = in[1], *d = in[2], *k = in[3];

	switch (code) {
	case 1: return 1;
	case 2: return s[c];
	case 3: return s[3];
	case 4: return d[3];
	case 5: return d[c];
	case 6: return c == 3 ? 1 : fmin(s[3], 1 - d[3]);
	case 7: return k[c];
	case 8: return k[3];
	case 9: return s1[c];
	case 10: return s1[3];
	case 17: return 0;
	case 18: return 1 - s[c];
	case 19: return 1 - s[3];
	case 20: return 1 - d[3];
	case 21: return 1 - d[c];
	case 23: return 1 - k[c];
	case 24: return 1 - k[3];
	case 25: return 1 - s1[c];
	case 26: return 1 - s1[3];
	}
	fail();
	return 0;
}

static double blend_function(unsigned function, double s, double d)
{
	switch (function) {
	case 0: return s + d;
	case 1: return s - d;
	case 2: return d - s;
	case 3: return fmin(s, d);
	default: return fmax(s, d);
	}
}

static const uint8_t factors[] = {
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 18, 19, 20, 21, 23, 24, 25, 26};

struct trial {
	struct ugvt_blend blend;
	struct ugvt_texels color;
	struct ugvt_texels second;
	struct ugvt_elements old;
	struct ugvt_elements out;
};

static void trial_run(struct trial *trial, const char *format)
{
	struct ugvt_texels color = trial->color;
	const struct ugvt_blend_colors colors = {
		&color, &trial->second, &trial->old, ugvt_format_find(format)};

	assert_non_null(colors.format);
	ugvt_blend_apply(&trial->blend, &trial->blend.target[0], &colors, &trial->out);
}

static void trial_random(struct trial *trial, uint32_t *state)
{
	for (unsigned c = 0; c < 4; c++) {
		trial->blend.constant[c] = unit(state);
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			trial->color.c[c][i] = bits(unit(state));
			trial->second.c[c][i] = bits(unit(state));
			trial->old.dw[c][i] = bits(unit(state));
		}
	}
}

static void equation_check(const struct trial *trial)
{
	const struct ugvt_blend_target *target = &trial->blend.target[0];

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		double in[4][4];

		for (unsigned c = 0; c < 4; c++) {
			in[0][c] = value(trial->color.c[c][i]);
			in[1][c] = value(trial->second.c[c][i]);
			in[2][c] = value(trial->old.dw[c][i]);
			in[3][c] = trial->blend.constant[c];
		}
		for (unsigned c = 0; c < 4; c++) {
			double expected = blend_function(target->function[c == 3],
				in[0][c] * factor(target->source[c == 3], c, in),
				in[2][c] * factor(target->destination[c == 3], c, in));

			assert_true(fabs(value(trial->out.dw[c][i]) - expected) < 1e-6);
		}
	}
}

static void test_equations(void **unused)
{
	struct trial trial = {.blend.target[0] = {.blend = true, .write = 15}};
	struct ugvt_blend_target *target = &trial.blend.target[0];
	uint32_t state = 1;

	for (unsigned i = 0; i < 4000; i++) {
		trial_random(&trial, &state);
		for (unsigned k = 0; k < 2; k++) {
			target->function[k] = (uint8_t)(next(&state) % 5);
			target->source[k] = factors[next(&state) % UGVT_ARRAY_SIZE(factors)];
			target->destination[k] = factors[next(&state) % UGVT_ARRAY_SIZE(factors)];
		}
		trial_run(&trial, "R32G32B32A32_FLOAT");
		equation_check(&trial);
	}
}

/* Half of white over 51, 102, 0 with alpha 153, in 8 bits. */
static void test_unorm8(void **unused)
{
	struct trial trial = {
		.blend.target[0] = {
			.blend = true, .write = 15, .source = {3, 1}, .destination = {19, 17}}};

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		trial.old.dw[0][i] = 51 | 102 << 8 | 153u << 24;
		for (unsigned c = 0; c < 4; c++) {
			trial.color.c[c][i] = bits(c == 3 ? 0.5f : 1);
		}
	}
	trial_run(&trial, "R8G8B8A8_UNORM");
	assert_int_equal(trial.out.dw[0][5], 153 | 179 << 8 | 128 << 16 | 128u << 24);
	/* Where there is no alpha it reads as 1. */
	trial.blend.target[0].source[0] = 4;
	trial.blend.target[0].destination[0] = 17;
	trial_run(&trial, "R8G8B8X8_UNORM");
	assert_int_equal(trial.out.dw[0][5] & 0xffffff, 0xffffff);
}

static void test_clamps(void **unused)
{
	/* 2 - 1.5 if nothing is clamped, 1 - 1 if both are before, and the reverse can't fall below 0. */
	struct trial trial = {.blend.target[0] = {.blend = true,
				      .write = 15,
				      .function = {1, 1},
				      .source = {1, 1},
				      .destination = {7, 7},
				      .clamp_range = 0}};

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		trial.color.c[0][i] = bits(2);
		trial.old.dw[0][i] = bits(1);
	}
	trial.blend.constant[0] = 1.5f;
	trial_run(&trial, "R32G32B32A32_FLOAT");
	assert_true(value(trial.out.dw[0][0]) == 0.5f);
	trial.blend.target[0].clamp_before = true;
	trial_run(&trial, "R32G32B32A32_FLOAT");
	assert_true(value(trial.out.dw[0][0]) == 0);
	trial.blend.target[0].clamp_before = false;
	trial.blend.target[0].clamp_after = true;
	trial.blend.target[0].function[0] = 2;
	trial_run(&trial, "R32G32B32A32_FLOAT");
	assert_true(value(trial.out.dw[0][0]) == 0);
	/* The range of a float format has no ends. */
	trial.blend.target[0].clamp_range = 2;
	trial_run(&trial, "R32G32B32A32_FLOAT");
	assert_true(value(trial.out.dw[0][0]) == -0.5f);
}

static void test_masks(void **unused)
{
	struct trial trial = {.blend.target[0] = {.write = 5}};

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		trial.old.dw[0][i] = 0x11223344;
		trial.color.c[0][i] = trial.color.c[1][i] = trial.color.c[2][i] = bits(1);
	}
	assert_true(ugvt_blend_reads(&trial.blend.target[0], ugvt_format_find("R8G8B8A8_UNORM")));
	assert_false(ugvt_blend_reads(&trial.blend.target[0], ugvt_format_find("R8_UNORM")));
	trial_run(&trial, "R8G8B8A8_UNORM");
	assert_int_equal(trial.out.dw[0][15], 0x11ff33ff);
	trial_run(&trial, "B8G8R8A8_UNORM");
	assert_int_equal(trial.out.dw[0][15], 0x11ff33ff);
	trial.blend.target[0].write = 2;
	trial_run(&trial, "B5G6R5_UNORM");
	assert_int_equal(trial.out.dw[0][15] & 0xffff, (0x3344 & ~0x7e0) | 0x7e0);
	trial.blend.target[0].write = 0;
	trial_run(&trial, "R32_UINT");
	assert_int_equal(trial.out.dw[0][15], 0x11223344);
}

static void test_logic(void **unused)
{
	static const uint32_t s = 0xc0a05030, d = 0x0f0ff0cc;
	static const uint32_t expected[] = {0, ~(s | d), ~s & d, ~s, s & ~d, ~d, s ^ d, ~(s & d),
		s & d, ~(s ^ d), d, ~s | d, s, s | ~d, s | d, 0xffffffff};
	struct trial trial = {.blend.target[0] = {.logic = true, .write = 15}};

	for (unsigned f = 0; f < 16; f++) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			trial.old.dw[0][i] = d;
			for (unsigned c = 0; c < 4; c++) {
				trial.color.c[c][i] = bits((float)(s >> (8 * c) & 0xff) / 255);
			}
		}
		trial.blend.target[0].logic_function = (uint8_t)f;
		trial_run(&trial, "R8G8B8A8_UNORM");
		assert_int_equal(trial.out.dw[0][3], expected[f]);
	}
}

static void test_integers(void **unused)
{
	/* Blending has no meaning for them. */
	struct trial trial = {
		.blend = {.alpha_to_one = true,
			.target[0] = {.blend = true, .write = 15, .source = {17, 17}}}};

	trial.color.c[0][0] = 0x89abcdef;
	trial.color.c[3][0] = 7;
	trial_run(&trial, "R32G32B32A32_UINT");
	assert_int_equal(trial.out.dw[0][0], 0x89abcdef);
	assert_int_equal(trial.out.dw[3][0], 7);
}

/* Blending is linear, what is stored is not. */
static void test_srgb(void **unused)
{
	struct trial trial = {
		.blend.target[0] = {
			.blend = true, .write = 15, .source = {1, 1}, .destination = {1, 1}}};

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		trial.old.dw[0][i] = 188; // linear 0.5029
		trial.color.c[0][i] = bits(0.25f);
	}
	trial_run(&trial, "R8G8B8A8_UNORM_SRGB");
	assert_int_equal(trial.out.dw[0][0], 225); // of 0.7529
}

static void test_alpha(void **unused)
{
	static const float alphas[] = {0.25f, 0.5f, 0.75f};
	static const uint8_t passed[] = {7, 0, 1, 2, 3, 4, 5, 6};
	struct ugvt_blend blend = {.alpha_test = true, .alpha_reference = 0.5f};
	uint32_t alpha[UGVT_LANES] = {0};

	for (unsigned i = 0; i < 3; i++) {
		alpha[i] = bits(alphas[i]);
	}
	for (unsigned f = 0; f < 8; f++) {
		blend.alpha_function = (uint8_t)f;
		assert_int_equal(ugvt_blend_alpha_test(&blend, alpha, 7), passed[f]);
		assert_int_equal(ugvt_blend_alpha_test(&blend, alpha, 5), passed[f] & 5);
	}
	assert_int_equal(ugvt_blend_alpha_coverage(0, 4), 0);
	assert_int_equal(ugvt_blend_alpha_coverage(0.5f, 4), 3);
	assert_int_equal(ugvt_blend_alpha_coverage(1, 16), 0xffff);
	assert_int_equal(ugvt_blend_alpha_coverage(NAN, 8), 0);
}

static void test_decode(void **unused)
{
	uint32_t state[UGVT_BLEND_STATE_DWORDS] = {UGVT_BIT(31) | UGVT_BIT(27) | 5u << 24};
	uint32_t color_calc[UGVT_COLOR_CALC_DWORDS] = {0, 51, bits(1), bits(2), bits(3), bits(4)};
	struct ugvt_blend blend;

	state[3] =
		UGVT_BIT(31) | 3u << 26 | 19u << 21 | 2u << 18 | 1u << 13 | 17u << 8 | 4u << 5 | 9;
	state[4] = UGVT_BIT(31) | 6u << 27 | 2u << 2 | 3;
	ugvt_blend_decode(&blend, state, color_calc);
	assert_true(blend.alpha_test && blend.alpha_to_coverage && blend.alpha_unorm8);
	assert_int_equal(blend.alpha_function, 5);
	assert_true(blend.alpha_reference == 51 / 255.0f && blend.constant[3] == 4);
	assert_false(blend.target[0].blend);
	assert_int_equal(blend.target[0].write, 15);
	assert_int_equal(blend.target[1].write, 3); // red and green
	/* Alpha is as colour, unless it says otherwise. */
	assert_int_equal(blend.target[1].source[1], 3);
	assert_int_equal(blend.target[1].function[1], 2);
	assert_true(blend.target[1].logic && blend.target[1].clamp_before &&
		    blend.target[1].clamp_after);
	assert_int_equal(blend.target[1].logic_function, 6);
	assert_int_equal(blend.target[1].clamp_range, 2);
	state[0] |= UGVT_BIT(30);
	ugvt_blend_decode(&blend, state, color_calc);
	assert_int_equal(blend.target[1].source[1], 1);
	assert_int_equal(blend.target[1].destination[1], 17);
	assert_int_equal(blend.target[1].function[1], 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equations),
		cmocka_unit_test(test_unorm8),
		cmocka_unit_test(test_clamps),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_logic),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_srgb),
		cmocka_unit_test(test_alpha),
		cmocka_unit_test(test_decode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
