/* SPDX-License-Identifier: MIT */
#include "gpu/render/vertex_fetch.h"

#include <string.h>

/* VERTEX_ELEMENT_STATE and VERTEX_BUFFER_STATE: Mesa gen9.xml. */
#define ELEMENT_OFFSET UGVT_MASK(11, 0)
#define ELEMENT_EDGE_FLAG UGVT_BIT(15)
#define ELEMENT_FORMAT UGVT_MASK(24, 16)
#define ELEMENT_VALID UGVT_BIT(25)
#define ELEMENT_BUFFER UGVT_MASK(31, 26)
#define ELEMENT_CONTROL(component) UGVT_MASK(30 - 4 * (component), 28 - 4 * (component))
#define BUFFER_PITCH UGVT_MASK(11, 0)
#define BUFFER_NULL UGVT_BIT(13)

enum component_control {
	COMPONENT_NOSTORE,
	COMPONENT_SOURCE,
	COMPONENT_0,
	COMPONENT_1_FLOAT,
	COMPONENT_1_INTEGER,
};

/* So much of a buffer is looked up at once. */
#define SPAN_MAX 0x10000
/* The largest element. */
#define BYTES_MAX 16

/* 32-bit channels in order: nothing to convert. */
static bool is_raw(const struct ugvt_format *format)
{
	for (unsigned c = 0; c < 4; c++) {
		const struct ugvt_channel *channel = &format->channels[c];

		if (channel->type == UGVT_CHANNEL_NONE) {
			continue;
		}
		if (channel->bits != 32 || channel->shift != 32 * c ||
			(channel->type != UGVT_CHANNEL_FLOAT &&
				channel->type != UGVT_CHANNEL_UINT &&
				channel->type != UGVT_CHANNEL_SINT)) {
			return false;
		}
	}
	return true;
}

static void buffer_init(
	struct ugvt_fetch_element *element, const struct ugvt_state *state, unsigned index)
{
	const uint32_t *dw = ugvt_state_vertex_buffer(state, index);

	if (!dw || (dw[0] & BUFFER_NULL)) {
		return; // of size 0
	}
	element->addr = ugvt_u64(dw[1], dw[2]) & UGVT_GPU_ADDR_MASK;
	element->pitch = dw[0] & BUFFER_PITCH;
	element->size = dw[3];
}

static bool reads_source(const struct ugvt_fetch_element *element)
{
	for (unsigned c = 0; c < 4; c++) {
		if (element->control[c] == COMPONENT_SOURCE) {
			return true;
		}
	}
	return false;
}

/* False: its format is not known. */
static bool element_init(struct ugvt_fetch_element *element, const uint32_t dw[2])
{
	const struct ugvt_format *format = ugvt_format(UGVT_GET(ELEMENT_FORMAT, dw[0]));

	element->offset = dw[0] & ELEMENT_OFFSET;
	element->edge = dw[0] & ELEMENT_EDGE_FLAG;
	for (unsigned c = 0; c < 4; c++) {
		element->control[c] = (uint8_t)UGVT_GET(ELEMENT_CONTROL(c), dw[1]);
	}
	if (!reads_source(element) || !(dw[0] & ELEMENT_VALID)) {
		return true;
	}
	if (!format || !(format->flags & UGVT_FORMAT_VERTEX)) {
		return false;
	}
	element->format = format;
	element->bytes = format->bits / 8;
	element->raw = is_raw(format);
	return true;
}

static void ids_init(struct ugvt_vertex_fetch *fetch, const struct ugvt_state *state)
{
	fetch->vertex_id_at =
		4 * ugvt_state_vertex_id_element(state) + ugvt_state_vertex_id_component(state);
	fetch->vertex_id = ugvt_state_vertex_id(state) && fetch->vertex_id_at < UGVT_FETCH_DWORDS;
	fetch->instance_id_at =
		4 * ugvt_state_instance_id_element(state) + ugvt_state_instance_id_component(state);
	fetch->instance_id =
		ugvt_state_instance_id(state) && fetch->instance_id_at < UGVT_FETCH_DWORDS;
}

void ugvt_vertex_fetch_init(struct ugvt_vertex_fetch *fetch, const struct ugvt_state *state,
	struct ugvt_aspace *as, uint32_t start_instance)
{
	unsigned dwords = ugvt_state_dwords(state, UGVT_STATE_VERTEX_ELEMENTS);

	*fetch = (struct ugvt_vertex_fetch){
		.as = as,
		.count = UGVT_MIN(dwords > 0 ? (dwords - 1) / 2 : 0, UGVT_VERTEX_ELEMENTS_MAX),
		.start_instance = start_instance,
	};
	for (unsigned i = 0; i < fetch->count; i++) {
		struct ugvt_fetch_element *element = &fetch->elements[i];
		uint32_t dw[2];

		dw[0] = ugvt_state_dw(state, UGVT_STATE_VERTEX_ELEMENTS, 1 + 2 * i);
		dw[1] = ugvt_state_dw(state, UGVT_STATE_VERTEX_ELEMENTS, 2 + 2 * i);
		fetch->unknown += !element_init(element, dw);
		buffer_init(element, state, UGVT_GET(ELEMENT_BUFFER, dw[0]));
		element->instanced = ugvt_state_instancing(state, i, &element->rate);
	}
	ids_init(fetch, state);
}

