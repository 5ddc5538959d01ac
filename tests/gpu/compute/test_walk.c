/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/cs/regs.h"
#include "gpu/eu/isa.h"
#include "tests/gpu/cs/rig.h"
#include "tests/gpu/eu/encode.h"

/* Walkers by commands in a ring, with kernels of a few instructions. */

#define KERNEL RIG_USER // Instruction, Dynamic and Indirect Object Base Address, too
#define DESCRIPTORS 0x1000u
#define CURBE 0x2000u
#define INDIRECT 0x3000u
#define RESULTS (RIG_USER + 0x4000) // General State Base Address
#define RESULT_DWORDS 0x800u
#define SCRATCH 0x6000u // from there

#define SIMD8_ONE_CHANNEL (2u << 12 | 14u << 8)
#define UNTYPED_READ (1u << 14 | SIMD8_ONE_CHANNEL)
#define UNTYPED_WRITE (9u << 14 | SIMD8_ONE_CHANNEL)
#define STATELESS 253u
#define LOCAL 254u
#define BARRIER 4u

/* Registers. */
#define COMMON 1u // 0: where results of the walker begin
#define OWN 2u    // a number for each lane
#define ADDRESS 10u
#define VALUE 11u
#define SCALAR 12u

static struct {
	struct rig rig;
	struct ugvt_compute *compute;
	unsigned instructions;
} scene;

static struct rig *const rig = &scene.rig;

struct descriptor {
	bool barrier;
	uint32_t local, own, cross;
};

static void add(struct ugvt_eu_inst inst)
{
	struct ugvt_eu_bits bits = encode(&inst);

	for (unsigned i = 0; i < 4; i++) {
		rig_user_write(rig, KERNEL + 16 * scene.instructions + 4 * i,
			(uint32_t)(bits.word[i / 2] >> (32 * (i % 2))));
	}
	scene.instructions++;
}

static struct ugvt_eu_operand ud(unsigned number)
{
	return vec(UGVT_EU_UD, number);
}

static void add_op(enum ugvt_eu_opcode opcode, unsigned dst, struct ugvt_eu_operand src0,
	struct ugvt_eu_operand src1)
{
	add(make(opcode, 8, ud(dst), src0, src1));
}

static void add_message(unsigned sfid, uint32_t desc, unsigned payload, bool eot)
{
	struct ugvt_eu_inst inst = message(sfid, desc, payload, eot);

	inst.exec_size = 8;
	add(inst);
}

static void add_end(void)
{
	struct ugvt_eu_inst inst = message(UGVT_EU_SFID_SPAWNER, 1u << 25, 127, true);

	inst.no_mask = true;
	inst.exec_size = 8;
	add(inst);
}

static void add_wait(void)
{
	struct ugvt_eu_inst wait = make(UGVT_EU_WAIT, 1, arf(UGVT_EU_UD, UGVT_EU_ARF_NOTIFY, 0),
		null(UGVT_EU_UD), null(UGVT_EU_UD));

	wait.no_mask = true;
	add(wait);
}

static void add_barrier(void)
{
	struct ugvt_eu_inst inst = message(UGVT_EU_SFID_GATEWAY, 1u << 25 | BARRIER, 0, false);

	inst.no_mask = true;
	inst.exec_size = 8;
	add(inst);
	add_wait();
}

/* ADDRESS: of the lane's number in OWN, behind those of groups before in x, of 64 bytes each. */
static void add_address(unsigned own, unsigned common)
{
	add_op(UGVT_EU_SHL, ADDRESS, ud(own), imm(UGVT_EU_UD, 2));
	add_op(UGVT_EU_SHL, SCALAR, one(UGVT_EU_UD, 0, 1), imm(UGVT_EU_UD, 6));
	add_op(UGVT_EU_ADD, ADDRESS, ud(ADDRESS), ud(SCALAR));
	add_op(UGVT_EU_ADD, ADDRESS, ud(ADDRESS), one(UGVT_EU_UD, common, 0));
}

static void add_write(uint32_t surface)
{
	add_message(UGVT_EU_SFID_DATA_CACHE_1, 2u << 25 | UNTYPED_WRITE | surface, ADDRESS, false);
}

