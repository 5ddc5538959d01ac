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
	struct ugvt_surface surface;
	struct ugvt_data_memory memory;
	int64_t x, y; // of the surface's elements
	unsigned columns, rows;
	unsigned pitch; // bytes of a row in the payload
};

/* One of a rectangle. */
struct element {
	int64_t x, y;
	unsigned at; // bytes of the payload before it
};

typedef void (*element_function)(const struct rectangle *rectangle,
	const struct ugvt_eu_message *message, const struct element *element);

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
		.x = (int32_t)ugvt_data_header(message, HEADER_X) / (int)element,
		.y = (int32_t)ugvt_data_header(message, HEADER_Y),
		.rows = (unsigned)UGVT_GET(BLOCK_HEIGHT, size) + 1,
		.pitch = ROW_MIN,
	};
	while (rectangle->pitch < width) {
		rectangle->pitch *= 2;
	}
	if (ugvt_surface_media(surface, &rectangle->surface)) {
		rectangle->columns = width / element;
		rectangle->memory = (struct ugvt_data_memory){.as = functions->as,
			.base = surface->base,
			.size = rectangle->surface.size};
	}
	return true;
}

static const char *rectangle_walk(struct ugvt_functions *functions,
	const struct ugvt_eu_message *message, element_function visit)
{
	struct rectangle rectangle;

	if (!rectangle_decode(functions, message, &rectangle)) {
		return ugvt_functions_miss(functions, message);
	}
	for (unsigned row = 0; row < rectangle.rows; row++) {
		for (unsigned column = 0; column < rectangle.columns; column++) {
			struct element element = {
				.x = rectangle.x + column,
				.y = rectangle.y + row,
				.at = row * rectangle.pitch + column * rectangle.surface.element,
			};

			visit(&rectangle, message, &element);
		}
	}
	return NULL;
}

static bool offset_find(const struct ugvt_surface *surface, int64_t x, int64_t y, uint64_t *offset)
{
	struct ugvt_texel_at at = {.x = (uint32_t)x, .y = (uint32_t)y};

	return x >= 0 && y >= 0 && x < surface->width && y < surface->height &&
	       ugvt_surface_offset(surface, &at, offset);
}

static void element_write(const struct rectangle *rectangle, const struct ugvt_eu_message *message,
	const struct element *element)
{
	const uint8_t *data = ugvt_data_register(message, 1 + element->at / UGVT_EU_REGISTER_BYTES);
	uint64_t offset;

	if (offset_find(&rectangle->surface, element->x, element->y, &offset)) {
		ugvt_data_write(&rectangle->memory, offset,
			data + element->at % UGVT_EU_REGISTER_BYTES, rectangle->surface.element);
	}
}

const char *ugvt_data_media_block_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	return rectangle_walk(functions, message, element_write);
}

static int64_t clamp(int64_t value, uint32_t size)
{
	return UGVT_MIN(UGVT_MAX(value, 0), (int64_t)size - 1);
}

/* Outside the surface there is what its edges have. */
static void element_read(const struct rectangle *rectangle, const struct ugvt_eu_message *message,
	const struct element *element)
{
	const struct ugvt_surface *surface = &rectangle->surface;
	unsigned end = message->response_length * UGVT_EU_REGISTER_BYTES;
	uint64_t offset;

	if (element->at + surface->element <= end &&
		offset_find(surface, clamp(element->x, surface->width),
			clamp(element->y, surface->height), &offset)) {
		ugvt_data_read(&rectangle->memory, offset, message->response + element->at,
			surface->element);
	}
}

const char *ugvt_data_media_block_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	return rectangle_walk(functions, message, element_read);
}
