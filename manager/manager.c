/* SPDX-License-Identifier: MIT */
#include "manager/manager.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "control/socket.h"
#include "manager/autostart.h"
#include "manager/definitions.h"
#include "manager/govern.h"
#include "manager/methods.h"
#include "manager/stats.h"
#include "manager/takeover.h"

static void manager_handle_request(
	struct ugvt_control_server *server, struct ugvt_rpc_request *request)
{
	ugvt_methods_handle(ugvt_container_of(server, struct ugvt_manager, server), request);
}

static void manager_handle_get(
	struct ugvt_control_server *server, struct ugvt_http_request *request)
{
	ugvt_stats_handle_get(ugvt_container_of(server, struct ugvt_manager, server), request);
}

static const struct ugvt_control_server_impl server_impl = {
	.handle_request = manager_handle_request,
	.handle_get = manager_handle_get,
};

static void instances_leave(struct ugvt_manager *manager)
{
	struct ugvt_instance *instance, *tmp;

	ugvt_list_for_each_safe(instance, tmp, &manager->instances, link) {
		ugvt_instance_leave(instance);
	}
}

bool ugvt_manager_init(struct ugvt_manager *manager, const struct ugvt_manager_options *options,
	struct ugvt_failure *failure)
{
	size_t n = options->config->n_parents;
	char path[PATH_MAX];
	int fd;

	*manager = (struct ugvt_manager){
		.loop = options->loop,
		.config = options->config,
		.home = options->home,
		.definitions = options->definitions,
		.worker_program = options->worker_program,
		.log_level = options->log_level,
		.parents = calloc(n, sizeof(*manager->parents)),
	};
	ugvt_list_init(&manager->instances);
	ugvt_list_init(&manager->stops);
	ugvt_list_init(&manager->troubles);
	if (!manager->parents) {
		return ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory");
	}
	for (size_t i = 0; i < n; i++) {
		ugvt_parent_init(&manager->parents[i], &options->config->parents[i]);
	}
	if (!ugvt_governors_create(manager)) {
		free(manager->parents);
		return ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory");
	}
	ugvt_cgroup_init(&manager->cgroup, options->cgroup);
	ugvt_takeover(manager);
	ugvt_cgroup_clean(&manager->cgroup);
	ugvt_run_dir_control(&options->home->run_dir, path);
	fd = options->control_fd >= 0 ? options->control_fd : ugvt_socket_listen(path, failure);
	if (fd < 0) {
		goto leave;
	}
	if (ugvt_control_server_init(&manager->server, &server_impl, manager->loop, fd) < 0) {
		ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory");
		goto leave;
	}
	ugvt_autostart(manager);
	return true;

leave:
	instances_leave(manager);
	ugvt_cgroup_finish(&manager->cgroup);
	ugvt_governors_destroy(manager);
	free(manager->parents);
	return false;
}

void ugvt_manager_finish(struct ugvt_manager *manager)
{
	instances_leave(manager);
	ugvt_cgroup_finish(&manager->cgroup);
	ugvt_manager_handle_removed(manager);
	ugvt_control_server_finish(&manager->server);
	ugvt_governors_destroy(manager);
	ugvt_autostart_forget_all(manager);
	free(manager->parents);
}

void ugvt_manager_stop(struct ugvt_manager *manager)
{
	bool again = manager->stopping;
	struct ugvt_instance *instance, *tmp;

	manager->stopping = true;
	ugvt_list_for_each_safe(instance, tmp, &manager->instances, link) {
		if (again) {
			ugvt_worker_kill(&instance->worker);
		} else {
			ugvt_instance_stop(instance, NULL);
		}
	}
	ugvt_manager_handle_removed(manager);
}

void ugvt_manager_stop_all(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct ugvt_instance *instance, *tmp;

	ugvt_list_append(&manager->stops, &request->wait);
	ugvt_list_for_each_safe(instance, tmp, &manager->instances, link) {
		ugvt_instance_stop(instance, NULL);
	}
	ugvt_manager_handle_removed(manager);
}

static bool any_stopping(const struct ugvt_manager *manager)
{
	const struct ugvt_instance *instance;

	ugvt_list_for_each(instance, &manager->instances, link) {
		if (instance->state == UGVT_INSTANCE_STOPPING) {
			return true;
		}
	}
	return false;
}

void ugvt_manager_handle_removed(struct ugvt_manager *manager)
{
	while (!ugvt_list_empty(&manager->stops) && !any_stopping(manager)) {
		struct ugvt_rpc_request *request =
			ugvt_container_of(manager->stops.next, struct ugvt_rpc_request, wait);

		ugvt_rpc_reply(request, json_object_new_object());
	}
	if (manager->stopping && ugvt_list_empty(&manager->instances)) {
		ugvt_loop_stop(manager->loop);
	}
}

struct ugvt_instance *ugvt_manager_find(struct ugvt_manager *manager, const struct ugvt_uuid *uuid)
{
	struct ugvt_instance *instance;

	ugvt_list_for_each(instance, &manager->instances, link) {
		if (ugvt_uuid_equal(&instance->uuid, uuid)) {
			return instance;
		}
	}
	return NULL;
}

struct ugvt_parent *ugvt_manager_parent(struct ugvt_manager *manager, const char *name)
{
	for (size_t i = 0; i < manager->config->n_parents; i++) {
		if (strcmp(manager->parents[i].config->name, name) == 0) {
			return &manager->parents[i];
		}
	}
	return NULL;
}

