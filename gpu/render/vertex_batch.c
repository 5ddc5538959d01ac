/* SPDX-License-Identifier: MIT */
#include "gpu/render/vertex_batch.h"

#include <stdlib.h>
#include <string.h>

#define POOL_DWORDS (1u << 18)

bool ugvt_vertex_batch_init(struct ugvt_vertex_batch *batch)
{
	size_t carried = 2 * UGVT_HELD_MAX * UGVT_VUE_DWORDS_MAX;

	*batch = (struct ugvt_vertex_batch){
		.vues = calloc(POOL_DWORDS + carried, sizeof(*batch->vues)),
	};
	return batch->vues;
}

void ugvt_vertex_batch_finish(struct ugvt_vertex_batch *batch)
{
	free(batch->vues);
	batch->vues = NULL;
}

void ugvt_vertex_batch_begin(struct ugvt_vertex_batch *batch, unsigned vue_dwords)
{
	uint32_t *vue = batch->vues;

	if (batch->vue_dwords == vue_dwords) {
		return;
	}
	batch->vue_dwords = vue_dwords;
	batch->capacity = UGVT_MIN(POOL_DWORDS / vue_dwords, UGVT_BATCH_VERTICES);
	for (unsigned i = 0; i < batch->capacity; i++, vue += vue_dwords) {
		batch->vertices[i].vue = vue;
	}
	for (unsigned i = 0; i < 2 * UGVT_HELD_MAX; i++, vue += vue_dwords) {
		batch->carried[i / UGVT_HELD_MAX][i % UGVT_HELD_MAX].vue = vue;
	}
}

static void vertex_add(struct ugvt_vertex_batch *batch, uint32_t index, uint32_t id)
{
	struct ugvt_vertex *vertex = &batch->vertices[batch->count];

	vertex->projected = 0;
	batch->index[batch->count] = index;
	batch->id[batch->count] = id;
	batch->count++;
}

/* The place of index in the table, or where it would be. */
static uint16_t *table_find(struct ugvt_vertex_batch *batch, uint32_t index)
{
	unsigned at = index * 0x9e3779b1u >> 23;

	while (batch->table[at] != 0 && batch->index[batch->table[at] - 1] != index) {
		at = (at + 1) % UGVT_BATCH_TABLE;
	}
	return &batch->table[at];
}

static bool index_add(struct ugvt_vertex_batch *batch, uint32_t value, uint32_t base_vertex)
{
	uint16_t *place = table_find(batch, value + base_vertex);

	if (*place == 0) {
		if (batch->count == batch->capacity) {
			return false;
		}
		vertex_add(batch, value + base_vertex, value);
		*place = (uint16_t)batch->count;
	}
	batch->sequence[batch->length++] = *place - 1;
	return true;
}

static unsigned fill_indexed(struct ugvt_vertex_batch *batch,
	const struct ugvt_render_primitive *primitive, const struct ugvt_index_buffer *indices,
	uint32_t first)
{
	unsigned count = UGVT_MIN(primitive->count - first, UGVT_BATCH_SEQUENCE);
	uint32_t values[UGVT_BATCH_SEQUENCE];
	unsigned taken = 0;

	memset(batch->table, 0, sizeof(batch->table));
	ugvt_index_buffer_read(indices, (uint64_t)primitive->start + first, count, values);
	for (; taken < count; taken++) {
		if (indices->has_cut && values[taken] == indices->cut) {
			batch->sequence[batch->length++] = UGVT_BATCH_CUT;
		} else if (!index_add(batch, values[taken], primitive->base_vertex)) {
			break;
		}
	}
	return taken;
}

static unsigned fill_sequential(struct ugvt_vertex_batch *batch,
	const struct ugvt_render_primitive *primitive, uint32_t first)
{
	unsigned count = UGVT_MIN(primitive->count - first, batch->capacity);

	for (unsigned i = 0; i < count; i++) {
		batch->sequence[batch->length++] = (uint16_t)batch->count;
		vertex_add(batch, primitive->start + first + i, first + i);
	}
	return count;
}

unsigned ugvt_vertex_batch_fill(struct ugvt_vertex_batch *batch,
	const struct ugvt_render_primitive *primitive, const struct ugvt_index_buffer *indices,
	uint32_t first)
{
	unsigned taken;

	batch->count = 0;
	batch->length = 0;
	taken = primitive->indexed ? fill_indexed(batch, primitive, indices, first)
				   : fill_sequential(batch, primitive, first);
	if (first + taken == primitive->count) {
		batch->sequence[batch->length++] = UGVT_BATCH_CUT;
	}
	return taken;
}

void ugvt_vertex_batch_carry(struct ugvt_vertex_batch *batch, struct ugvt_assembler *assembler)
{
	struct ugvt_vertex *to = batch->carried[batch->turn];

	for (unsigned i = 0; i < assembler->count; i++, to++) {
		uint32_t *vue = to->vue;

		memcpy(vue, assembler->held[i]->vue, batch->vue_dwords * sizeof(*vue));
		*to = *assembler->held[i];
		to->vue = vue;
		assembler->held[i] = to;
	}
	batch->turn = !batch->turn;
}

void ugvt_vertex_batch_input(
	const struct ugvt_vertex_batch *batch, unsigned first, struct ugvt_fetch_input *in)
{
	in->count = UGVT_MIN(batch->count - first, UGVT_FETCH_LANES);
	in->lowest = in->highest = batch->index[first];
	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		unsigned vertex = first + (lane < in->count ? lane : 0);

		in->index[lane] = batch->index[vertex];
		in->id[lane] = batch->id[vertex];
		in->lowest = UGVT_MIN(in->lowest, in->index[lane]);
		in->highest = UGVT_MAX(in->highest, in->index[lane]);
	}
}

void ugvt_vertex_batch_store(struct ugvt_vertex_batch *batch, unsigned first, unsigned elements,
	const struct ugvt_fetch_output *out)
{
	unsigned lanes = UGVT_MIN(batch->count - first, UGVT_FETCH_LANES);
	unsigned dwords = UGVT_MIN(4 * elements, batch->vue_dwords);

	for (unsigned lane = 0; lane < lanes; lane++) {
		uint32_t *vue = batch->vertices[first + lane].vue;

		for (unsigned i = 0; i < dwords; i++) {
			vue[i] = out->dw[i][lane];
		}
		memset(vue + dwords, 0, (batch->vue_dwords - dwords) * sizeof(*vue));
	}
}
