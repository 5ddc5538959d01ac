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

/*
 * What a batch in the PPGTT may not do (PRM SKL vol 6, "User Mode Privileged Commands" and "User Mode Non-Privileged
 * Registers"). Each command runs twice: in a batch of the GGTT, where it works, and in one of the PPGTT, where it does not.
 */

#define LO(addr) ((uint32_t)(addr))
#define HI(addr) ((uint32_t)((addr) >> 32))
#define GLOBAL_AT RIG_GLOBAL
#define BATCH_END 0x05000000

struct privilege_case {
	const char *name;
	enum ugvt_engine_id engine;
	unsigned n;
	uint32_t dw[16];
	/* Where to see it: a register if it is below the GGTT addresses that are used, else GGTT memory. */
	uint32_t where;
	uint32_t value;
};

#define COMMAND(...) .n = sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), .dw = {__VA_ARGS__}

static const struct privilege_case refused[] = {
	{"STORE_DATA_IMM", UGVT_RCS, COMMAND(0x10400002, GLOBAL_AT, 0, 1), GLOBAL_AT, 1},
	{"STORE_DATA_INDEX", UGVT_RCS, COMMAND(0x10800001, 0x40, 1), RIG_HWSP + 0x40, 1},
	{"STORE_DATA_INDEX per process", UGVT_BCS, COMMAND(0x10a00001, 0x40, 1), RIG_CONTEXT + 0x40,
		1},
	{"STORE_REGISTER_MEM", UGVT_RCS, COMMAND(0x12400002, 0x203c, GLOBAL_AT, 0), GLOBAL_AT,
		(RIG_RING_SIZE - 4096) | 1},
	{"LOAD_REGISTER_MEM", UGVT_RCS, COMMAND(0x14c00002, 0x2600, GLOBAL_AT + 4, 0), 0x2600, 9},
	{"LOAD_REGISTER_IMM", UGVT_RCS, COMMAND(0x11000001, 0x2080, 0x5000), 0x2080, 0x5000},
	{"LOAD_REGISTER_IMM of another engine", UGVT_RCS, COMMAND(0x11000001, 0x22600, 5), 0x22600,
		5},
	{"LOAD_REGISTER_IMM of the render engine", UGVT_BCS, COMMAND(0x11000001, 0x2600, 5), 0x2600,
		5},
	{"LOAD_REGISTER_REG", UGVT_RCS, COMMAND(0x15000001, 0x203c, 0x2080), 0x2080,
		RIG_RING_SIZE - 4096},
	{"COPY_MEM_MEM to global", UGVT_RCS, COMMAND(0x17600003, GLOBAL_AT, 0, GLOBAL_AT + 4, 0),
		GLOBAL_AT, 9},
	{"ATOMIC", UGVT_RCS, COMMAND(0x17c00001 | 5 << 8, GLOBAL_AT, 0), GLOBAL_AT, 1},
	{"REPORT_PERF_COUNT", UGVT_RCS, COMMAND(0x14000002, GLOBAL_AT | 1, 0, 0xcafe), GLOBAL_AT,
		0xcafe},
	{"PIPE_CONTROL to global", UGVT_RCS,
		COMMAND(0x7a000004, 1 << 24 | 1 << 14, GLOBAL_AT, 0, 7, 0), GLOBAL_AT, 7},
	{"PIPE_CONTROL with index", UGVT_RCS, COMMAND(0x7a000004, 1 << 21 | 1 << 14, 0x80, 0, 7, 0),
		RIG_CONTEXT + 0x80, 7},
	{"PIPE_CONTROL of a register", UGVT_RCS, COMMAND(0x7a000004, 1 << 23, 0x2080, 0, 0x7000, 0),
		0x2080, 0x7000},
	{"FLUSH_DW to global", UGVT_BCS, COMMAND(0x13000002 | 1 << 14, GLOBAL_AT | 4, 0, 7),
		GLOBAL_AT, 7},
	{"FLUSH_DW with index", UGVT_VCS, COMMAND(0x13000002 | 1 << 21 | 1 << 14, 0x80, 0, 7),
		RIG_CONTEXT + 0x80, 7},
	{"CONDITIONAL_BATCH_BUFFER_END", UGVT_RCS,
		COMMAND(0x1b600002, 99, GLOBAL_AT, 0, 0x11000001, 0x2600, 5), 0x2600, 0},
};

