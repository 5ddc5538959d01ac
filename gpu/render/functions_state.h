/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_FUNCTIONS_STATE_H
#define UGVT_GPU_RENDER_FUNCTIONS_STATE_H

#include "gpu/render/functions.h"
#include "gpu/sampler/fast.h"

/* For gpu/render/functions*.c only. */

enum {
	/* Of what a draw uses; powers of two. */
	UGVT_FUNCTIONS_SURFACES = 16,
	UGVT_FUNCTIONS_SAMPLERS = 16,
	UGVT_FUNCTIONS_FASTS = 16,
};

struct ugvt_functions_surface {
	bool valid;
	bool mcs;           // not the surface, but its multisample control surface
	bool current;       // state was looked at in this draw
	bool fresh;         // texture knows where memory is
	ugvt_gpu_addr addr; // of the surface state
	uint32_t state[UGVT_SURFACE_STATE_DWORDS];
	struct ugvt_page_map map;
	struct ugvt_surface surface;
	struct ugvt_texture texture;
};

struct ugvt_functions_sampler {
	bool valid;
	ugvt_gpu_addr addr; // of the state
	struct ugvt_sampler sampler;
};

/* What a sampler message's descriptor stands for. Parameters: their first registers in the payload. */
struct ugvt_functions_fast {
	uint64_t epoch; // that it is of
	uint32_t desc;
	bool usable; // else it has to be done the general way
	bool loads;  // has no sampler
	uint8_t lanes;
	uint8_t u, v, layer, lod;
	struct ugvt_fast fast;
	/* Where the last message had its registers, and what that means: the next one's are mostly there, too. */
	const uint8_t *payload, *payload2, *response;
	unsigned length, length2, response_length;
	struct ugvt_fast_lanes at[2];
};

/* What tells whether an address space is the one it was, and leads to the same memory. It may have been copied to where another
 * one was. */
struct ugvt_functions_translations {
	const struct ugvt_aspace *as;
	uint32_t kind; // enum ugvt_aspace_kind
	ugvt_gpa roots[4];
	uint64_t memory_generation, ggtt_generation, invalidations;
};

struct ugvt_functions {
	struct ugvt_eu_port port;
	enum ugvt_functions_stage stage;
	struct ugvt_aspace *as;
	ugvt_gpu_addr binding_table, samplers;
	ugvt_gpu_addr surface_base, dynamic_base, bindless_base, general_base;
	uint8_t *local; // shared local memory; may be NULL
	uint32_t local_size;
	struct ugvt_aspace_texels texels;
	struct ugvt_functions_surface surfaces[UGVT_FUNCTIONS_SURFACES];
	struct ugvt_functions_sampler sampler_states[UGVT_FUNCTIONS_SAMPLERS];
	uint64_t epoch; // grows when something that fasts know may have changed
	struct ugvt_functions_translations translations; // that surfaces know
	struct ugvt_functions_fast fasts[UGVT_FUNCTIONS_FASTS];
	uint64_t missing;
	uint16_t logged; // bit per shared function
};

/* functions_surface.c */
/* Sets as. */
void ugvt_functions_surfaces_begin(struct ugvt_functions *functions, struct ugvt_aspace *as);
void ugvt_functions_surfaces_window(struct ugvt_functions *functions);
void ugvt_functions_surfaces_finish(struct ugvt_functions *functions);
/* The surface that a message's descriptors name, ready for fetches in this window. */
struct ugvt_functions_surface *ugvt_functions_surface_find(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message, bool mcs);
/* Whether what the surface is depends on more than desc. */
bool ugvt_functions_is_bindless(const struct ugvt_eu_message *message);
const struct ugvt_sampler *ugvt_functions_sampler_find(
	struct ugvt_functions *functions, ugvt_gpu_addr addr);

/* The messages: NULL, or what is wrong with one. */
const char *ugvt_functions_sample(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
/* Of the data ports and the constant cache. */
const char *ugvt_functions_data(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);
/* There is nothing that takes it. */
const char *ugvt_functions_miss(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);

#endif
