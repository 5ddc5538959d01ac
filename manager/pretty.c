/* SPDX-License-Identifier: MIT */
#include "manager/pretty.h"

#include <json-c/json.h>
#include <stdio.h>

static void value_print(FILE *out, struct json_object *value, int depth);

static void line_begin(FILE *out, int depth)
{
	fprintf(out, "\n%*s", 2 * depth, "");
}

static void scalar_print(FILE *out, struct json_object *value)
{
	fputs(json_object_to_json_string_ext(
		      value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
		out);
}

static void key_print(FILE *out, const char *key)
{
	struct json_object *string = json_object_new_string(key);

	scalar_print(out, string);
	json_object_put(string);
	fputs(": ", out);
}

static void object_print(FILE *out, struct json_object *object, int depth)
{
	const char *separator = "";

	fputc('{', out);
	json_object_object_foreach(object, key, value) {
		fputs(separator, out);
		separator = ",";
		line_begin(out, depth + 1);
		key_print(out, key);
		value_print(out, value, depth + 1);
	}
	if (separator[0]) {
		line_begin(out, depth);
	}
	fputc('}', out);
}

static void array_print(FILE *out, struct json_object *array, int depth)
{
	size_t n = json_object_array_length(array);

	fputc('[', out);
	for (size_t i = 0; i < n; i++) {
		if (i > 0) {
			fputc(',', out);
		}
		line_begin(out, depth + 1);
		value_print(out, json_object_array_get_idx(array, i), depth + 1);
	}
	if (n > 0) {
		line_begin(out, depth);
	}
	fputc(']', out);
}

/* As deep as the parser lets values be. */
static void value_print(FILE *out, struct json_object *value, int depth)
{
	switch (json_object_get_type(value)) {
	case json_type_object: object_print(out, value, depth); break;
	case json_type_array: array_print(out, value, depth); break;
	default: scalar_print(out, value); break;
	}
}

char *ugvt_pretty_print(struct json_object *value)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out) {
		return NULL;
	}
	value_print(out, value, 0);
	if (fclose(out) != 0) {
		return NULL;
	}
	return text;
}
