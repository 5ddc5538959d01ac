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

/* As mdevctl's; what does not run says so at the end of its line. */
static void vgpu_print(const struct json_object *vgpu)
{
	const char *reason = vgpu_string(vgpu, "reason");

	printf("%s %s %s manual", vgpu_string(vgpu, "uuid"), vgpu_string(vgpu, "parent"),
		vgpu_string(vgpu, "type"));
	if (!vgpu_running(vgpu)) {
		printf(" (%s%s%s)", vgpu_string(vgpu, "state"), reason[0] ? ": " : "", reason);
	}
	printf("\n");
}

static struct json_object *vgpu_dump(const struct json_object *vgpu)
{
	struct json_object *dump = json_object_new_object();

	ugvt_json_add_string(dump, "mdev_type", vgpu_string(vgpu, "type"));
	ugvt_json_add_string(dump, "start", "manual");
	json_object_object_add(dump, "attrs", json_object_new_array());
	return dump;
}

/* mdevctl's form: [ { PARENT: [ { UUID: {...} }, ... ] }, ... ] */
static void dump_add(struct json_object *dump, const struct json_object *vgpu)
{
	const char *parent = vgpu_string(vgpu, "parent");
	struct json_object *outer = NULL, *list = NULL, *entry = json_object_new_object();
	struct json_object *inner = vgpu_dump(vgpu);

	if (!vgpu_running(vgpu)) {
		ugvt_json_add_string(inner, "state", vgpu_string(vgpu, "state"));
	}
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

static void text_print(struct json_object *vgpus, const struct filter *filter)
{
	for (size_t i = 0; i < json_object_array_length(vgpus); i++) {
		const struct json_object *vgpu = json_object_array_get_idx(vgpus, i);

		if (vgpu_wanted(vgpu, filter)) {
			vgpu_print(vgpu);
		}
	}
}

/* As mdevctl does, a single one that was asked for by UUID is printed as its configuration file would be. */
static void dump_print(struct json_object *vgpus, const struct filter *filter)
{
	struct json_object *dump = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(vgpus); i++) {
		const struct json_object *vgpu = json_object_array_get_idx(vgpus, i);

		if (!vgpu_wanted(vgpu, filter)) {
			continue;
		}
		if (filter->uuid) {
			json_object_put(dump);
			dump = vgpu_dump(vgpu);
			break;
		}
		dump_add(dump, vgpu);
	}
	ugvt_cli_print_json(dump);
	json_object_put(dump);
}

static int list_run(struct ugvt_cli *cli)
{
	struct filter filter = {0};
	bool dumpjson = false;
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "only this vGPU", .value = &filter.uuid},
		{'p', "parent", "PARENT", "only the vGPUs of this parent", .value = &filter.parent},
		{0, "dumpjson", NULL, "print JSON, as mdevctl does", .flag = &dumpjson},
		{0},
	};
	struct ugvt_client_reply reply;
	struct ugvt_failure failure;
	struct ugvt_uuid uuid;
	int status = 0;

	if (!ugvt_cli_parse(cli, options, 0)) {
		return cli->status;
	}
	if (filter.uuid && !ugvt_uuid_read(&uuid, filter.uuid, &failure)) {
		return ugvt_cli_complain(cli, &failure);
	}
	filter.uuid = filter.uuid ? uuid.text : NULL;
	if (!ugvt_cli_call(cli, "list", NULL, &reply)) {
		return cli->status;
	}
	if (!json_object_is_type(reply.result, json_type_array)) {
		status = UGVT_FAILURE_OTHER;
	} else if (dumpjson) {
		dump_print(reply.result, &filter);
	} else {
		text_print(reply.result, &filter);
	}
	ugvt_client_reply_finish(&reply);
	return status;
}

const struct ugvt_cli_command ugvt_cli_list = {
	.name = "list",
	.synopsis = "[-u UUID] [-p PARENT] [--dumpjson]",
	.summary = "List the vGPUs",
	.description =
		"Each line has UUID, parent, type and way of starting, as mdevctl prints them; a vGPU that\n"
		"does not run says at the end of its line why.",
	.run = list_run,
};
