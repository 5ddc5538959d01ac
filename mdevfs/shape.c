/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "control/json.h"
#include "mdevfs/attr.h"
#include "mdevfs/parse.h"

/*
 * The tables of the tree, leaves first. Names, modes and links are those of the kernel's sysfs (a live kernel GVT-g, and
 * Documentation/driver-api/vfio-mediated-device.rst), less what belongs to VFIO in the kernel and to other drivers.
 * intel_vgpu/weight and cap are ours.
 *
 * A parent whose name is a PCI address is a device on a root bus; any other is a virtual device.
 */

#define DRIVER "intel_vgpu_mdev"

#define FOLDER (S_IFDIR | 0755)
#define LINK (S_IFLNK | 0777)
#define READABLE (S_IFREG | 0444)
#define WRITABLE (S_IFREG | 0200)
#define BOTH (S_IFREG | 0644)

static const char *parent_name(const struct json_object *parent)
{
	return ugvt_json_string(parent, "parent");
}

/* "pci0000:00" for 0000:00:02.0, "virtual" for what is no PCI address. */
static void root_print(const char *parent, char *text)
{
	if (ugvt_mdevfs_parse_pci(parent)) {
		snprintf(text, UGVT_MDEVFS_NAME_MAX, "pci%.7s", parent);
	} else {
		snprintf(text, UGVT_MDEVFS_NAME_MAX, "virtual");
	}
}

static bool name_set(struct ugvt_mdevfs_node *node, const char *name)
{
	if (name) {
		snprintf(node->name, sizeof(node->name), "%s", name);
	}
	return name != NULL;
}

/* Of several parents on a bus the first stands for it. */
static bool pick_root(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	const char *name = parent_name(node->parent);
	char other[UGVT_MDEVFS_NAME_MAX];

	if (!name || !ugvt_mdevfs_parse_pci(name)) {
		return false;
	}
	root_print(name, node->root);
	for (size_t j = 0; j < i; j++) {
		name = parent_name(json_object_array_get_idx(items, j));
		root_print(name ? name : "", other);
		if (strcmp(other, node->root) == 0) {
			return false;
		}
	}
	node->parent = NULL;
	return name_set(node, node->root);
}

static bool pick_parent(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	return name_set(node, parent_name(node->parent));
}

static bool pick_pci(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	const char *name = parent_name(node->parent);

	return name && ugvt_mdevfs_parse_pci(name) && name_set(node, name);
}

static bool pick_on_root(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	const char *name = parent_name(node->parent);
	char root[UGVT_MDEVFS_NAME_MAX];

	root_print(name ? name : "", root);
	return strcmp(root, node->root) == 0 && name_set(node, name);
}

static bool pick_virtual(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	const char *name = parent_name(node->parent);

	return name && !ugvt_mdevfs_parse_pci(name) && name_set(node, name);
}

/* The folder's, not an item's. */
static bool has_pci(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	const char *name = parent_name(node->parent);

	return name && ugvt_mdevfs_parse_pci(name);
}

static bool pick_type(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	return name_set(node, ugvt_json_string(node->type, "type"));
}

static bool string_is(const struct json_object *object, const char *key, const char *value)
{
	const char *string = ugvt_json_string(object, key);

	return string && value && strcmp(string, value) == 0;
}

static bool pick_vgpu(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	return name_set(node, ugvt_json_string(node->vgpu, "uuid"));
}

static bool pick_vgpu_of_parent(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	return string_is(node->vgpu, "parent", parent_name(node->parent)) &&
	       pick_vgpu(node, items, i);
}

static bool pick_vgpu_of_type(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i)
{
	return string_is(node->vgpu, "type", ugvt_json_string(node->type, "type")) &&
	       pick_vgpu_of_parent(node, items, i);
}

/* Where the device of parent is, below the mount point. */
static int device_print(const char *parent, char *text, size_t size)
{
	char root[UGVT_MDEVFS_NAME_MAX];

	root_print(parent, root);
	return snprintf(text, size, "devices/%s%s/%s", root,
		ugvt_mdevfs_parse_pci(parent) ? "" : "/ugvt", parent);
}

/* text becomes the way from the folder of parent's device, below down, up to the mount point and down to
 * path. */
static void up_print(const char *parent, unsigned below, const char *path, char *text)
{
	unsigned up = below + (ugvt_mdevfs_parse_pci(parent) ? 3 : 4);

	text[0] = '\0';
	for (unsigned i = 0; i < up; i++) {
		strcat(text, "../");
	}
	strcat(text, path);
}

