/* SPDX-License-Identifier: MIT */
#include "manager/define.h"

#include <json-c/json.h>
#include <string.h>

#include "base/log.h"
#include "control/json.h"
#include "manager/autostart.h"
#include "manager/definition_file.h"
#include "manager/definitions.h"
#include "manager/manager.h"
#include "manager/params.h"

/* What a request says about a definition. */
struct wish {
	bool has_uuid;
	struct ugvt_uuid uuid;
	const char *parent, *type; // may be NULL
	struct ugvt_param_flag autostart, live, defined;
	struct ugvt_param_number weight, cap;
	const char *addattr, *value; // may be NULL
	struct ugvt_param_flag delattr;
	struct ugvt_param_number index;
	struct json_object *definition; // may be NULL
};

static bool wish_read(
	struct wish *wish, struct ugvt_rpc_request *request, struct ugvt_failure *failure)
{
	*wish = (struct wish){
		.autostart = {.key = "auto"},
		.live = {.key = "live"},
		.defined = {.key = "defined"},
		.weight = {.key = "weight", .min = 1, .max = UGVT_TYPE_WEIGHT_MAX},
		.cap = {.key = "cap", .max = 100},
		.delattr = {.key = "delattr"},
		.index = {.key = "index", .max = 1000, .value = UGVT_DEFINITION_END},
		.definition = ugvt_json_object(request->params, "definition"),
	};
	if (!wish->definition && ugvt_json_has(request->params, "definition")) {
		return ugvt_fail(failure, UGVT_RPC_INVALID_PARAMS, "definition must be an object");
	}
	return ugvt_param_uuid(request, &wish->uuid, &wish->has_uuid, failure) &&
	       ugvt_param_string(request, "parent", &wish->parent, failure) &&
	       ugvt_param_string(request, "type", &wish->type, failure) &&
	       ugvt_param_flag(request, &wish->autostart, failure) &&
	       ugvt_param_flag(request, &wish->live, failure) &&
	       ugvt_param_flag(request, &wish->defined, failure) &&
	       ugvt_param_number(request, &wish->weight, failure) &&
	       ugvt_param_number(request, &wish->cap, failure) &&
	       ugvt_param_string(request, "addattr", &wish->addattr, failure) &&
	       ugvt_param_string(request, "value", &wish->value, failure) &&
	       ugvt_param_flag(request, &wish->delattr, failure) &&
	       ugvt_param_number(request, &wish->index, failure);
}

static bool uuid_check(const struct wish *wish, struct ugvt_failure *failure)
{
	return wish->has_uuid || ugvt_fail(failure, UGVT_RPC_INVALID_PARAMS, "uuid is missing");
}

static bool dir_check(const struct ugvt_manager *manager, struct ugvt_failure *failure)
{
	return manager->definitions[0] ||
	       ugvt_fail(failure, UGVT_FAILURE_DENIED,
		       "there is no directory for definitions, since the manager has neither "
		       "$XDG_CONFIG_HOME nor $HOME: name one with 'ugvtd --definitions DIR'");
}

static void uuid_answer(struct ugvt_rpc_request *request, const struct ugvt_uuid *uuid)
{
	struct json_object *result = json_object_new_object();

	ugvt_json_add_string(result, "uuid", uuid->text);
	ugvt_rpc_reply(request, result);
}

/* The place of what is to be defined: as said, else that of the vGPU that has the UUID now. */
static bool define_place(struct ugvt_manager *manager, struct wish *wish,
	struct ugvt_instance_place *place, struct ugvt_failure *failure)
{
	const struct ugvt_instance *instance =
		wish->has_uuid ? ugvt_manager_find(manager, &wish->uuid) : NULL;
	struct ugvt_manager_start start = {.type = wish->type, .parent = wish->parent};

