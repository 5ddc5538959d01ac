/* SPDX-License-Identifier: MIT */
#include "manager/definition_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SIZE_MAX (64 * 1024)
/* mdevctl's modes. */
#define FILE_MODE 0644
#define DIR_MODE 0755
/* After a dot and the UUID: no UUID, which mdevctl passes over. */
#define TEMPORARY ".ugvt-XXXXXX"

static bool path_make(char path[PATH_MAX], const struct ugvt_definition *definition,
	const char *dir, struct ugvt_failure *failure)
{
	int n = snprintf(path, PATH_MAX, "%s/%s/%s", dir, definition->parent, definition->file);

	return n < PATH_MAX || ugvt_fail(failure, UGVT_FAILURE_INVALID,
				       "the name of the definitions' directory is too long");
}

bool ugvt_definition_is_temporary(const char *name)
{
	return name[0] == '.' && strlen(name) == 1 + UGVT_UUID_LENGTH + strlen(TEMPORARY) &&
	       strncmp(name + 1 + UGVT_UUID_LENGTH, TEMPORARY, strcspn(TEMPORARY, "X")) == 0;
}

/* It may be a pipe, for all we know. */
static int file_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

static ssize_t text_read(int fd, char *text, size_t size)
{
	size_t have = 0;
	ssize_t n = 0;

	while (have < size && (n = read(fd, text + have, size - have)) > 0) {
		have += (size_t)n;
	}
	return n < 0 ? n : (ssize_t)have;
}

bool ugvt_definition_read(
	struct ugvt_definition *definition, const char *dir, struct ugvt_failure *failure)
{
	char path[PATH_MAX];
	char *text = malloc(FILE_SIZE_MAX + 1);
	ssize_t size = -1;
	bool ok = false;
	int fd;

	if (!text || !path_make(path, definition, dir, failure)) {
		goto free_text;
	}
	fd = file_open(path);
	if (fd >= 0) {
		size = text_read(fd, text, FILE_SIZE_MAX + 1);
		close(fd);
	}
	if (fd < 0 || size < 0) {
		ugvt_fail(failure, UGVT_FAILURE_DENIED, "it can't be read: %s", strerror(errno));
	} else if (size > FILE_SIZE_MAX) {
		ugvt_fail(failure, UGVT_FAILURE_INVALID, "it is larger than 64 KB");
	} else {
		ok = ugvt_definition_parse(definition, text, (size_t)size, failure);
	}
free_text:
	free(text);
	return ok;
}

static int dir_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0) {
		return -errno;
	}
	/* Some file systems have nothing to write for a directory, and say so. */
	if (fsync(fd) < 0 && errno != EINVAL) {
		ret = -errno;
	}
	close(fd);
	return ret;
}

/* The directory that path ends with, and those above it, each on the disk in the one above. The first n are for all to
 * read, whatever the umask. */
static int dir_make(const char *path, unsigned n)
{
	char above[PATH_MAX];
	char *slash;
	int ret;

	if (mkdir(path, DIR_MODE) == 0) {
		if (n > 0 && chmod(path, DIR_MODE) < 0) {
			return -errno;
		}
	} else if (errno == EEXIST) {
		return 0;
	} else if (errno != ENOENT) {
		return -errno;
	}
	snprintf(above, sizeof(above), "%s", path);
	slash = strrchr(above, '/');
	if (!slash || slash == above) {
		return 0;
	}
	*slash = '\0';
	if (access(path, F_OK) == 0) {
		return dir_sync(above);
	}
	ret = dir_make(above, n > 0 ? n - 1 : 0);
	return ret < 0 ? ret : dir_make(path, n);
}

static int text_write(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno != EINTR) {
			return -errno;
		}
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
	return 0;
}

/* The mode that path has, if it is there. */
static mode_t mode_find(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_mode & 0777 : FILE_MODE;
}

/* 0 or -errno. The text is on the disk before the file gets its name. */
static int file_replace(const char *path, const char *temporary, int fd, const char *text)
{
	int ret = text_write(fd, text);

	if (ret < 0) {
		return ret;
	}
	if (fchmod(fd, mode_find(path)) < 0 || fsync(fd) < 0 || rename(temporary, path) < 0) {
		return -errno;
	}
	return 0;
}

/* path is DIR/PARENT/UUID. */
static int file_write(const char *path, const char *text)
{
	char dir[PATH_MAX], temporary[PATH_MAX];
	const char *name = strrchr(path, '/') + 1;
	int ret, fd;

	snprintf(dir, sizeof(dir), "%.*s", (int)(name - 1 - path), path);
	if (snprintf(temporary, sizeof(temporary), "%s/.%s" TEMPORARY, dir, name) >= PATH_MAX) {
		return -ENAMETOOLONG;
	}
	ret = dir_make(dir, 2);
	if (ret < 0) {
		return ret;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		return -errno;
	}
	ret = file_replace(path, temporary, fd, text);
	if (ret < 0) {
		unlink(temporary);
	}
	close(fd);
	return ret < 0 ? ret : dir_sync(dir);
}

bool ugvt_definition_write(
	const struct ugvt_definition *definition, const char *dir, struct ugvt_failure *failure)
{
	char path[PATH_MAX];
	char *text;
	int ret;

	if (!path_make(path, definition, dir, failure)) {
		return false;
	}
	text = ugvt_definition_text(definition);
	ret = text ? file_write(path, text) : -ENOMEM;
	free(text);
	return ret == 0 ||
	       ugvt_fail(failure, UGVT_FAILURE_DENIED, "can't write %s: %s", path, strerror(-ret));
}

bool ugvt_definition_remove(
	const struct ugvt_definition *definition, const char *dir, struct ugvt_failure *failure)
{
	char path[PATH_MAX];
	int ret = 0;

	if (!path_make(path, definition, dir, failure)) {
		return false;
	}
	if (unlink(path) < 0) {
		ret = -errno;
	} else {
		*strrchr(path, '/') = '\0';
		ret = dir_sync(path);
	}
	return ret == 0 ||
	       ugvt_fail(failure, UGVT_FAILURE_DENIED, "can't remove %s: %s", path, strerror(-ret));
}
