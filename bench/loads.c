/* SPDX-License-Identifier: MIT */
#include "bench/loads.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "device/guest_memory.h"
#include "gen/gt.h"
#include "gen/irq.h"
#include "schedule/turn.h"
#include "tests/worker/peer.h"

#define MEMORY_SIZE (16u << 20)
#define TARGET_GPA (8u << 20)
#define PITCH 4096u
#define ROWS 64u // 256 KB

/* In the ring at a time: enough work for several slices, so that a client that waits for a processor does not matter. */
#define REQUESTS 64

#define HANG_INTERVAL_NS UGVT_NS_PER_S
#define HANG_NOTICED_NS (200 * UGVT_NS_PER_MS)
#define HANG_DEADLINE_NS (50 * UGVT_NS_PER_MS)

#define MSI_FLAGS (0xac + 2)
#define RING_MI_MODE 0x9c
#define RING_IMR 0xa8
#define RING_RESET_CTL 0xd0

#define MI_NOOP 0u
#define MI_BATCH_BUFFER_END (0x0au << 23)
#define MI_STORE_DATA_IMM_GGTT (0x20u << 23 | 1u << 22 | 2)
#define MI_BATCH_BUFFER_START_GGTT (0x31u << 23 | 1)
#define XY_COLOR_BLT (2u << 29 | 0x50u << 22 | 3u << 20 | 5)
#define DEPTH_32 (3u << 24)
#define ROP_PATTERN (0xf0u << 16)

static enum ugvt_engine_id engine_of(const struct load *load)
{
	return load->options.draws ? UGVT_RCS : UGVT_BCS;
}

static void bus_read(struct driver_bus *bus, enum ugvt_pci_region region, uint64_t offset,
	void *data, size_t size)
{
	struct load *load = ugvt_container_of(bus, struct load, bus);

	load->device->impl->region_read(load->device, region, offset, data, size);
}

static void bus_write(struct driver_bus *bus, enum ugvt_pci_region region, uint64_t offset,
	const void *data, size_t size)
{
	struct load *load = ugvt_container_of(bus, struct load, bus);

	load->device->impl->region_write(load->device, region, offset, data, size);
}

static const struct driver_bus_impl bus_impl = {.read = bus_read, .write = bus_write};

static void sink_msi(struct ugvt_irq_sink *sink, unsigned vector)
{
	sem_post(&ugvt_container_of(sink, struct load, sink)->interrupt);
}

static void sink_intx(struct ugvt_irq_sink *sink, bool level)
{
}

static const struct ugvt_irq_sink_impl sink_impl = {.msi = sink_msi, .intx = sink_intx};

static void device_init(struct load *load)
{
	struct ugvt_vgpu_config config = {
		.device = ugvt_device_at(0),
		.low_gm = 128u << 20,
		.high_gm = 512u << 20,
		.fences = 4,
		.width = 1920,
		.height = 1200,
		.deadline_ns = load->options.hangs ? HANG_DEADLINE_NS : 0,
		.turns = load->turns,
	};
	struct ugvt_guest_range range = {
		.size = MEMORY_SIZE, .prot = UGVT_PROT_READ | UGVT_PROT_WRITE};
	uint16_t enable = 1;

	load->loop = ugvt_loop_create();
	load->vgpu = ugvt_vgpu_create(&config, load->loop);
	load->memory =
		mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!load->vgpu || load->memory == MAP_FAILED) {
		abort();
	}
	load->device = ugvt_vgpu_device(load->vgpu);
	load->device->sink = &load->sink;
	range.host = load->memory;
	if (ugvt_guest_memory_map(load->device->memory, &range) < 0) {
		abort();
	}
	driver_init(&load->driver, &load->bus, load->memory, MEMORY_SIZE);
	bus_write(&load->bus, UGVT_PCI_CONFIG, MSI_FLAGS, &enable, sizeof(enable));
}

static void batches_init(struct load *load)
{
	const uint32_t blit[] = {XY_COLOR_BLT, DEPTH_32 | ROP_PATTERN | PITCH, 0,
		ROWS << 16 | PITCH / 4, TARGET_GPA, 0, 1};
	const uint32_t store[] = {MI_STORE_DATA_IMM_GGTT, load->result_address + 64, 0, 1};
	uint32_t *host =
		driver_alloc_ggtt(&load->driver, sizeof(blit) * (LOAD_BLITS + 1), &load->batch);

	for (unsigned i = 0; i < LOAD_BLITS; i++) {
		memcpy(host + i * UGVT_ARRAY_SIZE(blit), blit, sizeof(blit));
	}
	host[LOAD_BLITS * UGVT_ARRAY_SIZE(blit)] = MI_BATCH_BUFFER_END;
	host = driver_alloc_ggtt(&load->driver, 4096, &load->endless);
	memcpy(host, store, sizeof(store));
	host[4] = MI_BATCH_BUFFER_START_GGTT;
	host[5] = load->endless;
}

/* Also after a reset. */
static void engine_init(struct load *load)
{
	uint32_t base = ugvt_engines[engine_of(load)].base;

	driver_write(&load->driver, base + 0x80, load->driver.status_page[engine_of(load)]);
	driver_write(&load->driver, base + 0x29c, 0x80008000);
	driver_write(&load->driver, base + RING_IMR, ~UGVT_GT_IRQ_USER);
}

static void scenes_init(struct load *load)
{
	scene_init(&load->scene, &load->driver);
	scene_count(&load->scene, LOAD_DRAWS);
	scene_init(&load->endless_scene, &load->driver);
	scene_endless(&load->endless_scene);
}

