/* SPDX-License-Identifier: MIT */
#include "manager/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/log.h"
#include "control/json.h"

#define FILE_SIZE_MAX 8192
#define SIZE_MAX_BYTES (UINT64_C(1) << 40) // of any memory that a state tells

static const char *const phases[] = {
	[UGVT_PHASE_STARTING] = "starting",
	[UGVT_PHASE_RUNNING] = "running",
	[UGVT_PHASE_STOPPING] = "stopping",
};

static void path_temporary(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path)
{
	ugvt_run_dir_state(run_dir, uuid, path);
	strncat(path, ".new", PATH_MAX - 1 - strlen(path));
}

static struct json_object *parent_describe(const struct ugvt_parent_config *parent)
{
	struct json_object *object = json_object_new_object();

	ugvt_json_add_string(object, "name", parent->name);
	ugvt_json_add_string(object, "device", parent->device->name);
	ugvt_json_add_uint(object, "aperture", parent->aperture);
	ugvt_json_add_uint(object, "ggtt", parent->ggtt);
	ugvt_json_add_uint(object, "fences", parent->fences);
	return object;
}

static struct json_object *type_describe(const struct ugvt_type *type)
{
	struct json_object *object = json_object_new_object();

	ugvt_json_add_string(object, "id", type->id);
	ugvt_json_add_string(object, "name", type->name);
	ugvt_json_add_bool(object, "direct", type->direct);
	ugvt_json_add_uint(object, "low_gm", type->low_gm);
	ugvt_json_add_uint(object, "high_gm", type->high_gm);
	ugvt_json_add_uint(object, "fences", type->fences);
	ugvt_json_add_uint(object, "weight", type->weight);
	ugvt_json_add_uint(object, "width", type->width);
	ugvt_json_add_uint(object, "height", type->height);
	ugvt_json_add_uint(object, "deadline_s", type->deadline_s);
	return object;
}

static struct json_object *state_describe(const struct ugvt_state *state)
{
	struct json_object *object = json_object_new_object();

	ugvt_json_add_string(object, "state", phases[state->phase]);
	ugvt_json_add_uint(object, "pid", (uint64_t)state->pid);
	ugvt_json_add_uint(object, "born", state->born);
	ugvt_json_add_uint(object, "vgpu_id", state->id);
	ugvt_json_add_uint(object, "weight", state->weight);
	ugvt_json_add_uint(object, "cap", state->cap);
	json_object_object_add(object, "parent", parent_describe(&state->parent));
	json_object_object_add(object, "type", type_describe(&state->type));
	return object;
}

static bool text_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t size = strlen(text);
	bool ok;

	if (fd < 0) {
		return false;
	}
	ok = write(fd, text, size) == (ssize_t)size;
	close(fd);
	return ok;
}

bool ugvt_state_write(const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid,
	const struct ugvt_state *state)
{
	struct json_object *object = state_describe(state);
	char path[PATH_MAX], temporary[PATH_MAX];
	bool ok;

	ugvt_run_dir_state(run_dir, uuid, path);
	path_temporary(run_dir, uuid, temporary);
	ok = text_write(temporary, json_object_to_json_string(object)) &&
	     rename(temporary, path) == 0;
	if (!ok) {
		ugvt_warn("can't write %s: %s; the next manager won't take this vGPU over", path,
			strerror(errno));
		unlink(temporary);
	}
	json_object_put(object);
	return ok;
}

bool ugvt_state_exists(const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid)
{
	char path[PATH_MAX];

	ugvt_run_dir_state(run_dir, uuid, path);
	return access(path, F_OK) == 0;
}

void ugvt_state_remove(const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid)
{
	char path[PATH_MAX];

	ugvt_run_dir_state(run_dir, uuid, path);
	unlink(path);
	path_temporary(run_dir, uuid, path);
	unlink(path);
}

static bool name_read(const struct json_object *object, const char *key, char name[64])
{
	const char *text = ugvt_json_string(object, key);

	if (!text || !ugvt_config_name_valid(text)) {
		return false;
	}
	snprintf(name, 64, "%s", text);
	return true;
}

static bool number_read(
	const struct json_object *object, const char *key, unsigned max, unsigned *number)
{
	uint64_t value;

	if (!ugvt_json_uint(object, key, max, &value)) {
		return false;
	}
	*number = (unsigned)value;
	return true;
}

static bool parent_read(const struct json_object *object, struct ugvt_parent_config *parent)
{
	const char *device = ugvt_json_string(object, "device");

	parent->device = device ? ugvt_device_find(device) : NULL;
	return parent->device && name_read(object, "name", parent->name) &&
	       ugvt_json_uint(object, "aperture", SIZE_MAX_BYTES, &parent->aperture) &&
	       ugvt_json_uint(object, "ggtt", SIZE_MAX_BYTES, &parent->ggtt) &&
	       parent->aperture <= parent->ggtt &&
	       number_read(object, "fences", 32, &parent->fences);
}

static bool type_read(const struct json_object *object, struct ugvt_type *type)
{
	return name_read(object, "id", type->id) && name_read(object, "name", type->name) &&
	       ugvt_json_bool(object, "direct", &type->direct) &&
	       ugvt_json_uint(object, "low_gm", SIZE_MAX_BYTES, &type->low_gm) &&
	       ugvt_json_uint(object, "high_gm", SIZE_MAX_BYTES, &type->high_gm) &&
	       number_read(object, "fences", 32, &type->fences) &&
	       number_read(object, "weight", UGVT_TYPE_WEIGHT_MAX, &type->weight) &&
	       number_read(object, "width", UINT16_MAX, &type->width) &&
	       number_read(object, "height", UINT16_MAX, &type->height) &&
	       number_read(object, "deadline_s", UINT_MAX, &type->deadline_s);
}

static bool phase_read(const struct json_object *object, enum ugvt_phase *phase)
{
	const char *text = ugvt_json_string(object, "state");

	for (size_t i = 0; text && i < UGVT_ARRAY_SIZE(phases); i++) {
		if (strcmp(phases[i], text) == 0) {
			*phase = (enum ugvt_phase)i;
			return true;
		}
	}
	return false;
}

static bool state_parse(const struct json_object *object, struct ugvt_state *state)
{
	unsigned pid;

	*state = (struct ugvt_state){0};
	if (!phase_read(object, &state->phase) || !number_read(object, "pid", INT_MAX, &pid) ||
		pid == 0 || !ugvt_json_uint(object, "born", UINT64_MAX, &state->born) ||
		!number_read(object, "vgpu_id", UINT_MAX, &state->id) || state->id == 0 ||
		!number_read(object, "weight", UGVT_TYPE_WEIGHT_MAX, &state->weight) ||
		state->weight == 0 || !number_read(object, "cap", 100, &state->cap)) {
		return false;
	}
	state->pid = (pid_t)pid;
	return parent_read(ugvt_json_object(object, "parent"), &state->parent) &&
	       type_read(ugvt_json_object(object, "type"), &state->type);
}

bool ugvt_state_read(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, struct ugvt_state *state)
{
	char path[PATH_MAX], text[FILE_SIZE_MAX];
	struct json_object *object;
	ssize_t size;
	bool ok;
	int fd;

	ugvt_run_dir_state(run_dir, uuid, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0) {
		return false;
	}
	size = read(fd, text, sizeof(text));
	close(fd);
	if (size <= 0 || size == sizeof(text)) {
		return false;
	}
	object = ugvt_json_parse(text, (size_t)size);
	ok = object && state_parse(object, state);
	json_object_put(object);
	return ok;
}
