/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_RENDER_RIG_H
#define UGVT_TESTS_GPU_RENDER_RIG_H

#include <string.h>

#include "gpu/render/primitive.h"
#include "tests/gpu/space.h"

/* State that a test sets field by field, and memory to draw to. */

enum {
	RIG_SLOT_DWORDS = 64,
};

struct render_rig {
	struct space space;
	struct ugvt_state state;
	uint32_t slots[UGVT_STATE_COUNT][RIG_SLOT_DWORDS];
	struct ugvt_render_counts counts;
	struct ugvt_viewport viewports[UGVT_VIEWPORTS];
	struct ugvt_draw draw;
};

/* Nothing is culled, one sample, a drawing rectangle of 16384 x 16384, everything else 0. */
void render_rig_init(struct render_rig *rig, uint64_t memory);
/* The state as in the beginning. */
void render_rig_reset(struct render_rig *rig);
void render_rig_finish(struct render_rig *rig);

/* rig_set_NAME(rig, value): a field by the name of its getter. */
#define RIG_FIELD(name, command, dword, hi, lo)                                                  \
	static inline void rig_set_##name(struct render_rig *rig, uint32_t value)                \
	{                                                                                        \
		uint32_t *dw = &rig->slots[UGVT_STATE_##command][1 + (dword)];                   \
                                                                                                 \
		*dw = (*dw & ~UGVT_MASK(hi, lo)) | (uint32_t)UGVT_PUT(UGVT_MASK(hi, lo), value); \
	}
UGVT_STATE_FIELDS(RIG_FIELD)
#undef RIG_FIELD

#define RIG_ADDRESS(name, command, dword, hi, lo)                                  \
	static inline void rig_set_##name(struct render_rig *rig, uint64_t value)  \
	{                                                                          \
		uint32_t *dw = &rig->slots[UGVT_STATE_##command][1 + (dword)];     \
		uint64_t whole = (ugvt_u64(dw[0], dw[1]) & ~UGVT_MASK64(hi, lo)) | \
				 (value & UGVT_MASK64(hi, lo));                    \
                                                                                   \
		dw[0] = ugvt_lo32(whole);                                          \
		dw[1] = ugvt_hi32(whole);                                          \
	}
UGVT_STATE_ADDRESSES(RIG_ADDRESS)
#undef RIG_ADDRESS

/* A dword of a command. */
static inline void rig_set_dw(
	struct render_rig *rig, enum ugvt_state_id id, unsigned n, uint32_t value)
{
	rig->slots[id][1 + n] = value;
}

static inline uint32_t rig_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* A corner of a triangle: index 0 to 2 gives its weights. w is 1. */
struct ugvt_screen_vertex rig_vertex(float x, float y, float z, unsigned index);

#endif
