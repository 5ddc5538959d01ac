/* SPDX-License-Identifier: MIT */
#include "control/worker_config.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "control/json.h"
#include "control/rpc.h"

static const struct number {
	const char *key;
	size_t offset; // of a uint64_t
} numbers[] = {
	{"low_gm", offsetof(struct ugvt_worker_config, low_gm)},
	{"high_gm", offsetof(struct ugvt_worker_config, high_gm)},
	{"fences", offsetof(struct ugvt_worker_config, fences)},
	{"width", offsetof(struct ugvt_worker_config, width)},
	{"height", offsetof(struct ugvt_worker_config, height)},
	{"deadline_ms", offsetof(struct ugvt_worker_config, deadline_ms)},
};

struct json_object *ugvt_worker_config_write(const struct ugvt_worker_config *config)
{
	struct json_object *params = json_object_new_object();

	ugvt_json_add_string(params, "device", config->device);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(numbers); i++) {
		uint64_t value;

		memcpy(&value, (const char *)config + numbers[i].offset, sizeof(value));
		ugvt_json_add_uint(params, numbers[i].key, value);
	}
	ugvt_json_add_bool(params, "direct", config->direct);
	return params;
}

bool ugvt_worker_config_read(
	struct ugvt_worker_config *config, struct json_object *params, struct ugvt_failure *failure)
{
	const char *device = ugvt_json_string(params, "device");

	*config = (struct ugvt_worker_config){0};
	if (!device || strlen(device) >= sizeof(config->device)) {
		return ugvt_fail(failure, UGVT_RPC_INVALID_PARAMS, "device must be a short string");
	}
	memcpy(config->device, device, strlen(device));
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(numbers); i++) {
		uint64_t value;

		if (!ugvt_json_uint(params, numbers[i].key, UINT64_MAX, &value)) {
			return ugvt_fail(failure, UGVT_RPC_INVALID_PARAMS, "%s must be a number",
				numbers[i].key);
		}
		memcpy((char *)config + numbers[i].offset, &value, sizeof(value));
	}
	if (!ugvt_json_bool(params, "direct", &config->direct)) {
		return ugvt_fail(failure, UGVT_RPC_INVALID_PARAMS, "direct must be true or false");
	}
	return true;
}

uint64_t ugvt_worker_memory_limit(const struct ugvt_worker_config *config)
{
	uint64_t pages = (config->low_gm + config->high_gm) / 4096;

	return (UINT64_C(256) << 20) + pages * 8 + config->width * config->height * 16;
}
