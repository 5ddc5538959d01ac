/* SPDX-License-Identifier: MIT */
#include "display/vbios.h"

#include <stddef.h>
#include <string.h>

#include "base/bits.h"

#define VENDOR_INTEL 0x8086
#define PCIR 0x40
#define PCIR_SIZE 24
#define PCIR_CODE_X86 0
#define PCIR_LAST 0x80
#define VBT 0x60 // drivers look at each fourth byte
#define VBT_HEADER_SIZE 48
#define BDB_HEADER_SIZE 22
#define BDB_VERSION 170 // the first with DisplayPort's child device below, of 33 bytes until 194

#define BLOCK_FEATURES 1
#define BLOCK_DEFINITIONS 2
#define CHILD_SIZE 33

/* What hangs on a digital port, and how: intel_vbt_defs.h, struct child_device_config. */
struct child {
	uint16_t handle; // one of CHILD_HANDLE_EFPn
	uint16_t type;
	uint8_t dvo_port;
	uint8_t ddc_pins;
	uint8_t supports; // bits below
	uint8_t aux_channel;
};

#define CHILD_HANDLE_EFP1 0x4
#define CHILD_HANDLE_EFP2 0x40
#define CHILD_HANDLE_EFP3 0x20
#define CHILD_TYPE_DP 0x68c6
#define CHILD_TYPE_DP_DUAL_MODE 0x60d6
#define CHILD_TYPE_HDMI 0x60d2
#define CHILD_PORT_HDMI_C 2
#define CHILD_PORT_DP_B 7
#define CHILD_PORT_DP_D 9
#define CHILD_SUPPORTS_HDMI 0x1
#define CHILD_SUPPORTS_DP 0x2
#define CHILD_AUX_B 0x10
#define CHILD_AUX_D 0x30
#define DDC_PINS_C 4
#define DDC_PINS_B 5
#define DDC_PINS_D 6

static const struct child one_port[] = {
	{CHILD_HANDLE_EFP1, CHILD_TYPE_DP, CHILD_PORT_DP_B, DDC_PINS_B, CHILD_SUPPORTS_DP,
		CHILD_AUX_B},
};

static const struct child desktop_ports[] = {
	{CHILD_HANDLE_EFP1, CHILD_TYPE_DP_DUAL_MODE, CHILD_PORT_DP_B, DDC_PINS_B,
		CHILD_SUPPORTS_HDMI | CHILD_SUPPORTS_DP, CHILD_AUX_B},
	{CHILD_HANDLE_EFP2, CHILD_TYPE_HDMI, CHILD_PORT_HDMI_C, DDC_PINS_C, CHILD_SUPPORTS_HDMI, 0},
	{CHILD_HANDLE_EFP3, CHILD_TYPE_DP_DUAL_MODE, CHILD_PORT_DP_D, DDC_PINS_D,
		CHILD_SUPPORTS_HDMI | CHILD_SUPPORTS_DP, CHILD_AUX_D},
};

/* A place in the image that is filled from low to high. */
struct cursor {
	uint8_t *at;
};

static void put8(struct cursor *cursor, uint8_t value)
{
	*cursor->at++ = value;
}

static void put16(struct cursor *cursor, uint16_t value)
{
	put8(cursor, (uint8_t)value);
	put8(cursor, (uint8_t)(value >> 8));
}

static void put_text(struct cursor *cursor, const char *text, unsigned size)
{
	memcpy(cursor->at, text, size);
	cursor->at += size;
}

static void put_rom_header(uint8_t *rom)
{
	struct cursor cursor = {rom};

	put16(&cursor, 0xaa55);
	put8(&cursor, UGVT_VBIOS_SIZE / 512);
	put8(&cursor, 0xcb); // the initialisation: a far return
	cursor.at = rom + 0x18;
	put16(&cursor, PCIR);
}

static void put_pci_data(uint8_t *rom, uint16_t device_id)
{
	struct cursor cursor = {rom + PCIR};

	put_text(&cursor, "PCIR", 4);
	put16(&cursor, VENDOR_INTEL);
	put16(&cursor, device_id);
	put16(&cursor, 0);
	put16(&cursor, PCIR_SIZE);
	put8(&cursor, 0);
	put_text(&cursor, "\0\0\3", 3); // class: VGA
	put16(&cursor, UGVT_VBIOS_SIZE / 512);
	put16(&cursor, 0);
	put8(&cursor, PCIR_CODE_X86);
	put8(&cursor, PCIR_LAST);
}

static void put_features(struct cursor *cursor)
{
	put8(cursor, BLOCK_FEATURES);
	put16(cursor, 5);
	put_text(cursor, "\0\0\0\0\4", 5); // external flat panels, no CRT, no TV
}

static void put_child(struct cursor *cursor, const struct child *port)
{
	uint8_t *child = cursor->at;

	put16(cursor, port->handle);
	put16(cursor, port->type);
	child[16] = port->dvo_port;
	child[19] = port->ddc_pins;
	child[24] = port->supports;
	child[25] = port->aux_channel;
	cursor->at = child + CHILD_SIZE;
}

static void put_definitions(struct cursor *cursor, const struct child *ports, unsigned count)
{
	put8(cursor, BLOCK_DEFINITIONS);
	put16(cursor, (uint16_t)(5 + count * CHILD_SIZE));
	put_text(cursor, "\0\0\0\0", 4); // no CRT, nothing about booting
	put8(cursor, CHILD_SIZE);
	for (unsigned i = 0; i < count; i++) {
		put_child(cursor, &ports[i]);
	}
}

/* The blocks' container; returns its end. */
static uint8_t *put_bdb(uint8_t *bdb, bool desktop)
{
	struct cursor header = {bdb}, blocks = {bdb + BDB_HEADER_SIZE};

	put_features(&blocks);
	if (desktop) {
		put_definitions(&blocks, desktop_ports, UGVT_ARRAY_SIZE(desktop_ports));
	} else {
		put_definitions(&blocks, one_port, UGVT_ARRAY_SIZE(one_port));
	}
	put_text(&header, "BIOS_DATA_BLOCK ", 16);
	put16(&header, BDB_VERSION);
	put16(&header, BDB_HEADER_SIZE);
	put16(&header, (uint16_t)(blocks.at - bdb));
	return blocks.at;
}

/* The value that makes the bytes sum up to 0. */
static uint8_t checksum(const uint8_t *bytes, size_t size)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < size; i++) {
		sum = (uint8_t)(sum + bytes[i]);
	}
	return (uint8_t)-sum;
}

static void put_vbt(uint8_t *vbt, bool desktop)
{
	uint16_t size = (uint16_t)(put_bdb(vbt + VBT_HEADER_SIZE, desktop) - vbt);
	struct cursor cursor = {vbt};

	put_text(&cursor, "$VBT UGVT           ", 20);
	put16(&cursor, 100);
	put16(&cursor, VBT_HEADER_SIZE);
	put16(&cursor, size);
	put16(&cursor, 0);
	put16(&cursor, VBT_HEADER_SIZE); // where the blocks are
	vbt[26] = checksum(vbt, size);
}

void ugvt_vbios_build(uint8_t rom[UGVT_VBIOS_SIZE], uint16_t device_id, bool desktop)
{
	memset(rom, 0, UGVT_VBIOS_SIZE);
	put_rom_header(rom);
	put_pci_data(rom, device_id);
	put_vbt(rom + VBT, desktop);
	rom[UGVT_VBIOS_SIZE - 1] = checksum(rom, UGVT_VBIOS_SIZE);
}
