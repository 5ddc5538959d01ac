/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/eu/message.h"
#include "gpu/render/functions_state.h"

/*
 * Sampler messages of SIMD8 and SIMD16: PRM SNB vol 4 part 1, "Sampling Engine", payloads and message types of Gen9 as Mesa's
 * brw_lower_logical_sends.cpp, lower_sampler_logical_send_gfx7(), and brw_eu_defines.h have them. A payload is a header of a
 * register, if the descriptor says so, then parameters of a register for each eight lanes; those at the end may be missing.
 */

/* Dwords of the header, and fields of its third. */
#define HEADER_CONTROL 2
#define HEADER_SAMPLERS 3
#define CONTROL_GATHER UGVT_MASK(17, 16)
#define CONTROL_DISABLE UGVT_MASK(15, 12) // red to alpha: not returned
#define CONTROL_OFFSET(i) UGVT_MASK(11 - 4 * (i), 8 - 4 * (i))
#define SAMPLERS_POINTER UGVT_MASK(31, 5)
#define SAMPLER_BYTES 16

#define SIMD_MODE_8 1
#define SIMD_MODE_16 2

enum parameter {
	P_END,
	P_U, // coordinates: floats, or integers of ld
	P_V,
	P_R,
	P_AI,
	P_REF,
	P_LOD, // or bias
	P_DX_U,
	P_DX_V,
	P_DX_R,
	P_DY_U,
	P_DY_V,
	P_DY_R,
	P_OFFSET_U,
	P_OFFSET_V,
	P_SAMPLE,
	P_MCS_0,
	P_MCS_1,
	P_COUNT,
};

enum {
	FAST_PLACES = 4, // where a descriptor may be
};

enum kind {
	KIND_NONE,
	KIND_SAMPLE,
	KIND_LOAD,
	KIND_LOAD_MCS,
	KIND_RESINFO,
	KIND_SAMPLEINFO,
};

struct row {
	uint8_t kind;
	uint8_t op; // enum ugvt_sample_op
	bool compare;
	bool multisampled;
	uint8_t parameters[12]; // in the payload's order
};

#define COORDINATES P_U, P_V, P_R, P_AI
#define GRADIENTS P_U, P_DX_U, P_DY_U, P_V, P_DX_V, P_DY_V, P_R, P_DX_R, P_DY_R, P_AI

/* By message type. */
static const struct row rows[32] = {
	[0] = {KIND_SAMPLE, UGVT_SAMPLE, false, false, {COORDINATES}},
	[1] = {KIND_SAMPLE, UGVT_SAMPLE_B, false, false, {P_LOD, COORDINATES}},
	[2] = {KIND_SAMPLE, UGVT_SAMPLE_L, false, false, {P_LOD, COORDINATES}},
	[3] = {KIND_SAMPLE, UGVT_SAMPLE, true, false, {P_REF, COORDINATES}},
	[4] = {KIND_SAMPLE, UGVT_SAMPLE_D, false, false, {GRADIENTS}},
	[5] = {KIND_SAMPLE, UGVT_SAMPLE_B, true, false, {P_REF, P_LOD, COORDINATES}},
	[6] = {KIND_SAMPLE, UGVT_SAMPLE_L, true, false, {P_REF, P_LOD, COORDINATES}},
	[7] = {KIND_LOAD, 0, false, false, {P_U, P_V, P_LOD, P_R}},
	[8] = {KIND_SAMPLE, UGVT_SAMPLE_GATHER, false, false, {COORDINATES}},
	[9] = {KIND_SAMPLE, UGVT_SAMPLE_LOD, false, false, {COORDINATES}},
	[10] = {KIND_RESINFO, 0, false, false, {P_LOD}},
	[11] = {KIND_SAMPLEINFO, 0, false, false, {P_END}},
	[16] = {KIND_SAMPLE, UGVT_SAMPLE_GATHER, true, false, {P_REF, COORDINATES}},
	[17] = {KIND_SAMPLE, UGVT_SAMPLE_GATHER, false, false,
		{P_U, P_V, P_OFFSET_U, P_OFFSET_V, P_R}},
	[18] = {KIND_SAMPLE, UGVT_SAMPLE_GATHER, true, false,
		{P_REF, P_U, P_V, P_OFFSET_U, P_OFFSET_V, P_R}},
	[20] = {KIND_SAMPLE, UGVT_SAMPLE_D, true, false, {P_REF, GRADIENTS}},
	[24] = {KIND_SAMPLE, UGVT_SAMPLE_L, false, false, {COORDINATES}},
	[25] = {KIND_SAMPLE, UGVT_SAMPLE_L, true, false, {P_REF, COORDINATES}},
	[26] = {KIND_LOAD, 0, false, false, {P_U, P_V, P_R}},
	[28] = {KIND_LOAD, 0, false, true, {P_SAMPLE, P_MCS_0, P_MCS_1, P_U, P_V, P_R}},
	[29] = {KIND_LOAD_MCS, 0, false, false, {P_U, P_V, P_R}},
	[30] = {KIND_LOAD, 0, false, true, {P_SAMPLE, P_MCS_0, P_U, P_V, P_R}},
	[31] = {KIND_LOAD, 0, false, false, {P_SAMPLE, P_U, P_V, P_R}},
};

