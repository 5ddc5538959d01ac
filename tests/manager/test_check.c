/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_numbers),
		cmocka_unit_test(figures_are_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
