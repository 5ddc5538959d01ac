/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_DISPLAY_H
#define UGVT_DISPLAY_DISPLAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "device/guest_memory.h"
#include "display/scanout.h"
#include "gpu/mem/ggtt.h"
#include "gpu/regs/regfile.h"

/*
 * The display engine: pipes, planes, cursors, transcoders and the one DisplayPort monitor, with its EDID and DPCD behind AUX
 * and GMBUS. It keeps its state in the register file (unit UGVT_UNIT_DISPLAY) and turns it into scanouts.
 *
 * Register hooks run under the device's lock; so does everything here unless a function says otherwise.
 */

#define UGVT_PIPE_COUNT 3

/* The interrupt registers that the display raises bits in (PRM SKL vol 12; i915_reg.h GEN8_DE_*, SDEISR). */
enum ugvt_display_irq {
	UGVT_DISPLAY_IRQ_PIPE_A,
	UGVT_DISPLAY_IRQ_PIPE_B,
	UGVT_DISPLAY_IRQ_PIPE_C,
	UGVT_DISPLAY_IRQ_PORT,
	UGVT_DISPLAY_IRQ_SOUTH,
};

/* Bits of the pipes' interrupt registers (i915_reg.h GEN8_PIPE_VBLANK, GEN8_PIPE_CDCLK_CRC_DONE, GEN9_PIPE_PLANE_FLIP_DONE). */
#define UGVT_PIPE_IRQ_VBLANK UINT32_C(1)
#define UGVT_PIPE_IRQ_CRC_DONE (UINT32_C(1) << 28)
#define UGVT_PIPE_IRQ_FLIP(plane) (UINT32_C(8) << (plane))

struct ugvt_display_host {
	const struct ugvt_display_host_impl *impl;
};

struct ugvt_display_host_impl {
	/* Mandatory. The sources bits of irq have fired (an edge). Called with the lock held. */
	void (*interrupt)(struct ugvt_display_host *host, enum ugvt_display_irq irq, uint32_t bits);
};

struct ugvt_display_config {
	struct ugvt_display_host *host;
	struct ugvt_regfile *regs;
	struct ugvt_guest_memory *memory;
	const struct ugvt_ggtt *ggtt;
	struct ugvt_loop *loop; // for timers; the display's handlers take the lock themselves
	pthread_mutex_t *lock;  // the device's
	unsigned width, height; // of the monitor's preferred mode, pixels
	bool desktop;           // the board has ports C and D, too, with nothing plugged in
};

struct ugvt_display;

/* NULL if out of memory or the resolution can't be put into an EDID. What config points to outlives it. Enters itself as
 * regs->units[UGVT_UNIT_DISPLAY]. */
struct ugvt_display *ugvt_display_create(const struct ugvt_display_config *config);
/* Not from another thread than the loop's while the loop runs. NULL is allowed. */
void ugvt_display_destroy(struct ugvt_display *display);
/* As after power-on; the registers themselves have been reset. */
void ugvt_display_reset(struct ugvt_display *display);

/* Plugs the monitor in or out, with the hotplug interrupt that goes with it. It is in after creation and reset. */
void ugvt_display_plug(struct ugvt_display *display, bool in);

/* The bits of a pipe's interrupt register that the guest has unmasked and enabled: the vblank timer runs only while
 * UGVT_PIPE_IRQ_VBLANK or a flip waits. */
void ugvt_display_pipe_irqs(struct ugvt_display *display, unsigned pipe, uint32_t wanted);

/* The guest has handled, or will not handle, the interrupts of a pipe that it got so far. */
void ugvt_display_pipe_handled(struct ugvt_display *display, unsigned pipe);

/* MI_DISPLAY_FLIP and MI_WAIT_FOR_EVENT of the command streamers: dw is the command, n dwords. false: the event has not come
 * yet, ask again later. */
bool ugvt_display_command(struct ugvt_display *display, const uint32_t *dw, unsigned n);

/* What pipe shows now; false if it is off. Takes the lock itself. */
bool ugvt_display_scanout(
	struct ugvt_display *display, unsigned pipe, struct ugvt_scanout *scanout);
/* The composed picture of the first pipe that is on (background, primary plane, cursor), as the monitor shows it; a black one of
 * the monitor's size if none is on. 0, or -ENOMEM. Takes the lock, and opens memory windows, itself; the caller finishes
 * *picture. */
int ugvt_display_capture(struct ugvt_display *display, struct ugvt_picture *picture);

/* Frames shown since creation (flips and vblanks do not count alike: a frame is a change of what is scanned out). Any
 * thread. */
uint64_t ugvt_display_frames(const struct ugvt_display *display);

#endif
