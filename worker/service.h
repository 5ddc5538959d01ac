/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_SERVICE_H
#define UGVT_WORKER_SERVICE_H

#include "base/loop.h"
#include "control/rpc.h"
#include "worker/machine.h"
#include "worker/walls.h"

/* The worker's end of the connection to its manager: the methods of control/worker_config.h. A worker without a
 * manager goes on serving its virtual machine, and waits for the next one; one that is not configured yet ends. */
struct ugvt_service {
	struct ugvt_loop *loop;
	struct ugvt_loop_watch watch; // of UGVT_WORKER_FD_CONTROL
	struct ugvt_rpc_peer peer;
	bool connected;           // peer is there
	struct ugvt_walls *walls; // around this process
	struct ugvt_machine machine;
};

/* Takes UGVT_WORKER_FD_CONTROL; walls are erected. 0 or -errno. */
int ugvt_service_init(
	struct ugvt_service *service, struct ugvt_loop *loop, struct ugvt_walls *walls);
/* Ends the vGPU, if there is one. */
void ugvt_service_finish(struct ugvt_service *service);

#endif
