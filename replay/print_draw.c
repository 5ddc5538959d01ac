/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "replay/draw.h"
#include "replay/print_parts.h"

/* What the stages of a draw use, found in the state as the draw meets it: Mesa src/intel/genxml/gen9.xml. */

#define ENTRIES_MAX 255
#define SURFACE_BYTES 64
#define SURFACE_DWORDS 16
#define SAMPLER_BYTES 16
#define SAMPLER_DWORDS 4
#define SAMPLERS_PER_COUNT 4
#define HASH_START UINT64_C(0xcbf29ce484222325)

struct stage {
	enum ugvt_print_stage id;
	const char *name;
	uint64_t kernels[3];
	unsigned kernel_count;
	uint64_t table;
	unsigned entries;
	uint64_t samplers;
	unsigned sampler_count;
};

static const struct ugvt_command *row_find(uint32_t header)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if (row->header == header << 16 && (row->engines & (1 << UGVT_RCS)) &&
			row->keep > 0) {
			return row;
		}
	}
	return NULL;
}

/* Dword n of the last command with that header; 0 if there was none. */
static uint32_t dword_of(const struct ugvt_print_at *at, uint32_t header, unsigned n)
{
	const struct ugvt_command *row = row_find(header);
	const uint32_t *dw;
	unsigned dwords;

	dw = row ? ugvt_kept_find(at->command->kept, row, 0, &dwords) : NULL;
	return dw && n < dwords ? dw[n] : 0;
}

/* Where each stage's facts stand. */
static const struct stage_row {
	const char *name;
	uint16_t header;
	uint8_t counts;         // dword of sampler count and binding table entries
	uint8_t kernel;         // dword of the kernel
	uint8_t enable;         // dword and
	uint8_t enable_bit;     // bit that switch it on
	uint16_t enable_header; // of that command
	uint16_t table;         // header of the pointer to its binding table
	uint16_t samplers;
} stage_rows[] = {
	[UGVT_PRINT_VS] = {"VS", 0x7810, 3, 1, 7, 0, 0x7810, 0x7826, 0x782b},
	[UGVT_PRINT_HS] = {"HS", 0x781b, 1, 3, 2, 31, 0x781b, 0x7827, 0x782c},
	[UGVT_PRINT_DS] = {"DS", 0x781d, 3, 1, 7, 0, 0x781d, 0x7828, 0x782d},
	[UGVT_PRINT_GS] = {"GS", 0x7811, 3, 1, 7, 0, 0x7811, 0x7829, 0x782e},
	[UGVT_PRINT_PS] = {"PS", 0x7820, 3, 1, 1, 31, 0x784f, 0x782a, 0x782f},
};

static uint64_t kernel_at(const struct ugvt_print_at *at, uint32_t header, unsigned n)
{
	uint64_t offset = ugvt_u64(dword_of(at, header, n), dword_of(at, header, n + 1));

	return (ugvt_state_instruction_base(&at->state) + (offset & UGVT_MASK64(47, 6))) &
	       UGVT_GPU_ADDR_MASK;
}

/* Where the kernels for 16 and 32 pixels stand depends on which there are: the first one is the smallest (PRM BXT vol 2c does not
 * tell; Mesa src/intel/compiler/brw_compiler.h, brw_wm_prog_data_prog_offset). */
static void ps_kernels(const struct ugvt_print_at *at, struct stage *stage)
{
	unsigned count = ugvt_state_ps_dispatch_8(&at->state) +
			 ugvt_state_ps_dispatch_16(&at->state) +
			 ugvt_state_ps_dispatch_32(&at->state);

	if (count <= 1) {
		return;
	}
	if (ugvt_state_ps_dispatch_32(&at->state)) {
		stage->kernels[stage->kernel_count++] = ugvt_state_ps_kernel_1(&at->state);
	}
	if (ugvt_state_ps_dispatch_16(&at->state)) {
		stage->kernels[stage->kernel_count++] = ugvt_state_ps_kernel_2(&at->state);
	}
}

static bool stage_find(
	const struct ugvt_print_at *at, enum ugvt_print_stage id, struct stage *stage)
{
	const struct stage_row *row = &stage_rows[id];
	uint32_t counts = dword_of(at, row->header, row->counts);

	if (!(dword_of(at, row->enable_header, row->enable) >> row->enable_bit & 1)) {
		return false;
	}
	*stage = (struct stage){
		.id = id,
		.name = row->name,
		.kernels = {kernel_at(at, row->header, row->kernel)},
		.kernel_count = 1,
		.table = ugvt_state_surface_base(&at->state) +
			 (dword_of(at, row->table, 1) & UGVT_MASK(15, 5)),
		.entries = UGVT_GET(UGVT_MASK(25, 18), counts),
		.samplers = ugvt_state_dynamic_base(&at->state) +
			    (dword_of(at, row->samplers, 1) & UGVT_MASK(31, 5)),
		.sampler_count = SAMPLERS_PER_COUNT * UGVT_GET(UGVT_MASK(29, 27), counts),
	};
	if (id == UGVT_PRINT_PS) {
		stage->entries = UGVT_MAX(stage->entries, 1u); // a target, at least
		ps_kernels(at, stage);
	}
	return true;
}

