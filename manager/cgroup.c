/* SPDX-License-Identifier: MIT */
#include "manager/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/log.h"
#include "control/json.h"
#include "control/uuid.h"

#define MANAGER "manager"
#define VGPU "vgpu-"

/* A vGPU of the type i915-GVTg_V5_4 gets 40, where the manager and other services have 100. */
#define CPU_WEIGHT_PER_WEIGHT 10
#define CPU_WEIGHT_MAX 10000
/* Threads: one for each engine, the display, the transport and the control socket, and room for more. */
#define PIDS_MAX 64

static bool path_make(char *path, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool path_make(char *path, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(path, PATH_MAX, format, arguments);
	va_end(arguments);
	return n >= 0 && n < PATH_MAX;
}

/* The start of a file, "" if it can't be read. */
static void file_read(const char *dir, const char *name, char *text, size_t size)
{
	char path[PATH_MAX];
	ssize_t n = 0;
	int fd;

	fd = path_make(path, "%s/%s", dir, name) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0) {
		n = read(fd, text, size - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
}

/* 0 or -errno. */
static int file_write(const char *dir, const char *name, const char *text)
{
	char path[PATH_MAX];
	int fd, ret = 0;

	if (!path_make(path, "%s/%s", dir, name)) {
		return -ENAMETOOLONG;
	}
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) {
		return -errno;
	}
	if (write(fd, text, strlen(text)) < 0) {
		ret = -errno;
	}
	close(fd);
	return ret;
}

static bool number_write(const char *dir, const char *name, uint64_t number)
{
	char text[32];
	int ret;

	snprintf(text, sizeof(text), "%" PRIu64, number);
	ret = file_write(dir, name, text);
	if (ret < 0) {
		ugvt_warn("can't write %s to %s/%s: %s", text, dir, name, strerror(-ret));
	}
	return ret == 0;
}

static bool vgpu_path(const struct ugvt_cgroup *cgroup, const struct ugvt_uuid *uuid, char *path)
{
	return cgroup->path[0] && path_make(path, "%s/" VGPU "%s", cgroup->path, uuid->text);
}

/* The path of the line "0::PATH" of /proc/PID/cgroup, in the hierarchy of version 2. */
static bool own_find(const char *proc, char *own, size_t size)
{
	char text[64 * 1024];
	const char *line;

	file_read(proc, "cgroup", text, sizeof(text));
	line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!line) {
		return false;
	}
	line = strchr(line, '/');
	return line && snprintf(own, size, "%.*s", (int)strcspn(line, "\n"), line) < (int)size;
}

/* A line of mountinfo, see proc(5): if it is of version 2, where own is below its mount point. */
static bool mount_match(const char *line, const char *own, char *path)
{
	char root[PATH_MAX], point[PATH_MAX];
	size_t length;

	if (!strstr(line, " - cgroup2 ") ||
		sscanf(line, "%*d %*d %*s %4095s %4095s", root, point) != 2) {
		return false;
	}
	length = strcmp(root, "/") == 0 ? 0 : strlen(root);
	if (strncmp(own, root, length) != 0 || (own[length] != '/' && own[length] != '\0')) {
		return false;
	}
	own += length;
	return path_make(path, "%s%s", point, strcmp(own, "/") == 0 ? "" : own);
}

bool ugvt_cgroup_find(const char *proc, char *path)
{
	char own[PATH_MAX], line[4 * PATH_MAX];
	bool found = false;
	FILE *mounts;

	if (!own_find(proc, own, sizeof(own)) || !path_make(path, "%s/mountinfo", proc)) {
		return false;
	}
	mounts = fopen(path, "re");
	while (mounts && !found && fgets(line, sizeof(line), mounts)) {
		found = mount_match(line, own, path);
	}
	if (mounts) {
		fclose(mounts);
	}
	return found;
}

