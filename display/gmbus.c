/* SPDX-License-Identifier: MIT */
#include "display/gmbus.h"

#include "base/bits.h"
#include "gen/hooks_display.h"

#define GMBUS0_PINS UGVT_MASK(4, 0)

#define GMBUS1_CLEAR UGVT_BIT(31)
#define GMBUS1_READY UGVT_BIT(30)
#define GMBUS1_STOP UGVT_BIT(27)
#define GMBUS1_INDEX UGVT_BIT(26)
#define GMBUS1_WAIT UGVT_BIT(25)
#define GMBUS1_COUNT UGVT_MASK(24, 16)
#define GMBUS1_INDEX_BYTE UGVT_MASK(15, 8)
#define GMBUS1_ADDRESS UGVT_MASK(7, 1)
#define GMBUS1_DATA_READ UGVT_BIT(0)

#define GMBUS2_WAIT_PHASE UGVT_BIT(14)
#define GMBUS2_READY UGVT_BIT(11)
#define GMBUS2_NAK UGVT_BIT(10)
#define GMBUS2_ACTIVE UGVT_BIT(9)

#define GMBUS4_NAK UGVT_BIT(3)
#define GMBUS4_IDLE UGVT_BIT(2)
#define GMBUS4_WAIT UGVT_BIT(1)
#define GMBUS4_READY UGVT_BIT(0)

void ugvt_gmbus_init(struct ugvt_gmbus *gmbus)
{
	*gmbus = (struct ugvt_gmbus){0};
}

static void status_set(struct ugvt_regfile *regs, uint32_t status)
{
	ugvt_regfile_poke(regs, UGVT_GMBUS(2), status);
}

static struct ugvt_ddc *ddc_selected(const struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs)
{
	uint32_t pins = UGVT_GET(GMBUS0_PINS, ugvt_regfile_peek(regs, UGVT_GMBUS(0)));

	return pins < UGVT_GMBUS_PINS ? gmbus->ddc[pins] : NULL;
}

/* The bus is released; the status stays until the guest clears it. */
static void cycle_nak(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs)
{
	gmbus->left = 0;
	status_set(regs, GMBUS2_READY | GMBUS2_NAK);
}

/* After the last byte, the bus waits for the next cycle or is released. */
static void cycle_end(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs)
{
	status_set(regs, GMBUS2_READY | (gmbus->stop ? 0 : GMBUS2_WAIT_PHASE | GMBUS2_ACTIVE));
}

static void data_fetch(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs, struct ugvt_ddc *ddc)
{
	uint32_t data = 0;

	for (unsigned i = 0; i < 4 && gmbus->left > 0; i++, gmbus->left--) {
		data |= (uint32_t)ugvt_ddc_read(ddc) << 8 * i;
	}
	ugvt_regfile_poke(regs, UGVT_GMBUS(3), data);
}

static void data_send(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs, struct ugvt_ddc *ddc)
{
	uint32_t data = ugvt_regfile_peek(regs, UGVT_GMBUS(3));

	for (unsigned i = 0; i < 4 && gmbus->left > 0; i++, gmbus->left--) {
		if (!ugvt_ddc_write(ddc, (uint8_t)(data >> 8 * i))) {
			cycle_nak(gmbus, regs);
			return;
		}
	}
	if (gmbus->left == 0) {
		cycle_end(gmbus, regs);
	} else {
		status_set(regs, GMBUS2_READY | GMBUS2_ACTIVE);
	}
}

static bool cycle_address(struct ugvt_ddc *ddc, uint32_t command)
{
	uint8_t address = (uint8_t)UGVT_GET(GMBUS1_ADDRESS, command);

	if (!ddc) {
		return false;
	}
	if ((command & GMBUS1_INDEX) &&
		(!ugvt_ddc_start(ddc, address, false) ||
			!ugvt_ddc_write(ddc, (uint8_t)UGVT_GET(GMBUS1_INDEX_BYTE, command)))) {
		return false;
	}
	return ugvt_ddc_start(ddc, address, command & GMBUS1_DATA_READ);
}

