/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "control/json.h"
#include "mdevfs/tree.h"

/* The tree over answers that were never a manager's: odd ones, which test_session.py can't get from one. */

#define UUID "c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81"

struct fixture {
	struct ugvt_mdevfs_source source;
	struct ugvt_mdevfs_view view;
};

static void fixture_init(struct fixture *fixture, const char *types, const char *list)
{
	*fixture = (struct fixture){.source.run_dir.path = "/nonexistent"};
	ugvt_mdevfs_view_init(&fixture->view, &fixture->source);
	fixture->view.types = ugvt_json_parse(types, strlen(types));
	fixture->view.list = ugvt_json_parse(list, strlen(list));
	assert_non_null(fixture->view.types);
	assert_non_null(fixture->view.list);
}

static int find(struct fixture *fixture, const char *path)
{
	struct ugvt_mdevfs_node node;

	return ugvt_mdevfs_find(&fixture->view, path, &node);
}

/* Names in a folder, as "a b ". */
struct names {
	struct ugvt_mdevfs_visitor visitor;
	char text[512];
};

static void names_handle_node(
	struct ugvt_mdevfs_visitor *visitor, const struct ugvt_mdevfs_node *node)
{
	struct names *names = ugvt_container_of(visitor, struct names, visitor);
	size_t used = strlen(names->text);

	snprintf(names->text + used, sizeof(names->text) - used, "%s ", node->name);
}

static void assert_names(struct fixture *fixture, const char *path, const char *wanted)
{
	struct names names = {{names_handle_node}, ""};
	struct ugvt_mdevfs_node node;

	assert_int_equal(ugvt_mdevfs_find(&fixture->view, path, &node), 0);
	assert_int_equal(ugvt_mdevfs_visit(&fixture->view, &node, &names.visitor), 0);
	assert_string_equal(names.text, wanted);
}

static void assert_link(struct fixture *fixture, const char *path, const char *wanted)
{
	char text[UGVT_MDEVFS_TEXT_MAX];
	struct ugvt_mdevfs_node node;

	assert_int_equal(ugvt_mdevfs_find(&fixture->view, path, &node), 0);
	assert_true(S_ISLNK(node.entry->mode));
	node.entry->link(&node, text);
	assert_string_equal(text, wanted);
}

static int read_text(struct fixture *fixture, const char *path, char *text)
{
	struct ugvt_mdevfs_node node;
	int ret = ugvt_mdevfs_find(&fixture->view, path, &node);

	text[0] = '\0';
	return ret < 0 ? ret : ugvt_mdevfs_read(&node, text);
}

static void paths(void **state)
{
	struct fixture fixture;

	fixture_init(
		&fixture, "[{\"parent\":\"0000:00:02.0\",\"types\":[{\"type\":\"t\"}]}]", "[]");
	assert_int_equal(find(&fixture, "/"), 0);
	assert_int_equal(find(&fixture, ""), 0);
	assert_int_equal(find(&fixture, "/bus/mdev/devices"), 0);
	assert_int_equal(find(&fixture, "//bus//mdev/"), 0);
	assert_int_equal(
		find(&fixture, "/devices/pci0000:00/0000:00:02.0/mdev_supported_types/t/name"), 0);
	assert_int_equal(find(&fixture, "/devices/pci0000:01/0000:00:02.0"), -ENOENT);
	assert_int_equal(find(&fixture, "/devices/virtual/ugvt/0000:00:02.0"), -ENOENT);
	assert_int_equal(find(&fixture, "/devices/virtua"), -ENOENT);
	assert_int_equal(find(&fixture, "/devices/virtuall"), -ENOENT);
	assert_int_equal(find(&fixture, "/class/mdev_bus/0000:00:02.0/uevent"), -ENOTDIR);
	assert_int_equal(
		find(&fixture,
			"/0123456789012345678901234567890123456789012345678901234567890123456789"),
		-ENOENT);
	ugvt_mdevfs_view_finish(&fixture.view);
}

