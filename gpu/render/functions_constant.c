/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/eu/message.h"
#include "gpu/render/functions_state.h"

/*
 * Block reads of constants: PRM SNB vol 4 part 1, "OWord Block Read" and "Unaligned OWord Block Read"; message types and sizes
 * as Mesa's brw_eu_defines.h has them (GFX7_DATAPORT_DC_*, BRW_DATAPORT_OWORD_BLOCK_*).
 */

enum {
	OWORD_BLOCK_READ = 0,
	UNALIGNED_OWORD_BLOCK_READ = 1,
	OWORD = 16, // bytes
	BLOCK_OWORDS_MAX = 8,
	HEADER_OFFSET = 2, // dword
};

#define CONTROL_BLOCK 7u // of data_control: size

/* Of blocks: OWords, and where in the first register they go. */
static const struct {
	uint8_t owords, at;
} blocks[8] = {{1, 0}, {1, OWORD}, {2, 0}, {4, 0}, {8, 0}};

/* Bytes of a surface; what lies outside reads as zeros. */
static void surface_read(struct ugvt_functions *functions, const struct ugvt_surface *surface,
	uint64_t offset, uint8_t *bytes, size_t size)
{
	uint64_t there = offset < surface->size ? surface->size - offset : 0;
	size_t part = (size_t)UGVT_MIN(there, size);

	memset(bytes, 0, size);
	if (surface->format && part > 0) {
		ugvt_aspace_read(
			functions->as, (surface->base + offset) & UGVT_GPU_ADDR_MASK, bytes, part);
	}
}

const char *ugvt_functions_constant(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	unsigned type = ugvt_eu_data_message(message->desc) & 15;
	unsigned block = ugvt_eu_data_control(message->desc) & CONTROL_BLOCK;
	unsigned at = blocks[block].at;
	size_t size = blocks[block].owords * OWORD;
	uint8_t bytes[BLOCK_OWORDS_MAX * OWORD];
	const struct ugvt_functions_surface *surface;
	uint32_t offset;

	if ((type != OWORD_BLOCK_READ && type != UNALIGNED_OWORD_BLOCK_READ) || size == 0 ||
		message->length == 0) {
		return ugvt_functions_miss(functions, message);
	}
	memcpy(&offset, message->payload + HEADER_OFFSET * sizeof(offset), sizeof(offset));
	surface = ugvt_functions_surface_find(functions, message, false);
	surface_read(functions, &surface->surface,
		type == OWORD_BLOCK_READ ? (uint64_t)offset * OWORD : offset, bytes, size);
	if (message->response_length > 0) {
		memcpy(message->response + at, bytes,
			UGVT_MIN(size, message->response_length * UGVT_EU_REGISTER_BYTES - at));
	}
	return NULL;
}
