/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_SERVER_H
#define UGVT_VFIO_USER_SERVER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A vfio-user server: carries one client after the other to one PCI device (struct ugvt_pci_device), over
 * an AF_UNIX stream socket. While a client is connected, others are told EBUSY.
 *
 * A client can't do harm: what it sends is checked before it is used, what it breaks is its own
 * connection. The device is called from the thread that runs the server, in the client's order.
 */

struct ugvt_pci_device;
struct ugvt_vfio_user;

struct ugvt_vfio_user_config {
	int listen_fd;    // bound and listening, stays the caller's; -1: only _serve() is used
	unsigned spin_us; // try that long for the next message before sleeping; 0: sleep at once
	unsigned
		handshake_ms; // for a client to say VERSION, and for the rest of any message; 0: 2000
	unsigned send_ms;     // for a client to take a reply; 0: 2000
	unsigned reply_ms;    // a later reply is not sent but the connection closed; 0: 4000
	unsigned max_maps;    // DMA maps; 0: UGVT_GUEST_RANGES_MAX
	bool require_sealed; // refuse memory that the client can still shrink
};

/* Since the server was created. */
struct ugvt_vfio_user_stats {
	uint64_t connections; // that were served
	uint64_t messages;
	uint64_t reads;         // of regions
	uint64_t writes;        // of regions, each of a REGION_WRITE_MULTI counted
	uint64_t errors;        // requests that were refused
	uint64_t memory_faults; // the client took memory away that was in use
	bool connected;
};

/* A socket bound to path and listening, replacing a socket that nobody listens on any more. An fd, or
 * -ENAMETOOLONG, -EADDRINUSE, or -errno. */
int ugvt_vfio_user_listen(const char *path);

/* Takes what servers need of the process besides memory, threads and eventfds. A process that gives up the right to more
 * calls it before that. */
void ugvt_vfio_user_prepare(void);

/* Serves dev, whose regions, irqs and memory are set; sets dev->sink. Starts a helper thread, and installs
 * a SIGBUS handler. On error NULL, and errno. */
struct ugvt_vfio_user *ugvt_vfio_user_create(
	struct ugvt_pci_device *dev, const struct ugvt_vfio_user_config *config);
/* Not while it runs, nor while the device may still raise an interrupt. NULL is allowed. */
void ugvt_vfio_user_destroy(struct ugvt_vfio_user *vu);

/* Accepts and serves clients until ugvt_vfio_user_stop(). 0, or -errno if the listening socket is broken. */
int ugvt_vfio_user_run(struct ugvt_vfio_user *vu);
/* Serves the client at the other end of fd, which is taken, until it is gone; then resets the device. Not
 * while another is served. */
void ugvt_vfio_user_serve(struct ugvt_vfio_user *vu, int fd);
/* From any thread. Lasting: what is served is closed, and later calls return at once. */
void ugvt_vfio_user_stop(struct ugvt_vfio_user *vu);

/* From any thread. */
struct ugvt_vfio_user_stats ugvt_vfio_user_stats(const struct ugvt_vfio_user *vu);

#endif
