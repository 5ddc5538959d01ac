/* SPDX-License-Identifier: MIT */
#include "display/layer.h"

#include <stdlib.h>

#include "base/bits.h"
#include "display/yuv.h"

/* One axis: how much of size at position lies within 0..limit. */
static uint32_t clip(int32_t position, uint32_t size, uint32_t limit, uint32_t *skipped)
{
	int64_t end = UGVT_MIN((int64_t)position + size, (int64_t)limit);
	int64_t start = UGVT_MAX(position, 0);

	*skipped = (uint32_t)(start - position);
	return end > start ? (uint32_t)(end - start) : 0;
}

static bool is_turned(const struct ugvt_scanout_plane *plane)
{
	return plane->rotation == UGVT_SCANOUT_90 || plane->rotation == UGVT_SCANOUT_270;
}

static bool is_flipped(const struct ugvt_scanout_plane *plane)
{
	return plane->rotation == UGVT_SCANOUT_180 || plane->rotation == UGVT_SCANOUT_270;
}

/* What is not scaled is fetched only as far as it can be seen. */
static void surface_clip(struct ugvt_surface *surface, const struct ugvt_layer *layer,
	struct ugvt_layer_source *source)
{
	uint32_t left = source->resample.left, top = source->resample.top;

	if (source->scaled) {
		return;
	}
	if (source->flipped) {
		left = surface->width - left - layer->width;
		top = surface->height - top - layer->height;
	}
	surface->x += left;
	surface->y += top;
	surface->width = layer->width;
	surface->height = layer->height;
	source->resample.left = source->resample.top = 0;
}

/* Pairs are fetched whole. */
static void surface_pair(struct ugvt_surface *surface, struct ugvt_layer_source *source)
{
	uint32_t fourcc = source->packed.fourcc;

	surface->paired = !source->chroma && ugvt_plane_is_422(fourcc);
	surface->luma = fourcc == UGVT_FORMAT_UYVY || fourcc == UGVT_FORMAT_VYUY;
	if (!surface->paired || surface->turned) {
		return;
	}
	source->skip = surface->x & 1;
	surface->x -= source->skip;
	surface->width = UGVT_ALIGN_UP(surface->width + source->skip, 2);
}

static void reverse(struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count / 2; i++) {
		struct ugvt_pixel pixel = pixels[i];

		pixels[i] = pixels[count - 1 - i];
		pixels[count - 1 - i] = pixel;
	}
}

static const struct ugvt_pixel *source_fetch(struct ugvt_resample *resample, uint32_t y)
{
	struct ugvt_layer_source *source =
		ugvt_container_of(resample, struct ugvt_layer_source, resample);
	uint32_t width = resample->source_width, height = resample->source_height;
	const void *packed = ugvt_fetch_row(&source->fetch, source->flipped ? height - 1 - y : y);

	if (source->chroma) {
		ugvt_unpack_chroma(packed, source->pixels, width);
	} else {
		ugvt_unpack(&source->packed, packed, source->pixels, width + source->skip);
	}
	if (source->flipped) {
		reverse(source->pixels + source->skip, width);
	}
	return source->pixels + source->skip;
}

static bool source_allocate(struct ugvt_layer_source *source)
{
	source->pixels = calloc(source->fetch.surface.width + 1, sizeof(*source->pixels));
	if (!source->pixels || !source->scaled) {
		return source->pixels;
	}
	return ugvt_resample_init(&source->resample);
}

/* Samples of the source in a row. */
static uint32_t source_width(const struct ugvt_layer *layer, const struct ugvt_layer_source *source)
{
	if (!source->scaled) {
		return layer->width;
	}
	return source->chroma ? source->fetch.surface.width : layer->image->plane.src_width;
}

static bool source_init(struct ugvt_layer_source *source, const struct ugvt_layer *layer,
	struct ugvt_aspace *as, struct ugvt_surface *surface)
{
	surface->turned = is_turned(&layer->image->plane);
	source->flipped = is_flipped(&layer->image->plane);
	surface_clip(surface, layer, source);
	surface_pair(surface, source);
	source->packed.spread = surface->turned && surface->paired;
	if (!ugvt_fetch_init(&source->fetch, as, surface)) {
		return false;
	}
	source->resample.source_width = source_width(layer, source);
	source->resample.source_height = source->fetch.surface.height;
	source->resample.width = layer->width;
	source->resample.fetch = source_fetch;
	return source_allocate(source);
}

