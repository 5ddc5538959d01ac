/* SPDX-License-Identifier: MIT */
#include "gpu/render/patch.h"

#include <stdlib.h>
#include <string.h>

#define READ_UNIT 8   // dwords: a register
#define ENTRY_UNIT 16 // dwords
#define PATCH_DWORDS_MAX (512 * ENTRY_UNIT)
#define DOMAIN_DWORDS_MAX 512 // no driver has more than half of it
#define INSTANCE_SHIFT 17     // in r0.2
#define FIRST_HANDLES 1       // register
#define HANDLE_REGISTERS 4
#define COORDINATES_AT 1
#define DOMAIN_HANDLES_AT 4
#define COST_POINT 4
#define COST_THREAD 16
#define DWORDS_PER_UNIT 64 // cleared

bool ugvt_patch_init(struct ugvt_patch *patch, struct ugvt_urb *urb,
	struct ugvt_eu_port *hull_others, struct ugvt_eu_port *domain_others)
{
	size_t threads = UGVT_PATCH_THREADS * sizeof(*patch->thread);

	*patch = (struct ugvt_patch){
		.urb = urb,
		.thread = aligned_alloc(64, UGVT_ALIGN_UP(threads, (size_t)64)),
		.out = calloc(1, sizeof(*patch->out)),
		.vertices = calloc(UGVT_TESS_POINTS_MAX, sizeof(*patch->vertices)),
		.entry.dw = calloc(PATCH_DWORDS_MAX, sizeof(uint32_t)),
		.domain_entries.dw =
			calloc((size_t)UGVT_TESS_POINTS_MAX * DOMAIN_DWORDS_MAX, sizeof(uint32_t)),
	};
	ugvt_shader_init(&patch->hull, urb, hull_others);
	ugvt_shader_init(&patch->domain, urb, domain_others);
	patch->hull.gathers = true;
	return patch->thread && patch->out && patch->vertices && patch->entry.dw &&
	       patch->domain_entries.dw;
}

void ugvt_patch_finish(struct ugvt_patch *patch)
{
	free(patch->thread);
	free(patch->out);
	free(patch->vertices);
	free(patch->entry.dw);
	free(patch->domain_entries.dw);
}

static bool hull_begin(struct ugvt_patch *patch, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels)
{
	const struct ugvt_shader_source source = {
		.name = "hull",
		.constants = UGVT_STATE_CONSTANT_HS,
		.samplers = UGVT_STATE_SAMPLER_STATE_POINTERS_HS,
		.binding_table = UGVT_STATE_BINDING_TABLE_POINTERS_HS,
		.kernel = ugvt_state_hs_kernel(state),
		.scratch = ugvt_state_dw(state, UGVT_STATE_HS, 5),
		.alternate = ugvt_state_hs_alternate(state),
	};

	patch->threads = ugvt_state_hs_instances(state) + 1;
	patch->hull_constants_at =
		ugvt_state_hs_grf_start(state) | ugvt_state_hs_grf_start_high(state) << 5;
	patch->entry.count = 1;
	patch->entry.dwords = ENTRY_UNIT * (ugvt_state_hs_entry_size(state) + 1);
	return ugvt_shader_begin(&patch->hull, &source, state, as, kernels);
}

static bool domain_begin(struct ugvt_patch *patch, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels)
{
	const struct ugvt_shader_source source = {
		.name = "domain",
		.constants = UGVT_STATE_CONSTANT_DS,
		.samplers = UGVT_STATE_SAMPLER_STATE_POINTERS_DS,
		.binding_table = UGVT_STATE_BINDING_TABLE_POINTERS_DS,
		.kernel = ugvt_state_ds_kernel(state),
		.scratch = ugvt_state_dw(state, UGVT_STATE_DS, 4),
		.alternate = ugvt_state_ds_alternate(state),
	};
	unsigned entry = ENTRY_UNIT * (ugvt_state_ds_entry_size(state) + 1);

	patch->domain_constants_at = ugvt_state_ds_grf_start(state);
	patch->read_offset = READ_UNIT * ugvt_state_ds_read_offset(state);
	patch->read_registers = ugvt_state_ds_read_length(state);
	patch->has_w = ugvt_state_ds_compute_w(state);
	patch->domain_entries.dwords = UGVT_MIN(entry, DOMAIN_DWORDS_MAX);
	return ugvt_shader_begin(&patch->domain, &source, state, as, kernels);
}

