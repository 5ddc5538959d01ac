/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/sampler/srgb.h"
#include "gpu/sampler/texel.h"

static uint32_t random_state = 1;

static uint32_t random_u32(void)
{
	random_state = random_state * 1664525 + 1013904223;
	return random_state ^ random_state >> 15;
}

static float bits_float(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static uint32_t float_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static double linear_from_srgb(double value)
{
	return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double srgb_from_linear(double value)
{
	return value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055;
}

/* A float of sign (or none), 5 bits of exponent and the rest, by the definition. */
static double small_float(uint32_t code, unsigned bits, bool sign)
{
	unsigned mantissa = bits - 5 - sign;
	double fraction = (code % (1u << mantissa)) / pow(2, mantissa);
	int exponent = code >> mantissa & 31;
	double value =
		exponent == 0 ? fraction * pow(2, -14) : (1 + fraction) * pow(2, exponent - 15);

	if (exponent == 31) {
		value = fraction == 0 ? INFINITY : NAN;
	}
	return sign && code >> 15 & 1 ? -value : value;
}

/* What a code stands for. Integers come as they are. */
static double meaning(const struct ugvt_channel *channel, uint32_t code)
{
	double range = pow(2, channel->bits);
	double sign = code >= range / 2 ? code - range : code;

	switch ((enum ugvt_channel_type)channel->type) {
	case UGVT_CHANNEL_UNORM: return code / (range - 1);
	case UGVT_CHANNEL_SNORM: return sign == -range / 2 ? -1 : sign / (range / 2 - 1);
	case UGVT_CHANNEL_SFIXED: return sign / 65536;
	case UGVT_CHANNEL_SINT:
	case UGVT_CHANNEL_SSCALED: return sign;
	case UGVT_CHANNEL_UINT:
	case UGVT_CHANNEL_USCALED: return code;
	case UGVT_CHANNEL_UFLOAT: return small_float(code, channel->bits, false);
	case UGVT_CHANNEL_FLOAT:
		return channel->bits == 32 ? bits_float(code) : small_float(code, 16, true);
	case UGVT_CHANNEL_NONE: break;
	}
	return 0;
}

static bool same_value(const struct ugvt_channel *channel, uint32_t got, double want)
{
	if (channel->type == UGVT_CHANNEL_UINT) {
		return got == (uint32_t)want;
	}
	if (channel->type == UGVT_CHANNEL_SINT) {
		return (int32_t)got == (int32_t)want;
	}
	if (isnan(want)) {
		return isnan(bits_float(got));
	}
	return got == float_bits((float)want);
}

/* Sixteen elements: in all, channel c has codes from first on, and what is around is random. */
static void elements_fill(
	struct ugvt_elements *elements, const struct ugvt_channel *channel, const uint32_t *codes)
{
	uint32_t mask = UGVT_MASK(channel->bits - 1, 0) << channel->shift % 32;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		uint32_t *dw = &elements->dw[channel->shift / 32][i];

		for (unsigned d = 0; d < 4; d++) {
			elements->dw[d][i] = random_u32();
		}
		*dw = (*dw & ~mask) | (codes[i] << channel->shift % 32 & mask);
	}
}

static double expected(const struct ugvt_format *format, unsigned c, uint32_t code)
{
	const struct ugvt_channel *channel = &format->channels[c];

	if ((format->flags & UGVT_FORMAT_SRGB) && c < 3) {
		return linear_from_srgb(meaning(channel, code));
	}
	return meaning(channel, code);
}

static void codes_load(const struct ugvt_format *format, unsigned c, const uint32_t *codes)
{
	const struct ugvt_channel *channel = &format->channels[c];
	struct ugvt_elements elements;
	struct ugvt_texels texels;

	elements_fill(&elements, channel, codes);
	ugvt_texels_load(format, &elements, &texels);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		uint32_t code = codes[i] & UGVT_MASK(channel->bits - 1, 0);

		if (!same_value(channel, texels.c[c][i], expected(format, c, code))) {
			fail_msg("%s channel %u code %#x: %#x", format->name, c, code,
				texels.c[c][i]);
		}
		if (!(format->flags & UGVT_FORMAT_SRGB) &&
			!same_value(channel, ugvt_channel_load(channel, code),
				meaning(channel, code))) {
			fail_msg("%s channel %u code %#x, alone", format->name, c, code);
		}
	}
}

/* Up to 16 bits all codes, else some. */
static void channel_loads(const struct ugvt_format *format, unsigned c)
{
	unsigned bits = format->channels[c].bits;
	uint32_t count = bits <= 16 ? 1u << bits : 1u << 14;

	for (uint32_t first = 0; first < count; first += UGVT_LANES) {
		uint32_t codes[UGVT_LANES];

		for (unsigned i = 0; i < UGVT_LANES; i++) {
			codes[i] = bits <= 16 ? first + i : random_u32();
		}
		codes_load(format, c, codes);
	}
}