static void source_finish(struct ugvt_layer_source *source)
{
	ugvt_fetch_finish(&source->fetch);
	free(source->pixels);
	ugvt_resample_finish(&source->resample);
}

static bool main_init(struct ugvt_layer *layer, const struct ugvt_layer_picture *picture)
{
	const struct ugvt_scanout_plane *plane = &layer->image->plane;
	uint32_t cpp = ugvt_plane_cpp(plane->fourcc);
	struct ugvt_surface surface = {plane->surface, plane->stride,
		ugvt_plane_tiling(plane->tiling, cpp), (uint8_t)cpp, .x = plane->src_x,
		.y = plane->src_y, .width = plane->src_width, .height = plane->src_height};

	layer->source.packed =
		(struct ugvt_packed){.fourcc = plane->fourcc, .palette = picture->palette};
	layer->source.scaled = layer->image->scaled;
	layer->source.resample.horizontal = layer->image->horizontal;
	layer->source.resample.vertical = layer->image->vertical;
	return source_init(&layer->source, layer, picture->as, &surface);
}

static bool chroma_init(struct ugvt_layer *layer, const struct ugvt_layer_picture *picture)
{
	const struct ugvt_scanout_plane *plane = &layer->image->plane;
	const struct ugvt_plane_chroma *chroma = &layer->image->chroma;
	struct ugvt_surface surface = {chroma->surface, chroma->stride,
		ugvt_plane_tiling(plane->tiling, 2), 2, .x = chroma->src_x, .y = chroma->src_y,
		.width = (plane->src_width + 1) / 2, .height = (plane->src_height + 1) / 2};

	layer->chroma.chroma = true;
	layer->chroma.scaled = true;
	layer->chroma.resample.horizontal = chroma->horizontal;
	layer->chroma.resample.vertical = chroma->vertical;
	layer->chroma_row = calloc(layer->width, sizeof(*layer->chroma_row));
	return layer->chroma_row && source_init(&layer->chroma, layer, picture->as, &surface);
}

static bool is_plain(const struct ugvt_plane_image *image)
{
	return image->plane.fourcc == UGVT_FORMAT_XRGB8888 && !image->scaled &&
	       image->opacity == 255 && image->key == UGVT_PLANE_KEY_NONE;
}

bool ugvt_layer_init(struct ugvt_layer *layer, const struct ugvt_plane_image *image,
	const struct ugvt_layer_picture *picture)
{
	const struct ugvt_scanout_plane *plane = &image->plane;
	uint32_t left, top;

	*layer = (struct ugvt_layer){.image = image, .plain = is_plain(image)};
	layer->width = clip(plane->x, plane->width, picture->width, &left);
	layer->height = clip(plane->y, plane->height, picture->height, &top);
	if (layer->width == 0 || layer->height == 0) {
		layer->height = 0;
		return true;
	}
	layer->x = (uint32_t)(plane->x + (int32_t)left);
	layer->y = (uint32_t)(plane->y + (int32_t)top);
	layer->source.resample.left = layer->chroma.resample.left = left;
	layer->source.resample.top = layer->chroma.resample.top = top;
	layer->row = calloc(layer->width, sizeof(*layer->row));
	layer->hides = calloc(layer->width, 1);
	return layer->row && layer->hides && main_init(layer, picture) &&
	       (plane->fourcc != UGVT_FORMAT_NV12 || chroma_init(layer, picture));
}

void ugvt_layer_finish(struct ugvt_layer *layer)
{
	source_finish(&layer->source);
	source_finish(&layer->chroma);
	free(layer->row);
	free(layer->chroma_row);
	free(layer->hides);
}

const uint32_t *ugvt_layer_plain_row(struct ugvt_layer *layer, uint32_t y)
{
	struct ugvt_fetch *fetch = &layer->source.fetch;
	uint32_t *reversed = (uint32_t *)layer->row;
	const uint32_t *row;

	if (!layer->source.flipped) {
		return ugvt_fetch_row(fetch, y - layer->y);
	}
	row = ugvt_fetch_row(fetch, layer->height - 1 - (y - layer->y));
	for (uint32_t i = 0; i < layer->width; i++) {
		reversed[i] = row[layer->width - 1 - i];
	}
	return reversed;
}

