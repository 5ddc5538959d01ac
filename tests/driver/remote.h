/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_DRIVER_REMOTE_H
#define UGVT_TESTS_DRIVER_REMOTE_H

#include "tests/driver/driver.h"
#include "vfio-user/client.h"

/* A client of a vGPU at the other end of a vfio-user socket: shares memory with it, listens to its MSI, and has a driver on top. */
struct driver_remote {
	struct driver_bus bus;
	struct ugvt_vfio_client client;
	struct driver driver;
	void *memory;
	uint64_t size;
	int memory_fd; // sealed against shrinking
	int irq_fd;    // eventfd of MSI vector 0
};

/* Connects to the socket at path, or takes the connected socket fd where path is NULL. 0 or -errno. */
int driver_remote_init(struct driver_remote *remote, const char *path, int fd, uint64_t size);
void driver_remote_finish(struct driver_remote *remote);
/* Waits for the next MSI. */
void driver_remote_wait_irq(struct driver_remote *remote);

#endif
