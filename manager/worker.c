/* SPDX-License-Identifier: MIT */
#include "manager/worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <poll.h>
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
#include "manager/birth.h"
#include "manager/spawn.h"
#include "manager/walls.h"

/* What a worker may say in one line, bytes. */
#define LINE_MAX_SIZE (256 * 1024)
#define ANSWER_MS 30000
#define STOP_MS 5000
#define HANG_UP_MS 2000
#define GONE_MS 5000

void ugvt_worker_kill(struct ugvt_worker *worker)
{
	pidfd_send_signal(worker->pidfd, SIGKILL, NULL, 0);
}

void ugvt_worker_condemn(struct ugvt_worker *worker, const char *why)
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
	ugvt_worker_condemn(worker, "sent its manager a request");
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
	/* It may serve its virtual machine all the same. */
	if (failure) {
		ugvt_warn("process %d does not answer: %s", (int)worker->pid, failure->text);
	}
	ugvt_walls_read(&worker->walls, result);
	ugvt_walls_verify(&worker->walls, worker->pid);
	worker->ready = true;
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
		ugvt_worker_condemn(worker, failure->text);
		return;
	}
	ugvt_rpc_call(&worker->peer, &worker->walls_call, "walls", NULL);
}

/* One that can't be governed has its turns when it likes. */
static void govern_handle_reply(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	struct ugvt_worker *worker = ugvt_container_of(call, struct ugvt_worker, govern_call);

	if (fd >= 0) {
		close(fd);
	}
	if (failure && worker->connected && !worker->stopping) {
		ugvt_warn("process %d does not take turns with others: %s", (int)worker->pid,
			failure->text);
	}
}

/* Whatever it says, it has to be gone by the time the kill timer set. */
static void stop_handle_reply(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	if (fd >= 0) {
		close(fd);
	}
}

/* 0 or -errno. */
static int worker_connect(struct ugvt_worker *worker)
{
	struct ugvt_rpc_options options = {
		.loop = worker->loop,
		.fd = ugvt_socket_try(worker->path),
		.max_line = LINE_MAX_SIZE,
		.takes_fds = true,
		.timeout_ms = ANSWER_MS,
	};
	int ret = options.fd;

	if (ret >= 0) {
		ret = ugvt_rpc_init(&worker->peer, &peer_impl, &options);
	}
	worker->connected = ret == 0;
	return ret;
}

static int worker_connect_again(struct ugvt_worker *worker)
{
	int ret = worker_connect(worker);

	if (ret == 0) {
		ugvt_rpc_call(&worker->peer, &worker->walls_call, "walls", NULL);
	}
	return ret;
}

/* Somebody else may have connected, which cut us off. */
static void kill_handle_expiry(struct ugvt_loop_timer *timer)
{
	struct ugvt_worker *worker = ugvt_container_of(timer, struct ugvt_worker, kill_timer);

	if (worker->stopping || !worker->ready || worker_connect_again(worker) < 0) {
		ugvt_worker_condemn(worker, "closed its connection to the manager");
	}
}

/* NULL: it ended as it should, since it was told to. */
static const char *exit_describe(
	const struct ugvt_worker *worker, const siginfo_t *info, char *text, size_t size)
{
	if (!worker->ours) {
		snprintf(text, size, "%s",
			worker->trouble.code != 0
				? worker->trouble.text
				: "ended; how is unknown, since an earlier manager started it");
		return worker->stopping ? NULL : text;
	}
	if (info->si_code == CLD_EXITED) {
		snprintf(text, size, "exited with status %d", info->si_status);
		return worker->stopping && info->si_status == 0 ? NULL : text;
	}
	if (info->si_status == SIGKILL && worker->trouble.code != 0) {
		return worker->trouble.text;
	}
	snprintf(text, size, "killed by signal %d (%s)%s", info->si_status,
		strsignal(info->si_status),
		info->si_status == SIGSYS ? ": it tried what its walls forbid" : "");
	return text;
}

/* Lets go of the process. */
static void worker_drop(struct ugvt_worker *worker)
{
	ugvt_loop_remove(worker->loop, &worker->watch);
	ugvt_loop_timer_remove(worker->loop, &worker->kill_timer);
	if (worker->connected) {
		worker->connected = false;
		ugvt_rpc_finish(&worker->peer);
	}
	close(worker->pidfd);
	worker->pidfd = -1;
	worker->pid = 0;
}

static void worker_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_worker *worker = ugvt_container_of(watch, struct ugvt_worker, watch);
	siginfo_t info = {0};
	char text[UGVT_FAILURE_TEXT_SIZE];
	const char *why;

	if (worker->ours && (waitid(P_PIDFD, (id_t)worker->pidfd, &info, WEXITED | WNOHANG) < 0 ||
				    info.si_pid == 0)) {
		return;
	}
	why = exit_describe(worker, &info, text, sizeof(text));
	if (why && worker->stopping) {
		ugvt_warn("process %d did not stop as it should: %s", (int)worker->pid, why);
		why = NULL;
	}
	worker_drop(worker);
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
		.govern_call = {.handle_reply = govern_handle_reply},
		.stop_call = {.handle_reply = stop_handle_reply},
	};
}

void ugvt_worker_finish(struct ugvt_worker *worker)
{
	assert(worker->pid == 0);
	ugvt_loop_timer_remove(worker->loop, &worker->kill_timer);
}

