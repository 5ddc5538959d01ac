/* SPDX-License-Identifier: MIT */
#include "vgpu/vgpu.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/clock.h"
#include "vgpu/engine.h"
#include "vgpu/vgpu_state.h"

#define BAR0_SIZE (16u << 20)
#define GGTT_OFFSET (8u << 20) // of the GGTT's entries in BAR0
#define ALL_ENGINES (UGVT_BIT(UGVT_ENGINE_COUNT) - 1)

static struct ugvt_vgpu *vgpu_from_device(struct ugvt_pci_device *device)
{
	return ugvt_container_of(device, struct ugvt_vgpu, device);
}

static void count(_Atomic uint64_t *counter)
{
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

uint64_t ugvt_vgpu_timestamp(const struct ugvt_vgpu *vgpu)
{
	uint64_t ns = ugvt_clock_ns() - vgpu->timestamp_start_ns;
	uint64_t hz = vgpu->config.device->timestamp_hz;

	return ns / UGVT_NS_PER_S * hz + ns % UGVT_NS_PER_S * hz / UGVT_NS_PER_S;
}

static uint32_t reg_read(struct ugvt_vgpu *vgpu, uint32_t offset)
{
	uint32_t value;

	count(&vgpu->counters.reg_reads);
	if (!ugvt_regfile_read_is_hooked(&vgpu->regs, offset)) {
		return ugvt_regfile_peek(&vgpu->regs, offset);
	}
	pthread_mutex_lock(&vgpu->lock);
	value = ugvt_regfile_read(&vgpu->regs, offset);
	pthread_mutex_unlock(&vgpu->lock);
	return value;
}

static void engines_hold(struct ugvt_vgpu *vgpu, uint32_t engines)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		if ((engines & UGVT_BIT(id)) && vgpu->engines[id]) {
			ugvt_engine_hold(vgpu->engines[id]);
		}
	}
}

static void engines_release(struct ugvt_vgpu *vgpu, uint32_t engines)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		if (engines & UGVT_BIT(id)) {
			ugvt_engine_release(vgpu->engines[id]);
		}
	}
}

/* Of engines that are held: one that still ran could submit to another that has been reset. */
static void engines_reset(struct ugvt_vgpu *vgpu, uint32_t engines)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		if (engines & UGVT_BIT(id)) {
			ugvt_engine_reset(vgpu->engines[id]);
		}
	}
}

/* Finishes what a write left for after the lock. */
static void deferred_run(struct ugvt_vgpu *vgpu, uint32_t resets, uint32_t quiesces)
{
	engines_hold(vgpu, resets | quiesces);
	engines_reset(vgpu, resets);
	engines_release(vgpu, resets | quiesces);
}

static void reg_write(struct ugvt_vgpu *vgpu, uint32_t offset, uint32_t value)
{
	uint32_t resets, quiesces;

	count(&vgpu->counters.reg_writes);
	pthread_mutex_lock(&vgpu->lock);
	ugvt_regfile_write(&vgpu->regs, offset, value);
	resets = vgpu->reset_engines;
	quiesces = vgpu->quiesce_engines;
	vgpu->reset_engines = 0;
	vgpu->quiesce_engines = 0;
	pthread_mutex_unlock(&vgpu->lock);
	if (resets | quiesces) {
		deferred_run(vgpu, resets, quiesces);
	}
}

/* Registers are dwords: other sizes read the dwords they touch, and write what they do not touch back as it was. */
static void regs_read(struct ugvt_vgpu *vgpu, uint32_t offset, void *data, size_t size)
{
	char *out = data;

	while (size > 0) {
		uint32_t value = reg_read(vgpu, offset & ~3u);
		unsigned skip = offset & 3;
		size_t part = UGVT_MIN(size, 4 - skip);

		memcpy(out, (char *)&value + skip, part);
		out += part;
		offset += (uint32_t)part;
		size -= part;
	}
}