/* From the interface descriptor that the walker names. */
static bool compute_find(const struct ugvt_print_at *at, struct stage *stage)
{
	uint32_t descriptor = at->command->dw[1] & UGVT_MASK(5, 0);
	uint64_t addr = ugvt_state_dynamic_base(&at->state) + dword_of(at, 0x7002, 3) +
			32 * (uint64_t)descriptor;
	uint32_t dw[8];

	if (!ugvt_aspace_read(at->command->as, addr & UGVT_GPU_ADDR_MASK, dw, sizeof(dw))) {
		return false;
	}
	*stage = (struct stage){
		.id = UGVT_PRINT_CS,
		.name = "CS",
		.kernels = {(ugvt_state_instruction_base(&at->state) +
				    (ugvt_u64(dw[0], dw[1]) & UGVT_MASK64(47, 6))) &
			    UGVT_GPU_ADDR_MASK},
		.kernel_count = 1,
		.table = ugvt_state_surface_base(&at->state) + (dw[4] & UGVT_MASK(15, 5)),
		.entries = dw[4] & UGVT_MASK(4, 0),
		.samplers = ugvt_state_dynamic_base(&at->state) + (dw[3] & UGVT_MASK(31, 5)),
		.sampler_count = SAMPLERS_PER_COUNT * UGVT_GET(UGVT_MASK(4, 2), dw[3]),
	};
	return true;
}

static uint64_t surface_at(const struct ugvt_print_at *at, const struct stage *stage, unsigned i)
{
	uint32_t offset =
		ugvt_aspace_read32(at->command->as, (stage->table + 4 * i) & UGVT_GPU_ADDR_MASK);

	return (ugvt_state_surface_base(&at->state) + (offset & ~(SURFACE_BYTES - 1u))) &
	       UGVT_GPU_ADDR_MASK;
}

/* Is it other than the last time? Then that is known from now on. */
static bool memory_changed(
	const struct ugvt_print_at *at, uint64_t *known, const uint64_t *addrs, unsigned count)
{
	uint64_t hash = HASH_START;
	char data[SURFACE_BYTES];
	bool changed;

	for (unsigned i = 0; i < count; i++) {
		memset(data, 0, sizeof(data));
		ugvt_aspace_read(at->command->as, addrs[i], data, sizeof(data));
		hash = ugvt_print_hash(hash, &addrs[i], sizeof(addrs[i]));
		hash = ugvt_print_hash(hash, data, sizeof(data));
	}
	changed = hash != *known;
	*known = hash;
	return changed;
}

static void surfaces_print(const struct ugvt_print_at *at, const struct stage *stage)
{
	uint64_t addrs[ENTRIES_MAX];
	unsigned count = UGVT_MIN(stage->entries, (unsigned)ENTRIES_MAX);

	for (unsigned i = 0; i < count; i++) {
		addrs[i] = surface_at(at, stage, i);
	}
	if (count == 0 || !memory_changed(at, &at->printer->surfaces[stage->id], addrs, count)) {
		return;
	}
	fprintf(at->printer->out, "    %#" PRIx64 ": binding table of %s, %u entries\n",
		stage->table & UGVT_GPU_ADDR_MASK, stage->name, count);
	for (unsigned i = 0; i < count; i++) {
		ugvt_print_structure(at, "RENDER_SURFACE_STATE", addrs[i], SURFACE_DWORDS);
	}
}

static void samplers_print(const struct ugvt_print_at *at, const struct stage *stage)
{
	uint64_t addrs[SAMPLERS_PER_COUNT * 8];
	unsigned count = UGVT_MIN(stage->sampler_count, (unsigned)UGVT_ARRAY_SIZE(addrs));

	for (unsigned i = 0; i < count; i++) {
		addrs[i] = (stage->samplers + (uint64_t)i * SAMPLER_BYTES) & UGVT_GPU_ADDR_MASK;
	}
	if (count == 0 || !memory_changed(at, &at->printer->samplers[stage->id], addrs, count)) {
		return;
	}
	fprintf(at->printer->out, "    samplers of %s, at most %u\n", stage->name, count);
	for (unsigned i = 0; i < count; i++) {
		if (!ugvt_print_structure(at, "SAMPLER_STATE", addrs[i], SAMPLER_DWORDS)) {
			break;
		}
	}
}

static void stage_print(const struct ugvt_print_at *at, const struct stage *stage)
{
	surfaces_print(at, stage);
	samplers_print(at, stage);
	for (unsigned i = 0; i < stage->kernel_count; i++) {
		ugvt_print_kernel(at, stage->name, stage->kernels[i]);
	}
}

void ugvt_print_draw(const struct ugvt_print_at *at)
{
	enum ugvt_draw_kind kind = ugvt_draw_kind(at->command);
	struct stage stage;

	if (kind == UGVT_DRAW_WALKER && compute_find(at, &stage)) {
		stage_print(at, &stage);
	}
	for (unsigned id = 0; kind == UGVT_DRAW_PRIMITIVES && id < UGVT_PRINT_CS; id++) {
		if (stage_find(at, (enum ugvt_print_stage)id, &stage)) {
			stage_print(at, &stage);
		}
	}
}
