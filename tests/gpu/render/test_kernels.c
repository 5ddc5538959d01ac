/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gpu/render/kernels.h"
#include "tests/gpu/eu/encode.h"
#include "tests/gpu/space.h"

/* Kernels as a draw looks them up, in memory that changes. */

#define AT UINT64_C(0x100000)
#define AREA (8u << 20)
#define INSTRUCTION 16

struct fixture {
	struct space space;
	struct ugvt_kernels *kernels;
	uint8_t *code;
};

static int setup(void **state)
{
	static struct fixture fixture;
	ugvt_gpa gpa;

	space_init(&fixture.space, AREA + (1u << 20));
	gpa = space_alloc(&fixture.space, AREA, 4096);
	space_map(&fixture.space, AT, gpa, AREA);
	fixture.code = space_host(&fixture.space, gpa);
	fixture.kernels = ugvt_kernels_create();
	assert_non_null(fixture.kernels);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	ugvt_kernels_destroy(fixture->kernels);
	space_finish(&fixture->space);
	return 0;
}

/* n instructions and the one that ends the thread. */
static void kernel_write(struct fixture *fixture, uint32_t offset, unsigned n)
{
	struct ugvt_eu_inst mov =
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_UD, 10), imm(UGVT_EU_UD, n), null(UGVT_EU_UD));
	struct ugvt_eu_inst end = message(UGVT_EU_SFID_SPAWNER, 1u << 25, 0, true);
	struct ugvt_eu_bits bits = encode(&mov);

	for (unsigned i = 0; i < n; i++) {
		memcpy(fixture->code + offset + INSTRUCTION * i, &bits, sizeof(bits));
	}
	bits = encode(&end);
	memcpy(fixture->code + offset + INSTRUCTION * n, &bits, sizeof(bits));
}

static const struct ugvt_eu_program *find(struct fixture *fixture, uint32_t offset)
{
	return ugvt_kernels_find(fixture->kernels, &fixture->space.as, AT + offset);
}

/* Looking up is paid for: decoding a lot more than finding what is known. */
static void test_again(void **state)
{
	struct fixture *fixture = *state;
	const struct ugvt_eu_program *program;
	int64_t first, second;

	kernel_write(fixture, 0x40, 100);
	program = find(fixture, 0x40);
	first = ugvt_kernels_cost_take(fixture->kernels);
	assert_int_equal(program->n, 101);
	assert_ptr_equal(find(fixture, 0x40), program);
	second = ugvt_kernels_cost_take(fixture->kernels);
	assert_true(first >= 101 && second > 0 && second < 101);
	assert_int_equal(ugvt_kernels_cost_take(fixture->kernels), 0);
}

/* One that is overwritten while a draw has it stays whole. */
static void test_changes(void **state)
{
	struct fixture *fixture = *state;
	const struct ugvt_eu_program *before, *after;

	kernel_write(fixture, 0, 50);
	before = find(fixture, 0);
	kernel_write(fixture, 0, 20);
	after = find(fixture, 0);
	assert_ptr_not_equal(before, after);
	assert_int_equal(before->n, 51);
	assert_int_equal(before->steps[50].inst.opcode, UGVT_EU_SEND);
	assert_int_equal(after->n, 21);
	assert_ptr_equal(find(fixture, 0), after);
}

/* However long and many they are, what they take together is bounded, and the last few are there. */
static void test_bounded(void **state)
{
	const unsigned n = 8000;
	struct fixture *fixture = *state;
	const struct ugvt_eu_program *last[UGVT_KERNEL_HELD];

	for (uint32_t i = 0; i < 60; i++) {
		kernel_write(fixture, i * 0x20000, n);
		last[i % UGVT_KERNEL_HELD] = find(fixture, i * 0x20000);
		assert_non_null(last[i % UGVT_KERNEL_HELD]);
		assert_true(fixture->kernels->instructions <= UGVT_KERNEL_INSTRUCTIONS_MAX);
	}
	for (unsigned i = 0; i < UGVT_KERNEL_HELD; i++) {
		assert_int_equal(last[i]->n, n + 1);
		assert_int_equal(last[i]->steps[n].inst.opcode, UGVT_EU_SEND);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_changes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
