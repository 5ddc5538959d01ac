/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "manager/picture.h"

#define MAX (UINT64_C(64) << 20)

static const char png[] = "\x89PNG\r\n\x1a\n....";

/* What a worker has written bytes to. */
static int picture_make(const char *bytes)
{
	int fd = ugvt_picture_create();

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
	return fd;
}

static void only_png(void **state)
{
	static const struct {
		const char *bytes;
		uint64_t size, expected;
	} cases[] = {
		{png, 12, 12},
		{png, 8, 8},
		{png, 4000, 4000},
		{png, 7, 0},
		{png, 0, 0},
		{png, MAX, MAX},
		{png, MAX + 1, 0},
		{png, UINT64_MAX, 0},
		{"GIF89a......", 12, 0},
		{"", 12, 0},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		int fd = picture_make(cases[i].bytes);

		assert_int_equal(ugvt_picture_seal(fd, cases[i].size), cases[i].expected);
		ugvt_picture_discard(fd);
	}
}

/* The worker still has it, and can do nothing any more. */
static void sealed(void **state)
{
	int fd = picture_make(png);
	int kept = dup(fd);
	struct stat st;

	assert_int_equal(ugvt_picture_seal(fd, 12), 12);
	assert_int_equal(pwrite(kept, "x", 1, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(kept, 1), -1);
	assert_int_equal(ftruncate(kept, 100), -1);
	assert_ptr_equal(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, kept, 0), MAP_FAILED);
	assert_int_equal(fcntl(kept, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), -1);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 12);
	ugvt_picture_discard(fd);
	assert_int_equal(fstat(kept, &st), 0);
	assert_int_equal(st.st_size, 12);
	close(kept);
}

static void not_while_it_is_mapped(void **state)
{
	int fd = picture_make(png);
	void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(ugvt_picture_seal(fd, 12), 0);
	ugvt_picture_discard(fd);
	munmap(map, 4096);
}

/* Nor what the worker has changed besides its contents. */
static void meddled_with(void **state)
{
	int shrunk = picture_make(png), sealed = picture_make(png);

	assert_int_equal(ftruncate(shrunk, 10), 0);
	assert_int_equal(ugvt_picture_seal(shrunk, 12), 0);
	assert_int_equal(ugvt_picture_seal(shrunk, 10), 10);
	assert_int_equal(fcntl(sealed, F_ADD_SEALS, F_SEAL_SEAL), 0);
	assert_int_equal(ugvt_picture_seal(sealed, 12), 0);
	ugvt_picture_discard(shrunk);
	ugvt_picture_discard(sealed);
}

static void limited(void **state)
{
	int fd = ugvt_picture_create();
	struct stat st;

	assert_int_equal(pwrite(fd, "x", 1, MAX - 1), 1);
	assert_int_equal(pwrite(fd, "x", 1, MAX), -1);
	assert_int_equal(ftruncate(fd, MAX + 1), -1);
	/* Who keeps one that nobody wants keeps no memory. */
	int kept = dup(fd);

	ugvt_picture_discard(fd);
	assert_int_equal(fstat(kept, &st), 0);
	assert_int_equal(st.st_blocks, 0);
	close(kept);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_png),
		cmocka_unit_test(sealed),
		cmocka_unit_test(not_while_it_is_mapped),
		cmocka_unit_test(meddled_with),
		cmocka_unit_test(limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
