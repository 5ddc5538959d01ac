/* SPDX-License-Identifier: MIT */
#include "manager/describe.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>

#include "control/json.h"
#include "control/rundir.h"
#include "manager/instance.h"
#include "manager/manager.h"

void ugvt_describe_type_text(
	const struct ugvt_parent *parent, const struct ugvt_type *type, char *text, size_t size)
{
	struct ugvt_share share = ugvt_parent_share(parent, type);

	snprintf(text, size,
		"low_gm_size: %" PRIu64 "MB\nhigh_gm_size: %" PRIu64
		"MB\nfence: %u\nresolution: %ux%u\nweight: %u\n",
		share.low_gm / UGVT_MB, share.high_gm / UGVT_MB, share.fences, type->width,
		type->height, type->weight);
}

static void share_add(
	struct json_object *object, const struct ugvt_parent *parent, const struct ugvt_type *type)
{
	struct ugvt_share share = ugvt_parent_share(parent, type);

	ugvt_json_add_uint(object, "low_gm", share.low_gm);
	ugvt_json_add_uint(object, "high_gm", share.high_gm);
	ugvt_json_add_uint(object, "fences", share.fences);
	ugvt_json_add_uint(object, "width", type->width);
	ugvt_json_add_uint(object, "height", type->height);
	ugvt_json_add_uint(object, "deadline_s", type->deadline_s);
}

struct json_object *ugvt_describe_type(
	const struct ugvt_parent *parent, const struct ugvt_type *type)
{
	struct json_object *object = json_object_new_object();
	char text[256];

	ugvt_describe_type_text(parent, type, text, sizeof(text));
	ugvt_json_add_string(object, "type", type->id);
	ugvt_json_add_uint(object, "available_instances", ugvt_parent_available(parent, type));
	ugvt_json_add_string(object, "device_api", "vfio-pci");
	ugvt_json_add_string(object, "name", type->name);
	ugvt_json_add_string(object, "description", text);
	ugvt_json_add_uint(object, "weight", type->weight);
	share_add(object, parent, type);
	return object;
}

struct json_object *ugvt_describe_instance(const struct ugvt_instance *instance)
{
	struct json_object *object = json_object_new_object();

	ugvt_json_add_string(object, "uuid", instance->uuid.text);
	ugvt_json_add_string(object, "parent", instance->parent->config->name);
	ugvt_json_add_string(object, "type", instance->type->id);
	ugvt_json_add_uint(object, "vgpu_id", instance->id);
	ugvt_json_add_uint(object, "weight", instance->weight);
	ugvt_json_add_uint(object, "cap", instance->cap);
	ugvt_json_add_string(object, "state", ugvt_instance_state_name(instance->state));
	if (instance->state == UGVT_INSTANCE_FAILED) {
		ugvt_json_add_string(object, "reason", instance->reason);
	}
	return object;
}

struct json_object *ugvt_describe_instance_fully(const struct ugvt_instance *instance)
{
	struct json_object *object = ugvt_describe_instance(instance);
	struct json_object *limits =
		ugvt_cgroup_describe(&instance->manager->cgroup, &instance->uuid);
	char path[PATH_MAX];

	if (instance->worker.pid > 0) {
		ugvt_run_dir_vfio(&instance->manager->home->run_dir, &instance->uuid, path);
		ugvt_json_add_uint(object, "pid", (uint64_t)instance->worker.pid);
		ugvt_json_add_string(object, "socket", path);
	}
	if (instance->state == UGVT_INSTANCE_RUNNING) {
		json_object_object_add(object, "walls", ugvt_walls_write(&instance->worker.walls));
	}
	if (limits) {
		json_object_object_add(object, "limits", limits);
	}
	ugvt_json_add_string(object, "device", instance->parent->config->device->name);
	ugvt_json_add_string(object, "device_name", instance->parent->config->device->marketing);
	share_add(object, instance->parent, instance->type);
	return object;
}
