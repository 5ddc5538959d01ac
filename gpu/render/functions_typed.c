/* SPDX-License-Identifier: MIT */
#include "gpu/render/functions_data.h"

/*
 * Typed surface messages: texels of any surface, by coordinates, converted from and to its format. PRM IVB vol 4 part 1,
 * "Typed Surface Read/Write"; of SIMD8 only. Payload: u, v, r, LOD, as many as there are, then channels.
 */

enum {
	LANES = 8,
	COORDINATES = 3,
	CHANNELS = 4,
	SIMD4X2 = 0,
};

#define CONTROL_MASK UGVT_MASK(3, 0)  // channels that are not there
#define CONTROL_GROUP UGVT_MASK(5, 4) // SIMD4x2, or which eight of sixteen lanes

/* What there is of u, v and r; a level of detail is left out: it is 0. */
static void coordinates_take(struct ugvt_data_lanes *lanes, unsigned operands,
	uint32_t coordinates[COORDINATES][UGVT_DATA_LANES])
{
	unsigned end = lanes->message->length + lanes->message->length2;

	end = end > operands ? end - operands : 0;
	memset(coordinates, 0, COORDINATES * sizeof(coordinates[0]));
	for (unsigned i = 0; i < COORDINATES && lanes->at < end; i++) {
		ugvt_data_take(lanes, coordinates[i]);
	}
	lanes->at = UGVT_MAX(lanes->at, end);
}

/* Slices of 3D surfaces begin with the first one of the view, too, but are not counted from there. */
static struct ugvt_texel_at texel_at(const struct ugvt_surface *surface,
	uint32_t coordinates[COORDINATES][UGVT_DATA_LANES], unsigned lane)
{
	struct ugvt_texel_at at = {.x = coordinates[0][lane], .lod = surface->first_level};

	switch (surface->type) {
	case UGVT_SURFACE_1D: at.z = coordinates[1][lane]; break;
	case UGVT_SURFACE_2D:
	case UGVT_SURFACE_CUBE:
		at.y = coordinates[1][lane];
		at.z = coordinates[2][lane];
		break;
	case UGVT_SURFACE_3D:
		at.y = coordinates[1][lane];
		at.z = coordinates[2][lane] + surface->first_layer;
		break;
	default: break;
	}
	if (!surface->array && surface->type != UGVT_SURFACE_3D) {
		at.z = 0;
	}
	return at;
}

void ugvt_data_texels_find(struct ugvt_functions *functions, const struct ugvt_eu_message *message,
	unsigned operands, struct ugvt_data_texels *texels)
{
	uint32_t coordinates[COORDINATES][UGVT_DATA_LANES];
	const struct ugvt_surface *surface =
		&ugvt_functions_surface_find(functions, message, false)->surface;

	texels->surface = surface;
	texels->lanes = ugvt_data_surface_lanes(message, LANES);
	texels->memory = (struct ugvt_data_memory){
		.as = functions->as, .base = surface->base, .size = surface->size};
	if (surface->format && ugvt_format_is_block(surface->format)) {
		texels->memory.size = 0;
	}
	coordinates_take(&texels->lanes, operands, coordinates);
	for (unsigned lane = 0; lane < LANES; lane++) {
		struct ugvt_texel_at at = texel_at(surface, coordinates, lane);

		if (!ugvt_surface_offset(surface, &at, &texels->offsets[lane])) {
			texels->offsets[lane] = UINT64_MAX;
		}
	}
}

static unsigned channels_absent(const struct ugvt_eu_message *message)
{
	return UGVT_GET(CONTROL_MASK, ugvt_eu_data_control(message->desc));
}

static bool is_taken(const struct ugvt_eu_message *message)
{
	return UGVT_GET(CONTROL_GROUP, ugvt_eu_data_control(message->desc)) != SIMD4X2;
}

/* The lanes that have a texel. */
static uint32_t elements_read(const struct ugvt_data_texels *texels, struct ugvt_elements *elements)
{
	uint32_t there = 0;

	memset(elements, 0, sizeof(*elements));
	for (uint32_t left = texels->lanes.mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);
		uint32_t dw[CHANNELS] = {0};

		if (texels->offsets[lane] != UINT64_MAX && texels->memory.size > 0) {
			ugvt_data_read(&texels->memory, texels->offsets[lane], dw,
				texels->surface->element);
			there |= UGVT_BIT(lane);
		}
		for (unsigned i = 0; i < CHANNELS; i++) {
			elements->dw[i][lane] = dw[i];
		}
	}
	return there;
}

/* Lanes without a texel read zeros in all channels. */
static void channel_mask(uint32_t *values, uint32_t there)
{
	for (unsigned lane = 0; lane < LANES; lane++) {
		values[lane] = there >> lane & 1 ? values[lane] : 0;
	}
}

const char *ugvt_data_typed_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct ugvt_data_texels texels;
	struct ugvt_elements elements;
	struct ugvt_texels values;
	uint32_t there;

	if (!is_taken(message)) {
		return ugvt_functions_miss(functions, message);
	}
	ugvt_data_texels_find(functions, message, 0, &texels);
	there = elements_read(&texels, &elements);
	if (there != 0) {
		ugvt_texels_load(texels.surface->format, &elements, &values);
	}
	for (unsigned c = 0; c < CHANNELS; c++) {
		if (!(channels_absent(message) >> c & 1)) {
			channel_mask(values.c[c], there);
			ugvt_data_return(&texels.lanes, values.c[c]);
		}
	}
	return NULL;
}

static void elements_write(
	const struct ugvt_data_texels *texels, const struct ugvt_elements *elements)
{
	for (uint32_t left = texels->lanes.mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);
		uint32_t dw[CHANNELS];

		for (unsigned i = 0; i < CHANNELS; i++) {
			dw[i] = elements->dw[i][lane];
		}
		if (texels->offsets[lane] != UINT64_MAX) {
			ugvt_data_write(&texels->memory, texels->offsets[lane], dw,
				texels->surface->element);
		}
	}
}

const char *ugvt_data_typed_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	unsigned absent = channels_absent(message);
	unsigned operands = CHANNELS - (unsigned)__builtin_popcount(absent);
	struct ugvt_data_texels texels;
	struct ugvt_elements elements;
	struct ugvt_texels values = {0};

	if (!is_taken(message)) {
		return ugvt_functions_miss(functions, message);
	}
	ugvt_data_texels_find(functions, message, operands, &texels);
	if (!texels.surface->format || !(texels.surface->format->flags & UGVT_FORMAT_RENDER)) {
		return NULL;
	}
	for (unsigned c = 0; c < CHANNELS; c++) {
		if (!(absent >> c & 1)) {
			ugvt_data_take(&texels.lanes, values.c[c]);
		}
	}
	ugvt_texels_store(texels.surface->format, &values, &elements);
	elements_write(&texels, &elements);
	return NULL;
}
