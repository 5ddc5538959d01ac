/* SPDX-License-Identifier: MIT */
#include "gpu/cs/cs_state.h"

/* Commands that read and write registers. Formats: Mesa src/intel/genxml/gen9.xml. */

#define REG_OFFSET UGVT_MASK(22, 2)
#define BYTE_WRITE_DISABLE UGVT_MASK(11, 8) // of MI_LOAD_REGISTER_IMM

/* The bits of a register that enabled bytes leave alone. */
static uint32_t disabled_mask(uint32_t disables)
{
	uint32_t mask = 0;

	for (unsigned byte = 0; byte < 4; byte++) {
		if (disables & UGVT_BIT(byte)) {
			mask |= UINT32_C(0xff) << 8 * byte;
		}
	}
	return mask;
}

static void imm_write(struct ugvt_cs *cs, uint32_t offset, uint32_t value, uint32_t keep)
{
	if (keep != 0) {
		value = (ugvt_cs_reg_read(cs, offset) & keep) | (value & ~keep);
	}
	ugvt_cs_reg_write(cs, offset, value);
}

enum ugvt_cs_step ugvt_cs_do_load_imm(struct ugvt_cs *cs)
{
	uint32_t keep = disabled_mask(UGVT_GET(BYTE_WRITE_DISABLE, cs->dw[0]));

	if (keep == UINT32_MAX) {
		return UGVT_STEP_NEXT;
	}
	for (unsigned i = 1; i + 1 < cs->copied; i += 2) {
		imm_write(cs, cs->dw[i] & REG_OFFSET, cs->dw[i + 1], keep);
		cs->budget--;
	}
	return UGVT_STEP_NEXT;
}

enum ugvt_cs_step ugvt_cs_do_load_mem(struct ugvt_cs *cs)
{
	struct ugvt_aspace *as = ugvt_cs_space(cs, cs->dw[0] & cs->row->global);
	uint32_t value = ugvt_aspace_read32(as, ugvt_cs_addr(cs->dw + 2));

	ugvt_cs_reg_write(cs, cs->dw[1] & REG_OFFSET, value);
	return UGVT_STEP_NEXT;
}

enum ugvt_cs_step ugvt_cs_do_load_reg(struct ugvt_cs *cs)
{
	uint32_t value = ugvt_cs_reg_read(cs, cs->dw[1] & REG_OFFSET);

	ugvt_cs_reg_write(cs, cs->dw[2] & REG_OFFSET, value);
	return UGVT_STEP_NEXT;
}

enum ugvt_cs_step ugvt_cs_do_store_reg(struct ugvt_cs *cs)
{
	struct ugvt_aspace *as = ugvt_cs_space(cs, cs->dw[0] & cs->row->global);
	uint32_t value = ugvt_cs_reg_read(cs, cs->dw[1] & REG_OFFSET);

	ugvt_aspace_write32(as, ugvt_cs_addr(cs->dw + 2), value);
	return UGVT_STEP_NEXT;
}
