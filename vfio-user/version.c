/* SPDX-License-Identifier: MIT */
#include "vfio-user/version.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_ascii.h"
#include "vfio-user/protocol.h"

#define JSON_SIZE_MAX 4096
#define JSON_DEPTH_MAX 4

/* *value stays if there is no such key. false if it isn't a number from 0 to 32 bits. */
static bool number_get(struct json_object *object, const char *key, uint32_t *value)
{
	struct json_object *number;
	int64_t n;

	if (!json_object_object_get_ex(object, key, &number)) {
		return true;
	}
	if (!json_object_is_type(number, json_type_int)) {
		return false;
	}
	n = json_object_get_int64(number);
	if (n < 0 || n > UINT32_MAX) {
		return false;
	}
	*value = (uint32_t)n;
	return true;
}

static bool boolean_get(struct json_object *object, const char *key, bool *value)
{
	struct json_object *boolean;

	if (!json_object_object_get_ex(object, key, &boolean)) {
		return true;
	}
	*value = json_object_get_boolean(boolean);
	return json_object_is_type(boolean, json_type_boolean);
}

/* Keys that the protocol doesn't know are allowed: later minor versions add some. */
static bool capabilities_get(struct json_object *root, struct ugvt_vfio_capabilities *caps)
{
	struct json_object *object;
	uint32_t ignored;

	if (!json_object_is_type(root, json_type_object)) {
		return false;
	}
	if (!json_object_object_get_ex(root, "capabilities", &object)) {
		return true;
	}
	return json_object_is_type(object, json_type_object) &&
	       number_get(object, "max_msg_fds", &caps->max_msg_fds) &&
	       number_get(object, "max_data_xfer_size", &ignored) &&
	       number_get(object, "max_dma_maps", &ignored) &&
	       number_get(object, "pgsizes", &ignored) &&
	       boolean_get(object, "write_multiple", &caps->write_multiple);
}

static int ascii_parse(const char *text, size_t size, struct ugvt_vfio_capabilities *caps)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX);
	struct json_object *root;
	int ret = -EINVAL;

	if (!tokener) {
		return -ENOMEM;
	}
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	root = json_tokener_parse_ex(tokener, text, (int)size);
	if (json_tokener_get_error(tokener) == json_tokener_success &&
		capabilities_get(root, caps)) {
		ret = 0;
	}
	json_object_put(root);
	json_tokener_free(tokener);
	return ret;
}

static int json_parse(const char *text, size_t size, struct ugvt_vfio_capabilities *caps)
{
	size_t length;
	char *ascii = ugvt_json_ascii(text, size, &length);
	int ret = ascii ? ascii_parse(ascii, length, caps) : -EINVAL;

	free(ascii);
	return ret;
}

int ugvt_vfio_version_parse(
	const unsigned char *payload, size_t size, struct ugvt_vfio_capabilities *caps)
{
	const char *text = (const char *)payload + sizeof(struct ugvt_vfio_version);
	struct ugvt_vfio_version version;

	*caps = (struct ugvt_vfio_capabilities){.max_msg_fds = 1};
	if (size < sizeof(version)) {
		return -EINVAL;
	}
	memcpy(&version, payload, sizeof(version));
	size -= sizeof(version);
	if (version.major != UGVT_VFIO_MAJOR) {
		return -EPROTONOSUPPORT;
	}
	if (size == 0) {
		return 0;
	}
	if (size > JSON_SIZE_MAX || memchr(text, 0, size) != text + size - 1) {
		return -EINVAL;
	}
	return json_parse(text, size, caps);
}

/* QEMU has room for as many bytes as it sent (194 of text), and wants the minor version 0. */
int ugvt_vfio_version_build(unsigned char *reply, size_t size,
	const struct ugvt_vfio_capabilities *caps, unsigned max_maps)
{
	struct ugvt_vfio_version version = {UGVT_VFIO_MAJOR, UGVT_VFIO_MINOR};
	int n;

	memcpy(reply, &version, sizeof(version));
	n = snprintf((char *)reply + sizeof(version), size - sizeof(version),
		"{\"capabilities\":{\"max_msg_fds\":%u,\"max_data_xfer_size\":%u,\"max_dma_maps\":%u%s}}",
		UGVT_VFIO_FDS_MAX, UGVT_VFIO_DATA_MAX, max_maps,
		caps->write_multiple ? ",\"write_multiple\":true" : "");
	return (int)sizeof(version) + n + 1;
}
