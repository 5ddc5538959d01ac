/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "display/internal.h"
#include "gen/hooks_display.h"

/* The commands by which an engine speaks to the display: intel_gpu_commands.h, PRM IVB vol 1 part 4, "MI_DISPLAY_FLIP" and
 * "MI_WAIT_FOR_EVENT"; plane numbers as on Skylake (MI_DISPLAY_FLIP_SKL_PLANE_*). */
#define OPCODE UGVT_MASK(28, 23)
#define OPCODE_WAIT_FOR_EVENT 0x03
#define OPCODE_DISPLAY_FLIP 0x14

#define FLIP_PLANE UGVT_MASK(12, 8)
#define FLIP_STRIDE UGVT_MASK(15, 6)
#define FLIP_TILING UGVT_MASK(2, 0)
#define FLIP_TYPE UGVT_MASK(1, 0)
#define FLIP_TYPE_ASYNC 1
#define FLIP_ADDRESS UGVT_MASK(31, 12)

#define PLANE_CTL_TILING UGVT_MASK(12, 10)
#define PLANE_CTL_ASYNC UGVT_BIT(9)

static bool flip_target(uint32_t code, unsigned *pipe, unsigned *plane)
{
	static const struct {
		uint8_t first, plane;
	} codes[] = {{0, 0}, {4, 1}, {7, 2}};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(codes); i++) {
		if (code >= codes[i].first && code < codes[i].first + 3u) {
			*pipe = code - codes[i].first;
			*plane = codes[i].plane;
			return true;
		}
	}
	return false;
}

/* Does what writes to the plane's registers would do. */
static void flip(struct ugvt_display *display, const uint32_t *dw)
{
	struct ugvt_regfile *regs = display->config.regs;
	bool async = UGVT_GET(FLIP_TYPE, dw[2]) == FLIP_TYPE_ASYNC;
	unsigned pipe, plane;
	uint32_t ctl;

	if (!flip_target(UGVT_GET(FLIP_PLANE, dw[0]), &pipe, &plane)) {
		ugvt_guest_log(&display->guest_errors, "MI_DISPLAY_FLIP of unknown plane %u",
			(unsigned)UGVT_GET(FLIP_PLANE, dw[0]));
		return;
	}
	ctl = (uint32_t)UGVT_PUT(PLANE_CTL_TILING, UGVT_GET(FLIP_TILING, dw[1]));
	ugvt_regfile_update(regs, UGVT_PLANE_CTL(pipe, plane), PLANE_CTL_TILING | PLANE_CTL_ASYNC,
		ctl | (async ? PLANE_CTL_ASYNC : 0));
	ugvt_regfile_poke(regs, UGVT_PLANE_STRIDE(pipe, plane), UGVT_GET(FLIP_STRIDE, dw[1]));
	ugvt_regfile_poke(regs, UGVT_PLANE_SURF(pipe, plane), dw[2] & FLIP_ADDRESS);
	ugvt_display_arm_plane(display, pipe, plane);
}

/* Only a flip is waited for. Waits for a line or a vblank would do no more than pace the engine, and can't be told from those
 * that have come since they began. */
static bool events_came(struct ugvt_display *display, uint32_t events)
{
	static const uint32_t flips[UGVT_PIPE_COUNT][2] = {
		{UGVT_BIT(1), UGVT_BIT(2)},
		{UGVT_BIT(9), UGVT_BIT(10)},
		{UGVT_BIT(15), UGVT_BIT(20)},
	};
	bool came = true;

	for (unsigned i = 0; i < UGVT_PIPE_COUNT; i++) {
		struct ugvt_pipe *pipe = &display->pipes[i];

		ugvt_display_advance(display, pipe);
		for (unsigned plane = 0; plane < 2; plane++) {
			came &= !(events & flips[i][plane]) || !pipe->plane_waits[plane];
		}
	}
	ugvt_display_schedule(display);
	return came;
}

bool ugvt_display_command(struct ugvt_display *display, const uint32_t *dw, unsigned n)
{
	switch (n > 0 ? UGVT_GET(OPCODE, dw[0]) : 0) {
	case OPCODE_WAIT_FOR_EVENT: return events_came(display, dw[0]);
	case OPCODE_DISPLAY_FLIP:
		if (n >= 3) {
			flip(display, dw);
		}
		return true;
	default: return true;
	}
}
