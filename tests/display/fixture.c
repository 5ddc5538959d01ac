/* SPDX-License-Identifier: MIT */
#include "tests/display/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "display/edid.h"
#include "gen/hooks_display.h"

/* The tests are linked so that this stands for ugvt_clock_ns(). Timers are set by it and are long past on the
 * real clock, so that the next step of the loop sees them. */
static _Atomic uint64_t clock_now = UGVT_NS_PER_S;

uint64_t __wrap_ugvt_clock_ns(void);

uint64_t __wrap_ugvt_clock_ns(void)
{
	return clock_now;
}

static void host_interrupt(struct ugvt_display_host *host, enum ugvt_display_irq irq, uint32_t bits)
{
	struct fixture *fixture = ugvt_container_of(host, struct fixture, host);

	assert_int_not_equal(bits, 0);
	fixture->irq_count[irq]++;
	fixture->irq_bits[irq] |= bits;
	if (irq <= UGVT_DISPLAY_IRQ_PIPE_C && !fixture->slow) {
		ugvt_display_pipe_handled(fixture->display, irq);
	}
}

static const struct ugvt_display_host_impl host_impl = {.interrupt = host_interrupt};

static void ggtt_fill(struct ugvt_ggtt *ggtt)
{
	for (uint32_t page = 0; page < FIXTURE_MEMORY / UGVT_PAGE_SIZE; page++) {
		uint64_t entry = (uint64_t)page * UGVT_PAGE_SIZE | 1;

		ugvt_ggtt_write(ggtt, page * 8, &entry, sizeof(entry));
	}
}

struct fixture *fixture_create(void)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct ugvt_guest_range range = {
		.size = FIXTURE_MEMORY, .prot = UGVT_PROT_READ | UGVT_PROT_WRITE};
	struct ugvt_display_config config;

	assert_non_null(fixture);
	fixture->host.impl = &host_impl;
	fixture->ram = calloc(1, FIXTURE_MEMORY);
	assert_non_null(fixture->ram);
	assert_true(ugvt_regfile_init(&fixture->regs, UGVT_SKL));
	assert_true(ugvt_ggtt_init(&fixture->ggtt));
	ggtt_fill(&fixture->ggtt);
	fixture->memory = ugvt_guest_memory_create();
	range.host = fixture->ram;
	assert_int_equal(ugvt_guest_memory_map(fixture->memory, &range), 0);
	fixture->loop = ugvt_loop_create();
	pthread_mutex_init(&fixture->lock, NULL);
	config = (struct ugvt_display_config){
		.host = &fixture->host,
		.regs = &fixture->regs,
		.memory = fixture->memory,
		.ggtt = &fixture->ggtt,
		.loop = fixture->loop,
		.lock = &fixture->lock,
		.width = FIXTURE_WIDTH,
		.height = FIXTURE_HEIGHT,
	};
	fixture->display = ugvt_display_create(&config);
	assert_non_null(fixture->display);
	return fixture;
}

void fixture_destroy(struct fixture *fixture)
{
	ugvt_display_destroy(fixture->display);
	ugvt_loop_destroy(fixture->loop);
	ugvt_guest_memory_destroy(fixture->memory);
	ugvt_ggtt_finish(&fixture->ggtt);
	ugvt_regfile_finish(&fixture->regs);
	pthread_mutex_destroy(&fixture->lock);
	free(fixture->ram);
	free(fixture);
}

uint32_t fixture_read(struct fixture *fixture, uint32_t offset)
{
	uint32_t value;

	pthread_mutex_lock(&fixture->lock);
	value = ugvt_regfile_read(&fixture->regs, offset);
	pthread_mutex_unlock(&fixture->lock);
	return value;
}

void fixture_write(struct fixture *fixture, uint32_t offset, uint32_t value)
{
	pthread_mutex_lock(&fixture->lock);
	ugvt_regfile_write(&fixture->regs, offset, value);
	pthread_mutex_unlock(&fixture->lock);
}

void fixture_irq_clear(struct fixture *fixture)
{
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(fixture->irq_count); i++) {
		fixture->irq_count[i] = 0;
		fixture->irq_bits[i] = 0;
	}
}

void fixture_run_to(struct fixture *fixture, uint64_t at_ns)
{
	clock_now = at_ns;
	assert_int_equal(ugvt_loop_step(fixture->loop, 0), 0);
}

uint64_t fixture_now(void)
{
	return clock_now;
}

/* 270 MHz symbol clock of DPLL 1; M / N is the pixel clock over it. */
void fixture_pipe_on(struct fixture *fixture, unsigned width, unsigned height)
{
	struct ugvt_mode mode;

	ugvt_mode_cvt_rb(&mode, width, height);
	fixture_write(fixture, UGVT_DPLL_CTRL1, 1u << 6 | 1u << 7);
	fixture_write(fixture, UGVT_DPLL_CTRL2, 1u << 3 | 1u << 4);
	fixture_write(fixture, UGVT_TRANS_DDI_FUNC_CTL(0), 1u << 31 | 1u << 28 | 2u << 24);
	fixture_write(fixture, UGVT_TRANS_HTOTAL(0), (mode.htotal - 1) << 16 | (width - 1));
	fixture_write(fixture, UGVT_TRANS_VTOTAL(0), (mode.vtotal - 1) << 16 | (height - 1));
	fixture_write(fixture, UGVT_LINK_M1(0), mode.clock_khz / 250);
	fixture_write(fixture, UGVT_LINK_N1(0), 270000 / 250);
	fixture_write(fixture, UGVT_PIPESRC(0), (width - 1) << 16 | (height - 1));
	fixture_write(fixture, UGVT_PIPECONF(0), 1u << 31);
}
