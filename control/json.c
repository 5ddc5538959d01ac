/* SPDX-License-Identifier: MIT */
#include "control/json.h"

#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_ascii.h"

static struct json_object *ascii_parse(const char *text, size_t size)
{
	struct json_tokener *tokener = json_tokener_new_ex(UGVT_JSON_DEPTH_MAX);
	struct json_object *value;

	if (!tokener) {
		return NULL;
	}
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	value = json_tokener_parse_ex(tokener, text, (int)size);
	if (json_tokener_get_error(tokener) != json_tokener_success ||
		json_tokener_get_parse_end(tokener) != size) {
		json_object_put(value);
		value = NULL;
	}
	json_tokener_free(tokener);
	return value;
}

struct json_object *ugvt_json_parse(const char *text, size_t size)
{
	struct json_object *value = NULL;
	size_t length = 0;
	/* A NUL ends the input for json-c, whatever the size says. */
	char *ascii = memchr(text, '\0', size) ? NULL : ugvt_json_ascii(text, size, &length);

	if (ascii && length <= INT_MAX) {
		value = ascii_parse(ascii, length);
	}
	free(ascii);
	return value;
}

static struct json_object *member(
	const struct json_object *object, const char *key, enum json_type type)
{
	struct json_object *value;

	if (!json_object_is_type(object, json_type_object) ||
		!json_object_object_get_ex(object, key, &value) ||
		!json_object_is_type(value, type)) {
		return NULL;
	}
	return value;
}

const char *ugvt_json_string(const struct json_object *object, const char *key)
{
	struct json_object *value = member(object, key, json_type_string);
	const char *text = value ? json_object_get_string(value) : NULL;

	return text && strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

bool ugvt_json_uint(
	const struct json_object *object, const char *key, uint64_t max, uint64_t *value)
{
	struct json_object *number = member(object, key, json_type_int);

	/* Out of int64's range json-c gives the nearest in it for the signed read, and 0 for negative
	 * ones in the unsigned read. */
	if (!number || json_object_get_int64(number) < 0 || json_object_get_uint64(number) > max) {
		return false;
	}
	*value = json_object_get_uint64(number);
	return true;
}

bool ugvt_json_bool(const struct json_object *object, const char *key, bool *value)
{
	struct json_object *flag = member(object, key, json_type_boolean);

	if (!flag) {
		return false;
	}
	*value = json_object_get_boolean(flag);
	return true;
}

struct json_object *ugvt_json_object(const struct json_object *object, const char *key)
{
	return member(object, key, json_type_object);
}

struct json_object *ugvt_json_array(const struct json_object *object, const char *key)
{
	return member(object, key, json_type_array);
}

bool ugvt_json_has(const struct json_object *object, const char *key)
{
	return json_object_is_type(object, json_type_object) &&
	       json_object_object_get_ex(object, key, NULL);
}

void ugvt_json_add_string(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
}

void ugvt_json_add_uint(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

void ugvt_json_add_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}
