/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/save.h"
#include "control/json.h"

#define CHUNK (64 * 1024)

static bool bytes_write(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno != EINTR) {
			return false;
		}
		bytes += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* The picture is in a memory file, whose offset may be anywhere. */
static bool picture_copy(int from, int to, struct ugvt_failure *failure)
{
	char bytes[CHUNK];
	off_t offset = 0;
	ssize_t n;

	while ((n = pread(from, bytes, sizeof(bytes), offset)) > 0) {
		if (!bytes_write(to, bytes, (size_t)n)) {
			return ugvt_fail(failure, UGVT_FAILURE_DENIED,
				"can't write the picture: %s", strerror(errno));
		}
		offset += n;
	}
	if (n < 0 || offset == 0) {
		return ugvt_fail(failure, UGVT_FAILURE_WORKER,
			"the manager sent no picture that can be read");
	}
	return true;
}

static int picture_save(struct ugvt_cli *cli, const char *uuid, struct ugvt_save *save)
{
	struct ugvt_client_reply reply;
	struct ugvt_failure failure;
	int status = 0;

	if (!ugvt_cli_call(cli, "screenshot", ugvt_cli_uuid_params(uuid), &reply)) {
		ugvt_save_abandon(save);
		return cli->status;
	}
	if (!picture_copy(reply.fd, save->fd, &failure)) {
		ugvt_save_abandon(save);
		status = ugvt_cli_complain(cli, &failure);
	} else if (!ugvt_save_commit(save, &failure)) {
		status = ugvt_cli_complain(cli, &failure);
	}
	ugvt_client_reply_finish(&reply);
	return status;
}

static int screenshot_run(struct ugvt_cli *cli)
{
	const char *uuid = NULL, *file = NULL;
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "of the vGPU", .value = &uuid},
		{0},
	};
	struct ugvt_failure failure;
	struct ugvt_save save;

	if (!ugvt_cli_parse(cli, options, 2) || !ugvt_cli_operand(cli, "the UUID", &uuid) ||
		!ugvt_cli_operand(cli, "the file", &file)) {
		return cli->status;
	}
	if (cli->n_operands > 0) {
		ugvt_fail(&failure, UGVT_FAILURE_INVALID, "'%s' is one argument too many",
			cli->operands[0]);
		return ugvt_cli_complain(cli, &failure);
	}
	/* First whether there is a place for it: no need to trouble anybody else if there is not. */
	if (!ugvt_save_begin(&save, file, &failure)) {
		return ugvt_cli_complain(cli, &failure);
	}
	return picture_save(cli, uuid, &save);
}

const struct ugvt_cli_command ugvt_cli_screenshot = {
	.name = "screenshot",
	.synopsis = "[-u] UUID FILE.png",
	.summary = "Save what the vGPU's monitor shows as a PNG picture",
	.description =
		"FILE.png is replaced when the picture is complete; if anything fails it stays as it was.",
	.run = screenshot_run,
};
