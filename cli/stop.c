/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "cli/cli.h"

static int stop_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL;
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU", .value = &uuid},
		{0},
	};
	struct ugvt_client_reply reply;

	if (!ugvt_cli_parse(cli, options, 1) || !ugvt_cli_operand(cli, "the UUID", &uuid) ||
		!ugvt_cli_call(cli, "stop", ugvt_cli_uuid_params(uuid), &reply)) {
		return cli->status;
	}
	ugvt_client_reply_finish(&reply);
	return 0;
}

const struct ugvt_cli_command ugvt_cli_stop = {
	.name = "stop",
	.synopsis = "[-u] UUID",
	.summary = "Stop a vGPU, and forget it",
	.description =
		"Its virtual machine sees the device go away. Returns when the room it took is free again.",
	.run = stop_run,
};
