/* SPDX-License-Identifier: MIT */
#include "tests/driver/driver.h"

#include <assert.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "base/bits.h"
#include "gen/irq.h"
#include "gpu/mem/ggtt.h"

#define GGTT_OFFSET (8u << 20)
#define PTE_PRESENT_RW 3u

/* Offsets in an engine's block and layout of the context image: i915 intel_engine_regs.h, intel_lrc_reg.h. */
#define RING_TAIL 0x30
#define RING_HEAD 0x34
#define RING_START 0x38
#define RING_CTL 0x3c
#define RING_HWS_PGA 0x80
#define RING_MODE 0x29c
#define RING_IMR 0xa8
#define RING_ELSP 0x230
#define RING_CONTEXT_CONTROL 0x244
#define RING_PDP_UDW(n) (0x270 + 8 * (n) + 4)
#define RING_PDP_LDW(n) (0x270 + 8 * (n))

#define MI_NOOP 0u
#define MI_USER_INTERRUPT (0x02u << 23)
#define MI_STORE_DATA_IMM_GGTT (0x20u << 23 | 1u << 22 | 2)
#define MI_LRI(n) (0x22u << 23 | 1u << 12 | (2 * (n)-1))

uint32_t driver_read(struct driver *driver, uint32_t offset)
{
	uint32_t value;

	driver->bus->impl->read(driver->bus, UGVT_PCI_BAR0, offset, &value, sizeof(value));
	return value;
}

void driver_write(struct driver *driver, uint32_t offset, uint32_t value)
{
	driver->bus->impl->write(driver->bus, UGVT_PCI_BAR0, offset, &value, sizeof(value));
}

void driver_init(struct driver *driver, struct driver_bus *bus, void *memory, uint64_t size)
{
	uint16_t command = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;

	*driver = (struct driver){.bus = bus, .memory = memory, .size = size, .contexts = 1};
	/* Address 0 stays unmapped, so that a zero found by mistake faults. */
	driver->ggtt_used = 1u << 20;
	bus->impl->write(bus, UGVT_PCI_CONFIG, PCI_COMMAND, &command, sizeof(command));
}

void *driver_alloc(struct driver *driver, uint64_t size, uint64_t *gpa)
{
	void *host = driver->memory + driver->used;

	size = UGVT_ALIGN_UP(size, (uint64_t)UGVT_PAGE_SIZE);
	assert(driver->used + size <= driver->size);
	if (gpa) {
		*gpa = driver->gpa + driver->used;
	}
	driver->used += size;
	memset(host, 0, size);
	return host;
}

void driver_ggtt_map(struct driver *driver, uint32_t address, uint64_t gpa, uint64_t size)
{
	for (uint64_t at = 0; at < size; at += UGVT_PAGE_SIZE) {
		uint64_t entry = (gpa + at) | PTE_PRESENT_RW;

		driver->bus->impl->write(driver->bus, UGVT_PCI_BAR0,
			GGTT_OFFSET + (address + at) / UGVT_PAGE_SIZE * 8, &entry, sizeof(entry));
	}
}

void *driver_alloc_ggtt(struct driver *driver, uint64_t size, uint32_t *address)
{
	uint64_t gpa;
	void *host = driver_alloc(driver, size, &gpa);

	*address = driver->ggtt_used;
	driver_ggtt_map(driver, *address, gpa, size);
	driver->ggtt_used += (uint32_t)UGVT_ALIGN_UP(size, (uint64_t)UGVT_PAGE_SIZE);
	return host;
}

void driver_irq_enable(struct driver *driver)
{
	for (unsigned i = 0; i < 4; i++) {
		driver_write(driver, 0x44300 + 0x10 * i + UGVT_IRQ_IMR, 0);
		driver_write(driver, 0x44300 + 0x10 * i + UGVT_IRQ_IER, 0xffffffff);
	}
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		driver_write(driver, ugvt_engines[id].base + RING_IMR, 0);
	}
	driver_write(driver, UGVT_MASTER_IRQ, UGVT_MASTER_IRQ_ENABLE);
}

uint32_t driver_irq_handle(struct driver *driver)
{
	uint32_t iir[4];

	driver_write(driver, UGVT_MASTER_IRQ, 0);
	for (unsigned i = 0; i < 4; i++) {
		iir[i] = driver_read(driver, 0x44300 + 0x10 * i + UGVT_IRQ_IIR);
		driver_write(driver, 0x44300 + 0x10 * i + UGVT_IRQ_IIR, iir[i]);
	}
	driver_write(driver, UGVT_MASTER_IRQ, UGVT_MASTER_IRQ_ENABLE);
	return iir[0];
}