	if (wish->definition) {
		start.type = ugvt_json_string(wish->definition, "mdev_type");
		if (wish->type || wish->autostart.given) {
			return ugvt_fail(failure, UGVT_FAILURE_INVALID,
				"what is defined by a JSON object has its type and start in it");
		}
	}
	if (instance && !start.type && !start.parent) {
		start.type = instance->type->id;
		start.parent = instance->parent->config->name;
	}
	if (!ugvt_manager_place(manager, &start, place, failure)) {
		return false;
	}
	return ugvt_parent_offers(place->parent, place->type) ||
	       ugvt_fail(failure, UGVT_FAILURE_NOT_FOUND, "%s does not offer type %s",
		       place->parent->config->name, place->type->id);
}

static bool definition_make(struct ugvt_definition *definition, const struct wish *wish,
	const struct ugvt_instance_place *place, struct ugvt_failure *failure)
{
	ugvt_definition_init(definition, &wish->uuid, place->parent->config->name, place->type->id);
	if (wish->definition) {
		json_object_put(definition->json);
		if (!ugvt_definition_from_json(definition, wish->definition, failure)) {
			return false;
		}
	}
	if (wish->autostart.given) {
		ugvt_definition_set_autostart(definition, wish->autostart.value);
	}
	if (wish->weight.given) {
		ugvt_definition_set_weight(definition, wish->weight.value);
	}
	if (wish->cap.given) {
		ugvt_definition_set_cap(definition, wish->cap.value);
	}
	return true;
}

static bool is_new(const struct ugvt_manager *manager, const struct wish *wish, const char *parent,
	struct ugvt_failure *failure)
{
	struct ugvt_definitions definitions;
	bool there;

	ugvt_definitions_init(&definitions, manager->definitions);
	there = ugvt_definitions_find(&definitions, &wish->uuid, parent, failure) ||
		failure->code != UGVT_FAILURE_NOT_FOUND;
	ugvt_definitions_finish(&definitions);
	return !there ||
	       ugvt_fail(failure, UGVT_FAILURE_IN_USE,
		       "vGPU %s is defined on %s already: 'ugvt modify' changes it, 'ugvt undefine' "
		       "removes it",
		       wish->uuid.text, parent);
}

static bool define(struct ugvt_manager *manager, struct wish *wish, struct ugvt_failure *failure)
{
	struct ugvt_instance_place place = {0};
	struct ugvt_definition definition = {0};
	bool ok;

	if (!dir_check(manager, failure) || !define_place(manager, wish, &place, failure)) {
		return false;
	}
	if (!wish->has_uuid) {
		ugvt_uuid_random(&wish->uuid);
	}
	if (!is_new(manager, wish, place.parent->config->name, failure) ||
		!definition_make(&definition, wish, &place, failure)) {
		return false;
	}
	ok = ugvt_definition_write(&definition, manager->definitions, failure);
	if (ok) {
		ugvt_info("vGPU %s is defined: %s on %s%s", definition.uuid.text, definition.type,
			definition.parent, definition.autostart ? ", automatically started" : "");
	}
	ugvt_definition_finish(&definition);
	return ok;
}

void ugvt_define_handle_define(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	static const char *const keys[] = {
		"uuid", "parent", "type", "auto", "weight", "cap", "definition", NULL};
	struct ugvt_failure failure;
	struct wish wish;

	if (!ugvt_rpc_params_check(request->params, keys, &failure) ||
		!wish_read(&wish, request, &failure) || !define(manager, &wish, &failure)) {
		ugvt_rpc_reject(request, &failure);
		return;
	}
	uuid_answer(request, &wish.uuid);
}

/* On all parents, unless one is named. What is broken is for a person to look at. */
static bool undefine(
	struct ugvt_manager *manager, const struct wish *wish, struct ugvt_failure *failure)
{
	struct ugvt_definitions definitions;
	bool found = false, ok = true;

