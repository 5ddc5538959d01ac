/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/render/functions_data.h"

/* Where messages of the data ports read and write, and the registers that they come and go in. */

/* Numbers that are no entries of binding tables: Mesa's brw_eu_defines.h. */
#define BTI_STATELESS 255
#define BTI_LOCAL 254
#define BTI_STATELESS_NON_COHERENT 253

/* The header: PRM SNB vol 4 part 1, "Data Port", "Message Header"; sample mask: Mesa's lower_surface_logical_send(). */
#define HEADER_SCRATCH_SIZE 3
#define SCRATCH_SIZE UGVT_MASK(3, 0) // 1 KB, doubled so often
#define SCRATCH_UNIT 1024
#define HEADER_SCRATCH 5
#define SCRATCH_BASE UGVT_MASK(31, 10) // from General State Base Address
#define HEADER_SAMPLES 7
#define HEADER_SAMPLES_MASK UGVT_MASK(15, 0)

#define STATELESS_SIZE (UINT64_C(1) << 32)

struct ugvt_data_memory ugvt_data_memory_scratch(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct ugvt_data_memory memory = {
		.as = functions->as,
		.base = functions->general_base,
		.size = STATELESS_SIZE,
	};
	uint32_t size = ugvt_data_header(message, HEADER_SCRATCH_SIZE) & SCRATCH_SIZE;

	if (ugvt_eu_message_header(message->desc)) {
		memory.base += ugvt_data_header(message, HEADER_SCRATCH) & SCRATCH_BASE;
		memory.size = (uint64_t)SCRATCH_UNIT << size;
	}
	return memory;
}

static struct ugvt_data_memory local(const struct ugvt_functions *functions)
{
	return (struct ugvt_data_memory){.local = functions->local, .size = functions->local_size};
}

struct ugvt_data_memory ugvt_data_memory_find(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	unsigned index = ugvt_eu_surface(message->desc);
	const struct ugvt_surface *surface;

	if (index == BTI_STATELESS || index == BTI_STATELESS_NON_COHERENT) {
		return ugvt_data_memory_scratch(functions, message);
	}
	if (index == BTI_LOCAL) {
		return local(functions);
	}
	surface = &ugvt_functions_surface_find(functions, message, false)->surface;
	return (struct ugvt_data_memory){
		.as = functions->as, .base = surface->base, .size = surface->size};
}

struct ugvt_data_memory ugvt_data_memory_all(struct ugvt_functions *functions)
{
	return (struct ugvt_data_memory){.as = functions->as, .size = UGVT_GPU_ADDR_MASK + 1};
}

static bool is_inside(const struct ugvt_data_memory *memory, uint64_t offset, size_t size)
{
	return offset < memory->size && memory->size - offset >= size;
}

void *ugvt_data_word(const struct ugvt_data_memory *memory, uint64_t offset, size_t size)
{
	offset &= ~(uint64_t)(size - 1);
	if (!is_inside(memory, offset, size)) {
		return NULL;
	}
	if (memory->local) {
		return memory->local + offset;
	}
	return ugvt_aspace_atomic(memory->as, (memory->base + offset) & UGVT_GPU_ADDR_MASK, size);
}

uint32_t ugvt_data_read32(const struct ugvt_data_memory *memory, uint64_t offset)
{
	offset &= ~UINT64_C(3);
	if (!is_inside(memory, offset, sizeof(uint32_t))) {
		return 0;
	}
	if (memory->local) {
		return atomic_load_explicit(
			(_Atomic uint32_t *)(memory->local + offset), memory_order_relaxed);
	}
	return ugvt_aspace_read32(memory->as, (memory->base + offset) & UGVT_GPU_ADDR_MASK);
}

void ugvt_data_write32(const struct ugvt_data_memory *memory, uint64_t offset, uint32_t value)
{
	offset &= ~UINT64_C(3);
	if (!is_inside(memory, offset, sizeof(value))) {
		return;
	}
	if (memory->local) {
		atomic_store_explicit(
			(_Atomic uint32_t *)(memory->local + offset), value, memory_order_relaxed);
	} else {
		ugvt_aspace_write32(
			memory->as, (memory->base + offset) & UGVT_GPU_ADDR_MASK, value);
	}
}

