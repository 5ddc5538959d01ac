/* SPDX-License-Identifier: MIT */
#include "replay/draw.h"

#include <inttypes.h>

#include "gpu/render/assemble.h"
#include "gpu/render/target.h"

/* Formats: Mesa src/intel/genxml/gen9.xml. */
#define HEADER_WALKER 0x7105
#define HZ_OPERATIONS UGVT_MASK(31, 27) // of DW1, with
#define HZ_SCISSOR UGVT_BIT(29)         // which is none
#define PS_ENTRIES UGVT_MASK(25, 18)    // of DW3; 0: not told
#define PRIMITIVE_INDIRECT UGVT_BIT(10)
#define PRIMITIVE_RANDOM UGVT_BIT(8) // of DW1

enum ugvt_draw_kind ugvt_draw_kind(const struct ugvt_cs_command *command)
{
	if (command->skipped || command->dwords < 2) {
		return UGVT_DRAW_NONE;
	}
	if (command->row->action == UGVT_ACTION_PRIMITIVE) {
		return UGVT_DRAW_PRIMITIVES;
	}
	if (command->row->action == UGVT_ACTION_HZ_OP) {
		return command->dw[1] & HZ_OPERATIONS & ~HZ_SCISSOR ? UGVT_DRAW_HZ_OP
								    : UGVT_DRAW_NONE;
	}
	return command->row->header >> 16 == HEADER_WALKER ? UGVT_DRAW_WALKER : UGVT_DRAW_NONE;
}

const char *ugvt_draw_topology(unsigned topology)
{
	static const char *const names[] = {
		[UGVT_TOPOLOGY_POINTLIST] = "POINTLIST",
		[UGVT_TOPOLOGY_LINELIST] = "LINELIST",
		[UGVT_TOPOLOGY_LINESTRIP] = "LINESTRIP",
		[UGVT_TOPOLOGY_TRILIST] = "TRILIST",
		[UGVT_TOPOLOGY_TRISTRIP] = "TRISTRIP",
		[UGVT_TOPOLOGY_TRIFAN] = "TRIFAN",
		[UGVT_TOPOLOGY_QUADLIST] = "QUADLIST",
		[UGVT_TOPOLOGY_QUADSTRIP] = "QUADSTRIP",
		[UGVT_TOPOLOGY_LINELIST_ADJ] = "LINELIST_ADJ",
		[UGVT_TOPOLOGY_LINESTRIP_ADJ] = "LINESTRIP_ADJ",
		[UGVT_TOPOLOGY_TRILIST_ADJ] = "TRILIST_ADJ",
		[UGVT_TOPOLOGY_TRISTRIP_ADJ] = "TRISTRIP_ADJ",
		[UGVT_TOPOLOGY_TRISTRIP_REVERSE] = "TRISTRIP_REVERSE",
		[UGVT_TOPOLOGY_POLYGON] = "POLYGON",
		[UGVT_TOPOLOGY_RECTLIST] = "RECTLIST",
		[UGVT_TOPOLOGY_LINELOOP] = "LINELOOP",
		[UGVT_TOPOLOGY_POINTLIST_BF] = "POINTLIST_BF",
		[UGVT_TOPOLOGY_LINESTRIP_CONT] = "LINESTRIP_CONT",
		[UGVT_TOPOLOGY_LINESTRIP_BF] = "LINESTRIP_BF",
		[UGVT_TOPOLOGY_LINESTRIP_CONT_BF] = "LINESTRIP_CONT_BF",
		[UGVT_TOPOLOGY_TRIFAN_NOSTIPPLE] = "TRIFAN_NOSTIPPLE",
	};

	if (topology >= UGVT_TOPOLOGY_PATCHLIST_1) {
		return "PATCHLIST";
	}
	return topology < UGVT_ARRAY_SIZE(names) && names[topology] ? names[topology] : "unknown";
}

