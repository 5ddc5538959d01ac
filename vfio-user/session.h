/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_SESSION_H
#define UGVT_VFIO_USER_SESSION_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/log.h"
#include "device/pci_device.h"
#include "vfio-user/channel.h"
#include "vfio-user/dma.h"
#include "vfio-user/irq.h"
#include "vfio-user/server.h"
#include "vfio-user/version.h"

/* What the server knows while it serves a client. One is used for all clients, one after the other. */
struct ugvt_vfio_session {
	struct ugvt_pci_device *dev;
	struct ugvt_vfio_user_config config; // its defaults are filled in
	struct ugvt_vfio_dma dma;
	struct ugvt_vfio_irqs irqs;
	struct ugvt_vfio_channel channel;
	struct ugvt_vfio_capabilities caps; // the client's
	bool greeted;                       // VERSION is done
	bool closing;                       // set by whoever finds that there is no going on
	struct ugvt_log_limit noise;
	struct {
		_Atomic uint64_t messages, reads, writes, errors;
	} counters; // written by the connection's thread alone
};

/* Adds n to one of the counters. */
static inline void ugvt_vfio_count(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
		memory_order_relaxed);
}

/* Runs one request and replies to it, if the client wants that. Sets session->closing if the connection
 * is of no more use. */
void ugvt_vfio_request_run(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message);
/* Replies that the message can't be read, and closes. */
void ugvt_vfio_request_refuse(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message);

/*
 * The requests. Each is called with a payload whose length is within its row's limits, and with fds only
 * if the row says so. Returns the size of the reply's payload, in session->channel.reply.payload, or
 * -errno.
 */
typedef int ugvt_vfio_handler(struct ugvt_vfio_session *session, struct ugvt_vfio_message *message);

ugvt_vfio_handler ugvt_vfio_handle_device_info;
ugvt_vfio_handler ugvt_vfio_handle_region_info;
ugvt_vfio_handler ugvt_vfio_handle_irq_info;
ugvt_vfio_handler ugvt_vfio_handle_region_read;
ugvt_vfio_handler ugvt_vfio_handle_region_write;
ugvt_vfio_handler ugvt_vfio_handle_region_write_multi;

#endif
