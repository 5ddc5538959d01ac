/* SPDX-License-Identifier: MIT */
#include "display/display.h"

#include <assert.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/clock.h"
#include "display/internal.h"
#include "gen/hooks_display.h"

#define DE_PORT_AUX_A UGVT_BIT(0)
#define DE_PORT_AUX_B UGVT_BIT(25) // C and D follow
#define SDE_GMBUS UGVT_BIT(17)
#define SDE_PORT_B_HOTPLUG UGVT_BIT(21)

#define SHOTPLUG_B_ENABLE UGVT_BIT(4)
#define SHOTPLUG_B_LONG UGVT_BIT(1)

#define STRAP_PORT_C UGVT_BIT(1)
#define STRAP_PORT_D UGVT_BIT(0)

#define CONF_ENABLE UGVT_BIT(31)
#define CONF_STATE UGVT_BIT(30)

/* How long AUX and GMBUS take until they interrupt: about as long as on hardware. The guest that polls has seen the result by
 * then, which makes the interrupt, and what its handling costs, needless. */
#define LATE_NS (400 * UGVT_NS_PER_US)

static struct ugvt_display *display_from_unit(struct ugvt_reg_unit *unit);

static void interrupt(struct ugvt_display *display, enum ugvt_display_irq irq, uint32_t bits)
{
	if (bits) {
		display->config.host->impl->interrupt(display->config.host, irq, bits);
	}
}

static void pipe_interrupt(struct ugvt_display *display, struct ugvt_pipe *pipe, uint32_t bits)
{
	interrupt(display, (enum ugvt_display_irq)(UGVT_DISPLAY_IRQ_PIPE_A + pipe->index),
		bits & pipe->wanted);
}

static void crc_begin(struct ugvt_display *display, struct ugvt_pipe *pipe)
{
	struct ugvt_pipe_view view;

	ugvt_pipe_crc_look(pipe, &view);
	ugvt_crc_begin(display->crc, &view, ugvt_pipe_crc_begin(pipe));
}

uint64_t ugvt_display_advance(struct ugvt_display *display, struct ugvt_pipe *pipe)
{
	uint64_t now = ugvt_clock_ns();
	uint32_t irqs = ugvt_pipe_advance(pipe, now);

	if (irqs & UGVT_PIPE_IRQ_VBLANK && pipe->crc.on) {
		crc_begin(display, pipe);
	}
	if (irqs & pipe->wanted && pipe->crc.on) {
		ugvt_pipe_interrupted(pipe, now);
	}
	pipe_interrupt(display, pipe, irqs);
	return now;
}

/* Sums what the pipes count, for readers without the lock. */
static void frames_publish(struct ugvt_display *display)
{
	uint64_t frames = 0;

	for (unsigned i = 0; i < UGVT_PIPE_COUNT; i++) {
		frames += display->pipes[i].frames;
	}
	atomic_store_explicit(&display->frames, frames, memory_order_relaxed);
}

void ugvt_display_schedule(struct ugvt_display *display)
{
	uint64_t now = ugvt_clock_ns();
	uint64_t due = display->late_ns;

	frames_publish(display);
	for (unsigned i = 0; i < UGVT_PIPE_COUNT; i++) {
		uint64_t pipe_due = ugvt_pipe_due(&display->pipes[i], now);

		if (pipe_due > 0 && (due == 0 || pipe_due < due)) {
			due = pipe_due;
		}
	}
	if (due != display->timer_ns) {
		display->timer_ns = due;
		ugvt_loop_timer_set(&display->timer, due);
	}
}

static void late_send(struct ugvt_display *display)
{
	uint32_t port = display->late_port, south = display->late_south;

	if (display->late_ns == 0 || ugvt_clock_ns() < display->late_ns) {
		return;
	}
	display->late_ns = 0;
	display->late_port = 0;
	display->late_south = 0;
	interrupt(display, UGVT_DISPLAY_IRQ_PORT, port);
	interrupt(display, UGVT_DISPLAY_IRQ_SOUTH, south);
}

