/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gen/gt.h"
#include "gen/irq.h"
#include "gen/pvinfo.h"
#include "tests/vgpu/rig.h"

#define MSI_FLAGS (0xac + 2)
#define GGTT_OFFSET (8u << 20)

static int setup(void **state)
{
	static struct rig rig;

	rig_init(&rig, false);
	*state = &rig;
	return 0;
}

static int setup_direct(void **state)
{
	static struct rig rig;

	rig_init(&rig, true);
	*state = &rig;
	return 0;
}

static int teardown(void **state)
{
	rig_finish(*state);
	return 0;
}

static void test_pci_identity(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_config_read(rig, 0x00, 4), 0x19128086);
	assert_int_equal(rig_config_read(rig, 0x08, 4) >> 16, 0x0300);
	assert_int_equal(rig_config_read(rig, 0x08, 1), 0x06);
	assert_int_equal(rig_config_read(rig, 0x50, 2), 0x00c0);
	assert_int_equal(rig_config_read(rig, 0xfc, 4), 0);
	assert_int_equal(rig_config_read(rig, rig_config_read(rig, 0x34, 1), 1), 0x05);
}

/* A client sizes a BAR by writing ones. */
static void test_pci_bars(void **state)
{
	struct rig *rig = *state;

	rig_config_write(rig, 0x10, 0xffffffff, 4);
	assert_int_equal(rig_config_read(rig, 0x10, 4), 0xff000004);
	rig_config_write(rig, 0x18, 0xffffffff, 4);
	assert_int_equal(rig_config_read(rig, 0x18, 4), 0xf800000c);
	rig_config_write(rig, 0x20, 0xffffffff, 4);
	assert_int_equal(rig_config_read(rig, 0x20, 4), 0);
	rig_config_write(rig, 0x00, 0, 4);
	assert_int_equal(rig_config_read(rig, 0x00, 4), 0x19128086);
}

static void test_pci_past_end(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_config_read(rig, 0xfe, 4), 0xffff0000);
	assert_int_equal(rig_config_read(rig, 0x100, 4), 0xffffffff);
	rig_config_write(rig, 0xfffffff0, 0, 4);
}

static void test_pvinfo(void **state)
{
	struct rig *rig = *state;
	uint64_t magic;

	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR0, UGVT_PVINFO_MAGIC, &magic, sizeof(magic));
	assert_true(magic == UGVT_PVINFO_MAGIC_VALUE);
	assert_int_equal(driver_read(&rig->driver, UGVT_PVINFO_VERSION), 1);
	assert_int_equal(driver_read(&rig->driver, UGVT_PVINFO_MAPPABLE_BASE), 0);
	assert_int_equal(driver_read(&rig->driver, UGVT_PVINFO_MAPPABLE_SIZE), 128 << 20);
	assert_int_equal(driver_read(&rig->driver, UGVT_PVINFO_NONMAPPABLE_BASE), 128 << 20);
	assert_int_equal(driver_read(&rig->driver, UGVT_PVINFO_NONMAPPABLE_SIZE), 512 << 20);
	assert_int_equal(driver_read(&rig->driver, UGVT_PVINFO_FENCES), 4);
	driver_write(&rig->driver, UGVT_PVINFO_FENCES, 99);
	assert_int_equal(driver_read(&rig->driver, UGVT_PVINFO_FENCES), 4);
}

static void test_direct_has_no_pvinfo(void **state)
{
	struct rig *rig = *state;

	for (uint32_t offset = 0; offset < 0x1000; offset += 4) {
		assert_int_equal(driver_read(&rig->driver, UGVT_PVINFO + offset), 0);
	}
}

static void test_forcewake(void **state)
{
	struct rig *rig = *state;

	driver_write(&rig->driver, 0xa278, 0x00010001);
	assert_int_equal(driver_read(&rig->driver, UGVT_FORCEWAKE_ACK_RENDER), 1);
	driver_write(&rig->driver, 0xa278, 0x00010000);
	assert_int_equal(driver_read(&rig->driver, UGVT_FORCEWAKE_ACK_RENDER), 0);
	driver_write(&rig->driver, 0xa270, 0xffff0001);
	assert_int_equal(driver_read(&rig->driver, UGVT_FORCEWAKE_ACK_MEDIA), 1);
	driver_write(&rig->driver, 0xa188, 0x00010001);
	assert_int_equal(driver_read(&rig->driver, UGVT_FORCEWAKE_ACK_GT), 1);
}

struct pcode_case {
	uint32_t command, data;
	uint32_t error, reply;
};

