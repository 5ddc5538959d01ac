/* SPDX-License-Identifier: MIT */
#include "manager/methods.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "control/json.h"
#include "manager/check.h"
#include "manager/define.h"
#include "manager/describe.h"
#include "manager/manager.h"
#include "manager/params.h"
#include "manager/picture.h"
#include "manager/stats.h"

/* A question to a worker that answers a client's. */
struct inquiry {
	struct ugvt_rpc_call call;
	struct ugvt_rpc_request *request;
	struct ugvt_uuid uuid;
	struct json_object *answer; // so far; may be NULL
	int picture;                // the file for it, -1: none
};

/* The vGPU that the parameter "uuid" names, the only one there is; NULL on failure. */
static struct ugvt_instance *param_instance(struct ugvt_manager *manager,
	struct ugvt_rpc_request *request, struct ugvt_failure *failure)
{
	static const char *const keys[] = {"uuid", NULL};
	struct ugvt_instance *instance;
	struct ugvt_uuid uuid;
	const char *text;

	if (!ugvt_rpc_params_check(request->params, keys, failure) ||
		!ugvt_param_string(request, "uuid", &text, failure)) {
		return NULL;
	}
	if (!text) {
		ugvt_fail(failure, UGVT_RPC_INVALID_PARAMS, "uuid is missing");
		return NULL;
	}
	if (!ugvt_uuid_read(&uuid, text, failure)) {
		return NULL;
	}
	instance = ugvt_manager_find(manager, &uuid);
	if (!instance) {
		ugvt_fail(failure, UGVT_FAILURE_NOT_FOUND,
			"there is no vGPU %s: 'ugvt list' shows those there are", uuid.text);
	}
	return instance;
}

static void handle_types(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct json_object *result = json_object_new_array();

	for (size_t i = 0; i < manager->config->n_parents; i++) {
		const struct ugvt_parent *parent = &manager->parents[i];
		struct json_object *object = json_object_new_object();
		struct json_object *types = json_object_new_array();

		for (size_t j = 0; j < manager->config->n_types; j++) {
			const struct ugvt_type *type = &manager->config->types[j];

			if (ugvt_parent_offers(parent, type)) {
				json_object_array_add(types, ugvt_describe_type(parent, type));
			}
		}
		ugvt_json_add_string(object, "parent", parent->config->name);
		json_object_object_add(object, "types", types);
		json_object_array_add(result, object);
	}
	ugvt_rpc_reply(request, result);
}

static void handle_list(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct json_object *result = json_object_new_array();
	struct ugvt_instance *instance;

	ugvt_list_for_each(instance, &manager->instances, link) {
		json_object_array_add(result, ugvt_describe_instance(instance));
	}
	ugvt_rpc_reply(request, result);
}

static void handle_start(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	static const char *const keys[] = {"uuid", "type", "parent", NULL};
	struct ugvt_manager_start start = {0};
	struct ugvt_failure failure;
	struct ugvt_uuid uuid;
	const char *text;

	if (!ugvt_rpc_params_check(request->params, keys, &failure) ||
		!ugvt_param_string(request, "uuid", &text, &failure) ||
		!ugvt_param_string(request, "type", &start.type, &failure) ||
		!ugvt_param_string(request, "parent", &start.parent, &failure) ||
		(text && !ugvt_uuid_read(&uuid, text, &failure))) {
		ugvt_rpc_reject(request, &failure);
		return;
	}
	if (text) {
		start.uuid = &uuid;
	}
	if (!ugvt_manager_start_vgpu(manager, &start, request, &failure)) {
		ugvt_rpc_reject(request, &failure);
	}
}

static void handle_stop_all(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	static const char *const keys[] = {"all", NULL};
	struct ugvt_failure failure;
	bool all;

	if (!ugvt_rpc_params_check(request->params, keys, &failure)) {
		ugvt_rpc_reject(request, &failure);
	} else if (!ugvt_json_bool(request->params, "all", &all) || !all) {
		ugvt_fail(&failure, UGVT_RPC_INVALID_PARAMS, "all must be true");
		ugvt_rpc_reject(request, &failure);
	} else {
		ugvt_manager_stop_all(manager, request);
	}
}

static void handle_stop(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct ugvt_failure failure;
	struct ugvt_instance *instance;

	if (ugvt_json_has(request->params, "all")) {
		handle_stop_all(manager, request);
		return;
	}
	instance = param_instance(manager, request, &failure);
	if (!instance) {
		ugvt_rpc_reject(request, &failure);
		return;
	}
	ugvt_instance_stop(instance, request);
}

static void inquiry_fail(struct inquiry *inquiry, const char *why)
{
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_FAILURE_WORKER,
		"the worker of vGPU %s failed: ", inquiry->uuid.text);
	ugvt_failure_append(&failure, "%s", why);
	ugvt_rpc_reject(inquiry->request, &failure);
	json_object_put(inquiry->answer);
	free(inquiry);
}

/* Takes answer, and request if it returns true. */
static bool inquiry_begin(struct ugvt_instance *instance, struct ugvt_rpc_request *request,
	const char *method, const struct inquiry *model)
{
	struct inquiry *inquiry = calloc(1, sizeof(*inquiry));

	if (!inquiry) {
		return false;
	}
	*inquiry = *model;
	inquiry->request = request;
	inquiry->uuid = instance->uuid;
	if (!ugvt_worker_call_fd(&instance->worker, &inquiry->call, method, inquiry->picture)) {
		free(inquiry);
		return false;
	}
	return true;
}

