/* SPDX-License-Identifier: MIT */
#include "drm-shim/tree.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/bits.h"

#define SYS "/sys/dev/char/226:128"
#define DEVICE SYS "/device"
#define DRI "/dev/dri"

#define PCI_SLOT "0000:00:02.0"

static const struct ugvt_tree_entry entries[] = {
	{DRI, UGVT_TREE_DIRECTORY, ""},
	{UGVT_TREE_NODE, UGVT_TREE_DEVICE, ""},
	{SYS, UGVT_TREE_DIRECTORY, ""},
	{SYS "/dev", UGVT_TREE_FILE, "226:128\n"},
	{SYS "/uevent", UGVT_TREE_FILE,
		"MAJOR=226\nMINOR=128\nDEVNAME=dri/renderD128\nDEVTYPE=drm_minor\n"},
	{SYS "/subsystem", UGVT_TREE_LINK, "../../../../../../class/drm"},
	{DEVICE, UGVT_TREE_DIRECTORY, ""},
	{DEVICE "/uevent", UGVT_TREE_FILE, NULL},
	{DEVICE "/vendor", UGVT_TREE_FILE, "0x8086\n"},
	{DEVICE "/device", UGVT_TREE_FILE, NULL},
	{DEVICE "/revision", UGVT_TREE_FILE, NULL},
	{DEVICE "/class", UGVT_TREE_FILE, "0x030000\n"},
	{DEVICE "/subsystem_vendor", UGVT_TREE_FILE, "0x8086\n"},
	{DEVICE "/subsystem_device", UGVT_TREE_FILE, "0x2212\n"},
	{DEVICE "/subsystem", UGVT_TREE_LINK, "../../../bus/pci"},
	{DEVICE "/driver", UGVT_TREE_LINK, "../../../bus/pci/drivers/i915"},
	{DEVICE "/drm", UGVT_TREE_DIRECTORY, ""},
	{DEVICE "/drm/renderD128", UGVT_TREE_DIRECTORY, ""},
};

static bool is_below(const char *path, const char *root, size_t length)
{
	return strncmp(path, root, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

bool ugvt_tree_owns(const char *path)
{
	if (!path || path[0] != '/' || (path[1] != 'd' && path[1] != 's')) {
		return false;
	}
	return is_below(path, DRI, sizeof(DRI) - 1) || is_below(path, SYS, sizeof(SYS) - 1);
}

/* Without slashes at its end, and without what names a directory by itself. */
static size_t path_length(const char *path)
{
	size_t length = strlen(path);

	for (;;) {
		if (length > 1 && path[length - 1] == '/') {
			length--;
		} else if (length > 2 && path[length - 1] == '.' && path[length - 2] == '/') {
			length -= 2;
		} else {
			return length;
		}
	}
}

const struct ugvt_tree_entry *ugvt_tree_find(const char *path)
{
	size_t length = path_length(path);

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(entries); i++) {
		if (strncmp(entries[i].path, path, length) == 0 &&
			entries[i].path[length] == '\0') {
			return &entries[i];
		}
	}
	return NULL;
}

const struct ugvt_tree_entry *ugvt_tree_child(const struct ugvt_tree_entry *directory, unsigned i)
{
	size_t length = strlen(directory->path);

	for (size_t at = 0; at < UGVT_ARRAY_SIZE(entries); at++) {
		const char *path = entries[at].path;

		if (is_below(path, directory->path, length) && path[length] == '/' &&
			!strchr(path + length + 1, '/') && i-- == 0) {
			return &entries[at];
		}
	}
	return NULL;
}

/* The files that depend on the device: by their names. */
size_t ugvt_tree_text(const struct ugvt_tree_entry *entry, const struct ugvt_device_info *info,
	char *text, size_t size)
{
	const char *name = strrchr(entry->path, '/') + 1;
	int n;

	if (entry->text) {
		n = snprintf(text, size, "%s", entry->text);
	} else if (strcmp(name, "device") == 0) {
		n = snprintf(text, size, "0x%04x\n", info->device_id);
	} else if (strcmp(name, "revision") == 0) {
		n = snprintf(text, size, "0x%02x\n", info->revision);
	} else {
		n = snprintf(text, size,
			"DRIVER=i915\nPCI_CLASS=30000\nPCI_ID=8086:%04X\nPCI_SUBSYS_ID=8086:2212\n"
			"PCI_SLOT_NAME=" PCI_SLOT "\n",
			info->device_id);
	}
	return (size_t)n;
}

void ugvt_tree_stat(const struct ugvt_tree_entry *entry, bool follow, struct stat *st)
{
	*st = (struct stat){
		.st_ino = (ino_t)(entry - entries) + 1,
		.st_nlink = 1,
		.st_blksize = 4096,
	};
	switch (entry->kind) {
	case UGVT_TREE_DEVICE:
		st->st_mode = S_IFCHR | 0666;
		st->st_rdev = makedev(UGVT_TREE_MAJOR, UGVT_TREE_MINOR);
		break;
	case UGVT_TREE_FILE:
		st->st_mode = S_IFREG | 0444;
		st->st_size = 4096;
		break;
	case UGVT_TREE_LINK: st->st_mode = follow ? S_IFDIR | 0755 : S_IFLNK | 0777; break;
	default: st->st_mode = S_IFDIR | 0755; break;
	}
}
