/* SPDX-License-Identifier: MIT */
#include "display/pipe.h"

#include "base/bits.h"
#include "base/clock.h"
#include "display/display.h"
#include "display/pll.h"
#include "gen/hooks_display.h"

#define PLANE_ASYNC_FLIP UGVT_BIT(9)
#define DDI_MODE UGVT_MASK(26, 24)
#define DDI_MODE_HDMI 0
#define DDI_MODE_DVI 1
#define DDI_MODE_DP_SST 2
#define DDI_BPC UGVT_MASK(22, 20)
#define DDI_PORT UGVT_MASK(30, 28)
#define LINK_MN UGVT_MASK(23, 0)
#define CRC_ENABLE UGVT_BIT(31)
#define PATIENCE_NS (2 * UGVT_NS_PER_S)

#define PALETTE_INDEX UGVT_MASK(9, 0)
#define PALETTE_INCREMENT UGVT_BIT(15)

static uint32_t peek(const struct ugvt_pipe *pipe, uint32_t offset)
{
	return ugvt_regfile_peek(pipe->regs, offset);
}

/* Over DisplayPort pixels relate to link symbols as M to N. */
static uint32_t dp_pixel_clock(const struct ugvt_pipe *pipe, uint32_t symbol_khz)
{
	uint64_t m = peek(pipe, UGVT_LINK_M1(pipe->index)) & LINK_MN;
	uint64_t n = peek(pipe, UGVT_LINK_N1(pipe->index)) & LINK_MN;

	return n > 0 ? (uint32_t)UGVT_MIN(m * symbol_khz / n, 2000000) : 0;
}

/* Over HDMI a symbol has 8 bits of a pixel's colour. */
static uint32_t hdmi_pixel_clock(uint32_t ddi, uint32_t symbol_khz)
{
	static const uint32_t bpcs[] = {8, 10, 6, 12, 8, 8, 8, 8};

	return (uint32_t)(symbol_khz * UINT64_C(8) / bpcs[UGVT_GET(DDI_BPC, ddi)]);
}

static uint32_t pixel_clock(const struct ugvt_pipe *pipe)
{
	uint32_t ddi = peek(pipe, UGVT_TRANS_DDI_FUNC_CTL(pipe->index));
	unsigned port = UGVT_GET(DDI_PORT, ddi);

	if (port > 4) {
		return 0;
	}
	switch (UGVT_GET(DDI_MODE, ddi)) {
	case DDI_MODE_HDMI:
	case DDI_MODE_DVI: return hdmi_pixel_clock(ddi, ugvt_pll_symbol_khz(pipe->regs, port));
	case DDI_MODE_DP_SST: return dp_pixel_clock(pipe, ugvt_pll_symbol_khz(pipe->regs, port));
	default: return 0;
	}
}

static struct ugvt_pipe_timing timing_read(const struct ugvt_pipe *pipe)
{
	uint32_t vertical = peek(pipe, UGVT_TRANS_VTOTAL(pipe->index));
	struct ugvt_pipe_timing timing = {
		.clock_khz = pixel_clock(pipe),
		.htotal = (peek(pipe, UGVT_TRANS_HTOTAL(pipe->index)) >> 16 & 0x1fff) + 1,
		.vtotal = (vertical >> 16 & 0x1fff) + 1,
		.vactive = (vertical & 0x1fff) + 1,
	};

	ugvt_pipe_timing_sanitize(&timing);
	return timing;
}

static void plane_latch(struct ugvt_pipe *pipe, unsigned plane, uint64_t at)
{
	uint32_t flips = peek(pipe, UGVT_PIPE_FLIPCOUNT(pipe->index));

	pipe->plane_live[plane] = pipe->plane_armed[plane];
	pipe->plane_waits[plane] = false;
	if (plane == 0) {
		ugvt_regfile_poke(pipe->regs, UGVT_PIPE_FLIPCOUNT(pipe->index), flips + 1);
		ugvt_regfile_poke(pipe->regs, UGVT_PIPE_FLIPTMSTMP(pipe->index),
			(uint32_t)(at / UGVT_NS_PER_US));
	}
}

