/* SPDX-License-Identifier: MIT */
#include "gpu/render/functions_data.h"

/*
 * Atomic operations: PRM IVB vol 4 part 1, "Untyped Atomic Operation"; numbers as Mesa's brw_eu_defines.h has them (BRW_AOP_*).
 * They are atomic operations on the host's memory, too: other threads, and the guest's processors, work on it.
 */

enum {
	OP_CMPWR_WIDE = 0, // of words of twice the size; not taken
	OP_AND = 1,
	OP_OR,
	OP_XOR,
	OP_MOV,
	OP_INC,
	OP_DEC,
	OP_ADD,
	OP_SUB,
	OP_REVSUB,
	OP_IMAX,
	OP_IMIN,
	OP_UMAX,
	OP_UMIN,
	OP_CMPWR,
	OP_PREDEC,
};

enum {
	FLOAT_MAX = 1,
	FLOAT_MIN,
	FLOAT_CMPWR,
};

#define CONTROL_OP UGVT_MASK(3, 0)
#define CONTROL_FLOAT_OP UGVT_MASK(1, 0)
#define CONTROL_8 UGVT_BIT(4)     // SIMD8, else SIMD16
#define CONTROL_QWORD UGVT_BIT(4) // of A64
#define CONTROL_RETURN UGVT_BIT(5)

struct operands {
	uint64_t value[2];
};

/* What a word becomes. bits: its size. */
static uint64_t computed(unsigned op, uint64_t old, const struct operands *in, unsigned bits)
{
	int64_t old_signed = (int64_t)(old << (64 - bits)) >> (64 - bits);
	int64_t in_signed = (int64_t)(in->value[0] << (64 - bits)) >> (64 - bits);
	uint64_t value = in->value[0];

	switch (op) {
	case OP_AND: return old & value;
	case OP_OR: return old | value;
	case OP_XOR: return old ^ value;
	case OP_MOV: return value;
	case OP_INC: return old + 1;
	case OP_DEC:
	case OP_PREDEC: return old - 1;
	case OP_ADD: return old + value;
	case OP_SUB: return old - value;
	case OP_REVSUB: return value - old;
	case OP_IMAX: return old_signed > in_signed ? old : value;
	case OP_IMIN: return old_signed < in_signed ? old : value;
	case OP_UMAX: return old > value ? old : value;
	case OP_UMIN: return old < value ? old : value;
	case OP_CMPWR: return old == value ? in->value[1] : old;
	default: return old;
	}
}

static uint64_t returned(unsigned op, uint64_t old, uint64_t new)
{
	return op == OP_PREDEC ? new : old;
}