static void late_begin(struct ugvt_display *display, uint32_t port, uint32_t south)
{
	display->late_port |= port;
	display->late_south |= south;
	display->late_ns = ugvt_clock_ns() + LATE_NS;
	ugvt_display_schedule(display);
}

static void late_cancel(struct ugvt_display *display, uint32_t port, uint32_t south)
{
	display->late_port &= ~port;
	display->late_south &= ~south;
	if (display->late_ns > 0 && !display->late_port && !display->late_south) {
		display->late_ns = 0;
		ugvt_display_schedule(display);
	}
}

static void timer_handle_expiry(struct ugvt_loop_timer *timer)
{
	struct ugvt_display *display = ugvt_container_of(timer, struct ugvt_display, timer);

	pthread_mutex_lock(display->config.lock);
	display->timer_ns = 0;
	for (unsigned i = 0; i < UGVT_PIPE_COUNT; i++) {
		ugvt_display_advance(display, &display->pipes[i]);
	}
	late_send(display);
	ugvt_display_schedule(display);
	pthread_mutex_unlock(display->config.lock);
}

static void handle_aux(struct ugvt_display *display, const struct ugvt_reg_access *access)
{
	unsigned channel = access->index;
	bool there = channel == UGVT_MONITOR_PORT && display->plugged;
	uint32_t bit = channel == 0 ? DE_PORT_AUX_A : DE_PORT_AUX_B << (channel - 1);

	late_cancel(display, bit, 0);
	if (ugvt_aux_write(display->config.regs, channel, there ? &display->sink : NULL)) {
		late_begin(display, bit, 0);
	}
}

static void gmbus_interrupt_update(struct ugvt_display *display)
{
	late_cancel(display, 0, SDE_GMBUS);
	if (ugvt_gmbus_interrupt(display->config.regs)) {
		late_begin(display, 0, SDE_GMBUS);
	}
}

static void handle_gmbus(struct ugvt_display *display, const struct ugvt_reg_access *access)
{
	struct ugvt_regfile *regs = display->config.regs;

	if (access->offset == UGVT_GMBUS(1)) {
		ugvt_gmbus_handle_command(&display->gmbus, regs);
	} else if (access->offset == UGVT_GMBUS(3)) {
		ugvt_gmbus_handle_data_write(&display->gmbus, regs);
	}
	gmbus_interrupt_update(display);
}

static uint32_t gmbus_read(struct ugvt_display *display)
{
	uint32_t data = ugvt_gmbus_handle_data_read(&display->gmbus, display->config.regs);

	gmbus_interrupt_update(display);
	return data;
}

static void handle_pipe_conf(struct ugvt_display *display, const struct ugvt_reg_access *access)
{
	bool on = access->value & CONF_ENABLE;
	uint64_t now;

	ugvt_regfile_update(display->config.regs, access->offset, CONF_STATE, on ? CONF_STATE : 0);
	if (access->index < UGVT_PIPE_COUNT && access->offset == UGVT_PIPECONF(access->index)) {
		now = ugvt_display_advance(display, &display->pipes[access->index]);
		ugvt_pipe_enable(&display->pipes[access->index], on, now);
		ugvt_display_schedule(display);
	}
}

static void crc_handle_done(struct ugvt_crc_host *host, unsigned pipe, uint32_t job, uint32_t value)
{
	struct ugvt_display *display = ugvt_container_of(host, struct ugvt_display, crc_host);

	pthread_mutex_lock(display->config.lock);
	ugvt_pipe_crc_done(&display->pipes[pipe], job, value);
	ugvt_display_advance(display, &display->pipes[pipe]);
	ugvt_display_schedule(display);
	pthread_mutex_unlock(display->config.lock);
}

static const struct ugvt_crc_host_impl crc_host_impl = {.done = crc_handle_done};

/* Without the thread there are no CRCs, as for a guest whose pipe is off. */
static void handle_crc(struct ugvt_display *display, struct ugvt_pipe *pipe)
{
	ugvt_display_advance(display, pipe);
	if (!display->crc) {
		display->crc = ugvt_crc_create(
			&display->crc_host, display->config.memory, display->config.ggtt);
	}
	if (display->crc) {
		ugvt_pipe_crc_enable(pipe);
	} else {
		ugvt_error("no thread for the CRCs of pipes");
	}
	ugvt_display_schedule(display);
}

