/* SPDX-License-Identifier: MIT */
#include "gpu/render/functions_data.h"

/*
 * Messages in which each lane has an address of its own. PRM SNB vol 4 part 1, "DWord Scattered Read/Write", "Byte Scattered
 * Read/Write"; PRM IVB vol 4 part 1, "Untyped Surface Read/Write"; those with addresses of 64 bits ("A64") as Mesa's
 * brw_eu.h has them.
 */

enum {
	CHANNELS = 4,
	SIMD4X2 = 0,
	SIMD16 = 1,
	SUBTYPE_BYTE = 0,
	SUBTYPE_DWORD = 1,
	SUBTYPE_QWORD = 2,
};

#define CONTROL_16 UGVT_BIT(0)
#define CONTROL_BYTE_SIZE UGVT_MASK(3, 2)    // as a power of two
#define CONTROL_MASK UGVT_MASK(3, 0)         // channels that are not there
#define CONTROL_MODE UGVT_MASK(5, 4)         // SIMD
#define CONTROL_A64_SUBTYPE UGVT_MASK(1, 0)  // of scattered messages
#define CONTROL_A64_ELEMENTS UGVT_MASK(3, 2) // as a power of two
#define CONTROL_A64_16 UGVT_BIT(4)

/* A message whose lanes have offsets, or addresses. */
struct scatter {
	struct ugvt_data_memory memory;
	struct ugvt_data_lanes lanes;
	uint64_t offsets[UGVT_DATA_LANES];
};

static void offsets_take(struct scatter *scatter, unsigned unit)
{
	uint32_t values[UGVT_DATA_LANES];

	ugvt_data_take(&scatter->lanes, values);
	for (unsigned i = 0; i < scatter->lanes.count; i++) {
		scatter->offsets[i] = (uint64_t)values[i] * unit;
	}
}

static void addresses_take(struct scatter *scatter)
{
	ugvt_data_take64(&scatter->lanes, scatter->offsets);
	for (unsigned i = 0; i < scatter->lanes.count; i++) {
		scatter->offsets[i] &= UGVT_GPU_ADDR_MASK;
	}
}

/* The next dword of each lane, delta bytes behind its offset. */
static void column_read(struct scatter *scatter, unsigned delta)
{
	uint32_t values[UGVT_DATA_LANES];

	for (uint32_t left = scatter->lanes.mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);

		values[lane] = ugvt_data_read32(&scatter->memory, scatter->offsets[lane] + delta);
	}
	ugvt_data_return(&scatter->lanes, values);
}

static void column_write(struct scatter *scatter, unsigned delta)
{
	uint32_t values[UGVT_DATA_LANES];

	ugvt_data_take(&scatter->lanes, values);
	for (uint32_t left = scatter->lanes.mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);

		ugvt_data_write32(&scatter->memory, scatter->offsets[lane] + delta, values[lane]);
	}
}

static void dwords_begin(struct ugvt_functions *functions, const struct ugvt_eu_message *message,
	struct scatter *scatter)
{
	bool wide = ugvt_eu_data_control(message->desc) & CONTROL_16;

	scatter->memory = ugvt_data_memory_find(functions, message);
	scatter->lanes = ugvt_data_lanes(message, wide ? 16 : 8);
	offsets_take(scatter, UGVT_DATA_DWORD);
}

const char *ugvt_data_dwords_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;

	dwords_begin(functions, message, &scatter);
	column_read(&scatter, 0);
	return NULL;
}

const char *ugvt_data_dwords_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;

	dwords_begin(functions, message, &scatter);
	column_write(&scatter, 0);
	return NULL;
}

/* Bytes of an element; 0: there is no such. */
static unsigned bytes_begin(struct ugvt_functions *functions, const struct ugvt_eu_message *message,
	struct scatter *scatter)
{
	unsigned control = ugvt_eu_data_control(message->desc);
	unsigned size = 1u << UGVT_GET(CONTROL_BYTE_SIZE, control);

	scatter->memory = ugvt_data_memory_find(functions, message);
	scatter->lanes = ugvt_data_lanes(message, control & CONTROL_16 ? 16 : 8);
	offsets_take(scatter, 1);
	return size <= UGVT_DATA_DWORD ? size : 0;
}

/* One to four bytes a lane, which need not be aligned, in the low bits of dwords. */
static void elements_read(struct scatter *scatter, unsigned size)
{
	uint32_t values[UGVT_DATA_LANES] = {0};

	for (uint32_t left = scatter->lanes.mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);

		ugvt_data_read(&scatter->memory, scatter->offsets[lane], &values[lane], size);
	}
	ugvt_data_return(&scatter->lanes, values);
}

static void elements_write(struct scatter *scatter, unsigned size)
{
	uint32_t values[UGVT_DATA_LANES];

	ugvt_data_take(&scatter->lanes, values);
	for (uint32_t left = scatter->lanes.mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);

		ugvt_data_write(&scatter->memory, scatter->offsets[lane], &values[lane], size);
	}
}

const char *ugvt_data_bytes_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;
	unsigned size = bytes_begin(functions, message, &scatter);

	if (size == 0) {
		return ugvt_functions_miss(functions, message);
	}
	elements_read(&scatter, size);
	return NULL;
}

const char *ugvt_data_bytes_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;
	unsigned size = bytes_begin(functions, message, &scatter);

	if (size == 0) {
		return ugvt_functions_miss(functions, message);
	}
	elements_write(&scatter, size);
	return NULL;
}