void ugvt_data_read(
	const struct ugvt_data_memory *memory, uint64_t offset, void *bytes, size_t size)
{
	uint64_t there = offset < memory->size ? memory->size - offset : 0;
	size_t part = (size_t)UGVT_MIN(there, size);

	if (part < size) {
		memset(bytes, 0, size);
	}
	if (part == 0) {
		return;
	}
	if (memory->local) {
		memcpy(bytes, memory->local + offset, part);
	} else {
		ugvt_aspace_read(
			memory->as, (memory->base + offset) & UGVT_GPU_ADDR_MASK, bytes, part);
	}
}

void ugvt_data_write(
	const struct ugvt_data_memory *memory, uint64_t offset, const void *bytes, size_t size)
{
	uint64_t there = offset < memory->size ? memory->size - offset : 0;
	size_t part = (size_t)UGVT_MIN(there, size);

	if (part == 0) {
		return;
	}
	if (memory->local) {
		memcpy(memory->local + offset, bytes, part);
	} else {
		ugvt_aspace_write(
			memory->as, (memory->base + offset) & UGVT_GPU_ADDR_MASK, bytes, part);
	}
}

const uint8_t *ugvt_data_register(const struct ugvt_eu_message *message, unsigned i)
{
	static const uint8_t zeros[UGVT_EU_REGISTER_BYTES];

	if (i < message->length) {
		return message->payload + i * UGVT_EU_REGISTER_BYTES;
	}
	i -= message->length;
	return i < message->length2 ? message->payload2 + i * UGVT_EU_REGISTER_BYTES : zeros;
}

uint32_t ugvt_data_header(const struct ugvt_eu_message *message, unsigned dword)
{
	uint32_t value = 0;

	if (ugvt_eu_message_header(message->desc)) {
		memcpy(&value, ugvt_data_register(message, 0) + dword * sizeof(value),
			sizeof(value));
	}
	return value;
}

struct ugvt_data_lanes ugvt_data_lanes(const struct ugvt_eu_message *message, unsigned count)
{
	return (struct ugvt_data_lanes){
		.message = message,
		.count = count,
		.mask = message->channels >> message->first % UGVT_EU_CHANNELS &
			(UGVT_BIT(count) - 1),
		.at = ugvt_eu_message_header(message->desc),
	};
}

struct ugvt_data_lanes ugvt_data_surface_lanes(
	const struct ugvt_eu_message *message, unsigned count)
{
	struct ugvt_data_lanes lanes = ugvt_data_lanes(message, count);

	if (ugvt_eu_message_header(message->desc)) {
		uint32_t samples = ugvt_data_header(message, HEADER_SAMPLES) & HEADER_SAMPLES_MASK;

		lanes.mask &= count == 8 ? samples >> (message->first & 8) : samples;
	}
	return lanes;
}

void ugvt_data_take(struct ugvt_data_lanes *lanes, uint32_t *values)
{
	for (unsigned lane = 0; lane < lanes->count; lane += 8) {
		memcpy(values + lane, ugvt_data_register(lanes->message, lanes->at++),
			UGVT_EU_REGISTER_BYTES);
	}
}

void ugvt_data_take64(struct ugvt_data_lanes *lanes, uint64_t *values)
{
	for (unsigned lane = 0; lane < lanes->count; lane += 4) {
		memcpy(values + lane, ugvt_data_register(lanes->message, lanes->at++),
			UGVT_EU_REGISTER_BYTES);
	}
}

/* Where value i of a part of the response goes; NULL: nowhere. */
static uint8_t *response_at(const struct ugvt_data_lanes *lanes, unsigned i, size_t size)
{
	unsigned at = lanes->response + i * size / UGVT_EU_REGISTER_BYTES;

	if (at >= lanes->message->response_length) {
		return NULL;
	}
	return lanes->message->response + lanes->response * UGVT_EU_REGISTER_BYTES + i * size;
}

void ugvt_data_return(struct ugvt_data_lanes *lanes, const uint32_t *values)
{
	for (uint32_t left = lanes->mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);
		uint8_t *to = response_at(lanes, lane, sizeof(*values));

		if (to) {
			memcpy(to, &values[lane], sizeof(*values));
		}
	}
	lanes->response += lanes->count / 8;
}

void ugvt_data_return64(struct ugvt_data_lanes *lanes, const uint64_t *values)
{
	for (uint32_t left = lanes->mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);
		uint8_t *to = response_at(lanes, lane, sizeof(*values));

		if (to) {
			memcpy(to, &values[lane], sizeof(*values));
		}
	}
	lanes->response += lanes->count / 4;
}
