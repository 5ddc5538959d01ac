/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "manager/config.h"

static bool parse(struct ugvt_config *config, const char *text, struct ugvt_failure *failure)
{
	char copy[8192];

	snprintf(copy, sizeof(copy), "%s", text);
	return ugvt_config_parse(config, "FILE", copy, failure);
}

static void default_is_one_skylake(void **state)
{
	static const char *const nothing[] = {"", "\n\n# only a comment\n   \n"};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(nothing); i++) {
		struct ugvt_failure failure;
		struct ugvt_config config;

		assert_true(parse(&config, nothing[i], &failure));
		assert_int_equal(config.n_parents, 1);
		assert_string_equal(config.parents[0].name, "0000:00:02.0");
		assert_string_equal(config.parents[0].device->name, "skl");
		assert_int_equal(config.parents[0].aperture, 1024 * UGVT_MB);
		assert_true(config.parents[0].ggtt == 4096 * UGVT_MB);
		assert_int_equal(config.parents[0].fences, 32);
		assert_non_null(ugvt_config_type(&config, "i915-GVTg_V5_4"));
		assert_non_null(ugvt_config_type(&config, "direct"));
		assert_null(ugvt_config_type(&config, "i915-GVTg_V4_4"));
		ugvt_config_finish(&config);
	}
}

static void parents_are_read(void **state)
{
	static const char text[] = "# two GPUs\n"
				   "[parent 0000:00:02.0]   # the first\n"
				   "device = kbl\n"
				   "\taperture=256M\r\n"
				   "  ggtt = 2G\n"
				   "fences = 16\n"
				   "backend = soft\n"
				   "\n"
				   "[ parent second-gpu_1 ]\n";
	struct ugvt_failure failure;
	struct ugvt_config config;

	/* The blank after the bracket is not forgiven: one form is enough. */
	assert_false(parse(&config, text, &failure));
	assert_non_null(strstr(failure.text, "FILE:9: "));
	assert_true(parse(&config,
		"[parent 0000:00:02.0]\ndevice = kbl\n\taperture=256M\r\n  ggtt = 2G\nfences = 16\n"
		"backend = soft\n\n[parent \t second-gpu_1 ]\ndevice=cfl # Coffee Lake\n",
		&failure));
	assert_int_equal(config.n_parents, 2);
	assert_string_equal(config.parents[0].device->name, "kbl");
	assert_int_equal(config.parents[0].aperture, 256 * UGVT_MB);
	assert_true(config.parents[0].ggtt == 2048 * UGVT_MB);
	assert_int_equal(config.parents[0].fences, 16);
	assert_string_equal(config.parents[1].name, "second-gpu_1");
	assert_string_equal(config.parents[1].device->name, "cfl");
	assert_int_equal(config.parents[1].aperture, 1024 * UGVT_MB);
	assert_int_equal(config.parents[1].fences, 32);
	ugvt_config_finish(&config);
}