static void handle_link(struct ugvt_display *display, struct ugvt_pipe *pipe)
{
	uint64_t now = ugvt_display_advance(display, pipe);

	ugvt_pipe_retime(pipe, now);
	ugvt_display_schedule(display);
}

void ugvt_display_arm_plane(struct ugvt_display *display, unsigned pipe, unsigned plane)
{
	uint64_t now = ugvt_display_advance(display, &display->pipes[pipe]);
	uint32_t irqs = ugvt_pipe_arm_plane(&display->pipes[pipe], plane, now);

	pipe_interrupt(display, &display->pipes[pipe], irqs);
	ugvt_display_schedule(display);
}

/* Vblanks that have come before the write don't take its value over. */
static uint64_t advance_before(
	struct ugvt_display *display, struct ugvt_pipe *pipe, const struct ugvt_reg_access *access)
{
	uint64_t now;

	ugvt_regfile_poke(display->config.regs, access->offset, access->old);
	now = ugvt_display_advance(display, pipe);
	ugvt_regfile_poke(display->config.regs, access->offset, access->value);
	return now;
}

static void handle_armed(struct ugvt_display *display, const struct ugvt_reg_access *access)
{
	struct ugvt_pipe *pipe = &display->pipes[access->index];
	uint64_t now = advance_before(display, pipe, access);

	switch ((enum ugvt_display_hook)access->row->hook) {
	case UGVT_DISPLAY_HOOK_CURSOR_BASE: ugvt_pipe_arm_cursor(pipe, now); break;
	case UGVT_DISPLAY_HOOK_PALETTE: ugvt_pipe_palette_write(pipe, access->value); break;
	case UGVT_DISPLAY_HOOK_CSC: ugvt_pipe_arm_csc(pipe, now); break;
	case UGVT_DISPLAY_HOOK_SCALER_1: ugvt_pipe_arm_scaler(pipe, 0, now); break;
	case UGVT_DISPLAY_HOOK_SCALER_2: ugvt_pipe_arm_scaler(pipe, 1, now); break;
	default: ugvt_pipe_arm_latched(pipe, now); break;
	}
	ugvt_display_schedule(display);
}

static unsigned plane_of(uint32_t offset)
{
	return (offset >> 8 & 0xf) - 1;
}

static void handle_dc_state(struct ugvt_display *display, const struct ugvt_reg_access *access)
{
	for (unsigned i = 0; i < UGVT_PIPE_COUNT; i++) {
		if (display->pipes[i].on) {
			return;
		}
	}
	ugvt_power_handle_dc_state(display->config.regs, access);
}

static void display_write(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
	struct ugvt_display *display = display_from_unit(unit);
	struct ugvt_regfile *regs = display->config.regs;

	switch ((enum ugvt_display_hook)access->row->hook) {
	case UGVT_DISPLAY_HOOK_DBUF: ugvt_power_handle_dbuf(regs); break;
	case UGVT_DISPLAY_HOOK_POWER_WELL: ugvt_power_handle_well(regs); break;
	case UGVT_DISPLAY_HOOK_PLL: ugvt_power_handle_pll(regs, access); break;
	case UGVT_DISPLAY_HOOK_PANEL_POWER: ugvt_power_handle_panel(regs); break;
	case UGVT_DISPLAY_HOOK_DC_STATE: handle_dc_state(display, access); break;
	case UGVT_DISPLAY_HOOK_DDI_BUF: ugvt_ddi_handle_buffer(regs, access); break;
	case UGVT_DISPLAY_HOOK_DP_TP: ugvt_ddi_handle_transport(regs, access); break;
	case UGVT_DISPLAY_HOOK_AUX: handle_aux(display, access); break;
	case UGVT_DISPLAY_HOOK_GMBUS: handle_gmbus(display, access); break;
	case UGVT_DISPLAY_HOOK_GPIO:
		ugvt_regfile_poke(
			regs, access->offset, ugvt_gpio_write(access->old, access->value));
		break;
	case UGVT_DISPLAY_HOOK_PIPE_CONF: handle_pipe_conf(display, access); break;
	case UGVT_DISPLAY_HOOK_PIPE_CRC: handle_crc(display, &display->pipes[access->index]); break;
	case UGVT_DISPLAY_HOOK_LINK: handle_link(display, &display->pipes[access->index]); break;
	case UGVT_DISPLAY_HOOK_PLANE_SURF:
		ugvt_display_arm_plane(display, access->index, plane_of(access->offset));
		break;
	case UGVT_DISPLAY_HOOK_CURSOR_BASE:
	case UGVT_DISPLAY_HOOK_PALETTE:
	case UGVT_DISPLAY_HOOK_LATCHED:
	case UGVT_DISPLAY_HOOK_CSC:
	case UGVT_DISPLAY_HOOK_SCALER_1:
	case UGVT_DISPLAY_HOOK_SCALER_2: handle_armed(display, access); break;
	default: break;
	}
}

