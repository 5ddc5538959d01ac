/* SPDX-License-Identifier: MIT */
#include "manager/stats.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "control/http.h"
#include "manager/manager.h"
#include "manager/metrics.h"
#include "manager/survey.h"

/* Who waits for a survey: one of the two. */
struct asker {
	struct ugvt_survey survey;
	struct ugvt_manager *manager;
	struct ugvt_rpc_request *request;
	struct ugvt_http_request *get;
};

static void out_of_memory(struct ugvt_rpc_request *request)
{
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_FAILURE_OTHER, "the manager is out of memory");
	ugvt_rpc_reject(request, &failure);
}

static void stats_handle_done(struct ugvt_survey *survey, struct json_object *vgpus)
{
	struct asker *asker = ugvt_container_of(survey, struct asker, survey);

	ugvt_rpc_reply(asker->request, json_object_get(vgpus));
	free(asker);
}

static void metrics_handle_done(struct ugvt_survey *survey, struct json_object *vgpus)
{
	struct asker *asker = ugvt_container_of(survey, struct asker, survey);
	char *text = ugvt_metrics_write(asker->manager, vgpus);

	if (text) {
		ugvt_rpc_reply(asker->request, json_object_new_string(text));
	} else {
		out_of_memory(asker->request);
	}
	free(text);
	free(asker);
}

static void get_handle_done(struct ugvt_survey *survey, struct json_object *vgpus)
{
	struct asker *asker = ugvt_container_of(survey, struct asker, survey);
	char *text = ugvt_metrics_write(asker->manager, vgpus);

	if (text) {
		ugvt_http_answer(
			asker->get, UGVT_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", text);
	} else {
		ugvt_http_refuse(asker->get, UGVT_HTTP_UNAVAILABLE);
	}
	free(text);
	free(asker);
}

static struct asker *asker_create(struct ugvt_manager *manager)
{
	struct asker *asker = calloc(1, sizeof(*asker));

	if (asker) {
		asker->manager = manager;
	}
	return asker;
}

void ugvt_stats_handle_stats(struct ugvt_manager *manager, struct ugvt_rpc_request *request,
	const struct ugvt_uuid *only)
{
	struct asker *asker = asker_create(manager);

	if (!asker) {
		out_of_memory(request);
		return;
	}
	asker->request = request;
	asker->survey.handle_done = stats_handle_done;
	ugvt_survey_begin(&asker->survey, manager, only);
}

void ugvt_stats_handle_metrics(struct ugvt_manager *manager, struct ugvt_rpc_request *request)
{
	struct asker *asker = asker_create(manager);

	if (!asker) {
		out_of_memory(request);
		return;
	}
	asker->request = request;
	asker->survey.handle_done = metrics_handle_done;
	ugvt_survey_begin(&asker->survey, manager, NULL);
}

void ugvt_stats_handle_get(struct ugvt_manager *manager, struct ugvt_http_request *request)
{
	struct asker *asker;

	if (strcmp(request->path, "/metrics") != 0) {
		ugvt_http_refuse(request, UGVT_HTTP_NOT_FOUND);
		return;
	}
	asker = asker_create(manager);
	if (!asker) {
		ugvt_http_refuse(request, UGVT_HTTP_UNAVAILABLE);
		return;
	}
	asker->get = request;
	asker->survey.handle_done = get_handle_done;
	ugvt_survey_begin(&asker->survey, manager, NULL);
}
