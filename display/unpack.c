/* SPDX-License-Identifier: MIT */
#include "display/unpack.h"

#include "base/bits.h"
#include "display/scanout.h"

static void opaque(struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		pixels[i].a = UGVT_PIXEL_ONE;
	}
}

/* Blue, green, red, alpha. */
static void unpack_bgra(const uint8_t *row, struct ugvt_pixel *pixels, uint32_t count)
{
	uint16_t *channels = (uint16_t *)pixels;

	for (uint32_t i = 0; i < 4 * count; i++) {
		channels[i] = ugvt_pixel_widen(row[i], 8);
	}
}

static void unpack_rgba(const uint8_t *row, struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++, row += 4) {
		pixels[i] = (struct ugvt_pixel){ugvt_pixel_widen(row[2], 8),
			ugvt_pixel_widen(row[1], 8), ugvt_pixel_widen(row[0], 8),
			ugvt_pixel_widen(row[3], 8)};
	}
}

static void unpack_10(const uint32_t *row, struct ugvt_pixel *pixels, uint32_t count, bool rgbx)
{
	for (uint32_t i = 0; i < count; i++) {
		uint16_t high = ugvt_pixel_widen(row[i] >> 20 & 0x3ff, 10);
		uint16_t low = ugvt_pixel_widen(row[i] & 0x3ff, 10);

		pixels[i].r = rgbx ? low : high;
		pixels[i].g = ugvt_pixel_widen(row[i] >> 10 & 0x3ff, 10);
		pixels[i].b = rgbx ? high : low;
	}
}

static void unpack_565(const uint16_t *row, struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t r = row[i] >> 11, g = row[i] >> 5 & 0x3f, b = row[i] & 0x1f;

		pixels[i].r = ugvt_pixel_widen(r << 3 | r >> 2, 8);
		pixels[i].g = ugvt_pixel_widen(g << 2 | g >> 4, 8);
		pixels[i].b = ugvt_pixel_widen(b << 3 | b >> 2, 8);
	}
}

/* Below 0, above 1 and what is no number are cut off. */
static uint16_t half_decode(uint16_t half)
{
	unsigned exponent = half >> 10 & 0x1f;
	uint32_t mantissa = half & 0x3ff;

	if (half & 0x8000 || (exponent == 0x1f && mantissa > 0)) {
		return 0;
	}
	if (exponent >= 15) {
		return UGVT_PIXEL_ONE;
	}
	mantissa |= exponent > 0 ? 0x400 : 0;
	exponent = UGVT_MAX(exponent, 1);
	/* mantissa / 2^(25 - exponent) */
	return (uint16_t)(((uint64_t)mantissa * UGVT_PIXEL_ONE +
				  (UINT64_C(1) << (24 - exponent))) >>
			  (25 - exponent));
}

static void unpack_half(const uint16_t *row, struct ugvt_pixel *pixels, uint32_t count, bool rgbx)
{
	for (uint32_t i = 0; i < count; i++, row += 4) {
		uint16_t low = half_decode(row[0]), high = half_decode(row[2]);

		pixels[i].r = rgbx ? low : high;
		pixels[i].g = half_decode(row[1]);
		pixels[i].b = rgbx ? high : low;
	}
}

static void unpack_c8(
	const uint8_t *row, const uint32_t *palette, struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t colour = palette[row[i]];

		pixels[i].r = ugvt_pixel_widen(colour >> 16 & 0xff, 8);
		pixels[i].g = ugvt_pixel_widen(colour >> 8 & 0xff, 8);
		pixels[i].b = ugvt_pixel_widen(colour & 0xff, 8);
	}
}

static void unpack_luma(const uint8_t *row, struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		pixels[i].g = ugvt_pixel_widen(row[i], 8);
		pixels[i].r = pixels[i].b = ugvt_pixel_widen(128, 8);
	}
}

/* Where Y, U and V of a pair are, by the format's name. Both pixels have the same U and V (skl_scaler.c, comment about 4:2:2). */
static void unpack_422(const struct ugvt_packed *packed, const uint8_t *row,
	struct ugvt_pixel *pixels, uint32_t count)
{
	unsigned y = packed->fourcc == UGVT_FORMAT_UYVY || packed->fourcc == UGVT_FORMAT_VYUY;
	bool v_first = packed->fourcc == UGVT_FORMAT_YVYU || packed->fourcc == UGVT_FORMAT_VYUY;
	unsigned u = 1 - y + (v_first ? 2 : 0), v = 1 - y + (v_first ? 0 : 2);

	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *pair = row + 4 * (packed->spread ? i : i / 2);

		pixels[i].g = ugvt_pixel_widen(pair[packed->spread ? y : y + 2 * (i & 1)], 8);
		pixels[i].b = ugvt_pixel_widen(pair[u], 8);
		pixels[i].r = ugvt_pixel_widen(pair[v], 8);
	}
}

/* V, U, Y from the lowest byte: what is R, G, B by place is V, Y, U to us. */
static void unpack_xyuv(const uint8_t *row, struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++, row += 4) {
		pixels[i].r = ugvt_pixel_widen(row[0], 8);
		pixels[i].b = ugvt_pixel_widen(row[1], 8);
		pixels[i].g = ugvt_pixel_widen(row[2], 8);
	}
}

void ugvt_unpack(const struct ugvt_packed *packed, const void *row, struct ugvt_pixel *pixels,
	uint32_t count)
{
	switch (packed->fourcc) {
	case UGVT_FORMAT_ARGB8888: unpack_bgra(row, pixels, count); return;
	case UGVT_FORMAT_ABGR8888: unpack_rgba(row, pixels, count); return;
	case UGVT_FORMAT_XRGB8888: unpack_bgra(row, pixels, count); break;
	case UGVT_FORMAT_XBGR8888: unpack_rgba(row, pixels, count); break;
	case UGVT_FORMAT_XRGB2101010: unpack_10(row, pixels, count, false); break;
	case UGVT_FORMAT_XBGR2101010: unpack_10(row, pixels, count, true); break;
	case UGVT_FORMAT_RGB565: unpack_565(row, pixels, count); break;
	case UGVT_FORMAT_XRGB16161616F: unpack_half(row, pixels, count, false); break;
	case UGVT_FORMAT_XBGR16161616F: unpack_half(row, pixels, count, true); break;
	case UGVT_FORMAT_C8: unpack_c8(row, packed->palette, pixels, count); break;
	case UGVT_FORMAT_NV12: unpack_luma(row, pixels, count); break;
	case UGVT_FORMAT_XYUV8888: unpack_xyuv(row, pixels, count); break;
	default: unpack_422(packed, row, pixels, count); break;
	}
	opaque(pixels, count);
}

void ugvt_unpack_chroma(const void *row, struct ugvt_pixel *pixels, uint32_t count)
{
	const uint8_t *bytes = row;

	for (uint32_t i = 0; i < count; i++) {
		pixels[i] = (struct ugvt_pixel){.b = ugvt_pixel_widen(bytes[2 * i], 8),
			.r = ugvt_pixel_widen(bytes[2 * i + 1], 8)};
	}
}

void ugvt_pack(const struct ugvt_pixel *pixels, uint32_t *row, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		row[i] = ugvt_pixel_narrow(pixels[i].r) << 16 |
			 ugvt_pixel_narrow(pixels[i].g) << 8 | ugvt_pixel_narrow(pixels[i].b);
	}
}
