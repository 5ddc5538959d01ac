/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/cs/cs_state.h"

/*
 * MI_ATOMIC. Format: Mesa src/intel/genxml/gen9.xml. The operation's low five bits are the same as those of the data port's
 * atomics (PRM IVB vol 4 part 1, "Atomic Operations"; MOVE is 4 also in i915 gt/intel_gpu_commands.h), bit 5 says 8 bytes, bit
 * 6 says 16 bytes. Operands stand in the command, or in the GPRs 0..3; what was in memory before goes to GPR 4 and 5.
 */

#define ATOMIC_OPERATION UGVT_MASK(15, 8)
#define ATOMIC_RETURN UGVT_BIT(16)
#define ATOMIC_INLINE UGVT_BIT(18)

#define OPERATION_8B UGVT_BIT(5)
#define OPERATION_16B UGVT_BIT(6)
#define OPERATION UGVT_MASK(4, 0)

enum atomic_operation {
	ATOMIC_AND = 1,
	ATOMIC_OR,
	ATOMIC_XOR,
	ATOMIC_MOVE,
	ATOMIC_INCREMENT,
	ATOMIC_DECREMENT,
	ATOMIC_ADD,
	ATOMIC_SUB,
	ATOMIC_RSUB,
	ATOMIC_IMAX,
	ATOMIC_IMIN,
	ATOMIC_UMAX,
	ATOMIC_UMIN,
	ATOMIC_COMPARE_WRITE,
};

struct operands {
	uint64_t first[2]; // low and high qword
	uint64_t second[2];
};

/* Values of 4 bytes come sign-extended, so that signed comparison is right; of the result the low half counts. */
static uint64_t signed_operation(unsigned operation, int64_t old, int64_t value)
{
	if (operation == ATOMIC_IMAX) {
		return (uint64_t)UGVT_MAX(old, value);
	}
	return (uint64_t)UGVT_MIN(old, value);
}

static uint64_t operation_result(unsigned operation, uint64_t old, const struct operands *operands)
{
	uint64_t value = operands->first[0];

	switch (operation) {
	case ATOMIC_AND: return old & value;
	case ATOMIC_OR: return old | value;
	case ATOMIC_XOR: return old ^ value;
	case ATOMIC_MOVE: return value;
	case ATOMIC_INCREMENT: return old + 1;
	case ATOMIC_DECREMENT: return old - 1;
	case ATOMIC_ADD: return old + value;
	case ATOMIC_SUB: return old - value;
	case ATOMIC_RSUB: return value - old;
	case ATOMIC_IMAX:
	case ATOMIC_IMIN: return signed_operation(operation, (int64_t)old, (int64_t)value);
	case ATOMIC_UMAX: return UGVT_MAX(old, value);
	case ATOMIC_UMIN: return UGVT_MIN(old, value);
	case ATOMIC_COMPARE_WRITE: return old == value ? operands->second[0] : old;
	default: return old;
	}
}

static uint64_t extend(uint32_t value)
{
	return (uint64_t)(int64_t)(int32_t)value;
}

/* On a fault there is no word: nothing happens, and what was before reads as zero. */
static uint64_t atomic_4b(_Atomic uint32_t *word, unsigned operation, struct operands operands)
{
	uint32_t old = word ? atomic_load(word) : 0;

	operands.first[0] = extend((uint32_t)operands.first[0]);
	while (word && !atomic_compare_exchange_weak(word, &old,
			       (uint32_t)operation_result(operation, extend(old), &operands))) {
	}
	return old;
}

static uint64_t atomic_8b(
	_Atomic uint64_t *word, unsigned operation, const struct operands *operands)
{
	uint64_t old = word ? atomic_load(word) : 0;

	while (word && !atomic_compare_exchange_weak(
			       word, &old, operation_result(operation, old, operands))) {
	}
	return old;
}

/* There is one: compare and write. Not atomic against others that write the same 16 bytes. */
static void atomic_16b(struct ugvt_aspace *as, ugvt_gpu_addr addr, const struct operands *operands,
	uint64_t before[2])
{
	addr &= ~UINT64_C(15);
	ugvt_aspace_read(as, addr, before, 2 * sizeof(*before));
	if (before[0] == operands->first[0] && before[1] == operands->first[1]) {
		ugvt_aspace_write(as, addr, operands->second, sizeof(operands->second));
	}
}

static uint64_t gpr_read(const struct ugvt_cs *cs, unsigned i)
{
	return ugvt_u64(
		ugvt_cs_peek(cs, RING_CS_GPR + 8 * i), ugvt_cs_peek(cs, RING_CS_GPR + 8 * i + 4));
}

static void gpr_write(struct ugvt_cs *cs, unsigned i, uint64_t value)
{
	ugvt_cs_poke(cs, RING_CS_GPR + 8 * i, ugvt_lo32(value));
	ugvt_cs_poke(cs, RING_CS_GPR + 8 * i + 4, ugvt_hi32(value));
}

static struct operands operands_read(const struct ugvt_cs *cs)
{
	const uint32_t *dw = cs->dw;

	if (dw[0] & ATOMIC_INLINE) {
		return (struct operands){
			.first = {ugvt_u64(dw[3], dw[5]), ugvt_u64(dw[7], dw[9])},
			.second = {ugvt_u64(dw[4], dw[6]), ugvt_u64(dw[8], dw[10])},
		};
	}
	return (struct operands){
		.first = {gpr_read(cs, 0), gpr_read(cs, 1)},
		.second = {gpr_read(cs, 2), gpr_read(cs, 3)},
	};
}

enum ugvt_cs_step ugvt_cs_do_atomic(struct ugvt_cs *cs)
{
	struct ugvt_aspace *as = ugvt_cs_space(cs, cs->dw[0] & cs->row->global);
	ugvt_gpu_addr addr = ugvt_cs_addr(cs->dw + 1);
	uint32_t code = UGVT_GET(ATOMIC_OPERATION, cs->dw[0]);
	struct operands operands = operands_read(cs);
	uint64_t before[2] = {0};

	if (code & OPERATION_16B) {
		atomic_16b(as, addr, &operands, before);
	} else if (code & OPERATION_8B) {
		before[0] = atomic_8b(ugvt_aspace_atomic(as, addr, 8), code & OPERATION, &operands);
	} else {
		before[0] = atomic_4b(ugvt_aspace_atomic(as, addr, 4), code & OPERATION, operands);
	}
	if (cs->dw[0] & ATOMIC_RETURN) {
		gpr_write(cs, 4, before[0]);
		if (code & OPERATION_16B) {
			gpr_write(cs, 5, before[1]);
		}
	}
	return UGVT_STEP_NEXT;
}
