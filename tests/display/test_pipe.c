/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "display/pll.h"
#include "gen/hooks_display.h"
#include "tests/display/fixture.h"

#define FRAME_NS (UINT64_C(1184) * 790 * 1000000 / 56000) // of 1024x768
#define FLIP_DONE 0x8
#define VBLANK 0x1

static int setup(void **state)
{
	*state = fixture_create();
	return 0;
}

static int teardown(void **state)
{
	fixture_destroy(*state);
	return 0;
}

static void want(struct fixture *fixture, uint32_t irqs)
{
	pthread_mutex_lock(&fixture->lock);
	ugvt_display_pipe_irqs(fixture->display, 0, irqs);
	pthread_mutex_unlock(&fixture->lock);
}

static void plane_program(struct fixture *fixture, uint32_t ctl, uint32_t surf)
{
	fixture_write(fixture, UGVT_PLANE_STRIDE(0, 0), 1024 * 4 / 64);
	fixture_write(fixture, UGVT_PLANE_SIZE(0, 0), 767 << 16 | 1023);
	fixture_write(fixture, UGVT_PLANE_CTL(0, 0), ctl);
	fixture_write(fixture, UGVT_PLANE_SURF(0, 0), surf);
}

static void test_state_follows_enable(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(fixture_read(fixture, UGVT_PIPECONF(0)), 0);
	fixture_pipe_on(fixture, 1024, 768);
	assert_int_equal(fixture_read(fixture, UGVT_PIPECONF(0)), 0xc0000000);
	assert_int_equal(fixture_read(fixture, UGVT_PIPECONF(1)), 0);
	fixture_write(fixture, UGVT_PIPECONF(0), 0);
	assert_int_equal(fixture_read(fixture, UGVT_PIPECONF(0)), 0);
	fixture_write(fixture, UGVT_PIPECONF(15), 0x80000000); // the eDP transcoder
	assert_int_equal(fixture_read(fixture, UGVT_PIPECONF(15)), 0xc0000000);
	assert_int_equal(fixture_read(fixture, UGVT_PIPECONF(0)), 0);
}

/* The mode that the registers describe is the one that is counted by. */
static void test_rate(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_scanout scanout;
	uint64_t start;

	assert_false(ugvt_display_scanout(fixture->display, 0, &scanout));
	fixture_pipe_on(fixture, 1024, 768);
	start = fixture_now();
	assert_true(ugvt_display_scanout(fixture->display, 0, &scanout));
	assert_int_equal(scanout.width, 1024);
	assert_int_equal(scanout.height, 768);
	assert_int_equal(scanout.refresh_mhz, 59869);
	assert_int_equal(fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0)), 0);
	assert_int_equal(fixture_read(fixture, UGVT_PIPEDSL(0)), 789);
	fixture_run_to(fixture, start + 100 * FRAME_NS);
	assert_int_equal(fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0)), 100);
	fixture_run_to(fixture, start + 100 * FRAME_NS + FRAME_NS / 2);
	assert_in_range(fixture_read(fixture, UGVT_PIPEDSL(0)), 392, 396);
}

/* Over HDMI the PLL has the pixels' clock: 350 x 24 MHz / (5 * 3 * 2 * 5) = 56 MHz, and more symbols for deep colour. */
static void test_rate_hdmi(void **state)
{
	static const struct {
		uint32_t ddi, refresh;
	} cases[] = {
		{1u << 31 | 1u << 28, 59869}, {1u << 31 | 1u << 28 | 1u << 24, 59869}, // DVI
		{1u << 31 | 1u << 28 | 3u << 20, 39912}, // 12 bits: two thirds
	};
	struct fixture *fixture = *state;
	struct ugvt_scanout scanout;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		fixture_pipe_on(fixture, 1024, 768);
		fixture_write(fixture, UGVT_PIPECONF(0), 0);
		fixture_write(fixture, UGVT_DPLL_CTRL1, 0x21 << 6);
		fixture_write(fixture, UGVT_DPLL_CFGCR1(1), 1u << 31 | 350);
		fixture_write(fixture, UGVT_DPLL_CFGCR2(1), 5 << 8 | 1 << 7 | 1 << 5 | 2 << 2 | 3);
		fixture_write(fixture, UGVT_TRANS_DDI_FUNC_CTL(0), cases[i].ddi);
		fixture_write(fixture, UGVT_PIPECONF(0), 1u << 31);
		assert_true(ugvt_display_scanout(fixture->display, 0, &scanout));
		assert_int_equal(scanout.refresh_mhz, cases[i].refresh);
	}
}