/* false: of a mode that there is not. */
static bool untyped_begin(const struct ugvt_eu_message *message, struct scatter *scatter)
{
	unsigned mode = UGVT_GET(CONTROL_MODE, ugvt_eu_data_control(message->desc));

	scatter->lanes = ugvt_data_surface_lanes(message, mode == SIMD16 ? 16 : 8);
	return mode != SIMD4X2;
}

static const char *untyped_read(struct scatter *scatter, unsigned absent)
{
	for (unsigned c = 0; c < CHANNELS; c++) {
		if (!(absent >> c & 1)) {
			column_read(scatter, c * UGVT_DATA_DWORD);
		}
	}
	return NULL;
}

static const char *untyped_write(struct scatter *scatter, unsigned absent)
{
	for (unsigned c = 0; c < CHANNELS; c++) {
		if (!(absent >> c & 1)) {
			column_write(scatter, c * UGVT_DATA_DWORD);
		}
	}
	return NULL;
}

static unsigned channels_absent(const struct ugvt_eu_message *message)
{
	return UGVT_GET(CONTROL_MASK, ugvt_eu_data_control(message->desc));
}

const char *ugvt_data_untyped_read(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;

	if (!untyped_begin(message, &scatter)) {
		return ugvt_functions_miss(functions, message);
	}
	scatter.memory = ugvt_data_memory_find(functions, message);
	offsets_take(&scatter, 1);
	return untyped_read(&scatter, channels_absent(message));
}

const char *ugvt_data_untyped_write(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;

	if (!untyped_begin(message, &scatter)) {
		return ugvt_functions_miss(functions, message);
	}
	scatter.memory = ugvt_data_memory_find(functions, message);
	offsets_take(&scatter, 1);
	return untyped_write(&scatter, channels_absent(message));
}

const char *ugvt_data_untyped_read_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;

	if (!untyped_begin(message, &scatter)) {
		return ugvt_functions_miss(functions, message);
	}
	scatter.memory = ugvt_data_memory_all(functions);
	addresses_take(&scatter);
	return untyped_read(&scatter, channels_absent(message));
}

const char *ugvt_data_untyped_write_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;

	if (!untyped_begin(message, &scatter)) {
		return ugvt_functions_miss(functions, message);
	}
	scatter.memory = ugvt_data_memory_all(functions);
	addresses_take(&scatter);
	return untyped_write(&scatter, channels_absent(message));
}

static void qwords_read(struct scatter *scatter, unsigned delta)
{
	uint64_t values[UGVT_DATA_LANES];

	for (uint32_t left = scatter->lanes.mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);

		ugvt_data_read(&scatter->memory, scatter->offsets[lane] + delta, &values[lane],
			sizeof(values[lane]));
	}
	ugvt_data_return64(&scatter->lanes, values);
}

static void qwords_write(struct scatter *scatter, unsigned delta)
{
	uint64_t values[UGVT_DATA_LANES];

	ugvt_data_take64(&scatter->lanes, values);
	for (uint32_t left = scatter->lanes.mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);

		ugvt_data_write(&scatter->memory, scatter->offsets[lane] + delta, &values[lane],
			sizeof(values[lane]));
	}
}

static unsigned scattered_begin(struct ugvt_functions *functions,
	const struct ugvt_eu_message *message, struct scatter *scatter)
{
	unsigned control = ugvt_eu_data_control(message->desc);

	scatter->memory = ugvt_data_memory_all(functions);
	scatter->lanes = ugvt_data_lanes(message, control & CONTROL_A64_16 ? 16 : 8);
	addresses_take(scatter);
	return 1u << UGVT_GET(CONTROL_A64_ELEMENTS, control);
}

const char *ugvt_data_scattered_read_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;
	unsigned n = scattered_begin(functions, message, &scatter);

	switch (UGVT_GET(CONTROL_A64_SUBTYPE, ugvt_eu_data_control(message->desc))) {
	case SUBTYPE_BYTE: elements_read(&scatter, UGVT_MIN(n, UGVT_DATA_DWORD)); return NULL;
	case SUBTYPE_DWORD:
		for (unsigned i = 0; i < n; i++) {
			column_read(&scatter, i * UGVT_DATA_DWORD);
		}
		return NULL;
	case SUBTYPE_QWORD:
		for (unsigned i = 0; i < n; i++) {
			qwords_read(&scatter, i * (unsigned)sizeof(uint64_t));
		}
		return NULL;
	default: return ugvt_functions_miss(functions, message);
	}
}

const char *ugvt_data_scattered_write_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct scatter scatter;
	unsigned n = scattered_begin(functions, message, &scatter);

	switch (UGVT_GET(CONTROL_A64_SUBTYPE, ugvt_eu_data_control(message->desc))) {
	case SUBTYPE_BYTE: elements_write(&scatter, UGVT_MIN(n, UGVT_DATA_DWORD)); return NULL;
	case SUBTYPE_DWORD:
		for (unsigned i = 0; i < n; i++) {
			column_write(&scatter, i * UGVT_DATA_DWORD);
		}
		return NULL;
	case SUBTYPE_QWORD:
		for (unsigned i = 0; i < n; i++) {
			qwords_write(&scatter, i * (unsigned)sizeof(uint64_t));
		}
		return NULL;
	default: return ugvt_functions_miss(functions, message);
	}
}