static bool may_write(const char *dir)
{
	static const char *const names[] = {"cgroup.procs", "cgroup.subtree_control"};
	char path[PATH_MAX];

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(names); i++) {
		if (!path_make(path, "%s/%s", dir, names[i]) || access(path, W_OK) < 0) {
			return false;
		}
	}
	return access(dir, W_OK) == 0;
}

/* Nobody else is there: not who started us, nor whatever else runs in a session. */
static bool alone(const char *dir, pid_t pid)
{
	char text[256], *end = text;

	file_read(dir, "cgroup.procs", text, sizeof(text));
	while (*end) {
		long other = strtol(end, &end, 10);

		if (other != pid) {
			return false;
		}
		end += strspn(end, "\n");
	}
	return true;
}

/* NULL: path is the delegated one; else why there is none. */
static const char *own_choose(char *path)
{
	char *name;

	if (!ugvt_cgroup_find("/proc/self", path)) {
		return "this process has no cgroup of version 2";
	}
	/* Put there by who started us (DelegateSubgroup), or by ourselves before. */
	name = strrchr(path, '/');
	if (name && strcmp(name, "/" MANAGER) == 0) {
		*name = '\0';
		return may_write(path) && alone(path, 0) ? NULL
							 : "it may not use the one above its own";
	}
	if (!may_write(path)) {
		return "it may not write to its own";
	}
	return alone(path, getpid()) ? NULL : "others are in its own";
}

/* As a word of a list. */
static bool listed(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(list, word); at; at = strstr(at + 1, word)) {
		if ((at == list || at[-1] == ' ') && strchr(" \n", at[length])) {
			return true;
		}
	}
	return false;
}

static bool self_move(const char *dir)
{
	char path[PATH_MAX];

	if (!path_make(path, "%s/" MANAGER, dir) || (mkdir(path, 0755) < 0 && errno != EEXIST)) {
		ugvt_warn("can't make a cgroup in %s: %s", dir, strerror(errno));
		return false;
	}
	return number_write(path, "cgroup.procs", (uint64_t)getpid());
}

static bool controller_enable(const char *dir, const char *name)
{
	char text[32], available[256];
	int ret;

	file_read(dir, "cgroup.controllers", available, sizeof(available));
	if (!listed(available, name)) {
		return false;
	}
	snprintf(text, sizeof(text), "+%s", name);
	ret = file_write(dir, "cgroup.subtree_control", text);
	if (ret < 0) {
		ugvt_warn("can't enable the controller %s in %s: %s", name, dir, strerror(-ret));
	}
	return ret == 0;
}

/* What is needed is there; before anything is changed. */
static const char *controllers_check(const char *dir)
{
	char text[256];

	file_read(dir, "cgroup.controllers", text, sizeof(text));
	return listed(text, "cpu") || listed(text, "memory") || listed(text, "pids")
		       ? NULL
		       : "there are no controllers for it";
}

void ugvt_cgroup_init(struct ugvt_cgroup *cgroup, const char *given)
{
	char path[PATH_MAX];
	const char *why = NULL;

	*cgroup = (struct ugvt_cgroup){0};
	if (given && strcmp(given, "none") == 0) {
		return;
	}
	if (given) {
		why = path_make(path, "%s", given) && may_write(path) ? NULL
								      : "it may not write there";
	} else {
		why = own_choose(path);
	}
	why = why ? why : controllers_check(path);
	if (why || !self_move(path)) {
		ugvt_log(given ? UGVT_LOG_WARN : UGVT_LOG_INFO,
			"no cgroup is delegated to the manager%s%s: workers have no limits of CPU time",
			why ? ", " : "", why ? why : "");
		return;
	}
	cgroup->cpu = controller_enable(path, "cpu");
	cgroup->memory = controller_enable(path, "memory");
	cgroup->pids = controller_enable(path, "pids");
	memcpy(cgroup->path, path, sizeof(cgroup->path));
	ugvt_info("workers have limits in the cgroup %s:%s%s%s", path, cgroup->cpu ? " cpu" : "",
		cgroup->memory ? " memory" : "", cgroup->pids ? " pids" : "");
}