static void errors_name_line_and_reason(void **state)
{
	static const struct {
		const char *text, *where, *reason;
	} cases[] = {
		{"device = skl\n", "FILE:1: ", "begin one with '[parent NAME]'"},
		{"\n\nnonsense\n", "FILE:3: ", "neither"},
		{"[parent a]\nnonsense\n", "FILE:2: ", "neither"},
		{"[parent a]\ncolour = red\n",
			"FILE:2: ", "backend, device, aperture, ggtt, fences, vgpus, slots"},
		{"[parent a]\ndevice = hsw\n", "FILE:2: ", "use skl, kbl, cfl"},
		{"[parent a]\ndevice =\n", "FILE:2: ", "no device ''"},
		{"[parent a]\nbackend = i915\n", "FILE:2: ", "'soft'"},
		{"[parent a]\naperture = 128M\n", "FILE:2: ", "256M, 512M, 1G or 2G"},
		{"[parent a]\naperture = 300M\n", "FILE:2: ", "not '300M'"},
		{"[parent a]\naperture = 1024\n", "FILE:2: ", "not '1024'"},
		{"[parent a]\naperture = 1GB\n", "FILE:2: ", "not '1GB'"},
		{"[parent a]\naperture = -1G\n", "FILE:2: ", "not '-1G'"},
		{"[parent a]\naperture = 99999999999999999999G\n", "FILE:2: ", "aperture must"},
		{"[parent a]\naperture = 18014398509481985G\n", "FILE:2: ", "aperture must"},
		{"[parent a]\nggtt = 8G\n", "FILE:2: ", "1G, 2G or 4G"},
		{"[parent a]\nfences = 33\n", "FILE:2: ", "from 4 to 32"},
		{"[parent a]\nfences = 3\n", "FILE:2: ", "from 4 to 32"},
		{"[parent a]\nfences = 4294967300\n", "FILE:2: ", "from 4 to 32"},
		{"[parent a]\nfences = x\n", "FILE:2: ", "not 'x'"},
		{"[parent a]\nfences = 8\nfences = 8\n", "FILE:3: ", "twice"},
		{"[parent a]\n[parent b]\n[parent a]\n", "FILE:3: ", "two parents a"},
		{"[parent]\n", "FILE:1: ", "PCI address"},
		{"[parent ../etc]\n", "FILE:1: ", "PCI address"},
		{"[parent .]\n", "FILE:1: ", "PCI address"},
		{"[parent a/b]\n", "FILE:1: ", "PCI address"},
		{"[parent a\n", "FILE:1: ", "no ']'"},
		{"[\n", "FILE:1: ", "no ']'"},
		{"[]\n", "FILE:1: ", "[parent NAME]"},
		{"[parents a]\n", "FILE:1: ", "[parent NAME]"},
		{"[parent a]\nvgpus = 0\n", "FILE:2: ", "from 1 to 1024"},
		{"[parent a]\nvgpus = 1025\n", "FILE:2: ", "not '1025'"},
		{"[parent a]\nslots = 0\n", "FILE:2: ", "'auto' or a number"},
		{"[parent a]\nslots = many\n", "FILE:2: ", "not 'many'"},
		{"[parent a]\naperture = 1G\nggtt = 1G\n[parent b]\n", "FILE:1: ", "larger"},
		{"\n[parent a]\nggtt = 1G\n", "FILE:2: ", "larger"},
		{"[parent a]\ndevice = \x1b[31m\n", "FILE:2: ", "?[31m"},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_failure failure = {0};
		struct ugvt_config config;

		if (parse(&config, cases[i].text, &failure)) {
			fail_msg("taken: %s", cases[i].text);
		}
		assert_int_equal(failure.code, UGVT_FAILURE_INVALID);
		if (strncmp(failure.text, cases[i].where, strlen(cases[i].where)) != 0 ||
			!strstr(failure.text, cases[i].reason)) {
			fail_msg("%s -> %s", cases[i].text, failure.text);
		}
	}
}