static bool type_unknown(
	const struct ugvt_manager *manager, const char *id, struct ugvt_failure *failure)
{
	if (id) {
		ugvt_fail(failure, UGVT_FAILURE_NOT_FOUND, "there is no type '");
		ugvt_failure_append_quoted(failure, id);
		ugvt_failure_append(failure, "': use");
	} else {
		ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"say which type the vGPU is to have with -t:");
	}
	for (size_t i = 0; i < manager->config->n_types; i++) {
		ugvt_failure_append(failure, "%s %s", i ? "," : "", manager->config->types[i].id);
	}
	return false;
}

static bool parent_unknown(
	const struct ugvt_manager *manager, const char *name, struct ugvt_failure *failure)
{
	ugvt_fail(failure, UGVT_FAILURE_NOT_FOUND, "there is no parent '");
	ugvt_failure_append_quoted(failure, name);
	ugvt_failure_append(failure, "': use");
	for (size_t i = 0; i < manager->config->n_parents; i++) {
		ugvt_failure_append(
			failure, "%s %s", i ? "," : "", manager->config->parents[i].name);
	}
	return false;
}

/* The first parent with room, else the first that offers the type at all, for its failure to be told. */
static struct ugvt_parent *parent_choose(struct ugvt_manager *manager, const struct ugvt_type *type)
{
	struct ugvt_parent *offers = NULL;

	for (size_t i = 0; i < manager->config->n_parents; i++) {
		struct ugvt_parent *parent = &manager->parents[i];

		if (!ugvt_parent_offers(parent, type)) {
			continue;
		}
		if (ugvt_parent_available(parent, type) > 0) {
			return parent;
		}
		offers = offers ? offers : parent;
	}
	return offers ? offers : &manager->parents[0];
}

bool ugvt_manager_place(struct ugvt_manager *manager, const struct ugvt_manager_start *start,
	struct ugvt_instance_place *place, struct ugvt_failure *failure)
{
	/* A vGPU that failed, or is defined, has a place already. */
	if (start->type || !place->type) {
		place->type = start->type ? ugvt_config_type(manager->config, start->type) : NULL;
		if (!place->type) {
			return type_unknown(manager, start->type, failure);
		}
		place->parent = NULL;
	}
	if (start->parent) {
		place->parent = ugvt_manager_parent(manager, start->parent);
		return place->parent || parent_unknown(manager, start->parent, failure);
	}
	if (!place->parent) {
		place->parent = parent_choose(manager, place->type);
	}
	return true;
}

static bool uuid_in_use(const struct ugvt_instance *instance, struct ugvt_failure *failure)
{
	return ugvt_fail(failure, UGVT_FAILURE_IN_USE,
		"UUID %s is in use by a vGPU of type %s on %s (%s): choose another one, or run "
		"'ugvt stop -u %s' first",
		instance->uuid.text, instance->type->id, instance->parent->config->name,
		ugvt_instance_state_name(instance->state), instance->uuid.text);
}

/* A definition says what is not said: it is looked at if there is no type. */
static bool definition_apply(struct ugvt_manager *manager, struct ugvt_manager_start *start,
	struct ugvt_instance_place *place, struct ugvt_failure *failure)
{
	const struct ugvt_uuid *uuid = start->uuid;
	struct ugvt_definitions definitions;
	const struct ugvt_definition *definition;
	bool ok;

	if (start->type || !uuid) {
		return true;
	}
	ugvt_definitions_init(&definitions, manager->definitions);
	definition = ugvt_definitions_find(&definitions, uuid, start->parent, failure);
	ok = !definition && failure->code == UGVT_FAILURE_NOT_FOUND;
	if (definition) {
		const struct ugvt_manager_start defined = {
			.type = definition->type, .parent = definition->parent};

		place->weight = definition->weight;
		place->cap = definition->cap;
		ok = ugvt_manager_place(manager, &defined, place, failure);
	}
	ugvt_definitions_finish(&definitions);
	return ok;
}

static struct ugvt_instance *instance_find_or_create(
	struct ugvt_manager *manager, const struct ugvt_uuid *uuid)
{
	struct ugvt_instance *instance = uuid ? ugvt_manager_find(manager, uuid) : NULL;
	struct ugvt_uuid random;

	if (!instance) {
		ugvt_uuid_random(&random);
		instance = ugvt_instance_create(manager, uuid ? uuid : &random);
	}
	return instance;
}

bool ugvt_manager_start_vgpu(struct ugvt_manager *manager, const struct ugvt_manager_start *wanted,
	struct ugvt_rpc_request *request, struct ugvt_failure *failure)
{
	struct ugvt_manager_start start = *wanted;
	struct ugvt_instance *failed = start.uuid ? ugvt_manager_find(manager, start.uuid) : NULL;
	struct ugvt_instance_place place = {0};
	struct ugvt_instance *instance;

	if (manager->stopping) {
		return ugvt_fail(failure, UGVT_FAILURE_NO_MANAGER,
			"the manager is about to end: start it again first");
	}
	if (failed && failed->state != UGVT_INSTANCE_FAILED) {
		return uuid_in_use(failed, failure);
	}
	if (failed) {
		place = (struct ugvt_instance_place){
			failed->type, failed->parent, failed->weight, failed->cap};
	}
	if (!definition_apply(manager, &start, &place, failure) ||
		!ugvt_manager_place(manager, &start, &place, failure)) {
		return false;
	}
	instance = instance_find_or_create(manager, start.uuid);
	if (!instance) {
		return ugvt_fail(failure, UGVT_FAILURE_OTHER, "the manager is out of memory");
	}
	if (!ugvt_instance_start(instance, &place, request, failure)) {
		if (!failed) {
			ugvt_instance_destroy(instance);
		}
		return false;
	}
	if (!failed) {
		ugvt_list_append(&manager->instances, &instance->link);
	}
	ugvt_autostart_forget(manager, &instance->uuid);
	return true;
}
