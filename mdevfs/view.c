/* SPDX-License-Identifier: MIT */
#include "mdevfs/view.h"

#include <errno.h>
#include <json-c/json.h>

int ugvt_mdevfs_errno(int code)
{
	switch (code) {
	case UGVT_FAILURE_INVALID: return EINVAL;
	case UGVT_FAILURE_NO_MANAGER: return ENODEV;
	case UGVT_FAILURE_NOT_FOUND: return ENODEV;
	case UGVT_FAILURE_IN_USE: return EEXIST;
	case UGVT_FAILURE_NO_ROOM: return ENOSPC;
	case UGVT_FAILURE_DENIED: return EACCES;
	case UGVT_RPC_INVALID_PARAMS: return EINVAL;
	case UGVT_RPC_METHOD_NOT_FOUND: return EOPNOTSUPP;
	default: return EIO;
	}
}

void ugvt_mdevfs_view_init(struct ugvt_mdevfs_view *view, struct ugvt_mdevfs_source *source)
{
	*view = (struct ugvt_mdevfs_view){.source = source};
}

void ugvt_mdevfs_view_finish(struct ugvt_mdevfs_view *view)
{
	ugvt_client_destroy(view->client);
	json_object_put(view->types);
	json_object_put(view->list);
}

/* Each access would say the same: one line when the manager goes, and one when it is back. */
static void source_note(struct ugvt_mdevfs_source *source, const struct ugvt_failure *failure)
{
	bool gone = failure != NULL;

	if (atomic_exchange(&source->gone, gone) == gone) {
		return;
	}
	if (gone) {
		ugvt_warn("%s", failure->text);
	} else {
		ugvt_info("the manager is back");
	}
}

/* A connection for each access costs little, and is never one to a manager that was there before. */
static bool view_connect(struct ugvt_mdevfs_view *view, struct ugvt_failure *failure)
{
	if (view->client) {
		return true;
	}
	view->client = ugvt_client_create(&view->source->run_dir, failure);
	source_note(view->source, view->client ? NULL : failure);
	return view->client != NULL;
}

/* As ugvt_client_call(); *result is the caller's. */
static bool view_call(struct ugvt_mdevfs_view *view, const char *method, struct json_object *params,
	struct json_object **result, struct ugvt_failure *failure)
{
	struct ugvt_client_reply reply;
	bool ok;

	if (!view_connect(view, failure)) {
		json_object_put(params);
		return false;
	}
	ok = ugvt_client_call(view->client, method, params, &reply);
	if (ok) {
		*result = json_object_get(reply.result);
	} else {
		*failure = reply.failure;
	}
	ugvt_client_reply_finish(&reply);
	return ok;
}

static int view_ask(struct ugvt_mdevfs_view *view, const char *method, struct json_object **answer)
{
	struct ugvt_failure failure;

	if (*answer) {
		return 0;
	}
	if (!view_call(view, method, NULL, answer, &failure)) {
		return -ugvt_mdevfs_errno(failure.code);
	}
	if (!json_object_is_type(*answer, json_type_array)) {
		json_object_put(*answer);
		*answer = NULL;
		return -EIO;
	}
	return 0;
}

int ugvt_mdevfs_view_types(struct ugvt_mdevfs_view *view, struct json_object **types)
{
	int ret = view_ask(view, "types", &view->types);

	*types = view->types;
	return ret;
}

int ugvt_mdevfs_view_list(struct ugvt_mdevfs_view *view, struct json_object **list)
{
	int ret = view_ask(view, "list", &view->list);

	*list = view->list;
	return ret;
}

int ugvt_mdevfs_view_order(
	struct ugvt_mdevfs_view *view, const char *method, struct json_object *params)
{
	struct json_object *result = NULL;
	struct ugvt_failure failure;

	if (!view_call(view, method, params, &result, &failure)) {
		ugvt_guest_log(&view->source->limit, "%s: %s", method, failure.text);
		return -ugvt_mdevfs_errno(failure.code);
	}
	json_object_put(result);
	return 0;
}
