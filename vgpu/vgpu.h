/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VGPU_VGPU_H
#define UGVT_VGPU_VGPU_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "device/pci_device.h"
#include "display/scanout.h"
#include "gen/device.h"
#include "gen/engine.h"

struct ugvt_turns;

/*
 * The mediator: one virtual GPU as a PCI device. A transport drives it through the pci_device seam; its engines run on
 * threads of their own.
 */

struct ugvt_vgpu_config {
	const struct ugvt_device_info *device; // which GPU it is
	uint64_t low_gm;        // bytes of mappable graphics memory (BAR2), a power of two
	uint64_t high_gm;       // bytes above it
	unsigned fences;        // fence registers, at most 32
	unsigned width, height; // of the monitor, pixels
	bool direct;            // the whole GPU, as bare hardware would look: no PVINFO
	/* GPU time that one batch may take before its engine hangs; 0: no limit. */
	uint64_t deadline_ns;
	/* Turns at the parent's engines, which outlive the vGPU; NULL: it has them to itself. */
	struct ugvt_turns *turns;
};

struct ugvt_vgpu_engine_stats {
	uint64_t busy_ns;
	uint64_t waited_ns; // for its turn
	uint64_t batches;
	uint64_t commands;
	uint64_t contexts;    // submitted to the ports
	uint64_t preemptions; // slices that ended with work left
	uint64_t resets;
	uint64_t hangs; // on commands that the hardware does not take, and batches that do not end
	uint64_t faults;
	uint64_t not_executed;
};

struct ugvt_vgpu_stats {
	uint64_t reg_reads, reg_writes, ggtt_writes, aperture_accesses;
	uint64_t interrupts; // MSIs sent
	uint64_t frames;
	struct ugvt_vgpu_engine_stats engines[UGVT_ENGINE_COUNT];
};

struct ugvt_vgpu;

/* NULL if out of memory or threads. loop serves the display's timers; it, and config->device, outlive the vGPU. */
struct ugvt_vgpu *ugvt_vgpu_create(const struct ugvt_vgpu_config *config, struct ugvt_loop *loop);
/* The transport must have stopped. NULL is allowed. */
void ugvt_vgpu_destroy(struct ugvt_vgpu *vgpu);

/* The device to give to a transport; its memory is created with it and owned by it. */
struct ugvt_pci_device *ugvt_vgpu_device(struct ugvt_vgpu *vgpu);

/* See ugvt_display_capture(). Any thread. */
int ugvt_vgpu_capture(struct ugvt_vgpu *vgpu, struct ugvt_picture *picture);
/* What has been counted since creation. Any thread. */
void ugvt_vgpu_stats(struct ugvt_vgpu *vgpu, struct ugvt_vgpu_stats *stats);

#endif
