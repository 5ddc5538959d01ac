/* SPDX-License-Identifier: MIT */
#include "gen/gt.h"

#include "base/bits.h"
#include "vgpu/engine.h"
#include "vgpu/vgpu_state.h"

/* GEN6_GDRST: bit 0 resets everything, the others one engine each (i915 GEN6_GRDOM_*). */
static void gdrst_write(struct ugvt_vgpu *vgpu, uint32_t written)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		if (written & (UGVT_BIT(0) | UGVT_BIT(ugvt_engines[id].reset_bit))) {
			vgpu->reset_engines |= UGVT_BIT(id);
			vgpu->elsp_count[id] = 0;
		}
	}
}

/* i915 waits for the register to read back as zero, which it does when the TLBs are empty. */
static void tlb_write(struct ugvt_vgpu *vgpu, uint32_t offset)
{
	ugvt_regfile_poke(&vgpu->regs, offset, 0);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		ugvt_engine_invalidate_tlb(vgpu->engines[id]);
	}
}

/* RPNSWREQ asks for a ratio in bits 31:23, in units of 16.67 MHz; RPSTAT1 shows the current one in the same bits. It is always granted. */
static void rpnswreq_write(struct ugvt_vgpu *vgpu, uint32_t value)
{
	ugvt_regfile_poke(&vgpu->regs, UGVT_RPSTAT1, value & UGVT_MASK(31, 23));
}

static void forcewake_write(struct ugvt_vgpu *vgpu, uint32_t ack, uint32_t value)
{
	ugvt_regfile_poke(&vgpu->regs, ack, value);
	ugvt_vgpu_rc6_update(vgpu);
}

static void gt_write(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
	struct ugvt_vgpu *vgpu = ugvt_container_of(unit, struct ugvt_vgpu, gt_unit);
	struct ugvt_regfile *regs = &vgpu->regs;

	switch ((enum ugvt_gt_hook)access->row->hook) {
	case UGVT_GT_HOOK_FORCEWAKE_RENDER:
		forcewake_write(vgpu, UGVT_FORCEWAKE_ACK_RENDER, access->value);
		break;
	case UGVT_GT_HOOK_FORCEWAKE_MEDIA:
		forcewake_write(vgpu, UGVT_FORCEWAKE_ACK_MEDIA, access->value);
		break;
	case UGVT_GT_HOOK_FORCEWAKE_GT:
		forcewake_write(vgpu, UGVT_FORCEWAKE_ACK_GT, access->value);
		break;
	case UGVT_GT_HOOK_GDRST: gdrst_write(vgpu, access->written); break;
	case UGVT_GT_HOOK_TLB: tlb_write(vgpu, access->offset); break;
	case UGVT_GT_HOOK_RPNSWREQ: rpnswreq_write(vgpu, access->value); break;
	case UGVT_GT_HOOK_PCODE: ugvt_vgpu_pcode(regs, access->written); break;
	case UGVT_GT_HOOK_RC_CONTROL: ugvt_vgpu_rc6_update(vgpu); break;
	case UGVT_GT_HOOK_RC6_COUNTER: break;
	}
}

/* Only one register of this unit answers reads. */
static uint32_t gt_read(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
	(void)access;
	return ugvt_vgpu_rc6_counter(ugvt_container_of(unit, struct ugvt_vgpu, gt_unit));
}

static const struct ugvt_reg_unit_impl gt_impl = {
	.read = gt_read,
	.write = gt_write,
};

void ugvt_vgpu_gt_init(struct ugvt_vgpu *vgpu)
{
	vgpu->gt_unit.impl = &gt_impl;
	vgpu->regs.units[UGVT_UNIT_GT] = &vgpu->gt_unit;
}

/* Nothing of a slice is ever without power: intel_gt_regs.h GEN9_SLICE_PGCTL_ACK (the slice in bit 0, its subslices in every other
 * bit from 2 on), GEN9_SS01_EU_PGCTL_ACK (a byte for each subslice, with every other bit for two EUs). */
static void power_reset(struct ugvt_vgpu *vgpu)
{
	const struct ugvt_device_info *device = vgpu->config.device;

	for (unsigned slice = 0; slice < device->slices; slice++) {
		uint32_t subslices = 0, eus[2] = {0};

		for (unsigned i = 0; i < device->subslices; i++) {
			subslices |= UGVT_BIT(2 + 2 * i);
			eus[i / 2] |= 0x55u << (8 * (i % 2));
		}
		ugvt_regfile_poke(
			&vgpu->regs, UGVT_GEN9_SLICE_PGCTL_ACK + 4 * slice, 1 | subslices);
		ugvt_regfile_poke(&vgpu->regs, UGVT_GEN9_SS01_EU_PGCTL_ACK + 8 * slice, eus[0]);
		ugvt_regfile_poke(&vgpu->regs, UGVT_GEN9_SS01_EU_PGCTL_ACK + 8 * slice + 4, eus[1]);
	}
}

/* Fuses: i915_reg.h GEN8_FUSE2 (slices enabled in 27:25, subslices disabled in 23:20), EU_DISABLE (eight bits per
 * subslice of the slice). */
void ugvt_vgpu_gt_reset(struct ugvt_vgpu *vgpu)
{
	const struct ugvt_device_info *device = vgpu->config.device;
	uint32_t slices = UGVT_BIT(device->slices) - 1;
	uint32_t no_subslices = 0xf & ~(UGVT_BIT(device->subslices) - 1);
	uint32_t no_eus = ~((UGVT_BIT(device->subslices * 8) - 1));

	ugvt_regfile_poke(&vgpu->regs, UGVT_GEN8_FUSE2, slices << 25 | no_subslices << 20);
	for (unsigned slice = 0; slice < 3; slice++) {
		ugvt_regfile_poke(&vgpu->regs, UGVT_GEN9_EU_DISABLE + 4 * slice,
			slice < device->slices ? no_eus : 0xffffffff);
	}
	power_reset(vgpu);
	ugvt_vgpu_rc6_update(vgpu);
}
