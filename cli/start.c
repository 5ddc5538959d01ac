/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stdio.h>

#include "cli/cli.h"
#include "control/json.h"

static int start_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL, *type = NULL, *parent = NULL;
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU; without it, a new one is made up",
			.value = &uuid},
		{'t', "type", "TYPE", "its type, as 'ugvt types' lists them", .value = &type},
		{'p', "parent", "PARENT", "the GPU it is made from; default: the first with room",
			.value = &parent},
		{0},
	};
	struct json_object *params;
	struct ugvt_client_reply reply;
	const char *started;

	if (!ugvt_cli_parse(cli, options, 0)) {
		return cli->status;
	}
	params = json_object_new_object();
	if (uuid) {
		ugvt_json_add_string(params, "uuid", uuid);
	}
	if (type) {
		ugvt_json_add_string(params, "type", type);
	}
	if (parent) {
		ugvt_json_add_string(params, "parent", parent);
	}
	if (!ugvt_cli_call(cli, "start", params, &reply)) {
		return cli->status;
	}
	started = ugvt_json_string(reply.result, "uuid");
	if (started) {
		puts(started);
	}
	ugvt_client_reply_finish(&reply);
	return started ? 0 : UGVT_FAILURE_OTHER;
}

const struct ugvt_cli_command ugvt_cli_start = {
	.name = "start",
	.synopsis = "[-u UUID] -t TYPE [-p PARENT]",
	.summary = "Start a vGPU, and print its UUID",
	.description = "A vGPU whose worker died can be started again with its UUID alone.",
	.run = start_run,
};
