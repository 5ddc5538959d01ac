/* SPDX-License-Identifier: MIT */
#include "manager/definition.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "control/json.h"
#include "manager/config.h"
#include "manager/number.h"
#include "manager/pretty.h"

#define ATTRS_MAX 256

void ugvt_definition_init(struct ugvt_definition *definition, const struct ugvt_uuid *uuid,
	const char *parent, const char *type)
{
	*definition = (struct ugvt_definition){
		.uuid = *uuid,
		.json = json_object_new_object(),
	};
	snprintf(definition->file, sizeof(definition->file), "%s", uuid->text);
	snprintf(definition->parent, sizeof(definition->parent), "%s", parent);
	ugvt_definition_set_type(definition, type);
	ugvt_definition_set_autostart(definition, false);
	json_object_object_add(definition->json, "attrs", json_object_new_array());
}

void ugvt_definition_finish(struct ugvt_definition *definition)
{
	json_object_put(definition->json);
	*definition = (struct ugvt_definition){0};
}

char *ugvt_definition_text(const struct ugvt_definition *definition)
{
	return ugvt_pretty_print(definition->json);
}

/* The value of an attribute: a string; what else it may be is not ours. */
static bool attr_read(struct ugvt_definition *definition, const char *name, const char *value,
	struct ugvt_failure *failure)
{
	bool ok = true;

	if (strcmp(name, UGVT_DEFINITION_WEIGHT) == 0) {
		ok = value &&
		     ugvt_number_parse(value, 1, UGVT_TYPE_WEIGHT_MAX, &definition->weight);
	} else if (strcmp(name, UGVT_DEFINITION_CAP) == 0) {
		ok = value && ugvt_number_parse(value, 0, 100, &definition->cap);
	}
	if (ok) {
		return true;
	}
	ugvt_fail(failure, UGVT_FAILURE_INVALID, "its attribute %s can't be ", name);
	ugvt_failure_append_quoted(failure, value ? value : "anything but a string");
	return false;
}

static bool attrs_read(struct ugvt_definition *definition, struct ugvt_failure *failure)
{
	struct json_object *attrs = ugvt_json_array(definition->json, "attrs");
	size_t n = attrs ? json_object_array_length(attrs) : 0;

	definition->weight = definition->cap = 0;
	if ((!attrs && ugvt_json_has(definition->json, "attrs")) || n > ATTRS_MAX) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"its attrs are no array of up to %d objects", ATTRS_MAX);
	}
	for (size_t i = 0; i < n; i++) {
		struct json_object *attr = json_object_array_get_idx(attrs, i);

		if (!json_object_is_type(attr, json_type_object) ||
			json_object_object_length(attr) != 1) {
			return ugvt_fail(failure, UGVT_FAILURE_INVALID,
				"its attrs are no objects with one member each");
		}
		json_object_object_foreach(attr, name, value) {
			(void)value;
			if (!attr_read(definition, name, ugvt_json_string(attr, name), failure)) {
				return false;
			}
		}
	}
	return true;
}

/* What mdevctl refuses is refused, and what it takes is taken: any "start" but "auto" is manual. */
static bool json_read(struct ugvt_definition *definition, struct ugvt_failure *failure)
{
	const char *type = ugvt_json_string(definition->json, "mdev_type");
	const char *start = ugvt_json_string(definition->json, "start");

	if (!type || !ugvt_config_name_valid(type)) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"it has no \"mdev_type\" with the name of a type");
	}
	if (!start) {
		return ugvt_fail(
			failure, UGVT_FAILURE_INVALID, "it has no \"start\", auto or manual");
	}
	snprintf(definition->type, sizeof(definition->type), "%s", type);
	definition->autostart = strcmp(start, "auto") == 0;
	return attrs_read(definition, failure);
}

static bool json_take(
	struct ugvt_definition *definition, struct json_object *json, struct ugvt_failure *failure)
{
	definition->json = json;
	if (json_read(definition, failure)) {
		return true;
	}
	json_object_put(json);
	definition->json = NULL;
	return false;
}

bool ugvt_definition_parse(struct ugvt_definition *definition, const char *text, size_t size,
	struct ugvt_failure *failure)
{
	struct json_object *json = ugvt_json_parse(text, size);

	if (!json) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID, "it is no JSON object");
	}
	return json_take(definition, json, failure);
}

