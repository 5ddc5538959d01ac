/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "replay/print_parts.h"

/* Structures that a field of a command leads to: Mesa src/intel/genxml/gen9.xml. */

#define STRUCTURE_DWORDS_MAX 16
#define DESCRIPTOR_BYTES 32
#define DESCRIPTORS_MAX 64

bool ugvt_print_structure(
	const struct ugvt_print_at *at, const char *name, ugvt_gpu_addr addr, unsigned dwords)
{
	const struct ugvt_layout *layout = ugvt_layout_find(name);
	uint32_t dw[STRUCTURE_DWORDS_MAX] = {0};
	FILE *out = at->printer->out;

	addr &= UGVT_GPU_ADDR_MASK;
	fprintf(out, "    %#" PRIx64 ": %s", addr, name);
	if (!layout || dwords > STRUCTURE_DWORDS_MAX ||
		!ugvt_aspace_read(at->command->as, addr, dw, dwords * sizeof(*dw))) {
		fputs(", which is not there\n", out);
		return false;
	}
	fputc('\n', out);
	ugvt_print_fields(out, layout, dw, dwords);
	return true;
}

static uint64_t pointer_of(const struct ugvt_print_at *at, uint32_t mask)
{
	return ugvt_state_dynamic_base(&at->state) + (at->command->dw[1] & mask);
}

static void array_print(
	const struct ugvt_print_at *at, const char *name, ugvt_gpu_addr addr, unsigned dwords)
{
	unsigned count = ugvt_state_clip_viewport_max(&at->state) + 1;

	for (unsigned i = 0; i < count; i++) {
		if (!ugvt_print_structure(at, name, addr + i * dwords * 4, dwords)) {
			break;
		}
	}
}

static void sf_clip_print(const struct ugvt_print_at *at)
{
	array_print(at, "SF_CLIP_VIEWPORT", pointer_of(at, UGVT_MASK(31, 6)), 16);
}

static void cc_viewport_print(const struct ugvt_print_at *at)
{
	array_print(at, "CC_VIEWPORT", pointer_of(at, UGVT_MASK(31, 5)), 2);
}

static void scissor_print(const struct ugvt_print_at *at)
{
	array_print(at, "SCISSOR_RECT", pointer_of(at, UGVT_MASK(31, 5)), 2);
}

static void color_calc_print(const struct ugvt_print_at *at)
{
	ugvt_print_structure(at, "COLOR_CALC_STATE", pointer_of(at, UGVT_MASK(31, 6)), 6);
}

/* How many targets there are, no state says. */
static void blend_print(const struct ugvt_print_at *at)
{
	ugvt_gpu_addr addr = pointer_of(at, UGVT_MASK(31, 6));

	if (ugvt_print_structure(at, "BLEND_STATE", addr, 1)) {
		ugvt_print_structure(at, "BLEND_STATE_ENTRY", addr + 4, 2);
	}
}

static void descriptors_print(const struct ugvt_print_at *at)
{
	ugvt_gpu_addr addr = ugvt_state_dynamic_base(&at->state) + at->command->dw[3];
	uint32_t size = at->command->dw[2] & UGVT_MASK(16, 0);

	for (unsigned i = 0; i < size / DESCRIPTOR_BYTES && i < DESCRIPTORS_MAX; i++) {
		if (!ugvt_print_structure(at, "INTERFACE_DESCRIPTOR_DATA",
			    addr + (uint64_t)i * DESCRIPTOR_BYTES, 8)) {
			break;
		}
	}
}

static const struct pointer {
	const char *command;
	void (*print)(const struct ugvt_print_at *at);
} pointers[] = {
	{"3DSTATE_VIEWPORT_STATE_POINTERS_SF_CLIP", sf_clip_print},
	{"3DSTATE_VIEWPORT_STATE_POINTERS_CC", cc_viewport_print},
	{"3DSTATE_SCISSOR_STATE_POINTERS", scissor_print},
	{"3DSTATE_BLEND_STATE_POINTERS", blend_print},
	{"3DSTATE_CC_STATE_POINTERS", color_calc_print},
	{"MEDIA_INTERFACE_DESCRIPTOR_LOAD", descriptors_print},
};

void ugvt_print_pointed(const struct ugvt_print_at *at)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(pointers); i++) {
		if (strcmp(pointers[i].command, at->command->row->name) == 0) {
			pointers[i].print(at);
		}
	}
}