/* Of port C, by PLL 3: 1080p's 148.5 MHz, whose oscillator is not at a multiple of the reference; and what is no clock. */
static void test_pll(void **state)
{
	struct fixture *fixture = *state;
	const struct ugvt_regfile *regs = &fixture->regs;

	fixture_write(fixture, UGVT_DPLL_CTRL2, 3 << 7);
	fixture_write(fixture, UGVT_DPLL_CTRL1, 0x21 << 18);
	fixture_write(fixture, UGVT_DPLL_CFGCR1(3), 1u << 31 | 8192 << 9 | 371);
	fixture_write(fixture, UGVT_DPLL_CFGCR2(3), 3 << 8 | 1 << 7 | 1 << 5 | 1 << 2 | 1);
	assert_int_equal(ugvt_pll_symbol_khz(regs, 2), 148500);
	fixture_write(fixture, UGVT_DPLL_CFGCR2(3), 0 << 8 | 1 << 7 | 1 << 5 | 1 << 2);
	assert_int_equal(ugvt_pll_symbol_khz(regs, 2), 0);
	fixture_write(fixture, UGVT_DPLL_CFGCR2(3), 3 << 2);
	assert_int_equal(ugvt_pll_symbol_khz(regs, 2), 0);
	fixture_write(fixture, UGVT_DPLL_CTRL1, 0x20);
	assert_int_equal(ugvt_pll_symbol_khz(regs, 0), 0);
	fixture_write(fixture, UGVT_DPLL_CTRL1, 1 << 19);
	assert_int_equal(ugvt_pll_symbol_khz(regs, 2), 540000 / 2);
}

/* Half of the clock by the link's ratio: as a driver lowers the refresh rate without turning the pipe off. */
static void test_retime(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_scanout scanout;

	fixture_pipe_on(fixture, 1024, 768);
	fixture_write(fixture, UGVT_LINK_M1(0), 56000 / 250 / 2);
	fixture_write(fixture, UGVT_LINK_N1(0), 270000 / 250);
	assert_true(ugvt_display_scanout(fixture->display, 0, &scanout));
	assert_int_equal(scanout.refresh_mhz, 29934);
}

/* All that tells the time says the same, at every moment of some frames. */
static void test_registers_agree(void **state)
{
	struct fixture *fixture = *state;
	uint32_t count, last_count = 0;
	uint64_t start;

	fixture_pipe_on(fixture, 1024, 768);
	start = fixture_now();
	for (uint64_t at = 0; at < 3 * FRAME_NS; at += 10007) {
		uint32_t line, stamp, lines_since;

		fixture_run_to(fixture, start + at);
		count = fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0));
		line = (fixture_read(fixture, UGVT_PIPEDSL(0)) + 1) % 790;
		stamp = fixture_read(fixture, UGVT_PIPE_FRMTMSTMP(0));
		assert_int_equal(fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0)), count);
		lines_since = (uint32_t)((fixture_read(fixture, UGVT_TIMESTAMP_CTR) - stamp) *
					 UINT64_C(56) / 1184);
		assert_in_range(count, last_count, last_count + 1);
		if (count > 0) { // stamps are rounded down to microseconds
			assert_in_range((line + 2 * 790 + 1 - 768 - lines_since) % 790, 0, 2);
		}
		assert_int_equal(line >= 768 ? count - 1 : count, at / FRAME_NS);
		last_count = count;
	}
}

/* No timer while nobody asks; one interrupt a frame when somebody does. */
static void test_vblank_interrupts(void **state)
{
	struct fixture *fixture = *state;
	uint64_t now;

	fixture_pipe_on(fixture, 1024, 768);
	fixture_run_to(fixture, fixture_now() + 5 * FRAME_NS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 0);
	want(fixture, VBLANK);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 0); // not for those before
	now = fixture_now();
	for (unsigned frame = 1; frame <= 10; frame++) {
		fixture_run_to(fixture, now + frame * FRAME_NS + 1000);
		assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], frame);
		assert_int_equal(fixture->irq_bits[UGVT_DISPLAY_IRQ_PIPE_A], VBLANK);
	}
	fixture_run_to(fixture, now + 50 * FRAME_NS); // late: they are one
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 11);
	want(fixture, 0);
	fixture_run_to(fixture, now + 60 * FRAME_NS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 11);
}

