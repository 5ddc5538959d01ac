/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "display/edid.h"
#include "gen/hooks_display.h"
#include "tests/display/fixture.h"

/* DP_AUX_CH_CTL as i915 sends a message: busy, done and errors (to clear them), interrupt. */
#define CTL_SEND 0xf2000000
#define CTL_BUSY 0x80000000
#define CTL_DONE 0x40000000
#define CTL_TIMEOUT 0x10000000
#define CTL_ERRORS 0x12000000

#define PORT_A 0
#define PORT_B 1

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

static uint32_t aux_send(
	struct fixture *fixture, unsigned channel, const uint8_t *message, unsigned size)
{
	uint8_t bytes[20] = {0};
	uint32_t status;

	memcpy(bytes, message, size);
	assert_int_equal(fixture_read(fixture, UGVT_AUX_CH_CTL(channel)) & CTL_BUSY, 0);
	for (unsigned i = 0; i < size; i += 4) {
		fixture_write(fixture, UGVT_AUX_CH_DATA(channel, i / 4),
			(uint32_t)bytes[i] << 24 | (uint32_t)bytes[i + 1] << 16 |
				(uint32_t)bytes[i + 2] << 8 | bytes[i + 3]);
	}
	fixture_write(fixture, UGVT_AUX_CH_CTL(channel), CTL_SEND | size << 20 | 0x3f);
	status = fixture_read(fixture, UGVT_AUX_CH_CTL(channel));
	assert_int_equal(status & (CTL_BUSY | CTL_DONE), CTL_DONE);
	fixture_write(fixture, UGVT_AUX_CH_CTL(channel), status | CTL_DONE | CTL_ERRORS);
	assert_int_equal(
		fixture_read(fixture, UGVT_AUX_CH_CTL(channel)) & (CTL_DONE | CTL_ERRORS), 0);
	return status;
}

/* Sends and fetches the answer; its size, 0 if it timed out. */
static unsigned aux(struct fixture *fixture, const uint8_t *message, unsigned size, uint8_t *reply)
{
	uint32_t status = aux_send(fixture, PORT_B, message, size);
	unsigned got = status >> 20 & 0x1f;

	if (status & CTL_TIMEOUT) {
		return 0;
	}
	assert_int_equal(status & CTL_ERRORS, 0);
	assert_in_range(got, 1, 20);
	for (unsigned i = 0; i < got; i++) {
		reply[i] = (uint8_t)(fixture_read(fixture, UGVT_AUX_CH_DATA(PORT_B, i / 4)) >>
				     (24 - 8 * (i % 4)));
	}
	return got;
}

static void dpcd_read(struct fixture *fixture, uint32_t address, uint8_t *data, unsigned size)
{
	const uint8_t message[] = {(uint8_t)(0x90 | address >> 16), (uint8_t)(address >> 8),
		(uint8_t)address, (uint8_t)(size - 1)};
	uint8_t reply[20];

	assert_int_equal(aux(fixture, message, sizeof(message), reply), size + 1);
	assert_int_equal(reply[0], 0);
	memcpy(data, reply + 1, size);
}

static uint8_t dpcd_byte(struct fixture *fixture, uint32_t address)
{
	uint8_t byte;

	dpcd_read(fixture, address, &byte, 1);
	return byte;
}

static void dpcd_write(
	struct fixture *fixture, uint32_t address, const uint8_t *data, unsigned size)
{
	uint8_t message[20] = {(uint8_t)(0x80 | address >> 16), (uint8_t)(address >> 8),
		(uint8_t)address, (uint8_t)(size - 1)};
	uint8_t reply[20];

	memcpy(message + 4, data, size);
	assert_int_equal(aux(fixture, message, 4 + size, reply), 1);
	assert_int_equal(reply[0], 0);
}

static void dpcd_put(struct fixture *fixture, uint32_t address, uint8_t byte)
{
	dpcd_write(fixture, address, &byte, 1);
}

static void test_capabilities(void **state)
{
	struct fixture *fixture = *state;
	uint8_t caps[15], zeros[16] = {0}, data[16];

	dpcd_read(fixture, 0, caps, sizeof(caps));
	assert_int_equal(caps[0], 0x12);                // DPCD 1.2
	assert_int_equal(caps[1], 0x14);                // 5.4 Gbit/s
	assert_int_equal(caps[2] & 0x1f, 4);            // lanes
	assert_int_equal(caps[2] & 0xc0, 0xc0);         // enhanced frames, TPS3
	assert_int_equal(caps[5] & 1, 0);               // not a branch
	assert_int_equal(caps[14] & 0x80, 0);           // no capabilities of 1.3 and on
	assert_int_equal(dpcd_byte(fixture, 0x21), 0);  // no MST
	assert_int_equal(dpcd_byte(fixture, 0x200), 1); // one sink
	dpcd_read(fixture, 0xf0000, data, 16);          // no repeaters
	assert_memory_equal(data, zeros, 16);
	dpcd_read(fixture, 0xffffe, data, 16); // over the end
	dpcd_put(fixture, 0, 0x55);            // capabilities can't be written
	assert_int_equal(dpcd_byte(fixture, 0), 0x12);
}

