/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "control/json.h"
#include "control/message.h"

/* For a shell: in single quotes, which end for each of their own kind. */
static void quoted_print(const char *text)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'') {
			fputs("'\\''", stdout);
		} else {
			putchar(*text);
		}
	}
	putchar('\'');
}

static bool memory_valid(const char *size)
{
	size_t digits = strspn(size, "0123456789");

	return digits > 0 && size[0] != '0' &&
	       (size[digits] == '\0' ||
		       (strchr("KMGTkmgt", size[digits]) && size[digits + 1] == '\0'));
}

/* The guest's memory must be a shared file, or the device can't reach it. */
static void args_print(const char *socket_path, const char *memory)
{
	struct json_object *device = json_object_new_object();
	struct json_object *address = json_object_new_object();

	ugvt_json_add_string(device, "driver", "vfio-user-pci");
	ugvt_json_add_string(device, "addr", "2.0");
	ugvt_json_add_string(address, "path", socket_path);
	ugvt_json_add_string(address, "type", "unix");
	json_object_object_add(device, "socket", address);
	printf("-machine memory-backend=mem -object memory-backend-memfd,id=mem,size=%s,share=on -m %s "
	       "-vga none -nic none -device ",
		memory, memory);
	quoted_print(ugvt_message_line(device));
	putchar('\n');
	json_object_put(device);
}

static int qemu_args_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL, *memory = "1G";
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU", .value = &uuid},
		{'m', "memory", "SIZE", "of the virtual machine, as QEMU's -m; default 1G",
			.value = &memory},
		{0},
	};
	struct ugvt_client_reply reply;
	struct ugvt_failure failure;
	const char *path;
	int status = 0;

	if (!ugvt_cli_parse(cli, options, 1) || !ugvt_cli_operand(cli, "the UUID", &uuid)) {
		return cli->status;
	}
	if (!memory_valid(memory)) {
		ugvt_fail(&failure, UGVT_FAILURE_INVALID,
			"'%s' is no size of memory: use a number and M or G, as in 2G", memory);
		return ugvt_cli_complain(cli, &failure);
	}
	if (!ugvt_cli_call(cli, "show", ugvt_cli_uuid_params(uuid), &reply)) {
		return cli->status;
	}
	path = ugvt_json_string(reply.result, "socket");
	if (path) {
		args_print(path, memory);
	} else {
		ugvt_fail(&failure, UGVT_FAILURE_WORKER,
			"vGPU %s does not run: start it again with 'ugvt start -u %s'", uuid, uuid);
		status = ugvt_cli_complain(cli, &failure);
	}
	ugvt_client_reply_finish(&reply);
	return status;
}

const struct ugvt_cli_command ugvt_cli_qemu_args = {
	.name = "qemu-args",
	.synopsis = "[-u] UUID [-m SIZE]",
	.summary = "Print QEMU's arguments for a virtual machine with a vGPU",
	.description =
		"The line is quoted for a shell; the machine has to be of type q35, and QEMU 10.1 or newer:\n"
		"  eval \"qemu-system-x86_64 -M q35 $(ugvt qemu-args UUID) ...\"",
	.run = qemu_args_run,
};
