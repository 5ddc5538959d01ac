/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "control/json.h"
#include "control/uuid.h"

struct filter {
	const char *uuid;   // NULL: all
	const char *parent; // NULL: all
	bool dumpjson, verbose;
};

static const char *vgpu_string(const struct json_object *vgpu, const char *key)
{
	const char *text = ugvt_json_string(vgpu, key);

	return text ? text : "";
}

static bool vgpu_running(const struct json_object *vgpu)
{
	return strcmp(vgpu_string(vgpu, "state"), "running") == 0;
}

static bool vgpu_wanted(const struct json_object *vgpu, const struct filter *filter)
{
	return (!filter->uuid || strcmp(filter->uuid, vgpu_string(vgpu, "uuid")) == 0) &&
	       (!filter->parent || strcmp(filter->parent, vgpu_string(vgpu, "parent")) == 0);
}

/* The definition of the vGPU, among all; NULL if it has none on its parent. */
static const struct json_object *definition_of(
	const struct json_object *definitions, const struct json_object *vgpu)
{
	size_t n = definitions ? json_object_array_length(definitions) : 0;

	for (size_t i = 0; i < n; i++) {
		const struct json_object *entry = json_object_array_get_idx(definitions, i);

		if (strcmp(vgpu_string(entry, "uuid"), vgpu_string(vgpu, "uuid")) == 0 &&
			strcmp(vgpu_string(entry, "parent"), vgpu_string(vgpu, "parent")) == 0) {
			return ugvt_json_object(entry, "definition");
		}
	}
	return NULL;
}

static const char *start_of(const struct json_object *definition)
{
	return strcmp(vgpu_string(definition, "start"), "auto") == 0 ? "auto" : "manual";
}

