/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_PHOTO_H
#define UGVT_WORKER_PHOTO_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/loop.h"
#include "control/rpc.h"

struct ugvt_vgpu;

/*
 * Takes screenshots, one after the other, each on a thread of its own: compressing a picture takes longer than the
 * loop, which keeps the monitor's time, may be kept from its work.
 */

struct ugvt_photo {
	struct ugvt_loop *loop;
	struct ugvt_loop_watch watch; // of done_fd
	struct ugvt_vgpu *vgpu;
	struct ugvt_list requests; // ugvt_rpc_request.wait; the first is being served
	bool busy;                 // thread is there
	pthread_t thread;
	int done_fd;           // the thread has ended
	int picture_fd;        // for the thread to write to
	uint64_t picture_size; // its result, bytes
	int error;             // or errno
};

/* 0 or -errno. vgpu outlives it. */
int ugvt_photo_init(struct ugvt_photo *photo, struct ugvt_loop *loop, struct ugvt_vgpu *vgpu);
/* Rejects the requests that wait. */
void ugvt_photo_finish(struct ugvt_photo *photo);

/* Puts a PNG in the file beside request and answers with its size; takes request. */
void ugvt_photo_take(struct ugvt_photo *photo, struct ugvt_rpc_request *request);

#endif
