/* SPDX-License-Identifier: MIT */
#include "vfio-user/server.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "device/guest_memory.h"
#include "vfio-user/busy.h"
#include "vfio-user/session.h"

#define HANDSHAKE_MS 2000
#define SEND_MS 2000
#define REPLY_MS 4000 // QEMU gives up after 5 s
#define ACCEPT_RETRY_MS 100

struct ugvt_vfio_user {
	struct ugvt_vfio_watch watch;
	struct ugvt_vfio_busy busy;
	pthread_mutex_t lock; // of served_fd
	int served_fd;        // -1: nobody
	int stop_fd;          // an eventfd
	atomic_bool stopped;
	_Atomic uint64_t connections;
	atomic_bool connected;
	struct ugvt_vfio_session session;
};

static void config_fill(struct ugvt_vfio_user_config *config)
{
	config->handshake_ms = config->handshake_ms ? config->handshake_ms : HANDSHAKE_MS;
	config->send_ms = config->send_ms ? config->send_ms : SEND_MS;
	config->reply_ms = config->reply_ms ? config->reply_ms : REPLY_MS;
	config->max_maps = config->max_maps ? config->max_maps : UGVT_GUEST_RANGES_MAX;
}

static bool device_valid(const struct ugvt_pci_device *dev)
{
	for (int i = 0; i < UGVT_PCI_REGION_COUNT; i++) {
		const struct ugvt_pci_region_info *region = &dev->regions[i];
		const size_t caps = sizeof(struct vfio_region_info) +
				    sizeof(struct vfio_region_info_cap_sparse_mmap);

		if (region->flags & UGVT_PCI_REGION_MMAP && region->fd < 0) {
			return false;
		}
		if (region->n_areas > (UGVT_VFIO_PAYLOAD_MAX - caps) /
					      sizeof(struct vfio_region_sparse_mmap_area)) {
			return false;
		}
	}
	return dev->memory;
}

static int session_init(struct ugvt_vfio_session *session, struct ugvt_pci_device *dev,
	struct ugvt_vfio_watch *watch)
{
	int ret = ugvt_vfio_dma_init(&session->dma, dev->memory, session->config.max_maps);

	if (ret < 0) {
		return ret;
	}
	ret = ugvt_vfio_irqs_init(&session->irqs, dev->irqs, watch);
	if (ret < 0) {
		ugvt_vfio_dma_finish(&session->dma);
		return ret;
	}
	session->dma.require_sealed = session->config.require_sealed;
	session->dev = dev;
	dev->sink = &session->irqs.sink;
	return 0;
}

static int server_init(struct ugvt_vfio_user *vu, struct ugvt_pci_device *dev)
{
	int ret = ugvt_vfio_watch_init(&vu->watch);

	if (ret < 0) {
		return ret;
	}
	ugvt_vfio_busy_init(&vu->busy, &vu->watch);
	ret = session_init(&vu->session, dev, &vu->watch);
	if (ret < 0) {
		goto out_watch;
	}
	vu->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (vu->stop_fd < 0) {
		ret = -errno;
		goto out_session;
	}
	return 0;

out_session:
	ugvt_vfio_irqs_finish(&vu->session.irqs);
	ugvt_vfio_dma_finish(&vu->session.dma);
	dev->sink = NULL;
out_watch:
	ugvt_vfio_watch_finish(&vu->watch);
	return ret;
}

void ugvt_vfio_user_prepare(void)
{
	ugvt_sigbus_prepare();
}

struct ugvt_vfio_user *ugvt_vfio_user_create(
	struct ugvt_pci_device *dev, const struct ugvt_vfio_user_config *config)
{
	struct ugvt_vfio_user *vu = calloc(1, sizeof(*vu));
	int ret;

	assert(device_valid(dev));
	if (!vu) {
		return NULL;
	}
	vu->served_fd = -1;
	vu->session.config = *config;
	config_fill(&vu->session.config);
	pthread_mutex_init(&vu->lock, NULL);
	ret = server_init(vu, dev);
	if (ret < 0) {
		pthread_mutex_destroy(&vu->lock);
		free(vu);
		errno = -ret;
		return NULL;
	}
	if (config->listen_fd >= 0) {
		/* Two threads accept, in turns: neither may be caught in it. */
		fcntl(config->listen_fd, F_SETFL, O_NONBLOCK);
	}
	return vu;
}

void ugvt_vfio_user_destroy(struct ugvt_vfio_user *vu)
{
	if (!vu) {
		return;
	}
	vu->session.dev->sink = NULL;
	ugvt_vfio_irqs_finish(&vu->session.irqs);
	ugvt_vfio_dma_finish(&vu->session.dma);
	ugvt_vfio_watch_finish(&vu->watch);
	close(vu->stop_fd);
	pthread_mutex_destroy(&vu->lock);
	free(vu);
}

/* What to wait for before the next receive: a client that has begun something has to go on with it. */
static int session_wait(struct ugvt_vfio_session *session, uint64_t greet_by_ns)
{
	uint64_t now;

	if (!session->greeted) {
		now = ugvt_clock_ns();
		return ugvt_vfio_channel_wait(&session->channel,
			now < greet_by_ns ? (int)((greet_by_ns - now) / UGVT_NS_PER_MS) : 0);
	}
	if (ugvt_vfio_channel_partial(&session->channel)) {
		return ugvt_vfio_channel_wait(&session->channel, (int)session->config.handshake_ms);
	}
	return 0;
}

