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
		{'t', "type", "TYPE", "its type, as 'ugvt types' lists them; default: as defined",
			.value = &type},
		{'p', "parent", "PARENT", "the GPU it is made from; default: the first with room",
			.value = &parent},
		{0},
	};
	struct json_object *params;
	struct ugvt_client_reply reply;
	const char *started;

	if (!ugvt_cli_parse(cli, options, 1) ||
		(cli->n_operands > 0 && !ugvt_cli_operand(cli, "the UUID", &uuid))) {
		return cli->status;
	}
	params = json_object_new_object();
	ugvt_cli_add_string(params, "uuid", uuid);
	ugvt_cli_add_string(params, "type", type);
	ugvt_cli_add_string(params, "parent", parent);
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
	.synopsis = "[[-u] UUID] [-t TYPE] [-p PARENT]",
	.summary = "Start a vGPU, and print its UUID",
	.description =
		"A vGPU that is defined, or whose worker died, can be started with its UUID alone.",
	.run = start_run,
};
