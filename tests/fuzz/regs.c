/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "device/guest_memory.h"
#include "vgpu/vgpu.h"

/*
 * The whole device behind its PCI seam: any accesses to configuration, registers, GGTT and aperture, over guest memory that is
 * filled from the input, with the engines running on what they find there. Nothing may crash, hang or leave the memory.
 */

#define MEMORY_SIZE (256u << 10)
#define OPS_MAX 512
#define GGTT_OFFSET (8u << 20)

struct op {
	uint8_t kind;
	uint8_t size;
	uint16_t spread;
	uint32_t offset;
	uint64_t value;
};

struct device {
	struct ugvt_loop *loop;
	struct ugvt_vgpu *vgpu;
	struct ugvt_pci_device *pci;
	uint8_t *memory;
};

/* libFuzzer gives no place to keep it: one device serves all inputs, reset in between as between two clients. */
static struct device fuzzed;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct ugvt_vgpu_config config = {
		.device = ugvt_device_at(0),
		.low_gm = 64u << 20,
		.high_gm = 384u << 20,
		.fences = 4,
		.width = 1024,
		.height = 768,
	};
	struct ugvt_guest_range range = {
		.size = MEMORY_SIZE, .prot = UGVT_PROT_READ | UGVT_PROT_WRITE};

	fuzzed.loop = ugvt_loop_create();
	fuzzed.vgpu = ugvt_vgpu_create(&config, fuzzed.loop);
	fuzzed.memory = malloc(MEMORY_SIZE);
	assert(fuzzed.vgpu && fuzzed.memory);
	fuzzed.pci = ugvt_vgpu_device(fuzzed.vgpu);
	range.host = fuzzed.memory;
	assert(ugvt_guest_memory_map(fuzzed.pci->memory, &range) == 0);
	return 0;
}

/* Most accesses go where hooks are; a few go anywhere. */
static uint64_t op_offset(const struct op *op)
{
	static const uint32_t places[] = {0x2000, 0x22000, 0x12000, 0x1a000, 0x44200, 0x64000,
		0x70000, 0x45000, 0xc5000, 0xa000, 0x9400, 0x100000, 0x138124, 0x78000, 0xc4000,
		0x60000};

	if (op->kind & 0x10) {
		return op->offset;
	}
	return places[op->spread % UGVT_ARRAY_SIZE(places)] + (op->offset & 0xffc);
}

static void op_access(enum ugvt_pci_region region, uint64_t offset, const struct op *op)
{
	uint8_t data[64];
	uint64_t limit = fuzzed.pci->regions[region].size;
	size_t size = 1 + op->size % sizeof(data);

	size = (op->kind & 0x20) ? 4 : size;
	offset %= limit;
	size = UGVT_MIN(size, limit - offset);
	memset(data, op->spread & 0xff, sizeof(data));
	memcpy(data, &op->value, sizeof(op->value));
	if (op->kind & 0x40) {
		fuzzed.pci->impl->region_read(fuzzed.pci, region, offset, data, size);
	} else {
		fuzzed.pci->impl->region_write(fuzzed.pci, region, offset, data, size);
	}
}

static void op_run(const struct op *op)
{
	switch (op->kind & 0x7) {
	case 0: op_access(UGVT_PCI_CONFIG, op->offset & 0x1ff, op); break;
	case 1: op_access(UGVT_PCI_BAR2, op->offset, op); break;
	case 2: op_access(UGVT_PCI_BAR0, GGTT_OFFSET + (op->offset & 0xfff8), op); break;
	case 3: ugvt_loop_step(fuzzed.loop, 0); break;
	default: op_access(UGVT_PCI_BAR0, op_offset(op), op); break;
	}
}

static void memory_fill(const uint8_t *data, size_t size)
{
	memset(fuzzed.memory, 0, MEMORY_SIZE);
	memcpy(fuzzed.memory, data, UGVT_MIN(size, (size_t)MEMORY_SIZE));
	/* The GGTT leads to it, one to one and round and round. */
	for (uint32_t i = 0; i < 2 * MEMORY_SIZE / 4096; i++) {
		uint64_t entry = (uint64_t)(i * 4096 % MEMORY_SIZE) | 3;

		fuzzed.pci->impl->region_write(
			fuzzed.pci, UGVT_PCI_BAR0, GGTT_OFFSET + 8 * i, &entry, sizeof(entry));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint16_t command = 0x6;
	struct op op;
	struct ugvt_picture picture;

	memory_fill(data, size);
	fuzzed.pci->impl->region_write(fuzzed.pci, UGVT_PCI_CONFIG, 4, &command, sizeof(command));
	for (unsigned i = 0; i < OPS_MAX && size >= sizeof(op); i++) {
		memcpy(&op, data, sizeof(op));
		data += sizeof(op);
		size -= sizeof(op);
		op_run(&op);
	}
	if (ugvt_vgpu_capture(fuzzed.vgpu, &picture) == 0) {
		ugvt_picture_finish(&picture);
	}
	fuzzed.pci->impl->reset(fuzzed.pci, UGVT_PCI_RESET_DISCONNECT);
	return 0;
}
