/* SPDX-License-Identifier: MIT */
#include "control/rundir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool path_set(struct ugvt_run_dir *run_dir, const char *path, const char *below,
	struct ugvt_failure *failure)
{
	char cwd[PATH_MAX] = "";
	int n;

	if (path[0] != '/' && !getcwd(cwd, sizeof(cwd))) {
		return ugvt_fail(failure, UGVT_FAILURE_OTHER,
			"can't tell the working directory: %s", strerror(errno));
	}
	n = snprintf(run_dir->path, sizeof(run_dir->path), "%s%s%s%s", cwd, cwd[0] ? "/" : "", path,
		below);
	if (n < 0 || (size_t)n >= sizeof(run_dir->path)) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"the run directory's name is too long: choose a shorter one (--run-dir)");
	}
	while (n > 1 && run_dir->path[n - 1] == '/') {
		run_dir->path[--n] = '\0';
	}
	return true;
}

bool ugvt_run_dir_find(
	struct ugvt_run_dir *run_dir, const char *given, struct ugvt_failure *failure)
{
	const char *environment = getenv("UGVT_RUN_DIR");
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (!given && environment && environment[0]) {
		given = environment;
	}
	if (given && !given[0]) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"the run directory's name is empty: name one with --run-dir");
	}
	if (given) {
		return path_set(run_dir, given, "", failure);
	}
	if (geteuid() == 0) {
		return path_set(run_dir, "/run/ugvt", "", failure);
	}
	if (!runtime || runtime[0] != '/') {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"$XDG_RUNTIME_DIR is not set, so there is no default run directory: name one with "
			"--run-dir DIR or $UGVT_RUN_DIR");
	}
	return path_set(run_dir, runtime, "/ugvt", failure);
}

static void path_join(const struct ugvt_run_dir *run_dir, char *path, const char *a, const char *b)
{
	if (snprintf(path, PATH_MAX, "%s/%s%s", run_dir->path, a, b) >= PATH_MAX) {
		path[PATH_MAX - 1] = '\0';
	}
}

void ugvt_run_dir_control(const struct ugvt_run_dir *run_dir, char *path)
{
	path_join(run_dir, path, "control", "");
}

void ugvt_run_dir_pid_file(const struct ugvt_run_dir *run_dir, char *path)
{
	path_join(run_dir, path, "ugvtd.pid", "");
}

void ugvt_run_dir_vgpu(const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path)
{
	path_join(run_dir, path, uuid->text, "");
}

void ugvt_run_dir_vfio(const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path)
{
	path_join(run_dir, path, uuid->text, "/vfio");
}

void ugvt_run_dir_lock(const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path)
{
	path_join(run_dir, path, uuid->text, "/lock");
}

void ugvt_run_dir_worker(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path)
{
	path_join(run_dir, path, uuid->text, "/control");
}

void ugvt_run_dir_state(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path)
{
	path_join(run_dir, path, uuid->text, "/state");
}
