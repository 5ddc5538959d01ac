/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/cs/regs.h"
#include "tests/gpu/cs/rig.h"

/* Rings, batches, preemption, and what the registers say meanwhile. */

#define NOOP 0u
#define ARB_CHECK 0x02800000u
#define ARB_OFF 0x04000000u
#define ARB_ON 0x04000001u
#define BATCH_END 0x05000000u
#define USER_INTERRUPT 0x01000000u
#define BATCH_START 0x18800001u
#define PPGTT 0x100u
#define SECOND 0x400000u
#define STORE_DATA 0x10000002u
#define STORE_GLOBAL 0x10400002u

#define LO(addr) ugvt_lo32(addr)
#define HI(addr) ugvt_hi32(addr)

static int setup(void **state)
{
	struct rig *rig = malloc(sizeof(*rig));

	rig_init(rig, UGVT_RCS);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	rig_finish(*state);
	free(*state);
	return 0;
}

static void test_empty_ring_is_idle(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(ugvt_cs_run(rig->cs, 100), UGVT_CS_IDLE); // no context at all
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_reg(rig, RING_INSTDONE), UINT32_MAX);
	assert_true(rig_reg(rig, RING_MI_MODE) & MI_MODE_IDLE);
	assert_int_equal(rig_reg(rig, RING_ACTHD), RIG_RING);
}

static void test_ring_to_tail(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, STORE_GLOBAL, RIG_GLOBAL, 0, 0x1234);
	RIG_EMIT(rig, USER_INTERRUPT);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_global_read(rig, RIG_GLOBAL), 0x1234);
	assert_int_equal(rig->irqs, UGVT_GT_IRQ_USER);
	assert_int_equal(rig_reg(rig, RING_HEAD), rig->tail);
	assert_int_equal(rig_reg(rig, RING_ACTHD), RIG_RING + rig->tail);
}

static void test_ring_wraps(void **state)
{
	struct rig *rig = *state;

	/* Two dwords before the end: the command's second half is at the start. */
	rig->tail = RIG_RING_SIZE - 8;
	rig_image_set(rig, 5, rig->tail);
	RIG_EMIT(rig, STORE_GLOBAL, RIG_GLOBAL, 0, 0x77);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_global_read(rig, RIG_GLOBAL), 0x77);
	assert_int_equal(rig_reg(rig, RING_HEAD), RING_HEAD_WRAP | 8);
}

static void test_cut_command_waits(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, STORE_GLOBAL, RIG_GLOBAL);
	assert_int_equal(rig_run(rig), UGVT_CS_WAIT);
	assert_int_equal(rig_reg(rig, RING_HEAD), 0);
	RIG_EMIT(rig, 0, 5);
	rig_submit(rig);
	ugvt_cs_context_update(rig->cs);
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_global_read(rig, RIG_GLOBAL), 5);
}

static void test_batch(void **state)
{
	struct rig *rig = *state;

	RIG_BATCH_AT(rig, RIG_BATCH, STORE_DATA, LO(RIG_USER), HI(RIG_USER), 42, BATCH_END);
	RIG_EMIT(rig, BATCH_START | PPGTT, LO(RIG_BATCH), HI(RIG_BATCH));
	RIG_EMIT(rig, STORE_GLOBAL, RIG_GLOBAL, 0, 1);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_user_read(rig, RIG_USER), 42);
	assert_int_equal(rig_global_read(rig, RIG_GLOBAL), 1);
	assert_int_equal(ugvt_cs_stats(rig->cs)->batches, 1);
	assert_false(rig_reg(rig, RING_BB_ADDR) & BB_ADDR_VALID);
}

static void test_batch_crosses_pages(void **state)
{
	struct rig *rig = *state;
	uint64_t addr = RIG_BATCH + UGVT_PAGE_SIZE - 8;

	RIG_BATCH_AT(rig, addr, STORE_DATA, LO(RIG_USER), HI(RIG_USER), 43, BATCH_END);
	RIG_EMIT(rig, BATCH_START | PPGTT, LO(addr), HI(addr));
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_user_read(rig, RIG_USER), 43);
}