/* The same in a section of a type called a. */
static void type_errors_name_line_and_reason(void **state)
{
	static const struct {
		const char *text, *where, *reason;
	} cases[] = {
		{"low_gm = 32M", "FILE:2: ", "64M, 128M, 256M, 512M, 1G or 2G"},
		{"low_gm = 4G", "FILE:2: ", "not '4G'"},
		{"low_gm = 96M", "FILE:2: ", "not '96M'"},
		{"low_gm = 128", "FILE:2: ", "not '128'"},
		{"high_gm = 63M", "FILE:2: ", "64M to 4032M"},
		{"high_gm = 4033M", "FILE:2: ", "not '4033M'"},
		{"high_gm = 100000K", "FILE:2: ", "whole megabytes"},
		{"high_gm = 0M", "FILE:2: ", "whole megabytes"},
		{"fences = 0", "FILE:2: ", "from 1 to 32"},
		{"fences = 33", "FILE:2: ", "not '33'"},
		{"fences = +4", "FILE:2: ", "not '+4'"},
		{"weight = 0", "FILE:2: ", "from 1 to 1000"},
		{"weight = 1001", "FILE:2: ", "not '1001'"},
		{"weight = 1.5", "FILE:2: ", "not '1.5'"},
		{"weight =", "FILE:2: ", "not ''"},
		{"resolution = 1920", "FILE:2: ", "WIDTHxHEIGHT"},
		{"resolution = 639x480", "FILE:2: ", "from 640x480 to 3840x2160"},
		{"resolution = 640x479", "FILE:2: ", "not '640x479'"},
		{"resolution = 3842x2160", "FILE:2: ", "not '3842x2160'"},
		{"resolution = 3840x2161", "FILE:2: ", "not '3840x2161'"},
		{"resolution = 1367x768", "FILE:2: ", "even"},
		{"resolution = 1920x1200x32", "FILE:2: ", "WIDTHxHEIGHT"},
		{"resolution = x", "FILE:2: ", "WIDTHxHEIGHT"},
		{"resolution = 00000001920x1200", "FILE:2: ", "WIDTHxHEIGHT"},
		{"deadline = 0", "FILE:2: ", "'off' or a number of seconds"},
		{"deadline = 86401", "FILE:2: ", "not '86401'"},
		{"deadline = 10s", "FILE:2: ", "not '10s'"},
		{"aperture = 1G",
			"FILE:2: ", "low_gm, high_gm, fences, weight, resolution, deadline"},
		{"weight = 1\nweight = 1", "FILE:3: ", "twice for this type"},
		{"low_gm = 2G\nhigh_gm = 2049M", "FILE:1: ", "more than 4G"},
		{"high_gm = 4G\n[parent p]", "FILE:2: ", "64M to 4032M"},
		{"low_gm = 1G\nhigh_gm = 4032M\n[parent p]", "FILE:1: ", "more than 4G"},
		{"[type b]\n[type a]", "FILE:3: ", "two types a"},
		{"[type i915-GVTg_V5_4]\n[type i915-GVTg_V5_4]", "FILE:3: ", "two types"},
		{"[type]", "FILE:2: ", "can't be a type's name"},
		{"[type a b]", "FILE:2: ", "can't be a type's name"},
		{"[type ..]", "FILE:2: ", "can't be a type's name"},
		{"[type direct]\nlow_gm = 1G", "FILE:3: ", "can't be set for type direct"},
		{"[type direct]\nhigh_gm = 1G", "FILE:3: ", "can't be set for type direct"},
		{"[type direct]\nfences = 4", "FILE:3: ", "can't be set for type direct"},
		{"[types b]", "FILE:2: ", "'[parent NAME]' or '[type NAME]'"},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_failure failure = {0};
		struct ugvt_config config;
		char text[256];

		snprintf(text, sizeof(text), "[type a]\n%s\n", cases[i].text);
		if (parse(&config, text, &failure)) {
			fail_msg("taken: %s", text);
		}
		assert_int_equal(failure.code, UGVT_FAILURE_INVALID);
		if (strncmp(failure.text, cases[i].where, strlen(cases[i].where)) != 0 ||
			!strstr(failure.text, cases[i].reason)) {
			fail_msg("%s -> %s", text, failure.text);
		}
	}
}

static void types_are_read(void **state)
{
	struct ugvt_failure failure;
	const struct ugvt_type *type;
	struct ugvt_config config;

	assert_true(parse(&config,
		"[type i915-big]\nlow_gm = 512M\nhigh_gm = 3000M\nfences = 32\nweight = 1000\n"
		"resolution = 3840x2160\ndeadline = off\n"
		"[parent p]\nvgpus = 1024\nslots = 3\n"
		"[type plain]\n"
		"[type i915-GVTg_V5_8]\ndeadline = 86400\n"
		"[type direct]\nweight = 1\nresolution = 640x480\n"
		"[parent q]\nslots = auto\n",
		&failure));
	assert_int_equal(config.n_types, UGVT_BUILTIN_TYPES + 2);
	type = ugvt_config_type(&config, "i915-big");
	assert_non_null(type);
	assert_string_equal(type->name, "big");
	assert_int_equal(type->low_gm, 512 * UGVT_MB);
	assert_true(type->high_gm == 3000 * UGVT_MB);
	assert_int_equal(type->fences, 32);
	assert_int_equal(type->weight, 1000);
	assert_int_equal(type->width, 3840);
	assert_int_equal(type->height, 2160);
	assert_int_equal(type->deadline_s, 0);
	assert_false(type->direct);
	type = ugvt_config_type(&config, "plain");
	assert_string_equal(type->name, "plain");
	assert_int_equal(type->low_gm, 128 * UGVT_MB);
	assert_int_equal(type->high_gm, 512 * UGVT_MB);
	assert_int_equal(type->deadline_s, UGVT_TYPE_DEADLINE_S);
	/* Those that are always there change only in what is said. */
	type = ugvt_config_type(&config, "i915-GVTg_V5_8");
	assert_int_equal(type->deadline_s, 86400);
	assert_int_equal(type->low_gm, 64 * UGVT_MB);
	type = ugvt_config_type(&config, "direct");
	assert_true(type->direct);
	assert_int_equal(type->weight, 1);
	assert_int_equal(type->width, 640);
	assert_int_equal(config.parents[0].vgpus, 1024);
	assert_int_equal(ugvt_parent_config_slots(&config.parents[0]), 3);
	assert_int_equal(config.parents[1].vgpus, 0);
	assert_in_range(ugvt_parent_config_slots(&config.parents[1]), 1, 1 << 20);
	ugvt_config_finish(&config);
}

