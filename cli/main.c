/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "cli/cli.h"

/* ugvt: see ugvt(1). */

static const struct ugvt_cli_command *const commands[] = {
	&ugvt_cli_types,
	&ugvt_cli_list,
	&ugvt_cli_start,
	&ugvt_cli_stop,
	&ugvt_cli_define,
	&ugvt_cli_undefine,
	&ugvt_cli_modify,
	&ugvt_cli_show,
	&ugvt_cli_stats,
	&ugvt_cli_screenshot,
	&ugvt_cli_qemu_args,
	&ugvt_cli_libvirt_xml,
	&ugvt_cli_disasm,
	&ugvt_cli_run,
	&ugvt_cli_replay,
};

static void help_print(FILE *out)
{
	fputs("Usage: ugvt [OPTIONS] COMMAND [ARGUMENTS]\n"
	      "Virtual Intel GPUs for virtual machines: asks the manager, ugvtd(8).\n\n",
		out);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(commands); i++) {
		fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
	}
	fputs("\n"
	      "  --run-dir DIR  the manager's run directory; default $UGVT_RUN_DIR, else /run/ugvt for root\n"
	      "                 and $XDG_RUNTIME_DIR/ugvt for others\n"
	      "  -h, --help     print this and exit; 'ugvt COMMAND --help' tells about a command\n"
	      "  -V, --version  print the version and exit\n",
		out);
}

static const struct ugvt_cli_command *command_find(const char *name)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i]->name, name) == 0) {
			return commands[i];
		}
	}
	return NULL;
}

/* -1 to go on, else the exit status. */
static int options_parse(struct ugvt_cli *cli, int argc, char **argv)
{
	static const struct option table[] = {
		{"run-dir", required_argument, NULL, 'R'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+hV", table, NULL)) != -1) {
		switch (option) {
		case 'R': cli->run_dir = optarg; break;
		case 'h': help_print(stdout); return 0;
		case 'V': puts("ugvt " UGVT_VERSION); return 0;
		default:
			fputs("'ugvt --help' tells the options.\n", stderr);
			return UGVT_FAILURE_INVALID;
		}
	}
	return -1;
}

static int command_run(struct ugvt_cli *cli, int argc, char **argv)
{
	char name[64];

	if (argc == 0) {
		help_print(stderr);
		return UGVT_FAILURE_INVALID;
	}
	cli->command = command_find(argv[0]);
	if (!cli->command) {
		fprintf(stderr, "ugvt: there is no command '%s': 'ugvt --help' lists them\n",
			argv[0]);
		return UGVT_FAILURE_INVALID;
	}
	snprintf(name, sizeof(name), "ugvt %s", cli->command->name);
	argv[0] = name;
	cli->argc = argc;
	cli->argv = argv;
	return cli->command->run(cli);
}

int main(int argc, char **argv)
{
	struct ugvt_cli cli = {0};
	int status = options_parse(&cli, argc, argv);

	if (status < 0) {
		status = command_run(&cli, argc - optind, argv + optind);
	}
	/* What was not printed was not said: a full disk, a closed pipe. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "ugvt: can't write to standard output: %s\n", strerror(errno));
		return UGVT_FAILURE_DENIED;
	}
	return status;
}
