/* SPDX-License-Identifier: MIT */
#include "display/compose.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "display/fit.h"
#include "display/layer.h"
#include "gpu/mem/aspace.h"

/*
 * A picture is composed row by row: the bottom colour, the planes by number, the cursor, and then what the pipe does to colours.
 *
 * Most rows of most pictures are plain: opaque planes of x8r8g8b8 one over the other, and no colour that depends on another.
 * These are copied. All others are composed of pixels of 16 bits a channel. A pixel that could go either way is the same by both.
 */

#define LAYER_COUNT (UGVT_PLANE_COUNT + 1)

/* i915_reg.h, SKL_BOTTOM_COLOR. */
#define BOTTOM_GAMMA UGVT_BIT(31)
#define BOTTOM_CSC UGVT_BIT(30)

struct composer {
	const struct ugvt_pipe_view *view;
	struct ugvt_aspace as;
	struct ugvt_color color;
	struct ugvt_layer layers[LAYER_COUNT]; // the last is the cursor's
	struct ugvt_pixel bottom;
	uint8_t bottom_ways;
	bool tabulated;
	struct ugvt_color_table table; // of bottom_ways
	struct ugvt_pixel *row;
	uint8_t *ways;
	uint8_t *hidden; // the layer that comes is not seen there
};

int ugvt_picture_init(struct ugvt_picture *picture, uint32_t width, uint32_t height)
{
	*picture = (struct ugvt_picture){.width = width, .height = height, .stride = width * 4};
	picture->pixels = calloc(height, picture->stride);
	return picture->pixels ? 0 : -ENOMEM;
}

void ugvt_picture_finish(struct ugvt_picture *picture)
{
	free(picture->pixels);
	*picture = (struct ugvt_picture){0};
}

static bool is_on_row(const struct ugvt_layer *layer, uint32_t y)
{
	return y >= layer->y && y - layer->y < layer->height;
}

static bool row_is_plain(const struct composer *c, uint32_t y)
{
	for (unsigned i = 0; i < LAYER_COUNT; i++) {
		const struct ugvt_layer *layer = &c->layers[i];

		if (is_on_row(layer, y) &&
			(!layer->plain || layer->image->ways != c->bottom_ways)) {
			return false;
		}
	}
	return c->tabulated;
}

static void table_apply(const struct ugvt_color_table *table, uint32_t *row, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		row[i] = (uint32_t)table->red[row[i] >> 16 & 0xff] << 16 |
			 (uint32_t)table->green[row[i] >> 8 & 0xff] << 8 |
			 table->blue[row[i] & 0xff];
	}
}

static void row_copy(struct composer *c, uint32_t y, uint32_t *row)
{
	uint32_t width = c->view->width, bottom;

	ugvt_pack(&c->bottom, &bottom, 1);
	for (uint32_t x = 0; x < width; x++) {
		row[x] = bottom;
	}
	for (unsigned i = 0; i < LAYER_COUNT; i++) {
		struct ugvt_layer *layer = &c->layers[i];

		if (is_on_row(layer, y)) {
			memcpy(row + layer->x, ugvt_layer_plain_row(layer, y),
				layer->width * sizeof(*row));
		}
	}
	if (!c->table.identity) {
		table_apply(&c->table, row, width);
		return;
	}
	for (uint32_t x = 0; x < width; x++) {
		row[x] &= 0xffffff;
	}
}

static uint16_t over(uint16_t source, uint16_t below, uint32_t rest)
{
	return (uint16_t)UGVT_MIN(source + ugvt_pixel_multiply(below, rest), UGVT_PIXEL_ONE);
}

static void pixel_blend(struct ugvt_pixel *below, const struct ugvt_pixel *source)
{
	uint32_t rest = UGVT_PIXEL_ONE - source->a;

	below->r = over(source->r, below->r, rest);
	below->g = over(source->g, below->g, rest);
	below->b = over(source->b, below->b, rest);
}

static void layer_blend(struct composer *c, struct ugvt_layer *layer, uint32_t y)
{
	const struct ugvt_pixel *source = ugvt_layer_row(layer, y);
	uint8_t *hidden = c->hidden + layer->x, *ways = c->ways + layer->x;
	struct ugvt_pixel *row = c->row + layer->x;

	for (uint32_t i = 0; i < layer->width; i++) {
		if (hidden[i] || source[i].a == 0) {
			continue;
		}
		ways[i] = layer->image->ways;
		if (source[i].a == UGVT_PIXEL_ONE) {
			row[i] = source[i];
		} else {
			pixel_blend(&row[i], &source[i]);
		}
	}
	memset(c->hidden, 0, c->view->width);
	memcpy(hidden, layer->hides, layer->width);
}

