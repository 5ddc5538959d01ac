/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "control/json.h"

#define JSON_FILE_MAX (32 * 1024)

static bool file_fail(struct ugvt_cli *cli, const char *path, const char *why)
{
	fprintf(stderr, "%s: can't read %s: %s\n", cli->argv[0], path, why);
	cli->status = UGVT_FAILURE_INVALID;
	return false;
}

/* The JSON object that the file at path has, as mdevctl keeps one. */
static bool definition_read(struct ugvt_cli *cli, const char *path, struct json_object **definition)
{
	FILE *file = fopen(path, "re");
	char text[JSON_FILE_MAX + 1];
	size_t size;

	if (!file) {
		return file_fail(cli, path, strerror(errno));
	}
	size = fread(text, 1, sizeof(text), file);
	if (ferror(file) || size == sizeof(text)) {
		fclose(file);
		return file_fail(cli, path, "it is no file of up to 32 KB");
	}
	fclose(file);
	*definition = ugvt_json_parse(text, size);
	if (!json_object_is_type(*definition, json_type_object)) {
		json_object_put(*definition);
		return file_fail(cli, path, "it is no JSON object");
	}
	return true;
}

static int define_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL, *type = NULL, *parent = NULL, *weight = NULL, *cap = NULL;
	const char *file = NULL;
	bool autostart = false;
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU; without it, a new one is made up",
			.value = &uuid},
		{'p', "parent", "PARENT",
			"the GPU it is to be made from; default: the first with room",
			.value = &parent},
		{'t', "type", "TYPE", "its type, as 'ugvt types' lists them", .value = &type},
		{'a', "auto", NULL, "start it whenever the manager starts", .flag = &autostart},
		{0, "jsonfile", "FILE", "type, start and attributes in mdevctl's form",
			.value = &file},
		{0, "weight", "N", "GPU time, relative to others; default: the type's",
			.value = &weight},
		{0, "cap", "PERCENT", "most of the GPU time that it gets", .value = &cap},
		{0},
	};
	struct json_object *params, *definition = NULL;
	struct ugvt_client_reply reply;
	const char *defined;

	if (!ugvt_cli_parse(cli, options, 0) ||
		(file && !definition_read(cli, file, &definition))) {
		return cli->status;
	}
	params = json_object_new_object();
	ugvt_cli_add_string(params, "uuid", uuid);
	ugvt_cli_add_string(params, "parent", parent);
	ugvt_cli_add_string(params, "type", type);
	ugvt_cli_add_string(params, "weight", weight);
	ugvt_cli_add_string(params, "cap", cap);
	if (autostart) {
		ugvt_json_add_bool(params, "auto", true);
	}
	if (definition) {
		json_object_object_add(params, "definition", definition);
	}
	if (!ugvt_cli_call(cli, "define", params, &reply)) {
		return cli->status;
	}
	defined = ugvt_json_string(reply.result, "uuid");
	if (defined && !uuid) {
		puts(defined);
	}
	ugvt_client_reply_finish(&reply);
	return defined ? 0 : UGVT_FAILURE_OTHER;
}

const struct ugvt_cli_command ugvt_cli_define = {
	.name = "define",
	.synopsis =
		"[-u UUID] [-p PARENT] {-t TYPE [-a] | --jsonfile FILE} [--weight N] [--cap PERCENT]",
	.summary = "Define a vGPU, to start it any time later",
	.description =
		"A definition outlives the manager; it is a file as mdevctl(8) has it. Parent and type of a vGPU\n"
		"that runs need not be said. Prints the UUID if it was made up. Nothing is started.",
	.run = define_run,
};