static int setup(void **state)
{
	(void)state;
	scene.compute = ugvt_compute_create();
	scene.instructions = 0;
	assert_non_null(scene.compute);
	rig_init_compute(rig, scene.compute);
	RIG_EMIT(rig, 0x61010011, ugvt_lo32(RESULTS) | 1, ugvt_hi32(RESULTS), 0, 1, 0,
		ugvt_lo32(KERNEL) | 1, ugvt_hi32(KERNEL), ugvt_lo32(KERNEL) | 1, ugvt_hi32(KERNEL),
		ugvt_lo32(KERNEL) | 1, ugvt_hi32(KERNEL), 0xfffff001, 0xfffff001, 0xfffff001,
		0xfffff001, 0, 0, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_finish(rig);
	ugvt_compute_destroy(scene.compute);
	return 0;
}

/* Scratch, constants of 4 registers: SCRATCH's first, then lanes' numbers of three threads; a descriptor. */
static void state_emit(const struct descriptor *descriptor)
{
	uint32_t dw[8] = {0};

	dw[5] = descriptor->own << 16;
	dw[6] = 2 | descriptor->local << 16 | (descriptor->barrier ? 1u << 21 : 0);
	dw[7] = descriptor->cross;
	rig_user_fill(rig, KERNEL + DESCRIPTORS + 32, dw, 8);
	for (unsigned i = 0; i < 8; i++) {
		rig_user_write(rig, KERNEL + CURBE + 4 * i, 0);
		rig_user_write(rig, KERNEL + INDIRECT + 4 * i, 0x100);
	}
	for (unsigned i = 0; i < 24; i++) {
		rig_user_write(rig, KERNEL + CURBE + 32 + 4 * i, i);
		rig_user_write(rig, KERNEL + INDIRECT + 32 + 4 * i, i);
	}
	for (unsigned i = 0; i < RESULT_DWORDS; i++) {
		rig_user_write(rig, RESULTS + 4 * i, 0);
	}
	RIG_EMIT(rig, 0x70000007, SCRATCH | 1, 0, 0, 0, 0, 0, 0, 0);
	RIG_EMIT(rig, 0x70010002, 0, 128, CURBE);
	RIG_EMIT(rig, 0x70020002, 0, 64, DESCRIPTORS);
}

/* threads in x, of SIMD8; groups: from 0 or what is there to what is given. */
static void walk_emit(uint32_t flags, unsigned threads, const uint32_t groups[3], uint32_t mask)
{
	RIG_EMIT(rig, 0x7105000d | flags, 1, 0, 0, threads - 1, 0, 0, groups[0], 0, 0, groups[1], 0,
		groups[2], mask, UINT32_MAX);
}

/* To the end of what was emitted. */
static void run(void)
{
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	ugvt_cs_context_save(rig->cs);
}

static uint32_t result(unsigned dword)
{
	return rig_user_read(rig, RESULTS + 4 * dword);
}

/* Every lane writes where it is, in three dimensions; the right mask counts for a group's last thread. */
static void test_groups(void **state)
{
	const uint32_t groups[3] = {3, 2, 2};
	const struct descriptor descriptor = {.own = 1, .cross = 1};

	(void)state;
	add_address(OWN, COMMON);
	add_op(UGVT_EU_SHL, SCALAR, one(UGVT_EU_UD, 0, 6), imm(UGVT_EU_UD, 8));
	add_op(UGVT_EU_ADD, ADDRESS, ud(ADDRESS), ud(SCALAR));
	add_op(UGVT_EU_SHL, SCALAR, one(UGVT_EU_UD, 0, 7), imm(UGVT_EU_UD, 9));
	add_op(UGVT_EU_ADD, ADDRESS, ud(ADDRESS), ud(SCALAR));
	add_op(UGVT_EU_ADD, VALUE, ud(ADDRESS), imm(UGVT_EU_UD, 1));
	add_write(STATELESS);
	add_end();
	state_emit(&descriptor);
	walk_emit(0, 2, groups, 0x7f);
	run();
	for (unsigned i = 0; i < 256; i++) {
		bool there = i % 64 < 48 && i % 16 != 15;

		assert_int_equal(result(i), there ? 4 * i + 1 : 0);
	}
	assert_int_equal(rig_reg(rig, RING_GPGPU_THREADS_DISPATCHED), 12 * 15);
}

/* Constants of the walker's own: those of each thread come first in registers. */
static void test_indirect_data(void **state)
{
	const struct descriptor descriptor = {.own = 1, .cross = 1};

	(void)state;
	add_address(1, 2);
	add_op(UGVT_EU_ADD, VALUE, ud(1), imm(UGVT_EU_UD, 7));
	add_write(STATELESS);
	add_end();
	state_emit(&descriptor);
	RIG_EMIT(rig, 0x7105000d, 1, 128, INDIRECT, 2, 0, 0, 1, 0, 0, 1, 0, 1, UINT32_MAX,
		UINT32_MAX);
	run();
	for (unsigned i = 0; i < 24; i++) {
		assert_int_equal(result(0x40 + i), i + 7);
	}
	assert_int_equal(result(0x40 + 24), 0);
}

/* Registers of a media thread: constants, inline data of a register and a half, indirect data. */
static void test_media_object(void **state)
{
	const struct descriptor descriptor = {.own = 2};

	(void)state;
	add_op(UGVT_EU_SHL, ADDRESS, ud(2),
		imm(UGVT_EU_UD, 2)); // lanes' numbers: the CURBE's second
	add_op(UGVT_EU_ADD, VALUE, ud(3), ud(4));
	add_op(UGVT_EU_ADD, VALUE, ud(VALUE), ud(6));
	add_write(STATELESS);
	add_end();
	state_emit(&descriptor);
	RIG_EMIT(rig, 0x71000010, 1, 64, INDIRECT, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 0x20, 0x30,
		0x40);
	run();
	for (unsigned i = 0; i < 8; i++) {
		assert_int_equal(result(i), i + 1 + (i < 4 ? 0x10 * (i + 1) : 0) + i);
	}
	assert_int_equal(result(8), 0);
	assert_int_equal(atomic_load(&ugvt_cs_stats(rig->cs)->not_executed), 0);
}

/* Dimensions from registers; a predicate that says no. */
static void test_indirect_dispatch(void **state)
{
	const uint32_t none[3] = {0, 0, 0};
	const struct descriptor descriptor = {.own = 1, .cross = 1};

	(void)state;
	add_address(OWN, COMMON);
	add_op(UGVT_EU_ADD, VALUE, ud(OWN), imm(UGVT_EU_UD, 1));
	add_write(STATELESS);
	add_end();
	state_emit(&descriptor);
	walk_emit(0, 1, none, UINT32_MAX);
	rig_reg_set(rig, RING_GPGPU_DISPATCHDIM, 2);
	rig_reg_set(rig, RING_GPGPU_DISPATCHDIM + 4, 1);
	rig_reg_set(rig, RING_GPGPU_DISPATCHDIM + 8, 1);
	rig_reg_set(rig, RING_PREDICATE_RESULT, 0);
	walk_emit(1u << 10 | 1u << 8, 2, none, UINT32_MAX);
	run();
	assert_int_equal(result(0), 0);
	walk_emit(1u << 10, 1, none, UINT32_MAX);
	run();
	assert_int_equal(result(0), 1);
	assert_int_equal(result(16 + 7), 8);
	assert_int_equal(result(32), 0);
	assert_int_equal(result(8), 0);
}

/* What one thread wrote to local memory the other one reads behind a barrier; each group's is its own. */
static void test_barrier(void **state)
{
	const uint32_t groups[3] = {4, 1, 1};
	const struct descriptor descriptor = {.barrier = true, .local = 1, .own = 1, .cross = 1};
	struct ugvt_eu_inst read;

	(void)state;
	add_op(UGVT_EU_SHL, ADDRESS, ud(OWN), imm(UGVT_EU_UD, 2));
	add_op(UGVT_EU_ADD, VALUE, ud(OWN), one(UGVT_EU_UD, 0, 1));
	add_write(LOCAL);
	add_barrier();
	add_op(UGVT_EU_XOR, ADDRESS, ud(ADDRESS), imm(UGVT_EU_UD, 0x3c));
	read = message(UGVT_EU_SFID_DATA_CACHE_1, 1u << 25 | 1u << 20 | UNTYPED_READ | LOCAL,
		ADDRESS, false);
	read.exec_size = 8;
	read.dst = ud(VALUE);
	add(read);
	add_barrier();
	add_address(OWN, COMMON);
	add_write(STATELESS);
	add_end();
	state_emit(&descriptor);
	walk_emit(0, 2, groups, UINT32_MAX);
	run();
	for (unsigned i = 0; i < 64; i++) {
		assert_int_equal(result(i), (15 - i % 16) + i / 16);
	}
}

/* Each thread of a group has scratch space of its own, of 2 KB. */
static void test_scratch(void **state)
{
	const uint32_t groups[3] = {1, 1, 1};
	const struct descriptor descriptor = {.barrier = true, .own = 1, .cross = 1};

	(void)state;
	add_op(UGVT_EU_MOV, ADDRESS, ud(0), null(UGVT_EU_UD));
	add_op(UGVT_EU_MOV, VALUE, imm(UGVT_EU_UD, 0), null(UGVT_EU_UD));
	add_op(UGVT_EU_MOV, VALUE + 1, ud(OWN), null(UGVT_EU_UD));
	add_message(UGVT_EU_SFID_DATA_CACHE_0,
		3u << 25 | 1u << 19 | 11u << 14 | 2u << 8 | STATELESS, ADDRESS, false);
	add_end();
	state_emit(&descriptor);
	walk_emit(0, 2, groups, UINT32_MAX);
	run();
	assert_int_equal(rig_user_read(rig, RESULTS + SCRATCH), 7);
	assert_int_equal(rig_user_read(rig, RESULTS + SCRATCH + 0x800), 15);
}

/* One never comes to the barrier, all wait for ever, one faults: the walker ends, and what follows it runs. */
static void test_deadlock(void **state)
{
	const uint32_t groups[3] = {2, 1, 1};

	(void)state;
	for (unsigned barrier = 0; barrier < 2; barrier++) {
		const struct descriptor descriptor = {.barrier = barrier, .own = 1, .cross = 1};

		scene.instructions = 0;
		add_wait();
		add_end();
		state_emit(&descriptor);
		walk_emit(0, 3, groups, UINT32_MAX);
		RIG_EMIT(rig, 0x11000001, rig->info->base + 0x600, 0x1234 + barrier);
		run();
		assert_int_equal(rig_reg(rig, 0x600), 0x1234 + barrier);
	}
}

/* A kernel that never ends leaves the streamer when the budget is used up, as often as it is asked. */
static void test_endless(void **state)
{
	const uint32_t groups[3] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
	const struct descriptor descriptor = {.own = 1, .cross = 1};
	struct ugvt_eu_inst jump = make(UGVT_EU_JMPI, 1, arf(UGVT_EU_UD, UGVT_EU_ARF_IP, 0),
		arf(UGVT_EU_UD, UGVT_EU_ARF_IP, 0), imm(UGVT_EU_D, (uint32_t)-16));

	(void)state;
	jump.no_mask = true;
	add(jump);
	state_emit(&descriptor);
	walk_emit(0, 1, groups, UINT32_MAX);
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(ugvt_cs_run(rig->cs, 1000), UGVT_CS_BUDGET);
	}
	assert_int_equal(rig_reg(rig, RING_GPGPU_THREADS_DISPATCHED), 8);
}

/* More threads than a group can have, and no kernel at all. */
static void test_refused(void **state)
{
	const uint32_t groups[3] = {1, 1, 1};
	const struct descriptor descriptor = {.own = 0xffff, .cross = 0xff};

	(void)state;
	add_end();
	state_emit(&descriptor);
	RIG_EMIT(rig, 0x7105000d, 1, 0, 0, 0x3f3f3f, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0);
	walk_emit(0, 1, groups, 0);
	RIG_EMIT(rig, 0x7105000d, 63, 0x1ffff, 0xffffffc0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1);
	run();
	assert_int_equal(ugvt_cs_stats(rig->cs)->not_executed, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_groups, setup, teardown),
		cmocka_unit_test_setup_teardown(test_indirect_data, setup, teardown),
		cmocka_unit_test_setup_teardown(test_media_object, setup, teardown),
		cmocka_unit_test_setup_teardown(test_indirect_dispatch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_barrier, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scratch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deadlock, setup, teardown),
		cmocka_unit_test_setup_teardown(test_endless, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
