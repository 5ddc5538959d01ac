/* SPDX-License-Identifier: MIT */
#include "manager/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_FD 3
#define FDS_MAX 8

static void signals_reset(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
}

/* Any of fds may have a number that another one is to get, so they move out of the way first. */
static void fds_place(const int *fds, unsigned n_fds)
{
	int moved[FDS_MAX];
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0) {
		_exit(127);
	}
	for (unsigned i = 0; i < n_fds; i++) {
		moved[i] = fcntl(fds[i], F_DUPFD, FIRST_FD + FDS_MAX);
	}
	for (unsigned i = 0; i < n_fds; i++) {
		if (moved[i] < 0 || dup2(moved[i], FIRST_FD + (int)i) < 0) {
			_exit(127);
		}
	}
	if (close_range(FIRST_FD + n_fds, ~0U, 0) < 0) {
		_exit(127);
	}
}

pid_t ugvt_spawn(char *const argv[], const int *fds, unsigned n_fds, int *pidfd)
{
	pid_t pid;

	if (n_fds > FDS_MAX) {
		return -EINVAL;
	}
	pid = fork();
	if (pid < 0) {
		return -errno;
	}
	if (pid == 0) {
		setsid();
		signals_reset();
		fds_place(fds, n_fds);
		execv(argv[0], argv);
		dprintf(STDERR_FILENO, "error ugvtd: can't run %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	*pidfd = pidfd_open(pid, 0);
	if (*pidfd < 0) {
		int error = errno;

		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return -error;
	}
	return pid;
}
