/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/signals.h"
#include "manager/activation.h"
#include "manager/manager.h"

/* ugvtd: see ugvtd(8). */

struct options {
	const char *run_dir;     // may be NULL
	const char *config;      // may be NULL
	const char *worker;      // may be NULL
	const char *definitions; // may be NULL
	const char *cgroup;      // may be NULL
	const char *log_level;   // known to be one
};

struct daemon {
	struct ugvt_loop *loop;
	struct ugvt_signals signals;
	struct ugvt_home home;
	struct ugvt_config config;
	struct ugvt_manager manager;
	char worker[PATH_MAX];      // program
	char definitions[PATH_MAX]; // directory
	int control_fd;             // passed to us; -1: none
};

static void help_print(FILE *out)
{
	fprintf(out,
		"Usage: ugvtd [OPTIONS]\n"
		"The manager of virtual GPUs: serves ugvt(1), and runs one worker process per vGPU.\n"
		"\n"
		"  --run-dir DIR      where its sockets are; default $UGVT_RUN_DIR, else /run/ugvt for\n"
		"                     root and $XDG_RUNTIME_DIR/ugvt for others\n"
		"  --config FILE      configuration; default %s, if there is one\n"
		"  --definitions DIR  where vGPUs are defined, as mdevctl has them; default /etc/mdevctl.d for\n"
		"                     root and $XDG_CONFIG_HOME/ugvt/mdevctl.d for others\n"
		"  --worker PATH      the worker program, ugvt-vgpu\n"
		"  --cgroup DIR       the cgroup for workers' limits, or none; default its own if delegated\n"
		"  --log-level LEVEL  error, warn, guest, info (default) or debug\n"
		"  -h, --help         print this and exit\n"
		"  -V, --version      print the version and exit\n"
		"\n"
		"It stays in the foreground and logs to standard error. SIGTERM ends it and leaves vGPUs\n"
		"running, which the next manager takes over; SIGINT stops all vGPUs first.\n",
		UGVT_CONFIG_FILE);
}

/* -1 to go on, else the exit status. */
static int options_parse(struct options *options, int argc, char **argv)
{
	enum {
		RUN_DIR = 256,
		CONFIG,
		DEFINITIONS,
		WORKER,
		CGROUP,
		LOG_LEVEL
	};
	static const struct option table[] = {
		{"run-dir", required_argument, NULL, RUN_DIR},
		{"config", required_argument, NULL, CONFIG},
		{"definitions", required_argument, NULL, DEFINITIONS},
		{"worker", required_argument, NULL, WORKER},
		{"cgroup", required_argument, NULL, CGROUP},
		{"log-level", required_argument, NULL, LOG_LEVEL},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "hV", table, NULL)) != -1) {
		switch (option) {
		case RUN_DIR: options->run_dir = optarg; break;
		case CONFIG: options->config = optarg; break;
		case DEFINITIONS: options->definitions = optarg; break;
		case WORKER: options->worker = optarg; break;
		case CGROUP: options->cgroup = optarg; break;
		case LOG_LEVEL: options->log_level = optarg; break;
		case 'h': help_print(stdout); return 0;
		case 'V': puts("ugvtd " UGVT_VERSION); return 0;
		default:
			fputs("'ugvtd --help' tells the options.\n", stderr);
			return UGVT_FAILURE_INVALID;
		}
	}
	if (optind < argc) {
		fprintf(stderr,
			"ugvtd: '%s' is one argument too many; 'ugvtd --help' tells the options.\n",
			argv[optind]);
		return UGVT_FAILURE_INVALID;
	}
	return -1;
}

static bool config_load(
	struct daemon *daemon, const struct options *options, struct ugvt_failure *failure)
{
	if (options->config) {
		return ugvt_config_read(&daemon->config, options->config, failure);
	}
	if (access(UGVT_CONFIG_FILE, F_OK) == 0) {
		return ugvt_config_read(&daemon->config, UGVT_CONFIG_FILE, failure);
	}
	if (!ugvt_config_init(&daemon->config)) {
		return ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory");
	}
	return true;
}

/* The folder that this program is in. */
static void self_folder(char *self)
{
	ssize_t size = readlink("/proc/self/exe", self, PATH_MAX - 1);
	char *slash;

	self[size > 0 ? size : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash) {
		*slash = '\0';
	}
}

/* To path; false if it is not there. */
static bool worker_try(char *path, const char *folder, const char *below)
{
	return snprintf(path, PATH_MAX, "%s%s/ugvt-vgpu", folder, below) < PATH_MAX &&
	       access(path, X_OK) == 0;
}

/* The option's, else the build tree's, else the installed one, here or where it belongs. */
static bool worker_find(
	struct daemon *daemon, const struct options *options, struct ugvt_failure *failure)
{
	char self[PATH_MAX];
	bool found;

