/* SPDX-License-Identifier: MIT */
#include "gpu/render/functions.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "gpu/render/functions_state.h"

static const char *const names[16] = {
	[UGVT_EU_SFID_SAMPLER] = "sampler",
	[UGVT_EU_SFID_GATEWAY] = "gateway",
	[UGVT_EU_SFID_SAMPLER_CACHE] = "sampler cache",
	[UGVT_EU_SFID_RENDER_CACHE] = "render cache",
	[UGVT_EU_SFID_URB] = "URB",
	[UGVT_EU_SFID_SPAWNER] = "thread spawner",
	[UGVT_EU_SFID_VME] = "VME",
	[UGVT_EU_SFID_CONSTANT_CACHE] = "constant cache",
	[UGVT_EU_SFID_DATA_CACHE_0] = "data cache",
	[UGVT_EU_SFID_PIXEL_INTERPOLATOR] = "pixel interpolator",
	[UGVT_EU_SFID_DATA_CACHE_1] = "data cache's second port",
	[UGVT_EU_SFID_CRE] = "CRE",
};

const char *ugvt_functions_miss(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	unsigned sfid = message->sfid % UGVT_ARRAY_SIZE(names);

	functions->missing++;
	if (!(functions->logged >> sfid & 1)) {
		functions->logged |= (uint16_t)(1u << sfid);
		ugvt_info(
			"a shader's message to the %s (0x%08x) is for what there is not, from now on only counted",
			names[sfid] ? names[sfid] : "null function", message->desc);
	}
	if (message->response_length == 0) {
		return NULL;
	}
	memset(message->response, 0, message->response_length * UGVT_EU_REGISTER_BYTES);
	return NULL;
}

static const char *functions_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	struct ugvt_functions *functions = ugvt_container_of(port, struct ugvt_functions, port);

	switch (message->sfid) {
	case UGVT_EU_SFID_SAMPLER: return ugvt_functions_sample(functions, message);
	case UGVT_EU_SFID_SAMPLER_CACHE:
	case UGVT_EU_SFID_CONSTANT_CACHE:
	case UGVT_EU_SFID_DATA_CACHE_0:
	case UGVT_EU_SFID_DATA_CACHE_1: return ugvt_functions_data(functions, message);
	default: return ugvt_functions_miss(functions, message);
	}
}

static const struct ugvt_eu_port_impl functions_impl = {.send = functions_send};

/* Lanes are vectors. */
#define FUNCTIONS_ALIGN ((size_t)64)
#define FUNCTIONS_SIZE UGVT_ALIGN_UP(sizeof(struct ugvt_functions), FUNCTIONS_ALIGN)

struct ugvt_functions *ugvt_functions_create(enum ugvt_functions_stage stage)
{
	struct ugvt_functions *functions = aligned_alloc(FUNCTIONS_ALIGN, FUNCTIONS_SIZE);

	if (functions) {
		memset(functions, 0, sizeof(*functions));
		functions->port.impl = &functions_impl;
		functions->stage = stage;
	}
	return functions;
}

void ugvt_functions_destroy(struct ugvt_functions *functions)
{
	if (functions) {
		ugvt_functions_surfaces_finish(functions);
	}
	free(functions);
}

struct ugvt_eu_port *ugvt_functions_port(struct ugvt_functions *functions)
{
	return &functions->port;
}

uint64_t ugvt_functions_missing(const struct ugvt_functions *functions)
{
	return functions->missing;
}

static void tables_find(enum ugvt_functions_stage stage, const struct ugvt_state *state,
	struct ugvt_functions_tables *tables)
{
	switch (stage) {
	case UGVT_FUNCTIONS_VS:
		tables->binding_table = ugvt_state_vs_binding_table(state);
		tables->samplers = ugvt_state_vs_sampler_table(state);
		break;
	case UGVT_FUNCTIONS_HS:
		tables->binding_table = ugvt_state_hs_binding_table(state);
		tables->samplers = ugvt_state_hs_sampler_table(state);
		break;
	case UGVT_FUNCTIONS_DS:
		tables->binding_table = ugvt_state_ds_binding_table(state);
		tables->samplers = ugvt_state_ds_sampler_table(state);
		break;
	case UGVT_FUNCTIONS_GS:
		tables->binding_table = ugvt_state_gs_binding_table(state);
		tables->samplers = ugvt_state_gs_sampler_table(state);
		break;
	default:
		tables->binding_table = ugvt_state_ps_binding_table(state);
		tables->samplers = ugvt_state_ps_sampler_table(state);
		break;
	}
}

void ugvt_functions_begin(
	struct ugvt_functions *functions, const struct ugvt_state *state, struct ugvt_aspace *as)
{
	struct ugvt_functions_tables tables = {.local = NULL};

	tables_find(functions->stage, state, &tables);
	ugvt_functions_begin_tables(functions, state, as, &tables);
}

void ugvt_functions_begin_tables(struct ugvt_functions *functions, const struct ugvt_state *state,
	struct ugvt_aspace *as, const struct ugvt_functions_tables *tables)
{
	ugvt_functions_surfaces_begin(functions, as);
	functions->binding_table = tables->binding_table;
	functions->samplers = tables->samplers;
	functions->local = tables->local;
	functions->local_size = tables->local_size;
	functions->surface_base = ugvt_state_surface_base(state);
	functions->dynamic_base = ugvt_state_dynamic_base(state);
	functions->bindless_base = ugvt_state_bindless_base(state);
	functions->general_base = ugvt_state_general_base(state);
	ugvt_aspace_texels_init(&functions->texels, as);
	for (unsigned i = 0; i < UGVT_FUNCTIONS_SAMPLERS; i++) {
		functions->sampler_states[i].valid = false;
	}
}

void ugvt_functions_window(struct ugvt_functions *functions)
{
	ugvt_functions_surfaces_window(functions);
}
