/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_IRQ_H
#define UGVT_VFIO_USER_IRQ_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device/pci_device.h"
#include "vfio-user/protocol.h"
#include "vfio-user/watch.h"

/*
 * The device's interrupts and the eventfds that the client gave for them. INTx is a level: once
 * signalled it is masked until the client unmasks it, and signalled again then if it is still high. MSI
 * and MSI-X vectors are edges; one that fires while masked is signalled when it is unmasked.
 *
 * The eventfds are changed by the connection's thread alone; any thread may signal.
 */

struct ugvt_vfio_vector {
	int trigger_fd; // -1: none
	bool masked;
	bool pending; // fired while masked
};

struct ugvt_vfio_irqs {
	struct ugvt_irq_sink sink;
	struct ugvt_vfio_watch *watch;
	struct ugvt_vfio_watch_source
		unmask;       // INTx is unmasked when the client signals its eventfd
	pthread_mutex_t lock; // of everything below
	bool intx_level;
	unsigned counts[UGVT_PCI_IRQ_COUNT];
	struct ugvt_vfio_vector *vectors[UGVT_PCI_IRQ_COUNT]; // counts[i] of each
};

#define UGVT_VFIO_VECTORS_MAX 2048 // of one kind, as many as MSI-X can have

/* counts: vectors of each kind; there is always one ERR. watch must outlive the irqs. 0, -EINVAL: too
 * many (INTx: one); or -ENOMEM. */
int ugvt_vfio_irqs_init(struct ugvt_vfio_irqs *irqs, const unsigned counts[UGVT_PCI_IRQ_COUNT],
	struct ugvt_vfio_watch *watch);
void ugvt_vfio_irqs_finish(struct ugvt_vfio_irqs *irqs);

/* Does what *set says. data: set->count bytes for DATA_BOOL. fds: n_fds eventfds, of which the kept ones
 * become -1. -EINVAL: what makes no sense; -ENOTSUP: an eventfd to mask, or one to unmask anything but
 * INTx. Nothing has changed after an error. */
struct ugvt_vfio_irq_data {
	const unsigned char *bools;
	int *fds;
	unsigned n_fds;
};
int ugvt_vfio_irqs_set(struct ugvt_vfio_irqs *irqs, const struct vfio_irq_set *set,
	const struct ugvt_vfio_irq_data *data);
/* Closes all eventfds and forgets the masks; the level of INTx stays. */
void ugvt_vfio_irqs_reset(struct ugvt_vfio_irqs *irqs);

/* VFIO_IRQ_INFO_* of a kind. */
uint32_t ugvt_vfio_irq_flags(enum ugvt_pci_irq kind);

#endif
