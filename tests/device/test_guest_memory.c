/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "device/guest_memory.h"

#define RW (UGVT_PROT_READ | UGVT_PROT_WRITE)

static unsigned char backing[0x10000];

static int setup(void **state)
{
	memset(backing, 0, sizeof(backing));
	*state = ugvt_guest_memory_create();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	ugvt_guest_memory_destroy(*state);
	return 0;
}

static int range_map(struct ugvt_guest_memory *mem, ugvt_gpa gpa, uint64_t size, void *host)
{
	struct ugvt_guest_range range = {.gpa = gpa, .size = size, .host = host, .prot = RW};

	return ugvt_guest_memory_map(mem, &range);
}

static void *lookup(struct ugvt_guest_memory *mem, ugvt_gpa gpa, unsigned prot, uint64_t *run)
{
	void *host;

	ugvt_guest_memory_begin(mem);
	host = ugvt_guest_memory_lookup(mem, gpa, prot, run);
	ugvt_guest_memory_end(mem);
	return host;
}

static void test_empty(void **state)
{
	uint64_t run;

	assert_null(lookup(*state, 0, UGVT_PROT_READ, &run));
	assert_null(lookup(*state, UINT64_MAX, UGVT_PROT_READ, &run));
	assert_int_equal(ugvt_guest_memory_unmap(*state, 0, 0x1000, NULL), -ENOENT);
}

static void test_invalid(void **state)
{
	struct ugvt_guest_range none = {.gpa = 0, .size = 0x1000, .host = backing};

	assert_int_equal(range_map(*state, 0, 0, backing), -EINVAL);
	assert_int_equal(range_map(*state, UINT64_MAX, 2, backing), -EINVAL);
	assert_int_equal(range_map(*state, 0x1000, UINT64_MAX, backing), -EINVAL);
	assert_int_equal(ugvt_guest_memory_map(*state, &none), -EINVAL);
	assert_int_equal(range_map(*state, UINT64_MAX, 1, backing), 0);
	assert_ptr_equal(lookup(*state, UINT64_MAX, RW, NULL), backing);
}

static void test_lookup(void **state)
{
	uint64_t run = 0;

	assert_int_equal(range_map(*state, 0x4000, 0x2000, backing), 0);
	assert_int_equal(range_map(*state, 0x1000, 0x1000, backing + 0x8000), 0);
	assert_ptr_equal(lookup(*state, 0x4000, RW, &run), backing);
	assert_int_equal(run, 0x2000);
	assert_ptr_equal(lookup(*state, 0x5fff, RW, &run), backing + 0x1fff);
	assert_int_equal(run, 1);
	assert_ptr_equal(lookup(*state, 0x1800, RW, &run), backing + 0x8800);
	assert_int_equal(run, 0x800);
	assert_null(lookup(*state, 0xfff, RW, &run));
	assert_null(lookup(*state, 0x2000, RW, &run));
	assert_null(lookup(*state, 0x3fff, RW, &run));
	assert_null(lookup(*state, 0x6000, RW, &run));
}

static void test_overlap(void **state)
{
	static const struct {
		ugvt_gpa gpa;
		uint64_t size;
		int ret;
	} rows[] = {
		{0x4000, 0x2000, -EEXIST},
		{0x3000, 0x1001, -EEXIST},
		{0x5fff, 1, -EEXIST},
		{0x4fff, 2, -EEXIST},
		{0, UINT64_MAX, -EEXIST},
		{0x3000, 0x1000, 0},
		{0x6000, 0x1000, 0},
		{0x7000, UINT64_MAX - 0x6fff, 0},
	};

	assert_int_equal(range_map(*state, 0x4000, 0x2000, NULL), 0);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(rows); i++) {
		assert_int_equal(range_map(*state, rows[i].gpa, rows[i].size, NULL), rows[i].ret);
	}
}

static void test_unmap(void **state)
{
	struct ugvt_guest_range range;

	assert_int_equal(range_map(*state, 0x4000, 0x2000, backing), 0);
	assert_int_equal(ugvt_guest_memory_unmap(*state, 0x4000, 0x1000, &range), -ENOENT);
	assert_int_equal(ugvt_guest_memory_unmap(*state, 0x5000, 0x1000, &range), -ENOENT);
	assert_int_equal(ugvt_guest_memory_unmap(*state, 0x3000, 0x3000, &range), -ENOENT);
	assert_int_equal(ugvt_guest_memory_unmap(*state, 0x4000, 0x2000, &range), 0);
	assert_int_equal(range.gpa, 0x4000);
	assert_ptr_equal(range.host, backing);
	assert_null(lookup(*state, 0x4000, RW, NULL));
	assert_int_equal(ugvt_guest_memory_unmap(*state, 0x4000, 0x2000, NULL), -ENOENT);
}