bool ugvt_definition_from_json(
	struct ugvt_definition *definition, struct json_object *json, struct ugvt_failure *failure)
{
	struct json_object *copy = NULL;

	if (json_object_deep_copy(json, &copy, NULL) < 0) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID, "it is no JSON object");
	}
	return json_take(definition, copy, failure);
}

void ugvt_definition_set_type(struct ugvt_definition *definition, const char *type)
{
	snprintf(definition->type, sizeof(definition->type), "%s", type);
	json_object_object_add(definition->json, "mdev_type", json_object_new_string(type));
}

void ugvt_definition_set_autostart(struct ugvt_definition *definition, bool autostart)
{
	definition->autostart = autostart;
	json_object_object_add(
		definition->json, "start", json_object_new_string(autostart ? "auto" : "manual"));
}

/* Attributes are written to the device in their order, so the last one of a name counts: it changes, and the others go. */
static void attr_set(struct ugvt_definition *definition, const char *name, unsigned value)
{
	struct json_object *attrs = ugvt_json_array(definition->json, "attrs");
	bool done = value == 0;
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	if (!attrs) {
		attrs = json_object_new_array();
		json_object_object_add(definition->json, "attrs", attrs);
	}
	for (size_t i = json_object_array_length(attrs); i-- > 0;) {
		struct json_object *attr = json_object_array_get_idx(attrs, i);

		if (!ugvt_json_has(attr, name)) {
			continue;
		}
		if (done) {
			json_object_array_del_idx(attrs, i, 1);
		} else {
			ugvt_json_add_string(attr, name, text);
			done = true;
		}
	}
	if (!done) {
		struct json_object *attr = json_object_new_object();

		ugvt_json_add_string(attr, name, text);
		json_object_array_add(attrs, attr);
	}
}

void ugvt_definition_set_weight(struct ugvt_definition *definition, unsigned weight)
{
	definition->weight = weight;
	attr_set(definition, UGVT_DEFINITION_WEIGHT, weight);
}

void ugvt_definition_set_cap(struct ugvt_definition *definition, unsigned cap)
{
	definition->cap = cap;
	attr_set(definition, UGVT_DEFINITION_CAP, cap);
}

static bool index_check(size_t index, size_t n, struct ugvt_failure *failure)
{
	return index < n || ugvt_fail(failure, UGVT_FAILURE_INVALID,
				    "there is no attribute at that index: there are %zu", n);
}

static struct json_object *attr_make(const char *name, const char *value)
{
	struct json_object *attr = json_object_new_object();

	ugvt_json_add_string(attr, name, value);
	return attr;
}

/* json-c can't insert, before version 0.17: an array is made anew. */
static void attrs_insert(struct ugvt_definition *definition, size_t index, struct json_object *attr)
{
	struct json_object *old = ugvt_json_array(definition->json, "attrs");
	struct json_object *attrs = json_object_new_array();
	size_t n = old ? json_object_array_length(old) : 0;

	for (size_t i = 0; i <= n; i++) {
		if (i == index) {
			json_object_array_add(attrs, attr);
		}
		if (i < n) {
			json_object_array_add(
				attrs, json_object_get(json_object_array_get_idx(old, i)));
		}
	}
	json_object_object_add(definition->json, "attrs", attrs);
}

bool ugvt_definition_add_attr(struct ugvt_definition *definition, unsigned index, const char *name,
	const char *value, struct ugvt_failure *failure)
{
	struct json_object *attrs = ugvt_json_array(definition->json, "attrs");
	size_t n = attrs ? json_object_array_length(attrs) : 0;
	size_t at = index == UGVT_DEFINITION_END ? n : index;

	if (!name[0]) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID, "the attribute's name is empty");
	}
	if (!index_check(at, n + 1, failure)) {
		return false;
	}
	attrs_insert(definition, at, attr_make(name, value));
	return attrs_read(definition, failure);
}

bool ugvt_definition_delete_attr(
	struct ugvt_definition *definition, unsigned index, struct ugvt_failure *failure)
{
	struct json_object *attrs = ugvt_json_array(definition->json, "attrs");
	size_t n = attrs ? json_object_array_length(attrs) : 0;
	size_t at = index == UGVT_DEFINITION_END ? n - 1 : index;

	if (!index_check(at, n, failure)) {
		return false;
	}
	json_object_array_del_idx(attrs, at, 1);
	return attrs_read(definition, failure);
}
