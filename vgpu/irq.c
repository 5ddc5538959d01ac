/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "vgpu/vgpu_state.h"

/*
 * A source sets its bit in IIR unless IMR masks it; IIR and IER together decide whether its group is pending;
 * MASTER_IRQ shows the pending groups and holds the one enable bit. An MSI goes out when "enabled and
 * pending" becomes true (INTx follows it): the guest's handler clears the enable, serves, and sets it again.
 *
 * IIR holds two events of each bit (PRM CHV vol 2e, "IIR", Interrupt_Identity_Bits): when the guest clears a bit that a second event
 * has come for, it goes low and then high again. A handler reads IIR, serves, and clears what it read only then; without
 * the second, what comes in between would be lost.
 */

struct irq_group {
	uint32_t base;
	uint32_t low_master, high_master; // MASTER_IRQ bits of IIR's two halves
};

/* MASTER_IRQ bits: i915_reg.h GEN8_GT_RCS_IRQ .. GEN8_PCU_IRQ. */
static const struct irq_group groups[UGVT_IRQ_GROUP_COUNT] = {
	[UGVT_IRQ_GT0] = {0x44300, UGVT_BIT(0), UGVT_BIT(1)},
	[UGVT_IRQ_GT1] = {0x44310, UGVT_BIT(2), UGVT_BIT(3)},
	[UGVT_IRQ_GT2] = {0x44320, UGVT_BIT(4), UGVT_BIT(5)},
	[UGVT_IRQ_GT3] = {0x44330, UGVT_BIT(6), UGVT_BIT(6)},
	[UGVT_IRQ_PIPE_A] = {0x44400, UGVT_BIT(16), UGVT_BIT(16)},
	[UGVT_IRQ_PIPE_B] = {0x44410, UGVT_BIT(17), UGVT_BIT(17)},
	[UGVT_IRQ_PIPE_C] = {0x44420, UGVT_BIT(18), UGVT_BIT(18)},
	[UGVT_IRQ_PORT] = {0x44440, UGVT_BIT(20), UGVT_BIT(20)},
	[UGVT_IRQ_MISC] = {0x44460, UGVT_BIT(22), UGVT_BIT(22)},
	[UGVT_IRQ_PCU] = {0x444e0, UGVT_BIT(30), UGVT_BIT(30)},
	[UGVT_IRQ_SOUTH] = {0xc4000, UGVT_BIT(23), UGVT_BIT(23)},
};

/* RING_IMR of an engine masks its half of the GT interrupt registers, with the bits where they are there: i915
 * gt/intel_execlists_submission.c, logical_ring_default_irqs(), shifts those of BCS by 16. */
#define RING_IMR 0xa8

static uint32_t group_master_bits(struct ugvt_regfile *regs, const struct irq_group *group)
{
	uint32_t pending = ugvt_regfile_peek(regs, group->base + UGVT_IRQ_IIR) &
			   ugvt_regfile_peek(regs, group->base + UGVT_IRQ_IER);

	return ((pending & 0xffff) ? group->low_master : 0) |
	       ((pending >> 16) ? group->high_master : 0);
}

/* asserted: some enabled source is pending. */
static void line_set(struct ugvt_vgpu *vgpu, bool asserted)
{
	struct ugvt_irq_sink *sink = vgpu->device.sink;

	if (asserted == vgpu->irq_asserted) {
		return;
	}
	vgpu->irq_asserted = asserted;
	if (!sink) {
		return;
	}
	if (vgpu->irq_route == UGVT_IRQ_ROUTE_INTX) {
		sink->impl->intx(sink, asserted);
	} else if (vgpu->irq_route == UGVT_IRQ_ROUTE_MSI && asserted) {
		atomic_fetch_add(&vgpu->counters.interrupts, 1);
		sink->impl->msi(sink, 0);
	}
}

static void master_update(struct ugvt_vgpu *vgpu)
{
	uint32_t enable = ugvt_regfile_peek(&vgpu->regs, UGVT_MASTER_IRQ) & UGVT_MASTER_IRQ_ENABLE;
	uint32_t pending = 0;

	for (unsigned i = 0; i < UGVT_IRQ_GROUP_COUNT; i++) {
		pending |= group_master_bits(&vgpu->regs, &groups[i]);
	}
	ugvt_regfile_poke(&vgpu->regs, UGVT_MASTER_IRQ, enable | pending);
	line_set(vgpu, enable && pending);
}

