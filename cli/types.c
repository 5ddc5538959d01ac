/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "control/json.h"

/* mdevctl prints the lines of a description as one, separated by commas, in text and JSON alike. */
static void description_flatten(const char *description, char *text, size_t size)
{
	size_t n = 0;

	for (const char *c = description; *c && n + 3 < size; c++) {
		if (*c != '\n') {
			text[n++] = *c;
		} else if (c[1]) {
			text[n++] = ',';
			text[n++] = ' ';
		}
	}
	text[n] = '\0';
}

static const char *type_string(const struct json_object *type, const char *key)
{
	const char *text = ugvt_json_string(type, key);

	return text ? text : "";
}

static uint64_t type_available(const struct json_object *type)
{
	uint64_t available = 0;

	ugvt_json_uint(type, "available_instances", UINT32_MAX, &available);
	return available;
}

static void type_print(const struct json_object *type)
{
	char description[512];

	description_flatten(type_string(type, "description"), description, sizeof(description));
	printf("  %s\n    Available instances: %" PRIu64 "\n    Device API: %s\n    Name: %s\n"
	       "    Description: %s\n",
		type_string(type, "type"), type_available(type), type_string(type, "device_api"),
		type_string(type, "name"), description);
}

static struct json_object *type_dump(const struct json_object *type)
{
	struct json_object *inner = json_object_new_object();
	struct json_object *outer = json_object_new_object();
	char description[512];

	description_flatten(type_string(type, "description"), description, sizeof(description));
	ugvt_json_add_uint(inner, "available_instances", type_available(type));
	ugvt_json_add_string(inner, "device_api", type_string(type, "device_api"));
	ugvt_json_add_string(inner, "name", type_string(type, "name"));
	ugvt_json_add_string(inner, "description", description);
	json_object_object_add(outer, type_string(type, "type"), inner);
	return outer;
}

static void parent_print(const struct json_object *parent)
{
	struct json_object *types = ugvt_json_array(parent, "types");

	printf("%s\n", type_string(parent, "parent"));
	for (size_t i = 0; types && i < json_object_array_length(types); i++) {
		type_print(json_object_array_get_idx(types, i));
	}
}

static struct json_object *parent_dump(const struct json_object *parent)
{
	struct json_object *types = ugvt_json_array(parent, "types");
	struct json_object *list = json_object_new_array();
	struct json_object *outer = json_object_new_object();

	for (size_t i = 0; types && i < json_object_array_length(types); i++) {
		json_object_array_add(list, type_dump(json_object_array_get_idx(types, i)));
	}
	json_object_object_add(outer, type_string(parent, "parent"), list);
	return outer;
}

static int parent_unknown(struct ugvt_cli *cli, struct json_object *parents, const char *name)
{
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_FAILURE_NOT_FOUND, "there is no parent '%s': use", name);
	for (size_t i = 0; i < json_object_array_length(parents); i++) {
		ugvt_failure_append(&failure, "%s %s", i ? "," : "",
			type_string(json_object_array_get_idx(parents, i), "parent"));
	}
	return ugvt_cli_complain(cli, &failure);
}

static int parents_print(
	struct ugvt_cli *cli, struct json_object *parents, const char *only, bool dumpjson)
{
	struct json_object *dump = json_object_new_array();
	bool found = false;
	int status = 0;

	for (size_t i = 0; i < json_object_array_length(parents); i++) {
		const struct json_object *parent = json_object_array_get_idx(parents, i);

		if (only && strcmp(only, type_string(parent, "parent")) != 0) {
			continue;
		}
		found = true;
		if (dumpjson) {
			json_object_array_add(dump, parent_dump(parent));
		} else {
			parent_print(parent);
		}
	}
	if (only && !found) {
		status = parent_unknown(cli, parents, only);
	} else if (dumpjson) {
		ugvt_cli_print_json(dump);
	}
	json_object_put(dump);
	return status;
}

static int types_run(struct ugvt_cli *cli)
{
	const char *parent = NULL;
	bool dumpjson = false;
	const struct ugvt_cli_option options[] = {
		{'p', "parent", "PARENT", "only the types of this parent", .value = &parent},
		{0, "dumpjson", NULL, "print JSON, as mdevctl does", .flag = &dumpjson},
		{0},
	};
	struct ugvt_client_reply reply;
	int status = 0;

	if (!ugvt_cli_parse(cli, options, 0) || !ugvt_cli_call(cli, "types", NULL, &reply)) {
		return cli->status;
	}
	if (json_object_is_type(reply.result, json_type_array)) {
		status = parents_print(cli, reply.result, parent, dumpjson);
	}
	ugvt_client_reply_finish(&reply);
	return status;
}

const struct ugvt_cli_command ugvt_cli_types = {
	.name = "types",
	.synopsis = "[-p PARENT] [--dumpjson]",
	.summary = "List the types of vGPU there are, and how many more of each fit",
	.run = types_run,
};
