/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VGPU_VGPU_STATE_H
#define UGVT_VGPU_VGPU_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/log.h"
#include "device/guest_memory.h"
#include "display/display.h"
#include "display/vbios.h"
#include "gen/irq.h"
#include "gpu/cs/cs.h"
#include "gpu/mem/ggtt.h"
#include "gpu/regs/regfile.h"
#include "vgpu/vgpu.h"

/*
 * Inside vgpu/ only. Threads and locks:
 *
 * - The transport thread makes all pci_device calls. An engine thread runs each command streamer. The loop's
 *   thread runs the display's timers.
 * - vgpu->lock guards side effects of registers (hooks), interrupts and the display. Plain reads take none.
 * - engine->lock guards an engine's ports. It is taken inside vgpu->lock, never the other way round; nobody who
 *   holds either of them opens a guest memory window for writing maps, or waits for an engine.
 * - A write that needs an engine to stand still (a reset) is finished after vgpu->lock is given back:
 *   vgpu->deferred.
 */

#define UGVT_PCI_CONFIG_SIZE 256

struct ugvt_engine;

struct ugvt_pci_config {
	uint8_t data[UGVT_PCI_CONFIG_SIZE];
	uint8_t writable[UGVT_PCI_CONFIG_SIZE]; // bits that the guest may change
};

/* How interrupts leave the device, as its configuration space says. */
enum ugvt_irq_route {
	UGVT_IRQ_ROUTE_NONE,
	UGVT_IRQ_ROUTE_INTX,
	UGVT_IRQ_ROUTE_MSI,
};

struct ugvt_vgpu_counters {
	_Atomic uint64_t reg_reads, reg_writes, ggtt_writes, aperture_accesses, interrupts;
};

/* The GT's sleep: how much of the time until at_ns it was in RC6. */
struct ugvt_rc6 {
	uint64_t residency_ns;
	uint64_t at_ns;
	uint64_t awake_ns; // of all engines, at at_ns
	bool allowed;      // since at_ns
};

struct ugvt_vgpu {
	struct ugvt_pci_device device;
	struct ugvt_vgpu_config config;
	struct ugvt_pci_config pci;
	uint8_t rom[UGVT_VBIOS_SIZE];
	struct ugvt_regfile regs;
	struct ugvt_ggtt ggtt;
	pthread_mutex_t lock;
	struct ugvt_reg_unit gt_unit, irq_unit, engine_unit, pvinfo_unit;
	struct ugvt_display_host display_host;
	struct ugvt_display *display;
	struct ugvt_engine *engines[UGVT_ENGINE_COUNT];
	struct ugvt_aspace aperture; // the transport thread's view of the GGTT
	enum ugvt_irq_route irq_route;
	bool irq_asserted;                         // enabled and pending, and reported
	uint32_t irq_second[UGVT_IRQ_GROUP_COUNT]; // bits of IIR that a second event has come for
	uint32_t elsp[UGVT_ENGINE_COUNT][4];       // writes to the submit ports so far
	unsigned elsp_count[UGVT_ENGINE_COUNT];
	uint32_t reset_engines;   // deferred: engines to reset, by UGVT_ENGINE bit
	uint32_t quiesce_engines; // deferred: engines to bring to a standstill
	uint64_t timestamp_start_ns;
	struct ugvt_rc6 rc6;
	struct ugvt_vgpu_counters counters;
	struct ugvt_log_limit guest_log;
};

/* pci_config.c */
void ugvt_pci_config_init(struct ugvt_pci_config *pci, const struct ugvt_vgpu_config *config);
bool ugvt_pci_config_bus_master(const struct ugvt_pci_config *pci);
enum ugvt_irq_route ugvt_pci_config_irq_route(const struct ugvt_pci_config *pci);
void ugvt_pci_config_read(
	const struct ugvt_pci_config *pci, uint64_t offset, void *data, size_t size);
void ugvt_pci_config_write(
	struct ugvt_pci_config *pci, uint64_t offset, const void *data, size_t size);

/* irq.c: all with vgpu->lock held but ugvt_vgpu_irq_engine(). */
void ugvt_vgpu_irq_init(struct ugvt_vgpu *vgpu);
void ugvt_vgpu_irq_reset(struct ugvt_vgpu *vgpu);
void ugvt_vgpu_irq_route(struct ugvt_vgpu *vgpu, enum ugvt_irq_route route);
void ugvt_vgpu_irq_raise(struct ugvt_vgpu *vgpu, enum ugvt_irq_group group, uint32_t bits);
/* bits: UGVT_GT_IRQ_*; takes the lock. */
void ugvt_vgpu_irq_engine(struct ugvt_vgpu *vgpu, enum ugvt_engine_id engine, uint32_t bits);

/* gt.c, pcode.c, pvinfo.c */
void ugvt_vgpu_gt_init(struct ugvt_vgpu *vgpu);
void ugvt_vgpu_gt_reset(struct ugvt_vgpu *vgpu);
void ugvt_vgpu_pcode(struct ugvt_regfile *regs, uint32_t mailbox);
void ugvt_vgpu_pvinfo_init(struct ugvt_vgpu *vgpu);
void ugvt_vgpu_pvinfo_reset(struct ugvt_vgpu *vgpu);

/* rc6.c: with vgpu->lock held. The first: a register that RC6 depends on has changed. */
void ugvt_vgpu_rc6_update(struct ugvt_vgpu *vgpu);
/* GEN6_GT_GFX_RC6. */
uint32_t ugvt_vgpu_rc6_counter(struct ugvt_vgpu *vgpu);

/* engine_regs.c */
void ugvt_vgpu_engine_regs_init(struct ugvt_vgpu *vgpu);

/* The command streamers' TIMESTAMP, in ticks. Any thread. */
uint64_t ugvt_vgpu_timestamp(const struct ugvt_vgpu *vgpu);

/* aperture.c: BAR2. Transport thread; no lock held. */
void ugvt_vgpu_aperture_read(struct ugvt_vgpu *vgpu, uint64_t offset, void *data, size_t size);
void ugvt_vgpu_aperture_write(
	struct ugvt_vgpu *vgpu, uint64_t offset, const void *data, size_t size);

#endif
