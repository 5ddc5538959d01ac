/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "base/clock.h"
#include "gen/gt.h"
#include "vgpu/engine.h"
#include "vgpu/vgpu_state.h"

/*
 * RC6, the GT's sleep: it is in it while the guest allows it, nobody holds it awake, and no engine has work. Nothing ticks:
 * the residency is brought up to date whenever somebody looks or what it depends on changes. Bits: intel_gt_regs.h,
 * GEN6_RC_CTL_*, RC_SW_TARGET_STATE.
 */

#define RC_CTL_HW_ENABLE UGVT_BIT(31)
#define RC_CTL_RC6_ENABLE UGVT_BIT(18)
#define RC_STATE_TARGET UGVT_MASK(18, 16)
#define RC_STATE_TARGET_RC6 4
#define COUNTER_NS 1280 // a tick

/* The hardware goes there by itself when it is enabled, or because it is told to. */
static bool is_allowed(const struct ugvt_regfile *regs)
{
	uint32_t control = ugvt_regfile_peek(regs, UGVT_RC_CONTROL);
	uint32_t target = UGVT_GET(RC_STATE_TARGET, ugvt_regfile_peek(regs, UGVT_RC_STATE));

	return (control & RC_CTL_RC6_ENABLE) &&
	       ((control & RC_CTL_HW_ENABLE) || target == RC_STATE_TARGET_RC6) &&
	       ugvt_regfile_peek(regs, UGVT_FORCEWAKE_ACK_RENDER) == 0 &&
	       ugvt_regfile_peek(regs, UGVT_FORCEWAKE_ACK_MEDIA) == 0 &&
	       ugvt_regfile_peek(regs, UGVT_FORCEWAKE_ACK_GT) == 0;
}

/* Engines that are at work at the same time count twice: an interval can't be over-slept. */
static uint64_t engines_awake_ns(const struct ugvt_vgpu *vgpu, uint64_t now)
{
	uint64_t ns = 0;

	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		ns += ugvt_engine_awake_ns(vgpu->engines[id], now);
	}
	return ns;
}

void ugvt_vgpu_rc6_update(struct ugvt_vgpu *vgpu)
{
	struct ugvt_rc6 *rc6 = &vgpu->rc6;
	uint64_t now = ugvt_clock_ns(), awake = engines_awake_ns(vgpu, now);
	uint64_t passed = now - rc6->at_ns, busy = awake - rc6->awake_ns;

	if (rc6->allowed && passed > busy) {
		rc6->residency_ns += passed - busy;
	}
	rc6->at_ns = now;
	rc6->awake_ns = awake;
	rc6->allowed = is_allowed(&vgpu->regs);
}

uint32_t ugvt_vgpu_rc6_counter(struct ugvt_vgpu *vgpu)
{
	ugvt_vgpu_rc6_update(vgpu);
	return (uint32_t)(vgpu->rc6.residency_ns / COUNTER_NS);
}
