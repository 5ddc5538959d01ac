/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stdio.h>

#include "cli/cli.h"
#include "control/json.h"

struct flags {
	bool autostart, manual, live, defined;
};

static struct json_object *params_make(const char *uuid, const struct flags *flags)
{
	struct json_object *params = ugvt_cli_uuid_params(uuid);

	if (flags->autostart || flags->manual) {
		ugvt_json_add_bool(params, "auto", flags->autostart);
	}
	if (flags->live) {
		ugvt_json_add_bool(params, "live", true);
	}
	if (flags->defined) {
		ugvt_json_add_bool(params, "defined", true);
	}
	return params;
}

static int modify_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL, *type = NULL, *parent = NULL, *weight = NULL, *cap = NULL;
	struct flags flags = {0};
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU", .value = &uuid},
		{'p', "parent", "PARENT", "where it is defined, if on several parents",
			.value = &parent},
		{'t', "type", "TYPE", "the type it is to have from its next start on",
			.value = &type},
		{'a', "auto", NULL, "start it whenever the manager starts",
			.flag = &flags.autostart},
		{'m', "manual", NULL, "start it only when asked to", .flag = &flags.manual},
		{0, "weight", "N", "GPU time, relative to others: 1 to 1000", .value = &weight},
		{0, "cap", "PERCENT", "most of the GPU time that it gets; 0: no limit",
			.value = &cap},
		{0, "live", NULL, "only the vGPU that runs", .flag = &flags.live},
		{0, "defined", NULL, "only the definition", .flag = &flags.defined},
		{0},
	};
	struct ugvt_client_reply reply;
	struct json_object *params;

	if (!ugvt_cli_parse(cli, options, 1) || !ugvt_cli_operand(cli, "the UUID", &uuid)) {
		return cli->status;
	}
	if (flags.autostart && flags.manual) {
		fprintf(stderr, "%s: either --auto or --manual\n", cli->argv[0]);
		return UGVT_FAILURE_INVALID;
	}
	params = params_make(uuid, &flags);
	ugvt_cli_add_string(params, "parent", parent);
	ugvt_cli_add_string(params, "type", type);
	ugvt_cli_add_string(params, "weight", weight);
	ugvt_cli_add_string(params, "cap", cap);
	if (!ugvt_cli_call(cli, "modify", params, &reply)) {
		return cli->status;
	}
	ugvt_client_reply_finish(&reply);
	return 0;
}

const struct ugvt_cli_command ugvt_cli_modify = {
	.name = "modify",
	.synopsis =
		"[-u] UUID [-p PARENT] [-t TYPE] [-a | -m] [--weight N] [--cap PERCENT] [--live | --defined]",
	.summary = "Change a vGPU's share of the GPU, or its definition",
	.description =
		"Weight and cap of a vGPU that runs change at once, and those of its definition, if it has one,\n"
		"with them. Type and way of starting are the definition's alone.",
	.run = modify_run,
};