static uint64_t word32(uint32_t *word, unsigned op, const struct operands *in)
{
	uint32_t old = __atomic_load_n(word, __ATOMIC_RELAXED);
	uint32_t new;

	do {
		new = (uint32_t)computed(op, old, in, 32);
	} while (!__atomic_compare_exchange_n(
		word, &old, new, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
	return returned(op, old, new);
}

static uint64_t word64(uint64_t *word, unsigned op, const struct operands *in)
{
	uint64_t old = __atomic_load_n(word, __ATOMIC_RELAXED);
	uint64_t new;

	do {
		new = computed(op, old, in, 64);
	} while (!__atomic_compare_exchange_n(
		word, &old, new, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
	return returned(op, old, new);
}

/* A number wins against a NaN. */
static bool is_better(unsigned op, float old, float value)
{
	if (old != old) {
		return true;
	}
	return op == FLOAT_MAX ? value > old : value < old;
}

static uint32_t computed_float(unsigned op, uint32_t old, const struct operands *in)
{
	uint32_t bits[2] = {(uint32_t)in->value[0], (uint32_t)in->value[1]};
	float before, value;

	memcpy(&before, &old, sizeof(before));
	memcpy(&value, &bits[0], sizeof(value));
	if (op == FLOAT_CMPWR) {
		return before == value ? bits[1] : old;
	}
	return is_better(op, before, value) ? bits[0] : old;
}

static uint64_t word_float(uint32_t *word, unsigned op, const struct operands *in)
{
	uint32_t old = __atomic_load_n(word, __ATOMIC_RELAXED);
	uint32_t new;

	do {
		new = computed_float(op, old, in);
	} while (!__atomic_compare_exchange_n(
		word, &old, new, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
	return old;
}

/* A message, taken apart. */
struct atomic {
	struct ugvt_data_memory memory;
	struct ugvt_data_lanes lanes;
	unsigned op;
	unsigned inputs;
	bool is_float;
	bool wide; // words of 64 bits
	bool returns;
	uint64_t offsets[UGVT_DATA_LANES];
	uint64_t values[2][UGVT_DATA_LANES];
};

static unsigned inputs_of(unsigned op)
{
	if (op == OP_CMPWR) {
		return 2;
	}
	return op == OP_INC || op == OP_DEC || op == OP_PREDEC ? 0 : 1;
}

/* false: an operation that there is not. */
static bool atomic_begin(
	const struct ugvt_eu_message *message, bool is_float, struct atomic *atomic)
{
	unsigned control = ugvt_eu_data_control(message->desc);

	*atomic = (struct atomic){
		.is_float = is_float,
		.returns = control & CONTROL_RETURN,
	};
	if (is_float) {
		atomic->op = UGVT_GET(CONTROL_FLOAT_OP, control);
		atomic->inputs = atomic->op == FLOAT_CMPWR ? 2 : 1;
		return atomic->op != 0;
	}
	atomic->op = UGVT_GET(CONTROL_OP, control);
	atomic->inputs = inputs_of(atomic->op);
	return atomic->op != OP_CMPWR_WIDE;
}

static void values_take(struct atomic *atomic)
{
	uint32_t dwords[UGVT_DATA_LANES];

	for (unsigned i = 0; i < atomic->inputs; i++) {
		if (atomic->wide) {
			ugvt_data_take64(&atomic->lanes, atomic->values[i]);
			continue;
		}
		ugvt_data_take(&atomic->lanes, dwords);
		for (unsigned lane = 0; lane < atomic->lanes.count; lane++) {
			atomic->values[i][lane] = dwords[lane];
		}
	}
}

static uint64_t lane_execute(const struct atomic *atomic, unsigned lane)
{
	struct operands in = {{atomic->values[0][lane], atomic->values[1][lane]}};
	size_t size = atomic->wide ? sizeof(uint64_t) : sizeof(uint32_t);
	void *word = NULL;

	if (atomic->offsets[lane] != UINT64_MAX) {
		word = ugvt_data_word(&atomic->memory, atomic->offsets[lane], size);
	}
	if (!word) {
		return 0;
	}
	if (atomic->is_float) {
		return word_float(word, atomic->op, &in);
	}
	return atomic->wide ? word64(word, atomic->op, &in) : word32(word, atomic->op, &in);
}

/* Lane after lane, with offsets taken already. */
static const char *atomic_execute(struct atomic *atomic)
{
	uint64_t results[UGVT_DATA_LANES];
	uint32_t dwords[UGVT_DATA_LANES];

	values_take(atomic);
	for (uint32_t left = atomic->lanes.mask; left != 0; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);

		results[lane] = lane_execute(atomic, lane);
		dwords[lane] = (uint32_t)results[lane];
	}
	if (atomic->returns && atomic->wide) {
		ugvt_data_return64(&atomic->lanes, results);
	} else if (atomic->returns) {
		ugvt_data_return(&atomic->lanes, dwords);
	}
	return NULL;
}

static const char *untyped(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message, bool is_float)
{
	bool narrow = ugvt_eu_data_control(message->desc) & CONTROL_8;
	uint32_t offsets[UGVT_DATA_LANES];
	struct atomic atomic;

	if (!atomic_begin(message, is_float, &atomic)) {
		return ugvt_functions_miss(functions, message);
	}
	atomic.memory = ugvt_data_memory_find(functions, message);
	atomic.lanes = ugvt_data_surface_lanes(message, narrow ? 8 : 16);
	ugvt_data_take(&atomic.lanes, offsets);
	for (unsigned lane = 0; lane < atomic.lanes.count; lane++) {
		atomic.offsets[lane] = offsets[lane];
	}
	return atomic_execute(&atomic);
}

const char *ugvt_data_atomic(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	return untyped(functions, message, false);
}

const char *ugvt_data_atomic_float(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	return untyped(functions, message, true);
}

/* Of SIMD8 only. */
static const char *a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message, bool is_float)
{
	struct atomic atomic;

	if (!atomic_begin(message, is_float, &atomic)) {
		return ugvt_functions_miss(functions, message);
	}
	atomic.wide = !is_float && (ugvt_eu_data_control(message->desc) & CONTROL_QWORD);
	atomic.memory = ugvt_data_memory_all(functions);
	atomic.lanes = ugvt_data_surface_lanes(message, 8);
	ugvt_data_take64(&atomic.lanes, atomic.offsets);
	for (unsigned lane = 0; lane < atomic.lanes.count; lane++) {
		atomic.offsets[lane] &= UGVT_GPU_ADDR_MASK;
	}
	return atomic_execute(&atomic);
}

const char *ugvt_data_atomic_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	return a64(functions, message, false);
}

const char *ugvt_data_atomic_float_a64(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	return a64(functions, message, true);
}

/* Of SIMD8 only, and surfaces of 32 bits a texel. */
const char *ugvt_data_atomic_typed(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct ugvt_data_texels texels;
	struct atomic atomic;

	if (!atomic_begin(message, false, &atomic)) {
		return ugvt_functions_miss(functions, message);
	}
	ugvt_data_texels_find(functions, message, atomic.inputs, &texels);
	atomic.lanes = texels.lanes;
	atomic.memory = texels.memory;
	memcpy(atomic.offsets, texels.offsets, sizeof(atomic.offsets));
	if (texels.surface->element != sizeof(uint32_t)) {
		atomic.memory.size = 0;
	}
	return atomic_execute(&atomic);
}