static void test_three_level_ppgtt(void **state)
{
	struct rig *rig = *state;
	uint64_t batch = UINT64_C(0x48d15000), data = UINT64_C(0x90000000);
	const struct ugvt_aspace *as = &rig->space.as;

	space_map(&rig->space, batch, space_alloc(&rig->space, 4096, 4096), 4096);
	space_map(&rig->space, data, space_alloc(&rig->space, 4096, 4096), 4096);
	ugvt_guest_memory_begin(rig->space.memory);
	space_set_ppgtt3(&rig->space);
	ugvt_guest_memory_end(rig->space.memory);
	for (unsigned i = 0; i < 4; i++) {
		rig_image_set(rig, 0x33 - 4 * i, LO(as->roots[i]));
		rig_image_set(rig, 0x31 - 4 * i, HI(as->roots[i]));
	}
	RIG_BATCH_AT(rig, batch, STORE_DATA, LO(data), HI(data), 44, BATCH_END);
	RIG_EMIT(rig, BATCH_START | PPGTT, LO(batch), HI(batch));
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_CONTEXT | 1 << 3 | 1));
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_user_read(rig, data), 44);
}

static void test_chained_batch(void **state)
{
	struct rig *rig = *state;
	uint64_t second = RIG_BATCH + 0x800;

	RIG_BATCH_AT(rig, RIG_BATCH, BATCH_START | PPGTT, LO(second), HI(second), STORE_DATA,
		LO(RIG_USER), HI(RIG_USER), 1, BATCH_END);
	RIG_BATCH_AT(rig, second, STORE_DATA, LO(RIG_USER + 4), HI(RIG_USER), 2, BATCH_END);
	RIG_EMIT(rig, BATCH_START | PPGTT, LO(RIG_BATCH), HI(RIG_BATCH));
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_user_read(rig, RIG_USER), 0); // nobody comes back
	assert_int_equal(rig_user_read(rig, RIG_USER + 4), 2);
}

static void test_second_level_returns(void **state)
{
	struct rig *rig = *state;
	uint64_t second = RIG_BATCH + 0x800, third = RIG_BATCH + 0xc00;

	RIG_BATCH_AT(rig, RIG_BATCH, BATCH_START | PPGTT | SECOND, LO(second), HI(second),
		STORE_DATA, LO(RIG_USER), HI(RIG_USER), 1, BATCH_END);
	/* Chained within the second level. */
	RIG_BATCH_AT(rig, second, BATCH_START | PPGTT | SECOND, LO(third), HI(third));
	RIG_BATCH_AT(rig, third, STORE_DATA, LO(RIG_USER + 4), HI(RIG_USER), 2, BATCH_END);
	RIG_EMIT(rig, BATCH_START | PPGTT, LO(RIG_BATCH), HI(RIG_BATCH));
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_user_read(rig, RIG_USER), 1);
	assert_int_equal(rig_user_read(rig, RIG_USER + 4), 2);
}

static void test_budget_is_a_bound(void **state)
{
	struct rig *rig = *state;
	unsigned runs = 0;

	for (unsigned i = 0; i < 1000; i++) {
		RIG_EMIT(rig, NOOP);
	}
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	while (ugvt_cs_run(rig->cs, 100) == UGVT_CS_BUDGET) {
		runs++;
	}
	assert_int_equal(runs, 10);
}

static void test_spinning_batch_waits(void **state)
{
	struct rig *rig = *state;

	RIG_BATCH_AT(
		rig, RIG_BATCH, ARB_CHECK, NOOP, BATCH_START | PPGTT, LO(RIG_BATCH), HI(RIG_BATCH));
	RIG_EMIT(rig, BATCH_START | PPGTT, LO(RIG_BATCH), HI(RIG_BATCH));
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	assert_int_equal(ugvt_cs_run(rig->cs, 100000), UGVT_CS_WAIT);
	assert_true(ugvt_cs_stats(rig->cs)->commands < 1100);
	/* The guest ends it, as its drivers' tests do. */
	rig_user_write(rig, RIG_BATCH, BATCH_END);
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
}

static void test_working_loop_does_not_wait(void **state)
{
	struct rig *rig = *state;

	RIG_BATCH_AT(rig, RIG_BATCH, STORE_DATA, LO(RIG_USER), HI(RIG_USER), 1, BATCH_START | PPGTT,
		LO(RIG_BATCH), HI(RIG_BATCH));
	RIG_EMIT(rig, BATCH_START | PPGTT, LO(RIG_BATCH), HI(RIG_BATCH));
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	assert_int_equal(ugvt_cs_run(rig->cs, 5000), UGVT_CS_BUDGET);
}

