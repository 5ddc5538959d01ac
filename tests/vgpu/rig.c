/* SPDX-License-Identifier: MIT */
#include "tests/vgpu/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <time.h>

#include <cmocka.h>

#include "base/bits.h"
#include "device/guest_memory.h"

#define WAIT_STEPS 60000
#define WAIT_STEP_NS 500000

static void bus_read(struct driver_bus *bus, enum ugvt_pci_region region, uint64_t offset,
	void *data, size_t size)
{
	struct rig *rig = ugvt_container_of(bus, struct rig, bus);

	rig->device->impl->region_read(rig->device, region, offset, data, size);
}

static void bus_write(struct driver_bus *bus, enum ugvt_pci_region region, uint64_t offset,
	const void *data, size_t size)
{
	struct rig *rig = ugvt_container_of(bus, struct rig, bus);

	rig->device->impl->region_write(rig->device, region, offset, data, size);
}

static const struct driver_bus_impl bus_impl = {.read = bus_read, .write = bus_write};

static void sink_msi(struct ugvt_irq_sink *sink, unsigned vector)
{
	struct rig *rig = ugvt_container_of(sink, struct rig, sink);

	atomic_fetch_add(&rig->msis, 1);
}

static void sink_intx(struct ugvt_irq_sink *sink, bool level)
{
	struct rig *rig = ugvt_container_of(sink, struct rig, sink);

	atomic_store(&rig->intx, level);
}

static const struct ugvt_irq_sink_impl sink_impl = {.msi = sink_msi, .intx = sink_intx};

void rig_init(struct rig *rig, bool direct)
{
	rig_init_options(rig, &(struct rig_options){.direct = direct});
}

void rig_init_options(struct rig *rig, const struct rig_options *options)
{
	struct ugvt_vgpu_config config = {
		.device = ugvt_device_at(0),
		.low_gm = 128u << 20,
		.high_gm = 512u << 20,
		.fences = options->direct ? 32 : 4,
		.width = 1920,
		.height = 1200,
		.direct = options->direct,
		.deadline_ns = options->deadline_ns,
		.turns = options->turns,
	};
	struct ugvt_guest_range range = {
		.size = RIG_MEMORY_SIZE, .prot = UGVT_PROT_READ | UGVT_PROT_WRITE};

	*rig = (struct rig){.bus.impl = &bus_impl, .sink.impl = &sink_impl};
	rig->loop = ugvt_loop_create();
	assert_non_null(rig->loop);
	rig->vgpu = ugvt_vgpu_create(&config, rig->loop);
	assert_non_null(rig->vgpu);
	rig->device = ugvt_vgpu_device(rig->vgpu);
	rig->device->sink = &rig->sink;
	rig->memory = mmap(
		NULL, RIG_MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(rig->memory, MAP_FAILED);
	range.host = rig->memory;
	assert_int_equal(ugvt_guest_memory_map(rig->device->memory, &range), 0);
	driver_init(&rig->driver, &rig->bus, rig->memory, RIG_MEMORY_SIZE);
}

void rig_finish(struct rig *rig)
{
	ugvt_guest_memory_unmap(rig->device->memory, 0, RIG_MEMORY_SIZE, NULL);
	ugvt_vgpu_destroy(rig->vgpu);
	ugvt_loop_destroy(rig->loop);
	munmap(rig->memory, RIG_MEMORY_SIZE);
}

static void step_sleep(void)
{
	nanosleep(&(struct timespec){0, WAIT_STEP_NS}, NULL);
}

uint32_t rig_word(const volatile uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

void rig_wait_word(const volatile uint32_t *word, uint32_t value)
{
	for (unsigned i = 0; i < WAIT_STEPS; i++) {
		if (rig_word(word) == value) {
			return;
		}
		step_sleep();
	}
	fail_msg("word is 0x%x, 0x%x was expected", rig_word(word), value);
}

void rig_wait_msi(struct rig *rig, unsigned count)
{
	for (unsigned i = 0; i < WAIT_STEPS; i++) {
		if (atomic_load(&rig->msis) > count) {
			return;
		}
		step_sleep();
	}
	fail_msg("no MSI came after the first %u", count);
}

void rig_wait_reg(struct rig *rig, uint32_t offset, uint32_t bits)
{
	for (unsigned i = 0; i < WAIT_STEPS; i++) {
		if ((driver_read(&rig->driver, offset) & bits) == bits) {
			return;
		}
		step_sleep();
	}
	fail_msg("register 0x%x never showed 0x%x", offset, bits);
}

uint32_t rig_config_read(struct rig *rig, unsigned offset, size_t size)
{
	uint32_t value = 0;

	rig->device->impl->region_read(rig->device, UGVT_PCI_CONFIG, offset, &value, size);
	return value;
}

void rig_config_write(struct rig *rig, unsigned offset, uint32_t value, size_t size)
{
	rig->device->impl->region_write(rig->device, UGVT_PCI_CONFIG, offset, &value, size);
}
