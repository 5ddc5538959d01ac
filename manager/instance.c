/* SPDX-License-Identifier: MIT */
#include "manager/instance.h"

#include <assert.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "control/json.h"
#include "manager/home.h"
#include "manager/manager.h"

const char *ugvt_instance_state_name(enum ugvt_instance_state state)
{
	static const char *const names[] = {
		[UGVT_INSTANCE_STARTING] = "starting",
		[UGVT_INSTANCE_RUNNING] = "running",
		[UGVT_INSTANCE_STOPPING] = "stopping",
		[UGVT_INSTANCE_FAILED] = "failed",
	};

	return names[state];
}

static void start_answer(struct ugvt_instance *instance, const struct ugvt_failure *failure)
{
	struct ugvt_rpc_request *request = instance->start;
	struct json_object *result;

	instance->start = NULL;
	if (!request) {
		return;
	}
	if (failure) {
		ugvt_rpc_reject(request, failure);
		return;
	}
	result = json_object_new_object();
	ugvt_json_add_string(result, "uuid", instance->uuid.text);
	ugvt_rpc_reply(request, result);
}

static void instance_handle_ready(struct ugvt_worker *worker)
{
	struct ugvt_instance *instance = ugvt_container_of(worker, struct ugvt_instance, worker);

	instance->state = UGVT_INSTANCE_RUNNING;
	ugvt_info("vGPU %s runs: %s on %s, process %d", instance->uuid.text, instance->type->id,
		instance->parent->config->name, (int)worker->pid);
	start_answer(instance, NULL);
}

static void instance_release(struct ugvt_instance *instance)
{
	ugvt_home_vgpu_end(instance->manager->home, &instance->uuid);
	ugvt_parent_release(instance->parent, instance->type);
}

static void stops_answer(struct ugvt_instance *instance)
{
	while (!ugvt_list_empty(&instance->stops)) {
		struct ugvt_rpc_request *request =
			ugvt_container_of(instance->stops.next, struct ugvt_rpc_request, wait);

		ugvt_rpc_reply(request, json_object_new_object());
	}
}

static void instance_remove(struct ugvt_instance *instance)
{
	struct ugvt_manager *manager = instance->manager;

	ugvt_info("vGPU %s is gone", instance->uuid.text);
	stops_answer(instance);
	ugvt_instance_destroy(instance);
	ugvt_manager_handle_removed(manager);
}

static void instance_fail(struct ugvt_instance *instance, const char *why)
{
	bool was_starting = instance->state == UGVT_INSTANCE_STARTING;
	struct ugvt_failure failure;

	snprintf(instance->reason, sizeof(instance->reason), "%s", why);
	instance->state = UGVT_INSTANCE_FAILED;
	ugvt_error("vGPU %s: its worker failed: %s", instance->uuid.text, why);
	ugvt_fail(&failure, UGVT_FAILURE_WORKER,
		"vGPU %s did not start, its worker failed: %s; ugvtd's log may tell more",
		instance->uuid.text, why);
	start_answer(instance, &failure);
	/* What never ran is not there to be looked at. */
	if (was_starting) {
		instance_remove(instance);
	}
}

static void instance_handle_exit(struct ugvt_worker *worker, const char *why)
{
	struct ugvt_instance *instance = ugvt_container_of(worker, struct ugvt_instance, worker);
	struct ugvt_failure failure;

	instance_release(instance);
	if (why) {
		instance_fail(instance, why);
		return;
	}
	ugvt_fail(&failure, UGVT_FAILURE_IN_USE, "vGPU %s was stopped before it ran",
		instance->uuid.text);
	start_answer(instance, &failure);
	instance_remove(instance);
}

static const struct ugvt_worker_impl worker_impl = {
	.handle_ready = instance_handle_ready,
	.handle_exit = instance_handle_exit,
};

struct ugvt_instance *ugvt_instance_create(
	struct ugvt_manager *manager, const struct ugvt_uuid *uuid)
{
	struct ugvt_instance *instance = calloc(1, sizeof(*instance));