static int process_start(struct ugvt_worker *worker, const struct ugvt_worker_options *options)
{
	char *const argv[] = {
		(char *)options->program,
		(char *)"--log-level",
		(char *)options->log_level,
		(char *)options->uuid->text,
		NULL,
	};
	int fds[UGVT_WORKER_FD_END - UGVT_WORKER_FD_CONTROL] = {
		[UGVT_WORKER_FD_CONTROL - UGVT_WORKER_FD_CONTROL] = options->control_fd,
		[UGVT_WORKER_FD_VFIO - UGVT_WORKER_FD_CONTROL] = options->vfio_fd,
		[UGVT_WORKER_FD_LOCK - UGVT_WORKER_FD_CONTROL] = options->lock_fd,
	};
	pid_t pid = ugvt_spawn(argv, fds, UGVT_ARRAY_SIZE(fds), &worker->pidfd);

	if (pid < 0) {
		return pid;
	}
	worker->pid = pid;
	worker->born = ugvt_birth_of(pid);
	worker->ours = true;
	return 0;
}

static int dup_cloexec(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static void worker_begin(struct ugvt_worker *worker, const char *path)
{
	snprintf(worker->path, sizeof(worker->path), "%s", path);
	worker->connected = false;
	worker->ready = false;
	worker->stopping = false;
	worker->trouble.code = 0;
}

/* The connection is there before the process, so that only the last step can't be undone, and so that a process whose
 * manager dies by then sees it. */
bool ugvt_worker_start(struct ugvt_worker *worker, const struct ugvt_worker_options *options,
	struct ugvt_failure *failure)
{
	int ret = ugvt_loop_timer_add(worker->loop, &worker->kill_timer);

	if (ret < 0) {
		goto fail;
	}
	worker_begin(worker, options->path);
	ret = worker_connect(worker);
	if (ret < 0) {
		goto remove_timer;
	}
	ret = process_start(worker, options);
	if (ret < 0) {
		goto finish_peer;
	}
	ret = ugvt_loop_add(worker->loop, &worker->watch, worker->pidfd, EPOLLIN);
	if (ret < 0) {
		goto kill_process;
	}
	return true;

kill_process:
	ugvt_worker_kill(worker);
	waitpid(worker->pid, NULL, 0);
	close(worker->pidfd);
	worker->pidfd = -1;
	worker->pid = 0;
finish_peer:
	worker->connected = false;
	ugvt_rpc_finish(&worker->peer);
remove_timer:
	ugvt_loop_timer_remove(worker->loop, &worker->kill_timer);
fail:
	return ugvt_fail(failure, UGVT_FAILURE_WORKER, "can't start a worker: %s", strerror(-ret));
}

void ugvt_worker_configure(struct ugvt_worker *worker, const struct ugvt_worker_config *config)
{
	if (worker->connected) {
		ugvt_rpc_call(&worker->peer, &worker->configure_call, "configure",
			ugvt_worker_config_write(config));
	}
}

void ugvt_worker_govern(struct ugvt_worker *worker, int page_fd, int doorbell_fd)
{
	struct ugvt_rpc_query query = {.method = "govern",
		.fds = {dup_cloexec(page_fd), dup_cloexec(doorbell_fd)},
		.n_fds = 2};

	if (worker->connected && query.fds[0] >= 0 && query.fds[1] >= 0) {
		ugvt_rpc_call_fds(&worker->peer, &worker->govern_call, &query);
		return;
	}
	ugvt_warn("process %d can't be told to take turns", (int)worker->pid);
	for (unsigned i = 0; i < query.n_fds; i++) {
		if (query.fds[i] >= 0) {
			close(query.fds[i]);
		}
	}
}

bool ugvt_worker_take_over(struct ugvt_worker *worker, const struct ugvt_worker_found *found,
	struct ugvt_failure *failure)
{
	int ret = ugvt_birth_open(found->pid, found->born);

	if (ret < 0) {
		goto fail;
	}
	worker->pidfd = ret;
	ret = ugvt_loop_timer_add(worker->loop, &worker->kill_timer);
	if (ret < 0) {
		goto close_pidfd;
	}
	ret = ugvt_loop_add(worker->loop, &worker->watch, worker->pidfd, EPOLLIN);
	if (ret < 0) {
		goto remove_timer;
	}
	worker_begin(worker, found->path);
	worker->pid = found->pid;
	worker->born = found->born;
	worker->ours = false;
	worker->ready = true;
	ret = worker_connect_again(worker);
	if (ret < 0) {
		ugvt_warn("process %d takes no connection: %s", (int)worker->pid, strerror(-ret));
	}
	return true;

remove_timer:
	ugvt_loop_timer_remove(worker->loop, &worker->kill_timer);
close_pidfd:
	close(worker->pidfd);
	worker->pidfd = -1;
fail:
	return ugvt_fail(failure, UGVT_FAILURE_WORKER, "can't take over process %d: %s",
		(int)found->pid, strerror(-ret));
}

void ugvt_worker_leave(struct ugvt_worker *worker)
{
	if (worker->pid != 0) {
		worker_drop(worker);
	}
}

void ugvt_worker_kill_now(struct ugvt_worker *worker)
{
	struct pollfd gone = {.fd = worker->pidfd, .events = POLLIN};

	if (worker->pid == 0) {
		return;
	}
	ugvt_worker_kill(worker);
	if (poll(&gone, 1, GONE_MS) != 1) {
		ugvt_warn("process %d does not end, not even when killed", (int)worker->pid);
	} else if (worker->ours) {
		waitpid(worker->pid, NULL, 0);
	}
	worker_drop(worker);
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
	return ugvt_worker_call_fd(worker, call, method, -1);
}

bool ugvt_worker_call_fd(
	struct ugvt_worker *worker, struct ugvt_rpc_call *call, const char *method, int fd)
{
	struct ugvt_rpc_query query = {.method = method, .n_fds = fd >= 0};

	if (!worker->connected) {
		return false;
	}
	if (fd >= 0) {
		query.fds[0] = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		if (query.fds[0] < 0) {
			return false;
		}
	}
	ugvt_rpc_call_fds(&worker->peer, call, &query);
	return true;
}
