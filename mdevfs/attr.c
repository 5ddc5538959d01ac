/* SPDX-License-Identifier: MIT */
#include "mdevfs/attr.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "control/json.h"
#include "mdevfs/parse.h"

static int number_print(const struct json_object *object, const char *key, char *text)
{
	uint64_t value;

	if (!ugvt_json_uint(object, key, INT64_MAX, &value)) {
		return -EIO;
	}
	snprintf(text, UGVT_MDEVFS_TEXT_MAX, "%" PRIu64 "\n", value);
	return 0;
}

static int string_print(
	const struct json_object *object, const char *key, const char *end, char *text)
{
	const char *value = ugvt_json_string(object, key);

	if (!value) {
		return -EIO;
	}
	snprintf(text, UGVT_MDEVFS_TEXT_MAX, "%s%s", value, end);
	return 0;
}

int ugvt_mdevfs_read_available(const struct ugvt_mdevfs_node *node, char *text)
{
	return number_print(node->type, "available_instances", text);
}

int ugvt_mdevfs_read_device_api(const struct ugvt_mdevfs_node *node, char *text)
{
	return string_print(node->type, "device_api", "\n", text);
}

int ugvt_mdevfs_read_name(const struct ugvt_mdevfs_node *node, char *text)
{
	return string_print(node->type, "name", "\n", text);
}

int ugvt_mdevfs_read_description(const struct ugvt_mdevfs_node *node, char *text)
{
	return string_print(node->type, "description", "", text);
}

int ugvt_mdevfs_read_vgpu_id(const struct ugvt_mdevfs_node *node, char *text)
{
	return number_print(node->vgpu, "vgpu_id", text);
}

int ugvt_mdevfs_read_weight(const struct ugvt_mdevfs_node *node, char *text)
{
	return number_print(node->vgpu, "weight", text);
}

int ugvt_mdevfs_read_cap(const struct ugvt_mdevfs_node *node, char *text)
{
	return number_print(node->vgpu, "cap", text);
}

int ugvt_mdevfs_read_parent_uevent(const struct ugvt_mdevfs_node *node, char *text)
{
	const char *name = ugvt_json_string(node->parent, "parent");

	text[0] = '\0';
	if (ugvt_mdevfs_parse_pci(name)) {
		snprintf(text, UGVT_MDEVFS_TEXT_MAX, "PCI_SLOT_NAME=%s\n", name);
	}
	return 0;
}

static const char *vgpu_uuid(const struct ugvt_mdevfs_node *node)
{
	return ugvt_json_string(node->vgpu, "uuid");
}

/* The manager would start one that has failed again; for the kernel a UUID that is there is in use. */
static bool uuid_exists(struct json_object *list, const struct ugvt_uuid *uuid)
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		const char *other = ugvt_json_string(json_object_array_get_idx(list, i), "uuid");

		if (other && strcmp(other, uuid->text) == 0) {
			return true;
		}
	}
	return false;
}

int ugvt_mdevfs_write_create(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size)
{
	struct json_object *list, *params;
	struct ugvt_uuid uuid;
	int ret;

	if (!ugvt_mdevfs_parse_uuid(text, size, &uuid)) {
		return -EINVAL;
	}
	ret = ugvt_mdevfs_view_list(view, &list);
	if (ret < 0) {
		return ret;
	}
	if (uuid_exists(list, &uuid)) {
		return -EEXIST;
	}
	params = json_object_new_object();
	ugvt_json_add_string(params, "uuid", uuid.text);
	ugvt_json_add_string(params, "type", ugvt_json_string(node->type, "type"));
	ugvt_json_add_string(params, "parent", ugvt_json_string(node->parent, "parent"));
	return ugvt_mdevfs_view_order(view, "start", params);
}

int ugvt_mdevfs_write_remove(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size)
{
	struct json_object *params;
	unsigned long number;

	if (!ugvt_mdevfs_parse_number(text, size, 0, &number)) {
		return -EINVAL;
	}
	if (number == 0) {
		return 0;
	}
	params = json_object_new_object();
	ugvt_json_add_string(params, "uuid", vgpu_uuid(node));
	return ugvt_mdevfs_view_order(view, "stop", params);
}

/* The largest that is asked for; what is sensible is the manager's to say. */
#define SHARE_MAX UINT32_MAX

static int share_write(
	struct ugvt_mdevfs_view *view, const char *uuid, const char *key, unsigned long value)
{
	struct json_object *params;

	if (value > SHARE_MAX) {
		return -EINVAL;
	}
	params = json_object_new_object();
	ugvt_json_add_string(params, "uuid", uuid);
	ugvt_json_add_uint(params, key, value);
	/* Not its definition, if it has one: what is written to a device is gone with the device. */
	ugvt_json_add_bool(params, "live", true);
	return ugvt_mdevfs_view_order(view, "modify", params);
}

int ugvt_mdevfs_write_weight(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size)
{
	unsigned long value;

	if (!ugvt_mdevfs_parse_number(text, size, 10, &value)) {
		return -EINVAL;
	}
	return share_write(view, vgpu_uuid(node), "weight", value);
}

int ugvt_mdevfs_write_cap(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size)
{
	unsigned long value;

	if (!ugvt_mdevfs_parse_number(text, size, 10, &value)) {
		return -EINVAL;
	}
	return share_write(view, vgpu_uuid(node), "cap", value);
}

/* What the kernel takes (lib/kobject_uevent.c) is taken, though nobody listens for events of this tree. */
int ugvt_mdevfs_write_uevent(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size)
{
	static const char *const actions[] = {
		"add", "remove", "change", "move", "online", "offline", "bind", "unbind"};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(actions); i++) {
		if (ugvt_mdevfs_parse_word(text, size, actions[i])) {
			return 0;
		}
	}
	return -EINVAL;
}

/* There is no power to save, so that what is there cannot be changed. */
int ugvt_mdevfs_write_power(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size)
{
	return ugvt_mdevfs_parse_word(text, size, "auto") ? 0 : -EINVAL;
}

/* As for devices of the kernel that have no such delay. */
int ugvt_mdevfs_write_delay(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size)
{
	return -EIO;
}