bool ugvt_patch_begin(struct ugvt_patch *patch, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels)
{
	patch->phase = UGVT_PATCH_TAKES;
	patch->tess = (struct ugvt_tess_input){
		.domain = (uint8_t)ugvt_state_te_domain(state),
		.topology = (uint8_t)ugvt_state_te_topology(state),
		.partitioning = (uint8_t)ugvt_state_te_partitioning(state),
		.max_odd = ugvt_state_float(ugvt_state_te_max_odd(state)),
		.max_even = ugvt_state_float(ugvt_state_te_max_even(state)),
	};
	patch->provoking = (struct ugvt_provoking){
		.line = (uint8_t)UGVT_MIN(ugvt_state_provoking_line(state), 1),
		.triangle = (uint8_t)UGVT_MIN(ugvt_state_provoking_triangle(state), 2),
	};
	return ugvt_state_hs_dispatch_mode(state) == 0 && ugvt_state_ds_dispatch_mode(state) != 0 &&
	       hull_begin(patch, state, as, kernels) && domain_begin(patch, state, as, kernels);
}

static void hull_thread_start(struct ugvt_patch *patch, unsigned index, const uint32_t *handles)
{
	uint32_t header[8];

	ugvt_shader_start(&patch->hull, UGVT_BIT(UGVT_PATCH_LANES) - 1, patch->hull_constants_at);
	memcpy(header, patch->hull.header, sizeof(header));
	header[0] = ugvt_urb_handle(UGVT_URB_PATCH, 0);
	header[1] = patch->id;
	header[2] = index << INSTANCE_SHIFT;
	ugvt_shader_register_set(&patch->hull, 0, header);
	for (unsigned i = 0; i < HANDLE_REGISTERS; i++) {
		ugvt_shader_register_set(&patch->hull, FIRST_HANDLES + i, handles + i * READ_UNIT);
	}
	patch->thread[index] = patch->hull.thread;
}

void ugvt_patch_start(struct ugvt_patch *patch, const struct ugvt_urb_entries *input,
	const struct ugvt_assembler *assembler, uint32_t id)
{
	uint32_t handles[HANDLE_REGISTERS * READ_UNIT] = {0};

	for (unsigned i = 0; i < assembler->patch_vertices; i++) {
		size_t entry = (size_t)(assembler->patch[i]->vue - input->dw) / input->dwords;

		handles[i] = ugvt_urb_handle(UGVT_URB_VERTEX, (unsigned)entry);
	}
	patch->id = id;
	memset(patch->entry.dw, 0, patch->entry.dwords * sizeof(uint32_t));
	patch->urb->entries[UGVT_URB_PATCH] = patch->entry;
	for (unsigned i = 0; i < patch->threads; i++) {
		hull_thread_start(patch, i, handles);
	}
	patch->debt += COST_THREAD * patch->threads + patch->entry.dwords / DWORDS_PER_UNIT;
	patch->alive = UGVT_BIT(patch->threads) - 1;
	patch->waiting = 0;
	patch->phase = UGVT_PATCH_HULL;
	patch->hull_invocations++;
}

static float entry_float(const struct ugvt_patch *patch, unsigned at)
{
	return ugvt_state_float(patch->entry.dw[at]);
}

/* From the first two OWords of the patch's entry. */
static void factors_read(struct ugvt_patch *patch)
{
	struct ugvt_tess_input *tess = &patch->tess;

	for (unsigned i = 0; i < 4; i++) {
		tess->outer[i] = entry_float(patch, 7 - i);
	}
	switch (tess->domain) {
	case UGVT_TESS_QUAD:
		tess->inner[0] = entry_float(patch, 3);
		tess->inner[1] = entry_float(patch, 2);
		break;
	case UGVT_TESS_TRIANGLE: tess->inner[0] = entry_float(patch, 4); break;
	default:
		tess->outer[0] = entry_float(patch, 6);
		tess->outer[1] = entry_float(patch, 7);
		break;
	}
}

static void points_make(struct ugvt_patch *patch)
{
	factors_read(patch);
	ugvt_tessellate(&patch->tess, patch->out);
	patch->domain_entries.count = patch->out->points;
	for (unsigned i = 0; i < patch->out->points; i++) {
		patch->vertices[i] = (struct ugvt_vertex){
			.vue = patch->domain_entries.dw + (size_t)i * patch->domain_entries.dwords,
			.edge = true,
		};
	}
	patch->shaded = 0;
	patch->at = 0;
	patch->phase = patch->out->points > 0 ? UGVT_PATCH_DOMAIN : UGVT_PATCH_GIVES;
}

/* All threads that are left wait for one another. */
static void barrier_open(struct ugvt_patch *patch)
{
	for (uint32_t left = patch->waiting; left != 0; left &= left - 1) {
		ugvt_eu_thread_notify(&patch->thread[__builtin_ctz(left)], 0);
	}
	patch->waiting = 0;
}

