/* SPDX-License-Identifier: MIT */
#include "gen/pvinfo.h"

#include "base/bits.h"
#include "vgpu/vgpu_state.h"

/* Notices about page tables and contexts are not needed: tables are walked at each use, so a guest that never sends a
 * destroy notice does no harm. */
static void pvinfo_write(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
	ugvt_debug("g2v notify %u", access->value);
}

static const struct ugvt_reg_unit_impl pvinfo_impl = {
	.write = pvinfo_write,
};

void ugvt_vgpu_pvinfo_init(struct ugvt_vgpu *vgpu)
{
	vgpu->pvinfo_unit.impl = &pvinfo_impl;
	vgpu->regs.units[UGVT_UNIT_PVINFO] = &vgpu->pvinfo_unit;
}

void ugvt_vgpu_pvinfo_reset(struct ugvt_vgpu *vgpu)
{
	struct ugvt_regfile *regs = &vgpu->regs;

	if (vgpu->config.direct) {
		return;
	}
	ugvt_regfile_poke(regs, UGVT_PVINFO_MAGIC, ugvt_lo32(UGVT_PVINFO_MAGIC_VALUE));
	ugvt_regfile_poke(regs, UGVT_PVINFO_MAGIC + 4, ugvt_hi32(UGVT_PVINFO_MAGIC_VALUE));
	ugvt_regfile_poke(regs, UGVT_PVINFO_VERSION, 1);
	ugvt_regfile_poke(regs, UGVT_PVINFO_VGT_ID, 1);
	ugvt_regfile_poke(regs, UGVT_PVINFO_CAPS,
		UGVT_PVINFO_CAP_FULL_PPGTT | UGVT_PVINFO_CAP_HWSP_EMULATION |
			UGVT_PVINFO_CAP_HUGE_GTT);
	/* The vGPU has a GGTT of its own, so its share starts at 0 and is in one piece. */
	ugvt_regfile_poke(regs, UGVT_PVINFO_MAPPABLE_SIZE, (uint32_t)vgpu->config.low_gm);
	ugvt_regfile_poke(regs, UGVT_PVINFO_NONMAPPABLE_BASE, (uint32_t)vgpu->config.low_gm);
	ugvt_regfile_poke(regs, UGVT_PVINFO_NONMAPPABLE_SIZE, (uint32_t)vgpu->config.high_gm);
	ugvt_regfile_poke(regs, UGVT_PVINFO_FENCES, vgpu->config.fences);
}