static void test_pcode(void **state)
{
	static const struct pcode_case cases[] = {
		{0x06, 0, 0, 0x12120402},                          // memory latency, levels 0..3
		{0x06, 1, 0, 0x3e3e3e13},                          // levels 4..7
		{0x07, 3, 0, 1},                                   // CDCLK: ready for change
		{0x21, 0, 0, 1},                                   // SAGV: is disabled
		{0x21, 3, 0, 0}, {0x09, 7, 0, 7}, {0x77, 5, 1, 5}, // no such command
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		driver_write(&rig->driver, UGVT_PCODE_DATA, cases[i].data);
		driver_write(&rig->driver, UGVT_PCODE_MAILBOX, 0x80000000 | cases[i].command);
		assert_int_equal(driver_read(&rig->driver, UGVT_PCODE_MAILBOX), cases[i].error);
		assert_int_equal(driver_read(&rig->driver, UGVT_PCODE_DATA), cases[i].reply);
	}
}

static void test_resets_read_back_clear(void **state)
{
	struct rig *rig = *state;

	driver_write(&rig->driver, UGVT_GDRST, 1);
	assert_int_equal(driver_read(&rig->driver, UGVT_GDRST), 0);
	driver_write(&rig->driver, 0x4260, 1);
	assert_int_equal(driver_read(&rig->driver, 0x4260), 0);
}

static void test_fuses(void **state)
{
	struct rig *rig = *state;

	/* One slice, three of four subslices, eight EUs in each. */
	assert_int_equal(driver_read(&rig->driver, UGVT_GEN8_FUSE2), 1 << 25 | 8 << 20);
	assert_int_equal(driver_read(&rig->driver, UGVT_GEN9_EU_DISABLE), 0xff000000);
	/* They all have power. */
	assert_int_equal(driver_read(&rig->driver, UGVT_GEN9_SLICE_PGCTL_ACK), 0x55);
	assert_int_equal(driver_read(&rig->driver, UGVT_GEN9_SLICE_PGCTL_ACK + 4), 0);
	assert_int_equal(driver_read(&rig->driver, UGVT_GEN9_SS01_EU_PGCTL_ACK), 0x5555);
	assert_int_equal(driver_read(&rig->driver, UGVT_GEN9_SS01_EU_PGCTL_ACK + 4), 0x55);
}

static void test_partial_register_access(void **state)
{
	struct rig *rig = *state;
	uint16_t half;

	driver_write(&rig->driver, 0x1ffff0, 0x11223344);
	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR0, 0x1ffff2, &half, 2);
	assert_int_equal(half, 0x1122);
	half = 0xabcd;
	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR0, 0x1ffff2, &half, 2);
	assert_int_equal(driver_read(&rig->driver, 0x1ffff0), 0xabcd3344);
}

static void test_ggtt_table(void **state)
{
	struct rig *rig = *state;
	uint64_t entry = 0x12345003, back = 0;

	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR0, GGTT_OFFSET + 80, &entry, 8);
	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR0, GGTT_OFFSET + 80, &back, 8);
	assert_true(back == entry);
	/* The space between registers and table reads zero. */
	assert_int_equal(driver_read(&rig->driver, 4u << 20), 0);
}

/* An access that crosses from registers into the hole, and one over several table entries. */
static void test_wide_access(void **state)
{
	struct rig *rig = *state;
	uint8_t data[64];

	memset(data, 0x5a, sizeof(data));
	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR0, 0x1fffe0, data, sizeof(data));
	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR0, 0x1fffe0, data, sizeof(data));
	assert_int_equal(data[31], 0x5a);
	assert_int_equal(data[32], 0);
	memset(data, 0xa5, sizeof(data));
	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR0, GGTT_OFFSET + 4, data, sizeof(data));
	memset(data, 0, sizeof(data));
	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR0, GGTT_OFFSET + 4, data, sizeof(data));
	for (size_t i = 0; i < sizeof(data); i++) {
		assert_int_equal(data[i], 0xa5);
	}
}

static void test_aperture(void **state)
{
	struct rig *rig = *state;
	uint32_t value = 0xcafe0001, back = 0;
	uint32_t address;
	uint32_t *host = driver_alloc_ggtt(&rig->driver, 8192, &address);

	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR2, address + 4096, &value, 4);
	assert_int_equal(host[1024], value);
	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR2, address + 4096, &back, 4);
	assert_int_equal(back, value);
	/* Nothing is mapped at 0: reads zero, writes are dropped. */
	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR2, 0, &value, 4);
	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR2, 0, &back, 4);
	assert_int_equal(back, 0);
}

