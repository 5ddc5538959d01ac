/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/gpu/eu/rig.h"

/* Channels that go different ways. All instructions are native: 16 bytes. */

enum {
	VALUE = 10,
	COUNT = 11,
	LIMIT = 12,
};

static struct ugvt_eu_inst add(unsigned number, int value)
{
	return make(UGVT_EU_ADD, 8, vec(UGVT_EU_D, number), vec(UGVT_EU_D, number),
		imm(UGVT_EU_D, (uint32_t)value));
}

static struct ugvt_eu_inst compare(enum ugvt_eu_cmod cmod, unsigned number, unsigned with)
{
	struct ugvt_eu_inst inst =
		make(UGVT_EU_CMP, 8, null(UGVT_EU_D), vec(UGVT_EU_D, number), vec(UGVT_EU_D, with));

	inst.cmod = cmod;
	return inst;
}

static struct ugvt_eu_inst if_flag(struct ugvt_eu_inst inst)
{
	inst.predicate = UGVT_EU_PREDICATE_NORMAL;
	return inst;
}

static void expect(const struct rig *rig, unsigned number, const int32_t want[8])
{
	for (unsigned n = 0; n < 8; n++) {
		assert_int_equal((int32_t)rig_get(rig, UGVT_EU_D, number, n), want[n]);
	}
}

/* if (flag) value += 1, else value += 10; then value += 100. */
static void if_else_build(struct rig *rig)
{
	rig_init(rig);
	rig_add(rig, if_flag(branch(UGVT_EU_IF, 8, 3 * 16, 4 * 16)));
	rig_add(rig, add(VALUE, 1));
	rig_add(rig, branch(UGVT_EU_ELSE, 8, 2 * 16, 2 * 16));
	rig_add(rig, add(VALUE, 10));
	rig_add(rig, branch(UGVT_EU_ENDIF, 8, 16, 0));
	rig_add(rig, add(VALUE, 100));
}

static void test_if_else(void **state)
{
	struct rig rig;

	if_else_build(&rig);
	rig_start(&rig, 0xff, 0);
	rig.thread.flag[0] = 0x0f;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, VALUE, (int32_t[]){101, 101, 101, 101, 110, 110, 110, 110});
	assert_int_equal(rig.thread.active, 0xff);
	rig_finish(&rig);
}

/* A side that nobody takes is jumped over. */
static void test_if_nobody(void **state)
{
	static const struct {
		uint32_t flag;
		uint64_t executed;
		int32_t value;
	} cases[] = {{0xff, 6, 101}, {0x00, 5, 110}};
	struct rig rig;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		int32_t v = cases[i].value;

		if_else_build(&rig);
		rig_start(&rig, 0xff, 0);
		rig.thread.flag[0] = cases[i].flag;
		assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
		expect(&rig, VALUE, (int32_t[]){v, v, v, v, v, v, v, v});
		assert_int_equal(rig.thread.executed, cases[i].executed + UGVT_EU_MESSAGE_COST - 1);
		rig_finish(&rig);
	}
}

/* Channels that the thread was not given stay out of it. */
static void test_undispatched(void **state)
{
	struct rig rig;

	if_else_build(&rig);
	rig_start(&rig, 0x99, 0);
	rig.thread.flag[0] = 0xf0;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, VALUE, (int32_t[]){110, 0, 0, 110, 101, 0, 0, 101});
	rig_finish(&rig);
}

/* do { count++; if (count >= limit) break; value += count; } while (true) */
static void test_loop_break(void **state)
{
	static const int32_t limits[8] = {1, 2, 3, 4, 5, 1, 9, 2};
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, add(COUNT, 1));
	rig_add(&rig, compare(UGVT_EU_CMOD_GE, COUNT, LIMIT));
	rig_add(&rig, if_flag(branch(UGVT_EU_BREAK, 8, 2 * 16, 2 * 16)));
	rig_add(&rig, make(UGVT_EU_ADD, 8, vec(UGVT_EU_D, VALUE), vec(UGVT_EU_D, VALUE),
			      vec(UGVT_EU_D, COUNT)));
	rig_add(&rig, branch(UGVT_EU_WHILE, 8, -4 * 16, 0));
	rig_add(&rig, add(VALUE, 1000));
	rig_start(&rig, 0xff, 0);
	for (unsigned n = 0; n < 8; n++) {
		rig_set(&rig, UGVT_EU_D, LIMIT, n, (uint32_t)limits[n]);
	}
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, COUNT, limits);
	expect(&rig, VALUE, (int32_t[]){1000, 1001, 1003, 1006, 1010, 1000, 1036, 1001});
	rig_finish(&rig);
}

