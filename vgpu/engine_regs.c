/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gen/hooks_engine.h"
#include "vgpu/engine.h"
#include "vgpu/vgpu_state.h"

/* Side effects of the engines' register blocks. Bits: i915 intel_engine_regs.h. */

#define MI_MODE_STOP_RING UGVT_BIT(8)
#define MI_MODE_IDLE UGVT_BIT(9)
#define RESET_CTL_REQUEST UGVT_BIT(0)
#define RESET_CTL_READY UGVT_BIT(1)

static enum ugvt_engine_id engine_at(uint32_t offset)
{
	unsigned id = 0;

	while (id < UGVT_ENGINE_COUNT - 1 && offset - ugvt_engines[id].base >= 0x1000) {
		id++;
	}
	return (enum ugvt_engine_id)id;
}

/* Four writes, the last starts: element 1's upper and lower half, then element 0's (PRM SKL vol 2c, "ELSP"). */
static void elsp_write(struct ugvt_vgpu *vgpu, enum ugvt_engine_id id, uint32_t value)
{
	uint32_t *elsp = vgpu->elsp[id];
	uint64_t descriptors[2];

	elsp[vgpu->elsp_count[id]++] = value;
	if (vgpu->elsp_count[id] < 4) {
		return;
	}
	vgpu->elsp_count[id] = 0;
	descriptors[1] = ugvt_u64(elsp[1], elsp[0]);
	descriptors[0] = ugvt_u64(elsp[3], elsp[2]);
	/* A context that is not valid is no context. */
	for (unsigned i = 0; i < 2; i++) {
		descriptors[i] = (descriptors[i] & 1) ? descriptors[i] : 0;
	}
	if (descriptors[0] != 0) {
		ugvt_engine_submit(vgpu->engines[id], descriptors);
	}
}

static void engine_write(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
	struct ugvt_vgpu *vgpu = ugvt_container_of(unit, struct ugvt_vgpu, engine_unit);
	enum ugvt_engine_id id = engine_at(access->offset);

	switch (access->row->hook) {
	case UGVT_ENGINE_HOOK_ELSP: elsp_write(vgpu, id, access->written); break;
	case UGVT_ENGINE_HOOK_MI_MODE:
		ugvt_engine_stop_ring(vgpu->engines[id], access->value & MI_MODE_STOP_RING);
		if (access->value & MI_MODE_STOP_RING) {
			vgpu->quiesce_engines |= UGVT_BIT(id);
		}
		break;
	case UGVT_ENGINE_HOOK_RESET_CTL:
		if (access->value & RESET_CTL_REQUEST) {
			vgpu->quiesce_engines |= UGVT_BIT(id);
		}
		break;
	default: break;
	}
}

static uint32_t mi_mode_read(struct ugvt_vgpu *vgpu, enum ugvt_engine_id id, uint32_t value)
{
	bool idle = ugvt_engine_is_idle(vgpu->engines[id]);

	return (value & ~MI_MODE_IDLE) | (idle ? MI_MODE_IDLE : 0);
}

static uint32_t reset_ctl_read(struct ugvt_vgpu *vgpu, enum ugvt_engine_id id, uint32_t value)
{
	bool ready = (value & RESET_CTL_REQUEST) && ugvt_engine_is_still(vgpu->engines[id]);

	return (value & ~RESET_CTL_READY) | (ready ? RESET_CTL_READY : 0);
}

static uint32_t engine_read(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
	struct ugvt_vgpu *vgpu = ugvt_container_of(unit, struct ugvt_vgpu, engine_unit);
	enum ugvt_engine_id id = engine_at(access->offset);

	switch (access->row->hook) {
	case UGVT_ENGINE_HOOK_MI_MODE: return mi_mode_read(vgpu, id, access->value);
	case UGVT_ENGINE_HOOK_RESET_CTL: return reset_ctl_read(vgpu, id, access->value);
	case UGVT_ENGINE_HOOK_EXECLIST_STATUS: {
		uint64_t status = ugvt_engine_execlist_status(vgpu->engines[id]);

		return access->index == 0 ? ugvt_lo32(status) : ugvt_hi32(status);
	}
	case UGVT_ENGINE_HOOK_TIMESTAMP: return ugvt_lo32(ugvt_vgpu_timestamp(vgpu));
	case UGVT_ENGINE_HOOK_TIMESTAMP_UDW: return ugvt_hi32(ugvt_vgpu_timestamp(vgpu));
	default: return access->value;
	}
}

static const struct ugvt_reg_unit_impl engine_impl = {
	.read = engine_read,
	.write = engine_write,
};

void ugvt_vgpu_engine_regs_init(struct ugvt_vgpu *vgpu)
{
	vgpu->engine_unit.impl = &engine_impl;
	vgpu->regs.units[UGVT_UNIT_ENGINE] = &vgpu->engine_unit;
}
