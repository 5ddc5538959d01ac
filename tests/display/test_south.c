/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "display/edid.h"
#include "display/gmbus.h"
#include "display/internal.h"
#include "gen/hooks_display.h"
#include "tests/display/fixture.h"

/* Power, PLLs, ports, GMBUS: registers that answer by themselves. */

#define GMBUS_NAK 0x400
#define GMBUS_READY 0x800
#define GMBUS_WAIT_PHASE 0x4000
#define GMBUS_ACTIVE 0x200

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

static void test_power_wells(void **state)
{
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_PWR_WELL_CTL(1), 0x20000000); // PG1, by the driver
	assert_int_equal(fixture_read(fixture, UGVT_PWR_WELL_CTL(1)), 0x30000000);
	assert_int_equal(fixture_read(fixture, UGVT_PWR_WELL_CTL(0)), 0x10000000);
	fixture_write(fixture, UGVT_PWR_WELL_CTL(0), 0x20000002); // the same and another, by BIOS
	fixture_write(fixture, UGVT_PWR_WELL_CTL(1), 0);
	assert_int_equal(fixture_read(fixture, UGVT_PWR_WELL_CTL(1)), 0x10000001);
	assert_int_equal(fixture_read(fixture, UGVT_PWR_WELL_CTL(0)), 0x30000003);
	fixture_write(fixture, UGVT_PWR_WELL_CTL(0), 0);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(fixture_read(fixture, UGVT_PWR_WELL_CTL(i)), 0);
	}
	fixture_write(fixture, UGVT_PWR_WELL_CTL(1), 0xffffffff);
	assert_int_equal(fixture_read(fixture, UGVT_PWR_WELL_CTL(1)), 0xffffffff);
}

static void test_requests(void **state)
{
	static const struct {
		uint32_t offset, written, read, other, other_read;
	} cases[] = {
		{UGVT_DBUF_CTL, 0x80000000, 0xc0000000, UGVT_DBUF_CTL, 0xc0000000},
		{UGVT_DBUF_CTL, 0, 0, UGVT_DBUF_CTL, 0},
		{UGVT_LCPLL1_CTL, 0x80000000, 0xc0000000, UGVT_DPLL_STATUS, 0x1},
		{UGVT_LCPLL2_CTL, 0x80000000, 0x80000000, UGVT_DPLL_STATUS, 0x101},
		{UGVT_WRPLL_CTL1, 0x80000000, 0x80000000, UGVT_DPLL_STATUS, 0x10101},
		{UGVT_WRPLL_CTL2, 0x80000000, 0x80000000, UGVT_DPLL_STATUS, 0x1010101},
		{UGVT_LCPLL1_CTL, 0, 0, UGVT_DPLL_STATUS, 0x1010100},
		{UGVT_DDI_BUF_CTL(1), 0x80000002, 0x80000002, UGVT_DDI_BUF_CTL(0), 0x80},
		{UGVT_DDI_BUF_CTL(1), 0, 0x80, UGVT_DDI_BUF_CTL(1), 0x80},
		{UGVT_DP_TP_CTL(1), 0x80000200, 0x80000200, UGVT_DP_TP_STATUS(1), 0x02000000},
		{UGVT_DP_TP_CTL(1), 0x80000300, 0x80000300, UGVT_DP_TP_STATUS(1), 0},
		{UGVT_PP_CONTROL, 0x1, 0x1, UGVT_PP_STATUS, 0x80000008},
		{UGVT_PP_CONTROL, 0x8, 0x8, UGVT_PP_STATUS, 0},
		{0x64838, 0xffffffff, 0, 0x64838, 0},
		{UGVT_SFUSE_STRAP, 0, 0x104, 0x42000, 0x8e000000},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		fixture_write(fixture, cases[i].offset, cases[i].written);
		assert_int_equal(fixture_read(fixture, cases[i].offset), cases[i].read);
		assert_int_equal(fixture_read(fixture, cases[i].other), cases[i].other_read);
	}
}