static void cycle_begin(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs, uint32_t command)
{
	struct ugvt_ddc *ddc = ddc_selected(gmbus, regs);

	gmbus->left = UGVT_GET(GMBUS1_COUNT, command);
	gmbus->read = command & GMBUS1_DATA_READ;
	gmbus->stop = command & GMBUS1_STOP;
	if (!cycle_address(ddc, command)) {
		cycle_nak(gmbus, regs);
	} else if (gmbus->left == 0) {
		cycle_end(gmbus, regs);
	} else if (gmbus->read) {
		data_fetch(gmbus, regs, ddc);
		status_set(regs, GMBUS2_READY | GMBUS2_ACTIVE);
	} else {
		data_send(gmbus, regs, ddc);
	}
}

void ugvt_gmbus_handle_command(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs)
{
	uint32_t command = ugvt_regfile_peek(regs, UGVT_GMBUS(1));

	if (command & GMBUS1_CLEAR) {
		gmbus->left = 0;
		status_set(regs, GMBUS2_READY);
		return;
	}
	if (!(command & GMBUS1_READY)) {
		return;
	}
	if (command & (GMBUS1_WAIT | GMBUS1_INDEX)) {
		cycle_begin(gmbus, regs, command);
	} else if (command & GMBUS1_STOP) {
		gmbus->left = 0;
		status_set(regs, GMBUS2_READY);
	}
}

void ugvt_gmbus_handle_data_write(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs)
{
	struct ugvt_ddc *ddc = ddc_selected(gmbus, regs);

	if (gmbus->left > 0 && !gmbus->read && ddc) {
		data_send(gmbus, regs, ddc);
	}
}

/* The next bytes are there as soon as these are taken. */
uint32_t ugvt_gmbus_handle_data_read(struct ugvt_gmbus *gmbus, struct ugvt_regfile *regs)
{
	struct ugvt_ddc *ddc = ddc_selected(gmbus, regs);
	uint32_t data = ugvt_regfile_peek(regs, UGVT_GMBUS(3));
	uint32_t status = ugvt_regfile_peek(regs, UGVT_GMBUS(2));

	if (gmbus->read && gmbus->left > 0 && ddc) {
		data_fetch(gmbus, regs, ddc);
	} else if (gmbus->read && (status & GMBUS2_ACTIVE)) {
		cycle_end(gmbus, regs);
	}
	return data;
}

bool ugvt_gmbus_interrupt(const struct ugvt_regfile *regs)
{
	uint32_t status = ugvt_regfile_peek(regs, UGVT_GMBUS(2));
	uint32_t wanted = ugvt_regfile_peek(regs, UGVT_GMBUS(4));

	return ((wanted & GMBUS4_READY) && (status & GMBUS2_READY)) ||
	       ((wanted & GMBUS4_WAIT) && (status & GMBUS2_WAIT_PHASE)) ||
	       ((wanted & GMBUS4_IDLE) && !(status & GMBUS2_ACTIVE)) ||
	       ((wanted & GMBUS4_NAK) && (status & GMBUS2_NAK));
}

/*
 * GPIO_CTL: five bits of clock, and of data 8 bits above: direction mask, direction, value mask, value, input. A mask
 * bit lets its neighbour be written and reads as 0. A line that is not driven low is high.
 */
static uint32_t line_write(uint32_t old, uint32_t value)
{
	uint32_t direction = value & 0x01 ? value & 0x02 : old & 0x02;
	uint32_t output = value & 0x04 ? value & 0x08 : old & 0x08;
	uint32_t input = direction && !output ? 0 : 0x10;

	return direction | output | input;
}

uint32_t ugvt_gpio_write(uint32_t old, uint32_t value)
{
	return line_write(old, value) | line_write(old >> 8, value >> 8) << 8 |
	       (value & 0x2020); // pull-ups off: kept
}