/* Registers that user space writes: PRM, Mesa, and what the kernel allows in a slot. */
static const struct privilege_case allowed[] = {
	{"CS_GPR", UGVT_RCS, COMMAND(0x11000001, 0x2678, 5), 0x2678, 5},
	{"CS_GPR", UGVT_BCS, COMMAND(0x11000001, 0x22600, 5), 0x22600, 5},
	{"BCS_SWCTRL", UGVT_BCS, COMMAND(0x11000001, 0x22200, 0x00030003), 0x22200, 3},
	{"CS_GPR", UGVT_VCS, COMMAND(0x11000001, 0x12600, 5), 0x12600, 5},
	{"CS_GPR", UGVT_VECS, COMMAND(0x11000001, 0x1a600, 5), 0x1a600, 5},
	{"MI_PREDICATE_SRC0", UGVT_RCS, COMMAND(0x11000001, 0x2400, 5), 0x2400, 5},
	{"3DPRIM_VERTEX_COUNT", UGVT_RCS, COMMAND(0x11000001, 0x2434, 5), 0x2434, 5},
	{"GPGPU_DISPATCHDIMZ", UGVT_RCS, COMMAND(0x11000001, 0x2508, 5), 0x2508, 5},
	{"L3CNTLREG", UGVT_RCS, COMMAND(0x11000001, 0x7034, 5), 0x7034, 5},
	{"CACHE_MODE_1", UGVT_RCS, COMMAND(0x11000001, 0x7004, 0x00100010), 0x7004, 0x10},
	{"CS_DEBUG_MODE2", UGVT_RCS, COMMAND(0x11000001, 0x20d8, 0x00100010), 0x20d8, 0x10},
	{"SO_WRITE_OFFSET", UGVT_RCS, COMMAND(0x11000001, 0x528c, 5), 0x528c, 5},
	{"a slot", UGVT_RCS, COMMAND(0x11000001, 0x2580, 0x00010001), 0x2580, 1},
	{"a slot of four", UGVT_RCS, COMMAND(0x11000001, 0x4f10c, 5), 0x4f10c, 5},
};

static const struct privilege_case not_in_a_slot[] = {
	{"behind a slot of four", UGVT_RCS, COMMAND(0x11000001, 0x4f110, 5), 0x4f110, 0},
	{"a slot for reading", UGVT_RCS, COMMAND(0x11000001, 0x4f200, 5), 0x4f200, 0},
	{"a slot that denies", UGVT_RCS, COMMAND(0x11000001, 0x4f300, 5), 0x4f300, 0},
};

static uint32_t place_get(struct rig *rig, uint32_t where)
{
	bool memory = where >= RIG_HWSP && where != 0x4f10c && where != 0x4f110 &&
		      where != 0x4f200 && where != 0x4f300;

	return memory ? rig_global_read(rig, where) : ugvt_regfile_peek(&rig->regs, where);
}

static struct rig *rig_make(const struct privilege_case *c)
{
	struct rig *rig = malloc(sizeof(*rig));

	rig_init(rig, c->engine);
	rig_global_write(rig, GLOBAL_AT + 4, 9);
	rig_reg_set(rig, RING_FORCE_TO_NONPRIV, 0x2580);
	rig_reg_set(rig, RING_FORCE_TO_NONPRIV + 4, 0x4f100 | 1);             // four registers
	rig_reg_set(rig, RING_FORCE_TO_NONPRIV + 8, 0x4f200 | 1u << 28);      // read
	rig_reg_set(rig, RING_FORCE_TO_NONPRIV + 12, 0x4f300 | UGVT_BIT(30)); // deny
	return rig;
}

