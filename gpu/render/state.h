/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_STATE_H
#define UGVT_GPU_RENDER_STATE_H

#include "base/bits.h"
#include "gpu/mem/aspace.h"
#include "gpu/render/state_fields.h"
#include "gpu/state/kept.h"

/*
 * What a draw reads of the state commands, decoded where it is used: for each field a function ugvt_state_NAME(). It is the
 * context's own state (gpu/state/kept.h) and changes with it: a draw takes what it needs between two commands. A command
 * that was not given, and dwords that one was too short for, read as zero.
 */

enum ugvt_state_id {
#define UGVT_STATE_ID(name, header) UGVT_STATE_##name,
	UGVT_STATES(UGVT_STATE_ID)
#undef UGVT_STATE_ID
	UGVT_STATE_COUNT,
};

#define UGVT_VERTEX_BUFFERS 64 // slots; drivers use 33
#define UGVT_VERTEX_ELEMENTS_MAX 34
#define UGVT_STATE_STREAM_BUFFERS 4

struct ugvt_state {
	const uint32_t *slots[UGVT_STATE_COUNT];
	const uint32_t *vertex_buffers[UGVT_VERTEX_BUFFERS];
	const uint32_t *instancing[UGVT_VERTEX_ELEMENTS_MAX];
	const uint32_t *stream_buffers[UGVT_STATE_STREAM_BUFFERS];
};

/* kept is a render engine's, and outlives state. */
void ugvt_state_init(struct ugvt_state *state, const struct ugvt_kept *kept);

/* How many dwords the command had, and dword n of it. */
static inline unsigned ugvt_state_dwords(const struct ugvt_state *state, enum ugvt_state_id id)
{
	return state->slots[id][0];
}

static inline uint32_t ugvt_state_dw(
	const struct ugvt_state *state, enum ugvt_state_id id, unsigned n)
{
	return n < state->slots[id][0] ? state->slots[id][1 + n] : 0;
}

/* A float's bits as one. */
static inline float ugvt_state_float(uint32_t bits)
{
	union {
		uint32_t bits;
		float value;
	} both = {bits};

	return both.value;
}

#define UGVT_STATE_FIELD(name, command, dword, hi, lo)                                         \
	static inline uint32_t ugvt_state_##name(const struct ugvt_state *state)               \
	{                                                                                      \
		return UGVT_GET(                                                               \
			UGVT_MASK(hi, lo), ugvt_state_dw(state, UGVT_STATE_##command, dword)); \
	}
UGVT_STATE_FIELDS(UGVT_STATE_FIELD)
#undef UGVT_STATE_FIELD

#define UGVT_STATE_ADDRESS(name, command, dword, hi, lo)                                \
	static inline ugvt_gpu_addr ugvt_state_##name(const struct ugvt_state *state)   \
	{                                                                               \
		return ugvt_u64(ugvt_state_dw(state, UGVT_STATE_##command, dword),      \
			       ugvt_state_dw(state, UGVT_STATE_##command, dword + 1)) & \
		       UGVT_MASK64(hi, lo);                                             \
	}
UGVT_STATE_ADDRESSES(UGVT_STATE_ADDRESS)
#undef UGVT_STATE_ADDRESS

/* With the base added. */
#define UGVT_STATE_OFFSET(name, command, dword, hi, lo, base)                                 \
	static inline ugvt_gpu_addr ugvt_state_##name(const struct ugvt_state *state)         \
	{                                                                                     \
		uint64_t offset = ugvt_u64(ugvt_state_dw(state, UGVT_STATE_##command, dword), \
			hi < 32 ? 0 : ugvt_state_dw(state, UGVT_STATE_##command, dword + 1)); \
		return (ugvt_state_##base(state) + (offset & UGVT_MASK64(hi, lo))) &          \
		       UGVT_GPU_ADDR_MASK;                                                    \
	}
UGVT_STATE_OFFSETS(UGVT_STATE_OFFSET)
#undef UGVT_STATE_OFFSET

/* The four dwords of a VERTEX_BUFFER_STATE, NULL if that buffer was never set. */
const uint32_t *ugvt_state_vertex_buffer(const struct ugvt_state *state, unsigned index);
/* 3DSTATE_SO_BUFFER from DW1 on, NULL if that buffer was never set. */
const uint32_t *ugvt_state_stream_buffer(const struct ugvt_state *state, unsigned index);
/* 3DSTATE_VF_INSTANCING of a vertex element: false if it steps per vertex; *rate: instances per step. */
bool ugvt_state_instancing(const struct ugvt_state *state, unsigned element, uint32_t *rate);

#endif
