/* SPDX-License-Identifier: MIT */
#include "display/pipe_clock.h"

#include "base/bits.h"
#include "base/clock.h"

/* While a virtual CPU may lose its time slice for so long within an update, and the shorter one, less than a frame, after what was taken
 * for an update's beginning and was none. */
#define WINDOW_NS (100 * UGVT_NS_PER_MS)
#define WINDOW_MISTAKEN_NS (15 * UGVT_NS_PER_MS)
/* Before the vblank: drivers wait for it when the beam is nearer than this, and start no update (i915 intel_pipe_update_start():
 * 100 us; 250 us in a debug build). */
#define HOLD_NS (300 * UGVT_NS_PER_US)
/* Two readings of the counter that are further apart don't belong together. */
#define PAIR_NS UGVT_NS_PER_S

#define REFRESH_MIN_MHZ 10000
#define REFRESH_MAX_MHZ 250000
#define REFRESH_DEFAULT_HZ 60

uint32_t ugvt_pipe_timing_refresh_mhz(const struct ugvt_pipe_timing *timing)
{
	uint64_t pixels = (uint64_t)timing->htotal * timing->vtotal;

	return pixels > 0 ? (uint32_t)((uint64_t)timing->clock_khz * 1000000 / pixels) : 0;
}

void ugvt_pipe_timing_sanitize(struct ugvt_pipe_timing *timing)
{
	uint32_t refresh;

	timing->htotal = UGVT_MAX(timing->htotal, 64);
	timing->vtotal = UGVT_MAX(timing->vtotal, 64);
	if (timing->vactive == 0 || timing->vactive >= timing->vtotal) {
		timing->vactive = timing->vtotal - 1;
	}
	refresh = ugvt_pipe_timing_refresh_mhz(timing);
	if (refresh < REFRESH_MIN_MHZ || refresh > REFRESH_MAX_MHZ) {
		timing->clock_khz = timing->htotal * timing->vtotal / 1000 * REFRESH_DEFAULT_HZ;
		timing->clock_khz = UGVT_MAX(timing->clock_khz, REFRESH_DEFAULT_HZ * 4);
	}
}

static uint64_t lines_at(const struct ugvt_pipe_clock *clock, uint64_t now)
{
	unsigned __int128 pixels = now > clock->epoch_ns ? now - clock->epoch_ns : 0;

	pixels = pixels * clock->timing.clock_khz / UGVT_NS_PER_MS;
	return (uint64_t)(pixels / clock->timing.htotal);
}

/* The first nanosecond of a line. */
static uint64_t line_time(const struct ugvt_pipe_clock *clock, uint64_t line)
{
	unsigned __int128 pixels = (unsigned __int128)line * clock->timing.htotal;
	uint32_t khz = clock->timing.clock_khz;

	return clock->epoch_ns + (uint64_t)((pixels * UGVT_NS_PER_MS + khz - 1) / khz);
}

static bool is_running(const struct ugvt_pipe_clock *clock)
{
	return clock->timing.clock_khz > 0;
}

/* Vblanks since the epoch, with no window. */
static uint64_t vblanks_at(const struct ugvt_pipe_clock *clock, uint64_t now)
{
	uint64_t lines = lines_at(clock, now);

	if (lines < clock->timing.vactive) {
		return 0;
	}
	return (lines - clock->timing.vactive) / clock->timing.vtotal + 1;
}

static uint64_t vblank_time(const struct ugvt_pipe_clock *clock, uint64_t n)
{
	return line_time(clock, clock->timing.vactive + n * clock->timing.vtotal);
}

/* Where the window holds the beam: a little before the vblank that it holds back, but not before where it was opened. */
static uint64_t hold_time(const struct ugvt_pipe_clock *clock)
{
	uint64_t vblank = vblank_time(clock, vblanks_at(clock, clock->opened_ns));

	return UGVT_MAX(vblank - HOLD_NS, clock->opened_ns);
}

static uint64_t window_end(const struct ugvt_pipe_clock *clock)
{
	bool short_one = clock->mistaken && !clock->written;

	return clock->opened_ns + (short_one ? WINDOW_MISTAKEN_NS : WINDOW_NS);
}

static bool is_held(const struct ugvt_pipe_clock *clock, uint64_t now)
{
	return clock->opened_ns > 0 && now >= hold_time(clock);
}

/* The beam goes on from where it was held. */
static void window_close(struct ugvt_pipe_clock *clock, uint64_t now)
{
	if (is_held(clock, now)) {
		clock->epoch_ns += now - hold_time(clock);
	}
	clock->opened_ns = 0;
	clock->written = false;
}

/* Closes a window whose time is over, and returns the time that the beam is at. */
static uint64_t beam_time(struct ugvt_pipe_clock *clock, uint64_t now)
{
	uint64_t end = window_end(clock);

	if (clock->opened_ns > 0 && now >= end) {
		clock->mistaken = !clock->written;
		window_close(clock, end);
	}
	return is_held(clock, now) ? hold_time(clock) : now;
}