static void session_run_received(struct ugvt_vfio_session *session)
{
	struct ugvt_vfio_message message;
	int ret;

	while (!session->closing &&
		(ret = ugvt_vfio_channel_next(&session->channel, &message)) != 0) {
		if (ret > 0) {
			ugvt_vfio_request_run(session, &message);
		} else {
			ugvt_vfio_request_refuse(session, &message);
		}
	}
}

static void session_run(struct ugvt_vfio_session *session)
{
	uint64_t faults = atomic_load(&session->dma.guard.faults);
	uint64_t greet_by_ns = ugvt_clock_ns() + session->config.handshake_ms * UGVT_NS_PER_MS;

	while (!session->closing) {
		int ret = session_wait(session, greet_by_ns);

		if (ret == 0) {
			ret = ugvt_vfio_channel_receive(&session->channel, session->config.spin_us);
		}
		if (ret <= 0) {
			if (ret < 0) {
				ugvt_guest_log(&session->noise, "vfio-user: client dropped: %s",
					strerror(-ret));
			}
			break;
		}
		session_run_received(session);
	}
	if (atomic_load(&session->dma.guard.faults) != faults) {
		ugvt_guest_log(&session->noise,
			"vfio-user: client dropped: its memory went away while it was in use");
	}
}

/* The client's memory and eventfds are its own until the connection closes, which is last: it then finds the
 * device as a new one would. */
static void session_teardown(struct ugvt_vfio_session *session)
{
	session->dev->impl->reset(session->dev, UGVT_PCI_RESET_DISCONNECT);
	ugvt_vfio_irqs_reset(&session->irqs);
	ugvt_vfio_dma_unmap_all(&session->dma);
}

/* False if the server was stopped before. */
static bool served_set(struct ugvt_vfio_user *vu, int fd)
{
	bool stopped;

	pthread_mutex_lock(&vu->lock);
	vu->served_fd = fd;
	stopped = atomic_load(&vu->stopped);
	pthread_mutex_unlock(&vu->lock);
	atomic_store(&vu->connected, fd >= 0);
	return !stopped;
}

void ugvt_vfio_user_serve(struct ugvt_vfio_user *vu, int fd)
{
	struct ugvt_vfio_session *session = &vu->session;

	ugvt_vfio_channel_init(&session->channel, fd, session->config.send_ms);
	session->greeted = session->closing = false;
	atomic_store(&session->dma.guard.fd, fd);
	ugvt_vfio_count(&vu->connections, 1);
	if (served_set(vu, fd)) {
		if (session->config.listen_fd >= 0) {
			ugvt_vfio_busy_begin(&vu->busy, session->config.listen_fd, fd);
		}
		session_run(session);
		ugvt_vfio_busy_end(&vu->busy);
		session_teardown(session);
	}
	served_set(vu, -1);
	atomic_store(&session->dma.guard.fd, -1);
	ugvt_vfio_channel_finish(&session->channel);
}

/* The next client; -EAGAIN: none, look again; or -errno. */
static int client_accept(struct ugvt_vfio_user *vu)
{
	struct pollfd pfds[] = {
		{.fd = vu->session.config.listen_fd, .events = POLLIN},
		{.fd = vu->stop_fd, .events = POLLIN},
	};
	int fd;

	if (poll(pfds, 2, -1) < 0) {
		return errno == EINTR ? -EAGAIN : -errno;
	}
	fd = accept4(vu->session.config.listen_fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0) {
		return fd;
	}
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		ugvt_warn("vfio-user: can't accept a client: %s", strerror(errno));
		poll(&pfds[1], 1, ACCEPT_RETRY_MS);
		return -EAGAIN;
	case EINTR:
	case ECONNABORTED: return -EAGAIN;
	default: return -errno;
	}
}

int ugvt_vfio_user_run(struct ugvt_vfio_user *vu)
{
	while (!atomic_load(&vu->stopped)) {
		int fd = client_accept(vu);

		if (fd >= 0) {
			ugvt_vfio_user_serve(vu, fd);
		} else if (fd != -EAGAIN) {
			ugvt_error("vfio-user: listening socket: %s", strerror(-fd));
			return fd;
		}
	}
	return 0;
}

void ugvt_vfio_user_stop(struct ugvt_vfio_user *vu)
{
	pthread_mutex_lock(&vu->lock);
	atomic_store(&vu->stopped, true);
	shutdown(vu->served_fd, SHUT_RDWR);
	pthread_mutex_unlock(&vu->lock);
	eventfd_write(vu->stop_fd, 1);
}

struct ugvt_vfio_user_stats ugvt_vfio_user_stats(const struct ugvt_vfio_user *vu)
{
	return (struct ugvt_vfio_user_stats){
		.connections = atomic_load(&vu->connections),
		.messages = atomic_load(&vu->session.counters.messages),
		.reads = atomic_load(&vu->session.counters.reads),
		.writes = atomic_load(&vu->session.counters.writes),
		.errors = atomic_load(&vu->session.counters.errors),
		.memory_faults = atomic_load(&vu->session.dma.guard.faults),
		.connected = atomic_load(&vu->connected),
	};
}