static void hull_run(struct ugvt_patch *patch, int64_t *budget)
{
	uint32_t ready = patch->alive & ~patch->waiting;
	unsigned index;

	if (ready == 0) {
		barrier_open(patch);
		return;
	}
	index = (unsigned)__builtin_ctz(ready);
	switch (ugvt_shader_thread_run(&patch->hull, &patch->thread[index], budget)) {
	case UGVT_EU_PAUSED: return;
	case UGVT_EU_WAITS: patch->waiting |= UGVT_BIT(index); break;
	default: patch->alive &= ~UGVT_BIT(index); break;
	}
	if (patch->alive == 0) {
		points_make(patch);
		*budget -= COST_POINT * patch->out->points;
	}
}

static void patch_data_put(struct ugvt_patch *patch)
{
	unsigned at = patch->domain_constants_at + patch->domain.constants.registers;

	for (unsigned i = 0; i < patch->read_registers; i++) {
		unsigned from = patch->read_offset + i * READ_UNIT;

		if (from + READ_UNIT <= patch->entry.dwords) {
			ugvt_shader_register_set(&patch->domain, at + i, patch->entry.dw + from);
		}
	}
}

static void domain_start(struct ugvt_patch *patch)
{
	unsigned lanes = UGVT_MIN(patch->out->points - patch->shaded, UGVT_PATCH_LANES);
	struct ugvt_urb_entries entries = patch->domain_entries;
	uint32_t handles[UGVT_PATCH_LANES] = {0}, header[8];
	float uvw[3][UGVT_PATCH_LANES] = {{0}};

	entries.dw += (size_t)patch->shaded * entries.dwords;
	entries.count = lanes;
	patch->urb->entries[UGVT_URB_DOMAIN] = entries;
	memset(entries.dw, 0, (size_t)lanes * entries.dwords * sizeof(uint32_t));
	for (unsigned i = 0; i < lanes; i++) {
		uvw[0][i] = patch->out->u[patch->shaded + i];
		uvw[1][i] = patch->out->v[patch->shaded + i];
		uvw[2][i] = patch->has_w ? 1 - uvw[0][i] - uvw[1][i] : 0;
		handles[i] = ugvt_urb_handle(UGVT_URB_DOMAIN, i);
	}
	ugvt_shader_start(&patch->domain, UGVT_BIT(lanes) - 1, patch->domain_constants_at);
	memcpy(header, patch->domain.header, sizeof(header));
	header[0] = ugvt_urb_handle(UGVT_URB_PATCH, 0);
	header[1] = patch->id;
	ugvt_shader_register_set(&patch->domain, 0, header);
	for (unsigned i = 0; i < 3; i++) {
		ugvt_shader_register_set(&patch->domain, COORDINATES_AT + i, uvw[i]);
	}
	ugvt_shader_register_set(&patch->domain, DOMAIN_HANDLES_AT, handles);
	patch_data_put(patch);
	patch->debt += COST_THREAD + lanes * entries.dwords / DWORDS_PER_UNIT;
}

static void domain_run(struct ugvt_patch *patch, int64_t *budget)
{
	unsigned lanes = UGVT_MIN(patch->out->points - patch->shaded, UGVT_PATCH_LANES);

	if (!patch->domain.running) {
		domain_start(patch);
	}
	if (!ugvt_shader_run(&patch->domain, budget)) {
		return;
	}
	patch->domain_invocations += lanes;
	patch->shaded += lanes;
	if (patch->shaded == patch->out->points) {
		patch->urb->entries[UGVT_URB_DOMAIN] = patch->domain_entries;
		patch->phase = UGVT_PATCH_GIVES;
	}
}

void ugvt_patch_run(struct ugvt_patch *patch, int64_t *budget)
{
	*budget -= patch->debt;
	patch->debt = 0;
	if (patch->phase == UGVT_PATCH_HULL) {
		hull_run(patch, budget);
	} else {
		domain_run(patch, budget);
	}
}

bool ugvt_patch_next(struct ugvt_patch *patch, struct ugvt_object *object)
{
	static const uint8_t kinds[] = {
		0, UGVT_PRIMITIVE_POINT, UGVT_PRIMITIVE_LINE, UGVT_PRIMITIVE_TRIANGLE};
	const struct ugvt_tess_output *out = patch->out;

	if (patch->at + out->each > out->indices) {
		patch->phase = UGVT_PATCH_TAKES;
		return false;
	}
	*object = (struct ugvt_object){.kind = kinds[out->each], .edges = 7, .id = patch->id};
	object->provoking = out->each == 2 ? patch->provoking.line : 0;
	if (out->each == 3) {
		object->provoking = patch->provoking.triangle;
	}
	for (unsigned i = 0; i < out->each; i++) {
		object->v[i] = &patch->vertices[out->index[patch->at + i]];
	}
	patch->at += out->each;
	return true;
}
