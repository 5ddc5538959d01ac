/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>

#include "cli/cli.h"

static int undefine_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL, *parent = NULL;
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU", .value = &uuid},
		{'p', "parent", "PARENT", "only its definition on this parent", .value = &parent},
		{0},
	};
	struct ugvt_client_reply reply;
	struct json_object *params;

	if (!ugvt_cli_parse(cli, options, 1) || !ugvt_cli_operand(cli, "the UUID", &uuid)) {
		return cli->status;
	}
	params = ugvt_cli_uuid_params(uuid);
	ugvt_cli_add_string(params, "parent", parent);
	if (!ugvt_cli_call(cli, "undefine", params, &reply)) {
		return cli->status;
	}
	ugvt_client_reply_finish(&reply);
	return 0;
}

const struct ugvt_cli_command ugvt_cli_undefine = {
	.name = "undefine",
	.synopsis = "[-u] UUID [-p PARENT]",
	.summary = "Remove the definition of a vGPU",
	.description =
		"If it is defined on several parents, all are removed unless one is named. A vGPU that runs\n"
		"runs on.",
	.run = undefine_run,
};
