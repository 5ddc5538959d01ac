/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_COMPOSE_H
#define UGVT_DISPLAY_COMPOSE_H

#include "device/guest_memory.h"
#include "display/pipe.h"
#include "gpu/mem/ggtt.h"

/* Draws what view shows, which must be on, into *picture (its old content is not looked at). Opens windows of memory, each for a few
 * rows. Whatever can't be read is black. 0 or -ENOMEM; the caller finishes *picture. Takes no lock. */
int ugvt_compose(const struct ugvt_pipe_view *view, struct ugvt_guest_memory *memory,
	const struct ugvt_ggtt *ggtt, struct ugvt_picture *picture);

/* A black picture. 0 or -ENOMEM. */
int ugvt_picture_init(struct ugvt_picture *picture, uint32_t width, uint32_t height);

#endif
