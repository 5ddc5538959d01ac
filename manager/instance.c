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
#include "manager/autostart.h"
#include "manager/govern.h"
#include "manager/home.h"
#include "manager/manager.h"
#include "manager/state_file.h"

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

/* For the next manager. */
static void state_save(const struct ugvt_instance *instance)
{
	static const enum ugvt_phase phases[] = {
		[UGVT_INSTANCE_STARTING] = UGVT_PHASE_STARTING,
		[UGVT_INSTANCE_RUNNING] = UGVT_PHASE_RUNNING,
		[UGVT_INSTANCE_STOPPING] = UGVT_PHASE_STOPPING,
	};
	struct ugvt_state state = {
		.phase = phases[instance->state],
		.pid = instance->worker.pid,
		.born = instance->worker.born,
		.id = instance->id,
		.weight = instance->weight,
		.cap = instance->cap,
		.parent = *instance->parent->config,
		.type = *instance->type,
	};

	ugvt_state_write(&instance->manager->home->run_dir, &instance->uuid, &state);
}

/* Told again whenever the worker is connected anew. */
static void instance_handle_ready(struct ugvt_worker *worker)
{
	struct ugvt_instance *instance = ugvt_container_of(worker, struct ugvt_instance, worker);

	if (instance->state == UGVT_INSTANCE_STARTING) {
		instance->state = UGVT_INSTANCE_RUNNING;
		state_save(instance);
		ugvt_info("vGPU %s runs: %s on %s, process %d", instance->uuid.text,
			instance->type->id, instance->parent->config->name, (int)worker->pid);
		start_answer(instance, NULL);
	}
	ugvt_govern_begin(instance);
}

static void instance_release(struct ugvt_instance *instance)
{
	ugvt_govern_end(instance);
	ugvt_home_vgpu_end(instance->manager->home, &instance->uuid);
	ugvt_cgroup_remove(&instance->manager->cgroup, &instance->uuid);
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
	bool by_itself = was_starting && !instance->start;
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
		if (by_itself) {
			ugvt_autostart_remember(instance->manager, &instance->uuid, failure.text);
		}
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
	free(instance->kept);
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

static void limits_set(
	const struct ugvt_instance *instance, const struct ugvt_worker_config *config)
{
	struct ugvt_cgroup_limits limits = {
		.weight = instance->weight,
		.memory = ugvt_worker_memory_limit(config),
	};

	ugvt_cgroup_add(&instance->manager->cgroup, &instance->uuid, instance->worker.pid, &limits);
}

static bool worker_start(struct ugvt_instance *instance, struct ugvt_failure *failure)
{
	struct ugvt_manager *manager = instance->manager;
	char path[PATH_MAX];
	struct ugvt_worker_options options = {
		.program = manager->worker_program,
		.log_level = manager->log_level,
		.uuid = &instance->uuid,
		.path = path,
	};
	struct ugvt_home_fds fds;
	bool ok;

	if (!ugvt_home_vgpu_begin(manager->home, &instance->uuid, &fds, failure)) {
		return false;
	}
	ugvt_run_dir_worker(&manager->home->run_dir, &instance->uuid, path);
	options.control_fd = fds.control;
	options.vfio_fd = fds.vfio;
	options.lock_fd = fds.lock;
	ok = ugvt_worker_start(&instance->worker, &options, failure);
	if (!ok) {
		ugvt_home_vgpu_end(manager->home, &instance->uuid);
	}
	ugvt_home_fds_close(&fds);
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
	struct ugvt_worker_config config;

	assert(instance->state == UGVT_INSTANCE_FAILED);
	if (!ugvt_parent_reserve(place->parent, place->type, failure)) {
		return false;
	}
	if (!worker_start(instance, failure)) {
		ugvt_parent_release(place->parent, place->type);
		return false;
	}
	/* One that starts again where it was keeps it. */
	if (instance->parent != place->parent) {
		instance->id = id_choose(instance->manager, place->parent);
	}
	instance->type = place->type;
	instance->parent = place->parent;
	instance->weight = place->weight ? place->weight : place->type->weight;
	instance->cap = place->cap;
	instance->state = UGVT_INSTANCE_STARTING;
	instance->start = request;
	ugvt_home_vgpu_set_pid(instance->manager->home, &instance->uuid, instance->worker.pid);
	/* Before it is told to be anything, so that a later manager knows of whatever is left. */
	state_save(instance);
	worker_config_make(place, &config);
	limits_set(instance, &config);
	ugvt_worker_configure(&instance->worker, &config);
	return true;
}

bool ugvt_instance_take_over(struct ugvt_instance *instance,
	const struct ugvt_instance_place *place, const struct ugvt_state *state,
	struct ugvt_instance_keepsake *kept)
{
	char path[PATH_MAX];
	const struct ugvt_worker_found found = {
		.pid = state->pid, .born = state->born, .path = path};
	struct ugvt_worker_config config;
	struct ugvt_failure failure;

	instance->kept = kept;
	instance->type = place->type;
	instance->parent = place->parent;
	instance->weight = place->weight;
	instance->cap = place->cap;
	instance->id = state->id;
	instance->state = UGVT_INSTANCE_RUNNING;
	ugvt_run_dir_worker(&instance->manager->home->run_dir, &instance->uuid, path);
	if (!ugvt_worker_take_over(&instance->worker, &found, &failure)) {
		instance->state = UGVT_INSTANCE_FAILED;
		snprintf(instance->reason, sizeof(instance->reason), "%s", failure.text);
		return false;
	}
	ugvt_parent_claim(instance->parent, instance->type);
	worker_config_make(place, &config);
	limits_set(instance, &config);
	if (state->phase == UGVT_PHASE_RUNNING) {
		ugvt_info("vGPU %s is taken over: %s on %s, process %d", instance->uuid.text,
			instance->type->id, instance->parent->config->name, (int)state->pid);
		return true;
	}
	ugvt_info("vGPU %s was %s when its manager ended: stopping it", instance->uuid.text,
		state->phase == UGVT_PHASE_STARTING ? "starting" : "stopping");
	ugvt_instance_stop(instance, NULL);
	ugvt_worker_kill(&instance->worker);
	return true;
}

void ugvt_instance_leave(struct ugvt_instance *instance)
{
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_FAILURE_NO_MANAGER, "the manager ended before vGPU %s ran",
		instance->uuid.text);
	start_answer(instance, &failure);
	switch (instance->state) {
	case UGVT_INSTANCE_RUNNING:
		ugvt_worker_leave(&instance->worker);
		ugvt_govern_end(instance);
		break;
	case UGVT_INSTANCE_STARTING:
	case UGVT_INSTANCE_STOPPING:
		ugvt_worker_kill_now(&instance->worker);
		instance_release(instance);
		break;
	case UGVT_INSTANCE_FAILED: break;
	}
	stops_answer(instance);
	ugvt_instance_destroy(instance);
}

void ugvt_instance_set_share(struct ugvt_instance *instance, unsigned weight, unsigned cap_percent)
{
	instance->weight = weight;
	instance->cap = cap_percent;
	ugvt_cgroup_set_weight(&instance->manager->cgroup, &instance->uuid, weight);
	ugvt_govern_update(instance);
	if (instance->state == UGVT_INSTANCE_RUNNING) {
		state_save(instance);
	}
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
	if (instance->state != UGVT_INSTANCE_STOPPING) {
		instance->state = UGVT_INSTANCE_STOPPING;
		state_save(instance);
	}
	ugvt_worker_stop(&instance->worker);
}