void ugvt_pipe_clock_start(
	struct ugvt_pipe_clock *clock, const struct ugvt_pipe_timing *timing, uint64_t now)
{
	ugvt_pipe_clock_stop(clock, now);
	clock->timing = *timing;
	clock->epoch_ns = now;
}

void ugvt_pipe_clock_change(
	struct ugvt_pipe_clock *clock, const struct ugvt_pipe_timing *timing, uint64_t now)
{
	uint64_t count = ugvt_pipe_clock_vblanks(clock, now);
	uint32_t line = ugvt_pipe_clock_line(clock, now);

	*clock = (struct ugvt_pipe_clock){.timing = *timing, .epoch_ns = now};
	if (line < timing->vtotal) {
		clock->epoch_ns -= line_time(clock, line) - now;
	}
	clock->count_base = count - vblanks_at(clock, now);
}

void ugvt_pipe_clock_stop(struct ugvt_pipe_clock *clock, uint64_t now)
{
	*clock = (struct ugvt_pipe_clock){.count_base = ugvt_pipe_clock_vblanks(clock, now)};
}

uint64_t ugvt_pipe_clock_vblanks(struct ugvt_pipe_clock *clock, uint64_t now)
{
	if (!is_running(clock)) {
		return clock->count_base;
	}
	return clock->count_base + vblanks_at(clock, beam_time(clock, now));
}

void ugvt_pipe_clock_limit(struct ugvt_pipe_clock *clock, uint64_t limit, uint64_t now)
{
	uint64_t beam;

	if (is_running(clock) && ugvt_pipe_clock_vblanks(clock, now) > limit) {
		/* The count is past it, so no window holds the beam. */
		beam = vblank_time(clock, limit - clock->count_base) - HOLD_NS;
		clock->epoch_ns += now - beam;
	}
}

uint32_t ugvt_pipe_clock_line(struct ugvt_pipe_clock *clock, uint64_t now)
{
	if (!is_running(clock)) {
		return 0;
	}
	return (uint32_t)(lines_at(clock, beam_time(clock, now)) % clock->timing.vtotal);
}

uint64_t ugvt_pipe_clock_last_vblank(struct ugvt_pipe_clock *clock, uint64_t now)
{
	uint64_t n = vblanks_at(clock, beam_time(clock, now));

	return n > 0 ? vblank_time(clock, n - 1) : clock->epoch_ns;
}

uint64_t ugvt_pipe_clock_next_vblank(struct ugvt_pipe_clock *clock, uint64_t now)
{
	uint64_t beam = beam_time(clock, now);
	uint64_t next = vblank_time(clock, vblanks_at(clock, beam));

	return is_held(clock, now) ? window_end(clock) + next - beam : next;
}

static bool is_pending(uint64_t first, uint64_t now)
{
	return first > 0 && now - first < PAIR_NS;
}

static void window_open(struct ugvt_pipe_clock *clock, uint64_t now)
{
	clock->first_ns = now;
	clock->opened_ns = now;
}

/* An update reads the line before each of its two readings; a handler of interrupts only between them. */
static void counter_read(struct ugvt_pipe_clock *clock, uint64_t now)
{
	if (!clock->line_read) {
		clock->handler_ns = now;
	} else if (is_pending(clock->handler_ns, now)) {
		clock->handler_ns = 0;
	} else if (is_pending(clock->first_ns, now)) {
		clock->mistaken &= !clock->written;
		clock->first_ns = 0;
		window_close(clock, now);
	} else {
		window_close(clock, now);
		window_open(clock, now);
	}
	clock->line_read = false;
	clock->read_ns = now;
}

uint64_t ugvt_pipe_clock_read_vblanks(struct ugvt_pipe_clock *clock, uint64_t now)
{
	uint64_t count = ugvt_pipe_clock_vblanks(clock, now);

	if (is_running(clock)) {
		counter_read(clock, now);
	}
	return count;
}

uint32_t ugvt_pipe_clock_read_line(struct ugvt_pipe_clock *clock, uint64_t now)
{
	uint32_t line = ugvt_pipe_clock_line(clock, now);
	bool again = clock->line_read && !is_pending(clock->handler_ns, now);

	if (is_running(clock) && is_held(clock, now) && !clock->written && again) {
		window_close(clock, now);
	}
	clock->line_read = true;
	return line;
}

bool ugvt_pipe_clock_is_open(const struct ugvt_pipe_clock *clock)
{
	return clock->opened_ns > 0;
}

void ugvt_pipe_clock_write(struct ugvt_pipe_clock *clock, uint64_t now)
{
	beam_time(clock, now);
	/* CPUs' readings can interleave so that an update's first one looks like something else. */
	if (clock->opened_ns == 0 && clock->read_ns > 0 && now - clock->read_ns < WINDOW_NS) {
		clock->handler_ns = 0;
		window_open(clock, now);
	}
	clock->written |= clock->opened_ns > 0;
}

void ugvt_pipe_clock_write_cursor(struct ugvt_pipe_clock *clock, uint64_t now)
{
	beam_time(clock, now);
	clock->written |= clock->opened_ns > 0;
	clock->line_read = false;
}