/* A definition's attributes, as mdevctl shows them. */
static void attrs_print(const struct json_object *definition)
{
	struct json_object *attrs = ugvt_json_array(definition, "attrs");
	size_t n = attrs ? json_object_array_length(attrs) : 0;

	if (n > 0) {
		puts("  Attrs:");
	}
	for (size_t i = 0; i < n; i++) {
		printf("    @{%zu}: %s\n", i,
			json_object_to_json_string_ext(json_object_array_get_idx(attrs, i),
				JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	}
}

/* As mdevctl's; what does not run says so at the end of its line. */
static void vgpu_print(const struct json_object *vgpu, const struct json_object *definition)
{
	const char *reason = vgpu_string(vgpu, "reason");

	printf("%s %s %s %s%s", vgpu_string(vgpu, "uuid"), vgpu_string(vgpu, "parent"),
		vgpu_string(vgpu, "type"), start_of(definition), definition ? " (defined)" : "");
	if (!vgpu_running(vgpu)) {
		printf(" (%s%s%s)", vgpu_string(vgpu, "state"), reason[0] ? ": " : "", reason);
	}
	printf("\n");
}

/* In mdevctl's form. */
static struct json_object *vgpu_dump(
	const struct json_object *vgpu, const struct json_object *definitions)
{
	const struct json_object *definition = definition_of(definitions, vgpu);
	struct json_object *attrs = ugvt_json_array(definition, "attrs");
	struct json_object *dump = json_object_new_object();

	ugvt_json_add_string(dump, "mdev_type", vgpu_string(vgpu, "type"));
	ugvt_json_add_string(dump, "start", start_of(definition));
	json_object_object_add(
		dump, "attrs", attrs ? json_object_get(attrs) : json_object_new_array());
	return dump;
}

/* mdevctl's form: [ { PARENT: [ { UUID: {...} }, ... ] }, ... ]; takes inner. */
static void dump_add(
	struct json_object *dump, const struct json_object *vgpu, struct json_object *inner)
{
	const char *parent = vgpu_string(vgpu, "parent");
	struct json_object *outer = NULL, *list = NULL, *entry = json_object_new_object();

	for (size_t i = 0; i < json_object_array_length(dump) && !list; i++) {
		list = ugvt_json_array(json_object_array_get_idx(dump, i), parent);
	}
	if (!list) {
		outer = json_object_new_object();
		list = json_object_new_array();
		json_object_object_add(outer, parent, list);
		json_object_array_add(dump, outer);
	}
	json_object_object_add(entry, vgpu_string(vgpu, "uuid"), inner);
	json_object_array_add(list, entry);
}

/* As mdevctl does, a single one that was asked for by UUID is printed as its file would be. */
static void dump_print(struct json_object *dump, struct json_object *single)
{
	ugvt_cli_print_json(single ? single : dump);
	json_object_put(dump);
}

static void vgpus_dump(struct json_object *vgpus, const struct json_object *definitions,
	const struct filter *filter)
{
	struct json_object *dump = json_object_new_array(), *single = NULL;

	for (size_t i = 0; i < json_object_array_length(vgpus); i++) {
		const struct json_object *vgpu = json_object_array_get_idx(vgpus, i);
		struct json_object *inner;

		if (!vgpu_wanted(vgpu, filter)) {
			continue;
		}
		inner = vgpu_dump(vgpu, definitions);
		single = filter->uuid ? inner : NULL;
		if (!vgpu_running(vgpu) && !single) {
			ugvt_json_add_string(inner, "state", vgpu_string(vgpu, "state"));
		}
		dump_add(dump, vgpu, inner);
	}
	dump_print(dump, single);
}

static void vgpus_print(struct json_object *vgpus, const struct json_object *definitions,
	const struct filter *filter)
{
	for (size_t i = 0; i < json_object_array_length(vgpus); i++) {
		const struct json_object *vgpu = json_object_array_get_idx(vgpus, i);

		if (vgpu_wanted(vgpu, filter)) {
			const struct json_object *definition = definition_of(definitions, vgpu);

			vgpu_print(vgpu, definition);
			if (filter->verbose) {
				attrs_print(definition);
			}
		}
	}
}

static bool entry_broken(const struct json_object *entry)
{
	return ugvt_json_has(entry, "broken");
}

static void definition_print(const struct json_object *entry, bool verbose)
{
	const struct json_object *definition = ugvt_json_object(entry, "definition");
	const char *reason = vgpu_string(entry, "reason");
	bool active = false;

	ugvt_json_bool(entry, "active", &active);
	printf("%s %s %s %s%s", vgpu_string(entry, "uuid"), vgpu_string(entry, "parent"),
		vgpu_string(definition, "mdev_type"), start_of(definition),
		active ? " (active)" : "");
	if (reason[0]) {
		printf(" (failed: %s)", reason);
	}
	printf("\n");
	if (verbose) {
		attrs_print(definition);
	}
}

static void definitions_print(
	struct ugvt_cli *cli, struct json_object *definitions, const struct filter *filter)
{
	for (size_t i = 0; i < json_object_array_length(definitions); i++) {
		const struct json_object *entry = json_object_array_get_idx(definitions, i);

		if (!vgpu_wanted(entry, filter)) {
			continue;
		}
		if (entry_broken(entry)) {
			fprintf(stderr, "%s: the definition of %s on %s is broken: %s\n",
				cli->argv[0], vgpu_string(entry, "uuid"),
				vgpu_string(entry, "parent"), vgpu_string(entry, "broken"));
		} else {
			definition_print(entry, filter->verbose);
		}
	}
}

static void definitions_dump(struct json_object *definitions, const struct filter *filter)
{
	struct json_object *dump = json_object_new_array(), *single = NULL;
	size_t found = 0;

	for (size_t i = 0; i < json_object_array_length(definitions); i++) {
		struct json_object *entry = json_object_array_get_idx(definitions, i);
		struct json_object *definition = ugvt_json_object(entry, "definition");

		if (vgpu_wanted(entry, filter) && definition) {
			found++;
			single = definition;
			dump_add(dump, entry, json_object_get(definition));
		}
	}
	dump_print(dump, filter->uuid && found == 1 ? single : NULL);
}

static int defined_run(struct ugvt_cli *cli, const struct filter *filter)
{
	struct ugvt_client_reply reply;

	if (!ugvt_cli_call(cli, "definitions", NULL, &reply)) {
		return cli->status;
	}
	if (!json_object_is_type(reply.result, json_type_array)) {
		cli->status = UGVT_FAILURE_OTHER;
	} else if (filter->dumpjson) {
		definitions_dump(reply.result, filter);
	} else {
		definitions_print(cli, reply.result, filter);
	}
	ugvt_client_reply_finish(&reply);
	return cli->status;
}

static int running_run(struct ugvt_cli *cli, const struct filter *filter)
{
	struct ugvt_client_reply vgpus, definitions;

	if (!ugvt_cli_call(cli, "list", NULL, &vgpus)) {
		return cli->status;
	}
	if (!ugvt_cli_call(cli, "definitions", NULL, &definitions)) {
		ugvt_client_reply_finish(&vgpus);
		return cli->status;
	}
	if (!json_object_is_type(vgpus.result, json_type_array) ||
		!json_object_is_type(definitions.result, json_type_array)) {
		cli->status = UGVT_FAILURE_OTHER;
	} else if (filter->dumpjson) {
		vgpus_dump(vgpus.result, definitions.result, filter);
	} else {
		vgpus_print(vgpus.result, definitions.result, filter);
	}
	ugvt_client_reply_finish(&definitions);
	ugvt_client_reply_finish(&vgpus);
	return cli->status;
}

static int list_run(struct ugvt_cli *cli)
{
	struct filter filter = {0};
	bool defined = false;
	const struct ugvt_cli_option options[] = {
		{'d', "defined", NULL, "list what is defined, not what runs", .flag = &defined},
		{'u', "uuid", "UUID", "only this vGPU", .value = &filter.uuid},
		{'p', "parent", "PARENT", "only the vGPUs of this parent", .value = &filter.parent},
		{'v', "verbose", NULL, "with the attributes of definitions",
			.flag = &filter.verbose},
		{0, "dumpjson", NULL, "print JSON, as mdevctl does", .flag = &filter.dumpjson},
		{0},
	};
	struct ugvt_failure failure;
	struct ugvt_uuid uuid;

	if (!ugvt_cli_parse(cli, options, 0)) {
		return cli->status;
	}
	if (filter.uuid && !ugvt_uuid_read(&uuid, filter.uuid, &failure)) {
		return ugvt_cli_complain(cli, &failure);
	}
	filter.uuid = filter.uuid ? uuid.text : NULL;
	return defined ? defined_run(cli, &filter) : running_run(cli, &filter);
}

const struct ugvt_cli_command ugvt_cli_list = {
	.name = "list",
	.synopsis = "[-d] [-u UUID] [-p PARENT] [-v] [--dumpjson]",
	.summary = "List the vGPUs, or those that are defined",
	.description =
		"Each line has UUID, parent, type and way of starting, as mdevctl prints them; a vGPU that\n"
		"does not run says at the end of its line why.",
	.run = list_run,
};
