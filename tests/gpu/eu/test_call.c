/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/gpu/eu/rig.h"

/* Subroutines. All instructions are native: 16 bytes. They lie in front of their caller, who jumps over them. */

enum {
	VALUE = 10,
	RETURN = 20, // registers that calls leave their return in
	RETURN_INNER = 21,
	SECOND_FLAG = 2, // f1.0
};

static struct ugvt_eu_inst add(int value)
{
	return make(UGVT_EU_ADD, 8, vec(UGVT_EU_D, VALUE), vec(UGVT_EU_D, VALUE),
		imm(UGVT_EU_D, (uint32_t)value));
}

static struct ugvt_eu_inst jump_over(unsigned count)
{
	struct ugvt_eu_inst inst = make(UGVT_EU_JMPI, 1, arf(UGVT_EU_UD, UGVT_EU_ARF_IP, 0),
		arf(UGVT_EU_UD, UGVT_EU_ARF_IP, 0), imm(UGVT_EU_D, count * 16));

	inst.no_mask = true;
	return inst;
}

static struct ugvt_eu_inst call(enum ugvt_eu_opcode opcode, unsigned number, int jip)
{
	struct ugvt_eu_inst inst = branch(opcode, 8, jip, 0);

	inst.dst = vec(UGVT_EU_UD, number);
	return inst;
}

static struct ugvt_eu_inst ret(unsigned number)
{
	return make(UGVT_EU_RET, 8, null(UGVT_EU_UD), region(UGVT_EU_UD, number, 2, 2, 1),
		null(UGVT_EU_UD));
}

static struct ugvt_eu_inst predicated(struct ugvt_eu_inst inst, unsigned flag)
{
	inst.predicate = UGVT_EU_PREDICATE_NORMAL;
	inst.flag = (uint8_t)flag;
	return inst;
}

static void expect(const struct rig *rig, const int32_t want[8])
{
	for (unsigned n = 0; n < 8; n++) {
		assert_int_equal((int32_t)rig_get(rig, UGVT_EU_D, VALUE, n), want[n]);
	}
}

static void expect_return(
	const struct rig *rig, unsigned number, uint32_t offset, uint32_t channels)
{
	assert_int_equal(rig_get(rig, UGVT_EU_UD, number, 0), offset);
	assert_int_equal(rig_get(rig, UGVT_EU_UD, number, 1), channels);
}

/* Adds 1 in a subroutine, then 100. */
static void once_build(struct rig *rig, struct ugvt_eu_inst the_call)
{
	rig_init(rig);
	rig_add(rig, jump_over(2));
	rig_add(rig, add(1));
	rig_add(rig, ret(RETURN));
	rig_add(rig, the_call);
	rig_add(rig, add(100));
	rig_start(rig, 0xff, 0);
}

static void test_call(void **state)
{
	struct rig rig;

	once_build(&rig, call(UGVT_EU_CALL, RETURN, -32));
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, (int32_t[]){101, 101, 101, 101, 101, 101, 101, 101});
	expect_return(&rig, RETURN, 64, 0xff);
	assert_int_equal(rig_get(&rig, UGVT_EU_UD, RETURN, 2), 0);
	/* jmpi, call, add, ret, add, and the end. */
	assert_int_equal(rig.thread.executed, 5 + UGVT_EU_MESSAGE_COST);
	rig_finish(&rig);
}

/* From the kernel's start on. */
static void test_call_absolute(void **state)
{
	struct rig rig;

	once_build(&rig, call(UGVT_EU_CALLA, RETURN, 16));
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, (int32_t[]){101, 101, 101, 101, 101, 101, 101, 101});
	expect_return(&rig, RETURN, 64, 0xff);
	rig_finish(&rig);
}

/* Who does not go along waits behind the call. */
static void test_call_predicated(void **state)
{
	struct rig rig;

	once_build(&rig, predicated(call(UGVT_EU_CALL, RETURN, -32), 0));
	rig.thread.flag[0] = 0x0f;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, (int32_t[]){101, 101, 101, 101, 100, 100, 100, 100});
	expect_return(&rig, RETURN, 64, 0x0f);
	assert_int_equal(rig.thread.active, 0xff);
	rig_finish(&rig);
}

/* Called for nobody it does nothing, not even leave a return. */
static void test_call_nobody(void **state)
{
	struct rig rig;

	once_build(&rig, predicated(call(UGVT_EU_CALL, RETURN, -32), 0));
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, (int32_t[]){100, 100, 100, 100, 100, 100, 100, 100});
	expect_return(&rig, RETURN, 0, 0);
	rig_finish(&rig);
}

/* Some return early, and wait for the rest. */
static void test_return_predicated(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, jump_over(4));
	rig_add(&rig, add(1));
	rig_add(&rig, predicated(ret(RETURN), SECOND_FLAG));
	rig_add(&rig, add(10));
	rig_add(&rig, ret(RETURN));
	rig_add(&rig, call(UGVT_EU_CALL, RETURN, -64));
	rig_add(&rig, add(100));
	rig_start(&rig, 0xff, 0);
	rig.thread.flag[1] = 0x33;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, (int32_t[]){101, 101, 111, 111, 101, 101, 111, 111});
	expect_return(&rig, RETURN, 96, 0xff);
	assert_int_equal(rig.thread.active, 0xff);
	rig_finish(&rig);
}

/* A subroutine that calls another one for some of its channels, twice called itself. */
static void test_nested(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, jump_over(5));
	rig_add(&rig, add(1));
	rig_add(&rig, ret(RETURN_INNER));
	rig_add(&rig, predicated(call(UGVT_EU_CALL, RETURN_INNER, -32), 0));
	rig_add(&rig, add(10));
	rig_add(&rig, ret(RETURN));
	rig_add(&rig, call(UGVT_EU_CALL, RETURN, -48));
	rig_add(&rig, call(UGVT_EU_CALL, RETURN, -64));
	rig_add(&rig, add(100));
	rig_start(&rig, 0xff, 0);
	rig.thread.flag[0] = 0x81;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, (int32_t[]){122, 120, 120, 120, 120, 120, 120, 122});
	expect_return(&rig, RETURN_INNER, 64, 0x81);
	expect_return(&rig, RETURN, 128, 0xff);
	rig_finish(&rig);
}

static void test_wild(void **state)
{
	static const int distances[] = {8, 64 * 16, INT32_MAX - 7, INT32_MIN};
	static const uint32_t returns[] = {8, 0x40000000, 0xfffffff0};
	struct rig rig;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(distances); i++) {
		once_build(&rig, call(i % 2 ? UGVT_EU_CALLA : UGVT_EU_CALL, RETURN, distances[i]));
		assert_int_equal(rig_run(&rig), UGVT_EU_FAULTED);
		assert_string_equal(rig.thread.fault, "branch to no instruction");
		rig_finish(&rig);
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(returns); i++) {
		rig_init(&rig);
		rig_add(&rig, ret(RETURN));
		rig_start(&rig, 0xff, 0);
		rig_set(&rig, UGVT_EU_UD, RETURN, 0, returns[i]);
		assert_int_equal(rig_run(&rig), UGVT_EU_FAULTED);
		assert_string_equal(rig.thread.fault, "return to no instruction");
		rig_finish(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_call_absolute),
		cmocka_unit_test(test_call_predicated),
		cmocka_unit_test(test_call_nobody),
		cmocka_unit_test(test_return_predicated),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_wild),
	};

	return cmocka_run_group_tests_name("eu call", tests, NULL, NULL);
}