/* A pipe with CRCs, of a guest that takes its time, at its first vblank. */
static void slow_begin(struct fixture *fixture)
{
	fixture_pipe_on(fixture, 1024, 768);
	fixture->slow = true;
	fixture_write(fixture, UGVT_PIPE_CRC_CTL(0), 0x80000000);
	want(fixture, VBLANK);
}

/* However long the thread takes. */
static void vblank_wait(struct fixture *fixture, unsigned count)
{
	while (fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A] < count) {
		fixture_run_to(fixture, fixture_now() + FRAME_NS / 4);
	}
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], count);
}

static void handled(struct fixture *fixture)
{
	pthread_mutex_lock(&fixture->lock);
	ugvt_display_pipe_handled(fixture->display, 0);
	pthread_mutex_unlock(&fixture->lock);
}

/* With CRCs on the next vblank waits until the guest has handled the last, up to two seconds; the counter waits with it. */
static void test_slow_guest(void **state)
{
	struct fixture *fixture = *state;
	uint32_t count;

	slow_begin(fixture);
	vblank_wait(fixture, 1);
	count = fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0));
	fixture_run_to(fixture, fixture_now() + 10 * FRAME_NS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 1);
	assert_int_equal(fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0)), count);
	handled(fixture);
	vblank_wait(fixture, 2);
	assert_int_equal(fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0)), count + 1);
	fixture_run_to(fixture, fixture_now() + 1900 * UGVT_NS_PER_MS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 2);
	fixture_run_to(fixture, fixture_now() + 200 * UGVT_NS_PER_MS);
	vblank_wait(fixture, 3);
	assert_int_equal(fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0)), count + 2);
}

/* As i915 begins and ends an update: line, then counter. */
static uint32_t update_count(struct fixture *fixture)
{
	fixture_read(fixture, UGVT_PIPEDSL(0));
	return fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0));
}

/* What comes before the guest has handled the vblank is shown at once, but not if the guest is within an update. */
static void test_late_write(void **state)
{
	struct fixture *fixture = *state;

	slow_begin(fixture);
	vblank_wait(fixture, 1);
	fixture_write(fixture, UGVT_CUR_BASE(0), 0x3000);
	assert_int_equal(fixture_read(fixture, UGVT_CUR_SURFLIVE(0)), 0);
	handled(fixture);
	assert_int_equal(fixture_read(fixture, UGVT_CUR_SURFLIVE(0)), 0x3000);
	vblank_wait(fixture, 2);
	update_count(fixture);
	fixture_write(fixture, UGVT_CUR_BASE(0), 0x4000);
	handled(fixture);
	assert_int_equal(fixture_read(fixture, UGVT_CUR_SURFLIVE(0)), 0x3000);
	update_count(fixture);
	vblank_wait(fixture, 3);
	assert_int_equal(fixture_read(fixture, UGVT_CUR_SURFLIVE(0)), 0x4000);
}

static void test_no_vblank_when_off(void **state)
{
	struct fixture *fixture = *state;

	want(fixture, VBLANK);
	fixture_run_to(fixture, fixture_now() + UGVT_NS_PER_S);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 0);
	fixture_pipe_on(fixture, 1024, 768);
	fixture_run_to(fixture, fixture_now() + 2 * FRAME_NS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 1);
	fixture_write(fixture, UGVT_PIPECONF(0), 0);
	fixture_run_to(fixture, fixture_now() + UGVT_NS_PER_S);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 1);
}

