/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/blt/blt.h"
#include "tests/gpu/space.h"

/*
 * 2D commands from the input, one after the other with the state that they leave, decoded and executed for a while. One table
 * is all levels of the address space but the last, so that every address leads to some page: one of a few, one that can't be
 * written, or none.
 *
 * Input: a byte of flags (BCS_SWCTRL, budget), then for each command a byte that chooses the opcode (or none) and dwords.
 */

enum {
	PAGES = 64,
	STEPS = 8, // of an operation at most
	DWORDS = UGVT_BLT_DWORDS_MAX,
};

static const uint8_t opcodes[] = {0x01, 0x03, 0x11, 0x24, 0x25, 0x26, 0x31, 0x40, 0x42, 0x43, 0x50,
	0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76,
	0x77};

struct input {
	const uint8_t *data;
	size_t size;
};

static uint8_t input_byte(struct input *in)
{
	if (in->size == 0) {
		return 0;
	}
	in->size--;
	return *in->data++;
}

static void space_fill(struct space *space)
{
	ugvt_gpa tables = space_alloc(space, 4 * UGVT_PAGE_SIZE, UGVT_PAGE_SIZE);
	ugvt_gpa pages = space_alloc(space, PAGES * UGVT_PAGE_SIZE, UGVT_PAGE_SIZE);
	uint64_t *pml4 = space_host(space, space->pml4);
	uint64_t *upper = space_host(space, tables);

	for (unsigned i = 0; i < 512; i++) {
		pml4[i] = tables | SPACE_RW;
		for (unsigned level = 0; level < 2; level++) {
			upper[level * 512 + i] = (tables + (level + 1) * UGVT_PAGE_SIZE) | SPACE_RW;
		}
		upper[2 * 512 + i] = (pages + i % PAGES * UGVT_PAGE_SIZE) | SPACE_RW;
		if (i % 16 == 7) {
			upper[2 * 512 + i] &= ~(i % 32 == 7 ? SPACE_PRESENT : SPACE_WRITABLE);
		}
	}
}

/* The next command; its length is the header's. 0: no more input. */
static unsigned command_read(struct input *in, uint32_t *dw)
{
	uint8_t choice = input_byte(in);
	unsigned n;

	if (in->size < sizeof(*dw)) {
		return 0;
	}
	memcpy(dw, in->data, sizeof(*dw));
	if (choice < 224) {
		dw[0] = (dw[0] & UGVT_MASK(21, 0)) | 2u << 29 |
			(uint32_t)opcodes[choice % UGVT_ARRAY_SIZE(opcodes)] << 22;
	}
	n = UGVT_MIN((dw[0] & 0xff) + 2, in->size / sizeof(*dw));
	memcpy(dw + 1, in->data + sizeof(*dw), (n - 1) * sizeof(*dw));
	in->data += n * sizeof(*dw);
	in->size -= n * sizeof(*dw);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t budgets[] = {1, 700, 9000, 100000};
	struct input in = {data, size};
	uint8_t flags = input_byte(&in);
	struct ugvt_blt_state state = {.swctrl = flags & 3};
	uint32_t dw[DWORDS];
	struct space space;
	unsigned n;

	space_init(&space, (PAGES + 8) * UGVT_PAGE_SIZE);
	space_fill(&space);
	while ((n = command_read(&in, dw)) > 0) {
		/* Of its very size, for the sanitizer. */
		uint32_t *exact = malloc(n * sizeof(*dw));
		struct ugvt_blt blt;

		memcpy(exact, dw, n * sizeof(*dw));
		if (ugvt_blt_decode(&blt, &state, exact, n) && !ugvt_blt_name(exact[0])) {
			abort();
		}
		for (unsigned i = 0; i < STEPS; i++) {
			if (ugvt_blt_step(&blt, &space.as, budgets[flags >> 2 & 3])) {
				break;
			}
			space_window(&space);
		}
		free(exact);
	}
	space_finish(&space);
	return 0;
}