/* As a driver trains four lanes: clock recovery, then equalisation with pattern 3. */
static void test_training(void **state)
{
	struct fixture *fixture = *state;
	const uint8_t link[] = {0x14, 0x84}, pattern1[] = {0x21, 0, 0, 0, 0},
		      pattern3[] = {0x23, 0, 0, 0, 0};
	uint8_t status[6];

	dpcd_put(fixture, 0x600, 1);
	dpcd_write(fixture, 0x100, link, sizeof(link));
	dpcd_read(fixture, 0x202, status, sizeof(status));
	assert_int_equal(status[0] | status[1] | status[2], 0);
	dpcd_write(fixture, 0x102, pattern1, sizeof(pattern1));
	dpcd_read(fixture, 0x202, status, sizeof(status));
	assert_int_equal(status[0], 0x11);
	assert_int_equal(status[1], 0x11);
	assert_int_equal(status[2] & 1, 0);
	assert_int_equal(status[4] | status[5], 0); // no other levels wanted
	dpcd_write(fixture, 0x102, pattern3, sizeof(pattern3));
	dpcd_read(fixture, 0x202, status, sizeof(status));
	assert_int_equal(status[0], 0x77);
	assert_int_equal(status[1], 0x77);
	assert_int_equal(status[2] & 1, 1);
	dpcd_put(fixture, 0x102, 0);
	dpcd_read(fixture, 0x202, status, sizeof(status));
	assert_int_equal(status[0], 0x77);
	assert_int_equal(dpcd_byte(fixture, 0x200c), 0x77);
	dpcd_put(fixture, 0x202, 0); // status can't be written
	assert_int_equal(dpcd_byte(fixture, 0x202), 0x77);
	dpcd_put(fixture, 0x600, 2); // asleep
	assert_int_equal(dpcd_byte(fixture, 0x202), 0);
}

static void test_training_one_lane(void **state)
{
	struct fixture *fixture = *state;

	dpcd_put(fixture, 0x101, 1);
	dpcd_put(fixture, 0x102, 2);
	assert_int_equal(dpcd_byte(fixture, 0x202), 0x07);
	assert_int_equal(dpcd_byte(fixture, 0x203), 0);
	dpcd_put(fixture, 0x101, 0x1f); // more lanes than there are
	dpcd_put(fixture, 0x102, 2);
	assert_int_equal(dpcd_byte(fixture, 0x203), 0x77);
}

/* The I2C side as drm reads an EDID: addresses alone around each message, the middle of the transaction with MOT. */
static void i2c_open(struct fixture *fixture, bool read, uint8_t address, uint8_t expected)
{
	const uint8_t message[] = {read ? 0x50 : 0x40, 0, address};
	uint8_t reply[20];

	assert_int_equal(aux(fixture, message, sizeof(message), reply), 1);
	assert_int_equal(reply[0], expected);
}

static void i2c_offset(struct fixture *fixture, uint8_t offset)
{
	const uint8_t message[] = {0x40, 0, 0x50, 0, offset};
	uint8_t reply[20];

	i2c_open(fixture, false, 0x50, 0);
	assert_int_equal(aux(fixture, message, sizeof(message), reply), 1);
	assert_int_equal(reply[0], 0);
}

static void i2c_read(struct fixture *fixture, uint8_t *data, unsigned size)
{
	const uint8_t close[] = {0x10, 0, 0x50};
	uint8_t reply[20];

	i2c_open(fixture, true, 0x50, 0);
	for (unsigned at = 0; at < size; at += 16) {
		const uint8_t message[] = {0x50, 0, 0x50, 15};

		assert_int_equal(aux(fixture, message, sizeof(message), reply), 17);
		assert_int_equal(reply[0], 0);
		memcpy(data + at, reply + 1, 16);
	}
	assert_int_equal(aux(fixture, close, sizeof(close), reply), 1);
}

static void test_edid(void **state)
{
	struct fixture *fixture = *state;
	uint8_t expected[UGVT_EDID_SIZE], edid[UGVT_EDID_SIZE];

	assert_true(ugvt_edid_build(expected, FIXTURE_WIDTH, FIXTURE_HEIGHT));
	for (unsigned again = 0; again < 2; again++) {
		i2c_offset(fixture, 0);
		i2c_read(fixture, edid, sizeof(edid));
		assert_memory_equal(edid, expected, sizeof(edid));
	}
	i2c_offset(fixture, 0x40);
	i2c_read(fixture, edid, 16);
	assert_memory_equal(edid, expected + 0x40, 16);
	i2c_offset(fixture, 0x80); // there is no second block
	i2c_read(fixture, edid, 16);
	assert_int_equal(edid[0] & edid[15], 0xff);
}

