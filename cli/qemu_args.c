/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stdio.h>

#include "cli/guest.h"
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

/* The guest's memory must be a shared file, or the device can't reach it. */
static void args_print(const char *socket_path, const char *memory)
{
	struct json_object *device = ugvt_guest_device(socket_path);

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

	if (!ugvt_cli_parse(cli, options, 1) || !ugvt_cli_operand(cli, "the UUID", &uuid)) {
		return cli->status;
	}
	if (!ugvt_guest_memory_check(memory, &failure)) {
		return ugvt_cli_complain(cli, &failure);
	}
	path = ugvt_guest_socket(cli, uuid, &reply);
	if (!path) {
		return cli->status;
	}
	args_print(path, memory);
	ugvt_client_reply_finish(&reply);
	return 0;
}

const struct ugvt_cli_command ugvt_cli_qemu_args = {
	.name = "qemu-args",
	.synopsis = "[-u] UUID [-m SIZE]",
	.summary = "Print QEMU's arguments for a virtual machine with a vGPU",
	.description =
		"The line is quoted for a shell; the machine has to be of type q35, and QEMU 10.1 or newer:\n"
		"  eval \"qemu-system-x86_64 -M q35 $(ugvt qemu-args UUID) ...\"\n"
		"The vGPU takes slot 2: give other devices an addr from 3 on, or QEMU may put one there first.",
	.run = qemu_args_run,
};
