/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_DRIVER_DRIVER_H
#define UGVT_TESTS_DRIVER_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device/pci_device.h"
#include "gen/engine.h"

/*
 * A small client that drives a vGPU as i915 does: it lays out guest memory, fills GGTT entries, builds logical ring contexts and
 * submits them through ELSP. Tests and benchmarks use it in the device's own process or over a socket.
 */

/* How accesses reach the device. */
struct driver_bus {
	const struct driver_bus_impl *impl;
};

struct driver_bus_impl {
	void (*read)(struct driver_bus *bus, enum ugvt_pci_region region, uint64_t offset,
		void *data, size_t size);
	void (*write)(struct driver_bus *bus, enum ugvt_pci_region region, uint64_t offset,
		const void *data, size_t size);
};

#define DRIVER_RING_SIZE 4096u

struct driver_context {
	enum ugvt_engine_id engine;
	uint32_t id;    // context id of its descriptor
	uint32_t image; // GGTT address
	uint32_t ring;  // GGTT address
	uint32_t *ring_host;
	uint32_t *state; // the register state page
	uint32_t tail;   // bytes
};

struct driver {
	struct driver_bus *bus;
	uint8_t *memory;    // the guest's RAM, as the device sees it
	uint64_t gpa;       // of its first byte
	uint64_t size;      // bytes
	uint64_t used;      // bytes handed out
	uint32_t ggtt_used; // GGTT address of the next mapping
	uint32_t contexts;
	uint32_t status_page[UGVT_ENGINE_COUNT]; // GGTT address
	volatile uint32_t *status[UGVT_ENGINE_COUNT];
};

/* memory: size bytes at gpa that the device can already reach. Switches bus mastering on. */
void driver_init(struct driver *driver, struct driver_bus *bus, void *memory, uint64_t size);

uint32_t driver_read(struct driver *driver, uint32_t offset);
void driver_write(struct driver *driver, uint32_t offset, uint32_t value);

/* Takes whole pages of guest memory, zeroed. Returns their host address; *gpa may be NULL. */
void *driver_alloc(struct driver *driver, uint64_t size, uint64_t *gpa);
/* The same, mapped in the GGTT at *address. */
void *driver_alloc_ggtt(struct driver *driver, uint64_t size, uint32_t *address);
void driver_ggtt_map(struct driver *driver, uint32_t address, uint64_t gpa, uint64_t size);

/* Master interrupt on, all sources of all engines unmasked and enabled. */
void driver_irq_enable(struct driver *driver);
/* Reads and clears all GT sources and enables the master again, as a handler does. Returns IIR of GT0. */
uint32_t driver_irq_handle(struct driver *driver);

/* Status page, execlist mode. */
void driver_engine_init(struct driver *driver, enum ugvt_engine_id engine);
/* A context with a ring; its PPGTT is 4-level with the page table root pml4 (a guest physical address, 0: none). */
void driver_context_init(struct driver *driver, struct driver_context *context,
	enum ugvt_engine_id engine, uint64_t pml4);
/* Appends n dwords to the ring, n even. */
void driver_emit(struct driver_context *context, const uint32_t *dw, unsigned n);
/* Publishes the tail and writes ELSP; second may be NULL. */
void driver_submit(
	struct driver *driver, struct driver_context *first, struct driver_context *second);
/* A store of value to the GGTT address, then a user interrupt: a request's end. */
void driver_emit_breadcrumb(struct driver_context *context, uint32_t address, uint32_t value);

#endif