static void test_protection(void **state)
{
	struct ugvt_guest_range range = {.size = 0x1000, .host = backing, .prot = UGVT_PROT_READ};
	unsigned char byte = 1;

	assert_int_equal(ugvt_guest_memory_map(*state, &range), 0);
	assert_non_null(lookup(*state, 0, UGVT_PROT_READ, NULL));
	assert_null(lookup(*state, 0, UGVT_PROT_WRITE, NULL));
	assert_null(lookup(*state, 0, RW, NULL));
	ugvt_guest_memory_begin(*state);
	assert_false(ugvt_guest_memory_write(*state, 0, &byte, 1));
	assert_true(ugvt_guest_memory_read(*state, 0, &byte, 1));
	ugvt_guest_memory_end(*state);
	assert_int_equal(backing[0], 0);
}

/* Neighbours in guest memory that aren't in the host's. */
static void test_copy_across_ranges(void **state)
{
	unsigned char in[0x3000], out[0x3000] = {0};

	for (size_t i = 0; i < sizeof(in); i++) {
		in[i] = (unsigned char)(i * 13 + (i >> 8));
	}
	assert_int_equal(range_map(*state, 0x1000, 0x1000, backing + 0x8000), 0);
	assert_int_equal(range_map(*state, 0x2000, 0x1000, backing + 0x2000), 0);
	assert_int_equal(range_map(*state, 0x3000, 0x2000, backing + 0x4000), 0);
	ugvt_guest_memory_begin(*state);
	assert_true(ugvt_guest_memory_write(*state, 0x1800, in, sizeof(in)));
	assert_true(ugvt_guest_memory_read(*state, 0x1800, out, sizeof(out)));
	ugvt_guest_memory_end(*state);
	assert_memory_equal(in, out, sizeof(in));
	assert_memory_equal(backing + 0x8800, in, 0x800);
	assert_memory_equal(backing + 0x2000, in + 0x800, 0x1000);
	assert_memory_equal(backing + 0x4000, in + 0x1800, 0x1800);
	assert_int_equal(backing[0x5800], 0);
	assert_int_equal(backing[0x87ff], 0);
}

static void test_copy_into_nothing(void **state)
{
	unsigned char data[0x2000];

	memset(data, 7, sizeof(data));
	assert_int_equal(range_map(*state, 0x1000, 0x1000, backing), 0);
	assert_int_equal(range_map(*state, UINT64_MAX - 0xfff, 0x1000, backing + 0x1000), 0);
	ugvt_guest_memory_begin(*state);
	assert_false(ugvt_guest_memory_write(*state, 0x1800, data, 0x801));
	assert_false(ugvt_guest_memory_write(*state, 0xfff, data, 2));
	/* Past the last address there is not the first one. */
	assert_false(ugvt_guest_memory_write(*state, UINT64_MAX - 0xff, data, 0x1101));
	assert_true(ugvt_guest_memory_write(*state, 0x1800, data, 0));
	ugvt_guest_memory_end(*state);
	assert_int_equal(backing[0x800], 7);
	assert_int_equal(backing[0x7ff], 0);
	assert_int_equal(backing[0], 0);
}

/* A range that is known but out of reach. */
static void test_no_host(void **state)
{
	unsigned char byte;

	assert_int_equal(range_map(*state, 0, 0x1000, NULL), 0);
	assert_null(lookup(*state, 0, UGVT_PROT_READ, NULL));
	ugvt_guest_memory_begin(*state);
	assert_false(ugvt_guest_memory_read(*state, 0, &byte, 1));
	ugvt_guest_memory_end(*state);
	assert_int_equal(range_map(*state, 0, 0x1000, backing), -EEXIST);
	assert_int_equal(ugvt_guest_memory_unmap(*state, 0, 0x1000, NULL), 0);
}

static void test_enable(void **state)
{
	assert_int_equal(range_map(*state, 0, 0x1000, backing), 0);
	ugvt_guest_memory_enable(*state, false);
	assert_null(lookup(*state, 0, UGVT_PROT_READ, NULL));
	ugvt_guest_memory_enable(*state, true);
	assert_ptr_equal(lookup(*state, 0, UGVT_PROT_READ, NULL), backing);
}

