/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <string.h>

#include "base/bits.h"
#include "control/failure.h"
#include "control/json.h"
#include "control/uuid.h"

static void parse_takes_one_value(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} cases[] = {
		{"{}", true},
		{" {\"a\":[1,2,{\"b\":null}]}\r", true},
		{"[]", true},
		{"\"text\"", true},
		{"{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"}", true},
		{"", false},
		{"{", false},
		{"{} {}", false},
		{"{}x", false},
		{"{\"a\":'b'}", false},
		{"{\"a\":1,}", false},
		{"{\"a\":\"\xff\"}", false},
		{"{\"a\":\"\\\xc3\xa9\"}", false},
		{"\xc3\xa9", false},
		{"// {}", false},
		{"[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", false},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct json_object *value = ugvt_json_parse(cases[i].text, strlen(cases[i].text));

		if ((value != NULL) != cases[i].ok) {
			fail_msg("%s", cases[i].text);
		}
		json_object_put(value);
	}
	assert_null(ugvt_json_parse("{}\0{}", 5));
}

static void members_are_typed(void **state)
{
	static const char text[] = "{\"s\":\"x\",\"nul\":\"a\\u0000b\",\"n\":7,\"neg\":-1,\"big\":"
				   "18446744073709551615,\"f\":1.5,"
				   "\"b\":true,\"o\":{},\"a\":[],\"null\":null}";
	struct json_object *object = ugvt_json_parse(text, strlen(text));
	uint64_t number = 0;
	bool flag = false;

	assert_non_null(object);
	assert_string_equal(ugvt_json_string(object, "s"), "x");
	assert_null(ugvt_json_string(object, "nul"));
	assert_null(ugvt_json_string(object, "n"));
	assert_null(ugvt_json_string(object, "none"));
	assert_null(ugvt_json_string(NULL, "s"));
	assert_true(ugvt_json_uint(object, "n", 7, &number));
	assert_int_equal(number, 7);
	assert_false(ugvt_json_uint(object, "n", 6, &number));
	assert_false(ugvt_json_uint(object, "neg", UINT64_MAX, &number));
	assert_false(ugvt_json_uint(object, "f", UINT64_MAX, &number));
	assert_false(ugvt_json_uint(object, "s", UINT64_MAX, &number));
	assert_true(ugvt_json_uint(object, "big", UINT64_MAX, &number));
	assert_true(number == UINT64_MAX);
	assert_true(ugvt_json_bool(object, "b", &flag) && flag);
	assert_false(ugvt_json_bool(object, "n", &flag));
	assert_non_null(ugvt_json_object(object, "o"));
	assert_null(ugvt_json_object(object, "a"));
	assert_non_null(ugvt_json_array(object, "a"));
	assert_true(ugvt_json_has(object, "null"));
	assert_false(ugvt_json_has(object, "none"));
	json_object_put(object);
}

static void text_is_unicode(void **state)
{
	static const char text[] = "{\"caf\xc3\xa9\":\"\xf0\x9f\x98\x80/\\u20ac\"}";
	struct json_object *object = ugvt_json_parse(text, strlen(text));

	assert_non_null(object);
	assert_string_equal(
		ugvt_json_string(object, "caf\xc3\xa9"), "\xf0\x9f\x98\x80/\xe2\x82\xac");
	json_object_put(object);
}

/* Some versions of json-c refuse them, others take the nearest one that they have. */
static void integers_end(void **state)
{
	static const char *const texts[] = {
		"{\"n\":99999999999999999999999}", "{\"n\":-99999999999999999999999}"};
	uint64_t number;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(texts); i++) {
		struct json_object *object = ugvt_json_parse(texts[i], strlen(texts[i]));

		assert_false(ugvt_json_uint(object, "n", UINT64_MAX - 1, &number));
		json_object_put(object);
	}
}

static void uuid_has_one_form(void **state)
{
	static const char *const bad[] = {
		"",
		"c1f4e5a0",
		"c1f4e5a08d2b4a6e9b7c3f0d5e6a7b81",
		"c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b8",
		"c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b811",
		"c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b8g",
		"c1f4e5a08-d2b-4a6e-9b7c-3f0d5e6a7b81",
		"{c1f4e5a-8d2b-4a6e-9b7c-3f0d5e6a7b8}",
		"../4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81",
	};
	struct ugvt_uuid uuid = {"kept"}, other;
	struct ugvt_failure failure;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(bad); i++) {
		assert_false(ugvt_uuid_parse(&uuid, bad[i]));
		assert_string_equal(uuid.text, "kept");
		assert_false(ugvt_uuid_read(&uuid, bad[i], &failure));
		assert_int_equal(failure.code, UGVT_FAILURE_INVALID);
	}
	assert_true(ugvt_uuid_parse(&uuid, "C1F4E5A0-8D2B-4a6e-9b7c-3f0d5e6a7b81"));
	assert_string_equal(uuid.text, "c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81");
	ugvt_uuid_random(&uuid);
	ugvt_uuid_random(&other);
	assert_false(ugvt_uuid_equal(&uuid, &other));
	assert_true(ugvt_uuid_parse(&other, uuid.text));
	assert_true(ugvt_uuid_equal(&uuid, &other));
	assert_int_equal(uuid.text[14], '4');
	assert_non_null(strchr("89ab", uuid.text[19]));
}

static void failures_quote_strangers(void **state)
{
	struct ugvt_failure failure;
	char text[2000];

	assert_false(ugvt_fail_quoted(&failure, 7, "a\nb\x1b[31m"));
	assert_int_equal(failure.code, 7);
	assert_string_equal(failure.text, "a?b?[31m");
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	ugvt_fail_quoted(&failure, 7, text);
	ugvt_failure_append(&failure, ": do this");
	assert_non_null(strstr(failure.text, "x: do this"));
	ugvt_failure_append(&failure, "%s", text);
	assert_int_equal(strlen(failure.text), sizeof(failure.text) - 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_takes_one_value),
		cmocka_unit_test(members_are_typed),
		cmocka_unit_test(text_is_unicode),
		cmocka_unit_test(integers_end),
		cmocka_unit_test(uuid_has_one_form),
		cmocka_unit_test(failures_quote_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
