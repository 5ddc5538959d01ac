/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gen/hooks_display.h"
#include "tests/display/fixture.h"

#define FRAME_NS (UINT64_C(1184) * 790 * 1000000 / 56000) // of 1024x768
#define CRC_ENABLE 0x80000000
#define SOURCE_PLANE_1 0x00000000
#define SOURCE_PIPE 0x40000000
#define ENABLE_XRGB 0x84000000 // PLANE_CTL

static int setup(void **state)
{
	struct fixture *fixture = fixture_create();

	fixture_pipe_on(fixture, 1024, 768);
	fixture_write(fixture, UGVT_PLANE_STRIDE(0, 0), 1024 * 4 / 64);
	fixture_write(fixture, UGVT_PLANE_SIZE(0, 0), 767 << 16 | 1023);
	fixture_write(fixture, UGVT_PLANE_CTL(0, 0), ENABLE_XRGB);
	fixture_write(fixture, UGVT_PLANE_SURF(0, 0), 0);
	pthread_mutex_lock(&fixture->lock);
	ugvt_display_pipe_irqs(fixture->display, 0, UGVT_PIPE_IRQ_CRC_DONE | UGVT_PIPE_IRQ_VBLANK);
	pthread_mutex_unlock(&fixture->lock);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	fixture_destroy(*state);
	return 0;
}

/* The CRC of the next frame that has one. However long the thread takes, it comes with its vblank. */
static uint32_t crc_next(struct fixture *fixture)
{
	fixture_irq_clear(fixture);
	do {
		fixture_run_to(fixture, fixture_now() + FRAME_NS / 4);
	} while (!(fixture->irq_bits[0] & UGVT_PIPE_IRQ_CRC_DONE));
	return fixture_read(fixture, UGVT_PIPE_CRC_RES_1(0));
}

/* Of a whole frame: what is being computed may have begun before the picture changed. */
static uint32_t crc_of_picture(struct fixture *fixture)
{
	crc_next(fixture);
	return crc_next(fixture);
}

/* No frame is being read while the memory is off. */
static void ram_write(struct fixture *fixture, uint32_t offset, unsigned char value, size_t size)
{
	ugvt_guest_memory_enable(fixture->memory, false);
	memset(fixture->ram + offset, value, size);
	ugvt_guest_memory_enable(fixture->memory, true);
}

static void test_follows_the_picture(void **state)
{
	struct fixture *fixture = *state;
	uint32_t black, other;

	fixture_write(fixture, UGVT_PIPE_CRC_CTL(0), CRC_ENABLE | SOURCE_PIPE);
	black = crc_of_picture(fixture);
	assert_int_equal(crc_next(fixture), black);
	ram_write(fixture, 4 * 1024 * 100 + 4 * 7, 1, 1); // blue of one pixel
	other = crc_of_picture(fixture);
	assert_int_not_equal(other, black);
	ram_write(fixture, 4 * 1024 * 100 + 4 * 7 + 3, 1, 1); // what is no colour
	assert_int_equal(crc_of_picture(fixture), other);
	ram_write(fixture, 0, 0, FIXTURE_MEMORY);
	assert_int_equal(crc_of_picture(fixture), black);
}

struct progress {
	uint32_t frame, crcs;
};

/* Both at once: the thread goes on meanwhile. */
static struct progress progress(struct fixture *fixture)
{
	struct progress progress;

	pthread_mutex_lock(&fixture->lock);
	progress.frame = ugvt_regfile_read(&fixture->regs, UGVT_PIPE_FRMCOUNT(0));
	progress.crcs = fixture->irq_count[0];
	pthread_mutex_unlock(&fixture->lock);
	return progress;
}

/* Each frame has one: the frame counter goes up by one from CRC to CRC. */
static void test_no_frame_without(void **state)
{
	struct fixture *fixture = *state;
	struct progress first, now;

	fixture_write(fixture, UGVT_PIPE_CRC_CTL(0), CRC_ENABLE | SOURCE_PIPE);
	crc_next(fixture);
	first = progress(fixture);
	do {
		fixture_run_to(fixture, fixture_now() + FRAME_NS / 4);
		now = progress(fixture);
		assert_int_equal(now.frame - first.frame, now.crcs - first.crcs);
	} while (now.crcs < first.crcs + 20);
	assert_int_equal(fixture->irq_bits[0], UGVT_PIPE_IRQ_CRC_DONE | UGVT_PIPE_IRQ_VBLANK);
}

static void test_plane_alone(void **state)
{
	struct fixture *fixture = *state;
	uint32_t plane, pipe;

	ram_write(fixture, FIXTURE_MEMORY / 2, 0xff, 64 * 64 * 4);
	fixture_write(fixture, UGVT_PIPE_CRC_CTL(0), CRC_ENABLE | SOURCE_PIPE);
	pipe = crc_of_picture(fixture);
	fixture_write(fixture, UGVT_PIPE_CRC_CTL(0), CRC_ENABLE | SOURCE_PLANE_1);
	plane = crc_of_picture(fixture);
	assert_int_equal(plane, pipe);
	fixture_write(fixture, UGVT_CUR_CTL(0), 0x27); // 64x64 ARGB
	fixture_write(fixture, UGVT_CUR_POS(0), 700 << 16 | 900);
	fixture_write(fixture, UGVT_CUR_BASE(0), FIXTURE_MEMORY / 2);
	assert_int_equal(crc_of_picture(fixture), plane);
	fixture_write(fixture, UGVT_PIPE_CRC_CTL(0), CRC_ENABLE | SOURCE_PIPE);
	assert_int_not_equal(crc_of_picture(fixture), pipe);
}

/* Off, and with the pipe off, nothing comes; and it goes on afterwards. */
static void test_off(void **state)
{
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_PIPE_CRC_CTL(0), CRC_ENABLE | SOURCE_PIPE);
	crc_next(fixture);
	fixture_write(fixture, UGVT_PIPE_CRC_CTL(0), 0);
	fixture_irq_clear(fixture);
	for (unsigned i = 0; i < 5; i++) {
		fixture_run_to(fixture, fixture_now() + FRAME_NS);
	}
	assert_int_equal(fixture->irq_bits[0], UGVT_PIPE_IRQ_VBLANK);
	fixture_write(fixture, UGVT_PIPE_CRC_CTL(0), CRC_ENABLE | SOURCE_PIPE);
	crc_next(fixture);
	fixture_write(fixture, UGVT_PIPECONF(0), 0);
	fixture_irq_clear(fixture);
	fixture_run_to(fixture, fixture_now() + 2 * FRAME_NS);
	assert_int_equal(fixture->irq_bits[0], 0);
	fixture_write(fixture, UGVT_PIPECONF(0), 0x80000000);
	crc_next(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_follows_the_picture, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_frame_without, setup, teardown),
		cmocka_unit_test_setup_teardown(test_plane_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_off, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
