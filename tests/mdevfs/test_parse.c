/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "mdevfs/parse.h"
#include "mdevfs/view.h"

#define UUID "c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81"
#define TEXT(text) text, sizeof(text) - 1

/* A copy that ends where its memory does, as text from a stranger has no NUL after it. */
static char *copy_exact(const char *text, size_t size)
{
	char *copy = malloc(size ? size : 1);

	assert_non_null(copy);
	memcpy(copy, text, size);
	return copy;
}

static void uuids(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		bool ok;
	} cases[] = {
		{TEXT(UUID), true},
		{TEXT(UUID "\n"), true},
		{TEXT(UUID "x"), true},
		{TEXT(UUID "\0"), true},
		{TEXT("C1F4E5A0-8D2B-4A6E-9B7C-3F0D5E6A7B81"), true},
		{TEXT(UUID "\n\n"), false},
		{TEXT(""), false},
		{TEXT("\n"), false},
		{TEXT(" " UUID), false},
		{TEXT("c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b8\n"), false},
		{TEXT("c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b8g"), false},
		{TEXT("c1f4e5a0-8d2b-4a6e-9b7c\0"
		      "3f0d5e6a7b81"),
			false},
		{TEXT("c1f4e5a08d2b4a6e9b7c3f0d5e6a7b81"), false},
	};
	struct ugvt_uuid uuid;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		char *text = copy_exact(cases[i].text, cases[i].size);

		if (ugvt_mdevfs_parse_uuid(text, cases[i].size, &uuid) != cases[i].ok) {
			fail_msg("case %zu: %s", i, cases[i].text);
		}
		if (cases[i].ok) {
			assert_string_equal(uuid.text, UUID);
		}
		free(text);
	}
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		unsigned base;
		bool ok;
		unsigned long number;
	} cases[] = {
		{TEXT("1"), 0, true, 1},
		{TEXT("1\n"), 0, true, 1},
		{TEXT("0"), 0, true, 0},
		{TEXT("+7"), 0, true, 7},
		{TEXT("0x1f\n"), 0, true, 31},
		{TEXT("010"), 0, true, 8},
		{TEXT("010"), 10, true, 10},
		{TEXT("1\0x"), 0, true, 1},
		{TEXT("18446744073709551615"), 10, true, ULONG_MAX},
		{TEXT("18446744073709551616"), 10, false, 0},
		{TEXT("0x10"), 10, false, 0},
		{TEXT(""), 0, false, 0},
		{TEXT("\n"), 0, false, 0},
		{TEXT("\0"
		      "1"),
			0, false, 0},
		{TEXT("1\n\n"), 0, false, 0},
		{TEXT(" 1"), 0, false, 0},
		{TEXT("-1"), 0, false, 0},
		{TEXT("+-1"), 0, false, 0},
		{TEXT("++1"), 0, false, 0},
		{TEXT("+"), 0, false, 0},
		{TEXT("0x"), 0, false, 0},
		{TEXT("08"), 0, false, 0},
		{TEXT("1 "), 0, false, 0},
		{TEXT("\xb1"), 0, false, 0},
	};
	char *longest = malloc(4096);
	unsigned long number;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		char *text = copy_exact(cases[i].text, cases[i].size);

		number = 0;
		if (ugvt_mdevfs_parse_number(text, cases[i].size, cases[i].base, &number) !=
			cases[i].ok) {
			fail_msg("case %zu: %s", i, cases[i].text);
		}
		assert_true(!cases[i].ok || number == cases[i].number);
		free(text);
	}
	assert_non_null(longest);
	memset(longest, '1', 4096);
	for (size_t size = 21; size <= 4096; size++) {
		assert_false(ugvt_mdevfs_parse_number(longest, size, 0, &number));
	}
	free(longest);
}

static void words(void **state)
{
	assert_true(ugvt_mdevfs_parse_word(TEXT("add"), "add"));
	assert_true(ugvt_mdevfs_parse_word(TEXT("add\n"), "add"));
	assert_true(ugvt_mdevfs_parse_word(TEXT("add\0x"), "add"));
	assert_false(ugvt_mdevfs_parse_word(TEXT("add\n\n"), "add"));
	assert_false(ugvt_mdevfs_parse_word(TEXT("ad"), "add"));
	assert_false(ugvt_mdevfs_parse_word(TEXT("adda"), "add"));
	assert_false(ugvt_mdevfs_parse_word(TEXT(""), "add"));
}

static void pci_addresses(void **state)
{
	static const char *const good[] = {"0000:00:02.0", "ffff:ff:1f.7"};
	static const char *const bad[] = {"", "gpu", "0000:00:02", "0000:00:02.8", "0000:00:02.00",
		"0000:00:0g.0", "0000-00:02.0", "00000:00:02.0", "0000:00:02.0 ", "0000:AB:02.0"};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(good); i++) {
		assert_true(ugvt_mdevfs_parse_pci(good[i]));
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(bad); i++) {
		assert_false(ugvt_mdevfs_parse_pci(bad[i]));
	}
}

static void errnos(void **state)
{
	assert_int_equal(ugvt_mdevfs_errno(UGVT_FAILURE_INVALID), EINVAL);
	assert_int_equal(ugvt_mdevfs_errno(UGVT_FAILURE_NO_MANAGER), ENODEV);
	assert_int_equal(ugvt_mdevfs_errno(UGVT_FAILURE_NOT_FOUND), ENODEV);
	assert_int_equal(ugvt_mdevfs_errno(UGVT_FAILURE_IN_USE), EEXIST);
	assert_int_equal(ugvt_mdevfs_errno(UGVT_FAILURE_NO_ROOM), ENOSPC);
	assert_int_equal(ugvt_mdevfs_errno(UGVT_FAILURE_DENIED), EACCES);
	assert_int_equal(ugvt_mdevfs_errno(UGVT_FAILURE_WORKER), EIO);
	assert_int_equal(ugvt_mdevfs_errno(UGVT_FAILURE_OTHER), EIO);
	assert_int_equal(ugvt_mdevfs_errno(UGVT_RPC_INVALID_PARAMS), EINVAL);
	assert_int_equal(ugvt_mdevfs_errno(-1), EIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uuids),
		cmocka_unit_test(numbers),
		cmocka_unit_test(words),
		cmocka_unit_test(pci_addresses),
		cmocka_unit_test(errnos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
