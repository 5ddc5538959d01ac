/* SPDX-License-Identifier: MIT */
#include "display/scanout.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "display/compose.h"
#include "display/internal.h"

/* What pipe shows, under the lock. */
static void look(struct ugvt_display *display, unsigned pipe, struct ugvt_pipe_view *view)
{
	ugvt_display_advance(display, &display->pipes[pipe]);
	if (!ugvt_pipe_look(&display->pipes[pipe], view)) {
		ugvt_guest_log(&display->guest_errors,
			"pipe %c: a plane's format, tiling or rotation is not known", 'A' + pipe);
	}
	ugvt_display_schedule(display);
}

bool ugvt_display_scanout(struct ugvt_display *display, unsigned pipe, struct ugvt_scanout *scanout)
{
	struct ugvt_pipe_view view;

	assert(pipe < UGVT_PIPE_COUNT);
	pthread_mutex_lock(display->config.lock);
	look(display, pipe, &view);
	pthread_mutex_unlock(display->config.lock);
	*scanout = (struct ugvt_scanout){
		.width = view.width,
		.height = view.height,
		.refresh_mhz = view.refresh_mhz,
		.primary = view.planes[0].plane,
		.cursor = view.cursor.plane,
	};
	return view.on;
}

/* The first pipe that is on, or else the last one, which is off. */
static void look_first(struct ugvt_display *display, struct ugvt_pipe_view *view)
{
	pthread_mutex_lock(display->config.lock);
	for (unsigned pipe = 0; pipe < UGVT_PIPE_COUNT; pipe++) {
		look(display, pipe, view);
		if (view->on) {
			break;
		}
	}
	pthread_mutex_unlock(display->config.lock);
}

int ugvt_display_capture(struct ugvt_display *display, struct ugvt_picture *picture)
{
	const struct ugvt_display_config *config = &display->config;
	struct ugvt_pipe_view view;

	look_first(display, &view);
	if (!view.on) {
		return ugvt_picture_init(picture, config->width, config->height);
	}
	return ugvt_compose(&view, config->memory, config->ggtt, picture);
}
