/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "control/json.h"
#include "mdevfs/parse.h"
#include "mdevfs/tree.h"

/* What is written to files, paths that are looked up, and the manager's answers: text up to the first NUL is a
 * path, up to the second one the answer to "types", and the rest the answer to "list". The whole is also what is written. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void node_ignore(struct ugvt_mdevfs_visitor *visitor, const struct ugvt_mdevfs_node *node)
{
	char text[UGVT_MDEVFS_TEXT_MAX];

	if (node->entry->link) {
		node->entry->link(node, text);
	}
}

static void parse_all(const char *text, size_t size)
{
	unsigned long number;
	struct ugvt_uuid uuid;

	ugvt_mdevfs_parse_uuid(text, size, &uuid);
	ugvt_mdevfs_parse_number(text, size, 0, &number);
	ugvt_mdevfs_parse_number(text, size, 10, &number);
	ugvt_mdevfs_parse_word(text, size, "auto");
}

static struct json_object *answer_parse(const char *text)
{
	struct json_object *answer = ugvt_json_parse(text, strlen(text));

	if (!json_object_is_type(answer, json_type_array)) {
		json_object_put(answer);
		answer = json_object_new_array();
	}
	return answer;
}

static void tree_walk(struct ugvt_mdevfs_view *view, const char *path)
{
	struct ugvt_mdevfs_visitor visitor = {node_ignore};
	char text[UGVT_MDEVFS_TEXT_MAX];
	struct ugvt_mdevfs_node node;

	if (ugvt_mdevfs_find(view, path, &node) < 0) {
		return;
	}
	node_ignore(&visitor, &node);
	ugvt_mdevfs_read(&node, text);
	ugvt_mdevfs_visit(view, &node, &visitor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ugvt_mdevfs_source source = {.run_dir.path = "/nonexistent"};
	struct ugvt_mdevfs_view view;
	char *text = malloc(size ? size : 1);
	char *path, *types, *list;

	memcpy(text, data, size);
	parse_all(text, size);
	free(text);
	text = calloc(1, size + 3);
	memcpy(text, data, size);
	path = text;
	types = path + strlen(path) + 1;
	list = types + strlen(types) + 1;
	ugvt_mdevfs_view_init(&view, &source);
	view.types = answer_parse(types);
	view.list = answer_parse(list);
	tree_walk(&view, path);
	ugvt_mdevfs_view_finish(&view);
	free(text);
	return 0;
}