static void test_yield(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, NOOP, NOOP);
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	ugvt_cs_set_yield(rig->cs, true);
	assert_int_equal(ugvt_cs_run(rig->cs, 1000), UGVT_CS_BUDGET);
	assert_int_equal(rig_reg(rig, RING_HEAD), 0);
	ugvt_cs_set_yield(rig->cs, false);
	assert_int_equal(ugvt_cs_run(rig->cs, 1000), UGVT_CS_IDLE);
}

static void test_stop_bit_stops(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, NOOP, NOOP);
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	rig_reg_set(rig, RING_MI_MODE, MI_MODE_STOP);
	assert_int_equal(ugvt_cs_run(rig->cs, 1000), UGVT_CS_WAIT);
	assert_true(rig_reg(rig, RING_MI_MODE) & MI_MODE_IDLE);
	assert_int_equal(rig_reg(rig, RING_HEAD), 0);
}

/* In the ring, at a command that may be preempted. */
static void test_preemption_in_the_ring(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, STORE_GLOBAL, RIG_GLOBAL, 0, 1);
	RIG_EMIT(rig, ARB_OFF, ARB_CHECK, ARB_ON, NOOP); // not there
	RIG_EMIT(rig, ARB_CHECK, NOOP);
	RIG_EMIT(rig, STORE_GLOBAL, RIG_GLOBAL, 0, 2);
	ugvt_cs_set_preempt(rig->cs, true);
	assert_int_equal(rig_run(rig), UGVT_CS_PREEMPTED);
	assert_int_equal(rig_global_read(rig, RIG_GLOBAL), 1);
	assert_int_equal(rig_reg(rig, RING_HEAD), 8 * 4);
	ugvt_cs_context_save(rig->cs);
	assert_int_equal(rig_image(rig, 5), 8 * 4);
	ugvt_cs_set_preempt(rig->cs, false);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_global_read(rig, RIG_GLOBAL), 2);
}

static void batches_with_check(struct rig *rig, uint32_t kind)
{
	uint64_t second = RIG_BATCH + 0x800;

	RIG_BATCH_AT(rig, RIG_BATCH, BATCH_START | PPGTT | kind, LO(second), HI(second), STORE_DATA,
		LO(RIG_USER), HI(RIG_USER), 1, BATCH_END);
	RIG_BATCH_AT(
		rig, second, ARB_CHECK, STORE_DATA, LO(RIG_USER + 4), HI(RIG_USER), 2, BATCH_END);
	RIG_EMIT(rig, BATCH_START | PPGTT, LO(RIG_BATCH), HI(RIG_BATCH));
	RIG_EMIT(rig, STORE_GLOBAL, RIG_GLOBAL, 0, 3);
}

/* Stopped at the second level, saved, something else in between, and resumed there. */
static void test_preemption_in_a_batch(void **state)
{
	struct rig *rig = *state;
	uint64_t check = RIG_BATCH + 0x800;

	batches_with_check(rig, SECOND);
	ugvt_cs_set_preempt(rig->cs, true);
	assert_int_equal(rig_run(rig), UGVT_CS_PREEMPTED);
	assert_int_equal(rig_reg(rig, RING_ACTHD), LO(check));
	assert_int_equal(rig_reg(rig, RING_ACTHD_UDW), HI(check));
	assert_int_equal(rig_reg(rig, RING_SBB_ADDR), LO(check) | 1);
	assert_int_equal(rig_reg(rig, RING_BB_ADDR), LO(RIG_BATCH + 12) | 1);
	ugvt_cs_context_save(rig->cs);
	assert_int_equal(rig_image(rig, 0xf), LO(RIG_BATCH + 12) | 1);
	assert_int_equal(rig_image(rig, 0x15), LO(check) | 1);
	ugvt_cs_reset(rig->cs);
	for (uint32_t reg = 0x110; reg < 0x170; reg += 4) {
		rig_reg_set(rig, reg, 0xffffffff);
	}
	ugvt_cs_set_preempt(rig->cs, false);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_user_read(rig, RIG_USER), 1);
	assert_int_equal(rig_user_read(rig, RIG_USER + 4), 2);
	assert_int_equal(rig_global_read(rig, RIG_GLOBAL), 3);
}