void ugvt_cgroup_finish(const struct ugvt_cgroup *cgroup)
{
	static const char *const names[] = {"-cpu", "-memory", "-pids"};

	for (size_t i = 0; cgroup->path[0] && i < UGVT_ARRAY_SIZE(names); i++) {
		file_write(cgroup->path, "cgroup.subtree_control", names[i]);
	}
}

static void weight_write(const char *dir, unsigned weight)
{
	uint64_t value = (uint64_t)weight * CPU_WEIGHT_PER_WEIGHT;

	number_write(dir, "cpu.weight", UGVT_MAX(1, UGVT_MIN(value, CPU_WEIGHT_MAX)));
}

void ugvt_cgroup_add(const struct ugvt_cgroup *cgroup, const struct ugvt_uuid *uuid, pid_t pid,
	const struct ugvt_cgroup_limits *limits)
{
	char path[PATH_MAX];

	if (!vgpu_path(cgroup, uuid, path)) {
		return;
	}
	if (mkdir(path, 0755) < 0 && errno != EEXIST) {
		ugvt_warn("can't make the cgroup %s: %s", path, strerror(errno));
		return;
	}
	if (cgroup->cpu) {
		weight_write(path, limits->weight);
	}
	if (cgroup->memory) {
		number_write(path, "memory.max", limits->memory);
	}
	if (cgroup->pids) {
		number_write(path, "pids.max", PIDS_MAX);
	}
	number_write(path, "cgroup.procs", (uint64_t)pid);
}

void ugvt_cgroup_set_weight(
	const struct ugvt_cgroup *cgroup, const struct ugvt_uuid *uuid, unsigned weight)
{
	char path[PATH_MAX];

	if (cgroup->cpu && vgpu_path(cgroup, uuid, path)) {
		weight_write(path, weight);
	}
}

void ugvt_cgroup_remove(const struct ugvt_cgroup *cgroup, const struct ugvt_uuid *uuid)
{
	char path[PATH_MAX];

	if (vgpu_path(cgroup, uuid, path) && rmdir(path) < 0 && errno != ENOENT) {
		ugvt_warn("can't remove the cgroup %s: %s", path, strerror(errno));
	}
}

void ugvt_cgroup_clean(const struct ugvt_cgroup *cgroup)
{
	DIR *dir = cgroup->path[0] ? opendir(cgroup->path) : NULL;
	struct dirent *entry;
	char path[PATH_MAX];

	while (dir && (entry = readdir(dir))) {
		struct ugvt_uuid uuid;

		/* One with a process in it stays: EBUSY. */
		if (strncmp(entry->d_name, VGPU, strlen(VGPU)) == 0 &&
			ugvt_uuid_parse(&uuid, entry->d_name + strlen(VGPU)) &&
			vgpu_path(cgroup, &uuid, path)) {
			rmdir(path);
		}
	}
	if (dir) {
		closedir(dir);
	}
}

/* "max" is no number, and no limit. */
static void limit_add(
	struct json_object *object, const char *key, const char *dir, const char *name)
{
	uint64_t value;
	char text[64];

	file_read(dir, name, text, sizeof(text));
	if (sscanf(text, "%" SCNu64, &value) == 1) {
		ugvt_json_add_uint(object, key, value);
	}
}

struct json_object *ugvt_cgroup_describe(
	const struct ugvt_cgroup *cgroup, const struct ugvt_uuid *uuid)
{
	struct json_object *object;
	char path[PATH_MAX];

	if (!vgpu_path(cgroup, uuid, path) || access(path, F_OK) < 0) {
		return NULL;
	}
	object = json_object_new_object();
	ugvt_json_add_string(object, "path", path);
	limit_add(object, "cpu_weight", path, "cpu.weight");
	limit_add(object, "memory_max", path, "memory.max");
	limit_add(object, "pids_max", path, "pids.max");
	return object;
}
