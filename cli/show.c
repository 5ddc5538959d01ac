/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>

#include "base/bits.h"
#include "cli/cli.h"
#include "control/json.h"

#define MB (UINT64_C(1) << 20)

static uint64_t number(const struct json_object *vgpu, const char *key)
{
	uint64_t value = 0;

	ugvt_json_uint(vgpu, key, UINT64_MAX, &value);
	return value;
}

static void string_print(const struct json_object *vgpu, const char *label, const char *key)
{
	const char *text = ugvt_json_string(vgpu, key);

	if (text) {
		printf("%-18s %s\n", label, text);
	}
}

/* "a, b" of the walls that stand, or of those that do not. */
static void walls_print(struct json_object *walls, const char *label, bool standing)
{
	const char *separator = "";

	printf("%-18s ", label);
	json_object_object_foreach(walls, name, value) {
		if (json_object_get_boolean(value) != standing) {
			continue;
		}
		printf("%s", separator);
		for (const char *c = name; *c; c++) {
			putchar(*c == '_' ? ' ' : *c);
		}
		separator = ", ";
	}
	puts(*separator ? "" : "none");
}

/* What the cgroup's controllers limit. */
static void limits_print(const struct json_object *limits)
{
	if (!limits) {
		printf("%-18s none from a cgroup: none is delegated to the manager\n", "Limits:");
		return;
	}
	string_print(limits, "Limits:", "path");
	if (ugvt_json_has(limits, "cpu_weight")) {
		printf("%-18s %" PRIu64 "\n", "  CPU weight:", number(limits, "cpu_weight"));
	}
	if (ugvt_json_has(limits, "memory_max")) {
		printf("%-18s %" PRIu64 " MB\n", "  memory:", number(limits, "memory_max") / MB);
	}
	if (ugvt_json_has(limits, "pids_max")) {
		printf("%-18s %" PRIu64 "\n", "  threads:", number(limits, "pids_max"));
	}
}

static void vgpu_print(const struct json_object *vgpu)
{
	static const char *const strings[][2] = {
		{"UUID:", "uuid"},
		{"Parent:", "parent"},
		{"Type:", "type"},
		{"GPU:", "device_name"},
		{"State:", "state"},
		{"Reason:", "reason"},
		{"Socket:", "socket"},
	};
	struct json_object *walls = ugvt_json_object(vgpu, "walls");

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(strings); i++) {
		string_print(vgpu, strings[i][0], strings[i][1]);
	}
	if (ugvt_json_has(vgpu, "pid")) {
		printf("%-18s process %" PRIu64 "\n", "Worker:", number(vgpu, "pid"));
	}
	if (walls) {
		walls_print(walls, "Walls:", true);
		walls_print(walls, "Without walls:", false);
		limits_print(ugvt_json_object(vgpu, "limits"));
	}
	printf("%-18s %" PRIu64 " MB low, %" PRIu64 " MB high\n",
		"Graphics memory:", number(vgpu, "low_gm") / MB, number(vgpu, "high_gm") / MB);
	printf("%-18s %" PRIu64 "\n", "Fences:", number(vgpu, "fences"));
	printf("%-18s %" PRIu64 "\n", "Weight:", number(vgpu, "weight"));
	if (number(vgpu, "cap") > 0) {
		printf("%-18s %" PRIu64 " %%\n", "Cap:", number(vgpu, "cap"));
	}
	printf("%-18s %" PRIu64 "x%" PRIu64 "\n", "Resolution:", number(vgpu, "width"),
		number(vgpu, "height"));
}

/* "a 1, b 2" of the numbers in figures. */
static void numbers_print(struct json_object *figures)
{
	const char *separator = "";

	json_object_object_foreach(figures, name, value) {
		if (json_object_is_type(value, json_type_int)) {
			printf("%s%s %" PRIu64, separator, name, json_object_get_uint64(value));
			separator = ", ";
		}
	}
	printf("\n");
}

/* Whatever the worker counts: numbers together, each object of numbers on a line. */
static void figures_print(const char *label, struct json_object *figures)
{
	printf("%-18s ", label);
	numbers_print(figures);
	json_object_object_foreach(figures, name, value) {
		char inner[64];

		if (json_object_is_type(value, json_type_object)) {
			snprintf(inner, sizeof(inner), "  %s:", name);
			figures_print(inner, value);
		}
	}
}

static int show_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL;
	bool dumpjson = false;
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU", .value = &uuid},
		{0, "dumpjson", NULL, "print JSON", .flag = &dumpjson},
		{0},
	};
	struct ugvt_client_reply reply;
	struct json_object *stats;

	if (!ugvt_cli_parse(cli, options, 1) || !ugvt_cli_operand(cli, "the UUID", &uuid) ||
		!ugvt_cli_call(cli, "show", ugvt_cli_uuid_params(uuid), &reply)) {
		return cli->status;
	}
	stats = ugvt_json_object(reply.result, "stats");
	if (dumpjson) {
		ugvt_cli_print_json(reply.result);
	} else {
		vgpu_print(reply.result);
	}
	if (!dumpjson && stats) {
		figures_print("Figures:", stats);
	}
	ugvt_client_reply_finish(&reply);
	return 0;
}

const struct ugvt_cli_command ugvt_cli_show = {
	.name = "show",
	.synopsis = "[-u] UUID [--dumpjson]",
	.summary = "Tell all that is known about a vGPU",
	.run = show_run,
};