static void test_i2c_refused(void **state)
{
	struct fixture *fixture = *state;
	const uint8_t two_bytes[] = {0x40, 0, 0x50, 1, 0, 0}, status[] = {0x60, 0, 0x50},
		      read[] = {0x10, 0, 0x37, 0};
	uint8_t reply[20];

	i2c_open(fixture, false, 0x30, 0x40); // no segments
	i2c_open(fixture, true, 0x37, 0x40);
	assert_int_equal(aux(fixture, read, sizeof(read), reply), 1);
	assert_int_equal(reply[0], 0x40);
	i2c_open(fixture, false, 0x50, 0);
	assert_int_equal(aux(fixture, two_bytes, sizeof(two_bytes), reply), 2);
	assert_int_equal(reply[0], 0x40);
	assert_int_equal(reply[1], 1); // the first byte was the offset
	assert_int_equal(aux(fixture, status, sizeof(status), reply), 1);
	assert_int_equal(reply[0], 0);
}

/* Ports without a monitor, and messages that are none, end at once with a timeout. */
static void test_timeout(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		unsigned size;
		uint8_t message[20];
	} bad[] = {
		{0, {0}},
		{1, {0x90}},
		{2, {0x90, 0}},
		{4, {0x90, 0, 0, 16}},
		{4, {0x90, 0, 0, 255}},
		{5, {0x80, 1, 0, 15, 1}},
	};
	const uint8_t read[] = {0x90, 0, 0, 0};
	uint8_t reply[20];

	for (unsigned channel = 0; channel < 4; channel++) {
		uint32_t status = aux_send(fixture, channel, read, sizeof(read));

		assert_int_equal(status & CTL_TIMEOUT, channel == PORT_B ? 0 : CTL_TIMEOUT);
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(bad); i++) {
		assert_int_equal(aux(fixture, bad[i].message, bad[i].size, reply), 0);
	}
	fixture_write(fixture, UGVT_AUX_CH_CTL(PORT_B), CTL_SEND | 31u << 20);
	assert_int_equal(fixture_read(fixture, UGVT_AUX_CH_CTL(PORT_B)) & (CTL_BUSY | CTL_TIMEOUT),
		CTL_TIMEOUT);
}

/* A guest that waits gets an interrupt, one that has seen the answer before does not. */
static void test_interrupt(void **state)
{
	struct fixture *fixture = *state;
	const uint8_t read[] = {0x90, 0, 0, 0};

	aux_send(fixture, PORT_B, read, sizeof(read));
	fixture_run_to(fixture, fixture_now() + 10 * UGVT_NS_PER_MS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PORT], 0);
	fixture_write(fixture, UGVT_AUX_CH_CTL(PORT_B), CTL_SEND | 0x20000000 | 4u << 20);
	fixture_write(fixture, UGVT_AUX_CH_CTL(PORT_A), CTL_SEND | 0x20000000 | 4u << 20);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PORT], 0);
	fixture_run_to(fixture, fixture_now() + UGVT_NS_PER_MS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PORT], 1);
	assert_int_equal(fixture->irq_bits[UGVT_DISPLAY_IRQ_PORT], 1u << 25 | 1);
	fixture_irq_clear(fixture);
	fixture_write(
		fixture, UGVT_AUX_CH_CTL(PORT_B), 0xd2000000 | 4u << 20); // no interrupt wanted
	fixture_run_to(fixture, fixture_now() + UGVT_NS_PER_MS);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_PORT], 0);
}

static void test_hotplug(void **state)
{
	struct fixture *fixture = *state;
	const uint8_t read[] = {0x90, 0, 0, 0};

	assert_int_equal(fixture_read(fixture, UGVT_SDEISR), 1u << 21);
	ugvt_display_plug(fixture->display, false);
	assert_int_equal(fixture_read(fixture, UGVT_SDEISR), 0);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_SOUTH], 0); // not enabled
	assert_true(aux_send(fixture, PORT_B, read, sizeof(read)) & CTL_TIMEOUT);
	fixture_write(fixture, UGVT_SHOTPLUG_CTL, 0x10101010);
	ugvt_display_plug(fixture->display, true);
	ugvt_display_plug(fixture->display, true);
	assert_int_equal(fixture->irq_count[UGVT_DISPLAY_IRQ_SOUTH], 1);
	assert_int_equal(fixture->irq_bits[UGVT_DISPLAY_IRQ_SOUTH], 1u << 21);
	assert_int_equal(fixture_read(fixture, UGVT_SHOTPLUG_CTL), 0x10101012); // long pulse
	fixture_write(fixture, UGVT_SHOTPLUG_CTL, 0x10101012);
	assert_int_equal(fixture_read(fixture, UGVT_SHOTPLUG_CTL), 0x10101010);
	assert_int_equal(fixture_read(fixture, UGVT_SDEISR), 1u << 21);
	assert_int_equal(aux_send(fixture, PORT_B, read, sizeof(read)) & CTL_TIMEOUT, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_capabilities, setup, teardown),
		cmocka_unit_test_setup_teardown(test_training, setup, teardown),
		cmocka_unit_test_setup_teardown(test_training_one_lane, setup, teardown),
		cmocka_unit_test_setup_teardown(test_edid, setup, teardown),
		cmocka_unit_test_setup_teardown(test_i2c_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timeout, setup, teardown),
		cmocka_unit_test_setup_teardown(test_interrupt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hotplug, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
