/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gen/gt.h"
#include "gen/irq.h"
#include "gen/pvinfo.h"
#include "gpu/regs/regfile.h"

/* Registers of the real table, one for each kind of row. */
#define W1C_REG 0x44308     // GT0 IIR
#define MASKED_REG 0xa278   // FORCEWAKE_RENDER
#define RESET_REG 0x44304   // GT0 IMR, all ones after reset
#define READ_ONLY_REG 0xd00 // RPM_CONFIG0
#define PART_READ_ONLY UGVT_MASTER_IRQ
#define NO_ROW 0x1ffffc

struct unit {
	struct ugvt_reg_unit base;
	struct ugvt_reg_access last;
	unsigned writes;
};

static void unit_write(struct ugvt_reg_unit *base, const struct ugvt_reg_access *access)
{
	struct unit *unit = ugvt_container_of(base, struct unit, base);

	unit->last = *access;
	unit->writes++;
}

static const struct ugvt_reg_unit_impl unit_impl = {.write = unit_write};

static int regs_setup(void **state)
{
	static struct ugvt_regfile regs;

	*state = &regs;
	return ugvt_regfile_init(&regs, UGVT_SKL) ? 0 : -1;
}

static int regs_teardown(void **state)
{
	ugvt_regfile_finish(*state);
	return 0;
}

static void test_plain(void **state)
{
	struct ugvt_regfile *regs = *state;

	assert_null(ugvt_regfile_row(regs, NO_ROW));
	ugvt_regfile_write(regs, NO_ROW, 0x12345678);
	assert_int_equal(ugvt_regfile_read(regs, NO_ROW), 0x12345678);
	ugvt_regfile_reset(regs);
	assert_int_equal(ugvt_regfile_read(regs, NO_ROW), 0);
}

static void test_masks(void **state)
{
	struct ugvt_regfile *regs = *state;

	ugvt_regfile_poke(regs, W1C_REG, 0xff);
	ugvt_regfile_write(regs, W1C_REG, 0x0f);
	assert_int_equal(ugvt_regfile_read(regs, W1C_REG), 0xf0);

	ugvt_regfile_write(regs, MASKED_REG, 0x00030001);
	assert_int_equal(ugvt_regfile_read(regs, MASKED_REG), 0x1);
	ugvt_regfile_write(regs, MASKED_REG, 0x00020003);
	assert_int_equal(ugvt_regfile_read(regs, MASKED_REG), 0x3);
	ugvt_regfile_write(regs, MASKED_REG, 0x0000ffff);
	assert_int_equal(ugvt_regfile_read(regs, MASKED_REG), 0x3);

	ugvt_regfile_write(regs, PART_READ_ONLY, 0xffffffff);
	assert_int_equal(ugvt_regfile_read(regs, PART_READ_ONLY), UGVT_MASTER_IRQ_ENABLE);

	ugvt_regfile_write(regs, READ_ONLY_REG, 0);
	assert_int_equal(ugvt_regfile_read(regs, READ_ONLY_REG), 1 << 3);
}

static void test_reset_values(void **state)
{
	struct ugvt_regfile *regs = *state;

	assert_int_equal(ugvt_regfile_read(regs, RESET_REG), 0xffffffff);
	ugvt_regfile_write(regs, RESET_REG, 0);
	ugvt_regfile_poke(regs, W1C_REG, 1);
	ugvt_regfile_reset_range(regs, RESET_REG, RESET_REG);
	assert_int_equal(ugvt_regfile_read(regs, RESET_REG), 0xffffffff);
	assert_int_equal(ugvt_regfile_read(regs, W1C_REG), 1);
}

static void test_hook(void **state)
{
	struct ugvt_regfile *regs = *state;
	struct unit unit = {.base.impl = &unit_impl};

	regs->units[UGVT_UNIT_FENCE] = &unit.base;
	ugvt_regfile_write(regs, UGVT_FENCE_LO + 12, 0xabcd);
	assert_int_equal(unit.writes, 1);
	assert_int_equal(unit.last.offset, UGVT_FENCE_LO + 12);
	assert_int_equal(unit.last.index, 3);
	assert_int_equal(unit.last.old, 0);
	assert_int_equal(unit.last.value, 0xabcd);
	assert_string_equal(unit.last.row->name, "FENCE");
	regs->units[UGVT_UNIT_FENCE] = NULL;
}

static void test_array_ends(void **state)
{
	struct ugvt_regfile *regs = *state;

	assert_non_null(ugvt_regfile_row(regs, UGVT_PVINFO + 0x7fc));
	assert_null(ugvt_regfile_row(regs, UGVT_PVINFO + 0x800));
	assert_ptr_equal(ugvt_regfile_row(regs, UGVT_FENCE_LO),
		ugvt_regfile_row(regs, UGVT_FENCE_LO + 8 * UGVT_FENCE_COUNT - 4));
}

#define SHARED_ROUNDS 200000

/* What hardware does to its bits of a register that the guest writes others of. */
static void *hardware_run(void *argument)
{
	struct ugvt_regfile *regs = argument;
	size_t lost = 0;

	for (uint32_t i = 0; i < SHARED_ROUNDS; i++) {
		ugvt_regfile_update(regs, MASKED_REG, 0x7, i & 0x7);
		lost += (ugvt_regfile_peek(regs, MASKED_REG) & 0x7) != (i & 0x7);
	}
	return (void *)lost;
}

static void test_two_writers(void **state)
{
	struct ugvt_regfile *regs = *state;
	size_t lost = 0;
	pthread_t thread;
	void *other;

	assert_int_equal(pthread_create(&thread, NULL, hardware_run, regs), 0);
	for (uint32_t i = 0; i < SHARED_ROUNDS; i++) {
		ugvt_regfile_write(regs, MASKED_REG, 0xf000000 | (i << 8 & 0xf00));
		lost += (ugvt_regfile_peek(regs, MASKED_REG) & 0xf00) != (i << 8 & 0xf00);
	}
	pthread_join(thread, &other);
	assert_int_equal(lost + (size_t)other, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_plain, regs_setup, regs_teardown),
		cmocka_unit_test_setup_teardown(test_masks, regs_setup, regs_teardown),
		cmocka_unit_test_setup_teardown(test_reset_values, regs_setup, regs_teardown),
		cmocka_unit_test_setup_teardown(test_hook, regs_setup, regs_teardown),
		cmocka_unit_test_setup_teardown(test_array_ends, regs_setup, regs_teardown),
		cmocka_unit_test_setup_teardown(test_two_writers, regs_setup, regs_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
