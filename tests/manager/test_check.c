/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bits.h"
#include "control/json.h"
#include "manager/check.h"

static void figures_are_numbers(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} cases[] = {
		{"{}", true},
		{"{\"reads\":1,\"rcs0\":{\"busy_ns\":18446744073709551615}}", true},
		{"{\"a\":{\"b\":{\"c\":1}}}", true},
		{"{\"a\":{\"b\":{\"c\":{\"d\":1}}}}", false},
		{"{\"a\":-1}", false},
		{"{\"a\":1.5}", false},
		{"{\"a\":\"text\"}", false},
		{"{\"a\":null}", false},
		{"{\"a\":[1]}", false},
		{"{\"A\":1}", false},
		{"{\"\":1}", false},
		{"{\"a\\u001b[31m\":1}", false},
		{"{\"abcdefghijklmnopqrstuvwxyz0123456\":1}", false},
		{"[]", false},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct json_object *figures = ugvt_json_parse(cases[i].text, strlen(cases[i].text));
		struct json_object *copy = ugvt_check_figures(figures);

		assert_non_null(figures);
		if ((copy != NULL) != cases[i].ok) {
			fail_msg("%s", cases[i].text);
		}
		if (copy) {
			assert_true(json_object_equal(figures, copy));
		}
		json_object_put(copy);
		json_object_put(figures);
	}
	assert_null(ugvt_check_figures(NULL));
}

static void figures_are_few(void **state)
{
	struct json_object *figures = json_object_new_object();
	struct json_object *copy;
	char name[16];

	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		ugvt_json_add_uint(figures, name, 1);
	}
	copy = ugvt_check_figures(figures);
	assert_non_null(copy);
	json_object_put(copy);
	ugvt_json_add_uint(figures, "one_more", 1);
	assert_null(ugvt_check_figures(figures));
	json_object_put(figures);
}

static int file_make(const char *bytes, size_t size, int seals)
{
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

static void pictures_are_sealed_png(void **state)
{
	static const int all = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	static const char png[] = "\x89PNG\r\n\x1a\n....";
	static const struct {
		const char *bytes;
		size_t size;
		int seals;
		uint64_t expected;
	} cases[] = {
		{png, 12, all, 12},
		{png, 12, all | F_SEAL_SEAL, 12},
		{png, 12, F_SEAL_SHRINK | F_SEAL_GROW, 0},
		{png, 12, F_SEAL_WRITE, 0},
		{png, 7, all, 0},
		{"GIF89a......", 12, all, 0},
		{"", 0, all, 0},
	};
	int null = open("/dev/zero", O_RDWR | O_CLOEXEC);
	int pipes[2];

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		int fd = file_make(cases[i].bytes, cases[i].size, cases[i].seals);

		assert_int_equal(ugvt_check_picture(fd), cases[i].expected);
		close(fd);
	}
	assert_int_equal(ugvt_check_picture(null), 0);
	assert_int_equal(ugvt_check_picture(-1), 0);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(ugvt_check_picture(pipes[0]), 0);
	close(pipes[0]);
	close(pipes[1]);
	close(null);
}

static void pictures_have_a_limit(void **state)
{
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_int_equal(write(fd, "\x89PNG\r\n\x1a\n", 8), 8);
	assert_int_equal(ftruncate(fd, 64 * 1024 * 1024 + 1), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), 0);
	assert_int_equal(ugvt_check_picture(fd), 0);
	close(fd);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_numbers),
		cmocka_unit_test(figures_are_few),
		cmocka_unit_test(pictures_are_sealed_png),
		cmocka_unit_test(pictures_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
