/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_FUNCTIONS_H
#define UGVT_GPU_RENDER_FUNCTIONS_H

#include "gpu/eu/thread.h"
#include "gpu/render/state.h"

/*
 * The shared functions that shaders send messages to, apart from those of one stage (URB, render target writes): the sampler, the
 * constant cache and the data ports. What there is not is counted, named once in the log, and answered as for a null surface: with
 * zeros.
 *
 * For one stage and one thread; it remembers surfaces and where they are on the host.
 */

enum ugvt_functions_stage {
	UGVT_FUNCTIONS_VS,
	UGVT_FUNCTIONS_PS,
	UGVT_FUNCTIONS_CS, // only ugvt_functions_begin_tables()
	UGVT_FUNCTIONS_HS,
	UGVT_FUNCTIONS_DS,
	UGVT_FUNCTIONS_GS,
	UGVT_FUNCTIONS_STAGES,
};

struct ugvt_functions;

/* NULL: out of memory. */
struct ugvt_functions *ugvt_functions_create(enum ugvt_functions_stage stage);
void ugvt_functions_destroy(struct ugvt_functions *functions); // NULL is allowed
/* Takes messages between begin and the end of that draw. It lives as long as functions. */
struct ugvt_eu_port *ugvt_functions_port(struct ugvt_functions *functions);
/* A draw begins, with state, whose surfaces lie in as. */
void ugvt_functions_begin(
	struct ugvt_functions *functions, const struct ugvt_state *state, struct ugvt_aspace *as);
/* What a stage has of its own. */
struct ugvt_functions_tables {
	ugvt_gpu_addr binding_table, samplers;
	uint8_t *local; // shared local memory; may be NULL
	uint32_t local_size;
};
/* The same with tables that are not those of a stage in state. */
void ugvt_functions_begin_tables(struct ugvt_functions *functions, const struct ugvt_state *state,
	struct ugvt_aspace *as, const struct ugvt_functions_tables *tables);
/* To be called first in every guest memory window. */
void ugvt_functions_window(struct ugvt_functions *functions);
/* Messages that there was nothing for, since it was created. */
uint64_t ugvt_functions_missing(const struct ugvt_functions *functions);

#endif