bool ugvt_draw_target(const struct ugvt_cs_command *command, unsigned index, uint32_t *state)
{
	struct ugvt_state fields;
	uint32_t offset;
	uint32_t entries;

	ugvt_state_init(&fields, command->kept);
	entries = UGVT_GET(PS_ENTRIES, ugvt_state_dw(&fields, UGVT_STATE_PS, 3));
	if ((entries > 0 && index >= entries) ||
		!ugvt_aspace_read(command->as, ugvt_state_ps_binding_table(&fields) + 4 * index,
			&offset, sizeof(offset))) {
		return false;
	}
	return ugvt_aspace_read(command->as,
		(ugvt_state_surface_base(&fields) + (offset & ~UINT32_C(63))) & UGVT_GPU_ADDR_MASK,
		state, UGVT_SURFACE_STATE_DWORDS * sizeof(*state));
}

static void target_print(FILE *out, const struct ugvt_cs_command *command, unsigned index)
{
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];
	struct ugvt_target target;
	const struct ugvt_surface_level *level;

	if (!ugvt_draw_target(command, index, dw)) {
		return;
	}
	ugvt_target_init(&target, dw, command->as);
	if (ugvt_target_is_null(&target)) {
		fputs(", no target", out);
		return;
	}
	level = &target.surface.level[target.lod];
	fprintf(out, ", to %s %" PRIu32 "x%" PRIu32 " at %#" PRIx64, target.surface.format->name,
		level->width, level->height, target.surface.base);
}

static void kernel_print(FILE *out, const char *name, ugvt_gpu_addr addr)
{
	fprintf(out, ", %s %#" PRIx64, name, addr);
}

static void kernels_print(FILE *out, const struct ugvt_state *state)
{
	if (ugvt_state_vs_enable(state)) {
		kernel_print(out, "VS", ugvt_state_vs_kernel(state));
	}
	if (ugvt_state_hs_enable(state)) {
		fputs(", HS", out);
	}
	if (ugvt_state_gs_enable(state)) {
		fputs(", GS", out);
	}
	if (ugvt_state_ps_valid(state)) {
		kernel_print(out, "PS", ugvt_state_ps_kernel_0(state));
	}
}

static void primitives_print(
	FILE *out, const struct ugvt_cs_command *command, const struct ugvt_state *state)
{
	const uint32_t *dw = command->dw;

	fputs(ugvt_draw_topology(ugvt_state_topology(state)), out);
	if (dw[0] & PRIMITIVE_INDIRECT) {
		fputs(", counts from registers", out);
	} else {
		fprintf(out, ", %" PRIu32 " %s from %" PRIu32, dw[2],
			dw[1] & PRIMITIVE_RANDOM ? "indices" : "vertices", dw[3]);
		if (dw[4] != 1) {
			fprintf(out, ", %" PRIu32 " instances", dw[4]);
		}
	}
	kernels_print(out, state);
	target_print(out, command, 0);
	if (ugvt_state_depth_buffer_write(state)) {
		fprintf(out, ", depth at %#" PRIx64, ugvt_state_depth_buffer(state));
	}
}

static void hz_op_print(FILE *out, const uint32_t *dw, const struct ugvt_state *state)
{
	fprintf(out, "%s%s%s%s", dw[1] & UGVT_BIT(30) ? "clear of depth, " : "",
		dw[1] & UGVT_BIT(31) ? "clear of stencil, " : "",
		dw[1] & UGVT_BIT(28) ? "resolve of depth, " : "",
		dw[1] & UGVT_BIT(27) ? "resolve of HiZ, " : "");
	fprintf(out, "%" PRIu32 ",%" PRIu32 " to %" PRIu32 ",%" PRIu32 ", depth at %#" PRIx64,
		dw[2] & 0xffff, dw[2] >> 16, dw[3] & 0xffff, dw[3] >> 16,
		ugvt_state_depth_buffer(state));
}

void ugvt_draw_print(FILE *out, const struct ugvt_cs_command *command)
{
	const uint32_t *dw = command->dw;
	struct ugvt_state state;

	ugvt_state_init(&state, command->kept);
	switch (ugvt_draw_kind(command)) {
	case UGVT_DRAW_PRIMITIVES: primitives_print(out, command, &state); break;
	case UGVT_DRAW_HZ_OP: hz_op_print(out, dw, &state); break;
	case UGVT_DRAW_WALKER:
		fprintf(out, "compute, %" PRIu32 " x %" PRIu32 " x %" PRIu32 " groups", dw[7],
			dw[10], dw[12]);
		break;
	case UGVT_DRAW_NONE: break;
	}
}
