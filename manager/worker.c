/* SPDX-License-Identifier: MIT */
#include "manager/worker.h"

#include <assert.h>
#include <errno.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/log.h"
#include "control/json.h"
#include "manager/spawn.h"
#include "manager/walls.h"

/* What a worker may say in one line, bytes. */
#define LINE_MAX_SIZE (256 * 1024)
#define ANSWER_MS 30000
#define STOP_MS 5000
#define HANG_UP_MS 2000

void ugvt_worker_kill(struct ugvt_worker *worker)
{
	pidfd_send_signal(worker->pidfd, SIGKILL, NULL, 0);
}

/* It does what it should not: end it, and remember why. */
static void worker_condemn(struct ugvt_worker *worker, const char *why)
{
	if (worker->trouble.code == 0 && !worker->stopping) {
		ugvt_fail_quoted(&worker->trouble, UGVT_FAILURE_WORKER, why);
	}
	ugvt_worker_kill(worker);
}

static void peer_handle_request(struct ugvt_rpc_peer *peer, struct ugvt_rpc_request *request)
{
	struct ugvt_worker *worker = ugvt_container_of(peer, struct ugvt_worker, peer);
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_RPC_METHOD_NOT_FOUND, "a manager answers no requests of workers");
	ugvt_rpc_reject(request, &failure);
	worker_condemn(worker, "sent its manager a request");
}

static void peer_handle_gone(struct ugvt_rpc_peer *peer)
{
	struct ugvt_worker *worker = ugvt_container_of(peer, struct ugvt_worker, peer);

	worker->connected = false;
	ugvt_rpc_finish(peer);
	/* A process that dies closes its files first: its exit tells more than this. */
	if (!worker->stopping) {
		ugvt_loop_timer_set(
			&worker->kill_timer, ugvt_clock_ns() + HANG_UP_MS * UGVT_NS_PER_MS);
	}
}

static const struct ugvt_rpc_impl peer_impl = {
	.handle_request = peer_handle_request,
	.handle_gone = peer_handle_gone,
};

/* Its own word counts for what the kernel does not tell; a worker that does not answer has said that none stands. */
static void walls_handle_reply(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	struct ugvt_worker *worker = ugvt_container_of(call, struct ugvt_worker, walls_call);

	if (fd >= 0) {
		close(fd);
	}
	if (worker->stopping || !worker->connected) {
		return;
	}
	ugvt_walls_read(&worker->walls, result);
	ugvt_walls_verify(&worker->walls, worker->pid);
	worker->impl->handle_ready(worker);
}

static void configure_handle_reply(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	struct ugvt_worker *worker = ugvt_container_of(call, struct ugvt_worker, configure_call);

	if (fd >= 0) {
		close(fd);
	}
	if (worker->stopping || !worker->connected) {
		return;
	}
	if (failure) {
		worker_condemn(worker, failure->text);
		return;
	}
	ugvt_rpc_call(&worker->peer, &worker->walls_call, "walls", NULL);
}

/* Whatever it says, it has to be gone by the time the kill timer set. */
static void stop_handle_reply(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	if (fd >= 0) {
		close(fd);
	}
}

static void kill_handle_expiry(struct ugvt_loop_timer *timer)
{
	worker_condemn(ugvt_container_of(timer, struct ugvt_worker, kill_timer),
		"closed its connection to the manager");
}

/* NULL: it ended as it should, since it was told to. */
static const char *exit_describe(
	const struct ugvt_worker *worker, const siginfo_t *info, char *text, size_t size)
{
	if (info->si_code == CLD_EXITED) {
		snprintf(text, size, "exited with status %d", info->si_status);
		return worker->stopping && info->si_status == 0 ? NULL : text;
	}
	if (info->si_status == SIGKILL && worker->trouble.code != 0) {
		return worker->trouble.text;
	}
	snprintf(text, size, "killed by signal %d (%s)", info->si_status,
		strsignal(info->si_status));
	return text;
}

static void worker_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_worker *worker = ugvt_container_of(watch, struct ugvt_worker, watch);
	siginfo_t info = {0};
	char text[128];
	const char *why;

	if (waitid(P_PIDFD, (id_t)worker->pidfd, &info, WEXITED | WNOHANG) < 0 ||
		info.si_pid == 0) {
		return;
	}
	why = exit_describe(worker, &info, text, sizeof(text));
	if (why && worker->stopping) {
		ugvt_warn("process %d did not stop as it should: %s", (int)worker->pid, why);
		why = NULL;
	}
	ugvt_loop_remove(worker->loop, &worker->watch);
	ugvt_loop_timer_remove(worker->loop, &worker->kill_timer);
	if (worker->connected) {
		worker->connected = false;
		ugvt_rpc_finish(&worker->peer);
	}
	close(worker->pidfd);
	worker->pidfd = -1;
	worker->pid = 0;
	worker->impl->handle_exit(worker, why);
}

