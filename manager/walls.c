/* SPDX-License-Identifier: MIT */
#include "manager/walls.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "manager/process.h"

/* Lines of /proc/PID/status, see proc(5), and what they all say if the wall stands; capabilities are in hexadecimal. */
static const struct fact {
	enum ugvt_wall wall;
	const char *line;
	uint64_t value;
} facts[] = {
	{UGVT_WALL_SECCOMP, "\nSeccomp:", 2},
	{UGVT_WALL_STRICT_FILTER, "\nSeccomp:", 2},
	{UGVT_WALL_NO_NEW_PRIVILEGES, "\nNoNewPrivs:", 1},
	{UGVT_WALL_NO_CAPABILITIES, "\nCapInh:", 0},
	{UGVT_WALL_NO_CAPABILITIES, "\nCapPrm:", 0},
	{UGVT_WALL_NO_CAPABILITIES, "\nCapEff:", 0},
	{UGVT_WALL_NO_CAPABILITIES, "\nCapAmb:", 0},
};

static void status_check(struct ugvt_walls *walls, pid_t pid)
{
	char text[4096];

	ugvt_process_read(pid, "status", text, sizeof(text));
	if (text[0]) {
		walls->stands[UGVT_WALL_SECCOMP] = true;
		walls->stands[UGVT_WALL_NO_NEW_PRIVILEGES] = true;
		walls->stands[UGVT_WALL_NO_CAPABILITIES] = true;
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(facts); i++) {
		const char *line = strstr(text, facts[i].line);
		uint64_t value;

		if (line && sscanf(line + strlen(facts[i].line), "%" SCNx64, &value) == 1 &&
			value != facts[i].value) {
			walls->stands[facts[i].wall] = false;
		}
	}
}

static void memory_check(struct ugvt_walls *walls, pid_t pid)
{
	char text[4096];
	const char *line;
	uint64_t soft, hard;

	ugvt_process_read(pid, "limits", text, sizeof(text));
	line = strstr(text, "\nMax data size ");
	if (line && sscanf(line, " Max data size %" SCNu64 " %" SCNu64, &soft, &hard) != 2) {
		walls->stands[UGVT_WALL_MEMORY_LIMIT] = false;
	}
}

/* Only who may trace a process may ask for its namespaces: root, usually. */
static void namespace_check(
	struct ugvt_walls *walls, pid_t pid, enum ugvt_wall wall, const char *name)
{
	char path[64], ours[64] = "", theirs[64] = "";

	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	if (readlink(path, ours, sizeof(ours) - 1) < 0) {
		return;
	}
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, name);
	if (readlink(path, theirs, sizeof(theirs) - 1) > 0 && strcmp(ours, theirs) == 0) {
		walls->stands[wall] = false;
	}
}

static void root_check(struct ugvt_walls *walls, pid_t pid)
{
	const struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/root", (int)pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			walls->stands[UGVT_WALL_EMPTY_ROOT] = false;
			break;
		}
	}
	if (dir) {
		closedir(dir);
	}
}

void ugvt_walls_verify(struct ugvt_walls *walls, pid_t pid)
{
	status_check(walls, pid);
	memory_check(walls, pid);
	namespace_check(walls, pid, UGVT_WALL_NO_NETWORK, "net");
	namespace_check(walls, pid, UGVT_WALL_OWN_IPC, "ipc");
	root_check(walls, pid);
}
