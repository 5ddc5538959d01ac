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
#define BYTES_MAX 32
#define DWORDS_MAX (BYTES_MAX / 4)

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

/* Formats of 64-bit floats become 32-bit ones: how many; numbers as in Mesa isl.h. */
static uint8_t doubles_of(unsigned format)
{
	switch (format) {
	case 0x08d: return 1; // R64_FLOAT
	case 0x005: return 2; // R64G64_FLOAT
	case 0x198: return 3; // R64G64B64_FLOAT
	case 0x197: return 4; // R64G64B64A64_FLOAT
	default: return 0;
	}
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
	element->doubles = doubles_of(UGVT_GET(ELEMENT_FORMAT, dw[0]));
	if (element->doubles > 0) {
		element->bytes = 8 * element->doubles;
		element->dwords = 2 * element->doubles;
		return true;
	}
	if (!format || !(format->flags & UGVT_FORMAT_VERTEX)) {
		return false;
	}
	element->format = format;
	element->bytes = format->bits / 8;
	element->dwords = (uint8_t)((element->bytes + 3) / 4);
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
		element->steady = element->instanced || element->pitch == 0;
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
	uint64_t offset, uint32_t dw[DWORDS_MAX])
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

static uint32_t instance_index(const struct ugvt_vertex_fetch *fetch,
	const struct ugvt_fetch_element *element, uint32_t instance)
{
	return fetch->start_instance + (element->rate > 0 ? instance / element->rate : 0);
}

/* Lane by lane: some may be outside, or not be mapped. */
static void lanes_gather(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	const struct ugvt_fetch_input *in, uint32_t *const rows[DWORDS_MAX])
{
	uint32_t dw[DWORDS_MAX];

	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		uint32_t index = element->instanced ? instance_index(fetch, element, in->instance)
						    : in->index[lane];

		if (lane == 0 || (!element->steady && lane < in->count)) {
			memset(dw, 0, sizeof(dw));
			bytes_read(fetch, element,
				(uint64_t)index * element->pitch + element->offset, dw);
		}
		for (unsigned i = 0; i < element->dwords; i++) {
			rows[i][lane] = dw[i];
		}
	}
}

/* All lanes lie in one piece from host on. bytes is known where this is called. */
static inline __attribute__((always_inline)) void span_gather(const char *host, uint32_t pitch,
	const struct ugvt_fetch_input *in, unsigned bytes, uint32_t *const rows[DWORDS_MAX])
{
	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		uint32_t dw[DWORDS_MAX] = {0};

		memcpy(dw, host + (uint64_t)in->index[lane] * pitch, bytes);
		for (unsigned i = 0; i < (bytes + 3) / 4; i++) {
			rows[i][lane] = dw[i];
		}
	}
}

static void span_gather_any(const struct ugvt_fetch_element *element,
	const struct ugvt_fetch_input *in, uint32_t *const rows[DWORDS_MAX])
{
	const char *host = element->host + element->offset;

	switch (element->bytes) {
	case 1: span_gather(host, element->pitch, in, 1, rows); break;
	case 2: span_gather(host, element->pitch, in, 2, rows); break;
	case 3: span_gather(host, element->pitch, in, 3, rows); break;
	case 4: span_gather(host, element->pitch, in, 4, rows); break;
	case 6: span_gather(host, element->pitch, in, 6, rows); break;
	case 8: span_gather(host, element->pitch, in, 8, rows); break;
	case 12: span_gather(host, element->pitch, in, 12, rows); break;
	case 16: span_gather(host, element->pitch, in, 16, rows); break;
	case 24: span_gather(host, element->pitch, in, 24, rows); break;
	default: span_gather(host, element->pitch, in, 32, rows); break;
	}
}

static bool is_in_span(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	const struct ugvt_fetch_input *in)
{
	uint64_t low = (uint64_t)in->lowest * element->pitch + element->offset;
	uint64_t high = (uint64_t)in->highest * element->pitch + element->offset + element->bytes;

	if (high > element->size) {
		return false;
	}
	if (low < element->start || high > element->end) {
		span_find(fetch, element, low);
	}
	return low >= element->start && high <= element->end;
}

/* The element's dwords to rows. */
static void element_gather(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	const struct ugvt_fetch_input *in, uint32_t *const rows[DWORDS_MAX])
{
	if (!element->steady && is_in_span(fetch, element, in)) {
		span_gather_any(element, in, rows);
	} else {
		lanes_gather(fetch, element, in, rows);
	}
}

static void component_fill(uint32_t lanes[UGVT_FETCH_LANES], uint32_t value)
{
	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		lanes[lane] = value;
	}
}

static uint32_t edges_find(const uint32_t lanes[UGVT_FETCH_LANES])
{
	uint32_t edges = 0;

	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		edges |= (uint32_t)(lanes[lane] != 0) << lane;
	}
	return edges;
}

static bool has_channel(const struct ugvt_fetch_element *element, unsigned c)
{
	return element->format->channels[c].type != UGVT_CHANNEL_NONE;
}