/* The DMC counts how often the idle display went to sleep. */
static void test_dc_states(void **state)
{
	static const struct {
		uint32_t written, dc5, dc6;
	} cases[] = {{0x1, 1, 0}, {0x2, 1, 0}, {0, 1, 0}, {0x2, 2, 1}, {0x8, 2, 1}, {0xa, 3, 2}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		fixture_write(fixture, UGVT_DC_STATE_EN, cases[i].written);
		assert_int_equal(fixture_read(fixture, UGVT_DC_STATE_EN), cases[i].written);
		assert_int_equal(fixture_read(fixture, UGVT_DMC_DC3_DC5_COUNT), cases[i].dc5);
		assert_int_equal(fixture_read(fixture, UGVT_DMC_DC5_DC6_COUNT), cases[i].dc6);
	}
	fixture_write(fixture, UGVT_DC_STATE_EN, 0);
	fixture_pipe_on(fixture, FIXTURE_WIDTH, FIXTURE_HEIGHT);
	fixture_write(fixture, UGVT_DC_STATE_EN, 0x1);
	assert_int_equal(fixture_read(fixture, UGVT_DMC_DC3_DC5_COUNT), 3);
}

/* No port but B has anything plugged, and eDP was not there at boot. */
static void test_straps(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned port = 0; port < 5; port++) {
		assert_int_equal(fixture_read(fixture, UGVT_DDI_BUF_CTL(port)), 0x80);
	}
	fixture_write(fixture, UGVT_DDI_BUF_CTL(0), 0x80000011); // bit 0 can't be written
	assert_int_equal(fixture_read(fixture, UGVT_DDI_BUF_CTL(0)), 0x80000010);
}

static void gmbus_command(struct fixture *fixture, uint32_t command)
{
	fixture_write(fixture, UGVT_GMBUS(1), command | 1u << 30);
}

static uint32_t gmbus_status(struct fixture *fixture)
{
	return fixture_read(fixture, UGVT_GMBUS(2));
}

static void test_gmbus_nak(void **state)
{
	struct fixture *fixture = *state;

	for (uint32_t pins = 0; pins < 32; pins++) {
		fixture_write(fixture, UGVT_GMBUS(0), pins);
		gmbus_command(fixture, 1u << 25 | 1u << 16 | 0x50 << 1 | 1);
		assert_int_equal(gmbus_status(fixture) & (GMBUS_NAK | GMBUS_ACTIVE), GMBUS_NAK);
		assert_int_equal(fixture_read(fixture, UGVT_GMBUS(3)), 0);
		fixture_write(fixture, UGVT_GMBUS(1), 1u << 31);
		fixture_write(fixture, UGVT_GMBUS(1), 0);
		assert_int_equal(gmbus_status(fixture), GMBUS_READY);
	}
}

/* A monitor on the pins of port B: an indexed read of the whole EDID, as i915 does it. */
static void test_gmbus_edid(void **state)
{
	struct fixture *fixture = *state;
	uint8_t expected[UGVT_EDID_SIZE], edid[UGVT_EDID_SIZE];
	struct ugvt_ddc ddc;

	assert_true(ugvt_edid_build(expected, 1024, 768));
	ugvt_ddc_init(&ddc, expected);
	fixture->display->gmbus.ddc[5] = &ddc;
	fixture_write(fixture, UGVT_GMBUS(0), 5);
	gmbus_command(fixture, 3u << 25 | 128u << 16 | 0x50 << 1 | 1);
	for (unsigned i = 0; i < sizeof(edid); i += 4) {
		uint32_t data;

		assert_int_equal(gmbus_status(fixture), GMBUS_READY | GMBUS_ACTIVE);
		data = fixture_read(fixture, UGVT_GMBUS(3));
		for (unsigned byte = 0; byte < 4; byte++) {
			edid[i + byte] = (uint8_t)(data >> 8 * byte);
		}
	}
	assert_memory_equal(edid, expected, sizeof(edid));
	assert_true(gmbus_status(fixture) & GMBUS_WAIT_PHASE);
	gmbus_command(fixture, 4u << 25);
	assert_int_equal(gmbus_status(fixture), GMBUS_READY);
	fixture->display->gmbus.ddc[5] = NULL;
}