/* do { count++; if (count & 1) continue; value++; } while (count < limit) */
static void test_loop_continue(void **state)
{
	static const int32_t limits[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct ugvt_eu_inst odd =
		make(UGVT_EU_AND, 8, null(UGVT_EU_D), vec(UGVT_EU_D, COUNT), imm(UGVT_EU_D, 1));
	struct rig rig;

	odd.cmod = UGVT_EU_CMOD_NZ;
	rig_init(&rig);
	rig_add(&rig, add(COUNT, 1));
	rig_add(&rig, compare(UGVT_EU_CMOD_L, COUNT, LIMIT));
	rig_add(&rig, make(UGVT_EU_MOV, 1, arf(UGVT_EU_UD, UGVT_EU_ARF_FLAG, 1),
			      region(UGVT_EU_UD, 0, 0, 1, 0), null(UGVT_EU_UD)));
	odd.flag = 2;
	rig_add(&rig, odd);
	{
		struct ugvt_eu_inst cont = if_flag(branch(UGVT_EU_CONT, 8, 2 * 16, 2 * 16));

		cont.flag = 2;
		rig_add(&rig, cont);
	}
	rig_add(&rig, add(VALUE, 1));
	rig_add(&rig, if_flag(branch(UGVT_EU_WHILE, 8, -6 * 16, 0)));
	rig_start(&rig, 0xff, 0);
	for (unsigned n = 0; n < 8; n++) {
		rig_set(&rig, UGVT_EU_D, LIMIT, n, (uint32_t)limits[n]);
	}
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, COUNT, limits);
	expect(&rig, VALUE, (int32_t[]){0, 1, 1, 2, 2, 3, 3, 4});
	rig_finish(&rig);
}

/* Some leave inside a condition; the rest go on, and all meet at the end. */
static void test_halt(void **state)
{
	struct ugvt_eu_inst leave = if_flag(branch(UGVT_EU_HALT, 8, 2 * 16, 4 * 16));
	struct rig rig;

	leave.flag = 1;
	rig_init(&rig);
	rig_add(&rig, if_flag(branch(UGVT_EU_IF, 8, 3 * 16, 3 * 16)));
	rig_add(&rig, leave);
	rig_add(&rig, add(VALUE, 1));
	rig_add(&rig, branch(UGVT_EU_ENDIF, 8, 2 * 16, 0));
	rig_add(&rig, add(VALUE, 10));
	rig_add(&rig, branch(UGVT_EU_HALT, 8, 16, 16));
	rig_start(&rig, 0xff, 0);
	rig.thread.flag[0] = 0x0030000f | 0x00030000;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, VALUE, (int32_t[]){0, 0, 11, 11, 10, 10, 10, 10});
	rig_finish(&rig);
}

/* What ignores the mask executes although nobody is there. */
static void test_no_mask(void **state)
{
	struct ugvt_eu_inst all = add(VALUE, 1);
	struct rig rig;

	all.no_mask = true;
	rig_init(&rig);
	rig_add(&rig, if_flag(branch(UGVT_EU_IF, 8, 2 * 16, 2 * 16)));
	rig_add(&rig, all);
	rig_add(&rig, branch(UGVT_EU_ENDIF, 8, 16, 0));
	rig_start(&rig, 0x0f, 0);
	rig.thread.flag[0] = 0x01;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, VALUE, (int32_t[]){1, 1, 1, 1, 1, 1, 1, 1});
	rig_finish(&rig);
}

/* Forward past an instruction, by a number and by a register. */
static void test_jmpi(void **state)
{
	struct ugvt_eu_inst jump;
	struct rig rig;

	rig_init(&rig);
	jump = make(UGVT_EU_JMPI, 1, arf(UGVT_EU_UD, UGVT_EU_ARF_IP, 0),
		arf(UGVT_EU_UD, UGVT_EU_ARF_IP, 0), imm(UGVT_EU_D, 16));
	jump.no_mask = true;
	rig_add(&rig, jump);
	rig_add(&rig, add(VALUE, 1));
	jump.src[1] = region(UGVT_EU_D, COUNT, 0, 1, 0);
	rig_add(&rig, jump);
	rig_add(&rig, add(VALUE, 10));
	rig_add(&rig, add(VALUE, 100));
	rig_start(&rig, 0xff, 0);
	rig_set(&rig, UGVT_EU_D, COUNT, 0, 16);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, VALUE, (int32_t[]){100, 100, 100, 100, 100, 100, 100, 100});
	rig_finish(&rig);
}

/* goto leaves channels behind that join picks up. */
static void test_goto_join(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, if_flag(branch(UGVT_EU_GOTO, 8, 2 * 16, 2 * 16)));
	rig_add(&rig, add(VALUE, 1));
	rig_add(&rig, branch(UGVT_EU_JOIN, 8, 16, 0));
	rig_add(&rig, add(VALUE, 10));
	rig_start(&rig, 0xff, 0);
	rig.thread.flag[0] = 0x03;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, VALUE, (int32_t[]){10, 10, 11, 11, 11, 11, 11, 11});
	rig_finish(&rig);
}

