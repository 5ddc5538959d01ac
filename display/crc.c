/* SPDX-License-Identifier: MIT */
#include "display/crc.h"

#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/log.h"
#include "display/compose.h"
#include "display/display.h"

struct job {
	bool waits;
	uint32_t number;
	struct ugvt_pipe_view view;
};

struct ugvt_crc {
	struct ugvt_crc_host *host;
	struct ugvt_guest_memory *memory;
	const struct ugvt_ggtt *ggtt;
	pthread_t thread;
	pthread_mutex_t lock; // of what follows
	pthread_cond_t change;
	bool end;
	struct job jobs[UGVT_PIPE_COUNT];
};

static uint32_t compute(struct ugvt_crc *crc, const struct ugvt_pipe_view *view)
{
	struct ugvt_picture picture;
	uLong value = crc32(0, NULL, 0);

	if (ugvt_compose(view, crc->memory, crc->ggtt, &picture) < 0) {
		ugvt_error("pipe %c: no memory to compose a frame for its CRC", 'A' + view->pipe);
		return 0;
	}
	for (uint32_t y = 0; y < picture.height; y++) {
		const uint32_t *row = picture.pixels + (size_t)y * picture.stride / 4;

		value = crc32(
			value, (const unsigned char *)row, picture.width * (uInt)sizeof(*row));
	}
	ugvt_picture_finish(&picture);
	return (uint32_t)value;
}

/* With the lock: the next job, taken; false at the end. */
static bool job_take(struct ugvt_crc *crc, struct job *job)
{
	while (!crc->end) {
		for (unsigned pipe = 0; pipe < UGVT_PIPE_COUNT; pipe++) {
			if (crc->jobs[pipe].waits) {
				*job = crc->jobs[pipe];
				crc->jobs[pipe].waits = false;
				return true;
			}
		}
		pthread_cond_wait(&crc->change, &crc->lock);
	}
	return false;
}

static void *crc_main(void *argument)
{
	struct ugvt_crc *crc = argument;
	struct job job;
	bool found;

	for (;;) {
		pthread_mutex_lock(&crc->lock);
		found = job_take(crc, &job);
		pthread_mutex_unlock(&crc->lock);
		if (!found) {
			return NULL;
		}
		crc->host->impl->done(
			crc->host, job.view.pipe, job.number, compute(crc, &job.view));
	}
}

struct ugvt_crc *ugvt_crc_create(
	struct ugvt_crc_host *host, struct ugvt_guest_memory *memory, const struct ugvt_ggtt *ggtt)
{
	struct ugvt_crc *crc = calloc(1, sizeof(*crc));

	if (!crc) {
		return NULL;
	}
	crc->host = host;
	crc->memory = memory;
	crc->ggtt = ggtt;
	pthread_mutex_init(&crc->lock, NULL);
	pthread_cond_init(&crc->change, NULL);
	if (pthread_create(&crc->thread, NULL, crc_main, crc) != 0) {
		pthread_cond_destroy(&crc->change);
		pthread_mutex_destroy(&crc->lock);
		free(crc);
		return NULL;
	}
	return crc;
}

void ugvt_crc_destroy(struct ugvt_crc *crc)
{
	if (!crc) {
		return;
	}
	pthread_mutex_lock(&crc->lock);
	crc->end = true;
	pthread_cond_signal(&crc->change);
	pthread_mutex_unlock(&crc->lock);
	pthread_join(crc->thread, NULL);
	pthread_cond_destroy(&crc->change);
	pthread_mutex_destroy(&crc->lock);
	free(crc);
}

void ugvt_crc_begin(struct ugvt_crc *crc, const struct ugvt_pipe_view *view, uint32_t job)
{
	pthread_mutex_lock(&crc->lock);
	crc->jobs[view->pipe] = (struct job){.waits = true, .number = job, .view = *view};
	pthread_cond_signal(&crc->change);
	pthread_mutex_unlock(&crc->lock);
}
