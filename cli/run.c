/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/log.h"
#include "cli/cli.h"
#include "gen/device.h"

/* The program runs in place of this one, with the library that is a GPU to it, and to what it starts, preloaded. */

#define SHIM "libugvt-drm-shim.so"

/* As shells have it. */
#define STATUS_CANNOT_RUN 126
#define STATUS_NOT_FOUND 127

struct run {
	const char *device;
	const char *deadline;
	const char *log;
	const char *trace;
};

/* From this program's folder: as they are built, and as they are installed, wherever that was moved to. */
static const char *const places[] = {"/../drm-shim/" SHIM, "/../" UGVT_LIBDIR "/ugvt/" SHIM};

static bool shim_find(char path[PATH_MAX])
{
	char self[PATH_MAX], place[PATH_MAX + 256];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash) {
		*slash = '\0';
	}
	for (size_t i = 0; slash && i < UGVT_ARRAY_SIZE(places); i++) {
		snprintf(place, sizeof(place), "%s%s", self, places[i]);
		if (realpath(place, path) && access(path, R_OK) == 0) {
			return true;
		}
	}
	snprintf(path, PATH_MAX, "%s/" SHIM, UGVT_SHIM_DIR);
	return access(path, R_OK) == 0;
}

/* Behind what is preloaded already: a sanitizer's run time has to be the first. */
static bool preload_set(struct ugvt_cli *cli)
{
	const char *before = getenv("LD_PRELOAD");
	char path[PATH_MAX], list[2 * PATH_MAX];
	struct ugvt_failure failure;

	if (!shim_find(path)) {
		ugvt_fail(&failure, UGVT_FAILURE_NOT_FOUND,
			"there is no " SHIM " in " UGVT_SHIM_DIR ": is ugvt installed as a whole?");
		cli->status = ugvt_cli_complain(cli, &failure);
		return false;
	}
	if (strpbrk(path, " :")) {
		ugvt_fail(&failure, UGVT_FAILURE_INVALID,
			"a library in a path with a space or a colon can't be preloaded: %s", path);
		cli->status = ugvt_cli_complain(cli, &failure);
		return false;
	}
	snprintf(list, sizeof(list), "%s%s%s", before ? before : "", before && before[0] ? ":" : "",
		path);
	setenv("LD_PRELOAD", list, 1);
	return true;
}

static bool device_check(struct ugvt_cli *cli, const char *name)
{
	struct ugvt_failure failure;

	if (!name || ugvt_device_find(name)) {
		return true;
	}
	ugvt_fail(&failure, UGVT_FAILURE_NOT_FOUND, "there is no device '%s': use", name);
	for (unsigned i = 0; ugvt_device_at(i); i++) {
		ugvt_failure_append(&failure, "%s %s", i ? "," : "", ugvt_device_at(i)->name);
	}
	cli->status = ugvt_cli_complain(cli, &failure);
	return false;
}

static bool deadline_check(struct ugvt_cli *cli, const char *text, char *ms, size_t size)
{
	struct ugvt_failure failure;
	double seconds;
	char *end;

	seconds = strtod(text, &end);
	if (*end == '\0' && end != text && seconds >= 0.001 && seconds <= 86400) {
		snprintf(ms, size, "%.0f", seconds * 1000);
		return true;
	}
	ugvt_fail(&failure, UGVT_FAILURE_INVALID,
		"'%s' is no time limit: give seconds, from 0.001 to 86400", text);
	cli->status = ugvt_cli_complain(cli, &failure);
	return false;
}

static bool log_check(struct ugvt_cli *cli, const char *text)
{
	struct ugvt_failure failure;
	enum ugvt_log_level level;

	if (!text || ugvt_log_level_parse(text, &level)) {
		return true;
	}
	ugvt_fail(&failure, UGVT_FAILURE_INVALID,
		"'%s' is no log level: use error, warn, guest, info or debug", text);
	cli->status = ugvt_cli_complain(cli, &failure);
	return false;
}

/* What is at path is replaced, as by every program that writes a file; an absolute path for who changes folders. */
static bool trace_prepare(struct ugvt_cli *cli, const char *path)
{
	struct ugvt_failure failure;
	char absolute[PATH_MAX];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0 || close(fd) < 0 || !realpath(path, absolute) || unlink(path) < 0) {
		ugvt_fail(&failure, UGVT_FAILURE_DENIED, "can't write a trace to %s: %s", path,
			strerror(errno));
		cli->status = ugvt_cli_complain(cli, &failure);
		return false;
	}
	setenv("UGVT_TRACE", absolute, 1);
	return true;
}

static bool environment_set(struct ugvt_cli *cli, const struct run *run)
{
	char ms[32];

	if (!device_check(cli, run->device) || !log_check(cli, run->log) ||
		(run->deadline && !deadline_check(cli, run->deadline, ms, sizeof(ms))) ||
		!preload_set(cli) || (run->trace && !trace_prepare(cli, run->trace))) {
		return false;
	}
	if (run->device) {
		setenv("UGVT_DEVICE", run->device, 1);
	}
	if (run->deadline) {
		setenv("UGVT_DEADLINE_MS", ms, 1);
	}
	if (run->log) {
		setenv("UGVT_LOG", run->log, 1);
	}
	/* The OpenCL loader would hide the preloaded library from its drivers. */
	setenv("OCL_ICD_DEEPBIND", "0", 0);
	return true;
}

static int run(struct ugvt_cli *cli)
{
	struct run run = {0};
	const struct ugvt_cli_option options[] = {
		{'d', "device", "NAME", "which GPU: skl (default), kbl or cfl", &run.device},
		{.name = "deadline",
			.argument = "SECONDS",
			.help = "how long a batch may take; default 10",
			.value = &run.deadline},
		{.name = "log",
			.argument = "LEVEL",
			.help = "what the GPU tells on standard error: error (default) to debug",
			.value = &run.log},
		{.name = "trace",
			.argument = "FILE",
			.help = "record what the GPU does, for 'ugvt replay'",
			.value = &run.trace},
		{0},
	};
	struct ugvt_failure failure;
	int error;

	if (!ugvt_cli_parse(cli, options, INT_MAX)) {
		return cli->status;
	}
	if (cli->n_operands == 0) {
		ugvt_fail(&failure, UGVT_FAILURE_INVALID, "say which program to run");
		return ugvt_cli_complain(cli, &failure);
	}
	if (!environment_set(cli, &run)) {
		return cli->status;
	}
	execvp(cli->operands[0], cli->operands);
	error = errno;
	fprintf(stderr, "%s: can't run %s: %s\n", cli->argv[0], cli->operands[0], strerror(error));
	return error == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}

const struct ugvt_cli_command ugvt_cli_run = {
	.name = "run",
	.synopsis = "[OPTIONS] [--] PROGRAM [ARGUMENTS]",
	.summary = "Run a program of this host on a virtual GPU",
	.description =
		"The program, and what it starts, finds an Intel GPU of its own at /dev/dri/renderD128: no\n"
		"device, virtual machine, manager or privilege is needed. It draws with vertex and pixel\n"
		"shaders, and computes; geometry and tessellation shaders don't run yet.",
	.run = run,
	.in_order = true,
};
