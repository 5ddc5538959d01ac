/* SPDX-License-Identifier: MIT */
#include "cli/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool save_fail(const char *path, int error, struct ugvt_failure *failure)
{
	ugvt_fail(failure, UGVT_FAILURE_DENIED, "can't write %.300s: %s", path, strerror(error));
	switch (error) {
	case ENOENT:
	case ENOTDIR: ugvt_failure_append(failure, "; make its directory first"); break;
	case EISDIR: ugvt_failure_append(failure, "; name a file"); break;
	case EACCES:
	case EPERM:
	case EROFS: ugvt_failure_append(failure, "; name a file that you may write"); break;
	default: break;
	}
	return false;
}

/* The path behind links, so that a link stays one. */
static int path_resolve(struct ugvt_save *save, const char *path)
{
	if (realpath(path, save->path)) {
		return 0;
	}
	if (errno != ENOENT) {
		return errno;
	}
	if (strlen(path) >= sizeof(save->path)) {
		return ENAMETOOLONG;
	}
	memcpy(save->path, path, strlen(path) + 1);
	return 0;
}

static int temporary_make(struct ugvt_save *save)
{
	int n = snprintf(save->temporary, sizeof(save->temporary), "%s.XXXXXX", save->path);
	mode_t mask = umask(0);

	umask(mask);
	if (n < 0 || (size_t)n >= sizeof(save->temporary)) {
		save->temporary[0] = '\0';
		return ENAMETOOLONG;
	}
	save->fd = mkostemp(save->temporary, O_CLOEXEC);
	if (save->fd < 0) {
		save->temporary[0] = '\0';
		return errno;
	}
	/* It is not secret: the mode that open() would have given it. */
	return fchmod(save->fd, 0666 & ~mask) < 0 ? errno : 0;
}

bool ugvt_save_begin(struct ugvt_save *save, const char *path, struct ugvt_failure *failure)
{
	struct stat st;
	int error;

	*save = (struct ugvt_save){.fd = -1};
	error = path_resolve(save, path);
	if (error == 0 && stat(save->path, &st) == 0) {
		if (S_ISDIR(st.st_mode)) {
			error = EISDIR;
		} else if (faccessat(AT_FDCWD, save->path, W_OK, AT_EACCESS) < 0) {
			error = errno;
		} else if (!S_ISREG(st.st_mode)) {
			save->fd = open(save->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
			error = save->fd < 0 ? errno : 0;
		}
	}
	if (error == 0 && save->fd < 0) {
		error = temporary_make(save);
	}
	if (error != 0) {
		ugvt_save_abandon(save);
		return save_fail(path, error, failure);
	}
	return true;
}

bool ugvt_save_commit(struct ugvt_save *save, struct ugvt_failure *failure)
{
	int error = close(save->fd) < 0 ? errno : 0;

	save->fd = -1;
	if (error == 0 && save->temporary[0] && rename(save->temporary, save->path) < 0) {
		error = errno;
	}
	if (error == 0) {
		return true;
	}
	ugvt_save_abandon(save);
	return save_fail(save->path, error, failure);
}

void ugvt_save_abandon(struct ugvt_save *save)
{
	if (save->fd >= 0) {
		close(save->fd);
		save->fd = -1;
	}
	if (save->temporary[0]) {
		unlink(save->temporary);
		save->temporary[0] = '\0';
	}
}