void ugvt_vertex_fetch_window(struct ugvt_vertex_fetch *fetch)
{
	for (unsigned i = 0; i < fetch->count; i++) {
		fetch->elements[i].host = NULL;
		fetch->elements[i].start = 0;
		fetch->elements[i].end = 0;
	}
}

static void span_find(
	struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element, uint64_t offset)
{
	struct ugvt_aspace_span span =
		ugvt_aspace_span(fetch->as, (element->addr + offset) & UGVT_GPU_ADDR_MASK,
			UGVT_PROT_READ, UGVT_MIN(element->size - offset, SPAN_MAX));

	element->host = span.host ? span.host - offset : NULL;
	element->start = span.host ? offset : 0;
	element->end = span.host ? offset + span.size : 0;
}

/* The element's bytes at offset in its buffer, to dw. */
static void bytes_read(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	uint64_t offset, uint32_t dw[BYTES_MAX / 4])
{
	unsigned bytes = element->bytes;

	if (offset + bytes > element->size) {
		return;
	}
	if (offset < element->start || offset + bytes > element->end) {
		span_find(fetch, element, offset);
	}
	if (offset >= element->start && offset + bytes <= element->end) {
		memcpy(dw, element->host + offset, bytes);
	} else {
		ugvt_aspace_read(
			fetch->as, (element->addr + offset) & UGVT_GPU_ADDR_MASK, dw, bytes);
	}
}

static void lane_read(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	uint32_t index, uint32_t dw[BYTES_MAX / 4])
{
	memset(dw, 0, BYTES_MAX);
	bytes_read(fetch, element, (uint64_t)index * element->pitch + element->offset, dw);
}

static uint32_t instance_index(const struct ugvt_vertex_fetch *fetch,
	const struct ugvt_fetch_element *element, uint32_t instance)
{
	return fetch->start_instance + (element->rate > 0 ? instance / element->rate : 0);
}

static void element_gather(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	const struct ugvt_fetch_input *in, struct ugvt_elements *elements)
{
	bool same = element->instanced || element->pitch == 0;
	uint32_t dw[BYTES_MAX / 4];

	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		if (lane == 0 && element->instanced) {
			lane_read(fetch, element, instance_index(fetch, element, in->instance), dw);
		} else if (lane == 0 || (!same && lane < in->count)) {
			lane_read(fetch, element, in->index[lane], dw);
		}
		for (unsigned i = 0; i < BYTES_MAX / 4; i++) {
			elements->dw[i][lane] = dw[i];
		}
	}
}

static void component_fill(uint32_t lanes[UGVT_FETCH_LANES], uint32_t value)
{
	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		lanes[lane] = value;
	}
}

static void component_store(
	uint8_t control, const uint32_t source[UGVT_FETCH_LANES], uint32_t out[UGVT_FETCH_LANES])
{
	switch (control) {
	case COMPONENT_SOURCE: memcpy(out, source, UGVT_FETCH_LANES * sizeof(*out)); break;
	case COMPONENT_1_FLOAT: component_fill(out, 0x3f800000); break;
	case COMPONENT_1_INTEGER: component_fill(out, 1); break;
	default: component_fill(out, 0); break;
	}
}

/* Of a format of raw dwords: channels that it does not have are as those of any other. */
static void raw_load(const struct ugvt_fetch_element *element, const struct ugvt_elements *elements,
	struct ugvt_texels *texels)
{
	for (unsigned c = 0; c < 4; c++) {
		if (element->format->channels[c].type != UGVT_CHANNEL_NONE) {
			memcpy(texels->c[c], elements->dw[c], sizeof(texels->c[c]));
		} else {
			component_fill(texels->c[c], ugvt_channel_default(element->format, c));
		}
	}
}

static void element_fetch(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	const struct ugvt_fetch_input *in, struct ugvt_texels *texels)
{
	struct ugvt_elements elements;

	if (!element->format) {
		memset(texels, 0, sizeof(*texels));
		return;
	}
	element_gather(fetch, element, in, &elements);
	if (element->raw) {
		raw_load(element, &elements, texels);
	} else {
		ugvt_texels_load(element->format, &elements, texels);
	}
}

static uint32_t edges_find(const struct ugvt_texels *texels)
{
	uint32_t edges = 0;

	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		edges |= (uint32_t)(texels->c[0][lane] != 0) << lane;
	}
	return edges;
}

void ugvt_vertex_fetch(struct ugvt_vertex_fetch *fetch, const struct ugvt_fetch_input *in,
	struct ugvt_fetch_output *out)
{
	struct ugvt_texels texels;

	out->edges = UINT32_MAX;
	for (unsigned i = 0; i < fetch->count; i++) {
		struct ugvt_fetch_element *element = &fetch->elements[i];

		element_fetch(fetch, element, in, &texels);
		if (element->edge) {
			out->edges = edges_find(&texels);
		}
		for (unsigned c = 0; c < 4; c++) {
			component_store(element->control[c], texels.c[c], out->dw[4 * i + c]);
		}
	}
	if (fetch->vertex_id) {
		memcpy(out->dw[fetch->vertex_id_at], in->id, sizeof(in->id));
	}
	if (fetch->instance_id) {
		component_fill(out->dw[fetch->instance_id_at], in->instance);
	}
}