/* Of a format of raw dwords: straight to where components go, those that nobody wants to where nobody looks. */
static void raw_fetch(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	const struct ugvt_fetch_input *in, struct ugvt_fetch_output *out)
{
	uint32_t nowhere[4][UGVT_FETCH_LANES], *rows[DWORDS_MAX];
	size_t first = 4 * (size_t)(element - fetch->elements);

	for (unsigned c = 0; c < 4; c++) {
		rows[c] = element->control[c] == COMPONENT_SOURCE && has_channel(element, c)
				  ? out->dw[first + c]
				  : nowhere[c];
	}
	element_gather(fetch, element, in, rows);
	if (element->edge) {
		out->edges = edges_find(rows[0]);
	}
}

static void converted_fetch(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	const struct ugvt_fetch_input *in, struct ugvt_fetch_output *out)
{
	size_t first = 4 * (size_t)(element - fetch->elements);
	struct ugvt_elements elements;
	struct ugvt_texels texels;
	uint32_t *const rows[DWORDS_MAX] = {
		elements.dw[0], elements.dw[1], elements.dw[2], elements.dw[3]};

	element_gather(fetch, element, in, rows);
	ugvt_texels_load(element->format, &elements, &texels);
	for (unsigned c = 0; c < 4; c++) {
		if (element->control[c] == COMPONENT_SOURCE) {
			memcpy(out->dw[first + c], texels.c[c], sizeof(texels.c[c]));
		}
	}
	if (element->edge) {
		out->edges = edges_find(texels.c[0]);
	}
}

static uint32_t double_convert(uint32_t low, uint32_t high)
{
	union {
		uint64_t bits;
		double value;
	} from = {ugvt_u64(low, high)};
	union {
		float value;
		uint32_t bits;
	} to = {(float)from.value};

	return to.bits;
}

static void doubles_fetch(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_element *element,
	const struct ugvt_fetch_input *in, struct ugvt_fetch_output *out)
{
	size_t first = 4 * (size_t)(element - fetch->elements);
	uint32_t dw[DWORDS_MAX][UGVT_FETCH_LANES], *rows[DWORDS_MAX];

	for (unsigned i = 0; i < DWORDS_MAX; i++) {
		rows[i] = dw[i];
	}
	element_gather(fetch, element, in, rows);
	for (unsigned i = 0; i < element->doubles * UGVT_FETCH_LANES; i++) {
		unsigned c = i / UGVT_FETCH_LANES, lane = i % UGVT_FETCH_LANES;

		if (element->control[c] == COMPONENT_SOURCE) {
			out->dw[first + c][lane] =
				double_convert(dw[2 * c][lane], dw[2 * c + 1][lane]);
		}
	}
}

/* What a component is, if it is not fetched. */
static uint32_t component_constant(const struct ugvt_fetch_element *element, unsigned c)
{
	switch (element->control[c]) {
	case COMPONENT_SOURCE:
		if (element->doubles > 0) {
			return c == 3 ? 0x3f800000 : 0;
		}
		return element->raw && !has_channel(element, c)
			       ? ugvt_channel_default(element->format, c)
			       : 0;
	case COMPONENT_1_FLOAT: return 0x3f800000;
	case COMPONENT_1_INTEGER: return 1;
	default: return 0;
	}
}

void ugvt_vertex_fetch_prepare(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_output *out)
{
	out->edges = UINT32_MAX;
	for (unsigned i = 0; i < 4 * fetch->count; i++) {
		component_fill(out->dw[i], component_constant(&fetch->elements[i / 4], i % 4));
	}
	for (unsigned i = 0; i < fetch->count; i++) {
		fetch->elements[i].stale = true;
	}
}

/* Is what is in out what it would be made again? */
static bool is_there(const struct ugvt_vertex_fetch *fetch,
	const struct ugvt_fetch_element *element, const struct ugvt_fetch_input *in)
{
	return element->steady && !element->stale &&
	       (!element->instanced || fetch->instance == in->instance);
}

void ugvt_vertex_fetch(struct ugvt_vertex_fetch *fetch, const struct ugvt_fetch_input *in,
	struct ugvt_fetch_output *out)
{
	for (unsigned i = 0; i < fetch->count; i++) {
		struct ugvt_fetch_element *element = &fetch->elements[i];

		if (element->dwords == 0 || is_there(fetch, element, in)) {
			continue;
		}
		element->stale = false;
		if (element->doubles > 0) {
			doubles_fetch(fetch, element, in, out);
		} else if (element->raw) {
			raw_fetch(fetch, element, in, out);
		} else {
			converted_fetch(fetch, element, in, out);
		}
	}
	fetch->instance = in->instance;
	if (fetch->vertex_id) {
		memcpy(out->dw[fetch->vertex_id_at], in->id, sizeof(in->id));
	}
	if (fetch->instance_id) {
		component_fill(out->dw[fetch->instance_id_at], in->instance);
	}
}
