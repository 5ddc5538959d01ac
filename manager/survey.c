/* SPDX-License-Identifier: MIT */
#include "manager/survey.h"

#include <assert.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "control/json.h"
#include "manager/check.h"
#include "manager/describe.h"
#include "manager/manager.h"
#include "manager/process.h"

/* What one worker is asked. */
struct question {
	struct ugvt_rpc_call call;
	struct ugvt_list link; // ugvt_survey.questions
	struct ugvt_survey *survey;
	struct json_object *vgpu; // in survey->vgpus
};

static void survey_end(struct ugvt_survey *survey)
{
	struct json_object *vgpus = survey->vgpus;
	struct question *question, *tmp;

	ugvt_list_for_each_safe(question, tmp, &survey->questions, link) {
		ugvt_rpc_cancel(&question->call);
		ugvt_list_remove(&question->link);
		free(question);
	}
	ugvt_loop_timer_remove(survey->loop, &survey->timer);
	survey->handle_done(survey, vgpus);
	json_object_put(vgpus);
}

static void timer_handle_expiry(struct ugvt_loop_timer *timer)
{
	survey_end(ugvt_container_of(timer, struct ugvt_survey, timer));
}

static void question_handle_reply(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	struct question *question = ugvt_container_of(call, struct question, call);
	struct ugvt_survey *survey = question->survey;
	struct json_object *stats = failure ? NULL : ugvt_check_figures(result);

	if (fd >= 0) {
		close(fd);
	}
	if (stats) {
		json_object_object_add(question->vgpu, "stats", stats);
	}
	ugvt_list_remove(&question->link);
	free(question);
	if (ugvt_list_empty(&survey->questions)) {
		survey_end(survey);
	}
}

static void question_ask(
	struct ugvt_survey *survey, struct ugvt_instance *instance, struct json_object *vgpu)
{
	struct question *question;

	/* One that has stopped reading is not asked more and more. */
	if (!instance->worker.connected || !ugvt_list_empty(&instance->worker.peer.channel.out)) {
		return;
	}
	question = calloc(1, sizeof(*question));
	if (!question) {
		return;
	}
	question->call.handle_reply = question_handle_reply;
	question->survey = survey;
	question->vgpu = vgpu;
	if (!ugvt_worker_call(&instance->worker, &question->call, "stats")) {
		free(question);
		return;
	}
	ugvt_list_append(&survey->questions, &question->link);
}

/* The part of its parent's time that an instance is due while all that run there are busy. */
static double share(const struct ugvt_instance *instance)
{
	const struct ugvt_instance *other;
	double sum = 0;

	ugvt_list_for_each(other, &instance->manager->instances, link) {
		if (other->parent == instance->parent && other->state == UGVT_INSTANCE_RUNNING) {
			sum += other->weight;
		}
	}
	return sum > 0 ? instance->weight / sum : 0;
}

static void instance_add(struct ugvt_survey *survey, struct ugvt_instance *instance)
{
	struct json_object *vgpu = ugvt_describe_instance(instance);
	bool runs = instance->state == UGVT_INSTANCE_RUNNING;

	ugvt_json_add_uint(vgpu, "weight", instance->weight);
	ugvt_json_add_uint(vgpu, "cap", instance->cap);
	json_object_object_add(vgpu, "share", json_object_new_double(runs ? share(instance) : 0));
	json_object_array_add(survey->vgpus, vgpu);
	if (instance->worker.pid > 0) {
		json_object_object_add(vgpu, "process", ugvt_process_figures(instance->worker.pid));
	}
	if (runs) {
		question_ask(survey, instance, vgpu);
	}
}

void ugvt_survey_begin(
	struct ugvt_survey *survey, struct ugvt_manager *manager, const struct ugvt_uuid *only)
{
	struct ugvt_instance *instance;

	assert(survey->handle_done);
	survey->loop = manager->loop;
	survey->vgpus = json_object_new_array();
	survey->timer = (struct ugvt_loop_timer){.handle_expiry = timer_handle_expiry, .fd = -1};
	ugvt_list_init(&survey->questions);
	ugvt_list_for_each(instance, &manager->instances, link) {
		if (!only || ugvt_uuid_equal(&instance->uuid, only)) {
			instance_add(survey, instance);
		}
	}
	if (ugvt_list_empty(&survey->questions)) {
		survey_end(survey);
		return;
	}
	/* Without a timer, each call has a limit of its own still. */
	if (ugvt_loop_timer_add(survey->loop, &survey->timer) == 0) {
		ugvt_loop_timer_set(
			&survey->timer, ugvt_clock_ns() + UGVT_SURVEY_MS * UGVT_NS_PER_MS);
	}
}