/* A new context's first words. */
static void context_begin(struct load *load)
{
	driver_context_init(&load->driver, &load->context, engine_of(load), load->pml4);
	if (load->options.draws) {
		scene_emit_state(&load->scene, &load->context);
	}
}

static void client_init(struct load *load)
{
	struct driver *driver = &load->driver;

	load->pml4 = peer_identity_map(driver);
	load->result = driver_alloc_ggtt(driver, 4096, &load->result_address);
	batches_init(load);
	scenes_init(load);
	driver_irq_enable(driver);
	driver_engine_init(driver, engine_of(load));
	context_begin(load);
	engine_init(load);
	load->hang_ns = ugvt_clock_ns() + HANG_INTERVAL_NS;
}

static void emit_batch(struct load *load, uint32_t address)
{
	const uint32_t dw[] = {MI_BATCH_BUFFER_START_GGTT, address, 0, MI_NOOP};

	driver_emit(&load->context, dw, UGVT_ARRAY_SIZE(dw));
}

static void emit_request(struct load *load)
{
	if (load->options.draws) {
		scene_emit_draws(&load->scene, &load->context);
	} else {
		emit_batch(load, load->batch);
	}
}

static void emit_endless(struct load *load)
{
	if (load->options.draws) {
		scene_emit_state(&load->endless_scene, &load->context);
		scene_emit_draws(&load->endless_scene, &load->context);
	} else {
		emit_batch(load, load->endless);
	}
}

uint32_t load_done(const struct load *load)
{
	return __atomic_load_n(load->result, __ATOMIC_ACQUIRE);
}

uint64_t load_held_ns(const struct load *load)
{
	struct ugvt_tenant_stats stats;

	ugvt_tenant_stats(load->arbiter, load->tenant, &stats);
	return stats.held_ns[engine_of(load)];
}

static void refill(struct load *load)
{
	uint32_t before = load->submitted;

	if (load->options.hangs && ugvt_clock_ns() >= load->hang_ns) {
		load->hang_ns += HANG_INTERVAL_NS;
		emit_endless(load);
		before--;
	}
	while (load->submitted - load_done(load) < REQUESTS) {
		emit_request(load);
		driver_emit_breadcrumb(&load->context, load->result_address, ++load->submitted);
	}
	if (load->submitted != before) {
		driver_submit(&load->driver, &load->context, NULL);
	}
}

/* As i915 does when a ring does not move on: the engine is reset, and begins with a ring and an image that are new. */
static void engine_reset(struct load *load)
{
	uint32_t base = ugvt_engines[engine_of(load)].base;
	struct driver *driver = &load->driver;

	driver_write(driver, base + RING_MI_MODE, 0x01000100);
	driver_write(driver, base + RING_RESET_CTL, 0x00010001);
	driver_read(driver, base + RING_RESET_CTL);
	driver_write(driver, UGVT_GDRST, UGVT_BIT(ugvt_engines[engine_of(load)].reset_bit));
	driver_write(driver, base + RING_RESET_CTL, 0x00010000);
	engine_init(load);
	context_begin(load);
	load->submitted = load_done(load);
	load->resets++;
}

static void interrupt_wait(struct load *load)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 50 * (long)UGVT_NS_PER_MS;
	if (until.tv_nsec >= (long)UGVT_NS_PER_S) {
		until.tv_nsec -= (long)UGVT_NS_PER_S;
		until.tv_sec++;
	}
	while (sem_timedwait(&load->interrupt, &until) < 0 && errno == EINTR) {
	}
	driver_irq_handle(&load->driver);
}

static void progress_check(struct load *load)
{
	uint32_t done = load_done(load);
	uint64_t now = ugvt_clock_ns();

	if (done != load->seen) {
		load->seen = done;
		load->seen_ns = now;
	} else if (load->options.hangs && now > load->seen_ns + HANG_NOTICED_NS) {
		engine_reset(load);
		load->seen_ns = now;
	}
}

static void *client_main(void *arg)
{
	struct load *load = arg;

	while (!atomic_load(&load->stop)) {
		refill(load);
		interrupt_wait(load);
		progress_check(load);
	}
	return NULL;
}

void load_init(struct load *load, struct ugvt_arbiter *arbiter, const struct load_options *options)
{
	const struct ugvt_claim_terms terms = {.weight = options->weight};

	*load = (struct load){.options = *options,
		.arbiter = arbiter,
		.bus.impl = &bus_impl,
		.sink.impl = &sink_impl};
	sem_init(&load->interrupt, 0, 0);
	load->turns = ugvt_turns_create();
	load->tenant = ugvt_arbiter_add(arbiter, &terms);
	if (!load->turns || !load->tenant ||
		ugvt_turns_govern(load->turns, dup(ugvt_tenant_page_fd(load->tenant)),
			dup(ugvt_tenant_doorbell_fd(load->tenant))) < 0) {
		abort();
	}
	device_init(load);
	client_init(load);
	if (!options->idle && pthread_create(&load->thread, NULL, client_main, load) != 0) {
		abort();
	}
}

void load_finish(struct load *load)
{
	atomic_store(&load->stop, true);
	if (!load->options.idle) {
		pthread_join(load->thread, NULL);
	}
	ugvt_vgpu_destroy(load->vgpu);
	ugvt_loop_destroy(load->loop);
	ugvt_arbiter_remove(load->arbiter, load->tenant);
	ugvt_turns_destroy(load->turns);
	munmap(load->memory, MEMORY_SIZE);
	sem_destroy(&load->interrupt);
}
