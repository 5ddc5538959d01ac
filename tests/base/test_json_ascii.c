/* SPDX-License-Identifier: MIT */
#include "base/json_ascii.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"

static void check(const char *text, size_t size, const char *expected)
{
	size_t length = 0;
	/* A copy without anything behind it: sanitizers see what is read there. */
	char *copy = malloc(size ? size : 1);
	char *got;

	assert_non_null(copy);
	memcpy(copy, text, size);
	got = ugvt_json_ascii(copy, size, &length);
	free(copy);
	if (!expected) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_string_equal(got, expected);
	assert_int_equal(length, strlen(expected));
	free(got);
}

static void test_escapes(void **state)
{
	check("", 0, "");
	check("{\"a\\n\": 1}\x7f", 11, "{\"a\\n\": 1}\x7f");
	check("\"\xc2\x80\"", 4, "\"\\u0080\"");
	check("\xdf\xbf\xe0\xa0\x80", 5, "\\u07ff\\u0800");
	check("\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 9, "\\ud7ff\\ue000\\uffff");
	check("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8, "\\ud800\\udc00\\udbff\\udfff");
	check("\\\\\xc3\xa9", 4, "\\\\\\u00e9");
	check("\xc3\xa9\xc3", 2, "\\u00e9");
}

static void test_what_is_no_text(void **state)
{
	static const char *const cases[] = {
		"\x80",
		"\xbf",
		"\xff",
		"a\xfe",
		"\xc3",             // ends too early
		"\xc3(",            //
		"\xe2\x82",         //
		"\xe2\x82(",        //
		"\xf0\x9f\x98",     //
		"\xc0\x80",         // longer than needed
		"\xc1\xbf",         //
		"\xe0\x9f\xbf",     //
		"\xf0\x8f\xbf\xbf", //
		"\xed\xa0\x80",     // halves of characters
		"\xed\xbf\xbf",     //
		"\xf4\x90\x80\x80", // more than Unicode has
		"\xf5\x80\x80\x80", //
		"\xf8\x88\x80\x80\x80",
		"\\\xc3\xa9", // would become an escape of a backslash
		"\\\\\\\xc3\xa9",
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		check(cases[i], strlen(cases[i]), NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_what_is_no_text),
	};

	return cmocka_run_group_tests_name("json_ascii", tests, NULL, NULL);
}
