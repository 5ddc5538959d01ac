/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_JSON_H
#define UGVT_CONTROL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

/* Deeper nesting is refused. */
#define UGVT_JSON_DEPTH_MAX 16

/* The one JSON value that text is (strict JSON in valid UTF-8, with only white space around it), or NULL. A top
 * level number is not taken; whether integers beyond 64 bits are is json-c's affair. */
struct json_object *ugvt_json_parse(const char *text, size_t size);

/* Members of an object, which may be NULL or another kind of value: then there is no such member. */

/* NULL if there is no such member, it is no string, or it has a NUL in it. Lives as long as object. */
const char *ugvt_json_string(const struct json_object *object, const char *key);
/* false if there is no such member, or it is no integer from 0 to max. */
bool ugvt_json_uint(
	const struct json_object *object, const char *key, uint64_t max, uint64_t *value);
bool ugvt_json_bool(const struct json_object *object, const char *key, bool *value);
/* NULL if there is no such member or it is no object (array). Lives as long as object. */
struct json_object *ugvt_json_object(const struct json_object *object, const char *key);
struct json_object *ugvt_json_array(const struct json_object *object, const char *key);
/* There is such a member, null or not. */
bool ugvt_json_has(const struct json_object *object, const char *key);

/* Adds members to an object that the caller made. */
void ugvt_json_add_string(struct json_object *object, const char *key, const char *value);
void ugvt_json_add_uint(struct json_object *object, const char *key, uint64_t value);
void ugvt_json_add_bool(struct json_object *object, const char *key, bool value);

#endif