/* A flip is live at the next vblank, and says so then. */
static void test_flip(void **state)
{
	struct fixture *fixture = *state;
	uint64_t start, frames;
	uint32_t flips;

	fixture_pipe_on(fixture, 1024, 768);
	start = fixture_now();
	want(fixture, FLIP_DONE);
	plane_program(fixture, 0x84000000, 0x10000);
	fixture_run_to(fixture, start + FRAME_NS);
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0x10000);
	fixture_irq_clear(fixture);
	frames = ugvt_display_frames(fixture->display);
	flips = fixture_read(fixture, UGVT_PIPE_FLIPCOUNT(0));
	fixture_write(fixture, UGVT_PLANE_SURF(0, 0), 0x20000);
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0x10000);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 0);
	assert_int_equal(ugvt_display_frames(fixture->display), frames);
	fixture_run_to(fixture, start + 2 * FRAME_NS);
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0x20000);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 1);
	assert_int_equal(fixture->irq_bits[UGVT_DISPLAY_IRQ_PIPE_A], FLIP_DONE);
	assert_int_equal(ugvt_display_frames(fixture->display), frames + 1);
	assert_int_equal(fixture_read(fixture, UGVT_PIPE_FLIPCOUNT(0)), flips + 1);
	assert_int_equal(fixture_read(fixture, UGVT_PIPE_FLIPTMSTMP(0)),
		fixture_read(fixture, UGVT_PIPE_FRMTMSTMP(0)));
}

static void test_async_flip(void **state)
{
	struct fixture *fixture = *state;

	fixture_pipe_on(fixture, 1024, 768);
	want(fixture, FLIP_DONE);
	plane_program(fixture, 0x84000200, 0x30000);
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0x30000);
	assert_int_equal(fixture->irq_bits[UGVT_DISPLAY_IRQ_PIPE_A], FLIP_DONE);
}

/* What is written to a pipe that is off, or is turned off, does not wait. */
static void test_off_is_immediate(void **state)
{
	struct fixture *fixture = *state;

	plane_program(fixture, 0x84000000, 0x10000);
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0x10000);
	fixture_pipe_on(fixture, 1024, 768);
	fixture_write(fixture, UGVT_PLANE_SURF(0, 0), 0x20000);
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0x10000);
	fixture_write(fixture, UGVT_PIPECONF(0), 0);
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0x20000);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 0);
}

/* Registers that come before the arming write are not looked at until it comes. */
static void test_armed_by_surf(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_scanout scanout;
	uint64_t start;

	fixture_pipe_on(fixture, 1024, 768);
	start = fixture_now();
	plane_program(fixture, 0x84000400, 0x10000);
	fixture_run_to(fixture, start + FRAME_NS);
	fixture_write(fixture, UGVT_PLANE_CTL(0, 0), 0);
	fixture_run_to(fixture, start + 2 * FRAME_NS);
	assert_true(ugvt_display_scanout(fixture->display, 0, &scanout));
	assert_true(scanout.primary.on);
	assert_int_equal(scanout.primary.tiling, UGVT_SCANOUT_X);
	assert_int_equal(scanout.primary.stride, 1024 * 4 / 64 * 512);
	assert_int_equal(scanout.primary.fourcc, UGVT_FORMAT_XRGB8888);
	assert_int_equal(scanout.primary.surface, 0x10000);
	assert_int_equal(scanout.primary.width, 1024);
	assert_int_equal(scanout.primary.height, 768);
	fixture_write(fixture, UGVT_PLANE_SURF(0, 0), 0);
	fixture_run_to(fixture, start + 3 * FRAME_NS);
	ugvt_display_scanout(fixture->display, 0, &scanout);
	assert_false(scanout.primary.on);
}

static void test_cursor(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_scanout scanout;
	uint64_t start;

	fixture_pipe_on(fixture, 1024, 768);
	start = fixture_now();
	fixture_write(fixture, UGVT_CUR_CTL(0), 0x27);
	fixture_write(fixture, UGVT_CUR_POS(0), 0x8005u << 16 | 0x8003);
	fixture_write(fixture, UGVT_CUR_BASE(0), 0x5000);
	ugvt_display_scanout(fixture->display, 0, &scanout);
	assert_false(scanout.cursor.on);
	assert_int_equal(fixture_read(fixture, UGVT_CUR_SURFLIVE(0)), 0);
	fixture_run_to(fixture, start + FRAME_NS);
	assert_int_equal(fixture_read(fixture, UGVT_CUR_SURFLIVE(0)), 0x5000);
	ugvt_display_scanout(fixture->display, 0, &scanout);
	assert_true(scanout.cursor.on);
	assert_int_equal(scanout.cursor.x, -3);
	assert_int_equal(scanout.cursor.y, -5);
	assert_int_equal(scanout.cursor.width, 64);
	assert_int_equal(scanout.cursor.height, 64);
	assert_int_equal(scanout.cursor.stride, 256);
}