static bool scalers_latch(struct ugvt_pipe *pipe)
{
	bool changed = false;

	for (unsigned i = 0; i < UGVT_SCALER_COUNT; i++) {
		if (pipe->scaler_waits[i]) {
			pipe->scaler_live[i] = pipe->scaler_armed[i];
			pipe->scaler_waits[i] = false;
			changed = true;
		}
	}
	return changed;
}

static void latched_latch(struct ugvt_pipe *pipe)
{
	pipe->latched = (struct ugvt_pipe_latched){
		.source_size = peek(pipe, UGVT_PIPESRC(pipe->index)),
		.gamma_mode = peek(pipe, UGVT_GAMMA_MODE(pipe->index)),
		.bottom = peek(pipe, UGVT_BOTTOM_COLOR(pipe->index)),
	};
	pipe->latched_waits = false;
}

/* What is not a plane's; true if it changed anything. */
static bool pipe_latch(struct ugvt_pipe *pipe)
{
	bool changed =
		scalers_latch(pipe) | pipe->cursor_waits | pipe->csc_waits | pipe->latched_waits;

	if (pipe->cursor_waits) {
		pipe->cursor_live = pipe->cursor_armed;
		pipe->cursor_waits = false;
	}
	if (pipe->csc_waits) {
		pipe->csc_live = pipe->csc_armed;
		pipe->csc_waits = false;
	}
	if (pipe->latched_waits) {
		latched_latch(pipe);
	}
	return changed;
}

/* All that waits becomes live; returns the planes' flip interrupts. */
static uint32_t latch(struct ugvt_pipe *pipe, uint64_t at)
{
	uint32_t irqs = 0;
	bool changed = pipe_latch(pipe);

	for (unsigned plane = 0; plane < UGVT_PLANE_COUNT; plane++) {
		if (pipe->plane_waits[plane]) {
			plane_latch(pipe, plane, at);
			irqs |= UGVT_PIPE_IRQ_FLIP(plane);
			changed = true;
		}
	}
	pipe->frames += changed && pipe->on;
	return irqs;
}

void ugvt_pipe_reset(struct ugvt_pipe *pipe, uint64_t now)
{
	struct ugvt_pipe_clock clock = pipe->clock;

	ugvt_pipe_clock_stop(&clock, now);
	*pipe = (struct ugvt_pipe){
		.regs = pipe->regs,
		.index = pipe->index,
		.clock = clock,
		.vblanks = clock.count_base,
		.frames = pipe->frames,
		.crc.job = pipe->crc.job + 1,
		.wanted = pipe->wanted,
	};
}

static uint32_t crc_tell(struct ugvt_pipe *pipe)
{
	if (!pipe->crc.there) {
		return 0;
	}
	pipe->crc.there = false;
	ugvt_regfile_poke(pipe->regs, UGVT_PIPE_CRC_RES_1(pipe->index), pipe->crc.value);
	return UGVT_PIPE_IRQ_CRC_DONE;
}

/* The last time that the guest has to handle a vblank. */
static uint64_t patience_end(const struct ugvt_pipe *pipe)
{
	return pipe->unhandled_ns + PATIENCE_NS;
}

uint32_t ugvt_pipe_advance(struct ugvt_pipe *pipe, uint64_t now)
{
	uint64_t vblanks;

	if (pipe->unhandled_ns > 0 && now >= patience_end(pipe)) {
		pipe->unhandled_ns = 0;
	}
	if (pipe->unhandled_ns > 0) {
		ugvt_pipe_clock_limit(&pipe->clock, pipe->vblanks, now);
	} else if (pipe->crc.on) {
		ugvt_pipe_clock_limit(&pipe->clock, pipe->vblanks + !pipe->crc.busy, now);
	}
	vblanks = ugvt_pipe_clock_vblanks(&pipe->clock, now);
	if (!pipe->on || vblanks == pipe->vblanks) {
		return 0;
	}
	pipe->vblanks = vblanks;
	return UGVT_PIPE_IRQ_VBLANK | crc_tell(pipe) |
	       latch(pipe, ugvt_pipe_clock_last_vblank(&pipe->clock, now));
}

