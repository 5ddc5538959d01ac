/* SPDX-License-Identifier: MIT */
#include "manager/check.h"

#include <json-c/json.h>
#include <string.h>

#include "control/json.h"

#define FIGURES_DEPTH 3
#define FIGURES_PER_OBJECT 64
#define FIGURE_NAME_MAX 32

static bool name_check(const char *name)
{
	size_t size = strlen(name);

	return size > 0 && size <= FIGURE_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == size;
}

static struct json_object *figures_copy(const struct json_object *figures, unsigned depth)
{
	struct json_object *copy;

	if (depth == 0 || !json_object_is_type(figures, json_type_object) ||
		json_object_object_length(figures) > FIGURES_PER_OBJECT) {
		return NULL;
	}
	copy = json_object_new_object();
	json_object_object_foreach(figures, name, value) {
		struct json_object *inner = NULL;
		uint64_t number;

		if (name_check(name) && ugvt_json_uint(figures, name, UINT64_MAX, &number)) {
			inner = json_object_new_uint64(number);
		} else if (name_check(name)) {
			inner = figures_copy(value, depth - 1);
		}
		if (!inner) {
			json_object_put(copy);
			return NULL;
		}
		json_object_object_add(copy, name, inner);
	}
	return copy;
}

struct json_object *ugvt_check_figures(const struct json_object *figures)
{
	return figures_copy(figures, FIGURES_DEPTH);
}