static void types_are_bounded(void **state)
{
	static char text[UGVT_CONFIG_TYPES_MAX * 32];
	struct ugvt_failure failure;
	struct ugvt_config config;

	for (int i = UGVT_BUILTIN_TYPES; i <= UGVT_CONFIG_TYPES_MAX; i++) {
		sprintf(text + strlen(text), "[type t%d]\n", i);
	}
	assert_false(ugvt_config_parse(&config, "FILE", text, &failure));
	assert_non_null(strstr(failure.text, "FILE:252: there are more than 256 types"));
}

static void parents_are_bounded(void **state)
{
	static char text[UGVT_CONFIG_PARENTS_MAX * 32 + 64];
	struct ugvt_failure failure;
	struct ugvt_config config;
	char name[128];

	for (int i = 0; i <= UGVT_CONFIG_PARENTS_MAX; i++) {
		sprintf(text + strlen(text), "[parent p%d]\n", i);
	}
	assert_false(parse(&config, text, &failure));
	assert_non_null(strstr(failure.text, "FILE:65: "));
	*strrchr(text, '[') = '\0';
	assert_true(parse(&config, text, &failure));
	assert_int_equal(config.n_parents, UGVT_CONFIG_PARENTS_MAX);
	ugvt_config_finish(&config);
	/* A name of 63 characters fits, one of 64 does not. */
	snprintf(name, sizeof(name), "[parent %063d]", 0);
	assert_true(parse(&config, name, &failure));
	ugvt_config_finish(&config);
	snprintf(name, sizeof(name), "[parent %064d]", 0);
	assert_false(parse(&config, name, &failure));
}

static void files_are_read(void **state)
{
	char path[] = "/tmp/ugvt-config.XXXXXX";
	int fd = mkstemp(path);
	struct ugvt_failure failure;
	struct ugvt_config config;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "[parent x]\n", 11), 11);
	assert_true(ugvt_config_read(&config, path, &failure));
	assert_string_equal(config.parents[0].name, "x");
	ugvt_config_finish(&config);
	assert_int_equal(write(fd, "a\0b", 3), 3);
	assert_false(ugvt_config_read(&config, path, &failure));
	assert_non_null(strstr(failure.text, "no text"));
	close(fd);
	unlink(path);
	assert_false(ugvt_config_read(&config, path, &failure));
	assert_int_equal(failure.code, UGVT_FAILURE_DENIED);
	assert_non_null(strstr(failure.text, path));
	assert_false(ugvt_config_read(&config, "/", &failure));
	assert_int_equal(failure.code, UGVT_FAILURE_DENIED);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_is_one_skylake),
		cmocka_unit_test(parents_are_read),
		cmocka_unit_test(errors_name_line_and_reason),
		cmocka_unit_test(type_errors_name_line_and_reason),
		cmocka_unit_test(types_are_read),
		cmocka_unit_test(types_are_bounded),
		cmocka_unit_test(parents_are_bounded),
		cmocka_unit_test(files_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
