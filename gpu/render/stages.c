/* SPDX-License-Identifier: MIT */
#include "gpu/render/stages.h"

#include <stdlib.h>

#define COST_OBJECT 2 // to come out

void ugvt_stages_init(struct ugvt_stages *stages, struct ugvt_urb *urb)
{
	*stages = (struct ugvt_stages){.urb = urb};
}

void ugvt_stages_finish(struct ugvt_stages *stages)
{
	if (stages->geometry) {
		ugvt_geometry_finish(stages->geometry);
	}
	if (stages->patch) {
		ugvt_patch_finish(stages->patch);
	}
	free(stages->geometry);
	free(stages->patch);
	for (unsigned i = 0; i < UGVT_FUNCTIONS_STAGES; i++) {
		ugvt_functions_destroy(stages->functions[i]);
	}
}

/* Of a stage; NULL: out of memory. */
static struct ugvt_eu_port *port_of(struct ugvt_stages *stages, enum ugvt_functions_stage stage)
{
	if (!stages->functions[stage]) {
		stages->functions[stage] = ugvt_functions_create(stage);
	}
	return stages->functions[stage] ? ugvt_functions_port(stages->functions[stage]) : NULL;
}

static bool geometry_make(struct ugvt_stages *stages)
{
	struct ugvt_eu_port *port = port_of(stages, UGVT_FUNCTIONS_GS);
	size_t size = UGVT_ALIGN_UP(sizeof(*stages->geometry), (size_t)64);
	struct ugvt_geometry *geometry;

	if (stages->geometry) {
		return true;
	}
	geometry = port ? aligned_alloc(64, size) : NULL;
	if (!geometry) {
		return false;
	}
	if (!ugvt_geometry_init(geometry, stages->urb, port)) {
		ugvt_geometry_finish(geometry);
		free(geometry);
		return false;
	}
	stages->geometry = geometry;
	return true;
}

static bool patch_make(struct ugvt_stages *stages)
{
	struct ugvt_eu_port *hull = port_of(stages, UGVT_FUNCTIONS_HS);
	struct ugvt_eu_port *domain = port_of(stages, UGVT_FUNCTIONS_DS);
	size_t size = UGVT_ALIGN_UP(sizeof(*stages->patch), (size_t)64);
	struct ugvt_patch *patch;

	if (stages->patch) {
		return true;
	}
	patch = hull && domain ? aligned_alloc(64, size) : NULL;
	if (!patch) {
		return false;
	}
	if (!ugvt_patch_init(patch, stages->urb, hull, domain)) {
		ugvt_patch_finish(patch);
		free(patch);
		return false;
	}
	stages->patch = patch;
	return true;
}

const char *ugvt_stages_begin(struct ugvt_stages *stages, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels)
{
	stages->tessellates = ugvt_state_te_enable(state);
	stages->has_geometry = ugvt_state_gs_enable(state);
	if (stages->tessellates && (!ugvt_state_hs_enable(state) || !ugvt_state_ds_enable(state) ||
					   !patch_make(stages) ||
					   !ugvt_patch_begin(stages->patch, state, as, kernels))) {
		return "such a tessellation";
	}
	if (stages->has_geometry &&
		(!geometry_make(stages) ||
			!ugvt_geometry_begin(stages->geometry, state, as, kernels))) {
		return "such a geometry shader";
	}
	for (unsigned i = 0; ugvt_stages_are_used(stages) && i < UGVT_FUNCTIONS_STAGES; i++) {
		if (stages->functions[i]) {
			ugvt_functions_begin(stages->functions[i], state, as);
		}
	}
	return NULL;
}

void ugvt_stages_window(struct ugvt_stages *stages)
{
	for (unsigned i = 0; i < UGVT_FUNCTIONS_STAGES; i++) {
		if (stages->functions[i]) {
			ugvt_functions_window(stages->functions[i]);
		}
	}
}

unsigned ugvt_stages_vue_dwords(const struct ugvt_stages *stages)
{
	return stages->has_geometry ? stages->geometry->vertex_dwords
				    : stages->patch->domain_entries.dwords;
}

void ugvt_stages_take(struct ugvt_stages *stages, const struct ugvt_assembler *assembler,
	const struct ugvt_object *object)
{
	if (stages->tessellates) {
		ugvt_patch_start(stages->patch, &stages->vertices, assembler, object->id);
	} else {
		ugvt_geometry_add(stages->geometry, &stages->vertices, UGVT_URB_VERTEX, object);
	}
}

static void geometry_work(struct ugvt_stages *stages, int64_t *budget,
	struct ugvt_object objects[UGVT_OBJECTS_MAX], unsigned *made)
{
	struct ugvt_geometry *geometry = stages->geometry;

	if (geometry->phase == UGVT_GEOMETRY_RUNS) {
		ugvt_geometry_run(geometry, budget);
		return;
	}
	ugvt_geometry_continue(geometry);
	*budget -= COST_OBJECT;
	if (geometry->phase == UGVT_GEOMETRY_GIVES) {
		*made = ugvt_geometry_next(geometry, objects);
	}
}

static void patch_work(struct ugvt_stages *stages, int64_t *budget,
	struct ugvt_object objects[UGVT_OBJECTS_MAX], unsigned *made)
{
	struct ugvt_patch *patch = stages->patch;

	if (patch->phase != UGVT_PATCH_GIVES) {
		ugvt_patch_run(patch, budget);
		return;
	}
	*budget -= COST_OBJECT;
	if (!ugvt_patch_next(patch, &objects[0])) {
		/* Its vertices go: who has some has to use them first. */
		ugvt_stages_flush(stages);
	} else if (stages->has_geometry) {
		ugvt_geometry_add(
			stages->geometry, &patch->domain_entries, UGVT_URB_DOMAIN, &objects[0]);
	} else {
		*made = 1;
	}
}

bool ugvt_stages_work(struct ugvt_stages *stages, int64_t *budget,
	struct ugvt_object objects[UGVT_OBJECTS_MAX], unsigned *made)
{
	*made = 0;
	if (stages->has_geometry && stages->geometry->phase != UGVT_GEOMETRY_TAKES) {
		geometry_work(stages, budget, objects, made);
		return true;
	}
	if (stages->tessellates && stages->patch->phase != UGVT_PATCH_TAKES) {
		patch_work(stages, budget, objects, made);
		return true;
	}
	return false;
}

bool ugvt_stages_flush(struct ugvt_stages *stages)
{
	if (!stages->has_geometry || stages->geometry->phase != UGVT_GEOMETRY_TAKES ||
		stages->geometry->count == 0) {
		return false;
	}
	ugvt_geometry_start(stages->geometry);
	return true;
}
