/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_SHADER_H
#define UGVT_GPU_RENDER_SHADER_H

#include "base/log.h"
#include "gpu/eu/thread.h"
#include "gpu/render/constants.h"
#include "gpu/render/kernels.h"
#include "gpu/render/urb.h"

/*
 * What the shaders of vertices, patches and objects have in common: threads whose messages go to the URB, one after the other.
 * r0: PRM SNB vol 2 part 1, "VS Thread Payload"; each has more, written between start and the first run.
 */

/* Where a stage's state is. */
struct ugvt_shader_source {
	const char *name;
	enum ugvt_state_id constants, samplers, binding_table;
	ugvt_gpu_addr kernel;
	uint32_t scratch; // the dword that has base and size
	bool alternate;   // float mode
};

struct ugvt_shader {
	struct ugvt_eu_port port;
	struct ugvt_eu_port *others; // takes what is not for the URB; NULL: nobody
	const struct ugvt_urb *urb;
	const char *name;
	const struct ugvt_eu_program *program;
	struct ugvt_constants constants;
	uint32_t header[8]; // r0
	uint32_t cr0;
	bool running;
	bool gathers; // its threads wait for one another: messages to the gateway are heard
	uint64_t faults;
	struct ugvt_log_limit log_limit;
	struct ugvt_eu_thread thread;
};

/* Zero it first. */
void ugvt_shader_init(
	struct ugvt_shader *shader, const struct ugvt_urb *urb, struct ugvt_eu_port *others);
/* For a draw. false: out of memory. */
bool ugvt_shader_begin(struct ugvt_shader *shader, const struct ugvt_shader_source *source,
	const struct ugvt_state *state, struct ugvt_aspace *as, struct ugvt_kernels *kernels);

/* A thread with its header and, from a register on, push constants; no thread runs. */
void ugvt_shader_start(struct ugvt_shader *shader, uint32_t channels, unsigned constants_at);
static inline void ugvt_shader_register_set(
	struct ugvt_shader *shader, unsigned at, const void *bytes)
{
	if (at < UGVT_EU_REGISTERS) {
		__builtin_memcpy(shader->thread.grf + at * UGVT_EU_REGISTER_BYTES, bytes,
			UGVT_EU_REGISTER_BYTES);
	}
}
/* Runs one of its threads in the same way; UGVT_EU_PAUSED: for lack of budget. What is wrong was logged. */
enum ugvt_eu_outcome ugvt_shader_thread_run(
	struct ugvt_shader *shader, struct ugvt_eu_thread *thread, int64_t *budget);
/* One of its threads did, for a reason. */
void ugvt_shader_fault(struct ugvt_shader *shader, const char *why);
/* Runs it, for at most about *budget units, which it takes from it; true: it has ended. */
bool ugvt_shader_run(struct ugvt_shader *shader, int64_t *budget);

#endif
