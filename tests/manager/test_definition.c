/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "manager/definition.h"

static const struct ugvt_uuid uuid = {"c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81"};

static bool parse(
	struct ugvt_definition *definition, const char *text, struct ugvt_failure *failure)
{
	*definition = (struct ugvt_definition){0};
	return ugvt_definition_parse(definition, text, strlen(text), failure);
}

static void text_check(const struct ugvt_definition *definition, const char *expected)
{
	char *text = ugvt_definition_text(definition);

	assert_string_equal(text, expected);
	free(text);
}

/* What mdevctl 1.2.0 writes, to the byte. */
static void text_is_mdevctl_s(void **state)
{
	struct ugvt_definition definition;

	ugvt_definition_init(&definition, &uuid, "0000:00:02.0", "i915-GVTg_V5_4");
	assert_string_equal(definition.file, uuid.text);
	text_check(&definition,
		"{\n  \"mdev_type\": \"i915-GVTg_V5_4\",\n  \"start\": \"manual\",\n  \"attrs\": []\n}");
	ugvt_definition_set_weight(&definition, 4);
	ugvt_definition_set_cap(&definition, 50);
	ugvt_definition_set_autostart(&definition, true);
	text_check(&definition,
		"{\n  \"mdev_type\": \"i915-GVTg_V5_4\",\n  \"start\": \"auto\",\n  \"attrs\": [\n    {\n"
		"      \"intel_vgpu/weight\": \"4\"\n    },\n    {\n      \"intel_vgpu/cap\": \"50\"\n    }\n"
		"  ]\n}");
	ugvt_definition_set_weight(&definition, 0);
	ugvt_definition_set_cap(&definition, 0);
	text_check(&definition,
		"{\n  \"mdev_type\": \"i915-GVTg_V5_4\",\n  \"start\": \"auto\",\n  \"attrs\": []\n}");
	ugvt_definition_finish(&definition);
}

static void fields_are_read(void **state)
{
	static const struct {
		const char *text;
		bool autostart;
		unsigned weight, cap;
	} cases[] = {
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[]}", true, 0, 0},
		{"{\"mdev_type\":\"a\",\"start\":\"manual\"}", false, 0, 0},
		{"{\"mdev_type\":\"a\",\"start\":\"perhaps\"}", false, 0, 0},
		{" {\"start\":\"auto\", \"mdev_type\":\"a\", \"x\": [1]}\n", true, 0, 0},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{\"intel_vgpu/weight\":\"1000\"},"
		 "{\"assign_adapter\":\"5\"},{\"intel_vgpu/cap\":\"100\"}]}",
			true, 1000, 100},
		/* They are written to the device in their order. */
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{\"intel_vgpu/weight\":\"1\"},"
		 "{\"intel_vgpu/weight\":\"2\"}]}",
			true, 2, 0},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{\"other\":{\"deep\":[]}}]}",
			true, 0, 0},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_definition definition;
		struct ugvt_failure failure;

		if (!parse(&definition, cases[i].text, &failure)) {
			fail_msg("%s: %s", cases[i].text, failure.text);
		}
		assert_string_equal(definition.type, "a");
		assert_int_equal(definition.autostart, cases[i].autostart);
		assert_int_equal(definition.weight, cases[i].weight);
		assert_int_equal(definition.cap, cases[i].cap);
		ugvt_definition_finish(&definition);
	}
}

static void nonsense_is_refused(void **state)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{"", "no JSON"},
		{"{", "no JSON"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\"", "no JSON"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\"}}", "no JSON"},
		{"[]", "mdev_type"},
		{"\"a\"", "mdev_type"},
		{"{}", "mdev_type"},
		{"{\"mdev_type\":1,\"start\":\"auto\"}", "mdev_type"},
		{"{\"mdev_type\":\"\",\"start\":\"auto\"}", "mdev_type"},
		{"{\"mdev_type\":\"../a\",\"start\":\"auto\"}", "mdev_type"},
		{"{\"mdev_type\":\"a\\u0000b\",\"start\":\"auto\"}", "mdev_type"},
		{"{\"mdev_type\":\"a\"}", "start"},
		{"{\"mdev_type\":\"a\",\"start\":true}", "start"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":{}}", "attrs"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":null}", "attrs"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[1]}", "one member"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{}]}", "one member"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{\"a\":\"1\",\"b\":\"2\"}]}",
			"one member"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{\"intel_vgpu/weight\":\"0\"}]}",
			"intel_vgpu/weight can't be 0"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{\"intel_vgpu/weight\":\"1001\"}]}",
			"intel_vgpu/weight can't be 1001"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{\"intel_vgpu/weight\":4}]}",
			"anything but a string"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{\"intel_vgpu/cap\":\"101\"}]}",
			"intel_vgpu/cap can't be 101"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"attrs\":[{\"intel_vgpu/cap\":\"-1\"}]}",
			"intel_vgpu/cap can't be -1"},
		{"{\"mdev_type\":\"a\",\"start\":\"auto\",\"x\":\"\xff\"}", "no JSON"},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_definition definition;
		struct ugvt_failure failure;

		if (parse(&definition, cases[i].text, &failure)) {
			fail_msg("taken: %s", cases[i].text);
		}
		assert_int_equal(failure.code, UGVT_FAILURE_INVALID);
		if (!strstr(failure.text, cases[i].reason)) {
			fail_msg("%s -> %s", cases[i].text, failure.text);
		}
		assert_null(definition.json);
	}
}

static void what_is_not_ours_is_kept(void **state)
{
	static const char text[] =
		"{\"comment\": \"caf\u00e9/\\\"x\\\"\", \"mdev_type\": \"a\", \"start\": \"manual\", \"n\": 1.50,"
		"\"attrs\": [{\"one\": \"1\"}, {\"intel_vgpu/weight\": \"3\"}, {\"two\": 2},"
		"{\"intel_vgpu/weight\": \"4\"}, {\"three\": \"3\"}], \"more\": {\"x\": null}}";
	struct ugvt_definition definition;
	struct ugvt_failure failure;

	assert_true(parse(&definition, text, &failure));
	ugvt_definition_set_type(&definition, "b");
	ugvt_definition_set_weight(&definition, 9);
	ugvt_definition_set_cap(&definition, 10);
	text_check(&definition, "{\n"
				"  \"comment\": \"caf\u00e9/\\\"x\\\"\",\n"
				"  \"mdev_type\": \"b\",\n"
				"  \"start\": \"manual\",\n"
				"  \"n\": 1.50,\n"
				"  \"attrs\": [\n"
				"    {\n      \"one\": \"1\"\n    },\n"
				"    {\n      \"two\": 2\n    },\n"
				"    {\n      \"intel_vgpu/weight\": \"9\"\n    },\n"
				"    {\n      \"three\": \"3\"\n    },\n"
				"    {\n      \"intel_vgpu/cap\": \"10\"\n    }\n"
				"  ],\n"
				"  \"more\": {\n    \"x\": null\n  }\n"
				"}");
	ugvt_definition_finish(&definition);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_mdevctl_s),
		cmocka_unit_test(fields_are_read),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(what_is_not_ours_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
