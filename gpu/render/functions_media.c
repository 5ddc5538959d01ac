/* SPDX-License-Identifier: MIT */
#include "gpu/render/functions_data.h"

/*
 * Media block messages: a rectangle of a 2D surface's bytes, as they are, at an offset in bytes and rows that may lie outside. In
 * the payload rows take a power of two of bytes each. What executes does not matter. PRM SNB vol 4 part 1, "Media Block Read/Write";
 * Gen9 takes widths up to 64 bytes.
 */

enum {
	HEADER_X,
	HEADER_Y,
	HEADER_SIZE,
	ROW_MIN = 4,
};

#define BLOCK_HEIGHT UGVT_MASK(21, 16)
#define BLOCK_WIDTH UGVT_MASK(5, 0)
#define BLOCK_MODES UGVT_MASK(31, 22)  // pixel mask, pitch control, sub-register
#define CONTROL_STRIDE UGVT_MASK(2, 0) // of fields: overrides the surface's

struct rectangle {
	const struct ugvt_surface *surface;
	struct ugvt_data_memory memory;
	int64_t x, y; // of the surface's elements
	unsigned columns, rows;
	unsigned pitch; // bytes of a row in the payload
};

/* false: a form that is not known. */
static bool rectangle_decode(struct ugvt_functions *functions,
	const struct ugvt_eu_message *message, struct rectangle *rectangle)
{
	const struct ugvt_surface *surface =
		&ugvt_functions_surface_find(functions, message, false)->surface;
	uint32_t size = ugvt_data_header(message, HEADER_SIZE);
	unsigned width = (unsigned)UGVT_GET(BLOCK_WIDTH, size) + 1;
	unsigned element = UGVT_MAX(surface->element, 1);

	if ((size & BLOCK_MODES) || (ugvt_eu_data_control(message->desc) & CONTROL_STRIDE)) {
		return false;
	}
	*rectangle = (struct rectangle){
		.surface = surface,
		.memory = {.as = functions->as, .base = surface->base, .size = surface->size},
		.x = (int32_t)ugvt_data_header(message, HEADER_X) / (int)element,
		.y = (int32_t)ugvt_data_header(message, HEADER_Y),
		.columns = width / element,
		.rows = (unsigned)UGVT_GET(BLOCK_HEIGHT, size) + 1,
		.pitch = ROW_MIN,
	};
	while (rectangle->pitch < width) {
		rectangle->pitch *= 2;
	}
	if (surface->type != UGVT_SURFACE_2D || !surface->format ||
		ugvt_format_is_block(surface->format)) {
		rectangle->columns = 0;
	}
	return true;
}

static bool element_find(const struct rectangle *rectangle, int64_t x, int64_t y, uint64_t *offset)
{
	const struct ugvt_surface *surface = rectangle->surface;
	struct ugvt_texel_at at = {.x = (uint32_t)x, .y = (uint32_t)y, .lod = surface->first_level};

	return x >= 0 && y >= 0 && x < surface->width && y < surface->height &&
	       ugvt_surface_offset(surface, &at, offset);
}

const char *ugvt_data_media_block_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct rectangle rectangle;
	uint64_t offset;

	if (!rectangle_decode(functions, message, &rectangle)) {
		return ugvt_functions_miss(functions, message);
	}
	for (unsigned row = 0; row < rectangle.rows; row++) {
		for (unsigned column = 0; column < rectangle.columns; column++) {
			unsigned element = rectangle.surface->element;
			unsigned at = row * rectangle.pitch + column * element;

			if (element_find(
				    &rectangle, rectangle.x + column, rectangle.y + row, &offset)) {
				ugvt_data_write(&rectangle.memory, offset,
					ugvt_data_register(
						message, 1 + at / UGVT_EU_REGISTER_BYTES) +
						at % UGVT_EU_REGISTER_BYTES,
					element);
			}
		}
	}
	return NULL;
}

static int64_t clamp(int64_t value, uint32_t size)
{
	return UGVT_MIN(UGVT_MAX(value, 0), (int64_t)size - 1);
}

/* Outside the surface there is what its edges have. */
const char *ugvt_data_media_block_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	unsigned end = message->response_length * UGVT_EU_REGISTER_BYTES;
	struct rectangle rectangle;
	uint64_t offset;

	if (!rectangle_decode(functions, message, &rectangle)) {
		return ugvt_functions_miss(functions, message);
	}
	for (unsigned row = 0; row < rectangle.rows; row++) {
		for (unsigned column = 0; column < rectangle.columns; column++) {
			unsigned element = rectangle.surface->element;
			unsigned at = row * rectangle.pitch + column * element;
			int64_t x = clamp(rectangle.x + column, rectangle.surface->width);
			int64_t y = clamp(rectangle.y + row, rectangle.surface->height);

			if (at + element <= end && element_find(&rectangle, x, y, &offset)) {
				ugvt_data_read(
					&rectangle.memory, offset, message->response + at, element);
			}
		}
	}
	return NULL;
}