typedef void (*channel_check)(const struct ugvt_format *format, unsigned c);

static void channels_check(unsigned flags, channel_check check)
{
	for (unsigned number = 0; number < UGVT_FORMAT_NUMBERS; number++) {
		const struct ugvt_format *format = ugvt_format(number);

		for (unsigned c = 0; format && c < 4; c++) {
			if ((format->flags & flags) &&
				format->channels[c].type != UGVT_CHANNEL_NONE) {
				check(format, c);
			}
		}
	}
}

static void test_load(void **state)
{
	channels_check(UGVT_FORMAT_SAMPLE | UGVT_FORMAT_RENDER | UGVT_FORMAT_VERTEX, channel_loads);
}

static void test_missing_channels(void **state)
{
	struct ugvt_elements elements = {0};
	struct ugvt_texels texels;

	memset(&elements, 0xff, sizeof(elements));
	ugvt_texels_load(ugvt_format_find("B8G8R8X8_UNORM"), &elements, &texels);
	assert_int_equal(texels.c[3][5], float_bits(1));
	ugvt_texels_load(ugvt_format_find("R8_UINT"), &elements, &texels);
	assert_int_equal(texels.c[0][15], 255);
	assert_int_equal(texels.c[1][15], 0);
	assert_int_equal(texels.c[3][15], 1);
	ugvt_texels_load(ugvt_format_find("A8_UNORM"), &elements, &texels);
	assert_int_equal(texels.c[0][0], 0);
	assert_int_equal(texels.c[3][0], float_bits(1));
}

static void test_shared_exponent(void **state)
{
	const struct ugvt_format *format = ugvt_format_find("R9G9B9E5_SHAREDEXP");

	for (uint32_t code = 0; code < 1 << 14; code++) {
		uint32_t mantissa = code & 0x1ff;
		uint32_t other = random_u32() & 0x1ff;
		double scale = pow(2, (double)(code >> 9) - 15 - 9);
		struct ugvt_elements elements;
		struct ugvt_texels texels;

		for (unsigned i = 0; i < UGVT_LANES; i++) {
			elements.dw[0][i] =
				mantissa | other << 9 | (511 - mantissa) << 18 | code >> 9 << 27;
		}
		ugvt_texels_load(format, &elements, &texels);
		assert_int_equal(texels.c[0][code % 16], float_bits(mantissa * scale));
		assert_int_equal(texels.c[1][code % 16], float_bits(other * scale));
		assert_int_equal(texels.c[2][code % 16], float_bits((511 - mantissa) * scale));
		assert_int_equal(texels.c[3][code % 16], float_bits(1));
	}
}

/* The code of channel c when all lanes of all channels are value. */
static uint32_t code_stored(const struct ugvt_format *format, unsigned c, uint32_t value)
{
	const struct ugvt_channel *channel = &format->channels[c];
	struct ugvt_elements elements;
	struct ugvt_texels texels;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		for (unsigned k = 0; k < 4; k++) {
			texels.c[k][i] = k == c ? value : random_u32();
		}
	}
	ugvt_texels_store(format, &texels, &elements);
	return elements.dw[channel->shift / 32][random_u32() % UGVT_LANES] >> channel->shift % 32 &
	       UGVT_MASK(channel->bits - 1, 0);
}

static void channel_returns(const struct ugvt_format *format, unsigned c)
{
	const struct ugvt_channel *channel = &format->channels[c];
	uint32_t count = channel->bits <= 16 ? 1u << channel->bits : 1u << 14;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t code = channel->bits <= 16 ? i : random_u32();
		double value = expected(format, c, code);
		uint32_t bits = ugvt_format_is_integer(format) ? (uint32_t)(int64_t)value
							       : float_bits((float)value);
		uint32_t stored = code_stored(format, c, bits);

		if (isnan(value)) {
			assert_true(isnan(meaning(channel, stored)) || channel->bits == 32);
		} else if (meaning(channel, stored) != meaning(channel, code)) {
			fail_msg("%s channel %u code %#x comes back as %#x", format->name, c, code,
				stored);
		}
	}
}

static void test_store_what_was_loaded(void **state)
{
	channels_check(UGVT_FORMAT_RENDER, channel_returns);
}

/* How far the code is from the value, in codes: at most half of one. */
static void value_is_nearest(const struct ugvt_format *format, unsigned c, float value)
{
	const struct ugvt_channel *channel = &format->channels[c];
	bool srgb = (format->flags & UGVT_FORMAT_SRGB) && c < 3;
	bool sign = channel->type == UGVT_CHANNEL_SNORM;
	double max = pow(2, channel->bits - sign) - 1;
	double ideal = fmin(fmax(value, sign ? -1 : 0), 1);
	uint32_t code = code_stored(format, c, float_bits(value));
	double got =
		sign ? (double)((int32_t)(code << (32 - channel->bits)) >> (32 - channel->bits))
		     : code;

	ideal = (srgb ? srgb_from_linear(ideal) : ideal) * max;
	if (fabs(got - ideal) > 0.5 + max * 0x1p-23) {
		fail_msg("%s channel %u of %.9g: %#x", format->name, c, value, code);
	}
}

