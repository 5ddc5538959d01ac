/* SPDX-License-Identifier: MIT */
#include "display/dp_sink.h"

#include <string.h>

#include "base/bits.h"

#define PAYLOAD_MAX 16

/* Request commands, bits 7:4 of the first byte. */
#define AUX_NATIVE 0x8
#define AUX_READ 0x1
#define AUX_I2C_MOT 0x4
#define AUX_I2C_STATUS 0x2

/* Reply codes, the same bits. */
#define REPLY_ACK 0x00
#define REPLY_NATIVE_NACK 0x10
#define REPLY_I2C_NACK 0x40

/* DPCD addresses. */
#define DPCD_WRITABLE 0x100
#define DPCD_LANE_COUNT_SET 0x101
#define DPCD_TRAINING_PATTERN_SET 0x102
#define DPCD_SINK_COUNT 0x200
#define DPCD_SERVICE_IRQ 0x201
#define DPCD_LANE_STATUS 0x202
#define DPCD_LANE_ALIGN 0x204
#define DPCD_SINK_STATUS 0x205
#define DPCD_SINK_STATUS_END 0x210
#define DPCD_SET_POWER 0x600
#define DPCD_ESI 0x2002 // SINK_COUNT_ESI and on
#define DPCD_ESI_STATUS 0x200c

#define LANES 4
#define LANE_CR_DONE 0x1
#define LANE_TRAINED 0x7 // clock, equalisation, symbol lock

void ugvt_dp_sink_init(struct ugvt_dp_sink *sink, const uint8_t *edid)
{
	/* DPCD 1.2; HBR2; four lanes, TPS3, enhanced framing; down-spread; one receiver; no branch; 8b/10b. */
	static const uint8_t caps[] = {0x12, 0x14, 0xc4, 0x01, 0x01, 0x00, 0x01};

	memset(sink, 0, sizeof(*sink));
	ugvt_ddc_init(&sink->ddc, edid);
	memcpy(sink->dpcd, caps, sizeof(caps));
	sink->dpcd[DPCD_SINK_COUNT] = 0x01;
	sink->dpcd[DPCD_SET_POWER] = 0x01;
}

static void lanes_set(struct ugvt_dp_sink *sink, uint8_t status)
{
	unsigned lanes = sink->dpcd[DPCD_LANE_COUNT_SET] & 0x1f;

	sink->dpcd[DPCD_LANE_STATUS] = 0;
	sink->dpcd[DPCD_LANE_STATUS + 1] = 0;
	for (unsigned lane = 0; lane < UGVT_MIN(lanes, LANES); lane++) {
		sink->dpcd[DPCD_LANE_STATUS + lane / 2] |= (uint8_t)(status << 4 * (lane % 2));
	}
	sink->dpcd[DPCD_LANE_ALIGN] = status == LANE_TRAINED ? 0x01 : 0x00;
	sink->dpcd[DPCD_SINK_STATUS] = status == LANE_TRAINED ? 0x01 : 0x00;
}

/* The line is perfect: each pattern is locked to as soon as it is sent. */
static void training_pattern_set(struct ugvt_dp_sink *sink, uint8_t pattern)
{
	switch (pattern & 0x3) {
	case 0: break;
	case 1: lanes_set(sink, LANE_CR_DONE); break;
	default: lanes_set(sink, LANE_TRAINED); break;
	}
}

static void dpcd_write_byte(struct ugvt_dp_sink *sink, uint32_t address, uint8_t byte)
{
	if (address == DPCD_SERVICE_IRQ) {
		sink->dpcd[address] &= (uint8_t)~byte;
		return;
	}
	if (address < DPCD_WRITABLE || address >= UGVT_DPCD_SIZE ||
		(address >= DPCD_SINK_COUNT && address < DPCD_SINK_STATUS_END)) {
		return;
	}
	sink->dpcd[address] = byte;
	switch (address) {
	case DPCD_TRAINING_PATTERN_SET: training_pattern_set(sink, byte); break;
	case DPCD_LANE_COUNT_SET: lanes_set(sink, 0); break;
	case DPCD_SET_POWER:
		if ((byte & 0x7) != 1) {
			lanes_set(sink, 0);
		}
		break;
	default: break;
	}
}

