/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mdevfs/fs.h"
#include "mdevfs/libfuse.h"
#include "mdevfs/mountpoint.h"

/* ugvt-mdevfs: see ugvt-mdevfs(8). */

/* Accesses that may wait for the manager at once. Each has a connection, and the manager takes
 * UGVT_CONTROL_CLIENTS_MAX: most are left for others. */
#define THREADS_MAX 64

struct options {
	char *run_dir;     // may be NULL
	char *log_level;   // may be NULL
	char *mount_point; // may be NULL
	int foreground;
	int single; // thread
	int help, version;
	bool debug;
	bool too_many;
};

enum key {
	KEY_DEBUG
};

#define OPTION(form, member)                              \
	{                                                 \
		form, offsetof(struct options, member), 1 \
	}

static const struct fuse_opt option_table[] = {
	OPTION("--run-dir=%s", run_dir),
	OPTION("--run-dir %s", run_dir),
	OPTION("--log-level=%s", log_level),
	OPTION("--log-level %s", log_level),
	OPTION("-f", foreground),
	OPTION("--foreground", foreground),
	OPTION("-s", single),
	OPTION("-h", help),
	OPTION("--help", help),
	OPTION("-V", version),
	OPTION("--version", version),
	FUSE_OPT_KEY("-d", KEY_DEBUG),
	FUSE_OPT_KEY("debug", KEY_DEBUG),
	FUSE_OPT_END,
};

static void help_print(FILE *out)
{
	fputs("Usage: ugvt-mdevfs [OPTIONS] [MOUNTPOINT]\n"
	      "The virtual GPUs of a manager, ugvtd(8), as the tree that the kernel shows mediated devices as\n"
	      "below /sys. MOUNTPOINT is made if need be; the default is the run directory's name with -mdevfs\n"
	      "behind it: /run/ugvt-mdevfs for root.\n"
	      "\n"
	      "  --run-dir DIR      the manager's run directory; default $UGVT_RUN_DIR, else /run/ugvt for\n"
	      "                     root and $XDG_RUNTIME_DIR/ugvt for others\n"
	      "  -f, --foreground   do not go to the background; log to standard error\n"
	      "  --log-level LEVEL  error, warn, guest, info (default) or debug\n"
	      "  -o OPTION[,...]    mount options; see mount.fuse3(8)\n"
	      "  -d, -s             print what libfuse does; one access at a time\n"
	      "  -h, --help         print this and exit\n"
	      "  -V, --version      print the version and exit\n"
	      "\n"
	      "'umount MOUNTPOINT' or SIGTERM ends it; as an ordinary user: 'fusermount3 -u MOUNTPOINT'.\n",
		out);
}

/* libfuse's interface: 1 keeps the argument for it. */
static int handle_option(void *data, const char *argument, int key, struct fuse_args *rest)
{
	struct options *options = data;

	switch (key) {
	case KEY_DEBUG:
		options->debug = true;
		options->foreground = 1;
		return 1;
	case FUSE_OPT_KEY_NONOPT:
		options->too_many = options->mount_point != NULL;
		if (!options->mount_point) {
			options->mount_point = strdup(argument);
		}
		return 0;
	default: return 1;
	}
}

static void options_finish(struct options *options)
{
	free(options->run_dir);
	free(options->log_level);
	free(options->mount_point);
}

/* -1 to go on, else the exit status. */
static int options_parse(struct options *options, struct fuse_args *args)
{
	enum ugvt_log_level level = UGVT_LOG_INFO;

	if (fuse_opt_parse(args, options, option_table, handle_option) < 0) {
		return UGVT_FAILURE_INVALID;
	}
	if (options->help) {
		help_print(stdout);
		return 0;
	}
	if (options->version) {
		puts("ugvt-mdevfs " UGVT_VERSION);
		return 0;
	}
	if (options->log_level && !ugvt_log_level_parse(options->log_level, &level)) {
		fprintf(stderr, "ugvt-mdevfs: there is no log level '%s'\n", options->log_level);
		return UGVT_FAILURE_INVALID;
	}
	if (options->too_many) {
		fputs("ugvt-mdevfs: there is more than one MOUNTPOINT; 'ugvt-mdevfs --help' tells the "
		      "options.\n",
			stderr);
		return UGVT_FAILURE_INVALID;
	}
	ugvt_log_init(level, "mdevfs");
	return -1;
}