/* A worker that does not tell its figures does not keep the rest from being told. */
static void show_handle_reply(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	struct inquiry *inquiry = ugvt_container_of(call, struct inquiry, call);
	struct json_object *stats = failure ? NULL : ugvt_check_figures(result);

	if (fd >= 0) {
		close(fd);
	}
	if (stats) {
		json_object_object_add(inquiry->answer, "stats", stats);
	}
	ugvt_rpc_reply(inquiry->request, inquiry->answer);
	free(inquiry);
}

static void handle_show(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct inquiry model = {.call = {.handle_reply = show_handle_reply}, .picture = -1};
	struct ugvt_failure failure;
	struct ugvt_instance *instance = param_instance(manager, request, &failure);

	if (!instance) {
		ugvt_rpc_reject(request, &failure);
		return;
	}
	model.answer = ugvt_describe_instance_fully(instance);
	if (instance->state != UGVT_INSTANCE_RUNNING ||
		!inquiry_begin(instance, request, "stats", &model)) {
		ugvt_rpc_reply(request, model.answer);
	}
}

static void screenshot_handle_reply(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	struct inquiry *inquiry = ugvt_container_of(call, struct inquiry, call);
	struct json_object *answer;
	uint64_t size = 0;

	if (fd >= 0) {
		close(fd);
	}
	if (!failure && ugvt_json_uint(result, "size", UINT64_MAX, &size)) {
		size = ugvt_picture_seal(inquiry->picture, size);
	}
	if (size == 0) {
		ugvt_picture_discard(inquiry->picture);
		inquiry_fail(inquiry, failure ? failure->text : "what it sent is no picture");
		return;
	}
	answer = json_object_new_object();
	ugvt_json_add_uint(answer, "size", size);
	ugvt_rpc_reply_fd(inquiry->request, answer, inquiry->picture);
	free(inquiry);
}

static void screenshot_begin(struct ugvt_instance *instance, struct ugvt_rpc_request *request)
{
	struct inquiry model = {.call = {.handle_reply = screenshot_handle_reply}};
	struct ugvt_failure failure;

	model.picture = ugvt_picture_create();
	if (model.picture >= 0 && inquiry_begin(instance, request, "screenshot", &model)) {
		return;
	}
	if (model.picture >= 0) {
		ugvt_picture_discard(model.picture);
	}
	ugvt_fail(&failure, UGVT_FAILURE_WORKER, "can't ask vGPU %s for a picture",
		instance->uuid.text);
	ugvt_rpc_reject(request, &failure);
}

static void handle_screenshot(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct ugvt_failure failure;
	struct ugvt_instance *instance = param_instance(manager, request, &failure);

	if (!instance) {
		ugvt_rpc_reject(request, &failure);
		return;
	}
	if (instance->state != UGVT_INSTANCE_RUNNING) {
		ugvt_fail(&failure, UGVT_FAILURE_WORKER,
			"vGPU %s does not run (%s), so it shows no picture%s%s",
			instance->uuid.text, ugvt_instance_state_name(instance->state),
			instance->reason[0] ? ": " : "", instance->reason);
		ugvt_rpc_reject(request, &failure);
		return;
	}
	screenshot_begin(instance, request);
}

static void handle_stats(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct ugvt_instance *instance = NULL;
	struct ugvt_failure failure;

	if (request->params && json_object_object_length(request->params) > 0) {
		instance = param_instance(manager, request, &failure);
		if (!instance) {
			ugvt_rpc_reject(request, &failure);
			return;
		}
	}
	ugvt_stats_handle_stats(manager, request, instance ? &instance->uuid : NULL);
}

static void handle_version(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct json_object *result = json_object_new_object();

	ugvt_json_add_string(result, "version", UGVT_VERSION);
	ugvt_json_add_string(result, "run_dir", manager->home->run_dir.path);
	ugvt_json_add_uint(result, "pid", (uint64_t)getpid());
	ugvt_rpc_reply(request, result);
}

static const struct method {
	const char *name;
	void (*handle)(struct ugvt_manager *manager, struct ugvt_rpc_request *request);
	bool takes_params;
} methods[] = {
	{"types", handle_types, false},
	{"list", handle_list, false},
	{"start", handle_start, true},
	{"define", ugvt_define_handle_define, true},
	{"undefine", ugvt_define_handle_undefine, true},
	{"definitions", ugvt_define_handle_definitions, false},
	{"modify", ugvt_define_handle_modify, true},
	{"stop", handle_stop, true},
	{"show", handle_show, true},
	{"screenshot", handle_screenshot, true},
	{"stats", handle_stats, true},
	{"metrics", ugvt_stats_handle_metrics, false},
	{"version", handle_version, false},
};

void ugvt_methods_handle(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	static const char *const no_keys[] = {NULL};
	struct ugvt_failure failure;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(methods); i++) {
		if (strcmp(methods[i].name, request->method) != 0) {
			continue;
		}
		if (!methods[i].takes_params &&
			!ugvt_rpc_params_check(request->params, no_keys, &failure)) {
			ugvt_rpc_reject(request, &failure);
			return;
		}
		methods[i].handle(manager, request);
		return;
	}
	ugvt_fail(&failure, UGVT_RPC_METHOD_NOT_FOUND, "there is no method ");
	ugvt_failure_append_quoted(&failure, request->method);
	ugvt_rpc_reject(request, &failure);
}
