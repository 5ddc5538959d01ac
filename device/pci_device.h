/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DEVICE_PCI_DEVICE_H
#define UGVT_DEVICE_PCI_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The seam between a transport, which carries a client's accesses, and a PCI device. The device
 * implements struct ugvt_pci_device_impl and describes itself in struct ugvt_pci_device; the transport
 * calls the impl from one thread at a time, in the client's order, and gives the device a sink for its
 * interrupts and the client's memory to reach.
 */

struct ugvt_guest_memory;

/* The regions and interrupts of a VFIO PCI device, by their VFIO index (linux/vfio.h). */
enum ugvt_pci_region {
	UGVT_PCI_BAR0,
	UGVT_PCI_BAR1,
	UGVT_PCI_BAR2,
	UGVT_PCI_BAR3,
	UGVT_PCI_BAR4,
	UGVT_PCI_BAR5,
	UGVT_PCI_ROM,
	UGVT_PCI_CONFIG,
	UGVT_PCI_VGA,
	UGVT_PCI_REGION_COUNT,
};

enum ugvt_pci_irq {
	UGVT_PCI_INTX,
	UGVT_PCI_MSI,
	UGVT_PCI_MSIX,
	UGVT_PCI_ERR,
	UGVT_PCI_REQ,
	UGVT_PCI_IRQ_COUNT,
};

enum ugvt_pci_region_flags {
	UGVT_PCI_REGION_READ = 1 << 0,
	UGVT_PCI_REGION_WRITE = 1 << 1,
	UGVT_PCI_REGION_MMAP = 1 << 2, // needs fd
};

/* A part of a region that the client may map. */
struct ugvt_pci_area {
	uint64_t offset; // bytes into the region, page aligned
	uint64_t size;   // bytes, page aligned
};

struct ugvt_pci_region_info {
	uint64_t size;  // bytes; 0: there is no such region
	uint32_t flags; // UGVT_PCI_REGION_*
	int fd;         // the device's, sealed; only read if flags has MMAP
	uint64_t fd_offset;
	const struct ugvt_pci_area *areas; // may be NULL: all of it
	unsigned n_areas;
};

enum ugvt_pci_reset {
	UGVT_PCI_RESET_CLIENT,     // the client asked for it
	UGVT_PCI_RESET_DISCONNECT, // the client is gone: the next one may be another VM
};

/* Where a device's interrupts go: implemented by a transport, embedded in its own struct. */
struct ugvt_irq_sink {
	const struct ugvt_irq_sink_impl *impl;
};

struct ugvt_irq_sink_impl {
	/* Mandatory. Sends MSI vector once. Any thread, does not block; lost if nobody listens. */
	void (*msi)(struct ugvt_irq_sink *sink, unsigned vector);
	/* Mandatory. Sets the level of INTx. Any thread, does not block. */
	void (*intx)(struct ugvt_irq_sink *sink, bool level);
};

struct ugvt_pci_device {
	const struct ugvt_pci_device_impl *impl;
	struct ugvt_pci_region_info regions[UGVT_PCI_REGION_COUNT];
	unsigned irqs[UGVT_PCI_IRQ_COUNT]; // vectors of each kind
	struct ugvt_irq_sink *sink;        // the transport's; NULL before there is one
	struct ugvt_guest_memory
		*memory; // the client's; filled by the transport, owned by the device's creator
};

struct ugvt_pci_device_impl {
	/* Mandatory. size is 1 to 4096 for CONFIG and anything up to the transport's limit for the
	 * others; the range is inside the region, offset need not be aligned. Always succeeds: what is
	 * not there reads as ones. Must not wait for GPU work. */
	void (*region_read)(struct ugvt_pci_device *dev, enum ugvt_pci_region region,
		uint64_t offset, void *data, size_t size);
	/* Mandatory. As region_read; what can't be written is dropped. */
	void (*region_write)(struct ugvt_pci_device *dev, enum ugvt_pci_region region,
		uint64_t offset, const void *data, size_t size);
	/* Mandatory. Back to the state after power-on, but for what hardware keeps in the machine's memory;
	 * no access to guest memory is under way when it returns. On DISCONNECT nothing of the last
	 * client's data may stay. */
	void (*reset)(struct ugvt_pci_device *dev, enum ugvt_pci_reset why);
};

/* Asserts that impl is complete; the rest of *dev is zero afterwards. */
void ugvt_pci_device_init(struct ugvt_pci_device *dev, const struct ugvt_pci_device_impl *impl);

#endif