static void link_parent(const char *up, const char *parent, char *text)
{
	int n = snprintf(text, UGVT_MDEVFS_TEXT_MAX, "%s", up);

	device_print(parent, text + n, UGVT_MDEVFS_TEXT_MAX - (size_t)n);
}

static void link_parent_from_bus(const struct ugvt_mdevfs_node *node, char *text)
{
	link_parent("../../../", node->name, text);
}

static void link_parent_from_class(const struct ugvt_mdevfs_node *node, char *text)
{
	link_parent("../../", node->name, text);
}

static void link_vgpu(const char *up, const struct ugvt_mdevfs_node *node, char *text)
{
	const char *parent = ugvt_json_string(node->vgpu, "parent");
	size_t n;

	link_parent(up, parent ? parent : "", text);
	n = strlen(text);
	snprintf(text + n, UGVT_MDEVFS_TEXT_MAX - n, "/%s", node->name);
}

static void link_vgpu_from_bus(const struct ugvt_mdevfs_node *node, char *text)
{
	link_vgpu("../../../", node, text);
}

static void link_vgpu_from_driver(const struct ugvt_mdevfs_node *node, char *text)
{
	link_vgpu("../../../../", node, text);
}

static void link_vgpu_from_type(const struct ugvt_mdevfs_node *node, char *text)
{
	snprintf(text, UGVT_MDEVFS_TEXT_MAX, "../../../%s", node->name);
}

static void link_type(const struct ugvt_mdevfs_node *node, char *text)
{
	const char *type = ugvt_json_string(node->vgpu, "type");

	snprintf(text, UGVT_MDEVFS_TEXT_MAX, "../mdev_supported_types/%s", type ? type : "");
}

static void link_mdev_bus(const struct ugvt_mdevfs_node *node, char *text)
{
	up_print(parent_name(node->parent), 1, "bus/mdev", text);
}

static void link_driver(const struct ugvt_mdevfs_node *node, char *text)
{
	up_print(parent_name(node->parent), 1, "bus/mdev/drivers/" DRIVER, text);
}

static void link_pci_bus(const struct ugvt_mdevfs_node *node, char *text)
{
	up_print(parent_name(node->parent), 0, "bus/pci", text);
}

/* As of a device without power management and without a delay for it. */
static const struct ugvt_mdevfs_entry power_entries[] = {
	{.name = "autosuspend_delay_ms", .mode = BOTH, .write = ugvt_mdevfs_write_delay},
	{.name = "control", .mode = BOTH, .text = "auto\n", .write = ugvt_mdevfs_write_power},
	{.name = "runtime_active_time", .mode = READABLE, .text = "0\n"},
	{.name = "runtime_status", .mode = READABLE, .text = "unsupported\n"},
	{.name = "runtime_suspended_time", .mode = READABLE, .text = "0\n"},
	{0},
};

static const struct ugvt_mdevfs_entry intel_vgpu_entries[] = {
	{.name = "cap", .mode = BOTH, .read = ugvt_mdevfs_read_cap, .write = ugvt_mdevfs_write_cap},
	{.name = "vgpu_id", .mode = READABLE, .read = ugvt_mdevfs_read_vgpu_id},
	{.name = "weight",
		.mode = BOTH,
		.read = ugvt_mdevfs_read_weight,
		.write = ugvt_mdevfs_write_weight},
	{0},
};

static const struct ugvt_mdevfs_entry vgpu_entries[] = {
	{.name = "driver", .mode = LINK, .link = link_driver},
	{.name = "intel_vgpu", .mode = FOLDER, .children = intel_vgpu_entries},
	{.name = "mdev_type", .mode = LINK, .link = link_type},
	{.name = "power", .mode = FOLDER, .children = power_entries},
	{.name = "remove", .mode = WRITABLE, .write = ugvt_mdevfs_write_remove},
	{.name = "subsystem", .mode = LINK, .link = link_mdev_bus},
	{.name = "uevent",
		.mode = BOTH,
		.text = "DRIVER=" DRIVER "\n",
		.write = ugvt_mdevfs_write_uevent},
	{0},
};

static const struct ugvt_mdevfs_entry type_devices_entries[] = {
	{.mode = LINK,
		.items = UGVT_MDEVFS_VGPUS,
		.pick = pick_vgpu_of_type,
		.link = link_vgpu_from_type},
	{0},
};

