/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "display/vbios.h"

static unsigned get16(const uint8_t *at)
{
	return at[0] | at[1] << 8;
}

static uint8_t sum(const uint8_t *bytes, size_t size)
{
	uint8_t total = 0;

	for (size_t i = 0; i < size; i++) {
		total = (uint8_t)(total + bytes[i]);
	}
	return total;
}

static void test_rom(void **state)
{
	uint8_t rom[UGVT_VBIOS_SIZE];
	const uint8_t *pcir;

	ugvt_vbios_build(rom, 0x5912, true);
	assert_int_equal(get16(rom), 0xaa55);
	assert_int_equal(rom[2] * 512, sizeof(rom));
	assert_int_equal(rom[3], 0xcb);
	assert_int_equal(sum(rom, sizeof(rom)), 0);
	pcir = rom + get16(rom + 0x18);
	assert_memory_equal(pcir, "PCIR", 4);
	assert_int_equal(get16(pcir + 4), 0x8086);
	assert_int_equal(get16(pcir + 6), 0x5912);
	assert_int_equal(pcir[15], 3);
	assert_int_equal(get16(pcir + 16) * 512, sizeof(rom));
	assert_int_equal(pcir[20], 0);
	assert_int_equal(pcir[21], 0x80);
}

/* As a driver finds it: the signature on a word's boundary, then header, container, blocks. */
static const uint8_t *vbt_find(const uint8_t *rom)
{
	for (size_t i = 0; i + 4 <= UGVT_VBIOS_SIZE; i += 4) {
		if (memcmp(rom + i, "$VBT", 4) == 0) {
			return rom + i;
		}
	}
	return NULL;
}

static const uint8_t *block_find(const uint8_t *bdb, uint8_t id, unsigned *size)
{
	unsigned end = get16(bdb + 20);

	for (unsigned at = get16(bdb + 18); at + 3 <= end; at += 3 + *size) {
		*size = get16(bdb + at + 1);
		assert_in_range(at + 3 + *size, 0, end);
		if (bdb[at] == id) {
			return bdb + at + 3;
		}
	}
	return NULL;
}

/* Block 2 of a table that holds together. */
static const uint8_t *definitions_find(const uint8_t *rom, unsigned *size)
{
	const uint8_t *vbt = vbt_find(rom), *bdb, *definitions;

	assert_non_null(vbt);
	assert_int_equal(sum(vbt, get16(vbt + 24)), 0);
	assert_true(vbt + get16(vbt + 24) < rom + UGVT_VBIOS_SIZE);
	bdb = vbt + get16(vbt + 28);
	assert_memory_equal(bdb, "BIOS_DATA_BLOCK ", 16);
	assert_int_equal(bdb + get16(bdb + 20) - vbt, get16(vbt + 24));
	assert_in_range(get16(bdb + 16), 155, 194);
	assert_non_null(block_find(bdb, 1, size));
	assert_null(block_find(bdb, 99, size));
	definitions = block_find(bdb, 2, size);
	assert_non_null(definitions);
	assert_int_equal(definitions[4], 33);
	return definitions;
}

static void test_one_port(void **state)
{
	uint8_t rom[UGVT_VBIOS_SIZE];
	const uint8_t *child;
	unsigned size;

	ugvt_vbios_build(rom, 0x1912, false);
	child = definitions_find(rom, &size) + 5;
	assert_int_equal(size, 5 + 33);
	assert_int_equal(get16(child + 2), 0x68c6);
	assert_int_equal(child[16], 7);
	assert_int_equal(child[25], 0x10);
}

static void test_desktop(void **state)
{
	static const struct {
		unsigned handle, type, port, pins, aux;
	} ports[] = {
		{0x04, 0x60d6, 7, 5, 0x10}, // DisplayPort or HDMI, B
		{0x40, 0x60d2, 2, 4, 0},    // HDMI, C
		{0x20, 0x60d6, 9, 6, 0x30}, // DisplayPort or HDMI, D
	};
	uint8_t rom[UGVT_VBIOS_SIZE];
	const uint8_t *child;
	unsigned size;

	ugvt_vbios_build(rom, 0x1912, true);
	child = definitions_find(rom, &size) + 5;
	assert_int_equal(size, 5 + 3 * 33);
	for (unsigned i = 0; i < 3; i++, child += 33) {
		assert_int_equal(get16(child), ports[i].handle);
		assert_int_equal(get16(child + 2), ports[i].type);
		assert_int_equal(child[16], ports[i].port);
		assert_int_equal(child[19], ports[i].pins);
		assert_int_equal(child[25], ports[i].aux);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rom),
		cmocka_unit_test(test_one_port),
		cmocka_unit_test(test_desktop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
