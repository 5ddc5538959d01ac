/* SPDX-License-Identifier: MIT */
#include "gpu/render/functions_data.h"

/*
 * Blocks of OWords that lie one behind the other: PRM SNB vol 4 part 1, "OWord Block Read/Write", "Unaligned OWord Block Read".
 * Scratch blocks: PRM IVB vol 4 part 1, "Scratch Block Read/Write", fields as Mesa's brw_inst.h has them (scratch_*).
 */

enum {
	BLOCK_BYTES_MAX = 8 * UGVT_EU_REGISTER_BYTES,
	BLOCK_CHANNELS = 16, // of the execution mask, over and over
	HEADER_OFFSET = 2,
};

#define CONTROL_BLOCK UGVT_MASK(2, 0)
#define CONTROL_A64_UNALIGNED UGVT_MASK(4, 3)

#define SCRATCH_WRITE UGVT_BIT(17)
#define SCRATCH_DWORD UGVT_BIT(16)      // each is written as its channel says
#define SCRATCH_BLOCK UGVT_MASK(13, 12) // registers, as a power of two
#define SCRATCH_OFFSET UGVT_MASK(11, 0) // registers

/* By size: bytes, and where in the first register they are. */
static const struct {
	uint8_t bytes, at;
} sizes[8] = {
	{UGVT_DATA_OWORD, 0},
	{UGVT_DATA_OWORD, UGVT_DATA_OWORD},
	{2 * UGVT_DATA_OWORD, 0},
	{4 * UGVT_DATA_OWORD, 0},
	{8 * UGVT_DATA_OWORD, 0},
};

struct block {
	const struct ugvt_eu_message *message;
	struct ugvt_data_memory memory;
	uint64_t offset; // in memory
	unsigned at;     // bytes, from the message's first register
	unsigned size;
	bool owords; // are written as a whole if one of their channels executes
};

/* Of the dword that i is in, in the message's registers. A narrow instruction without a mask means all of them. */
static bool channel_executes(const struct ugvt_eu_message *message, unsigned i)
{
	unsigned width = UGVT_MIN(message->exec_size, BLOCK_CHANNELS);
	unsigned lane = i / UGVT_DATA_DWORD % UGVT_MAX(width, 1);

	return message->channels >> ((message->first + lane) % UGVT_EU_CHANNELS) & 1;
}

static bool oword_executes(const struct ugvt_eu_message *message, unsigned i)
{
	i -= i % UGVT_DATA_OWORD;
	return channel_executes(message, i) || channel_executes(message, i + 4) ||
	       channel_executes(message, i + 8) || channel_executes(message, i + 12);
}

/* All of it, also what no channel asks for: drivers read constants with any mask. */
static void block_read(const struct block *block)
{
	const struct ugvt_eu_message *message = block->message;
	unsigned end = message->response_length * UGVT_EU_REGISTER_BYTES;
	uint8_t bytes[BLOCK_BYTES_MAX];

	ugvt_data_read(&block->memory, block->offset, bytes, block->size);
	if (block->at < end) {
		memcpy(message->response + block->at, bytes,
			UGVT_MIN(block->size, end - block->at));
	}
}

static void block_write(const struct block *block)
{
	const struct ugvt_eu_message *message = block->message;

	for (unsigned i = 0; i < block->size; i += UGVT_DATA_DWORD) {
		unsigned at = block->at + i;
		const uint8_t *reg = ugvt_data_register(message, 1 + at / UGVT_EU_REGISTER_BYTES);
		uint32_t value;

		if (block->owords ? oword_executes(message, at) : channel_executes(message, at)) {
			memcpy(&value, reg + at % UGVT_EU_REGISTER_BYTES, sizeof(value));
			ugvt_data_write32(&block->memory, block->offset + i, value);
		}
	}
}

/* false: of a size that there is not. */
static bool block_begin(const struct ugvt_eu_message *message, struct block *block)
{
	unsigned size = UGVT_GET(CONTROL_BLOCK, ugvt_eu_data_control(message->desc));

	*block = (struct block){
		.message = message,
		.offset = ugvt_data_header(message, HEADER_OFFSET),
		.at = sizes[size].at,
		.size = sizes[size].bytes,
	};
	return block->size > 0;
}

const char *ugvt_data_block_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct block block;

	if (!block_begin(message, &block)) {
		return ugvt_functions_miss(functions, message);
	}
	block.memory = ugvt_data_memory_find(functions, message);
	block.offset *= UGVT_DATA_OWORD;
	block_read(&block);
	return NULL;
}

const char *ugvt_data_block_read_unaligned(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct block block;

	if (!block_begin(message, &block)) {
		return ugvt_functions_miss(functions, message);
	}
	block.memory = ugvt_data_memory_find(functions, message);
	block_read(&block);
	return NULL;
}

const char *ugvt_data_block_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct block block;

	if (!block_begin(message, &block)) {
		return ugvt_functions_miss(functions, message);
	}
	block.memory = ugvt_data_memory_find(functions, message);
	block.offset *= UGVT_DATA_OWORD;
	block_write(&block);
	return NULL;
}

/* Of blocks: the header's first qword (Mesa's emit_a64_oword_block_header()), aligned. */
static uint64_t address(const struct ugvt_eu_message *message, unsigned alignment)
{
	return ugvt_u64(ugvt_data_header(message, 0), ugvt_data_header(message, 1)) &
	       UGVT_GPU_ADDR_MASK & ~(uint64_t)(alignment - 1);
}

const char *ugvt_data_block_read_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	bool unaligned = ugvt_eu_data_control(message->desc) & CONTROL_A64_UNALIGNED;
	struct block block;

	if (!block_begin(message, &block)) {
		return ugvt_functions_miss(functions, message);
	}
	block.memory = ugvt_data_memory_all(functions);
	block.offset = address(message, unaligned ? UGVT_DATA_DWORD : UGVT_DATA_OWORD);
	block_read(&block);
	return NULL;
}

const char *ugvt_data_block_write_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct block block;

	if (!block_begin(message, &block)) {
		return ugvt_functions_miss(functions, message);
	}
	block.memory = ugvt_data_memory_all(functions);
	block.offset = address(message, UGVT_DATA_OWORD);
	block_write(&block);
	return NULL;
}

/* The bits of an index in a binding table are of the offset here. */
const char *ugvt_data_scratch(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct block block = {
		.message = message,
		.memory = ugvt_data_memory_scratch(functions, message),
		.offset = UGVT_GET(SCRATCH_OFFSET, message->desc) * UGVT_EU_REGISTER_BYTES,
		.size = UGVT_EU_REGISTER_BYTES << UGVT_GET(SCRATCH_BLOCK, message->desc),
		.owords = !(message->desc & SCRATCH_DWORD),
	};

	if (message->desc & SCRATCH_WRITE) {
		block_write(&block);
	} else {
		block_read(&block);
	}
	return NULL;
}