	ugvt_definitions_init(&definitions, manager->definitions);
	for (size_t i = 0; i < definitions.n && ok; i++) {
		const struct ugvt_definition *definition = &definitions.at[i];

		if (ugvt_uuid_equal(&definition->uuid, &wish->uuid) &&
			(!wish->parent || strcmp(definition->parent, wish->parent) == 0)) {
			found = true;
			ok = ugvt_definition_remove(definition, manager->definitions, failure);
		}
	}
	if (!found) {
		ok = ugvt_definitions_find(&definitions, &wish->uuid, wish->parent, failure);
	}
	ugvt_definitions_finish(&definitions);
	return ok;
}

void ugvt_define_handle_undefine(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	static const char *const keys[] = {"uuid", "parent", NULL};
	struct ugvt_failure failure;
	struct wish wish;

	if (!ugvt_rpc_params_check(request->params, keys, &failure) ||
		!wish_read(&wish, request, &failure) || !uuid_check(&wish, &failure) ||
		!undefine(manager, &wish, &failure)) {
		ugvt_rpc_reject(request, &failure);
		return;
	}
	ugvt_autostart_forget(manager, &wish.uuid);
	ugvt_info("vGPU %s is not defined any more", wish.uuid.text);
	ugvt_rpc_reply(request, json_object_new_object());
}

static struct json_object *definition_describe(
	struct ugvt_manager *manager, const struct ugvt_definition *definition)
{
	const struct ugvt_instance *instance = ugvt_manager_find(manager, &definition->uuid);
	const char *trouble = ugvt_autostart_trouble(manager, &definition->uuid);
	struct json_object *object = json_object_new_object();

	ugvt_json_add_string(object, "uuid", definition->uuid.text);
	ugvt_json_add_string(object, "parent", definition->parent);
	ugvt_json_add_bool(object, "active",
		instance && instance->state != UGVT_INSTANCE_FAILED &&
			strcmp(instance->parent->config->name, definition->parent) == 0);
	if (trouble) {
		ugvt_json_add_string(object, "reason", trouble);
	}
	json_object_object_add(object, "definition", json_object_get(definition->json));
	return object;
}

static struct json_object *broken_describe(const struct ugvt_broken_definition *broken)
{
	struct json_object *object = json_object_new_object();

	ugvt_json_add_string(object, "uuid", broken->uuid.text);
	ugvt_json_add_string(object, "parent", broken->parent);
	ugvt_json_add_string(object, "broken", broken->reason);
	return object;
}

void ugvt_define_handle_definitions(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct json_object *result = json_object_new_array();
	struct ugvt_definitions definitions;

	ugvt_definitions_init(&definitions, manager->definitions);
	for (size_t i = 0; i < definitions.n; i++) {
		json_object_array_add(result, definition_describe(manager, &definitions.at[i]));
	}
	for (size_t i = 0; i < definitions.n_broken; i++) {
		json_object_array_add(result, broken_describe(&definitions.broken[i]));
	}
	ugvt_definitions_finish(&definitions);
	ugvt_rpc_reply(request, result);
}

static bool type_check(struct ugvt_manager *manager, const char *type, struct ugvt_failure *failure)
{
	struct ugvt_manager_start start = {.type = type};
	struct ugvt_instance_place place = {0};

	return !type || ugvt_manager_place(manager, &start, &place, failure);
}

static bool attrs_modify(
	const struct wish *wish, struct ugvt_definition *definition, struct ugvt_failure *failure)
{
	if (wish->delattr.value) {
		return ugvt_definition_delete_attr(definition, wish->index.value, failure);
	}
	return !wish->addattr || ugvt_definition_add_attr(definition, wish->index.value,
					 wish->addattr, wish->value, failure);
}