/* Runs the case in a batch, and gives what is in its place then. */
static uint32_t case_run(const struct privilege_case *c, bool ppgtt, uint64_t *errors)
{
	struct rig *rig = rig_make(c);
	uint64_t batch = ppgtt ? RIG_BATCH : RIG_GLOBAL_BATCH;
	uint32_t end = BATCH_END, value;

	if (ppgtt) {
		rig_user_fill(rig, batch, c->dw, c->n);
		rig_user_fill(rig, batch + 4 * c->n, &end, 1);
	} else {
		rig_global_fill(rig, (uint32_t)batch, c->dw, c->n);
		rig_global_fill(rig, (uint32_t)batch + 4 * c->n, &end, 1);
	}
	RIG_EMIT(rig, 0x18800001 | (ppgtt ? 0x100 : 0), LO(batch), HI(batch), 0x01000000);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig->irqs & UGVT_GT_IRQ_USER, UGVT_GT_IRQ_USER); // nothing stops it
	value = place_get(rig, c->where);
	*errors = ugvt_cs_stats(rig->cs)->errors;
	rig_finish(rig);
	free(rig);
	return value;
}

static void test_refused(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(refused); i++) {
		const struct privilege_case *c = &refused[i];
		uint64_t errors;

		if (case_run(c, false, &errors) != c->value || errors != 0) {
			fail_msg("%s does not work with privilege", c->name);
		}
		if (case_run(c, true, &errors) == c->value || errors != 1) {
			fail_msg("%s works without privilege", c->name);
		}
	}
}

static void test_allowed(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(allowed); i++) {
		const struct privilege_case *c = &allowed[i];
		uint64_t errors;

		if (case_run(c, true, &errors) != c->value || errors != 0) {
			fail_msg("%s is refused on %s", c->name, ugvt_engines[c->engine].name);
		}
	}
}

static void test_slots_that_do_not_allow(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(not_in_a_slot); i++) {
		const struct privilege_case *c = &not_in_a_slot[i];
		uint64_t errors;

		if (case_run(c, true, &errors) != c->value || errors != 1) {
			fail_msg("%s is allowed", c->name);
		}
	}
}

/* MI_ARB_ON_OFF in a batch without privilege can't keep preemption away. */
static void test_arbitration(void **state)
{
	struct rig *rig = malloc(sizeof(*rig));

	rig_init(rig, UGVT_RCS);
	RIG_BATCH_AT(rig, RIG_BATCH, 0x04000000, 0x02800000, BATCH_END);
	RIG_EMIT(rig, 0x18800101, LO(RIG_BATCH), HI(RIG_BATCH));
	ugvt_cs_set_preempt(rig->cs, true);
	assert_int_equal(rig_run(rig), UGVT_CS_PREEMPTED);
	rig_finish(rig);
	free(rig);
}

/* A batch in the PPGTT that starts one in the GGTT gets the PPGTT's bytes at that address, and no privilege. */
static void test_no_way_up(void **state)
{
	struct rig *rig = malloc(sizeof(*rig));
	uint32_t low = 0x700000;

	rig_init(rig, UGVT_RCS);
	space_map(&rig->space, low, space_alloc(&rig->space, 4096, 4096), 4096);
	RIG_BATCH_AT(rig, low, 0x10400002, RIG_GLOBAL, 0, 1, 0x10000002, LO(RIG_USER), HI(RIG_USER),
		2, BATCH_END);
	RIG_BATCH_AT(rig, RIG_BATCH, 0x18800001, low, 0);
	RIG_EMIT(rig, 0x18800101, LO(RIG_BATCH), HI(RIG_BATCH));
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_global_read(rig, RIG_GLOBAL), 0);
	assert_int_equal(rig_user_read(rig, RIG_USER), 2);
	rig_finish(rig);
	free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_slots_that_do_not_allow),
		cmocka_unit_test(test_arbitration),
		cmocka_unit_test(test_no_way_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