	self_folder(self);
	if (options->worker) {
		found = snprintf(daemon->worker, PATH_MAX, "%s", options->worker) < PATH_MAX &&
			access(daemon->worker, X_OK) == 0;
	} else {
		found = worker_try(daemon->worker, self, "/../worker") ||
			worker_try(daemon->worker, self, "/" UGVT_LIBEXECDIR_FROM_SBINDIR) ||
			worker_try(daemon->worker, UGVT_LIBEXECDIR, "");
	}
	if (!found) {
		return ugvt_fail(failure, UGVT_FAILURE_DENIED,
			"can't run the worker %.400s: %s; name the program ugvt-vgpu with --worker",
			daemon->worker, strerror(errno));
	}
	return true;
}

/* The option's, else root's, which is mdevctl's, else the user's; none if there is no telling where. */
static bool definitions_find(
	struct daemon *daemon, const struct options *options, struct ugvt_failure *failure)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path = daemon->definitions;
	int n = 0;

	if (options->definitions) {
		n = snprintf(path, PATH_MAX, "%s", options->definitions);
	} else if (geteuid() == 0) {
		n = snprintf(path, PATH_MAX, "%s", "/etc/mdevctl.d");
	} else if (config && config[0] == '/') {
		n = snprintf(path, PATH_MAX, "%s/ugvt/mdevctl.d", config);
	} else if (home && home[0] == '/') {
		n = snprintf(path, PATH_MAX, "%s/.config/ugvt/mdevctl.d", home);
	}
	/* Room for a parent's name and a UUID. */
	return n < PATH_MAX - 128 ||
	       ugvt_fail(failure, UGVT_FAILURE_INVALID,
		       "the name of the definitions' directory is too long: name another one with "
		       "--definitions");
}

static void handle_signal(struct ugvt_signals *signals, int number)
{
	struct daemon *daemon = ugvt_container_of(signals, struct daemon, signals);

	if (number == SIGINT) {
		ugvt_info("%s: stopping all vGPUs", strsignal(number));
		ugvt_manager_stop(&daemon->manager);
	} else {
		ugvt_info("%s: ending; vGPUs run on", strsignal(number));
		ugvt_loop_stop(daemon->loop);
	}
}

/* Each vGPU and each client takes some. */
static void fd_limit_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static bool serve(struct daemon *daemon, const struct options *given, struct ugvt_failure *failure)
{
	struct ugvt_manager_options options = {
		.loop = daemon->loop,
		.config = &daemon->config,
		.home = &daemon->home,
		.definitions = daemon->definitions,
		.worker_program = daemon->worker,
		.log_level = given->log_level,
		.cgroup = given->cgroup,
		.control_fd = daemon->control_fd,
	};
	int ret = ugvt_signals_init(&daemon->signals, daemon->loop);

	if (ret == 0) {
		if (!ugvt_manager_init(&daemon->manager, &options, failure)) {
			return false;
		}
		ugvt_info("ready in %s", daemon->home.run_dir.path);
		ugvt_activation_notify("READY=1");
		ret = ugvt_loop_run(daemon->loop);
		ugvt_activation_notify("STOPPING=1");
		ugvt_manager_finish(&daemon->manager);
	}
	if (ret < 0) {
		return ugvt_fail(failure, UGVT_FAILURE_OTHER, "can't serve: %s", strerror(-ret));
	}
	return true;
}

static bool daemon_run(
	struct daemon *daemon, const struct options *options, struct ugvt_failure *failure)
{
	struct ugvt_run_dir run_dir;
	bool ok = false;

	if (!config_load(daemon, options, failure)) {
		return false;
	}
	if (!ugvt_activation_take(&daemon->control_fd, failure) ||
		!worker_find(daemon, options, failure) ||
		!definitions_find(daemon, options, failure) ||
		!ugvt_run_dir_find(&run_dir, options->run_dir, failure) ||
		!ugvt_home_init(&daemon->home, &run_dir, failure)) {
		goto finish_config;
	}
	daemon->home.keeps_control = daemon->control_fd >= 0;
	daemon->loop = ugvt_loop_create();
	if (!daemon->loop) {
		ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory or file descriptors");
		goto finish_home;
	}
	ok = serve(daemon, options, failure);
	ugvt_signals_finish(&daemon->signals);
	ugvt_loop_destroy(daemon->loop);
finish_home:
	ugvt_home_finish(&daemon->home);
finish_config:
	ugvt_config_finish(&daemon->config);
	return ok;
}

int main(int argc, char **argv)
{
	struct options options = {.log_level = "info"};
	struct daemon daemon = {.signals.handle_signal = handle_signal};
	struct ugvt_failure failure;
	enum ugvt_log_level level;
	int status = options_parse(&options, argc, argv);

	if (status >= 0) {
		return status;
	}
	if (!ugvt_log_level_parse(options.log_level, &level)) {
		fprintf(stderr,
			"ugvtd: there is no log level '%s': use error, warn, guest, info or debug\n",
			options.log_level);
		return UGVT_FAILURE_INVALID;
	}
	ugvt_log_init(level, "ugvtd");
	umask(077);
	fd_limit_raise();
	if (!daemon_run(&daemon, &options, &failure)) {
		ugvt_error("%s", failure.text);
		return failure.code;
	}
	return 0;
}