/* Row y of the layer. */
static void source_row(const struct ugvt_layer *layer, struct ugvt_layer_source *source, uint32_t y,
	struct ugvt_pixel *out)
{
	const struct ugvt_pixel *row;

	if (source->scaled) {
		ugvt_resample_row(&source->resample, y, out);
		return;
	}
	row = source_fetch(&source->resample, y);
	for (uint32_t i = 0; i < layer->width; i++) {
		out[i] = row[i];
	}
}

static void chroma_merge(struct ugvt_layer *layer, uint32_t y)
{
	source_row(layer, &layer->chroma, y, layer->chroma_row);
	for (uint32_t i = 0; i < layer->width; i++) {
		layer->row[i].r = layer->chroma_row[i].r;
		layer->row[i].b = layer->chroma_row[i].b;
	}
}

static bool channel_matches(const struct ugvt_plane_image *image, uint16_t value, unsigned shift)
{
	uint32_t mask = image->key_mask >> shift & 0xff, channel = ugvt_pixel_narrow(value);

	if (!ugvt_plane_is_yuv(image->plane.fourcc)) {
		return (channel & mask) == (image->key_min >> shift & 0xff);
	}
	return mask == 0 || (channel >= (image->key_min >> shift & 0xff) &&
				    channel <= (image->key_max >> shift & 0xff));
}

static void key_apply(struct ugvt_layer *layer)
{
	const struct ugvt_plane_image *image = layer->image;

	for (uint32_t i = 0; i < layer->width; i++) {
		struct ugvt_pixel *pixel = &layer->row[i];

		layer->hides[i] = channel_matches(image, pixel->r, 16) &&
				  channel_matches(image, pixel->g, 8) &&
				  channel_matches(image, pixel->b, 0);
	}
}

/* What matches a source key is not there; a destination key's is what does not hide. */
static void key_finish(struct ugvt_layer *layer)
{
	bool source = layer->image->key == UGVT_PLANE_KEY_SOURCE;

	for (uint32_t i = 0; i < layer->width; i++) {
		if (source && layer->hides[i]) {
			layer->row[i] = (struct ugvt_pixel){0};
		}
		layer->hides[i] = !source && !layer->hides[i];
	}
}

static void alpha_apply(struct ugvt_layer *layer)
{
	struct ugvt_pixel *row = layer->row;

	if (layer->image->alpha != UGVT_PLANE_STRAIGHT) {
		return;
	}
	for (uint32_t i = 0; i < layer->width; i++) {
		row[i].r = (uint16_t)ugvt_pixel_multiply(row[i].r, row[i].a);
		row[i].g = (uint16_t)ugvt_pixel_multiply(row[i].g, row[i].a);
		row[i].b = (uint16_t)ugvt_pixel_multiply(row[i].b, row[i].a);
	}
}

static void opacity_apply(struct ugvt_layer *layer)
{
	uint16_t *channels = (uint16_t *)layer->row;
	uint32_t opacity = ugvt_pixel_widen(layer->image->opacity, 8);

	for (uint32_t i = 0; opacity < UGVT_PIXEL_ONE && i < 4 * layer->width; i++) {
		channels[i] = (uint16_t)ugvt_pixel_multiply(channels[i], opacity);
	}
}

const struct ugvt_pixel *ugvt_layer_row(struct ugvt_layer *layer, uint32_t y)
{
	const struct ugvt_plane_image *image = layer->image;
	bool keyed = image->key != UGVT_PLANE_KEY_NONE;

	source_row(layer, &layer->source, y - layer->y, layer->row);
	if (image->plane.fourcc == UGVT_FORMAT_NV12) {
		chroma_merge(layer, y - layer->y);
	}
	if (keyed) {
		key_apply(layer);
	}
	if (ugvt_plane_is_yuv(image->plane.fourcc)) {
		ugvt_yuv_to_rgb(layer->row, layer->width, image->bt709, image->full_range);
	}
	alpha_apply(layer);
	opacity_apply(layer);
	if (keyed) {
		key_finish(layer);
	}
	return layer->row;
}
