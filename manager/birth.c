/* SPDX-License-Identifier: MIT */
#include "manager/birth.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

/* Field of /proc/PID/stat, proc(5). The second, in parentheses, may have blanks in it. */
#define FIELD_START_TIME 22
#define FIELD_AFTER_NAME 3

uint64_t ugvt_birth_of(pid_t pid)
{
	char path[64], text[1024];
	ssize_t size;
	char *at;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return 0;
	}
	size = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[size > 0 ? size : 0] = '\0';
	at = strrchr(text, ')');
	for (int field = FIELD_AFTER_NAME - 1; at && field < FIELD_START_TIME; field++) {
		at = strchr(at + 1, ' ');
	}
	return at ? strtoull(at + 1, NULL, 10) : 0;
}

/* The order matters: a process with that pid and birth seen after the pidfd was opened is the one it is of, since the one
 * it is of keeps the pid until it is gone. */
int ugvt_birth_open(pid_t pid, uint64_t born)
{
	int fd = pidfd_open(pid, 0);

	if (fd < 0) {
		return -errno;
	}
	if (born == 0 || ugvt_birth_of(pid) != born) {
		close(fd);
		return -ESRCH;
	}
	return fd;
}

bool ugvt_birth_lives(pid_t pid, uint64_t born)
{
	struct pollfd end = {.fd = ugvt_birth_open(pid, born), .events = POLLIN};
	bool lives;

	if (end.fd < 0) {
		return false;
	}
	lives = poll(&end, 1, 0) == 0;
	close(end.fd);
	return lives;
}
