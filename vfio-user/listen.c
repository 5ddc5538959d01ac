/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "vfio-user/server.h"

#define BACKLOG 8

/* A socket whose server has died refuses; its file is of no use to anybody. */
static bool path_abandoned(const struct sockaddr_un *address)
{
	bool abandoned = false;
	struct stat st;
	int fd;

	if (lstat(address->sun_path, &st) < 0 || !S_ISSOCK(st.st_mode)) {
		return false;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0) {
		abandoned = connect(fd, address, sizeof(*address)) < 0 && errno == ECONNREFUSED;
		close(fd);
	}
	return abandoned;
}

static int address_bind(int fd, const struct sockaddr_un *address)
{
	if (bind(fd, address, sizeof(*address)) == 0) {
		return 0;
	}
	if (errno != EADDRINUSE) {
		return -errno;
	}
	if (!path_abandoned(address)) {
		return -EADDRINUSE;
	}
	unlink(address->sun_path);
	return bind(fd, address, sizeof(*address)) < 0 ? -errno : 0;
}

int ugvt_vfio_user_listen(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int ret, fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		return -ENAMETOOLONG;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		return -errno;
	}
	ret = address_bind(fd, &address);
	if (ret == 0 && listen(fd, BACKLOG) < 0) {
		ret = -errno;
	}
	if (ret < 0) {
		close(fd);
	}
	return ret < 0 ? ret : fd;
}