/* The event status indicator (ESI) field repeats parts of the link status. */
static uint8_t dpcd_read_byte(const struct ugvt_dp_sink *sink, uint32_t address)
{
	if (address < UGVT_DPCD_SIZE) {
		return sink->dpcd[address];
	}
	if (address == DPCD_ESI) {
		return sink->dpcd[DPCD_SINK_COUNT];
	}
	if (address >= DPCD_ESI_STATUS && address < DPCD_ESI_STATUS + 4) {
		return sink->dpcd[DPCD_LANE_STATUS + address - DPCD_ESI_STATUS];
	}
	return 0;
}

static unsigned native_read(
	struct ugvt_dp_sink *sink, uint32_t address, unsigned size, uint8_t *reply)
{
	reply[0] = REPLY_ACK;
	for (unsigned i = 0; i < size; i++) {
		reply[1 + i] = dpcd_read_byte(sink, (address + i) & 0xfffff);
	}
	return 1 + size;
}

static unsigned native_write(
	struct ugvt_dp_sink *sink, uint32_t address, unsigned size, const uint8_t *data)
{
	for (unsigned i = 0; i < size; i++) {
		dpcd_write_byte(sink, (address + i) & 0xfffff, data[i]);
	}
	return 1;
}

/* A start condition comes with a message of an address alone, and when the direction or the address changes. */
static bool i2c_begin(struct ugvt_dp_sink *sink, uint8_t command, uint8_t address, unsigned size)
{
	bool read = command & AUX_READ;
	bool more = command & AUX_I2C_MOT;
	bool same = sink->i2c_open == 1 + read && sink->i2c_address == address;

	if ((!same || (more && size == 0)) && !ugvt_ddc_start(&sink->ddc, address, read)) {
		sink->i2c_open = 0;
		return false;
	}
	sink->i2c_address = address;
	sink->i2c_open = more ? 1 + read : 0;
	return true;
}

static unsigned i2c_write(
	struct ugvt_dp_sink *sink, unsigned size, const uint8_t *data, uint8_t *reply)
{
	for (unsigned i = 0; i < size; i++) {
		if (!ugvt_ddc_write(&sink->ddc, data[i])) {
			reply[0] = REPLY_I2C_NACK;
			reply[1] = (uint8_t)i; // bytes that were taken
			return 2;
		}
	}
	return 1;
}

static unsigned i2c_transfer(
	struct ugvt_dp_sink *sink, const uint8_t *request, unsigned size, uint8_t *reply)
{
	uint8_t command = request[0] >> 4;

	reply[0] = REPLY_ACK;
	/* Nothing is ever left to write, so that there is no status to ask for. */
	if (!(command & AUX_READ) && (command & AUX_I2C_STATUS)) {
		return 1;
	}
	if (!i2c_begin(sink, command, request[2] & 0x7f, size)) {
		reply[0] = REPLY_I2C_NACK;
		return 1;
	}
	if (!(command & AUX_READ)) {
		return i2c_write(sink, size, request + 4, reply);
	}
	for (unsigned i = 0; i < size; i++) {
		reply[1 + i] = ugvt_ddc_read(&sink->ddc);
	}
	return 1 + size;
}

unsigned ugvt_dp_sink_aux(struct ugvt_dp_sink *sink, const uint8_t *request, unsigned n,
	uint8_t reply[UGVT_AUX_MESSAGE_MAX])
{
	uint8_t command;
	uint32_t address;
	unsigned size;

	memset(reply, 0, UGVT_AUX_MESSAGE_MAX);
	if (n < 3) {
		return 0;
	}
	/* Three bytes of header, then size - 1 unless the message is of an address alone. */
	command = request[0] >> 4;
	address = (uint32_t)(request[0] & 0xf) << 16 | (uint32_t)request[1] << 8 | request[2];
	size = n > 3 ? request[3] + 1u : 0;
	if (size > PAYLOAD_MAX || (!(command & AUX_READ) && size > 0 && n < 4 + size)) {
		return 0;
	}
	if (!(command & AUX_NATIVE)) {
		return i2c_transfer(sink, request, size, reply);
	}
	if (command & AUX_READ) {
		return native_read(sink, address, size, reply);
	}
	return native_write(sink, address, size, request + 4);
}
