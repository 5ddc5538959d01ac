/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_INTERNAL_H
#define UGVT_DISPLAY_INTERNAL_H

#include <stdatomic.h>

#include "base/log.h"
#include "display/aux.h"
#include "display/crc.h"
#include "display/display.h"
#include "display/dp_sink.h"
#include "display/gmbus.h"
#include "display/pipe.h"

/* What the files of display/ share. */

#define UGVT_MONITOR_PORT 1 // port B, on AUX channel B

struct ugvt_display {
	struct ugvt_reg_unit unit;
	struct ugvt_display_config config;
	struct ugvt_pipe pipes[UGVT_PIPE_COUNT];
	struct ugvt_dp_sink sink;
	struct ugvt_gmbus gmbus;
	struct ugvt_crc_host crc_host;
	struct ugvt_crc *crc; // NULL until a pipe wants it
	bool plugged;
	uint8_t edid[UGVT_EDID_SIZE];
	_Atomic uint64_t frames;
	struct ugvt_log_limit guest_errors;

	struct ugvt_loop_timer timer; // the next vblank that matters, or the interrupts below
	uint64_t timer_ns;            // what it is set to, 0: off
	uint64_t late_ns;             // when the interrupts below are to be sent, 0: none
	uint32_t late_port;           // of UGVT_DISPLAY_IRQ_PORT
	uint32_t late_south;          // of UGVT_DISPLAY_IRQ_SOUTH
};

/* Power wells, DBUF, PLLs, panel power: what follows at once from a request. */
void ugvt_power_handle_well(struct ugvt_regfile *regs);
void ugvt_power_handle_dbuf(struct ugvt_regfile *regs);
void ugvt_power_handle_pll(struct ugvt_regfile *regs, const struct ugvt_reg_access *access);
void ugvt_power_handle_panel(struct ugvt_regfile *regs);
/* DC_STATE_EN was written, and the display is idle. */
void ugvt_power_handle_dc_state(struct ugvt_regfile *regs, const struct ugvt_reg_access *access);
/* Digital ports: buffers and the transport of DisplayPort. */
void ugvt_ddi_handle_buffer(struct ugvt_regfile *regs, const struct ugvt_reg_access *access);
void ugvt_ddi_handle_transport(struct ugvt_regfile *regs, const struct ugvt_reg_access *access);

/* Brings the pipe up to now, with its interrupts; returns now. */
uint64_t ugvt_display_advance(struct ugvt_display *display, struct ugvt_pipe *pipe);
/* Sets the timer to what is due next. */
void ugvt_display_schedule(struct ugvt_display *display);
/* The hooks of pipes, for ugvt_display_command() too. */
void ugvt_display_arm_plane(struct ugvt_display *display, unsigned pipe, unsigned plane);

#endif