static bool waits(const struct ugvt_pipe *pipe)
{
	bool any = pipe->cursor_waits || pipe->csc_waits || pipe->latched_waits;

	for (unsigned i = 0; i < UGVT_SCALER_COUNT; i++) {
		any |= pipe->scaler_waits[i];
	}
	for (unsigned plane = 0; plane < UGVT_PLANE_COUNT; plane++) {
		any |= pipe->plane_waits[plane];
	}
	return any;
}

uint64_t ugvt_pipe_due(struct ugvt_pipe *pipe, uint64_t now)
{
	if (!pipe->on || pipe->crc.busy) {
		return 0;
	}
	if (!pipe->crc.on && !(pipe->wanted & UGVT_PIPE_IRQ_VBLANK) && !waits(pipe)) {
		return 0;
	}
	return pipe->unhandled_ns > 0 ? patience_end(pipe)
				      : ugvt_pipe_clock_next_vblank(&pipe->clock, now);
}

void ugvt_pipe_interrupted(struct ugvt_pipe *pipe, uint64_t now)
{
	pipe->unhandled_ns = now;
}

uint32_t ugvt_pipe_handled(struct ugvt_pipe *pipe, uint64_t now)
{
	pipe->unhandled_ns = 0;
	/* An update that has only begun is not torn apart. */
	if (!pipe->on || ugvt_pipe_clock_is_open(&pipe->clock) || !waits(pipe)) {
		return 0;
	}
	return latch(pipe, ugvt_pipe_clock_last_vblank(&pipe->clock, now));
}

/* What is being computed is of no interest any more. */
static void crc_forget(struct ugvt_pipe *pipe)
{
	pipe->crc.job++;
	pipe->crc.busy = false;
	pipe->crc.there = false;
}

void ugvt_pipe_crc_enable(struct ugvt_pipe *pipe)
{
	pipe->crc.on = peek(pipe, UGVT_PIPE_CRC_CTL(pipe->index)) & CRC_ENABLE;
	crc_forget(pipe);
}

uint32_t ugvt_pipe_crc_begin(struct ugvt_pipe *pipe)
{
	crc_forget(pipe);
	pipe->crc.busy = true;
	return pipe->crc.job;
}

void ugvt_pipe_crc_done(struct ugvt_pipe *pipe, uint32_t job, uint32_t value)
{
	if (pipe->crc.busy && pipe->crc.job == job) {
		pipe->crc.busy = false;
		pipe->crc.there = true;
		pipe->crc.value = value;
	}
}

void ugvt_pipe_enable(struct ugvt_pipe *pipe, bool on, uint64_t now)
{
	struct ugvt_pipe_timing timing = timing_read(pipe);

	if (on == pipe->on) {
		return;
	}
	pipe->on = on;
	pipe->frames++;
	crc_forget(pipe);
	latched_latch(pipe);
	if (on) {
		ugvt_pipe_clock_start(&pipe->clock, &timing, now);
	} else {
		ugvt_pipe_clock_stop(&pipe->clock, now);
		latch(pipe, now);
	}
	pipe->vblanks = ugvt_pipe_clock_vblanks(&pipe->clock, now);
}

void ugvt_pipe_retime(struct ugvt_pipe *pipe, uint64_t now)
{
	struct ugvt_pipe_timing timing = timing_read(pipe);

	if (pipe->on) {
		ugvt_pipe_clock_change(&pipe->clock, &timing, now);
	}
}

