/* SPDX-License-Identifier: MIT */
#include "vfio-user/irq.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"

static struct ugvt_vfio_irqs *irqs_from_sink(struct ugvt_irq_sink *sink);

/* An eventfd that the client has let run full tells it of the interrupt as it is. Not blocking is a flag that the
 * client could take away again, so whether there is room is asked first. */
static void vector_signal(const struct ugvt_vfio_vector *vector)
{
	struct pollfd pfd = {.fd = vector->trigger_fd, .events = POLLOUT};

	if (poll(&pfd, 1, 0) == 1 && pfd.revents == POLLOUT) {
		eventfd_write(vector->trigger_fd, 1);
	}
}

static void vector_fire(struct ugvt_vfio_vector *vector)
{
	if (vector->masked) {
		vector->pending = vector->trigger_fd >= 0;
	} else {
		vector_signal(vector);
	}
}

static void intx_update(struct ugvt_vfio_irqs *irqs)
{
	struct ugvt_vfio_vector *vector = irqs->vectors[UGVT_PCI_INTX];

	if (irqs->counts[UGVT_PCI_INTX] > 0 && irqs->intx_level && !vector->masked &&
		vector->trigger_fd >= 0) {
		vector_signal(vector);
		vector->masked = true;
	}
}

static void vector_mask(struct ugvt_vfio_vector *vector, bool masked)
{
	vector->masked = masked;
	if (!masked && vector->pending) {
		vector->pending = false;
		vector_signal(vector);
	}
}

static void vector_set_fd(struct ugvt_vfio_vector *vector, int fd)
{
	if (vector->trigger_fd >= 0) {
		close(vector->trigger_fd);
	}
	vector->trigger_fd = fd;
	if (fd < 0) {
		vector->masked = false;
		vector->pending = false;
	}
}

static void sink_msi(struct ugvt_irq_sink *sink, unsigned vector)
{
	struct ugvt_vfio_irqs *irqs = irqs_from_sink(sink);
	enum ugvt_pci_irq kind = UGVT_PCI_MSI;

	pthread_mutex_lock(&irqs->lock);
	/* Only one of the two is enabled at a time. */
	if (vector < irqs->counts[UGVT_PCI_MSIX] &&
		irqs->vectors[UGVT_PCI_MSIX][vector].trigger_fd >= 0) {
		kind = UGVT_PCI_MSIX;
	}
	if (vector < irqs->counts[kind]) {
		vector_fire(&irqs->vectors[kind][vector]);
	}
	pthread_mutex_unlock(&irqs->lock);
}

static void sink_intx(struct ugvt_irq_sink *sink, bool level)
{
	struct ugvt_vfio_irqs *irqs = irqs_from_sink(sink);

	pthread_mutex_lock(&irqs->lock);
	irqs->intx_level = level;
	intx_update(irqs);
	pthread_mutex_unlock(&irqs->lock);
}

static const struct ugvt_irq_sink_impl sink_impl = {
	.msi = sink_msi,
	.intx = sink_intx,
};

static struct ugvt_vfio_irqs *irqs_from_sink(struct ugvt_irq_sink *sink)
{
	return ugvt_container_of(sink, struct ugvt_vfio_irqs, sink);
}

static void handle_unmask(struct ugvt_vfio_watch_source *source)
{
	struct ugvt_vfio_irqs *irqs = ugvt_container_of(source, struct ugvt_vfio_irqs, unmask);

	/* Never read: each signal of the client wakes the watch anew, and a read could block. */
	pthread_mutex_lock(&irqs->lock);
	irqs->vectors[UGVT_PCI_INTX][0].masked = false;
	intx_update(irqs);
	pthread_mutex_unlock(&irqs->lock);
}

int ugvt_vfio_irqs_init(struct ugvt_vfio_irqs *irqs, const unsigned counts[UGVT_PCI_IRQ_COUNT],
	struct ugvt_vfio_watch *watch)
{
	int ret = -EINVAL;

	*irqs = (struct ugvt_vfio_irqs){
		.sink = {.impl = &sink_impl},
		.watch = watch,
		.unmask = {.handle_ready = handle_unmask, .fd = -1},
	};
	pthread_mutex_init(&irqs->lock, NULL);
	for (int kind = 0; kind < UGVT_PCI_IRQ_COUNT; kind++) {
		/* QEMU warns of a device that can't report errors; nothing does so with this one. */
		unsigned n = kind == UGVT_PCI_ERR ? 1 : counts[kind];

		if (n > (kind == UGVT_PCI_INTX ? 1 : UGVT_VFIO_VECTORS_MAX)) {
			goto out;
		}
		irqs->vectors[kind] = calloc(UGVT_MAX(n, 1u), sizeof(*irqs->vectors[kind]));
		if (!irqs->vectors[kind]) {
			ret = -ENOMEM;
			goto out;
		}
		for (unsigned i = 0; i < n; i++) {
			irqs->vectors[kind][i].trigger_fd = -1;
		}
		irqs->counts[kind] = n;
	}
	return 0;

out:
	ugvt_vfio_irqs_finish(irqs);
	return ret;
}

void ugvt_vfio_irqs_finish(struct ugvt_vfio_irqs *irqs)
{
	ugvt_vfio_irqs_reset(irqs);
	for (int kind = 0; kind < UGVT_PCI_IRQ_COUNT; kind++) {
		free(irqs->vectors[kind]);
	}
	pthread_mutex_destroy(&irqs->lock);
}

