/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stdio.h>

#include "cli/cli.h"
#include "control/json.h"

/* What to stop, as the manager takes it; NULL if the command line makes no sense. */
static struct json_object *params_make(struct ugvt_cli *cli, const char *uuid, bool all)
{
	struct json_object *params;

	if (all && (uuid || cli->n_operands > 0)) {
		fprintf(stderr, "%s: either --all or a UUID\n", cli->argv[0]);
		cli->status = UGVT_FAILURE_INVALID;
		return NULL;
	}
	if (!all) {
		return ugvt_cli_operand(cli, "the UUID", &uuid) ? ugvt_cli_uuid_params(uuid) : NULL;
	}
	params = json_object_new_object();
	ugvt_json_add_bool(params, "all", true);
	return params;
}

static int stop_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL;
	bool all = false;
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU", .value = &uuid},
		{0, "all", NULL, "stop all vGPUs there are", .flag = &all},
		{0},
	};
	struct ugvt_client_reply reply;
	struct json_object *params;

	if (!ugvt_cli_parse(cli, options, 1)) {
		return cli->status;
	}
	params = params_make(cli, uuid, all);
	if (!params || !ugvt_cli_call(cli, "stop", params, &reply)) {
		return cli->status;
	}
	ugvt_client_reply_finish(&reply);
	return 0;
}

const struct ugvt_cli_command ugvt_cli_stop = {
	.name = "stop",
	.synopsis = "[-u] UUID | --all",
	.summary = "Stop a vGPU, and forget it",
	.description =
		"Its virtual machine sees the device go away. Returns when the room it took is free again.",
	.run = stop_run,
};
