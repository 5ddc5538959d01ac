/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/log.h"
#include "base/signals.h"
#include "control/uuid.h"
#include "schedule/turn.h"
#include "vfio-user/server.h"
#include "worker/service.h"
#include "worker/walls.h"

/* ugvt-vgpu: see ugvt-vgpu(8). */

struct process {
	struct ugvt_loop *loop;
	struct ugvt_signals signals;
	struct ugvt_service service;
	struct ugvt_walls walls;
};

static void help_print(FILE *out)
{
	fputs("Usage: ugvt-vgpu [--log-level LEVEL] UUID\n"
	      "The process that is one virtual GPU. ugvtd(8) runs it; 'ugvt start' asks for one.\n"
	      "\n"
	      "  --log-level LEVEL  error, warn, guest, info (default) or debug\n"
	      "  -h, --help         print this and exit\n"
	      "  -V, --version      print the version and exit\n",
		out);
}

static int usage_fail(const char *what)
{
	fprintf(stderr, "ugvt-vgpu: %s\n", what);
	help_print(stderr);
	return UGVT_FAILURE_INVALID;
}

/* -1 to go on, else the exit status. */
static int options_parse(enum ugvt_log_level *level, struct ugvt_uuid *uuid, int argc, char **argv)
{
	static const struct option table[] = {
		{"log-level", required_argument, NULL, 'L'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "hV", table, NULL)) != -1) {
		switch (option) {
		case 'L':
			if (!ugvt_log_level_parse(optarg, level)) {
				return usage_fail("there is no such log level");
			}
			break;
		case 'h': help_print(stdout); return 0;
		case 'V': puts("ugvt-vgpu " UGVT_VERSION); return 0;
		default: return usage_fail("there is no such option");
		}
	}
	if (argc - optind != 1 || !ugvt_uuid_parse(uuid, argv[optind])) {
		return usage_fail("one argument is needed, a UUID");
	}
	return -1;
}

/* Started by hand, none of them is what it should be. */
static bool inherited_check(void)
{
	struct stat control, vfio;

	return fstat(UGVT_WORKER_FD_CONTROL, &control) == 0 && S_ISSOCK(control.st_mode) &&
	       fstat(UGVT_WORKER_FD_VFIO, &vfio) == 0 && S_ISSOCK(vfio.st_mode);
}

static void inherited_close_on_exec(void)
{
	for (int fd = UGVT_WORKER_FD_CONTROL; fd < UGVT_WORKER_FD_END; fd++) {
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
}

static void handle_signal(struct ugvt_signals *signals, int number)
{
	ugvt_info("%s: ending", strsignal(number));
	ugvt_loop_stop(signals->loop);
}

static int serve(struct process *process)
{
	int ret = ugvt_signals_init(&process->signals, process->loop);

	if (ret == 0) {
		ret = ugvt_service_init(&process->service, process->loop, &process->walls);
	}
	if (ret == 0) {
		ret = ugvt_loop_run(process->loop);
		ugvt_service_finish(&process->service);
	}
	ugvt_signals_finish(&process->signals);
	if (ret < 0) {
		ugvt_error("can't serve: %s", strerror(-ret));
		return UGVT_FAILURE_OTHER;
	}
	return process->service.machine.failed ? UGVT_FAILURE_OTHER : 0;
}

/*
 * Left alone, glibc raises its thresholds to the largest block that was freed (32 MiB at most): tables of a client's would
 * come from a heap from the second client on, touched to clear them, and stay when freed.
 */
static void heap_prepare(void)
{
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

int main(int argc, char **argv)
{
	enum ugvt_log_level level = UGVT_LOG_INFO;
	struct process process = {.signals.handle_signal = handle_signal};
	struct ugvt_uuid uuid;
	char ident[64];
	int status = options_parse(&level, &uuid, argc, argv);

	if (status >= 0) {
		return status;
	}
	if (!inherited_check()) {
		fputs("ugvt-vgpu: only ugvtd runs this program: 'ugvt start' starts a vGPU\n",
			stderr);
		return UGVT_FAILURE_INVALID;
	}
	inherited_close_on_exec();
	heap_prepare();
	snprintf(ident, sizeof(ident), "vgpu %.8s", uuid.text);
	ugvt_log_init(level, ident);
	ugvt_vfio_user_prepare();
	/* Not permitted for everybody; all threads will have it. */
	setpriority(PRIO_PROCESS, 0, UGVT_TURN_NICE);
	if (!ugvt_walls_erect(&process.walls)) {
		return UGVT_FAILURE_OTHER;
	}
	process.loop = ugvt_loop_create();
	if (!process.loop) {
		ugvt_error("out of memory or file descriptors");
		return UGVT_FAILURE_OTHER;
	}
	status = serve(&process);
	ugvt_loop_destroy(process.loop);
	return status;
}
