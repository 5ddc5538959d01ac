/* SPDX-License-Identifier: MIT */
#include "gpu/render/stream.h"

/* 3DSTATE_SO_BUFFER, 3DSTATE_SO_DECL_LIST, 3DSTATE_STREAMOUT: Mesa gen9.xml. */
#define BUFFER_OFFSET_ADDRESS UGVT_BIT(20)
#define BUFFER_ENABLE UGVT_BIT(31)
#define BUFFER_ADDRESS UGVT_MASK64(47, 2)
#define BUFFER_SIZE UGVT_MASK(29, 0)
#define DECL_COMPONENTS UGVT_MASK(3, 0)
#define DECL_REGISTER UGVT_MASK(9, 4)
#define DECL_HOLE UGVT_BIT(11)
#define DECL_BUFFER UGVT_MASK(13, 12)
#define FIRST_DECL 3 // dword
#define READ_UNIT 8  // dwords
#define DECLS_MAX 128

static void buffer_init(struct ugvt_stream *stream, unsigned index)
{
	const uint32_t *dw = ugvt_state_stream_buffer(stream->state, index);

	stream->size[index] = 0;
	stream->offset_addr[index] = 0;
	if (!dw) {
		return;
	}
	if (dw[0] & BUFFER_ENABLE) {
		stream->addr[index] = ugvt_u64(dw[1], dw[2]) & BUFFER_ADDRESS;
		stream->size[index] = 4 * ((uint64_t)(dw[3] & BUFFER_SIZE) + 1);
	}
	if (dw[0] & BUFFER_OFFSET_ADDRESS) {
		stream->offset_addr[index] = ugvt_u64(dw[4], dw[5]) & BUFFER_ADDRESS;
	}
}

static void stream_init(struct ugvt_stream *stream, unsigned s)
{
	const struct ugvt_state *state = stream->state;
	uint32_t selects = ugvt_state_dw(state, UGVT_STATE_SO_DECL_LIST, 1);
	uint32_t counts = ugvt_state_dw(state, UGVT_STATE_SO_DECL_LIST, 2);
	uint32_t reads = ugvt_state_dw(state, UGVT_STATE_STREAMOUT, 2);

	stream->selects[s] = selects >> 4 * s & 0xf;
	stream->counts[s] = UGVT_MIN(counts >> 8 * s & 0xff, DECLS_MAX);
	stream->first[s] = READ_UNIT * (reads >> (8 * s + 5) & 1);
}

void ugvt_stream_begin(struct ugvt_stream *stream, const struct ugvt_state *state,
	struct ugvt_aspace *as, unsigned vue_dwords)
{
	stream->state = state;
	stream->as = as;
	stream->vue_dwords = vue_dwords;
	stream->enabled = ugvt_state_so_enable(state);
	if (!stream->enabled) {
		return;
	}
	stream->statistics = ugvt_state_so_statistics(state);
	stream->trailing = ugvt_state_so_trailing(state);
	stream->pitch[0] = ugvt_state_so_pitch_0(state);
	stream->pitch[1] = ugvt_state_so_pitch_1(state);
	stream->pitch[2] = ugvt_state_so_pitch_2(state);
	stream->pitch[3] = ugvt_state_so_pitch_3(state);
	for (unsigned i = 0; i < UGVT_STREAM_BUFFERS; i++) {
		buffer_init(stream, i);
		stream_init(stream, i);
	}
}

static bool has_room(const struct ugvt_stream *stream, unsigned selects, unsigned vertices)
{
	for (unsigned i = 0; i < UGVT_STREAM_BUFFERS; i++) {
		uint64_t end = stream->registers->offset[i] + (uint64_t)vertices * stream->pitch[i];

		if ((selects >> i & 1) && end > stream->size[i]) {
			return false;
		}
	}
	return true;
}

/* A declaration's components of a vertex, which lie one behind the other in the buffer. */
static void components_write(struct ugvt_stream *stream, const struct ugvt_vertex *vertex,
	unsigned first, uint32_t mask, ugvt_gpu_addr addr)
{
	uint32_t dw[4];
	unsigned count = 0;

	for (unsigned c = 0; c < 4; c++) {
		if (mask >> c & 1) {
			dw[count++] = first + c < stream->vue_dwords ? vertex->vue[first + c] : 0;
		}
	}
	ugvt_aspace_write(stream->as, addr & UGVT_GPU_ADDR_MASK, dw, count * sizeof(*dw));
}

static void vertex_write(struct ugvt_stream *stream, unsigned s, const struct ugvt_vertex *vertex)
{
	uint32_t at[UGVT_STREAM_BUFFERS] = {0};

	for (unsigned i = 0; i < stream->counts[s]; i++) {
		uint32_t pair = ugvt_state_dw(
			stream->state, UGVT_STATE_SO_DECL_LIST, FIRST_DECL + 2 * i + s / 2);
		uint32_t decl = pair >> s % 2 * 16 & 0xffff;
		uint32_t mask = UGVT_GET(DECL_COMPONENTS, decl);
		unsigned buffer = UGVT_GET(DECL_BUFFER, decl);
		unsigned bytes = 4 * (unsigned)__builtin_popcount(mask);

		if (!(decl & DECL_HOLE) && (stream->selects[s] >> buffer & 1) &&
			at[buffer] + bytes <= stream->pitch[buffer]) {
			components_write(stream, vertex,
				stream->first[s] + 4 * UGVT_GET(DECL_REGISTER, decl), mask,
				stream->addr[buffer] + stream->registers->offset[buffer] +
					at[buffer]);
		}
		at[buffer] += bytes;
	}
	for (unsigned i = 0; i < UGVT_STREAM_BUFFERS; i++) {
		if (stream->selects[s] >> i & 1) {
			stream->registers->offset[i] += stream->pitch[i];
		}
	}
}

unsigned ugvt_stream_object(struct ugvt_stream *stream, const struct ugvt_object *object)
{
	static const uint8_t vertices[] = {
		[UGVT_PRIMITIVE_POINT] = 1,
		[UGVT_PRIMITIVE_LINE] = 2,
		[UGVT_PRIMITIVE_TRIANGLE] = 3,
		[UGVT_PRIMITIVE_RECTANGLE] = 3,
	};
	unsigned s = object->stream % UGVT_STREAMS, count = vertices[object->kind];
	unsigned first = object->exchanged && stream->trailing ? 2 : 0;

	stream->registers->needed[s] += stream->statistics && stream->counts[s] > 0;
	if (stream->counts[s] == 0 || !has_room(stream, stream->selects[s], count)) {
		return 0;
	}
	for (unsigned i = 0; i < count; i++) {
		vertex_write(stream, s, object->v[(first + i) % count]);
	}
	stream->registers->written[s] += stream->statistics;
	return count * stream->counts[s];
}

void ugvt_stream_end(struct ugvt_stream *stream)
{
	for (unsigned i = 0; stream->enabled && i < UGVT_STREAM_BUFFERS; i++) {
		if (stream->offset_addr[i] != 0) {
			ugvt_aspace_write32(
				stream->as, stream->offset_addr[i], stream->registers->offset[i]);
		}
	}
}
