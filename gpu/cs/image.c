/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gpu/cs/context.h"

/*
 * The layout of a context image behind its first page: PRM SKL vol 3, "Register/State Context"; i915 gt/intel_lrc.c,
 * gen9_rcs_offsets and gen9_xcs_offsets. Behind what they name (the fixed part), and where nobody but this file looks, the
 * image of the render engine goes on with the other registers of a context, then with the 3D and media state as the commands that
 * set it. i915's performance queries expect two registers at places of their own (i915_perf.c, ctx_oactxctrl_offset and
 * ctx_flexeu0_offset).
 */

#define LRI(count) (0x11000000u | (2 * (count)-1))
#define LRI_POSTED UGVT_BIT(12)
#define LRI_COUNT_MAX 60
#define BATCH_END 0x05000000u
#define MASK_ALL 0xffff0000u

#define OACTXCONTROL 0x2360u
#define AT_OACTXCONTROL 0x127
#define AT_CONTEXT_REGS 0x12a
#define AT_EU_PERF 0x3dd
#define AT_STATE 0x400
#define AT_STATE_XCS 0xb0

/* Offsets into the engine's block. */
static const uint16_t ring_regs[] = {0x244, 0x34, 0x30, 0x38, 0x3c, 0x168, 0x140, 0x110, 0x11c,
	0x114, 0x118, 0x1c0, 0x1c4, 0x1c8};
static const uint16_t pdp_regs[] = {0x3a8, 0x28c, 0x288, 0x284, 0x280, 0x27c, 0x278, 0x274, 0x270};
static const uint16_t rcs_regs[] = {0xc8};
static const uint16_t bcs_regs[] = {0x200};
static const uint16_t engine_regs[] = {0x28, 0x9c, 0xc0, 0x178, 0x17c, 0x358, 0x170, 0x150, 0x154,
	0x158, 0x41c, 0x600, 0x604, 0x608, 0x60c, 0x610, 0x614, 0x618, 0x61c, 0x620, 0x624, 0x628,
	0x62c, 0x630, 0x634, 0x638, 0x63c, 0x640, 0x644, 0x648, 0x64c, 0x650, 0x654, 0x658, 0x65c,
	0x660, 0x664, 0x668, 0x66c, 0x670, 0x674, 0x678, 0x67c, 0x68};

/* EU_PERF_CNTL0..6. */
static const uint32_t eu_perf_regs[] = {0xe458, 0xe558, 0xe658, 0xe758, 0xe45c, 0xe55c, 0xe65c};

/* A MI_LOAD_REGISTER_IMM of the fixed part, at a dword of its own. */
struct section {
	uint16_t at;
	uint16_t count;
	const uint16_t *regs;
	uint32_t flags;
	uint8_t engines;
};

#define SECTION(where, what, which, how)                       \
	{                                                      \
		where, UGVT_ARRAY_SIZE(what), what, how, which \
	}

static const struct section sections[] = {
	SECTION(0x01, ring_regs, 0xf, LRI_POSTED),
	SECTION(0x21, pdp_regs, 0xf, LRI_POSTED),
	SECTION(0x41, rcs_regs, 1 << UGVT_RCS, 0),
	SECTION(0x41, bcs_regs, 1 << UGVT_BCS, LRI_POSTED),
	SECTION(0x51, engine_regs, 0xf, LRI_POSTED),
};

/* Values of the ring context that hardware only reads (PRM IVB vol 1 part 1, "Register/State Context", columns R): the
 * guest writes them while the context runs. */
static bool is_guests(uint32_t reg)
{
	return reg == RING_TAIL || reg == RING_START || reg == RING_CTL ||
	       (reg >= RING_BB_PER_CTX_PTR && reg <= 0x1c8) ||
	       (reg >= RING_PDP && reg < RING_PDP + 0x20);
}

unsigned ugvt_cs_image_dwords(const struct ugvt_cs *cs)
{
	return (ugvt_engines[cs->engine].context_pages - 1) * (UGVT_PAGE_SIZE / 4);
}

static bool in_section(const struct ugvt_cs *cs, uint32_t offset)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(sections); i++) {
		for (unsigned k = 0; k < sections[i].count; k++) {
			if ((sections[i].engines & (1 << cs->engine)) &&
				offset == cs->base + sections[i].regs[k]) {
				return true;
			}
		}
	}
	return false;
}

/* Has the image a place of its own for it? */
static bool has_place(const struct ugvt_cs *cs, uint32_t offset)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(eu_perf_regs); i++) {
		if (offset == eu_perf_regs[i]) {
			return true;
		}
	}
	return offset == OACTXCONTROL || in_section(cs, offset);
}

static bool is_other_engines(uint32_t offset)
{
	for (unsigned i = 0; i < UGVT_ENGINE_COUNT; i++) {
		if (i != UGVT_RCS && offset >= ugvt_engines[i].base &&
			offset - ugvt_engines[i].base < UGVT_PAGE_SIZE) {
			return true;
		}
	}
	return false;
}

/* Adds those registers of a row that have no place yet to list, if that is not NULL; how many. */
static unsigned context_row_list(
	const struct ugvt_cs *cs, const struct ugvt_reg *row, uint32_t *list)
{
	unsigned count = 0;

	for (unsigned i = 0; i < UGVT_MAX(row->count, 1); i++) {
		uint32_t offset = row->offset + i * (row->stride > 0 ? row->stride : 4u);

		if (!is_other_engines(offset) && !has_place(cs, offset)) {
			if (list) {
				list[count] = offset;
			}
			count++;
		}
	}
	return count;
}

