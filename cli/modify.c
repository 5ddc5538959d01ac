/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stdio.h>

#include "cli/cli.h"
#include "control/json.h"

struct flags {
	bool autostart, manual, live, defined, delattr;
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
	if (flags->delattr) {
		ugvt_json_add_bool(params, "delattr", true);
	}
	return params;
}

static int modify_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL, *type = NULL, *parent = NULL, *weight = NULL, *cap = NULL;
	const char *addattr = NULL, *value = NULL, *index = NULL;
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
		{0, "addattr", "NAME", "add an attribute to the definition", .value = &addattr},
		{0, "value", "VALUE", "that the attribute is to have", .value = &value},
		{0, "delattr", NULL, "delete an attribute", .flag = &flags.delattr},
		{'i', "index", "INDEX", "of the attribute; default: at the end", .value = &index},
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
	ugvt_cli_add_string(params, "addattr", addattr);
	ugvt_cli_add_string(params, "value", value);
	ugvt_cli_add_string(params, "index", index);
	if (!ugvt_cli_call(cli, "modify", params, &reply)) {
		return cli->status;
	}
	ugvt_client_reply_finish(&reply);
	return 0;
}

const struct ugvt_cli_command ugvt_cli_modify = {
	.name = "modify",
	.synopsis = "[-u] UUID [-p PARENT] [-t TYPE] [-a | -m] [--weight N] [--cap PERCENT] "
		    "[--live | --defined] [--addattr NAME --value VALUE | --delattr] [-i INDEX]",
	.summary = "Change a vGPU's share of the GPU, or its definition",
	.description =
		"Weight and cap of a vGPU that runs change at once, and those of its definition, if it has one,\n"
		"with them. Type, way of starting and attributes are the definition's alone.",
	.run = modify_run,
};