/* A virtual CPU that is away for 30 ms in the middle of its update still finds it whole. */
static void test_update_is_whole(void **state)
{
	struct fixture *fixture = *state;
	uint64_t vblank;
	uint32_t count;

	fixture_pipe_on(fixture, 1024, 768);
	want(fixture, VBLANK);
	plane_program(fixture, 0x84000000, 0x10000);
	vblank = fixture_now() + FRAME_NS * 768 / 790;
	fixture_run_to(fixture, vblank - 1000);
	count = update_count(fixture);
	fixture_run_to(fixture, vblank + 5 * UGVT_NS_PER_MS);
	plane_program(fixture, 0x84000000, 0x20000);
	fixture_run_to(fixture, vblank + 30 * UGVT_NS_PER_MS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 0);
	assert_int_equal(update_count(fixture), count);
	fixture_run_to(fixture, fixture_now() + 1010);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 1);
	assert_int_equal(fixture_read(fixture, UGVT_PIPE_FRMCOUNT(0)), count + 1);
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0x20000);
}

static void test_flip_command(void **state)
{
	struct fixture *fixture = *state;
	/* Plane 1 of pipe A: a stride of 8 X tiles, synchronous, then asynchronous. */
	const uint32_t flip[] = {0x14u << 23 | 1, 8 << 6 | 1, 0x40000};
	const uint32_t async[] = {0x14u << 23 | 1, 8 << 6 | 1, 0x50001};
	const uint32_t wait[] = {0x03u << 23 | 1 << 1};
	const uint32_t unknown[] = {0x14u << 23 | 31 << 8 | 1, 0, 0};
	struct ugvt_scanout scanout;

	fixture_pipe_on(fixture, 1024, 768);
	plane_program(fixture, 0x84000000, 0x10000);
	fixture_run_to(fixture, fixture_now() + FRAME_NS);
	assert_true(ugvt_display_command(fixture->display, wait, 1));
	assert_true(ugvt_display_command(fixture->display, flip, 3));
	assert_false(ugvt_display_command(fixture->display, wait, 1));
	fixture_run_to(fixture, fixture_now() + FRAME_NS);
	assert_true(ugvt_display_command(fixture->display, wait, 1));
	ugvt_display_scanout(fixture->display, 0, &scanout);
	assert_int_equal(scanout.primary.surface, 0x40000);
	assert_int_equal(scanout.primary.stride, 8 * 512);
	assert_int_equal(scanout.primary.tiling, UGVT_SCANOUT_X);
	assert_true(ugvt_display_command(fixture->display, async, 3));
	assert_true(ugvt_display_command(fixture->display, wait, 1));
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0x50000);
	assert_true(ugvt_display_command(fixture->display, unknown, 3));
	assert_true(ugvt_display_command(fixture->display, flip, 1)); // cut short
	assert_true(ugvt_display_command(fixture->display, flip, 0));
}

static void test_reset(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_scanout scanout;

	fixture_pipe_on(fixture, 1024, 768);
	want(fixture, VBLANK);
	plane_program(fixture, 0x84000000, 0x10000);
	ugvt_regfile_reset(&fixture->regs);
	ugvt_display_reset(fixture->display);
	assert_false(ugvt_display_scanout(fixture->display, 0, &scanout));
	assert_int_equal(fixture_read(fixture, UGVT_SDEISR), 1u << 21);
	fixture_run_to(fixture, fixture_now() + UGVT_NS_PER_S);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PIPE_A], 0);
	assert_int_equal(fixture_read(fixture, UGVT_PLANE_SURFLIVE(0, 0)), 0);
	fixture_pipe_on(fixture, 1024, 768);
	assert_true(ugvt_display_scanout(fixture->display, 0, &scanout));
	assert_false(scanout.primary.on);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_state_follows_enable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rate_hdmi, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pll, setup, teardown),
		cmocka_unit_test_setup_teardown(test_retime, setup, teardown),
		cmocka_unit_test_setup_teardown(test_registers_agree, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vblank_interrupts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slow_guest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late_write, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_vblank_when_off, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flip, setup, teardown),
		cmocka_unit_test_setup_teardown(test_async_flip, setup, teardown),
		cmocka_unit_test_setup_teardown(test_off_is_immediate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_armed_by_surf, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cursor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_update_is_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flip_command, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
