/* SPDX-License-Identifier: MIT */
#include "cli/guest.h"

#include <json-c/json.h>
#include <string.h>

#include "control/json.h"

bool ugvt_guest_memory_check(const char *size, struct ugvt_failure *failure)
{
	size_t digits = strspn(size, "0123456789");

	if (digits > 0 && digits < 12 && size[0] != '0' &&
		(size[digits] == '\0' ||
			(strchr("KMGTkmgt", size[digits]) && size[digits + 1] == '\0'))) {
		return true;
	}
	return ugvt_fail(failure, UGVT_FAILURE_INVALID,
		"'%s' is no size of memory: use a number and M or G, as in 2G", size);
}

const char *ugvt_guest_socket(
	struct ugvt_cli *cli, const char *uuid, struct ugvt_client_reply *reply)
{
	struct ugvt_failure failure;
	const char *path;

	if (!ugvt_cli_call(cli, "show", ugvt_cli_uuid_params(uuid), reply)) {
		return NULL;
	}
	path = ugvt_json_string(reply->result, "socket");
	if (!path) {
		ugvt_fail(&failure, UGVT_FAILURE_WORKER,
			"vGPU %s does not run: start it again with 'ugvt start -u %s'", uuid, uuid);
		cli->status = ugvt_cli_complain(cli, &failure);
		ugvt_client_reply_finish(reply);
	}
	return path;
}

struct json_object *ugvt_guest_device(const char *socket_path)
{
	struct json_object *device = json_object_new_object();
	struct json_object *address = json_object_new_object();

	ugvt_json_add_string(device, "driver", "vfio-user-pci");
	ugvt_json_add_string(device, "addr", "2.0");
	ugvt_json_add_string(address, "path", socket_path);
	ugvt_json_add_string(address, "type", "unix");
	json_object_object_add(device, "socket", address);
	return device;
}