static void test_endless(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, add(COUNT, 1));
	rig_add(&rig, branch(UGVT_EU_WHILE, 8, -16, 0));
	rig_start(&rig, 0xff, 0);
	for (int32_t i = 1; i <= 3; i++) {
		assert_int_equal(ugvt_eu_thread_run(&rig.thread, &rig.port, 2000), UGVT_EU_PAUSED);
		expect(&rig, COUNT,
			(int32_t[]){i * 1000, i * 1000, i * 1000, i * 1000, i * 1000, i * 1000,
				i * 1000, i * 1000});
	}
	assert_int_equal(rig.messages, 0);
	rig_finish(&rig);
}

static void test_wild_branches(void **state)
{
	static const int distances[] = {-16, 8, 4, 64 * 16, INT32_MAX, INT32_MIN};
	struct rig rig;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(distances); i++) {
		rig_init(&rig);
		rig_add(&rig, branch(UGVT_EU_WHILE, 8, distances[i], 0));
		rig_start(&rig, 0xff, 0);
		assert_int_equal(rig_run(&rig), UGVT_EU_FAULTED);
		assert_non_null(rig.thread.fault);
		rig_finish(&rig);
	}
}

/* What another thread left is gone, as far as the kernel can see. */
static void test_clean_start(void **state)
{
	struct ugvt_eu_inst move =
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_D, VALUE), vec(UGVT_EU_D, 20), null(UGVT_EU_UD));
	struct ugvt_eu_inst far = make(UGVT_EU_MOV, 8, vec(UGVT_EU_D, COUNT),
		region(UGVT_EU_D, 0, 0, 1, 0), null(UGVT_EU_UD));
	struct rig rig;

	far.src[0].indirect = true;
	far.src[0].address_imm = 33 * UGVT_EU_REGISTER_BYTES;
	for (unsigned i = 0; i < 2; i++) {
		rig_init(&rig);
		rig_add(&rig, i == 0 ? move : far);
		rig_start(&rig, 0xff, 0);
		memset(&rig.thread, 0xee, sizeof(rig.thread));
		ugvt_eu_thread_init(&rig.thread, rig.program, 0xff, 0);
		assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
		expect(&rig, i == 0 ? VALUE : COUNT, (int32_t[8]){0});
		for (unsigned n = 0; n < 8; n++) {
			assert_int_equal(((const uint32_t *)rig.payload)[n], 0);
		}
		rig_finish(&rig);
	}
}

/* Drivers look for the first channel that lives there. */
static void test_dispatch_masks(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_start(&rig, 0x99, 0);
	assert_int_equal(rig.thread.sr0[2], 0x99);
	assert_int_equal(rig.thread.sr0[3], 0x99);
	rig_finish(&rig);
}

static void test_no_end(void **state)
{
	struct ugvt_eu_inst inst = add(VALUE, 1);
	struct ugvt_eu_bits code = encode(&inst);
	struct rig rig;

	rig_init(&rig);
	rig.program = ugvt_eu_program_create(&code, sizeof(code));
	assert_non_null(rig.program);
	ugvt_eu_thread_init(&rig.thread, rig.program, 0xff, 0);
	assert_int_equal(rig_run(&rig), UGVT_EU_FAULTED);
	assert_string_equal(rig.thread.fault, "beyond the kernel's end");
	rig_finish(&rig);
}

static void test_wait(void **state)
{
	struct ugvt_eu_inst wait = make(UGVT_EU_WAIT, 1, arf(UGVT_EU_UD, UGVT_EU_ARF_NOTIFY, 0),
		null(UGVT_EU_UD), null(UGVT_EU_UD));
	struct rig rig;

	wait.no_mask = true;
	rig_init(&rig);
	rig_add(&rig, wait);
	rig_start(&rig, 0xff, 0);
	assert_int_equal(rig_run(&rig), UGVT_EU_WAITS);
	assert_int_equal(rig_run(&rig), UGVT_EU_WAITS);
	ugvt_eu_thread_notify(&rig.thread, 0);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	assert_int_equal(rig.thread.notifications[0], 0);
	rig_finish(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_if_else),
		cmocka_unit_test(test_if_nobody),
		cmocka_unit_test(test_undispatched),
		cmocka_unit_test(test_loop_break),
		cmocka_unit_test(test_loop_continue),
		cmocka_unit_test(test_halt),
		cmocka_unit_test(test_no_mask),
		cmocka_unit_test(test_jmpi),
		cmocka_unit_test(test_goto_join),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_wild_branches),
		cmocka_unit_test(test_clean_start),
		cmocka_unit_test(test_dispatch_masks),
		cmocka_unit_test(test_no_end),
		cmocka_unit_test(test_wait),
	};

	return cmocka_run_group_tests_name("eu flow", tests, NULL, NULL);
}
