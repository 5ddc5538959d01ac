/* SPDX-License-Identifier: MIT */
#include "manager/activation.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "control/failure.h"

/* SD_LISTEN_FDS_START */
#define FIRST_FD 3

/* The number that a variable is; 0 if it is none. */
static long number(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long value = text ? strtol(text, &end, 10) : 0;

	return text && end > text && *end == '\0' ? value : 0;
}

static int option_get(int fd, int option)
{
	socklen_t size = sizeof(int);
	int value;

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

bool ugvt_activation_take(int *fd, struct ugvt_failure *failure)
{
	long n = number("LISTEN_PID") == getpid() ? number("LISTEN_FDS") : 0;

	*fd = -1;
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (n == 0) {
		return true;
	}
	if (n != 1 || option_get(FIRST_FD, SO_DOMAIN) != AF_UNIX ||
		option_get(FIRST_FD, SO_TYPE) != SOCK_STREAM ||
		option_get(FIRST_FD, SO_ACCEPTCONN) != 1) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"the sockets that were passed (LISTEN_FDS) are not one Unix stream socket "
			"that listens: look at ListenStream in ugvtd.socket");
	}
	fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC);
	fcntl(FIRST_FD, F_SETFL, fcntl(FIRST_FD, F_GETFL) | O_NONBLOCK);
	*fd = FIRST_FD;
	return true;
}

void ugvt_activation_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = path ? strlen(path) : 0;
	int fd;

	if (length < 2 || length >= sizeof(address.sun_path) ||
		(path[0] != '/' && path[0] != '@')) {
		return;
	}
	memcpy(address.sun_path, path, length);
	/* An abstract one begins with a NUL. */
	if (path[0] == '@') {
		address.sun_path[0] = '\0';
	}
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL, &address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0) {
		ugvt_warn("can't tell %s at %s: %s", state, path, strerror(errno));
	}
	if (fd >= 0) {
		close(fd);
	}
}
