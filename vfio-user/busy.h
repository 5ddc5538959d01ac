/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_BUSY_H
#define UGVT_VFIO_USER_BUSY_H

#include "base/log.h"
#include "vfio-user/protocol.h"
#include "vfio-user/watch.h"

/*
 * Tells clients that come while another is served EBUSY, in reply to their first message. Left in the
 * backlog, QEMU would hang for seconds and cloud-hypervisor for ever.
 */

#define UGVT_VFIO_BUSY_MAX 4 // who wait to be told; the longest waiting makes room

struct ugvt_vfio_busy_client {
	struct ugvt_vfio_watch_source source; // the connection, ours
	struct ugvt_vfio_busy *busy;
	struct ugvt_vfio_header header; // so far
	size_t size;                    // of it
};

struct ugvt_vfio_busy {
	struct ugvt_vfio_watch *watch;
	struct ugvt_vfio_watch_source listener;
	int served_fd;
	unsigned next;
	struct ugvt_log_limit noise;
	struct ugvt_vfio_busy_client clients[UGVT_VFIO_BUSY_MAX];
};

void ugvt_vfio_busy_init(struct ugvt_vfio_busy *busy, struct ugvt_vfio_watch *watch);
/* From now on answers who connects to listen_fd (non-blocking), except while the one served on served_fd
 * is seen to be gone: who comes then is left to the server. */
void ugvt_vfio_busy_begin(struct ugvt_vfio_busy *busy, int listen_fd, int served_fd);
/* No more, and whoever is still waiting is closed. */
void ugvt_vfio_busy_end(struct ugvt_vfio_busy *busy);

#endif