static void handle_fuse_log(enum fuse_log_level fuse_level, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void handle_fuse_log(enum fuse_log_level fuse_level, const char *format, va_list args)
{
	enum ugvt_log_level level = fuse_level <= FUSE_LOG_ERR       ? UGVT_LOG_ERROR
				    : fuse_level <= FUSE_LOG_WARNING ? UGVT_LOG_WARN
				    : fuse_level <= FUSE_LOG_INFO    ? UGVT_LOG_INFO
								     : UGVT_LOG_DEBUG;
	char text[1024];

	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	ugvt_log(level, "%s", text);
}

/* Ours come first, so that the user's win. Root's tree is for all to read, as /sys is; who may write is for the
 * kernel to check by the modes. */
static bool mount_options_add(struct fuse_args *args)
{
	const char *options = geteuid() == 0
				      ? "-onosuid,nodev,noexec,default_permissions,allow_other,"
					"fsname=ugvt,subtype=" UGVT_MDEVFS_SUBTYPE
				      : "-onosuid,nodev,noexec,default_permissions,fsname=ugvt,"
					"subtype=" UGVT_MDEVFS_SUBTYPE;

	return fuse_opt_insert_arg(args, 1, options) == 0;
}

static int loop_run(struct fuse *fuse, const struct options *options)
{
	struct fuse_loop_config *config;
	int ret;

	if (options->single) {
		return fuse_loop(fuse);
	}
	config = fuse_loop_cfg_create();
	fuse_loop_cfg_set_max_threads(config, THREADS_MAX);
	ret = fuse_loop_mt(fuse, config);
	fuse_loop_cfg_destroy(config);
	return ret;
}

/* A manager that is not there yet may still come. */
static void manager_look(struct ugvt_mdevfs *fs)
{
	struct ugvt_mdevfs_view view;
	struct json_object *types;

	ugvt_mdevfs_view_init(&view, &fs->source);
	ugvt_mdevfs_view_types(&view, &types);
	ugvt_mdevfs_view_finish(&view);
}

/* The exit status. */
static int serve(struct fuse *fuse, struct ugvt_mdevfs *fs, const struct options *options)
{
	struct fuse_session *session = fuse_get_session(fuse);
	int ret;

	manager_look(fs);
	if (fuse_daemonize(options->foreground) < 0) {
		return UGVT_FAILURE_OTHER;
	}
	if (fuse_set_signal_handlers(session) < 0) {
		return UGVT_FAILURE_OTHER;
	}
	ret = loop_run(fuse, options);
	fuse_remove_signal_handlers(session);
	/* A positive one is the signal that ended it. */
	return ret < 0 ? UGVT_FAILURE_OTHER : 0;
}

static int complain(const struct ugvt_failure *failure)
{
	fprintf(stderr, "ugvt-mdevfs: %s\n", failure->text);
	return failure->code;
}

static bool mountpoint_find(struct ugvt_mdevfs_mountpoint *mountpoint,
	const struct ugvt_run_dir *run_dir, const struct options *options,
	struct ugvt_failure *failure)
{
	char path[PATH_MAX];

	if (options->mount_point) {
		return ugvt_mdevfs_mountpoint_init(mountpoint, options->mount_point, failure);
	}
	if (snprintf(path, sizeof(path), "%s-mdevfs", run_dir->path) >= (int)sizeof(path)) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"the run directory's name is too long: name a MOUNTPOINT");
	}
	return ugvt_mdevfs_mountpoint_init(mountpoint, path, failure);
}

/* The exit status. */
static int run(const struct options *options, struct fuse_args *args)
{
	struct ugvt_mdevfs fs = {.uid = geteuid(), .gid = getegid()};
	struct ugvt_mdevfs_mountpoint mountpoint;
	struct ugvt_failure failure;
	struct fuse *fuse;
	int status = UGVT_FAILURE_DENIED;

	clock_gettime(CLOCK_REALTIME, &fs.since);
	if (!ugvt_run_dir_find(&fs.source.run_dir, options->run_dir, &failure) ||
		!mountpoint_find(&mountpoint, &fs.source.run_dir, options, &failure)) {
		return complain(&failure);
	}
	fuse = ugvt_mdevfs_create(&fs, args);
	if (!fuse) {
		return UGVT_FAILURE_INVALID;
	}
	if (fuse_mount(fuse, mountpoint.path) == 0) {
		status = serve(fuse, &fs, options);
		fuse_unmount(fuse);
	}
	fuse_destroy(fuse);
	return status;
}

int main(int argc, char **argv)
{
	struct fuse_args args = FUSE_ARGS_INIT(argc, argv);
	struct options options = {0};
	int status = options_parse(&options, &args);

	if (status < 0) {
		signal(SIGPIPE, SIG_IGN);
		fuse_set_log_func(handle_fuse_log);
		status = mount_options_add(&args) ? run(&options, &args) : UGVT_FAILURE_OTHER;
	}
	options_finish(&options);
	fuse_opt_free_args(&args);
	return status;
}