static void test_generation(void **state)
{
	uint64_t generation = ugvt_guest_memory_generation(*state);

	lookup(*state, 0, RW, NULL);
	assert_int_equal(ugvt_guest_memory_generation(*state), generation);
	range_map(*state, 0, 0x1000, backing);
	assert_true(ugvt_guest_memory_generation(*state) > generation);
	generation = ugvt_guest_memory_generation(*state);
	ugvt_guest_memory_unmap(*state, 0, 0x1000, NULL);
	assert_true(ugvt_guest_memory_generation(*state) > generation);
	generation = ugvt_guest_memory_generation(*state);
	ugvt_guest_memory_enable(*state, false);
	assert_true(ugvt_guest_memory_generation(*state) > generation);
}

static void test_many_ranges(void **state)
{
	/* In an order that is neither ascending nor descending: 2654435761 is odd. */
	for (uint32_t i = 0; i < UGVT_GUEST_RANGES_MAX; i++) {
		uint32_t at = i * 2654435761u % UGVT_GUEST_RANGES_MAX;

		assert_int_equal(range_map(*state, at * 0x20ull, 0x10, backing + at), 0);
	}
	assert_int_equal(range_map(*state, UINT64_C(1) << 32, 1, backing), -ENOSPC);
	for (uint32_t i = 0; i < UGVT_GUEST_RANGES_MAX; i++) {
		assert_ptr_equal(lookup(*state, i * 0x20ull + 0xf, RW, NULL), backing + i + 0xf);
		assert_null(lookup(*state, i * 0x20ull + 0x10, RW, NULL));
	}
	for (uint32_t i = 0; i < UGVT_GUEST_RANGES_MAX; i += 2) {
		assert_int_equal(ugvt_guest_memory_unmap(*state, i * 0x20ull, 0x10, NULL), 0);
	}
	for (uint32_t i = 0; i < UGVT_GUEST_RANGES_MAX; i++) {
		assert_int_equal(!!lookup(*state, i * 0x20ull, RW, NULL), i % 2);
	}
}

struct unmapper {
	struct ugvt_guest_memory *mem;
	atomic_bool done;
};

static void *unmapper_run(void *arg)
{
	struct unmapper *unmapper = arg;

	assert_int_equal(ugvt_guest_memory_unmap(unmapper->mem, 0, 0x1000, NULL), 0);
	atomic_store(&unmapper->done, true);
	return NULL;
}

/* An unmap waits for the window that is open, and the window can see that it does. */
static void test_max(void **state)
{
	ugvt_guest_memory_set_max(*state, 2);
	assert_int_equal(range_map(*state, 0x1000, 0x1000, backing), 0);
	assert_int_equal(range_map(*state, 0x3000, 0x1000, backing), 0);
	assert_int_equal(range_map(*state, 0x5000, 0x1000, backing), -ENOSPC);
	assert_int_equal(ugvt_guest_memory_unmap(*state, 0x1000, 0x1000, NULL), 0);
	assert_int_equal(range_map(*state, 0x5000, 0x1000, backing), 0);
}

static void test_unmap_waits(void **state)
{
	struct unmapper unmapper = {.mem = *state};
	pthread_t thread;

	assert_int_equal(range_map(*state, 0, 0x1000, backing), 0);
	assert_false(ugvt_guest_memory_contended(*state));
	ugvt_guest_memory_begin(*state);
	assert_int_equal(pthread_create(&thread, NULL, unmapper_run, &unmapper), 0);
	while (!ugvt_guest_memory_contended(*state)) {
	}
	assert_false(atomic_load(&unmapper.done));
	assert_ptr_equal(ugvt_guest_memory_lookup(*state, 0, RW, NULL), backing);
	ugvt_guest_memory_end(*state);
	pthread_join(thread, NULL);
	assert_true(atomic_load(&unmapper.done));
	assert_null(lookup(*state, 0, RW, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_invalid, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lookup, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overlap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unmap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_protection, setup, teardown),
		cmocka_unit_test_setup_teardown(test_copy_across_ranges, setup, teardown),
		cmocka_unit_test_setup_teardown(test_copy_into_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_host, setup, teardown),
		cmocka_unit_test_setup_teardown(test_enable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_generation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_ranges, setup, teardown),
		cmocka_unit_test_setup_teardown(test_max, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unmap_waits, setup, teardown),
	};

	return cmocka_run_group_tests_name("guest memory", tests, NULL, NULL);
}