/* A message, taken apart. */
struct request {
	const struct row *row;
	unsigned lanes;
	uint16_t mask;
	uint32_t control; // the header's
	ugvt_gpu_addr sampler;
	uint32_t values[P_COUNT][UGVT_LANES];
};

static const uint8_t *register_of(const struct ugvt_eu_message *message, unsigned at)
{
	if (at < message->length) {
		return message->payload + at * UGVT_EU_REGISTER_BYTES;
	}
	at -= message->length;
	return at < message->length2 ? message->payload2 + at * UGVT_EU_REGISTER_BYTES : NULL;
}

static uint32_t header_dword(const uint8_t *header, unsigned n)
{
	uint32_t value;

	memcpy(&value, header + n * sizeof(value), sizeof(value));
	return value;
}

static void header_decode(const struct ugvt_functions *functions, const uint8_t *header,
	unsigned index, struct request *request)
{
	ugvt_gpu_addr table = functions->samplers;

	request->control = 0;
	if (header) {
		request->control = header_dword(header, HEADER_CONTROL);
		table = functions->dynamic_base +
			(header_dword(header, HEADER_SAMPLERS) & SAMPLERS_POINTER);
	}
	request->sampler = (table + index * SAMPLER_BYTES) & UGVT_GPU_ADDR_MASK;
}

static void parameters_decode(
	const struct ugvt_eu_message *message, unsigned at, struct request *request)
{
	memset(request->values, 0, sizeof(request->values));
	for (const uint8_t *p = request->row->parameters; *p != P_END; p++) {
		for (unsigned lane = 0; lane < request->lanes; lane += 8) {
			const uint8_t *bytes = register_of(message, at++);

			if (!bytes) {
				return;
			}
			memcpy(&request->values[*p][lane], bytes, UGVT_EU_REGISTER_BYTES);
		}
	}
}

/* false: of a mode that there is not. */
static bool request_decode(const struct ugvt_functions *functions,
	const struct ugvt_eu_message *message, struct request *request)
{
	unsigned mode = ugvt_eu_sampler_simd_mode(message->desc);
	bool header = ugvt_eu_message_header(message->desc);

	request->row = &rows[ugvt_eu_sampler_message(message->desc)];
	request->lanes = mode == SIMD_MODE_16 ? 16 : 8;
	request->mask = (uint16_t)(message->channels >> message->first % 32 &
				   (UGVT_BIT(request->lanes) - 1));
	if (request->row->kind == KIND_NONE || (mode != SIMD_MODE_8 && mode != SIMD_MODE_16)) {
		return false;
	}
	header_decode(functions, header ? register_of(message, 0) : NULL,
		ugvt_eu_sampler_index(message->desc), request);
	parameters_decode(message, header, request);
	return true;
}

static int8_t offset_of(const struct request *request, unsigned i)
{
	return (int8_t)((int32_t)(UGVT_GET(CONTROL_OFFSET(i), request->control) << 28) >> 28);
}

static void sample(struct ugvt_functions *functions, const struct request *request,
	struct ugvt_functions_surface *surface, struct ugvt_texels *texels)
{
	struct ugvt_sample s = {
		.op = request->row->op,
		.compare = request->row->compare,
		.mask = request->mask,
		.gather = (uint8_t)UGVT_GET(CONTROL_GATHER, request->control),
	};