static uint32_t microseconds(uint64_t ns)
{
	return (uint32_t)(ns / UGVT_NS_PER_US);
}

static uint32_t frame_time(struct ugvt_display *display, struct ugvt_pipe *pipe)
{
	uint64_t now = ugvt_display_advance(display, pipe);

	return pipe->on ? microseconds(ugvt_pipe_clock_last_vblank(&pipe->clock, now)) : 0;
}

/* Reading may end a window in which a vblank was held back: the timer must know. */
static uint32_t read_counter(
	struct ugvt_display *display, struct ugvt_pipe *pipe, enum ugvt_display_hook hook)
{
	uint64_t now = ugvt_display_advance(display, pipe);
	uint32_t value;

	if (hook == UGVT_DISPLAY_HOOK_SCANLINE) {
		value = ugvt_pipe_read_scanline(pipe, now);
	} else {
		value = (uint32_t)ugvt_pipe_clock_read_vblanks(&pipe->clock, now);
	}
	ugvt_display_schedule(display);
	return value;
}

static uint32_t plane_live(struct ugvt_display *display, struct ugvt_pipe *pipe, unsigned plane)
{
	ugvt_display_advance(display, pipe);
	return pipe->plane_live[plane].surf;
}

static uint32_t cursor_live(struct ugvt_display *display, struct ugvt_pipe *pipe)
{
	ugvt_display_advance(display, pipe);
	return pipe->cursor_live.base;
}

static uint32_t display_read(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access)
{
	struct ugvt_display *display = display_from_unit(unit);
	enum ugvt_display_hook hook = (enum ugvt_display_hook)access->row->hook;
	struct ugvt_pipe *pipe = &display->pipes[access->index];

	switch (hook) {
	case UGVT_DISPLAY_HOOK_TIMESTAMP: return microseconds(ugvt_clock_ns());
	case UGVT_DISPLAY_HOOK_GMBUS: return gmbus_read(display);
	case UGVT_DISPLAY_HOOK_FRAME_TIME: return frame_time(display, pipe);
	case UGVT_DISPLAY_HOOK_SCANLINE:
	case UGVT_DISPLAY_HOOK_FRAME_COUNT: return read_counter(display, pipe, hook);
	case UGVT_DISPLAY_HOOK_PLANE_LIVE:
		return plane_live(display, pipe, plane_of(access->offset));
	case UGVT_DISPLAY_HOOK_CURSOR_LIVE: return cursor_live(display, pipe);
	case UGVT_DISPLAY_HOOK_PALETTE: return ugvt_pipe_palette_read(pipe);
	default: return access->value;
	}
}

static const struct ugvt_reg_unit_impl display_unit_impl = {
	.read = display_read,
	.write = display_write,
};

static struct ugvt_display *display_from_unit(struct ugvt_reg_unit *unit)
{
	assert(unit->impl == &display_unit_impl);
	return ugvt_container_of(unit, struct ugvt_display, unit);
}

/* The line of the port's hotplug detect, live in SDEISR. */
static void plug_show(struct ugvt_display *display, bool in)
{
	display->plugged = in;
	ugvt_regfile_update(
		display->config.regs, UGVT_SDEISR, SDE_PORT_B_HOTPLUG, in ? SDE_PORT_B_HOTPLUG : 0);
}