static void parents_and_links(void **state)
{
	struct fixture fixture;

	fixture_init(&fixture,
		"[{\"parent\":\"0000:00:02.0\",\"types\":[]},{\"parent\":\"gpu\",\"types\":[]},"
		"{\"parent\":\"0000:00:03.0\",\"types\":[]},{\"parent\":\"0001:02:00.0\",\"types\":[]}]",
		"[{\"uuid\":\"" UUID "\",\"parent\":\"gpu\",\"type\":\"t\"}]");
	assert_names(&fixture, "/devices", "virtual pci0000:00 pci0001:02 ");
	assert_names(&fixture, "/devices/pci0000:00", "0000:00:02.0 0000:00:03.0 ");
	assert_names(&fixture, "/devices/virtual/ugvt", "gpu ");
	assert_names(
		&fixture, "/devices/virtual/ugvt/gpu", "mdev_supported_types uevent " UUID " ");
	assert_names(&fixture, "/bus/pci/devices", "0000:00:02.0 0000:00:03.0 0001:02:00.0 ");
	assert_names(&fixture, "/class/mdev_bus", "0000:00:02.0 gpu 0000:00:03.0 0001:02:00.0 ");
	assert_link(&fixture, "/bus/pci/devices/0001:02:00.0",
		"../../../devices/pci0001:02/0001:02:00.0");
	assert_link(&fixture, "/class/mdev_bus/gpu", "../../devices/virtual/ugvt/gpu");
	assert_link(&fixture, "/bus/mdev/devices/" UUID, "../../../devices/virtual/ugvt/gpu/" UUID);
	assert_link(&fixture, "/devices/virtual/ugvt/gpu/" UUID "/subsystem",
		"../../../../../bus/mdev");
	assert_link(&fixture, "/devices/virtual/ugvt/gpu/" UUID "/mdev_type",
		"../mdev_supported_types/t");
	assert_link(&fixture, "/devices/pci0000:00/0000:00:03.0/subsystem", "../../../bus/pci");
	ugvt_mdevfs_view_finish(&fixture.view);
}

/* What a manager does not say is an error of input and output, not a crash; a name that is none is not there. */
static void odd_answers(void **state)
{
	static const char vgpu[] = "/devices/virtual/ugvt/gpu/" UUID "/intel_vgpu/vgpu_id";
	static const char type[] = "/devices/virtual/ugvt/gpu/mdev_supported_types/t";
	char text[UGVT_MDEVFS_TEXT_MAX], path[256];
	struct fixture fixture;

	fixture_init(&fixture,
		"[null,7,{},{\"parent\":7},{\"parent\":\"\"},{\"parent\":\"a/b\"},{\"parent\":\"none\"},"
		"{\"parent\":\"gpu\",\"types\":[{},3,{\"type\":\"t\",\"name\":5,\"available_instances\":-1}]}]",
		"[0,{},{\"uuid\":5},{\"uuid\":\"" UUID "\",\"parent\":\"gpu\",\"vgpu_id\":\"1\"},"
		"{\"uuid\":\"..\\/x\",\"parent\":\"gpu\"}]");
	assert_names(&fixture, "/class/mdev_bus", "none gpu ");
	assert_names(&fixture, "/bus/mdev/devices", UUID " ");
	assert_names(&fixture, "/devices/virtual/ugvt/none/mdev_supported_types", "");
	assert_names(&fixture, "/devices/virtual/ugvt/gpu/mdev_supported_types", "t ");
	assert_int_equal(read_text(&fixture, vgpu, text), -EIO);
	snprintf(path, sizeof(path), "%s/available_instances", type);
	assert_int_equal(read_text(&fixture, path, text), -EIO);
	snprintf(path, sizeof(path), "%s/name", type);
	assert_int_equal(read_text(&fixture, path, text), -EIO);
	snprintf(path, sizeof(path), "%s/description", type);
	assert_int_equal(read_text(&fixture, path, text), -EIO);
	assert_link(&fixture, "/devices/virtual/ugvt/gpu/" UUID "/mdev_type",
		"../mdev_supported_types/");
	ugvt_mdevfs_view_finish(&fixture.view);
}

static void nobody_to_ask(void **state)
{
	struct ugvt_mdevfs_source source = {.run_dir.path = "/nonexistent"};
	struct ugvt_mdevfs_node node;
	struct ugvt_mdevfs_view view;

	ugvt_log_init(UGVT_LOG_ERROR, NULL);
	ugvt_mdevfs_view_init(&view, &source);
	assert_int_equal(ugvt_mdevfs_find(&view, "/class/mdev_bus", &node), 0);
	assert_int_equal(ugvt_mdevfs_find(&view, "/class/mdev_bus/gpu", &node), -ENODEV);
	assert_int_equal(ugvt_mdevfs_find(&view, "/bus/mdev/devices/" UUID, &node), -ENODEV);
	ugvt_mdevfs_view_finish(&view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(parents_and_links),
		cmocka_unit_test(odd_answers),
		cmocka_unit_test(nobody_to_ask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