void ugvt_worker_init(
	struct ugvt_worker *worker, const struct ugvt_worker_impl *impl, struct ugvt_loop *loop)
{
	assert(impl->handle_ready && impl->handle_exit);
	*worker = (struct ugvt_worker){
		.impl = impl,
		.loop = loop,
		.pidfd = -1,
		.watch = {.handle_ready = worker_handle_ready},
		.kill_timer = {.handle_expiry = kill_handle_expiry},
		.configure_call = {.handle_reply = configure_handle_reply},
		.walls_call = {.handle_reply = walls_handle_reply},
		.stop_call = {.handle_reply = stop_handle_reply},
	};
}

void ugvt_worker_finish(struct ugvt_worker *worker)
{
	assert(worker->pid == 0);
	ugvt_loop_timer_remove(worker->loop, &worker->kill_timer);
}

static int process_start(
	struct ugvt_worker *worker, const struct ugvt_worker_options *options, int control_fd)
{
	char *const argv[] = {
		(char *)options->program,
		(char *)"--log-level",
		(char *)options->log_level,
		(char *)options->uuid->text,
		NULL,
	};
	int fds[UGVT_WORKER_FD_END - UGVT_WORKER_FD_CONTROL] = {
		[UGVT_WORKER_FD_CONTROL - UGVT_WORKER_FD_CONTROL] = control_fd,
		[UGVT_WORKER_FD_VFIO - UGVT_WORKER_FD_CONTROL] = options->vfio_fd,
		[UGVT_WORKER_FD_LOCK - UGVT_WORKER_FD_CONTROL] = options->lock_fd,
	};
	pid_t pid = ugvt_spawn(argv, fds, UGVT_ARRAY_SIZE(fds), &worker->pidfd);

	if (pid < 0) {
		return pid;
	}
	worker->pid = pid;
	return 0;
}

/* Both ends of the connection exist before the process, so that only the last step can't be undone. */
static int worker_connect(struct ugvt_worker *worker, int *control_fd)
{
	struct ugvt_rpc_options options = {
		.loop = worker->loop,
		.max_line = LINE_MAX_SIZE,
		.takes_fds = true,
		.timeout_ms = ANSWER_MS,
	};
	int fds[2];
	int ret;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		return -errno;
	}
	options.fd = fds[0];
	*control_fd = fds[1];
	ret = ugvt_rpc_init(&worker->peer, &peer_impl, &options);
	if (ret < 0) {
		close(fds[1]);
	}
	return ret;
}

bool ugvt_worker_start(struct ugvt_worker *worker, const struct ugvt_worker_options *options,
	struct ugvt_failure *failure)
{
	int control_fd = -1;
	int ret = ugvt_loop_timer_add(worker->loop, &worker->kill_timer);

	if (ret < 0) {
		goto fail;
	}
	ret = worker_connect(worker, &control_fd);
	if (ret < 0) {
		goto remove_timer;
	}
	worker->stopping = false;
	worker->trouble.code = 0;
	ret = process_start(worker, options, control_fd);
	close(control_fd);
	if (ret < 0) {
		goto finish_peer;
	}
	worker->connected = true;
	ret = ugvt_loop_add(worker->loop, &worker->watch, worker->pidfd, EPOLLIN);
	if (ret < 0) {
		goto kill_process;
	}
	ugvt_rpc_call(&worker->peer, &worker->configure_call, "configure",
		ugvt_worker_config_write(options->config));
	return true;

kill_process:
	ugvt_worker_kill(worker);
	waitpid(worker->pid, NULL, 0);
	close(worker->pidfd);
	worker->pid = 0;
	worker->connected = false;
finish_peer:
	ugvt_rpc_finish(&worker->peer);
remove_timer:
	ugvt_loop_timer_remove(worker->loop, &worker->kill_timer);
fail:
	return ugvt_fail(failure, UGVT_FAILURE_WORKER, "can't start a worker: %s", strerror(-ret));
}

void ugvt_worker_stop(struct ugvt_worker *worker)
{
	if (worker->stopping || worker->pid == 0) {
		return;
	}
	worker->stopping = true;
	ugvt_loop_timer_set(&worker->kill_timer, ugvt_clock_ns() + STOP_MS * UGVT_NS_PER_MS);
	if (worker->connected) {
		ugvt_rpc_call(&worker->peer, &worker->stop_call, "stop", NULL);
	} else {
		ugvt_worker_kill(worker);
	}
}

bool ugvt_worker_call(struct ugvt_worker *worker, struct ugvt_rpc_call *call, const char *method)
{
	if (!worker->connected) {
		return false;
	}
	ugvt_rpc_call(&worker->peer, call, method, NULL);
	return true;
}