/* Byte x of row y by the definition in PRM BDW vol 5, "Tile Formats". */
static uint32_t tiled_offset(bool y_tiled, uint32_t pitch, uint32_t x, uint32_t y)
{
	if (y_tiled) {
		return (y / 32 * (pitch / 128) + x / 128) * 4096 + x % 128 / 16 * 512 +
		       y % 32 * 16 + x % 16;
	}
	return (y / 8 * (pitch / 512) + x / 512) * 4096 + y % 8 * 512 + x % 512;
}

static void fence_check(struct rig *rig, bool y_tiled)
{
	const uint32_t pitch = 1024, rows = 64;
	uint32_t address;
	uint8_t *host = driver_alloc_ggtt(&rig->driver, pitch * rows, &address);

	for (uint32_t i = 0; i < pitch * rows; i++) {
		host[i] = (uint8_t)(i * 7 + i / 251);
	}
	driver_write(&rig->driver, UGVT_FENCE_LO + 4,
		(address + pitch * rows - 4096) | (pitch / 128 - 1));
	driver_write(&rig->driver, UGVT_FENCE_LO, address | (y_tiled ? 2 : 0) | 1);
	for (uint32_t i = 0; i < pitch * rows; i += 37) {
		uint8_t byte;

		rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR2, address + i, &byte, 1);
		assert_int_equal(byte, host[tiled_offset(y_tiled, pitch, i % pitch, i / pitch)]);
	}
	driver_write(&rig->driver, UGVT_FENCE_LO, 0);
}

static void test_fences(void **state)
{
	fence_check(*state, false);
	fence_check(*state, true);
}

static void test_bus_master_off(void **state)
{
	struct rig *rig = *state;
	uint32_t value = 1, back = 0;
	uint32_t address;
	uint32_t *host = driver_alloc_ggtt(&rig->driver, 4096, &address);

	rig_config_write(rig, 0x04, 0x2, 2);
	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR2, address, &value, 4);
	assert_int_equal(host[0], 0);
	rig_config_write(rig, 0x04, 0x6, 2);
	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR2, address, &value, 4);
	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR2, address, &back, 4);
	assert_int_equal(back, 1);
}

/* Stray values in every register, resets and submissions among them: the device lives and still answers. */
static void test_every_register(void **state)
{
	struct rig *rig = *state;

	for (uint32_t offset = 0; offset < 0x200000; offset += 4) {
		(void)driver_read(&rig->driver, offset);
		driver_write(&rig->driver, offset, 0xffffffff);
		driver_write(&rig->driver, offset, offset * 2654435761u);
	}
	rig->device->impl->reset(rig->device, UGVT_PCI_RESET_CLIENT);
	assert_int_equal(rig_config_read(rig, 0x00, 4), 0x19128086);
	assert_int_equal(driver_read(&rig->driver, UGVT_PVINFO_FENCES), 4);
}

/* The GTT is memory, and outlives a reset. */
static void test_reset_keeps_ggtt(void **state)
{
	struct rig *rig = *state;
	uint64_t entry = 0xabc003;

	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR0, GGTT_OFFSET, &entry, 8);
	driver_write(&rig->driver, 0x1ffff0, 1);
	rig->device->impl->reset(rig->device, UGVT_PCI_RESET_CLIENT);
	entry = 0;
	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR0, GGTT_OFFSET, &entry, 8);
	assert_true(entry == 0xabc003);
	assert_int_equal(driver_read(&rig->driver, 0x1ffff0), 0);
}

static void test_reset_scrubs(void **state)
{
	struct rig *rig = *state;
	uint64_t entry = 0xabc003;

	rig->bus.impl->write(&rig->bus, UGVT_PCI_BAR0, GGTT_OFFSET, &entry, 8);
	driver_write(&rig->driver, 0x1ffff0, 1);
	rig_config_write(rig, MSI_FLAGS, 1, 2);
	rig->device->impl->reset(rig->device, UGVT_PCI_RESET_DISCONNECT);
	rig->bus.impl->read(&rig->bus, UGVT_PCI_BAR0, GGTT_OFFSET, &entry, 8);
	assert_true(entry == 0);
	assert_int_equal(driver_read(&rig->driver, 0x1ffff0), 0);
	assert_int_equal(rig_config_read(rig, MSI_FLAGS, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pci_identity, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pci_bars, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pci_past_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pvinfo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_direct_has_no_pvinfo, setup_direct, teardown),
		cmocka_unit_test_setup_teardown(test_forcewake, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pcode, setup, teardown),
		cmocka_unit_test_setup_teardown(test_resets_read_back_clear, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_partial_register_access, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ggtt_table, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wide_access, setup, teardown),
		cmocka_unit_test_setup_teardown(test_aperture, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fences, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bus_master_off, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_register, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_keeps_ggtt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_scrubs, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
