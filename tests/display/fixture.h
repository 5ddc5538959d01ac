/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_DISPLAY_FIXTURE_H
#define UGVT_TESTS_DISPLAY_FIXTURE_H

#include <stdint.h>

#include "display/display.h"

#define FIXTURE_WIDTH 1024
#define FIXTURE_HEIGHT 768
#define FIXTURE_MEMORY (1u << 20) // guest memory from address 0; the GGTT's first pages are these

/* A display on registers, memory and a loop of its own, and with a clock that stands still. */
struct fixture {
	struct ugvt_display_host host;
	struct ugvt_regfile regs;
	struct ugvt_guest_memory *memory;
	struct ugvt_ggtt ggtt;
	struct ugvt_loop *loop;
	pthread_mutex_t lock;
	struct ugvt_display *display;
	unsigned char *ram;
	bool slow;                     // the guest does not handle interrupts at once
	_Atomic unsigned irq_count[5]; // by enum ugvt_display_irq
	_Atomic uint32_t irq_bits[5];  // or'ed
};

struct fixture *fixture_create(void);
void fixture_destroy(struct fixture *fixture);

uint32_t fixture_read(struct fixture *fixture, uint32_t offset);
void fixture_write(struct fixture *fixture, uint32_t offset, uint32_t value);
/* Forgets the interrupts so far. */
void fixture_irq_clear(struct fixture *fixture);

/* Lets the clock run to at_ns and the loop do what is due then. */
void fixture_run_to(struct fixture *fixture, uint64_t at_ns);
uint64_t fixture_now(void);

/* Programs pipe A for the 60 Hz mode of the size over DisplayPort on port B, as i915 does, and turns it on now. */
void fixture_pipe_on(struct fixture *fixture, unsigned width, unsigned height);

#endif
