/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CLI_CLI_H
#define UGVT_CLI_CLI_H

#include <stdbool.h>

#include "control/client.h"
#include "control/failure.h"

struct json_object;

/* What the files of the commands share: each command has a file, an entry in the list in main.c, and returns its
 * exit status: 0 or UGVT_FAILURE_*. */

struct ugvt_cli;

struct ugvt_cli_command {
	const char *name;
	const char *synopsis;    // what follows the name
	const char *summary;     // one line, for the list of commands
	const char *description; // a paragraph, for its own help; may be NULL
	int (*run)(struct ugvt_cli *cli);
	bool in_order; // its options end at the first operand: what follows is somebody else's
};

struct ugvt_cli {
	const struct ugvt_cli_command *command;
	int argc;
	char **argv;         // argv[0] is for messages
	const char *run_dir; // of --run-dir; may be NULL
	char **operands;     // once parsed
	int n_operands;
	int status; // to leave with, once a function says so
};

/* An option that a command takes; a list ends with one without a name. */
struct ugvt_cli_option {
	char letter;          // 0: it has none
	const char *name;     // of the long form
	const char *argument; // what its argument is called; NULL: it takes none
	const char *help;
	const char **value; // where its argument goes, or
	bool *flag;         // what it sets
	bool optional;      // its argument may be missing: *value is "" then
};

/* Does options, --run-dir and --help; at most max operands stay. true: go on; false: leave with cli->status, here
 * and below. */
bool ugvt_cli_parse(struct ugvt_cli *cli, const struct ugvt_cli_option *options, int max);
/* The next operand to *value if the option did not set it already; false if it is missing, or one too many
 * for it. */
bool ugvt_cli_operand(struct ugvt_cli *cli, const char *what, const char **value);

/* Asks the manager; params may be NULL and are taken. On failure, tells the user; reply is to be finished
 * only on success. */
bool ugvt_cli_call(struct ugvt_cli *cli, const char *method, struct json_object *params,
	struct ugvt_client_reply *reply);
/* { "uuid": uuid }, for that. */
struct json_object *ugvt_cli_uuid_params(const char *uuid);
/* Adds value if it is not NULL. */
void ugvt_cli_add_string(struct json_object *params, const char *key, const char *value);

/* Tells the user; the exit status. */
int ugvt_cli_complain(const struct ugvt_cli *cli, const struct ugvt_failure *failure);
/* Indented, to standard output. */
void ugvt_cli_print_json(struct json_object *value);

/* The commands. */
extern const struct ugvt_cli_command ugvt_cli_define, ugvt_cli_disasm, ugvt_cli_libvirt_xml,
	ugvt_cli_list, ugvt_cli_modify, ugvt_cli_qemu_args, ugvt_cli_replay, ugvt_cli_run,
	ugvt_cli_screenshot, ugvt_cli_show, ugvt_cli_start, ugvt_cli_stats, ugvt_cli_stop,
	ugvt_cli_types, ugvt_cli_undefine;

#endif
