/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_PIPE_CLOCK_H
#define UGVT_DISPLAY_PIPE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Where the beam of a pipe is. Nothing ticks: everything is computed from the time since the pipe was started, so that
 * scanline, frame counter, time stamps and vblank interrupts always agree.
 *
 * A vblank can be held back. Drivers read line and frame counter, write a plane's registers, and read both again to see that no
 * vblank came between; on hardware that takes microseconds, but a virtual CPU may lose its time slice in between. So the first reading
 * opens a window in which the vblank waits for the second one, for some frames' time. Handlers of interrupts on other CPUs, which
 * read the counter, the line and the counter, open and close none. Real time lost so is taken out of the frame. The beam waits where
 * drivers may still begin an update, and readings pair up even if the window ended before the second.
 */

struct ugvt_pipe_timing {
	uint32_t clock_khz;
	uint32_t htotal, vtotal; // pixels, lines
	uint32_t vactive;        // lines before the vblank, less than vtotal
};

struct ugvt_pipe_clock {
	struct ugvt_pipe_timing timing;
	uint64_t epoch_ns;   // of the first line of frame 0
	uint64_t count_base; // of vblanks, at the epoch
	uint64_t first_ns;   // an update's reading of the counter whose second is to come; 0: none
	uint64_t handler_ns; // a handler's; 0: none
	uint64_t read_ns;    // the last of any; 0: none yet
	uint64_t opened_ns;  // the window; 0: closed
	bool written;        // in the window
	bool line_read;      // since the counter was read
	bool mistaken;       // the last window ended without a write or a second reading
};

/* Makes timing one that can be counted with: no zeros, and 10 to 250 frames a second. */
void ugvt_pipe_timing_sanitize(struct ugvt_pipe_timing *timing);
uint32_t ugvt_pipe_timing_refresh_mhz(const struct ugvt_pipe_timing *timing);

/* Starts at the first line of the picture; the count of vblanks goes on. timing must be sane. */
void ugvt_pipe_clock_start(
	struct ugvt_pipe_clock *clock, const struct ugvt_pipe_timing *timing, uint64_t now);
/* Changes the timing of a running clock and keeps line and count. */
void ugvt_pipe_clock_change(
	struct ugvt_pipe_clock *clock, const struct ugvt_pipe_timing *timing, uint64_t now);
/* The count stays, there are no vblanks any more. No-op if not running. */
void ugvt_pipe_clock_stop(struct ugvt_pipe_clock *clock, uint64_t now);

/* Vblanks since ever. */
uint64_t ugvt_pipe_clock_vblanks(struct ugvt_pipe_clock *clock, uint64_t now);
/* No more vblanks than limit, at least those counted when this was called last, have begun by now: time that goes
 * beyond is taken out of the frame, and the beam is a little before the next vblank. To be called before everything else that
 * looks at the clock. No-op if not running. */
void ugvt_pipe_clock_limit(struct ugvt_pipe_clock *clock, uint64_t limit, uint64_t now);
/* The line now, 0 the first one of the picture; 0 if stopped. */
uint32_t ugvt_pipe_clock_line(struct ugvt_pipe_clock *clock, uint64_t now);
/* When the last vblank began; the start if there was none yet. Running clocks only. */
uint64_t ugvt_pipe_clock_last_vblank(struct ugvt_pipe_clock *clock, uint64_t now);
/* When the next vblank will begin, after now; the latest time if it is held. Running clocks only. */
uint64_t ugvt_pipe_clock_next_vblank(struct ugvt_pipe_clock *clock, uint64_t now);

/* The guest reads the frame counter: an update's first reading opens the window, the second closes it. */
uint64_t ugvt_pipe_clock_read_vblanks(struct ugvt_pipe_clock *clock, uint64_t now);
/* The guest reads the line. If it does so once more while the vblank waits and nothing was armed, the vblank may be what it waits
 * for: closes. */
uint32_t ugvt_pipe_clock_read_line(struct ugvt_pipe_clock *clock, uint64_t now);
/* An update has read the counter once, and not yet again. */
bool ugvt_pipe_clock_is_open(const struct ugvt_pipe_clock *clock);
/* The guest writes what takes effect at the vblank. */
void ugvt_pipe_clock_write(struct ugvt_pipe_clock *clock, uint64_t now);
/* So for the cursor, which drivers also move with a look at the line, but none at the counter. */
void ugvt_pipe_clock_write_cursor(struct ugvt_pipe_clock *clock, uint64_t now);

#endif