/* irqs->lock is not held: the watch's handler takes it while it has the watch's. */
static int unmask_set_fd(struct ugvt_vfio_irqs *irqs, int fd)
{
	int ret = 0;
	int old;

	ugvt_vfio_watch_lock(irqs->watch);
	old = ugvt_vfio_watch_remove(irqs->watch, &irqs->unmask);
	if (fd >= 0) {
		ret = ugvt_vfio_watch_add(irqs->watch, &irqs->unmask, fd);
	}
	ugvt_vfio_watch_unlock(irqs->watch);
	if (old >= 0) {
		close(old);
	}
	if (ret < 0) {
		close(fd);
	}
	return ret;
}

static void kind_disable(struct ugvt_vfio_irqs *irqs, unsigned kind)
{
	if (kind == UGVT_PCI_INTX) {
		unmask_set_fd(irqs, -1);
	}
	pthread_mutex_lock(&irqs->lock);
	for (unsigned i = 0; i < irqs->counts[kind]; i++) {
		vector_set_fd(&irqs->vectors[kind][i], -1);
	}
	pthread_mutex_unlock(&irqs->lock);
}

void ugvt_vfio_irqs_reset(struct ugvt_vfio_irqs *irqs)
{
	for (unsigned kind = 0; kind < UGVT_PCI_IRQ_COUNT; kind++) {
		kind_disable(irqs, kind);
	}
}

uint32_t ugvt_vfio_irq_flags(enum ugvt_pci_irq kind)
{
	switch (kind) {
	case UGVT_PCI_INTX:
		return VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED;
	case UGVT_PCI_MSI:
	case UGVT_PCI_MSIX: return VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE;
	default: return VFIO_IRQ_INFO_EVENTFD;
	}
}

/* An eventfd is known by what others lack: it is no kind of file, and it can be written to. It is made
 * not to block, because whoever signals it must not wait for the client. */
static bool eventfd_take(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLOUT};
	struct stat st;

	if (fstat(fd, &st) < 0 || (st.st_mode & S_IFMT) != 0 || poll(&pfd, 1, 0) != 1 ||
		pfd.revents != POLLOUT) {
		return false;
	}
	return fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK) == 0;
}

static bool set_disables(const struct vfio_irq_set *set)
{
	return set->start == 0 && set->count == 0 &&
	       set->flags == (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER);
}

static bool set_valid(const struct ugvt_vfio_irqs *irqs, const struct vfio_irq_set *set)
{
	const uint32_t known = VFIO_IRQ_SET_DATA_TYPE_MASK | VFIO_IRQ_SET_ACTION_TYPE_MASK;

	if (set->argsz < sizeof(*set) || set->index >= UGVT_PCI_IRQ_COUNT ||
		(set->flags & ~known) != 0 ||
		__builtin_popcount(set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) != 1 ||
		__builtin_popcount(set->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != 1) {
		return false;
	}
	if (set_disables(set)) {
		return true;
	}
	return set->count > 0 && set->start < irqs->counts[set->index] &&
	       set->count <= irqs->counts[set->index] - set->start;
}

static bool fds_valid(const struct vfio_irq_set *set, const struct ugvt_vfio_irq_data *data)
{
	if (data->n_fds != 0 &&
		(!(set->flags & VFIO_IRQ_SET_DATA_EVENTFD) || data->n_fds != set->count)) {
		return false;
	}
	for (unsigned i = 0; i < data->n_fds; i++) {
		if (!eventfd_take(data->fds[i])) {
			return false;
		}
	}
	return true;
}

static int fd_keep(const struct ugvt_vfio_irq_data *data, unsigned i)
{
	int fd = -1;

	if (i < data->n_fds) {
		fd = data->fds[i];
		data->fds[i] = -1;
	}
	return fd;
}

static int eventfds_set(struct ugvt_vfio_irqs *irqs, const struct vfio_irq_set *set,
	const struct ugvt_vfio_irq_data *data)
{
	if (set->flags & VFIO_IRQ_SET_ACTION_UNMASK && set->index == UGVT_PCI_INTX) {
		return unmask_set_fd(irqs, fd_keep(data, 0));
	}
	if (!(set->flags & VFIO_IRQ_SET_ACTION_TRIGGER)) {
		return -ENOTSUP;
	}
	pthread_mutex_lock(&irqs->lock);
	for (unsigned i = 0; i < set->count; i++) {
		vector_set_fd(&irqs->vectors[set->index][set->start + i], fd_keep(data, i));
	}
	intx_update(irqs);
	pthread_mutex_unlock(&irqs->lock);
	return 0;
}

static void vector_act(struct ugvt_vfio_vector *vector, uint32_t flags)
{
	if (flags & VFIO_IRQ_SET_ACTION_TRIGGER) {
		vector_fire(vector);
	} else {
		vector_mask(vector, flags & VFIO_IRQ_SET_ACTION_MASK);
	}
}

int ugvt_vfio_irqs_set(struct ugvt_vfio_irqs *irqs, const struct vfio_irq_set *set,
	const struct ugvt_vfio_irq_data *data)
{
	if (!set_valid(irqs, set) || !fds_valid(set, data)) {
		return -EINVAL;
	}
	if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD) {
		return eventfds_set(irqs, set, data);
	}
	if (set_disables(set)) {
		kind_disable(irqs, set->index);
		return 0;
	}
	pthread_mutex_lock(&irqs->lock);
	for (unsigned i = 0; i < set->count; i++) {
		if (set->flags & VFIO_IRQ_SET_DATA_NONE || data->bools[i] != 0) {
			vector_act(&irqs->vectors[set->index][set->start + i], set->flags);
		}
	}
	intx_update(irqs);
	pthread_mutex_unlock(&irqs->lock);
	return 0;
}
