/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_FUNCTIONS_DATA_H
#define UGVT_GPU_RENDER_FUNCTIONS_DATA_H

#include <string.h>

#include "gpu/eu/message.h"
#include "gpu/render/functions_state.h"

/*
 * What the files of the data ports offer one another: for gpu/render/functions_{data,memory,block,scatter,atomic,media,typed}.c only.
 *
 * Message types, payloads and their order: Mesa's brw_eu_defines.h, brw_eu.h (brw_dp_*_desc) and
 * brw_lower_logical_sends.cpp; what they do: PRM SNB vol 4 part 1, "Data Port".
 */

enum {
	UGVT_DATA_DWORD = 4,
	UGVT_DATA_OWORD = 16,
	UGVT_DATA_LANES = 16,
};

/* What a message works on: bytes of an address space, or of a thread group's own memory. */
struct ugvt_data_memory {
	struct ugvt_aspace *as;
	uint8_t *local;     // shared local memory; NULL: in as
	ugvt_gpu_addr base; // of as
	uint64_t size;      // bytes; what lies beyond reads as 0, and writes to it are dropped
};

/* A message's lanes, and where in its payload one is. */
struct ugvt_data_lanes {
	const struct ugvt_eu_message *message;
	unsigned count;    // 8 or 16
	uint32_t mask;     // that execute
	unsigned at;       // register of the payload that comes next
	unsigned response; // register of the response that comes next
};

/* The memory that a message's binding table index and header name. */
struct ugvt_data_memory ugvt_data_memory_find(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
/* What a stateless message works on: the thread's scratch space if there is a header, else what 32 bits reach. */
struct ugvt_data_memory ugvt_data_memory_scratch(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
/* All of the address space. */
struct ugvt_data_memory ugvt_data_memory_all(struct ugvt_functions *functions);
/* Host address of size bytes, 4 or 8, at offset rounded down to a multiple of size; NULL: there are none. */
void *ugvt_data_word(const struct ugvt_data_memory *memory, uint64_t offset, size_t size);
uint32_t ugvt_data_read32(const struct ugvt_data_memory *memory, uint64_t offset);
void ugvt_data_write32(const struct ugvt_data_memory *memory, uint64_t offset, uint32_t value);
/* Any number of bytes, which need not be aligned. */
void ugvt_data_read(
	const struct ugvt_data_memory *memory, uint64_t offset, void *bytes, size_t size);
void ugvt_data_write(
	const struct ugvt_data_memory *memory, uint64_t offset, const void *bytes, size_t size);

/* Register i of both payloads, one behind the other; zeros if there are not so many. */
const uint8_t *ugvt_data_register(const struct ugvt_eu_message *message, unsigned i);
/* A dword of the header; 0 if the message has none. */
uint32_t ugvt_data_header(const struct ugvt_eu_message *message, unsigned dword);
/* The lanes of a message of 8 or 16; its operands are behind the header. */
struct ugvt_data_lanes ugvt_data_lanes(const struct ugvt_eu_message *message, unsigned count);
/* The same for surface messages, whose header is a sample mask. */
struct ugvt_data_lanes ugvt_data_surface_lanes(
	const struct ugvt_eu_message *message, unsigned count);
/* The next operand: a dword, or a qword, for each lane. */
void ugvt_data_take(struct ugvt_data_lanes *lanes, uint32_t *values);
void ugvt_data_take64(struct ugvt_data_lanes *lanes, uint64_t *values);
/* The next part of the response. */
void ugvt_data_return(struct ugvt_data_lanes *lanes, const uint32_t *values);
void ugvt_data_return64(struct ugvt_data_lanes *lanes, const uint64_t *values);

/* Messages: NULL, or what is wrong; one that is not known is missed. */

/* functions_block.c */
const char *ugvt_data_block_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_block_read_unaligned(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_block_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_block_read_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_block_write_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_scratch(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);

/* functions_scatter.c */
const char *ugvt_data_dwords_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_dwords_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_bytes_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_bytes_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_untyped_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_untyped_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_untyped_read_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_untyped_write_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_scattered_read_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_scattered_write_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);

/* functions_atomic.c */
const char *ugvt_data_atomic(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_atomic_float(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_atomic_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_atomic_float_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_atomic_typed(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);

/* functions_media.c */
const char *ugvt_data_media_block_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_media_block_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);

/* functions_typed.c */
const char *ugvt_data_typed_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
const char *ugvt_data_typed_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);

/* Texels that a typed message names. */
struct ugvt_data_texels {
	const struct ugvt_surface *surface;
	struct ugvt_data_memory memory;
	struct ugvt_data_lanes lanes; // operands behind the coordinates come next
	uint64_t offsets
		[UGVT_DATA_LANES]; // in memory, of the lanes' elements; UINT64_MAX: there is none
};

/* operands: for each lane, behind the coordinates. */
void ugvt_data_texels_find(struct ugvt_functions *functions, const struct ugvt_eu_message *message,
	unsigned operands, struct ugvt_data_texels *texels);

#endif
