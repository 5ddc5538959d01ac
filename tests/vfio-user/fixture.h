/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_VFIO_USER_FIXTURE_H
#define UGVT_TESTS_VFIO_USER_FIXTURE_H

#include <pthread.h>
#include <stdbool.h>

#include "tests/vfio-user/fake_device.h"
#include "vfio-user/client.h"
#include "vfio-user/server.h"

/* A server for a fake device on a thread of its own, and a client of it. What fails asserts. */
struct fixture {
	struct fake_device fake;
	struct ugvt_vfio_user *vu;
	struct ugvt_vfio_client client;
	pthread_t thread;
	int listen_fd;
	bool stopped;
	char path[64];
};

/* config may be NULL; its listen_fd is filled in. The client is not connected yet. */
void fixture_init(struct fixture *f, const struct ugvt_vfio_user_config *config);
void fixture_finish(struct fixture *f);
/* For cmocka: *state is a new fixture, without and with a client that is connected. */
int fixture_setup(void **state);
int fixture_setup_connected(void **state);
int fixture_teardown(void **state);
/* Stops the server and waits for it. */
void fixture_stop(struct fixture *f);
void fixture_connect(struct fixture *f);
/* Returns when the server has torn the connection down. */
void fixture_disconnect(struct fixture *f);
/* A connection without a handshake. */
int fixture_connect_raw(struct fixture *f);

/* How many file descriptors this process, and with it the server, has. */
unsigned fd_count(void);

/* Sends all of it with the fds on its first byte. False if the other end is closed. */
bool raw_send(int fd, const void *data, size_t size, const int *fds, unsigned n_fds);
/* Receives exactly size bytes. False if the connection closes before. */
bool raw_receive(int fd, void *data, size_t size);
/* Waits for the other end to close; what comes before is dropped. */
void raw_drain(int fd);

/* A header for a request with so many bytes of payload. */
struct ugvt_vfio_header request_header(enum ugvt_vfio_command command, size_t payload_size);

/* Memory of size bytes, each set to fill; can be sealed. */
int memory_create(size_t size, unsigned char fill);
int eventfd_create(void);
/* How often it was signalled since the last call. */
uint64_t eventfd_take(int fd);

#endif