static void regs_write(struct ugvt_vgpu *vgpu, uint32_t offset, const void *data, size_t size)
{
	const char *in = data;

	while (size > 0) {
		unsigned skip = offset & 3;
		size_t part = UGVT_MIN(size, 4 - skip);
		uint32_t value = part == 4 ? 0 : ugvt_regfile_peek(&vgpu->regs, offset & ~3u);

		memcpy((char *)&value + skip, in, part);
		reg_write(vgpu, offset & ~3u, value);
		in += part;
		offset += (uint32_t)part;
		size -= part;
	}
}

/* One access may end in the registers and go on past them. */
static size_t part_of(uint64_t offset, size_t size)
{
	uint64_t end = offset < UGVT_MMIO_SIZE ? UGVT_MMIO_SIZE
		       : offset < GGTT_OFFSET  ? GGTT_OFFSET
					       : UGVT_MIN(offset / 8 * 8 + 8, (uint64_t)BAR0_SIZE);

	return UGVT_MIN(size, end - offset);
}

static void bar0_read(struct ugvt_vgpu *vgpu, uint64_t offset, char *data, size_t size)
{
	while (size > 0) {
		size_t part = part_of(offset, size);

		if (offset < UGVT_MMIO_SIZE) {
			regs_read(vgpu, (uint32_t)offset, data, part);
		} else if (offset < GGTT_OFFSET) {
			memset(data, 0, part);
		} else {
			ugvt_ggtt_read(&vgpu->ggtt, (uint32_t)(offset - GGTT_OFFSET), data,
				(unsigned)part);
		}
		data += part;
		offset += part;
		size -= part;
	}
}

static void bar0_write(struct ugvt_vgpu *vgpu, uint64_t offset, const char *data, size_t size)
{
	while (size > 0) {
		size_t part = part_of(offset, size);

		if (offset < UGVT_MMIO_SIZE) {
			regs_write(vgpu, (uint32_t)offset, data, part);
		} else if (offset >= GGTT_OFFSET) {
			count(&vgpu->counters.ggtt_writes);
			ugvt_ggtt_write(&vgpu->ggtt, (uint32_t)(offset - GGTT_OFFSET), data,
				(unsigned)part);
		}
		data += part;
		offset += part;
		size -= part;
	}
}

static void config_changed(struct ugvt_vgpu *vgpu)
{
	ugvt_guest_memory_enable(vgpu->device.memory, ugvt_pci_config_bus_master(&vgpu->pci));
	pthread_mutex_lock(&vgpu->lock);
	ugvt_vgpu_irq_route(vgpu, ugvt_pci_config_irq_route(&vgpu->pci));
	pthread_mutex_unlock(&vgpu->lock);
}

static void vgpu_region_read(struct ugvt_pci_device *device, enum ugvt_pci_region region,
	uint64_t offset, void *data, size_t size)
{
	struct ugvt_vgpu *vgpu = vgpu_from_device(device);

	switch (region) {
	case UGVT_PCI_BAR0: bar0_read(vgpu, offset, data, size); break;
	case UGVT_PCI_BAR2: ugvt_vgpu_aperture_read(vgpu, offset, data, size); break;
	case UGVT_PCI_ROM: memcpy(data, &vgpu->rom[offset], size); break;
	case UGVT_PCI_CONFIG: ugvt_pci_config_read(&vgpu->pci, offset, data, size); break;
	default: memset(data, 0xff, size); break;
	}
}

static void vgpu_region_write(struct ugvt_pci_device *device, enum ugvt_pci_region region,
	uint64_t offset, const void *data, size_t size)
{
	struct ugvt_vgpu *vgpu = vgpu_from_device(device);

	switch (region) {
	case UGVT_PCI_BAR0: bar0_write(vgpu, offset, data, size); break;
	case UGVT_PCI_BAR2: ugvt_vgpu_aperture_write(vgpu, offset, data, size); break;
	case UGVT_PCI_CONFIG:
		ugvt_pci_config_write(&vgpu->pci, offset, data, size);
		config_changed(vgpu);
		break;
	default: break;
	}
}