/* The offset written first, without an index; then a read with its own stop; then a write too many. */
static void test_gmbus_write(void **state)
{
	struct fixture *fixture = *state;
	uint8_t expected[UGVT_EDID_SIZE];
	struct ugvt_ddc ddc;

	assert_true(ugvt_edid_build(expected, 1024, 768));
	ugvt_ddc_init(&ddc, expected);
	fixture->display->gmbus.ddc[4] = &ddc;
	fixture_write(fixture, UGVT_GMBUS(0), 4);
	fixture_write(fixture, UGVT_GMBUS(3), 8);
	gmbus_command(fixture, 1u << 25 | 1u << 16 | 0x50 << 1);
	assert_true(gmbus_status(fixture) & GMBUS_WAIT_PHASE);
	gmbus_command(fixture, 5u << 25 | 2u << 16 | 0x50 << 1 | 1);
	assert_int_equal(fixture_read(fixture, UGVT_GMBUS(3)), 0xf654);
	assert_int_equal(gmbus_status(fixture), GMBUS_READY);
	gmbus_command(fixture, 1u << 25 | 5u << 16 | 0x50 << 1);
	assert_true(gmbus_status(fixture) & GMBUS_NAK);
	fixture_write(fixture, UGVT_GMBUS(3), 0); // nobody takes it
	assert_true(gmbus_status(fixture) & GMBUS_NAK);
	fixture->display->gmbus.ddc[4] = NULL;
}

static void test_gmbus_interrupt(void **state)
{
	struct fixture *fixture = *state;

	gmbus_command(fixture, 1u << 25 | 1u << 16 | 0x50 << 1 | 1);
	fixture_write(fixture, UGVT_GMBUS(4), 0x8); // NAK
	fixture_write(fixture, UGVT_GMBUS(4), 0);   // seen by polling
	fixture_run_to(fixture, fixture_now() + UGVT_NS_PER_MS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_SOUTH], 0);
	fixture_write(fixture, UGVT_GMBUS(4), 0x8);
	fixture_run_to(fixture, fixture_now() + UGVT_NS_PER_MS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_SOUTH], 1);
	assert_int_equal(fixture->irq_bits[UGVT_DISPLAY_IRQ_SOUTH], 1u << 17);
}

/* Lines are high unless driven low; the masks choose what changes. */
static void test_gpio(void **state)
{
	static const struct {
		uint32_t written, read;
	} steps[] = {
		{0, 0x1818},      // nothing chosen
		{0x0101, 0x1818}, // both in
		{0x0007, 0x1802}, // clock out, low
		{0x0700, 0x0202}, // data out, low
		{0x000c, 0x021a}, // clock high
		{0x0001, 0x0218}, // clock in
		{0x2120, 0x3038}, // data in, its value kept; pull-ups off
		{0x0c00, 0x1818}, // value high again
	};
	struct fixture *fixture = *state;

	assert_int_equal(fixture_read(fixture, UGVT_GPIO_CTL(4)), 0x1818);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(steps); i++) {
		fixture_write(fixture, UGVT_GPIO_CTL(4), steps[i].written);
		assert_int_equal(fixture_read(fixture, UGVT_GPIO_CTL(4)), steps[i].read);
	}
	assert_int_equal(fixture_read(fixture, UGVT_GPIO_CTL(3)), 0x1818);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_power_wells, setup, teardown),
		cmocka_unit_test_setup_teardown(test_requests, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dc_states, setup, teardown),
		cmocka_unit_test_setup_teardown(test_straps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gmbus_nak, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gmbus_edid, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gmbus_write, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gmbus_interrupt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gpio, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
