/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_MACHINE_H
#define UGVT_WORKER_MACHINE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/loop.h"
#include "control/failure.h"
#include "control/worker_config.h"
#include "worker/photo.h"

struct json_object;
struct ugvt_vfio_user;
struct ugvt_vgpu;

/* The vGPU with all that makes it work: the mediator, its transport on a thread of its own, and a camera. */
struct ugvt_machine {
	struct ugvt_loop *loop;
	struct ugvt_vgpu *vgpu; // NULL: not started
	struct ugvt_vfio_user *vfio;
	pthread_t thread; // runs vfio
	struct ugvt_photo photo;
	struct ugvt_turns *turns; // at the parent's engines
	atomic_bool failed;       // the transport ended by itself
};

/* Builds it in loop, which is set, and serves UGVT_WORKER_FD_VFIO. If the transport breaks later, the loop is
 * stopped. */
bool ugvt_machine_start(struct ugvt_machine *machine, const struct ugvt_worker_config *config,
	struct ugvt_failure *failure);
/* Ends what was started, if it was. */
void ugvt_machine_stop(struct ugvt_machine *machine);

/* See ugvt_turns_govern() and ugvt_turns_ungovern(). It was started. */
int ugvt_machine_govern(struct ugvt_machine *machine, int page_fd, int doorbell_fd);
void ugvt_machine_ungovern(struct ugvt_machine *machine);

/* See ugvt_figures_write(). */
struct json_object *ugvt_machine_figures(const struct ugvt_machine *machine);

#endif