static bool definition_modify(struct ugvt_manager *manager, const struct wish *wish,
	struct ugvt_definition *definition, struct ugvt_failure *failure)
{
	if (!type_check(manager, wish->type, failure) || !attrs_modify(wish, definition, failure)) {
		return false;
	}
	if (wish->type) {
		ugvt_definition_set_type(definition, wish->type);
	}
	if (wish->autostart.given) {
		ugvt_definition_set_autostart(definition, wish->autostart.value);
	}
	if (wish->weight.given) {
		ugvt_definition_set_weight(definition, wish->weight.value);
	}
	if (wish->cap.given) {
		ugvt_definition_set_cap(definition, wish->cap.value);
	}
	return ugvt_definition_write(definition, manager->definitions, failure);
}

static void instance_modify(struct ugvt_instance *instance, const struct wish *wish)
{
	ugvt_instance_set_share(instance,
		wish->weight.given ? wish->weight.value : instance->weight,
		wish->cap.given ? wish->cap.value : instance->cap);
}

/* What only a definition has. */
static bool wants_definition(const struct wish *wish)
{
	return wish->type || wish->autostart.given || wish->addattr || wish->delattr.value;
}

static bool attrs_check(const struct wish *wish, struct ugvt_failure *failure)
{
	if (wish->addattr && wish->delattr.value) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"--addattr and --delattr exclude each other");
	}
	if (!wish->addattr != !wish->value) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"--addattr needs a --value, and the other way round");
	}
	return !wish->index.given || wish->addattr || wish->delattr.value ||
	       ugvt_fail(failure, UGVT_FAILURE_INVALID, "--index is for --addattr and --delattr");
}

static bool anything_check(const struct wish *wish, struct ugvt_failure *failure)
{
	bool share = wish->weight.given || wish->cap.given;
	bool rest = wants_definition(wish);

	if (wish->live.value && wish->defined.value) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"--live and --defined exclude each other: without them, both are modified");
	}
	if (wish->live.value && rest) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"only the weight and the cap of a running vGPU can be modified");
	}
	if (!share && !rest) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"say what to modify: --weight, --cap, --type, --auto, --manual, --addattr or "
			"--delattr");
	}
	return attrs_check(wish, failure);
}

/* What runs gets its share at once, and its definition, if it has one, keeps it. The definition comes first, since only
 * that can fail. */
static bool modify(
	struct ugvt_manager *manager, const struct wish *wish, struct ugvt_failure *failure)
{
	struct ugvt_instance *instance =
		wish->defined.value ? NULL : ugvt_manager_find(manager, &wish->uuid);
	bool optional = instance && !wants_definition(wish);
	struct ugvt_definitions definitions;
	struct ugvt_definition *definition;
	bool ok = true;

	if (wish->live.value) {
		ok = instance ||
		     ugvt_fail(failure, UGVT_FAILURE_NOT_FOUND,
			     "there is no vGPU %s that runs: 'ugvt list' shows those there are",
			     wish->uuid.text);
	} else {
		ugvt_definitions_init(&definitions, manager->definitions);
		definition =
			ugvt_definitions_find(&definitions, &wish->uuid, wish->parent, failure);
		if (definition) {
			ok = definition_modify(manager, wish, definition, failure);
		} else {
			ok = optional && failure->code == UGVT_FAILURE_NOT_FOUND;
		}
		ugvt_definitions_finish(&definitions);
	}
	if (ok && instance) {
		instance_modify(instance, wish);
	}
	return ok;
}

void ugvt_define_handle_modify(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	static const char *const keys[] = {"uuid", "parent", "type", "auto", "weight", "cap",
		"live", "defined", "addattr", "value", "delattr", "index", NULL};
	struct ugvt_failure failure;
	struct wish wish;

	if (!ugvt_rpc_params_check(request->params, keys, &failure) ||
		!wish_read(&wish, request, &failure) || !uuid_check(&wish, &failure) ||
		!anything_check(&wish, &failure) || !modify(manager, &wish, &failure)) {
		ugvt_rpc_reject(request, &failure);
		return;
	}
	ugvt_rpc_reply(request, json_object_new_object());
}