	if (!instance) {
		return NULL;
	}
	instance->manager = manager;
	instance->uuid = *uuid;
	instance->state = UGVT_INSTANCE_FAILED;
	ugvt_list_init(&instance->link);
	ugvt_list_init(&instance->stops);
	ugvt_worker_init(&instance->worker, &worker_impl, manager->loop);
	return instance;
}

void ugvt_instance_destroy(struct ugvt_instance *instance)
{
	assert(!instance->start && ugvt_list_empty(&instance->stops));
	ugvt_worker_finish(&instance->worker);
	ugvt_list_remove(&instance->link);
	free(instance);
}

static void worker_config_make(
	const struct ugvt_instance_place *place, struct ugvt_worker_config *config)
{
	struct ugvt_share share = ugvt_parent_share(place->parent, place->type);

	*config = (struct ugvt_worker_config){
		.low_gm = share.low_gm,
		.high_gm = share.high_gm,
		.fences = share.fences,
		.width = place->type->width,
		.height = place->type->height,
		.deadline_ms = UINT64_C(1000) * place->type->deadline_s,
		.direct = place->type->direct,
	};
	snprintf(config->device, sizeof(config->device), "%s", place->parent->config->device->name);
}

static bool worker_start(struct ugvt_instance *instance, const struct ugvt_instance_place *place,
	struct ugvt_failure *failure)
{
	struct ugvt_manager *manager = instance->manager;
	struct ugvt_worker_config config;
	struct ugvt_worker_options options = {
		.program = manager->worker_program,
		.log_level = manager->log_level,
		.uuid = &instance->uuid,
		.config = &config,
	};
	struct ugvt_home_fds fds;
	bool ok;

	if (!ugvt_home_vgpu_begin(manager->home, &instance->uuid, &fds, failure)) {
		return false;
	}
	worker_config_make(place, &config);
	options.vfio_fd = fds.vfio;
	options.lock_fd = fds.lock;
	ok = ugvt_worker_start(&instance->worker, &options, failure);
	if (ok) {
		ugvt_home_write_pid(fds.lock, instance->worker.pid);
	} else {
		ugvt_home_vgpu_end(manager->home, &instance->uuid);
	}
	close(fds.vfio);
	close(fds.lock);
	return ok;
}

/* The lowest that no other vGPU of parent has, as kernel GVT-g gives them. */
static unsigned id_choose(struct ugvt_manager *manager, const struct ugvt_parent *parent)
{
	struct ugvt_instance *other;
	unsigned id = 1;
	bool taken;

	do {
		taken = false;
		ugvt_list_for_each(other, &manager->instances, link) {
			taken = taken || (other->parent == parent && other->id == id);
		}
		id += taken;
	} while (taken);
	return id;
}

bool ugvt_instance_start(struct ugvt_instance *instance, const struct ugvt_instance_place *place,
	struct ugvt_rpc_request *request, struct ugvt_failure *failure)
{
	assert(instance->state == UGVT_INSTANCE_FAILED);
	if (!ugvt_parent_reserve(place->parent, place->type, failure)) {
		return false;
	}
	if (!worker_start(instance, place, failure)) {
		ugvt_parent_release(place->parent, place->type);
		return false;
	}
	/* One that starts again where it was keeps it. */
	if (instance->parent != place->parent) {
		instance->id = id_choose(instance->manager, place->parent);
	}
	instance->type = place->type;
	instance->parent = place->parent;
	instance->state = UGVT_INSTANCE_STARTING;
	instance->start = request;
	return true;
}

void ugvt_instance_stop(struct ugvt_instance *instance, struct ugvt_rpc_request *request)
{
	if (request) {
		ugvt_list_append(&instance->stops, &request->wait);
	}
	if (instance->state == UGVT_INSTANCE_FAILED) {
		instance_remove(instance);
		return;
	}
	instance->state = UGVT_INSTANCE_STOPPING;
	ugvt_worker_stop(&instance->worker);
}
