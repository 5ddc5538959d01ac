/* SPDX-License-Identifier: MIT */
#include "display/edid.h"

#include <stdio.h>
#include <string.h>

#include "base/bits.h"

/* A detailed timing has 12 bits for each active size and 16 bits of 10 kHz for the clock. */
#define ACTIVE_MAX 4095
#define CLOCK_KHZ_MAX 655350
#define WIDTH_MIN 640
#define HEIGHT_MIN 480
#define REFRESH 60

static unsigned cvt_vsync_lines(unsigned width, unsigned height)
{
	static const struct {
		unsigned x, y, lines;
	} aspects[] = {{4, 3, 4}, {16, 9, 5}, {16, 10, 6}, {5, 4, 7}, {15, 9, 7}};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(aspects); i++) {
		if (width * aspects[i].y == height * aspects[i].x) {
			return aspects[i].lines;
		}
	}
	return 10;
}

/* CVT 1.1, section 3.4.2 with the constants of reduced blanking: 160 pixels of horizontal blanking, at least 460 us of vertical,
 * 3 lines of front and at least 6 of back porch, clock steps of 0.25 MHz. */
void ugvt_mode_cvt_rb(struct ugvt_mode *mode, unsigned width, unsigned height)
{
	unsigned vsync = cvt_vsync_lines(width, height);
	double line_us = (1000000.0 / REFRESH - 460) / height;
	unsigned blank = UGVT_MAX((unsigned)(460 / line_us) + 1, 3 + vsync + 6);

	mode->hactive = width;
	mode->hsync_start = width + 48;
	mode->hsync_end = width + 80;
	mode->htotal = width + 160;
	mode->vactive = height;
	mode->vsync_start = height + 3;
	mode->vsync_end = height + 3 + vsync;
	mode->vtotal = height + blank;
	mode->clock_khz =
		(uint32_t)((uint64_t)mode->htotal * mode->vtotal * REFRESH / 250000) * 250;
}

/* Picture sizes are told as at 96 dots per inch. */
static unsigned millimetres(unsigned pixels)
{
	return (pixels * 254 + 480) / 960;
}

static void put_identity(uint8_t *edid)
{
	static const uint8_t header[] = {0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0};

	memcpy(edid, header, sizeof(header));
	/* "UGV", five bits a letter; product 1; no number, the serial is a string; model year 2025. */
	edid[8] = 0x54;
	edid[9] = 0xf6;
	edid[10] = 1;
	edid[16] = 0xff;
	edid[17] = 2025 - 1990;
	edid[18] = 1;
	edid[19] = 4;
}

static void put_features(uint8_t *edid, const struct ugvt_mode *mode)
{
	/* The primaries and the white point of sRGB. */
	static const uint8_t colours[] = {
		0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54};

	edid[20] = 0xa5; // digital, 8 bits a colour, DisplayPort
	edid[21] = (uint8_t)(millimetres(mode->hactive) / 10);
	edid[22] = (uint8_t)(millimetres(mode->vactive) / 10);
	edid[23] = 120;  // gamma 2.2
	edid[24] = 0x07; // RGB 4:4:4, sRGB, native preferred mode, any timing within the limits
	memcpy(edid + 25, colours, sizeof(colours));
}

static bool mode_fits(const struct ugvt_mode *mode, unsigned width, unsigned height)
{
	return width <= mode->hactive && height <= mode->vactive;
}

static void put_established(uint8_t *edid, const struct ugvt_mode *mode)
{
	edid[35] = 0x20; // 640x480 at 60 Hz
	if (mode_fits(mode, 800, 600)) {
		edid[35] |= 0x01;
	}
	if (mode_fits(mode, 1024, 768)) {
		edid[36] |= 0x08;
	}
}

/* Standard timings: width / 8 - 31, and the aspect in bits 7:6 over the refresh rate - 60. */
static void put_standard(uint8_t *edid, const struct ugvt_mode *mode)
{
	static const struct {
		unsigned width, height;
		uint8_t aspect;
	} modes[] = {
		{1280, 720, 0xc0},
		{1280, 800, 0x00},
		{1280, 1024, 0x80},
		{1440, 900, 0x00},
		{1600, 900, 0xc0},
		{1600, 1200, 0x40},
		{1680, 1050, 0x00},
		{1920, 1080, 0xc0},
	};
	uint8_t *at = edid + 38;

	memset(at, 0x01, 16);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(modes); i++) {
		bool preferred =
			modes[i].width == mode->hactive && modes[i].height == mode->vactive;

		if (mode_fits(mode, modes[i].width, modes[i].height) && !preferred) {
			*at++ = (uint8_t)(modes[i].width / 8 - 31);
			*at++ = modes[i].aspect;
		}
	}
}