static const struct ugvt_mdevfs_entry type_entries[] = {
	{.name = "available_instances", .mode = READABLE, .read = ugvt_mdevfs_read_available},
	{.name = "create", .mode = WRITABLE, .write = ugvt_mdevfs_write_create},
	{.name = "description", .mode = READABLE, .read = ugvt_mdevfs_read_description},
	{.name = "device_api", .mode = READABLE, .read = ugvt_mdevfs_read_device_api},
	{.name = "devices", .mode = FOLDER, .children = type_devices_entries},
	{.name = "name", .mode = READABLE, .read = ugvt_mdevfs_read_name},
	{0},
};

static const struct ugvt_mdevfs_entry types_entries[] = {
	{.mode = FOLDER, .items = UGVT_MDEVFS_TYPES, .pick = pick_type, .children = type_entries},
	{0},
};

static const struct ugvt_mdevfs_entry parent_entries[] = {
	{.name = "mdev_supported_types", .mode = FOLDER, .children = types_entries},
	{.name = "subsystem", .mode = LINK, .pick = has_pci, .link = link_pci_bus},
	{.name = "uevent",
		.mode = BOTH,
		.read = ugvt_mdevfs_read_parent_uevent,
		.write = ugvt_mdevfs_write_uevent},
	{.mode = FOLDER,
		.items = UGVT_MDEVFS_VGPUS,
		.pick = pick_vgpu_of_parent,
		.children = vgpu_entries},
	{0},
};

static const struct ugvt_mdevfs_entry pci_root_entries[] = {
	{.mode = FOLDER,
		.items = UGVT_MDEVFS_PARENTS,
		.pick = pick_on_root,
		.children = parent_entries},
	{0},
};

static const struct ugvt_mdevfs_entry ugvt_entries[] = {
	{.mode = FOLDER,
		.items = UGVT_MDEVFS_PARENTS,
		.pick = pick_virtual,
		.children = parent_entries},
	{0},
};

static const struct ugvt_mdevfs_entry virtual_entries[] = {
	{.name = "ugvt", .mode = FOLDER, .children = ugvt_entries},
	{0},
};

static const struct ugvt_mdevfs_entry devices_entries[] = {
	{.name = "virtual", .mode = FOLDER, .children = virtual_entries},
	{.mode = FOLDER,
		.items = UGVT_MDEVFS_PARENTS,
		.pick = pick_root,
		.children = pci_root_entries},
	{0},
};

static const struct ugvt_mdevfs_entry mdev_devices_entries[] = {
	{.mode = LINK, .items = UGVT_MDEVFS_VGPUS, .pick = pick_vgpu, .link = link_vgpu_from_bus},
	{0},
};

static const struct ugvt_mdevfs_entry driver_entries[] = {
	{.mode = LINK,
		.items = UGVT_MDEVFS_VGPUS,
		.pick = pick_vgpu,
		.link = link_vgpu_from_driver},
	{0},
};

static const struct ugvt_mdevfs_entry drivers_entries[] = {
	{.name = DRIVER, .mode = FOLDER, .children = driver_entries},
	{0},
};

static const struct ugvt_mdevfs_entry mdev_entries[] = {
	{.name = "devices", .mode = FOLDER, .children = mdev_devices_entries},
	{.name = "drivers", .mode = FOLDER, .children = drivers_entries},
	{0},
};

static const struct ugvt_mdevfs_entry pci_devices_entries[] = {
	{.mode = LINK,
		.items = UGVT_MDEVFS_PARENTS,
		.pick = pick_pci,
		.link = link_parent_from_bus},
	{0},
};

static const struct ugvt_mdevfs_entry pci_entries[] = {
	{.name = "devices", .mode = FOLDER, .children = pci_devices_entries},
	{0},
};

static const struct ugvt_mdevfs_entry bus_entries[] = {
	{.name = "mdev", .mode = FOLDER, .children = mdev_entries},
	{.name = "pci", .mode = FOLDER, .children = pci_entries},
	{0},
};

static const struct ugvt_mdevfs_entry mdev_bus_entries[] = {
	{.mode = LINK,
		.items = UGVT_MDEVFS_PARENTS,
		.pick = pick_parent,
		.link = link_parent_from_class},
	{0},
};

static const struct ugvt_mdevfs_entry class_entries[] = {
	{.name = "mdev_bus", .mode = FOLDER, .children = mdev_bus_entries},
	{0},
};

static const struct ugvt_mdevfs_entry root_entries[] = {
	{.name = "bus", .mode = FOLDER, .children = bus_entries},
	{.name = "class", .mode = FOLDER, .children = class_entries},
	{.name = "devices", .mode = FOLDER, .children = devices_entries},
	{0},
};

const struct ugvt_mdevfs_entry ugvt_mdevfs_root = {
	.name = "", .mode = FOLDER, .children = root_entries};