void ugvt_vgpu_irq_route(struct ugvt_vgpu *vgpu, enum ugvt_irq_route route)
{
	if (route == vgpu->irq_route) {
		return;
	}
	line_set(vgpu, false);
	vgpu->irq_route = route;
	master_update(vgpu);
}

void ugvt_vgpu_irq_raise(struct ugvt_vgpu *vgpu, enum ugvt_irq_group group, uint32_t bits)
{
	uint32_t base = groups[group].base;

	bits &= ~ugvt_regfile_peek(&vgpu->regs, base + UGVT_IRQ_IMR);
	if (bits != 0) {
		vgpu->irq_second[group] |=
			bits & ugvt_regfile_peek(&vgpu->regs, base + UGVT_IRQ_IIR);
		ugvt_regfile_update(&vgpu->regs, base + UGVT_IRQ_IIR, 0, bits);
		master_update(vgpu);
	}
}

void ugvt_vgpu_irq_engine(struct ugvt_vgpu *vgpu, enum ugvt_engine_id engine, uint32_t bits)
{
	const struct ugvt_engine_info *info = &ugvt_engines[engine];
	enum ugvt_irq_group group = (enum ugvt_irq_group)(UGVT_IRQ_GT0 + info->irq_group);

	bits = (bits << info->irq_shift) & ~ugvt_regfile_peek(&vgpu->regs, info->base + RING_IMR);
	if (bits == 0) {
		return;
	}
	pthread_mutex_lock(&vgpu->lock);
	ugvt_vgpu_irq_raise(vgpu, group, bits);
	pthread_mutex_unlock(&vgpu->lock);
}

static void pipe_wanted(struct ugvt_vgpu *vgpu, uint32_t offset)
{
	for (unsigned pipe = 0; pipe < UGVT_PIPE_COUNT; pipe++) {
		uint32_t base = groups[UGVT_IRQ_PIPE_A + pipe].base;

		if (offset == base + UGVT_IRQ_IMR || offset == base + UGVT_IRQ_IER) {
			ugvt_display_pipe_irqs(vgpu->display, pipe,
				ugvt_regfile_peek(&vgpu->regs, base + UGVT_IRQ_IER) &
					~ugvt_regfile_peek(&vgpu->regs, base + UGVT_IRQ_IMR));
		}
	}
}

/* A handler clears what it found in IIR, looks at what the pipe says of its last vblank, and enables interrupts again at its end. */
static void pipes_handled(struct ugvt_vgpu *vgpu)
{
	for (unsigned pipe = 0; pipe < UGVT_PIPE_COUNT; pipe++) {
		uint32_t base = groups[UGVT_IRQ_PIPE_A + pipe].base;

		if (!(ugvt_regfile_peek(&vgpu->regs, base + UGVT_IRQ_IIR) &
			    ugvt_regfile_peek(&vgpu->regs, base + UGVT_IRQ_IER))) {
			ugvt_display_pipe_handled(vgpu->display, pipe);
		}
	}
}

/* Bits of IIR were cleared: the second events of them come now. */
static void second_raise(struct ugvt_vgpu *vgpu, const struct ugvt_reg_access *access)
{
	for (unsigned i = 0; i < UGVT_IRQ_GROUP_COUNT; i++) {
		uint32_t bits = access->written & vgpu->irq_second[i];

		if (access->offset == groups[i].base + UGVT_IRQ_IIR && bits != 0) {
			vgpu->irq_second[i] &= ~bits;
			ugvt_regfile_update(&vgpu->regs, access->offset, 0, bits);
			master_update(vgpu);
		}
	}
}

static void irq_write(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
	struct ugvt_vgpu *vgpu = ugvt_container_of(unit, struct ugvt_vgpu, irq_unit);

	if (access->row->hook == UGVT_IRQ_HOOK_GROUP) {
		pipe_wanted(vgpu, access->offset);
	}
	master_update(vgpu);
	second_raise(vgpu, access);
	if (ugvt_regfile_peek(&vgpu->regs, UGVT_MASTER_IRQ) & UGVT_MASTER_IRQ_ENABLE) {
		pipes_handled(vgpu);
	}
}

static const struct ugvt_reg_unit_impl irq_impl = {
	.write = irq_write,
};

void ugvt_vgpu_irq_init(struct ugvt_vgpu *vgpu)
{
	vgpu->irq_unit.impl = &irq_impl;
	vgpu->regs.units[UGVT_UNIT_IRQ] = &vgpu->irq_unit;
}

void ugvt_vgpu_irq_reset(struct ugvt_vgpu *vgpu)
{
	memset(vgpu->irq_second, 0, sizeof(vgpu->irq_second));
	line_set(vgpu, false);
}
