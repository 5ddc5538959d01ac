/* SPDX-License-Identifier: MIT */
#include "control/socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(UGVT_SOCKET_PATH_MAX == sizeof(((struct sockaddr_un *)0)->sun_path) - 1,
	"the longest path and its NUL fill sun_path");

bool ugvt_socket_path_check(const char *path, struct ugvt_failure *failure)
{
	size_t length = strlen(path);

	if (length <= UGVT_SOCKET_PATH_MAX) {
		return true;
	}
	return ugvt_fail(failure, UGVT_FAILURE_INVALID,
		"the socket path %s has %zu bytes, and a socket path may have %d: choose a shorter run "
		"directory (--run-dir)",
		path, length, UGVT_SOCKET_PATH_MAX);
}

static int socket_open(
	const char *path, int flags, struct sockaddr_un *address, struct ugvt_failure *failure)
{
	int fd;

	if (!ugvt_socket_path_check(path, failure)) {
		return -1;
	}
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(address->sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	if (fd < 0) {
		ugvt_fail(failure, UGVT_FAILURE_OTHER, "can't make a socket: %s", strerror(errno));
	}
	return fd;
}

int ugvt_socket_listen(const char *path, struct ugvt_failure *failure)
{
	struct sockaddr_un address;
	int fd = socket_open(path, SOCK_NONBLOCK, &address, failure);

	if (fd < 0) {
		return -1;
	}
	unlink(path);
	/* The mode set before bind() is the file's from its first moment. */
	if (fchmod(fd, 0600) < 0 || bind(fd, &address, sizeof(address)) < 0 ||
		listen(fd, SOMAXCONN) < 0) {
		ugvt_fail(failure, UGVT_FAILURE_DENIED, "can't listen at %s: %s", path,
			strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

static void connect_fail(const char *path, int error, struct ugvt_failure *failure)
{
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) : 0;

	if (error == EACCES || error == EPERM) {
		ugvt_fail(failure, UGVT_FAILURE_DENIED,
			"no permission to use %s: run as the user that ugvtd runs as, or as root",
			path);
	} else {
		ugvt_fail(failure, UGVT_FAILURE_NO_MANAGER,
			"no manager is running in %.*s (%s): start one with 'ugvtd --run-dir %.*s', or name "
			"another run directory with --run-dir",
			dir, path, strerror(error), dir, path);
	}
}

int ugvt_socket_connect(const char *path, struct ugvt_failure *failure)
{
	struct sockaddr_un address;
	int fd = socket_open(path, 0, &address, failure);

	if (fd < 0) {
		return -1;
	}
	if (connect(fd, &address, sizeof(address)) < 0) {
		connect_fail(path, errno, failure);
		close(fd);
		return -1;
	}
	return fd;
}

int ugvt_socket_try(const char *path)
{
	struct sockaddr_un address;
	struct ugvt_failure failure;
	int fd = socket_open(path, SOCK_NONBLOCK, &address, &failure);

	if (fd < 0) {
		return -EINVAL;
	}
	if (connect(fd, &address, sizeof(address)) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}
