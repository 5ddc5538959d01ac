/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BENCH_LOADS_H
#define UGVT_BENCH_LOADS_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "schedule/arbiter.h"
#include "tests/driver/scene.h"
#include "vgpu/vgpu.h"

/*
 * vGPUs of one parent in this process, each with guest memory and a client that drives its blitter, or its render engine, as i915 does:
 * it keeps several requests in the ring, sleeps until an interrupt, and refills. Requests are blits of 256 KB, or draws of SCENE_SIDE *
 * SCENE_SIDE pixels.
 */

/* Blits of one request. */
#define LOAD_BLITS 128
/* Draws of one request. */
#define LOAD_DRAWS 100

struct load_options {
	unsigned weight;
	bool idle; // there, without anything to do
	bool hangs; // each second, with an endless batch or shader; its client resets the engine then
	bool draws;
};

struct load {
	struct load_options options;
	struct ugvt_arbiter *arbiter;
	struct ugvt_tenant *tenant;
	struct ugvt_turns *turns;
	struct ugvt_loop *loop;
	struct ugvt_vgpu *vgpu;
	struct ugvt_pci_device *device;
	struct ugvt_irq_sink sink;
	sem_t interrupt;
	struct driver_bus bus;
	void *memory;
	struct driver driver;
	struct driver_context context;
	uint64_t pml4;           // guest physical address
	uint32_t batch, endless; // GGTT addresses
	struct scene scene, endless_scene;
	volatile uint32_t *result; // the last request that is done
	uint32_t result_address;
	uint32_t submitted;
	uint32_t seen;
	uint64_t seen_ns, hang_ns;
	unsigned resets;
	pthread_t thread;
	atomic_bool stop;
};

/* Its client's thread begins at once. Aborts on failure. */
void load_init(struct load *load, struct ugvt_arbiter *arbiter, const struct load_options *options);
void load_finish(struct load *load);

/* Requests done so far. */
uint32_t load_done(const struct load *load);
/* How long it has had the engine while others waited. */
uint64_t load_held_ns(const struct load *load);

#endif