static void state_reset(struct ugvt_vgpu *vgpu)
{
	pthread_mutex_lock(&vgpu->lock);
	ugvt_regfile_reset(&vgpu->regs);
	ugvt_vgpu_gt_reset(vgpu);
	ugvt_vgpu_pvinfo_reset(vgpu);
	ugvt_vgpu_irq_reset(vgpu);
	ugvt_display_reset(vgpu->display);
	memset(vgpu->elsp_count, 0, sizeof(vgpu->elsp_count));
	vgpu->reset_engines = 0;
	vgpu->quiesce_engines = 0;
	pthread_mutex_unlock(&vgpu->lock);
	ugvt_pci_config_init(&vgpu->pci, &vgpu->config);
	config_changed(vgpu);
}

/* The GTT lies in the machine's memory (PRM BDW vol 5, "GSM"), which a reset leaves alone: Linux 6.1's i915 relies on that when it
 * resumes (suspend_retains_ptes). */
static void vgpu_reset(struct ugvt_pci_device *device, enum ugvt_pci_reset why)
{
	struct ugvt_vgpu *vgpu = vgpu_from_device(device);

	engines_hold(vgpu, ALL_ENGINES);
	engines_reset(vgpu, ALL_ENGINES);
	state_reset(vgpu);
	if (why == UGVT_PCI_RESET_DISCONNECT) {
		ugvt_ggtt_reset(&vgpu->ggtt);
	}
	engines_release(vgpu, ALL_ENGINES);
}

static const struct ugvt_pci_device_impl device_impl = {
	.region_read = vgpu_region_read,
	.region_write = vgpu_region_write,
	.reset = vgpu_reset,
};

static void display_interrupt(
	struct ugvt_display_host *host, enum ugvt_display_irq irq, uint32_t bits)
{
	static const enum ugvt_irq_group groups[] = {
		[UGVT_DISPLAY_IRQ_PIPE_A] = UGVT_IRQ_PIPE_A,
		[UGVT_DISPLAY_IRQ_PIPE_B] = UGVT_IRQ_PIPE_B,
		[UGVT_DISPLAY_IRQ_PIPE_C] = UGVT_IRQ_PIPE_C,
		[UGVT_DISPLAY_IRQ_PORT] = UGVT_IRQ_PORT,
		[UGVT_DISPLAY_IRQ_SOUTH] = UGVT_IRQ_SOUTH,
	};
	struct ugvt_vgpu *vgpu = ugvt_container_of(host, struct ugvt_vgpu, display_host);

	ugvt_vgpu_irq_raise(vgpu, groups[irq], bits);
}

static const struct ugvt_display_host_impl display_host_impl = {
	.interrupt = display_interrupt,
};

static void device_init(struct ugvt_vgpu *vgpu)
{
	const uint32_t read = UGVT_PCI_REGION_READ;
	const uint32_t read_write = UGVT_PCI_REGION_READ | UGVT_PCI_REGION_WRITE;
	struct ugvt_pci_device *device = &vgpu->device;

	ugvt_pci_device_init(device, &device_impl);
	device->regions[UGVT_PCI_BAR0] =
		(struct ugvt_pci_region_info){.size = BAR0_SIZE, .flags = read_write};
	device->regions[UGVT_PCI_BAR2] =
		(struct ugvt_pci_region_info){.size = vgpu->config.low_gm, .flags = read_write};
	device->regions[UGVT_PCI_ROM] =
		(struct ugvt_pci_region_info){.size = UGVT_VBIOS_SIZE, .flags = read};
	device->regions[UGVT_PCI_CONFIG] =
		(struct ugvt_pci_region_info){.size = UGVT_PCI_CONFIG_SIZE, .flags = read_write};
	device->irqs[UGVT_PCI_INTX] = 1;
	device->irqs[UGVT_PCI_MSI] = 1;
	ugvt_vbios_build(vgpu->rom, vgpu->config.device->device_id, vgpu->config.direct);
}