static void test_unknown_command_hangs(void **state)
{
	static const uint32_t garbage[] = {0xffffffff, 0x20000000, 0x0a800000 | 0x1f << 23,
		0x7fff0000, 0x68010000, 0x40000000};
	struct rig *rig = *state;

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(garbage); i++) {
		RIG_EMIT(rig, NOOP, garbage[i]);
		rig->irqs = 0;
		assert_int_equal(rig_run(rig), UGVT_CS_HUNG);
		assert_int_equal(rig_reg(rig, RING_IPEHR), garbage[i]);
		assert_int_equal(rig_reg(rig, RING_EIR), 1);
		assert_int_equal(rig_reg(rig, RING_ESR), 1);
		assert_int_equal(rig->irqs, UGVT_GT_IRQ_CS_ERROR);
		assert_false(rig_reg(rig, RING_MI_MODE) & MI_MODE_IDLE);
		assert_int_equal(ugvt_cs_run(rig->cs, 100), UGVT_CS_HUNG);
		ugvt_cs_reset(rig->cs);
		assert_int_equal(ugvt_cs_run(rig->cs, 100), UGVT_CS_IDLE);
		rig_reg_set(rig, RING_EIR, 0);
		rig_image_set(rig, 5, rig->tail);
	}
	assert_int_equal(ugvt_cs_stats(rig->cs)->errors, UGVT_ARRAY_SIZE(garbage));
}

static void test_missing_batch_faults(void **state)
{
	struct rig *rig = *state;
	uint64_t nowhere = UINT64_C(0x7f0012345000);

	RIG_EMIT(rig, BATCH_START | PPGTT, LO(nowhere), HI(nowhere));
	assert_int_equal(rig_run(rig), UGVT_CS_HUNG);
	assert_int_equal(ugvt_regfile_peek(&rig->regs, FAULT_REG), 1 | UGVT_FAULT_PML4 << 1);
	assert_int_equal(ugvt_regfile_peek(&rig->regs, FAULT_TLB_DATA0), (uint32_t)(nowhere >> 12));
	assert_int_equal(ugvt_regfile_peek(&rig->regs, FAULT_TLB_DATA1), nowhere >> 44);
	assert_int_equal(ugvt_cs_stats(rig->cs)->faults, 1);
}

static void test_missing_context_is_refused(void **state)
{
	struct rig *rig = *state;

	assert_false(ugvt_cs_context_restore(rig->cs, 0xfff000 | 1));
	assert_int_equal(ugvt_cs_run(rig->cs, 100), UGVT_CS_IDLE);
}

static void test_tlb_invalidation(void **state)
{
	struct rig *rig = *state;
	uint64_t *pte = space_entry(&rig->space, RIG_USER, 0);
	uint64_t other = space_alloc(&rig->space, 4096, 4096);

	RIG_EMIT(rig, STORE_DATA, LO(RIG_USER), HI(RIG_USER), 1);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	*pte = other | SPACE_RW;
	RIG_EMIT(rig, STORE_DATA, LO(RIG_USER), HI(RIG_USER), 2);
	rig_submit(rig);
	ugvt_cs_context_update(rig->cs);
	ugvt_cs_invalidate_tlb(rig->cs);
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(*(uint32_t *)space_host(&rig->space, other), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(empty_ring_is_idle),
		TEST(ring_to_tail),
		TEST(ring_wraps),
		TEST(cut_command_waits),
		TEST(batch),
		TEST(batch_crosses_pages),
		TEST(three_level_ppgtt),
		TEST(chained_batch),
		TEST(second_level_returns),
		TEST(budget_is_a_bound),
		TEST(spinning_batch_waits),
		TEST(working_loop_does_not_wait),
		TEST(yield),
		TEST(stop_bit_stops),
		TEST(preemption_in_the_ring),
		TEST(preemption_in_a_batch),
		TEST(unknown_command_hangs),
		TEST(missing_batch_faults),
		TEST(missing_context_is_refused),
		TEST(tlb_invalidation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
