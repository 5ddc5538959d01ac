/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/cs/cs_state.h"

/* Draws, through the renderer. Formats: Mesa src/intel/genxml/gen9.xml; the registers: PRM SKL vol 6, "3DPRIM_VERTEX_COUNT" and what
 * follows, "Statistics Registers". */

#define PRIMITIVE_INDIRECT UGVT_BIT(10)
#define PRIMITIVE_RANDOM UGVT_BIT(8) // of DW1
#define STREAM_BUFFER_INDEX UGVT_MASK(30, 29)
#define STREAM_OFFSET_WRITE UGVT_BIT(21)

static struct ugvt_render_primitive primitive_decode(const struct ugvt_cs *cs)
{
	return (struct ugvt_render_primitive){
		.indexed = cs->dw[1] & PRIMITIVE_RANDOM,
		.count = cs->dw[2],
		.start = cs->dw[3],
		.instances = cs->dw[4],
		.start_instance = cs->dw[5],
		.base_vertex = cs->dw[6],
	};
}

static void primitive_load(const struct ugvt_cs *cs, struct ugvt_render_primitive *primitive)
{
	primitive->count = ugvt_cs_peek(cs, RING_3DPRIM_VERTEX_COUNT);
	primitive->start = ugvt_cs_peek(cs, RING_3DPRIM_START_VERTEX);
	primitive->instances = ugvt_cs_peek(cs, RING_3DPRIM_INSTANCE_COUNT);
	primitive->start_instance = ugvt_cs_peek(cs, RING_3DPRIM_START_INSTANCE);
	primitive->base_vertex = ugvt_cs_peek(cs, RING_3DPRIM_BASE_VERTEX);
}

void ugvt_cs_count_add(struct ugvt_cs *cs, uint32_t reg, uint64_t count)
{
	uint64_t value;

	if (count > 0) {
		value = ugvt_u64(ugvt_cs_peek(cs, reg), ugvt_cs_peek(cs, reg + 4)) + count;
		ugvt_cs_poke(cs, reg, ugvt_lo32(value));
		ugvt_cs_poke(cs, reg + 4, ugvt_hi32(value));
	}
}

static void stream_load(struct ugvt_cs *cs)
{
	struct ugvt_stream_registers *stream = ugvt_render_stream(cs->render);

	for (uint32_t i = 0; i < UGVT_STREAM_BUFFERS; i++) {
		stream->offset[i] = ugvt_regfile_peek(cs->regs, SO_WRITE_OFFSET + 4 * i);
	}
}

static void stream_count(struct ugvt_cs *cs, uint32_t reg, uint64_t *count)
{
	uint64_t value =
		ugvt_u64(ugvt_regfile_peek(cs->regs, reg), ugvt_regfile_peek(cs->regs, reg + 4)) +
		*count;

	if (*count > 0) {
		ugvt_regfile_poke(cs->regs, reg, ugvt_lo32(value));
		ugvt_regfile_poke(cs->regs, reg + 4, ugvt_hi32(value));
		*count = 0;
	}
}

static void stream_store(struct ugvt_cs *cs)
{
	struct ugvt_stream_registers *stream = ugvt_render_stream(cs->render);

	for (uint32_t i = 0; i < UGVT_STREAM_BUFFERS; i++) {
		ugvt_regfile_poke(cs->regs, SO_WRITE_OFFSET + 4 * i, stream->offset[i]);
	}
	for (uint32_t i = 0; i < UGVT_STREAMS; i++) {
		stream_count(cs, SO_NUM_PRIMS_WRITTEN + 8 * i, &stream->written[i]);
		stream_count(cs, SO_PRIM_STORAGE_NEEDED + 8 * i, &stream->needed[i]);
	}
}

static void counts_add(struct ugvt_cs *cs)
{
	struct ugvt_render_counts counts = ugvt_render_counts_take(cs->render);

	ugvt_cs_count_add(cs, RING_IA_VERTICES, counts.ia_vertices);
	ugvt_cs_count_add(cs, RING_IA_PRIMITIVES, counts.ia_primitives);
	ugvt_cs_count_add(cs, RING_VS_INVOCATIONS, counts.vs_invocations);
	ugvt_cs_count_add(cs, RING_HS_INVOCATIONS, counts.hs_invocations);
	ugvt_cs_count_add(cs, RING_DS_INVOCATIONS, counts.ds_invocations);
	ugvt_cs_count_add(cs, RING_GS_INVOCATIONS, counts.gs_invocations);
	ugvt_cs_count_add(cs, RING_GS_PRIMITIVES, counts.gs_primitives);
	ugvt_cs_count_add(cs, RING_CL_INVOCATIONS, counts.cl_invocations);
	ugvt_cs_count_add(cs, RING_CL_PRIMITIVES, counts.cl_primitives);
	ugvt_cs_count_add(cs, RING_PS_INVOCATIONS, counts.ps_invocations);
	ugvt_cs_count_add(cs, RING_PS_DEPTH_COUNT, counts.ps_depth_count);
}

static enum ugvt_cs_step draw_step(struct ugvt_cs *cs)
{
	bool done = ugvt_render_step(cs->render, &cs->budget);

	counts_add(cs);
	stream_store(cs);
	cs->busy = !done;
	if (!done) {
		cs->budget = UGVT_MIN(cs->budget, 0);
		return UGVT_STEP_AGAIN;
	}
	return UGVT_STEP_NEXT;
}

enum ugvt_cs_step ugvt_cs_do_primitive(struct ugvt_cs *cs)
{
	struct ugvt_render_primitive primitive = primitive_decode(cs);

	if (!cs->render) {
		return ugvt_cs_do_not_executed(cs);
	}
	if (cs->busy) {
		return draw_step(cs);
	}
	if (cs->dw[0] & PRIMITIVE_INDIRECT) {
		primitive_load(cs, &primitive);
	}
	stream_load(cs);
	if (!ugvt_render_begin(cs->render, &primitive)) {
		atomic_fetch_add_explicit(&cs->stats.not_executed, 1, memory_order_relaxed);
		return UGVT_STEP_NEXT;
	}
	return draw_step(cs);
}

/* What it asks for happens with it: the state that it needs was set before (Mesa's blorp, blorp_emit_depth_stencil_ops). */
enum ugvt_cs_step ugvt_cs_do_hz_op(struct ugvt_cs *cs)
{
	if (cs->busy) {
		return draw_step(cs);
	}
	ugvt_cs_do_state(cs);
	if (!cs->render || !ugvt_render_begin_hz_op(cs->render)) {
		return UGVT_STEP_NEXT;
	}
	stream_load(cs);
	return draw_step(cs);
}

/* An offset of all ones stands for the one in memory (Mesa gen9.xml, 3DSTATE_SO_BUFFER; iris_state.c says what it relies on). */
enum ugvt_cs_step ugvt_cs_do_stream_buffer(struct ugvt_cs *cs)
{
	uint32_t index = UGVT_GET(STREAM_BUFFER_INDEX, cs->dw[1]);
	uint32_t offset = cs->dw[7];

	ugvt_cs_do_state(cs);
	if (!(cs->dw[1] & STREAM_OFFSET_WRITE)) {
		return UGVT_STEP_NEXT;
	}
	if (offset == UINT32_MAX) {
		offset = ugvt_aspace_read32(&cs->ppgtt, ugvt_cs_addr(cs->dw + 5) & ~UINT64_C(3));
	}
	ugvt_regfile_poke(cs->regs, SO_WRITE_OFFSET + 4 * index, offset & ~UINT32_C(3));
	return UGVT_STEP_NEXT;
}