static bool display_init(struct ugvt_vgpu *vgpu, struct ugvt_loop *loop)
{
	struct ugvt_display_config config = {
		.host = &vgpu->display_host,
		.regs = &vgpu->regs,
		.memory = vgpu->device.memory,
		.ggtt = &vgpu->ggtt,
		.loop = loop,
		.lock = &vgpu->lock,
		.width = vgpu->config.width,
		.height = vgpu->config.height,
		.desktop = vgpu->config.direct,
	};

	vgpu->display_host.impl = &display_host_impl;
	vgpu->display = ugvt_display_create(&config);
	return vgpu->display != NULL;
}

static bool engines_init(struct ugvt_vgpu *vgpu)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		vgpu->engines[id] = ugvt_engine_create(vgpu, (enum ugvt_engine_id)id);
		if (!vgpu->engines[id]) {
			return false;
		}
	}
	return true;
}

static void units_init(struct ugvt_vgpu *vgpu)
{
	ugvt_vgpu_gt_init(vgpu);
	ugvt_vgpu_irq_init(vgpu);
	ugvt_vgpu_pvinfo_init(vgpu);
	ugvt_vgpu_engine_regs_init(vgpu);
}

struct ugvt_vgpu *ugvt_vgpu_create(const struct ugvt_vgpu_config *config, struct ugvt_loop *loop)
{
	struct ugvt_vgpu *vgpu = calloc(1, sizeof(*vgpu));

	if (!vgpu) {
		return NULL;
	}
	vgpu->config = *config;
	vgpu->timestamp_start_ns = ugvt_clock_ns();
	pthread_mutex_init(&vgpu->lock, NULL);
	device_init(vgpu);
	vgpu->device.memory = ugvt_guest_memory_create();
	if (!vgpu->device.memory || !ugvt_ggtt_init(&vgpu->ggtt) ||
		!ugvt_regfile_init(&vgpu->regs, config->device->platform)) {
		goto fail;
	}
	units_init(vgpu);
	ugvt_aspace_init(&vgpu->aperture, vgpu->device.memory, &vgpu->ggtt);
	if (!display_init(vgpu, loop) || !engines_init(vgpu)) {
		goto fail;
	}
	state_reset(vgpu);
	return vgpu;

fail:
	ugvt_vgpu_destroy(vgpu);
	return NULL;
}

void ugvt_vgpu_destroy(struct ugvt_vgpu *vgpu)
{
	if (!vgpu) {
		return;
	}
	/* They know one another: the last may not submit to the first when that is gone. */
	engines_hold(vgpu, ALL_ENGINES);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		ugvt_engine_destroy(vgpu->engines[id]);
	}
	ugvt_display_destroy(vgpu->display);
	ugvt_regfile_finish(&vgpu->regs);
	ugvt_ggtt_finish(&vgpu->ggtt);
	ugvt_guest_memory_destroy(vgpu->device.memory);
	pthread_mutex_destroy(&vgpu->lock);
	free(vgpu);
}

struct ugvt_pci_device *ugvt_vgpu_device(struct ugvt_vgpu *vgpu)
{
	return &vgpu->device;
}

int ugvt_vgpu_capture(struct ugvt_vgpu *vgpu, struct ugvt_picture *picture)
{
	return ugvt_display_capture(vgpu->display, picture);
}

void ugvt_vgpu_stats(struct ugvt_vgpu *vgpu, struct ugvt_vgpu_stats *stats)
{
	const struct ugvt_vgpu_counters *counters = &vgpu->counters;

	*stats = (struct ugvt_vgpu_stats){
		.reg_reads = atomic_load(&counters->reg_reads),
		.reg_writes = atomic_load(&counters->reg_writes),
		.ggtt_writes = atomic_load(&counters->ggtt_writes),
		.aperture_accesses = atomic_load(&counters->aperture_accesses),
		.interrupts = atomic_load(&counters->interrupts),
		.frames = ugvt_display_frames(vgpu->display),
	};
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		ugvt_engine_stats(vgpu->engines[id], &stats->engines[id]);
	}
}
