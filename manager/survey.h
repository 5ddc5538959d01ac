/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_SURVEY_H
#define UGVT_MANAGER_SURVEY_H

#include "base/list.h"
#include "base/loop.h"

struct json_object;
struct ugvt_manager;
struct ugvt_uuid;

/*
 * The figures of vGPUs, asked from all their workers at once. A worker that does not answer in time is left out, so that it
 * does not hold up the rest.
 */

/* How long workers have to answer, ms. */
#define UGVT_SURVEY_MS 2000

struct ugvt_survey {
	/* Mandatory, set before it begins. The survey is over and may be freed from here. vgpus is an array with an
	 * object for each vGPU, as the method "stats" of ugvtd(8) tells them; it lives until this returns. */
	void (*handle_done)(struct ugvt_survey *survey, struct json_object *vgpus);
	struct ugvt_loop *loop;
	struct ugvt_loop_timer timer;
	struct ugvt_list questions; // struct question.link, under way
	struct json_object *vgpus;
};

/* Asks about the vGPU called only (NULL: all of them); handle_done follows, perhaps from within this. */
void ugvt_survey_begin(
	struct ugvt_survey *survey, struct ugvt_manager *manager, const struct ugvt_uuid *only);

#endif