/* Neighbours that take the same ways together. */
static void row_color(struct composer *c)
{
	uint32_t width = c->view->width, end;

	for (uint32_t x = 0; x < width; x = end) {
		for (end = x + 1; end < width && c->ways[end] == c->ways[x]; end++) {
		}
		ugvt_color_apply(&c->color, c->ways[x], c->row + x, end - x);
	}
}

static void row_blend(struct composer *c, uint32_t y, uint32_t *row)
{
	for (uint32_t x = 0; x < c->view->width; x++) {
		c->row[x] = c->bottom;
	}
	memset(c->ways, c->bottom_ways, c->view->width);
	memset(c->hidden, 0, c->view->width);
	for (unsigned i = 0; i < LAYER_COUNT; i++) {
		if (is_on_row(&c->layers[i], y)) {
			layer_blend(c, &c->layers[i], y);
		}
	}
	row_color(c);
	ugvt_pack(c->row, row, c->view->width);
}

static bool layers_init(struct composer *c)
{
	const struct ugvt_pipe_view *view = c->view;
	struct ugvt_layer_picture picture = {&c->as, view->color.legacy, view->width, view->height};
	bool done = true;

	for (unsigned i = 0; i < LAYER_COUNT; i++) {
		const struct ugvt_plane_image *image =
			i < UGVT_PLANE_COUNT ? &view->planes[i] : &view->cursor;

		if (image->plane.on) {
			done &= ugvt_layer_init(&c->layers[i], image, &picture);
		}
	}
	return done;
}

static void bottom_init(struct composer *c)
{
	uint32_t bottom = c->view->bottom;

	c->bottom = (struct ugvt_pixel){ugvt_pixel_widen(bottom & 0x3ff, 10),
		ugvt_pixel_widen(bottom >> 10 & 0x3ff, 10),
		ugvt_pixel_widen(bottom >> 20 & 0x3ff, 10), UGVT_PIXEL_ONE};
	c->bottom_ways = (bottom & BOTTOM_GAMMA ? UGVT_PLANE_GAMMA : 0) |
			 (bottom & BOTTOM_CSC ? UGVT_PLANE_CSC : 0);
	ugvt_color_init(&c->color, &c->view->color);
	c->tabulated = ugvt_color_tabulate(&c->color, c->bottom_ways, &c->table);
}

static bool rows_allocate(struct composer *c)
{
	c->row = malloc(c->view->width * sizeof(*c->row));
	c->ways = malloc(c->view->width);
	c->hidden = malloc(c->view->width);
	return c->row && c->ways && c->hidden;
}

static int compose(struct composer *c, struct ugvt_picture *picture)
{
	bool done = rows_allocate(c) && layers_init(c);

	for (uint32_t y = 0; done && y < picture->height; y++) {
		uint32_t *row = picture->pixels + (size_t)y * picture->stride / 4;

		if (row_is_plain(c, y)) {
			row_copy(c, y, row);
		} else {
			row_blend(c, y, row);
		}
	}
	for (unsigned i = 0; i < LAYER_COUNT; i++) {
		ugvt_layer_finish(&c->layers[i]);
	}
	free(c->row);
	free(c->ways);
	free(c->hidden);
	return done ? 0 : -ENOMEM;
}

static int fit(const struct ugvt_pipe_view *view, struct ugvt_picture *picture)
{
	struct ugvt_picture fitted;
	int ret = ugvt_picture_init(&fitted, view->active_width, view->active_height);

	if (ret == 0) {
		ret = ugvt_fit_draw(&view->fit, picture, &fitted);
	}
	ugvt_picture_finish(picture);
	*picture = fitted;
	return ret;
}

int ugvt_compose(const struct ugvt_pipe_view *view, struct ugvt_guest_memory *memory,
	const struct ugvt_ggtt *ggtt, struct ugvt_picture *picture)
{
	struct composer *c;
	int ret = ugvt_picture_init(picture, view->width, view->height);

	if (ret < 0) {
		return ret;
	}
	c = calloc(1, sizeof(*c));
	if (!c) {
		ugvt_picture_finish(picture);
		return -ENOMEM;
	}
	c->view = view;
	ugvt_aspace_init(&c->as, memory, ggtt);
	bottom_init(c);
	ret = compose(c, picture);
	if (ret == 0 && view->fit.on) {
		ret = fit(view, picture);
	}
	if (ret < 0) {
		ugvt_picture_finish(picture);
	}
	free(c);
	return ret;
}
