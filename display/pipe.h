/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_PIPE_H
#define UGVT_DISPLAY_PIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "display/color.h"
#include "display/pipe_clock.h"
#include "display/plane.h"
#include "display/scaler.h"

#define UGVT_PLANE_COUNT 3

/*
 * A pipe: its clock, and its state that is armed (written, to take effect at the next vblank) and live. A plane is armed by a
 * write to its PLANE_SURF, the cursor by one to CUR_BASE, a scaler by PS_WIN_SZ, and the matrix by CSC_MODE; other registers
 * are taken over at each vblank, and tables at once.
 */

/*
 * While a pipe's CRCs are on, a vblank comes only when the CRC of the frame before is there: drivers count on one for
 * each frame. The CRC of a frame is told at its end.
 */
struct ugvt_pipe_crc {
	bool on;
	bool busy;  // the frame's is being computed
	bool there; // the last frame's is
	uint32_t job;
	uint32_t value;
};

/* Registers that need no arming. */
struct ugvt_pipe_latched {
	uint32_t source_size, gamma_mode, bottom;
};

struct ugvt_pipe {
	struct ugvt_regfile *regs;
	unsigned index;
	bool on;
	bool plane_waits[UGVT_PLANE_COUNT]; // armed differs from live
	bool cursor_waits;
	bool scaler_waits[UGVT_SCALER_COUNT];
	bool csc_waits;
	bool latched_waits;
	struct ugvt_plane_regs plane_armed[UGVT_PLANE_COUNT], plane_live[UGVT_PLANE_COUNT];
	struct ugvt_cursor_regs cursor_armed, cursor_live;
	struct ugvt_scaler_regs scaler_armed[UGVT_SCALER_COUNT], scaler_live[UGVT_SCALER_COUNT];
	struct ugvt_csc_regs csc_armed, csc_live;
	struct ugvt_pipe_latched latched;
	uint32_t precision[UGVT_PRECISION_SIZE]; // the table behind PREC_PAL_DATA
	struct ugvt_pipe_clock clock;
	struct ugvt_pipe_crc crc;
	uint64_t vblanks; // that have been handled
	uint64_t frames;  // changes of what is shown
	uint32_t wanted;  // UGVT_PIPE_IRQ_*
	uint64_t
		unhandled_ns; // when the last vblank interrupted the guest, which has not handled it yet; 0: it has
};

/* What a pipe shows, copied. */
struct ugvt_pipe_view {
	bool on;
	unsigned pipe;
	uint32_t width, height; // that planes are laid on, pixels
	uint32_t active_width,
		active_height; // of the monitor's mode: what that is fitted into, if it is
	uint32_t refresh_mhz;
	uint32_t bottom;                                  // BOTTOM_COLOR
	struct ugvt_plane_image planes[UGVT_PLANE_COUNT]; // bottom first
	struct ugvt_plane_image cursor;
	struct ugvt_scaler_fit fit;
	struct ugvt_color_regs color;
};

/* Off; the vblank count goes on. */
void ugvt_pipe_reset(struct ugvt_pipe *pipe, uint64_t now);
/* Handles the vblanks since the last call: what was armed becomes live. Returns the interrupts (UGVT_PIPE_IRQ_*) that fired.
 * To be called before everything below. */
uint32_t ugvt_pipe_advance(struct ugvt_pipe *pipe, uint64_t now);
/* When ugvt_pipe_advance() has something to do, 0: never. */
uint64_t ugvt_pipe_due(struct ugvt_pipe *pipe, uint64_t now);

/* The interrupts of a vblank were sent to the guest, and CRCs are on: the next one waits until it has handled them, or has had time
 * enough. On hardware that takes microseconds, but a virtual CPU may lose its time slice, and drivers take each CRC for that of the frame
 * that the counter says. Without CRCs the time from vblank to vblank matters more. */
void ugvt_pipe_interrupted(struct ugvt_pipe *pipe, uint64_t now);
/* It has. What it wrote before it knew of the vblank belongs to the frame that began then: drivers that read no counter think so.
 * Returns interrupts as ugvt_pipe_advance() does. */
uint32_t ugvt_pipe_handled(struct ugvt_pipe *pipe, uint64_t now);

/* PIPECONF was written, and asks for this; LINK_N1 was written. */
void ugvt_pipe_enable(struct ugvt_pipe *pipe, bool on, uint64_t now);
void ugvt_pipe_retime(struct ugvt_pipe *pipe, uint64_t now);

/* PIPE_CRC_CTL was written. */
void ugvt_pipe_crc_enable(struct ugvt_pipe *pipe);
/* The frame that just began is to have a CRC, told by ugvt_pipe_crc_done(). Returns the job's number. */
uint32_t ugvt_pipe_crc_begin(struct ugvt_pipe *pipe);
/* No-op if job is not the last one begun. */
void ugvt_pipe_crc_done(struct ugvt_pipe *pipe, uint32_t job, uint32_t value);
/* As ugvt_pipe_look(), but only the planes whose CRC is wanted. */
void ugvt_pipe_crc_look(const struct ugvt_pipe *pipe, struct ugvt_pipe_view *view);

/* The write that arms a plane, or the cursor. Returns interrupts as ugvt_pipe_advance() does. */
uint32_t ugvt_pipe_arm_plane(struct ugvt_pipe *pipe, unsigned plane, uint64_t now);
void ugvt_pipe_arm_cursor(struct ugvt_pipe *pipe, uint64_t now);
/* PS_WIN_SZ, CSC_MODE, or a register of struct ugvt_pipe_latched, was written. */
void ugvt_pipe_arm_scaler(struct ugvt_pipe *pipe, unsigned scaler, uint64_t now);
void ugvt_pipe_arm_csc(struct ugvt_pipe *pipe, uint64_t now);
void ugvt_pipe_arm_latched(struct ugvt_pipe *pipe, uint64_t now);

/* PREC_PAL_DATA: the entry that PREC_PAL_INDEX says, which moves on if it is to. */
uint32_t ugvt_pipe_palette_read(struct ugvt_pipe *pipe);
void ugvt_pipe_palette_write(struct ugvt_pipe *pipe, uint32_t value);

uint32_t ugvt_pipe_read_scanline(struct ugvt_pipe *pipe, uint64_t now);

/* Returns false if a plane is on that can't be shown; it is off in *view. */
bool ugvt_pipe_look(const struct ugvt_pipe *pipe, struct ugvt_pipe_view *view);

#endif