/* The other engines' images have nothing but the fixed part. */
static unsigned context_regs_list(const struct ugvt_cs *cs, uint32_t *list)
{
	unsigned count = 0;

	for (size_t at = 0; cs->engine == UGVT_RCS && cs->regs->rows[at]; at++) {
		if (cs->regs->rows[at]->flags & UGVT_REG_CONTEXT) {
			count += context_row_list(
				cs, cs->regs->rows[at], list ? list + count : NULL);
		}
	}
	return count;
}

bool ugvt_cs_image_init(struct ugvt_cs *cs)
{
	cs->context_reg_count = context_regs_list(cs, NULL);
	cs->context_regs = calloc(cs->context_reg_count + 1, sizeof(*cs->context_regs));
	cs->image = calloc(ugvt_cs_image_dwords(cs), sizeof(*cs->image));
	if (!cs->context_regs || !cs->image) {
		return false;
	}
	assert(AT_CONTEXT_REGS + 3 * cs->context_reg_count < AT_EU_PERF);
	context_regs_list(cs, cs->context_regs);
	return true;
}

void ugvt_cs_image_finish(struct ugvt_cs *cs)
{
	free(cs->context_regs);
	free(cs->image);
}

static uint32_t reg_value(const struct ugvt_cs *cs, uint32_t offset)
{
	const struct ugvt_reg *row = ugvt_regfile_row(cs->regs, offset);
	uint32_t value = ugvt_regfile_peek(cs->regs, offset);

	if (offset == cs->base + RING_MI_MODE) {
		value &= ~(MI_MODE_IDLE | MI_MODE_STOP);
	} else if (offset == cs->base + RING_CTX_CONTROL) {
		value &= ~CTX_CONTROL_RESTORE_INHIBIT; // from now on there is what to restore
	}
	return row && (row->flags & UGVT_REG_MASKED) ? MASK_ALL | value : value;
}

static void pair_put(const struct ugvt_cs *cs, uint32_t *dw, uint32_t offset)
{
	dw[0] = offset;
	dw[1] = reg_value(cs, offset);
}

static void section_put(struct ugvt_cs *cs, const struct section *section)
{
	uint32_t *dw = cs->image + section->at;

	*dw++ = LRI(section->count) | section->flags;
	for (unsigned i = 0; i < section->count; i++, dw += 2) {
		pair_put(cs, dw, cs->base + section->regs[i]);
	}
}

static void list_put(const struct ugvt_cs *cs, uint32_t *dw, const uint32_t *regs, unsigned count)
{
	while (count > 0) {
		unsigned n = UGVT_MIN(count, LRI_COUNT_MAX);

		*dw++ = LRI(n);
		for (unsigned i = 0; i < n; i++, dw += 2) {
			pair_put(cs, dw, *regs++);
		}
		count -= n;
	}
}

unsigned ugvt_cs_image_compose(struct ugvt_cs *cs)
{
	unsigned at = cs->engine == UGVT_RCS ? AT_STATE : AT_STATE_XCS;
	unsigned max = ugvt_cs_image_dwords(cs);
	static const uint32_t oa_regs[] = {OACTXCONTROL};

	memset(cs->image, 0, at * sizeof(*cs->image));
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(sections); i++) {
		if (sections[i].engines & (1 << cs->engine)) {
			section_put(cs, &sections[i]);
		}
	}
	if (cs->engine == UGVT_RCS) {
		list_put(cs, cs->image + AT_OACTXCONTROL, oa_regs, UGVT_ARRAY_SIZE(oa_regs));
		list_put(cs, cs->image + AT_CONTEXT_REGS, cs->context_regs, cs->context_reg_count);
		list_put(cs, cs->image + AT_EU_PERF, eu_perf_regs, UGVT_ARRAY_SIZE(eu_perf_regs));
	}
	at += ugvt_kept_write(&cs->kept, cs->image + at, max - at - 1);
	cs->image[at++] = BATCH_END;
	return at;
}

/* The dword of the next value at or behind at that is the guest's; end if there is none. In the ring context values stand at
 * odd dwords, each behind its register. */
static unsigned next_guests(const struct ugvt_cs *cs, unsigned at, unsigned end)
{
	for (at |= 1; at < UGVT_CS_RING_CONTEXT_DWORDS && at < end; at += 2) {
		if (is_guests(cs->image[at - 1] - cs->base)) {
			return at;
		}
	}
	return end;
}

bool ugvt_cs_image_write(struct ugvt_cs *cs, unsigned dwords)
{
	ugvt_gpu_addr addr = (ugvt_gpu_addr)cs->lrca + UGVT_CS_IMAGE_OFFSET;
	bool good = true;
	unsigned end;

	for (unsigned at = 0; at < dwords; at = end + 1) {
		end = next_guests(cs, at, dwords);
		good = ugvt_aspace_write(&cs->ggtt, addr + at * sizeof(*cs->image), cs->image + at,
			       (end - at) * sizeof(*cs->image)) &&
		       good;
	}
	return good;
}