static void put_detailed(uint8_t *at, const struct ugvt_mode *mode)
{
	unsigned hblank = mode->htotal - mode->hactive;
	unsigned vblank = mode->vtotal - mode->vactive;
	unsigned hfront = mode->hsync_start - mode->hactive;
	unsigned hsync = mode->hsync_end - mode->hsync_start;
	unsigned vfront = mode->vsync_start - mode->vactive;
	unsigned vsync = mode->vsync_end - mode->vsync_start;
	unsigned width_mm = millimetres(mode->hactive), height_mm = millimetres(mode->vactive);
	unsigned clock = mode->clock_khz / 10;
	const uint8_t bytes[18] = {
		(uint8_t)clock, (uint8_t)(clock >> 8), (uint8_t)mode->hactive, (uint8_t)hblank,
		(uint8_t)((mode->hactive >> 8) << 4 | hblank >> 8), (uint8_t)mode->vactive,
		(uint8_t)vblank, (uint8_t)((mode->vactive >> 8) << 4 | vblank >> 8),
		(uint8_t)hfront, (uint8_t)hsync, (uint8_t)((vfront & 0xf) << 4 | (vsync & 0xf)),
		(uint8_t)((hfront >> 8) << 6 | (hsync >> 8) << 4 | (vfront >> 4) << 2 | vsync >> 4),
		(uint8_t)width_mm, (uint8_t)height_mm,
		(uint8_t)((width_mm >> 8) << 4 | height_mm >> 8), 0, 0,
		0x1a, // separate syncs, horizontal positive, vertical negative: CVT's sign of reduced blanking
	};

	memcpy(at, bytes, sizeof(bytes));
}

static void put_range(uint8_t *at, const struct ugvt_mode *mode)
{
	unsigned line_khz = (mode->clock_khz + mode->htotal - 1) / mode->htotal;
	unsigned clock_10mhz = (mode->clock_khz + 9999) / 10000;
	const uint8_t bytes[18] = {
		0,
		0,
		0,
		0xfd,
		0,
		50,                                 // Hz
		75,                                 // Hz
		29,                                 // kHz
		(uint8_t)UGVT_MAX(line_khz, 83),    // kHz
		(uint8_t)UGVT_MAX(clock_10mhz, 17), // 10 MHz
		0x01,                               // limits only
		'\n',
		' ',
		' ',
		' ',
		' ',
		' ',
		' ',
	};

	memcpy(at, bytes, sizeof(bytes));
}

/* Text of up to 13 letters, ended by a line feed and filled with blanks. */
static void put_text(uint8_t *at, uint8_t tag, const char *text)
{
	size_t size = strlen(text);

	memset(at, 0, 5);
	at[3] = tag;
	memset(at + 5, ' ', 13);
	memcpy(at + 5, text, size);
	if (size < 13) {
		at[5 + size] = '\n';
	}
}

static void put_checksum(uint8_t *edid)
{
	uint8_t sum = 0;

	for (unsigned i = 0; i < UGVT_EDID_SIZE - 1; i++) {
		sum = (uint8_t)(sum + edid[i]);
	}
	edid[UGVT_EDID_SIZE - 1] = (uint8_t)-sum;
}

bool ugvt_edid_build(uint8_t edid[UGVT_EDID_SIZE], unsigned width, unsigned height)
{
	struct ugvt_mode mode;
	char serial[14];

	if (width < WIDTH_MIN || height < HEIGHT_MIN || width > ACTIVE_MAX || height > ACTIVE_MAX) {
		return false;
	}
	ugvt_mode_cvt_rb(&mode, width, height);
	if (mode.clock_khz > CLOCK_KHZ_MAX) {
		return false;
	}
	memset(edid, 0, UGVT_EDID_SIZE);
	put_identity(edid);
	put_features(edid, &mode);
	put_established(edid, &mode);
	put_standard(edid, &mode);
	put_detailed(edid + 54, &mode);
	put_range(edid + 72, &mode);
	put_text(edid + 90, 0xfc, "ugvt monitor");
	snprintf(serial, sizeof(serial), "%ux%u", width, height);
	put_text(edid + 108, 0xff, serial);
	put_checksum(edid);
	return true;
}