static void fixed_point_is_nearest(const struct ugvt_format *format, unsigned c)
{
	unsigned type = format->channels[c].type;

	if (type != UGVT_CHANNEL_UNORM && type != UGVT_CHANNEL_SNORM) {
		return;
	}
	for (unsigned i = 0; i < 3000; i++) {
		value_is_nearest(format, c, (int32_t)random_u32() * 0x1p-30f);
	}
	assert_int_equal(code_stored(format, c, float_bits(NAN)), 0);
	assert_int_equal(code_stored(format, c, float_bits(INFINITY)),
		code_stored(format, c, float_bits(1)));
}

static void test_store_fixed_point(void **state)
{
	channels_check(UGVT_FORMAT_RENDER, fixed_point_is_nearest);
}

static void float_is_nearest(const struct ugvt_format *format, unsigned c)
{
	const struct ugvt_channel *channel = &format->channels[c];

	if (channel->bits == 32 ||
		(channel->type != UGVT_CHANNEL_FLOAT && channel->type != UGVT_CHANNEL_UFLOAT)) {
		return;
	}
	for (unsigned i = 0; i < 20000; i++) {
		/* Exponents from 2^-30 to 2^17. */
		uint32_t bits = (random_u32() & 0x807fffff) | (97 + random_u32() % 48) << 23;
		double value = bits_float(bits);
		uint32_t code = code_stored(format, c, bits);
		uint32_t alone = ugvt_channel_store(channel, bits);
		double got = meaning(channel, code);

		assert_int_equal(code, alone);
		if (channel->type == UGVT_CHANNEL_UFLOAT && value < 0) {
			assert_int_equal(code, 0);
		} else if (isinf(got)) {
			assert_true(fabs(value) >= 65520 && channel->type == UGVT_CHANNEL_FLOAT);
		} else if (channel->type == UGVT_CHANNEL_FLOAT || value < 64000) {
			/* Neighbours of the code are not nearer. */
			double below = code & 0x7fff ? meaning(channel, code - 1) : got;
			double above = meaning(channel, code + 1);

			assert_true(fabs(got - value) <= fabs(below - value));
			assert_true(fabs(got - value) <= fabs(above - value));
		}
	}
}

static void test_store_float(void **state)
{
	channels_check(UGVT_FORMAT_RENDER, float_is_nearest);
	/* Ties go to the even code, and the largest finite 11-bit float is not infinite. */
	assert_int_equal(
		code_stored(ugvt_format_find("R16_FLOAT"), 0, float_bits(1 + 0x1p-11f)), 0x3c00);
	assert_int_equal(
		code_stored(ugvt_format_find("R16_FLOAT"), 0, float_bits(1 + 3 * 0x1p-11f)),
		0x3c02);
	assert_int_equal(
		code_stored(ugvt_format_find("R11G11B10_FLOAT"), 0, float_bits(1e9f)), 0x7bf);
	assert_int_equal(
		code_stored(ugvt_format_find("R11G11B10_FLOAT"), 0, float_bits(INFINITY)), 0x7c0);
}

static void test_store_integers(void **state)
{
	const struct ugvt_format *sint = ugvt_format_find("R8_SINT");
	const struct ugvt_format *uint = ugvt_format_find("R10G10B10A2_UINT");

	assert_int_equal(code_stored(sint, 0, 127), 127);
	assert_int_equal(code_stored(sint, 0, 128), 127);
	assert_int_equal(code_stored(sint, 0, (uint32_t)-129), 0x80);
	assert_int_equal(code_stored(uint, 0, 1024), 1023);
	assert_int_equal(code_stored(uint, 3, 0xffffffff), 3);
}

/* In both directions against the formula, exhaustively between codes. */
static void test_srgb(void **state)
{
	for (unsigned i = 0; i < 256; i++) {
		assert_int_equal(float_bits(ugvt_srgb_to_linear[i]),
			float_bits(linear_from_srgb(i / 255.0)));
	}
	for (unsigned i = 0; i < 200000; i++) {
		float value = i / 199999.0f;

		assert_int_equal(ugvt_srgb_from_linear(value),
			(unsigned)floor(srgb_from_linear(value) * 255 + 0.5));
	}
	assert_int_equal(ugvt_srgb_from_linear(NAN), 0);
	assert_int_equal(ugvt_srgb_from_linear(-1), 0);
	assert_int_equal(ugvt_srgb_from_linear(2), 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_missing_channels),
		cmocka_unit_test(test_shared_exponent),
		cmocka_unit_test(test_store_what_was_loaded),
		cmocka_unit_test(test_store_fixed_point),
		cmocka_unit_test(test_store_float),
		cmocka_unit_test(test_store_integers),
		cmocka_unit_test(test_srgb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