/* An asynchronous flip doesn't wait for the vblank, nor does a pipe that is off. */
uint32_t ugvt_pipe_arm_plane(struct ugvt_pipe *pipe, unsigned plane, uint64_t now)
{
	struct ugvt_plane_regs *armed = &pipe->plane_armed[plane];

	*armed = ugvt_plane_regs_read(pipe->regs, pipe->index, plane);
	pipe->plane_waits[plane] = true;
	if (pipe->on && !(armed->ctl & PLANE_ASYNC_FLIP)) {
		ugvt_pipe_clock_write(&pipe->clock, now);
		return 0;
	}
	plane_latch(pipe, plane, now);
	pipe->frames += pipe->on;
	return pipe->on ? UGVT_PIPE_IRQ_FLIP(plane) : 0;
}

/* What follows a write that arms: a pipe that is off has no vblank to wait for. */
static void wait_for_vblank(struct ugvt_pipe *pipe, uint64_t now)
{
	if (pipe->on) {
		ugvt_pipe_clock_write(&pipe->clock, now);
	} else {
		pipe_latch(pipe);
	}
}

void ugvt_pipe_arm_cursor(struct ugvt_pipe *pipe, uint64_t now)
{
	pipe->cursor_armed = ugvt_cursor_regs_read(pipe->regs, pipe->index);
	pipe->cursor_waits = true;
	if (pipe->on) {
		ugvt_pipe_clock_write_cursor(&pipe->clock, now);
	} else {
		pipe_latch(pipe);
	}
}

void ugvt_pipe_arm_scaler(struct ugvt_pipe *pipe, unsigned scaler, uint64_t now)
{
	pipe->scaler_armed[scaler] = ugvt_scaler_regs_read(pipe->regs, pipe->index, scaler);
	pipe->scaler_waits[scaler] = true;
	wait_for_vblank(pipe, now);
}

void ugvt_pipe_arm_csc(struct ugvt_pipe *pipe, uint64_t now)
{
	struct ugvt_csc_regs *csc = &pipe->csc_armed;

	csc->mode = peek(pipe, UGVT_CSC_MODE(pipe->index));
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(csc->coefficients); i++) {
		csc->coefficients[i] = peek(pipe, UGVT_CSC_COEFF(pipe->index, i));
	}
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(csc->before); i++) {
		csc->before[i] = peek(pipe, UGVT_CSC_PREOFF(pipe->index, i));
		csc->after[i] = peek(pipe, UGVT_CSC_POSTOFF(pipe->index, i));
	}
	pipe->csc_waits = true;
	wait_for_vblank(pipe, now);
}

void ugvt_pipe_arm_latched(struct ugvt_pipe *pipe, uint64_t now)
{
	pipe->latched_waits = true;
	wait_for_vblank(pipe, now);
}

/* The entry that an access to the table is for. */
static uint32_t *palette_entry(struct ugvt_pipe *pipe)
{
	uint32_t index = peek(pipe, UGVT_PREC_PAL_INDEX(pipe->index));
	uint32_t *entry = &pipe->precision[UGVT_GET(PALETTE_INDEX, index)];

	if (index & PALETTE_INCREMENT) {
		ugvt_regfile_poke(pipe->regs, UGVT_PREC_PAL_INDEX(pipe->index),
			(index & ~PALETTE_INDEX) | ((index + 1) & PALETTE_INDEX));
	}
	return entry;
}

uint32_t ugvt_pipe_palette_read(struct ugvt_pipe *pipe)
{
	return *palette_entry(pipe);
}

void ugvt_pipe_palette_write(struct ugvt_pipe *pipe, uint32_t value)
{
	*palette_entry(pipe) = value;
}

/* The hardware counts lines from the start of horizontal sync, and so is one behind: it reads vtotal - 1 in the picture's first
 * line (i915, intel_crtc_update_active_timings()). */
uint32_t ugvt_pipe_read_scanline(struct ugvt_pipe *pipe, uint64_t now)
{
	uint32_t line = ugvt_pipe_clock_read_line(&pipe->clock, now);

	if (!pipe->on) {
		return 0;
	}
	return line > 0 ? line - 1 : pipe->clock.timing.vtotal - 1;
}