void ugvt_display_plug(struct ugvt_display *display, bool in)
{
	struct ugvt_regfile *regs = display->config.regs;

	if (in == display->plugged) {
		return;
	}
	ugvt_dp_sink_init(&display->sink, display->edid);
	plug_show(display, in);
	if (ugvt_regfile_peek(regs, UGVT_SHOTPLUG_CTL) & SHOTPLUG_B_ENABLE) {
		ugvt_regfile_update(regs, UGVT_SHOTPLUG_CTL, 0, SHOTPLUG_B_LONG);
		interrupt(display, UGVT_DISPLAY_IRQ_SOUTH, SDE_PORT_B_HOTPLUG);
	}
}

void ugvt_display_reset(struct ugvt_display *display)
{
	uint64_t now = ugvt_clock_ns();

	for (unsigned i = 0; i < UGVT_PIPE_COUNT; i++) {
		display->pipes[i].wanted = 0;
		ugvt_pipe_reset(&display->pipes[i], now);
	}
	display->late_ns = 0;
	display->late_port = 0;
	display->late_south = 0;
	ugvt_dp_sink_init(&display->sink, display->edid);
	ugvt_gmbus_init(&display->gmbus);
	if (display->config.desktop) {
		ugvt_regfile_update(
			display->config.regs, UGVT_SFUSE_STRAP, 0, STRAP_PORT_C | STRAP_PORT_D);
	}
	plug_show(display, true);
	ugvt_display_schedule(display);
}

void ugvt_display_pipe_irqs(struct ugvt_display *display, unsigned pipe, uint32_t wanted)
{
	assert(pipe < UGVT_PIPE_COUNT);
	if (display->pipes[pipe].wanted == wanted) {
		return;
	}
	/* What fired before is not the new wish's. */
	ugvt_display_advance(display, &display->pipes[pipe]);
	display->pipes[pipe].wanted = wanted;
	ugvt_display_schedule(display);
}

void ugvt_display_pipe_handled(struct ugvt_display *display, unsigned pipe)
{
	struct ugvt_pipe *of;
	uint64_t frames;
	uint32_t irqs;

	assert(pipe < UGVT_PIPE_COUNT);
	of = &display->pipes[pipe];
	if (of->unhandled_ns == 0) {
		return;
	}
	frames = of->frames;
	irqs = ugvt_pipe_handled(of, ugvt_display_advance(display, of));
	if (of->frames != frames && of->crc.on) {
		crc_begin(display, of);
	}
	pipe_interrupt(display, of, irqs);
	ugvt_display_schedule(display);
}

uint64_t ugvt_display_frames(const struct ugvt_display *display)
{
	return atomic_load_explicit(&display->frames, memory_order_relaxed);
}

struct ugvt_display *ugvt_display_create(const struct ugvt_display_config *config)
{
	struct ugvt_display *display = calloc(1, sizeof(*display));

	if (!display) {
		return NULL;
	}
	display->unit.impl = &display_unit_impl;
	display->crc_host.impl = &crc_host_impl;
	display->config = *config;
	display->timer.handle_expiry = timer_handle_expiry;
	for (unsigned i = 0; i < UGVT_PIPE_COUNT; i++) {
		display->pipes[i].regs = config->regs;
		display->pipes[i].index = i;
	}
	if (!ugvt_edid_build(display->edid, config->width, config->height) ||
		ugvt_loop_timer_add(config->loop, &display->timer) < 0) {
		free(display);
		return NULL;
	}
	config->regs->units[UGVT_UNIT_DISPLAY] = &display->unit;
	ugvt_display_reset(display);
	return display;
}

void ugvt_display_destroy(struct ugvt_display *display)
{
	if (!display) {
		return;
	}
	ugvt_crc_destroy(display->crc);
	display->config.regs->units[UGVT_UNIT_DISPLAY] = NULL;
	ugvt_loop_timer_remove(display->config.loop, &display->timer);
	free(display);
}
