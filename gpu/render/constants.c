/* SPDX-License-Identifier: MIT */
#include "gpu/render/constants.h"

#include "base/bits.h"

enum {
	RANGES = 4,
	LENGTHS_DWORD = 1,  // two to a dword
	POINTERS_DWORD = 3, // two dwords each
};

void ugvt_constants_read(struct ugvt_constants *constants, const struct ugvt_state *state,
	enum ugvt_state_id id, struct ugvt_aspace *as)
{
	constants->registers = 0;
	for (unsigned i = 0; i < RANGES; i++) {
		uint32_t lengths = ugvt_state_dw(state, id, LENGTHS_DWORD + i / 2);
		unsigned length = lengths >> (i % 2 * 16) & 0xffff;
		unsigned pointer = POINTERS_DWORD + 2 * i;
		ugvt_gpu_addr addr = ugvt_u64(ugvt_state_dw(state, id, pointer),
					     ugvt_state_dw(state, id, pointer + 1)) &
				     UGVT_GPU_ADDR_MASK & ~(uint64_t)(UGVT_CONSTANT_BYTES - 1);

		length = UGVT_MIN(length, UGVT_CONSTANT_REGISTERS - constants->registers);
		ugvt_aspace_read(as, addr,
			constants->bytes + constants->registers * UGVT_CONSTANT_BYTES,
			length * UGVT_CONSTANT_BYTES);
		constants->registers += length;
	}
}
