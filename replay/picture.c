/* SPDX-License-Identifier: MIT */
#include "replay/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/render/target.h"

/* One pixel after the other: this is for looking at, and a picture of a screen takes well below a second. */

struct camera {
	struct ugvt_target target;
	struct ugvt_surface mcs; // if has_mcs
	bool has_mcs;
	struct ugvt_aspace *as;
};

static float float_of(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* A channel's value, from 0 to 1. */
static float level_of(const struct ugvt_format *format, unsigned c, uint32_t value)
{
	unsigned type = format->channels[c].type;
	float level;

	if (type == UGVT_CHANNEL_UINT) {
		level = (float)value / 255;
	} else if (type == UGVT_CHANNEL_SINT) {
		level = (float)(int32_t)value / 255;
	} else {
		level = float_of(value);
	}
	return level > 0 ? fminf(level, 1) : 0; // and a NaN is 0
}

static void element_add(const struct ugvt_format *format, const uint32_t *element, float rgb[3])
{
	for (unsigned c = 0; c < 3; c++) {
		const struct ugvt_channel *channel = &format->channels[c];
		uint32_t raw = element[channel->shift / 32] >> channel->shift % 32;

		if (channel->type != UGVT_CHANNEL_NONE) {
			rgb[c] += level_of(format, c, ugvt_channel_load(channel, raw));
		}
	}
}

static bool element_read(const struct camera *camera, const struct ugvt_surface *surface,
	const struct ugvt_texel_at *at, void *element)
{
	uint64_t offset;

	return ugvt_surface_offset(surface, at, &offset) &&
	       ugvt_aspace_read(camera->as, (surface->base + offset) & UGVT_GPU_ADDR_MASK, element,
		       surface->element);
}

/* All bits of a pixel's control word set: no sample was written since the last clear. */
static bool is_clear(const struct camera *camera, const struct ugvt_texel_at *at)
{
	struct ugvt_texel_at pixel = *at;
	uint64_t word = 0;
	uint64_t all = UINT64_MAX;

	pixel.sample = 0;
	if (!camera->has_mcs || !element_read(camera, &camera->mcs, &pixel, &word)) {
		return false;
	}
	if (camera->mcs.element < sizeof(all)) {
		all = UGVT_MASK64(8 * camera->mcs.element - 1, 0);
	}
	if (camera->target.surface.samples_log2 == 1) {
		all = 3;
	}
	return word == all;
}

static void clear_add(const struct ugvt_surface *surface, float rgb[3])
{
	for (unsigned c = 0; c < 3; c++) {
		rgb[c] += level_of(surface->format, c, surface->clear[c]);
	}
}

/* x8r8g8b8. */
static uint32_t pixel_at(const struct camera *camera, uint32_t x, uint32_t y)
{
	const struct ugvt_surface *surface = &camera->target.surface;
	unsigned samples = 1u << surface->samples_log2;
	float rgb[3] = {0};
	uint32_t pixel = 0;

	for (unsigned sample = 0; sample < samples; sample++) {
		struct ugvt_texel_at at = {
			x, y, camera->target.first_slice, camera->target.lod, sample};
		uint32_t element[4] = {0};

		if (is_clear(camera, &at)) {
			clear_add(surface, rgb);
		} else if (element_read(camera, surface, &at, element)) {
			element_add(surface->format, element, rgb);
		}
	}
	for (unsigned c = 0; c < 3; c++) {
		pixel = pixel << 8 | (uint32_t)(rgb[c] / (float)samples * 255 + 0.5f);
	}
	return pixel;
}

bool ugvt_target_picture(
	const uint32_t *state, struct ugvt_aspace *as, struct ugvt_picture *picture)
{
	struct camera camera = {.as = as};
	const struct ugvt_surface *surface = &camera.target.surface;
	const struct ugvt_surface_level *level;

	ugvt_target_init(&camera.target, state, as);
	if (ugvt_target_is_null(&camera.target) || surface->type == UGVT_SURFACE_BUFFER ||
		surface->type == UGVT_SURFACE_STRBUF) {
		return false;
	}
	camera.has_mcs = ugvt_surface_mcs(surface, &camera.mcs);
	level = &surface->level[camera.target.lod];
	*picture = (struct ugvt_picture){
		.width = level->width,
		.height = level->height,
		.stride = level->width * 4,
		.pixels = calloc((size_t)level->width * level->height + 1, 4),
	};
	for (uint32_t y = 0; picture->pixels && y < picture->height; y++) {
		for (uint32_t x = 0; x < picture->width; x++) {
			picture->pixels[(size_t)y * picture->width + x] = pixel_at(&camera, x, y);
		}
	}
	return picture->pixels;
}
