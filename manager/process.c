/* SPDX-License-Identifier: MIT */
#include "manager/process.h"

#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "control/json.h"

/* A line of /proc/PID/status, see proc(5). */
static const struct line {
	const char *start;
	const char *name;
	uint64_t unit;
} lines[] = {
	{"\nThreads:", "threads", 1},
	{"\nRssAnon:", "rss_anon", 1024},
	{"\nRssFile:", "rss_file", 1024},
	{"\nRssShmem:", "rss_shmem", 1024},
};

void ugvt_process_read(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	text[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return;
	}
	n = read(fd, text, size - 1);
	text[n > 0 ? n : 0] = '\0';
	close(fd);
}

static void status_add(struct json_object *object, pid_t pid)
{
	char text[4096];

	ugvt_process_read(pid, "status", text, sizeof(text));
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(lines); i++) {
		const char *line = strstr(text, lines[i].start);
		uint64_t value;

		if (line && sscanf(line + strlen(lines[i].start), "%" SCNu64, &value) == 1) {
			ugvt_json_add_uint(object, lines[i].name, value * lines[i].unit);
		}
	}
}

/* utime and stime are fields 14 and 15; a name, which may have anything in it, ends with the last parenthesis. */
static void cpu_add(struct json_object *object, pid_t pid)
{
	uint64_t user, system, hz = (uint64_t)sysconf(_SC_CLK_TCK);
	char text[1024];
	const char *end;

	ugvt_process_read(pid, "stat", text, sizeof(text));
	end = strrchr(text, ')');
	if (end &&
		sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64,
			&user, &system) == 2) {
		ugvt_json_add_uint(object, "cpu_ns", (user + system) * (UGVT_NS_PER_S / hz));
	}
}

struct json_object *ugvt_process_figures(pid_t pid)
{
	struct json_object *object = json_object_new_object();

	ugvt_json_add_uint(object, "pid", (uint64_t)pid);
	status_add(object, pid);
	cpu_add(object, pid);
	return object;
}