	for (unsigned i = 0; i < 3; i++) {
		s.offset[i] = offset_of(request, i);
		memcpy(s.gradients.x[i], request->values[P_DX_U + i], sizeof(s.gradients.x[i]));
		memcpy(s.gradients.y[i], request->values[P_DY_U + i], sizeof(s.gradients.y[i]));
	}
	memcpy(s.coordinates, request->values[P_U], sizeof(s.coordinates));
	memcpy(s.ref, request->values[P_REF], sizeof(s.ref));
	memcpy(s.lod, request->values[P_LOD], sizeof(s.lod));
	memcpy(s.offsets, request->values[P_OFFSET_U], sizeof(s.offsets));
	ugvt_sample(&surface->texture, ugvt_functions_sampler_find(functions, request->sampler), &s,
		texels);
}

static void load(const struct request *request, struct ugvt_functions_surface *surface,
	struct ugvt_texels *texels)
{
	struct ugvt_load l = {
		.mask = request->mask,
		.multisampled = request->row->multisampled,
	};

	for (unsigned i = 0; i < 3; i++) {
		l.offset[i] = offset_of(request, i);
	}
	memcpy(l.coordinates, request->values[P_U], sizeof(l.coordinates));
	memcpy(l.lod, request->values[P_LOD], sizeof(l.lod));
	memcpy(l.sample, request->values[P_SAMPLE], sizeof(l.sample));
	memcpy(l.mcs, request->values[P_MCS_0], sizeof(l.mcs));
	if (request->row->kind == KIND_LOAD_MCS) {
		ugvt_load_mcs(&surface->texture, &l, texels);
	} else {
		ugvt_load(&surface->texture, &l, texels);
	}
}

static void channel_return(const struct ugvt_eu_message *message, const struct request *request,
	unsigned at, const uint32_t *lanes)
{
	for (unsigned lane = 0; lane < request->lanes; lane++) {
		unsigned reg = at + lane / 8;

		if (reg < message->response_length && (request->mask >> lane & 1)) {
			memcpy(message->response + reg * UGVT_EU_REGISTER_BYTES +
					lane % 8 * sizeof(*lanes),
				&lanes[lane], sizeof(*lanes));
		}
	}
}

static void texels_return(const struct ugvt_eu_message *message, const struct request *request,
	const struct ugvt_texels *texels)
{
	unsigned disabled = UGVT_GET(CONTROL_DISABLE, request->control);
	unsigned at = 0;

	for (unsigned c = 0; c < 4; c++) {
		if (!(disabled >> c & 1)) {
			channel_return(message, request, at, texels->c[c]);
			at += request->lanes / 8;
		}
	}
}

/* A register behind all others: it is not there, and reads as zeros. */
#define REGISTER_NONE 0xff

/* The first register of a parameter. */
static uint8_t parameter_at(const struct row *row, enum parameter parameter, unsigned lanes)
{
	for (unsigned i = 0; row->parameters[i] != P_END; i++) {
		if (row->parameters[i] == parameter) {
			return (uint8_t)(i * lanes / 8);
		}
	}
	return REGISTER_NONE;
}

/* Headers say things of their own, bindless surfaces are not in the descriptor, comparisons and gathers are rare. */
static void fast_prepare(struct ugvt_functions *functions, const struct ugvt_eu_message *message,
	struct ugvt_functions_fast *fast)
{
	const struct row *row = &rows[ugvt_eu_sampler_message(message->desc)];
	unsigned mode = ugvt_eu_sampler_simd_mode(message->desc);
	unsigned lanes = mode == SIMD_MODE_16 ? 16 : 8;
	struct ugvt_functions_surface *surface;
	struct request request;

	fast->desc = message->desc;
	fast->usable = false;
	fast->length = UINT32_MAX;
	if ((row->kind != KIND_SAMPLE && row->kind != KIND_LOAD) || row->compare ||
		ugvt_eu_message_header(message->desc) || ugvt_functions_is_bindless(message) ||
		(mode != SIMD_MODE_8 && mode != SIMD_MODE_16)) {
		return;
	}
	fast->lanes = (uint8_t)lanes;
	fast->u = parameter_at(row, P_U, lanes);
	fast->v = parameter_at(row, P_V, lanes);
	fast->layer = parameter_at(row, P_R, lanes);
	fast->lod = parameter_at(row, P_LOD, lanes);
	header_decode(functions, NULL, ugvt_eu_sampler_index(message->desc), &request);
	surface = ugvt_functions_surface_find(functions, message, false);
	fast->loads = row->kind == KIND_LOAD;
	if (fast->loads) {
		fast->usable = ugvt_fast_init_load(&fast->fast, &surface->texture);
	} else {
		fast->usable = ugvt_fast_init(&fast->fast, &surface->texture,
			ugvt_functions_sampler_find(functions, request.sampler), row->op);
	}
}

