/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "control/json.h"

#define OPTIONS_MAX 16
/* What getopt_long() returns for option i; above all letters. */
#define OPTION_BASE 256
#define HELP_COLUMN 24

/* Those that each command has. */
#define RUN_DIR_HELP "the manager's run directory"
#define HELP_HELP "print this and exit"

int ugvt_cli_complain(const struct ugvt_cli *cli, const struct ugvt_failure *failure)
{
	fprintf(stderr, "%s: %s\n", cli->argv[0], failure->text);
	return failure->code > 0 && failure->code <= UGVT_FAILURE_LAST ? failure->code
								       : UGVT_FAILURE_OTHER;
}

static int usage_fail(const struct ugvt_cli *cli)
{
	fprintf(stderr, "Usage: ugvt %s %s\n'ugvt %s --help' tells more.\n", cli->command->name,
		cli->command->synopsis, cli->command->name);
	return UGVT_FAILURE_INVALID;
}

static void option_print(const struct ugvt_cli_option *option)
{
	char text[80];
	int n = snprintf(text, sizeof(text), "%s%c%s--%s%s%s%s", option->letter ? "-" : "  ",
		option->letter ? option->letter : ' ', option->letter ? ", " : " ", option->name,
		option->optional   ? "[="
		: option->argument ? " "
				   : "",
		option->argument ? option->argument : "", option->optional ? "]" : "");

	if (n < HELP_COLUMN) {
		printf("  %-*s %s\n", HELP_COLUMN, text, option->help);
	} else {
		printf("  %s\n  %-*s %s\n", text, HELP_COLUMN, "", option->help);
	}
}

static void help_print(
	const struct ugvt_cli_command *command, const struct ugvt_cli_option *options)
{
	static const struct ugvt_cli_option common[] = {
		{.name = "run-dir", .argument = "DIR", .help = RUN_DIR_HELP},
		{.letter = 'h', .name = "help", .help = HELP_HELP},
	};

	printf("Usage: ugvt %s %s\n%s\n", command->name, command->synopsis, command->summary);
	if (command->description) {
		printf("\n%s\n", command->description);
	}
	printf("\n");
	for (; options->name; options++) {
		option_print(options);
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(common); i++) {
		option_print(&common[i]);
	}
}

/* options in getopt_long()'s form, those of all commands included. */
struct getopt_table {
	char letters[3 * OPTIONS_MAX + 3];
	struct option longs[OPTIONS_MAX + 3];
};

static void getopt_table_make(
	struct getopt_table *table, const struct ugvt_cli_option *options, bool in_order)
{
	char *letter = table->letters;
	int n = 0;

	*table = (struct getopt_table){0};
	if (in_order) {
		*letter++ = '+';
	}
	*letter++ = 'h';
	table->longs[n++] = (struct option){"help", no_argument, NULL, 'h'};
	table->longs[n++] = (struct option){"run-dir", required_argument, NULL, 'R'};
	for (int i = 0; i < OPTIONS_MAX && options[i].name; i++) {
		int argument = options[i].optional   ? optional_argument
			       : options[i].argument ? required_argument
						     : no_argument;

		table->longs[n++] =
			(struct option){options[i].name, argument, NULL, OPTION_BASE + i};
		if (options[i].letter) {
			*letter++ = options[i].letter;
		}
		for (int colons = argument; options[i].letter && colons > 0; colons--) {
			*letter++ = ':';
		}
	}
}

static const struct ugvt_cli_option *option_find(const struct ugvt_cli_option *options, int code)
{
	if (code >= OPTION_BASE) {
		return &options[code - OPTION_BASE];
	}
	while (options->letter != code) {
		options++;
	}
	return options;
}

bool ugvt_cli_parse(struct ugvt_cli *cli, const struct ugvt_cli_option *options, int max)
{
	const struct ugvt_cli_option *option;
	struct getopt_table table;
	int code;

	getopt_table_make(&table, options, cli->command->in_order);
	optind = 0; // begin anew: the command's options may stand after its operands
	while ((code = getopt_long(cli->argc, cli->argv, table.letters, table.longs, NULL)) != -1) {
		switch (code) {
		case 'h':
			help_print(cli->command, options);
			cli->status = 0;
			return false;
		case 'R': cli->run_dir = optarg; continue;
		case '?': cli->status = usage_fail(cli); return false;
		default: break;
		}
		option = option_find(options, code);
		if (option->flag) {
			*option->flag = true;
		} else {
			*option->value = optarg ? optarg : "";
		}
	}
	cli->operands = cli->argv + optind;
	cli->n_operands = cli->argc - optind;
	if (cli->n_operands > max) {
		fprintf(stderr, "%s: '%s' is one argument too many\n", cli->argv[0],
			cli->operands[max]);
		cli->status = usage_fail(cli);
		return false;
	}
	return true;
}

bool ugvt_cli_operand(struct ugvt_cli *cli, const char *what, const char **value)
{
	if (*value) {
		return true;
	}
	if (cli->n_operands == 0) {
		fprintf(stderr, "%s: %s is missing\n", cli->argv[0], what);
		cli->status = usage_fail(cli);
		return false;
	}
	*value = *cli->operands++;
	cli->n_operands--;
	return true;
}

bool ugvt_cli_call(struct ugvt_cli *cli, const char *method, struct json_object *params,
	struct ugvt_client_reply *reply)
{
	struct ugvt_run_dir run_dir;
	struct ugvt_client *client;
	struct ugvt_failure failure;
	bool ok;

	if (!ugvt_run_dir_find(&run_dir, cli->run_dir, &failure)) {
		client = NULL;
	} else {
		client = ugvt_client_create(&run_dir, &failure);
	}
	if (!client) {
		json_object_put(params);
		cli->status = ugvt_cli_complain(cli, &failure);
		return false;
	}
	ok = ugvt_client_call(client, method, params, reply);
	ugvt_client_destroy(client);
	if (!ok) {
		cli->status = ugvt_cli_complain(cli, &reply->failure);
		ugvt_client_reply_finish(reply);
	}
	return ok;
}

struct json_object *ugvt_cli_uuid_params(const char *uuid)
{
	struct json_object *params = json_object_new_object();

	ugvt_json_add_string(params, "uuid", uuid);
	return params;
}

void ugvt_cli_add_string(struct json_object *params, const char *key, const char *value)
{
	if (value) {
		ugvt_json_add_string(params, key, value);
	}
}

void ugvt_cli_print_json(struct json_object *value)
{
	puts(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PRETTY |
							   JSON_C_TO_STRING_SPACED |
							   JSON_C_TO_STRING_NOSLASHESCAPE));
}