void driver_engine_init(struct driver *driver, enum ugvt_engine_id engine)
{
	uint32_t base = ugvt_engines[engine].base;

	driver->status[engine] =
		driver_alloc_ggtt(driver, UGVT_PAGE_SIZE, &driver->status_page[engine]);
	driver_write(driver, base + RING_HWS_PGA, driver->status_page[engine]);
	driver_write(driver, base + RING_MODE, 0x80008000);
}

static void state_set(
	struct driver_context *context, unsigned dword, uint32_t offset, uint32_t value)
{
	context->state[dword] = ugvt_engines[context->engine].base + offset;
	context->state[dword + 1] = value;
}

static void state_init(struct driver_context *context, uint64_t pml4)
{
	uint32_t *state = context->state;

	state[1] = MI_LRI(14);
	/* Synchronous context switches inhibited, no engine context to restore. */
	state_set(context, 2, RING_CONTEXT_CONTROL, 0x00090009);
	state_set(context, 4, RING_HEAD, 0);
	state_set(context, 6, RING_TAIL, 0);
	state_set(context, 8, RING_START, context->ring);
	state_set(context, 10, RING_CTL, (DRIVER_RING_SIZE - 4096) | 1);
	state[0x21] = MI_LRI(9);
	state_set(context, 0x22, 0x3a8, 0);
	for (unsigned n = 0; n < 4; n++) {
		state_set(context, 0x24 + 4 * (3 - n), RING_PDP_UDW(n), 0);
		state_set(context, 0x26 + 4 * (3 - n), RING_PDP_LDW(n), 0);
	}
	state_set(context, 0x30, RING_PDP_UDW(0), ugvt_hi32(pml4));
	state_set(context, 0x32, RING_PDP_LDW(0), ugvt_lo32(pml4));
}

void driver_context_init(struct driver *driver, struct driver_context *context,
	enum ugvt_engine_id engine, uint64_t pml4)
{
	uint8_t *image;

	*context = (struct driver_context){.engine = engine, .id = driver->contexts++};
	image = driver_alloc_ggtt(driver,
		ugvt_engines[engine].context_pages * (uint64_t)UGVT_PAGE_SIZE, &context->image);
	context->state = (uint32_t *)(image + UGVT_PAGE_SIZE);
	context->ring_host = driver_alloc_ggtt(driver, DRIVER_RING_SIZE, &context->ring);
	state_init(context, pml4);
}

void driver_emit(struct driver_context *context, const uint32_t *dw, unsigned n)
{
	assert(n % 2 == 0);
	for (unsigned i = 0; i < n; i++) {
		context->ring_host[context->tail / 4] = dw[i];
		context->tail = (context->tail + 4) % DRIVER_RING_SIZE;
	}
}

void driver_emit_breadcrumb(struct driver_context *context, uint32_t address, uint32_t value)
{
	const uint32_t dw[] = {
		MI_STORE_DATA_IMM_GGTT, address, 0, value, MI_USER_INTERRUPT, MI_NOOP};

	driver_emit(context, dw, UGVT_ARRAY_SIZE(dw));
}

/* Descriptor: valid, privileged, 64-bit PPGTT in legacy mode. */
static uint64_t descriptor(const struct driver_context *context)
{
	return context ? ugvt_u64(context->image | 3 << 3 | 1 << 8 | 1, context->id) : 0;
}

static void tail_publish(struct driver_context *context)
{
	if (context) {
		__atomic_store_n(&context->state[7], context->tail, __ATOMIC_RELEASE);
	}
}

void driver_submit(
	struct driver *driver, struct driver_context *first, struct driver_context *second)
{
	uint32_t elsp = ugvt_engines[first->engine].base + RING_ELSP;
	uint64_t descriptors[2] = {descriptor(first), descriptor(second)};

	tail_publish(first);
	tail_publish(second);
	driver_write(driver, elsp, ugvt_hi32(descriptors[1]));
	driver_write(driver, elsp, ugvt_lo32(descriptors[1]));
	driver_write(driver, elsp, ugvt_hi32(descriptors[0]));
	driver_write(driver, elsp, ugvt_lo32(descriptors[0]));
}