static const uint8_t *lanes_of(const struct ugvt_eu_message *message, unsigned at)
{
	static const uint8_t zeros[UGVT_EU_REGISTER_BYTES];
	const uint8_t *lanes = register_of(message, at);

	return lanes ? lanes : zeros;
}

static bool is_where_it_was(
	const struct ugvt_functions_fast *fast, const struct ugvt_eu_message *message)
{
	return fast->payload == message->payload && fast->response == message->response &&
	       fast->payload2 == message->payload2 && fast->length == message->length &&
	       fast->length2 == message->length2 &&
	       fast->response_length == message->response_length;
}

static void places_find(struct ugvt_functions_fast *fast, const struct ugvt_eu_message *message)
{
	unsigned halves = fast->lanes / 8u;

	fast->payload = message->payload;
	fast->payload2 = message->payload2;
	fast->response = message->response;
	fast->length = message->length;
	fast->length2 = message->length2;
	fast->response_length = message->response_length;
	for (unsigned half = 0; half < halves; half++) {
		struct ugvt_fast_lanes *l = &fast->at[half];

		l->u = lanes_of(message, fast->u + half);
		l->v = lanes_of(message, fast->v + half);
		l->layer = lanes_of(message, fast->layer + half);
		l->lod = lanes_of(message, fast->lod + half);
		for (unsigned c = 0; c < 4; c++) {
			unsigned at = c * halves + half;

			l->out[c] = at < message->response_length
					    ? (uint32_t *)(message->response +
							   at * UGVT_EU_REGISTER_BYTES)
					    : NULL;
		}
	}
}

static void fast_run(struct ugvt_functions_fast *fast, const struct ugvt_eu_message *message)
{
	uint32_t mask = message->channels >> message->first % 32;

	if (!is_where_it_was(fast, message)) {
		places_find(fast, message);
	}
	fast->at[0].mask = (uint8_t)mask;
	fast->at[1].mask = (uint8_t)(mask >> 8);
	if (fast->loads) {
		ugvt_fast_load(&fast->fast, fast->at, fast->lanes / 8u);
	} else {
		ugvt_fast_sample(&fast->fast, fast->at, fast->lanes / 8u);
	}
}

/* Surface and sampler are what descriptors of one shader mostly differ in, but some in other things: those are near. */
static struct ugvt_functions_fast *fast_find(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	unsigned hash = message->desc ^ message->desc >> 8;
	struct ugvt_functions_fast *fast = &functions->fasts[hash % UGVT_FUNCTIONS_FASTS];

	for (unsigned i = 0; i < FAST_PLACES; i++) {
		struct ugvt_functions_fast *near =
			&functions->fasts[(hash + 5 * i) % UGVT_FUNCTIONS_FASTS];

		if (near->epoch != functions->epoch) {
			fast = near;
		} else if (near->desc == message->desc) {
			return near;
		}
	}
	fast_prepare(functions, message, fast);
	fast->epoch = functions->epoch;
	return fast;
}

static bool fast_sample(struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct ugvt_functions_fast *fast = fast_find(functions, message);

	if (fast->usable) {
		fast_run(fast, message);
	}
	return fast->usable;
}

const char *ugvt_functions_sample(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	struct ugvt_functions_surface *surface;
	struct ugvt_texels texels;
	struct request request;

	if (fast_sample(functions, message)) {
		return NULL;
	}
	if (!request_decode(functions, message, &request)) {
		return ugvt_functions_miss(functions, message);
	}
	surface =
		ugvt_functions_surface_find(functions, message, request.row->kind == KIND_LOAD_MCS);
	switch (request.row->kind) {
	case KIND_SAMPLE: sample(functions, &request, surface, &texels); break;
	case KIND_RESINFO: ugvt_resinfo(&surface->surface, request.values[P_LOD], &texels); break;
	case KIND_SAMPLEINFO: ugvt_sampleinfo(&surface->surface, &texels); break;
	default: load(&request, surface, &texels); break;
	}
	texels_return(message, &request, &texels);
	return NULL;
}
