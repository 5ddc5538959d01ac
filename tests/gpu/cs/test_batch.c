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

/* Batches that are handed over without a ring: in a flat address space, which here is the guest's memory. */

#define BATCH_END 0x05000000u
#define BATCH_START 0x18800001u
#define SECOND 0x400000u
#define STORE_DATA 0x10000002u
#define STORE_GLOBAL 0x10400002u
#define LOAD_IMM 0x11000001u
#define GPR0 0x2600u

#define SIZE 0x2000

struct flat {
	struct rig rig;
	ugvt_gpa gpa;  // of SIZE bytes
	uint32_t *dw;  // those
	unsigned used; // dwords of the batch at their start
};

static int setup(void **state)
{
	struct flat *flat = calloc(1, sizeof(*flat));

	rig_init(&flat->rig, UGVT_RCS);
	flat->gpa = space_alloc(&flat->rig.space, SIZE, UGVT_PAGE_SIZE);
	flat->dw = space_host(&flat->rig.space, flat->gpa);
	*state = flat;
	return 0;
}

static int teardown(void **state)
{
	struct flat *flat = *state;

	rig_finish(&flat->rig);
	free(flat);
	return 0;
}

static ugvt_gpu_addr address(const struct flat *flat, unsigned at)
{
	return flat->gpa + 4 * at;
}

static void store(struct flat *flat, uint32_t header, unsigned at, uint32_t value)
{
	uint32_t *dw = flat->dw + flat->used;

	dw[0] = header;
	dw[1] = ugvt_lo32(address(flat, at));
	dw[2] = ugvt_hi32(address(flat, at));
	dw[3] = value;
	flat->used += 4;
}

static enum ugvt_cs_stop batch_run(struct flat *flat, unsigned at)
{
	ugvt_cs_batch_begin(flat->rig.cs, address(flat, at));
	return rig_continue(&flat->rig);
}

static void test_runs_to_its_end(void **state)
{
	struct flat *flat = *state;

	store(flat, STORE_DATA, 1000, 0x1234);
	flat->dw[flat->used++] = BATCH_END;
	store(flat, STORE_DATA, 1000, 0x4321); // not reached
	assert_int_equal(batch_run(flat, 0), UGVT_CS_IDLE);
	assert_int_equal(flat->dw[1000], 0x1234);
	assert_int_equal(ugvt_cs_run(flat->rig.cs, 100), UGVT_CS_IDLE);
	assert_int_equal(ugvt_cs_stats(flat->rig.cs)->batches, 1);
}

static void test_calls_another(void **state)
{
	struct flat *flat = *state;

	flat->dw[0] = BATCH_START | SECOND; // without the bit for the PPGTT: it stays there
	flat->dw[1] = ugvt_lo32(address(flat, 100));
	flat->dw[2] = ugvt_hi32(address(flat, 100));
	flat->used = 3;
	store(flat, STORE_DATA, 1001, 2);
	flat->dw[flat->used++] = BATCH_END;
	flat->used = 100;
	store(flat, STORE_DATA, 1000, 1);
	flat->dw[flat->used++] = BATCH_END;
	assert_int_equal(batch_run(flat, 0), UGVT_CS_IDLE);
	assert_int_equal(flat->dw[1000], 1);
	assert_int_equal(flat->dw[1001], 2);
}

static void test_has_no_privilege(void **state)
{
	struct flat *flat = *state;

	store(flat, STORE_GLOBAL, 1000, 1);
	flat->dw[flat->used++] = BATCH_END;
	assert_int_equal(batch_run(flat, 0), UGVT_CS_IDLE);
	assert_int_equal(flat->dw[1000], 0);
	assert_int_equal(ugvt_cs_stats(flat->rig.cs)->errors, 1);
}

static void test_state_stays(void **state)
{
	struct flat *flat = *state;

	flat->dw[0] = LOAD_IMM;
	flat->dw[1] = GPR0;
	flat->dw[2] = 0x600d;
	flat->dw[3] = BATCH_END;
	assert_int_equal(batch_run(flat, 0), UGVT_CS_IDLE);
	flat->dw[0] = BATCH_END;
	assert_int_equal(batch_run(flat, 0), UGVT_CS_IDLE);
	assert_int_equal(rig_reg(&flat->rig, GPR0 - 0x2000), 0x600d);
}

static void test_hang_and_next(void **state)
{
	struct flat *flat = *state;

	assert_int_equal(batch_run(flat, SIZE), UGVT_CS_HUNG); // nothing is there
	flat->dw[0] = 0xe0000000;
	assert_int_equal(batch_run(flat, 0), UGVT_CS_HUNG);
	assert_int_equal(ugvt_cs_run(flat->rig.cs, 100), UGVT_CS_HUNG);
	ugvt_cs_reset(flat->rig.cs);
	store(flat, STORE_DATA, 1000, 1);
	flat->dw[flat->used++] = BATCH_END;
	assert_int_equal(batch_run(flat, 0), UGVT_CS_IDLE);
	assert_int_equal(flat->dw[1000], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_runs_to_its_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_calls_another, setup, teardown),
		cmocka_unit_test_setup_teardown(test_has_no_privilege, setup, teardown),
		cmocka_unit_test_setup_teardown(test_state_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hang_and_next, setup, teardown),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
