/* SPDX-License-Identifier: MIT */
#include "gpu/compute/compute.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "gpu/compute/dispatch.h"
#include "gpu/eu/isa.h"
#include "gpu/eu/message.h"
#include "gpu/render/functions.h"
#include "gpu/render/kernels.h"

/*
 * A group's threads run one after the other, each until it ends, or waits for the others at a barrier. Those of groups without
 * barriers share one thread's registers.
 */

enum {
	GROUP_THREADS = 64, // PRM BXT vol 2c, "Number of Threads in GPGPU Thread Group"
	LOCAL_BYTES = 64 << 10,
	GATEWAY_BARRIER = 4, // Mesa's brw_eu_defines.h, BRW_MESSAGE_GATEWAY_SFID_BARRIER_MSG
	COST_GROUP = 8,      // of the budget
	COST_THREAD = 16,
};

enum phase {
	PHASE_NEW,
	PHASE_RUNS,
	PHASE_ENDED,
};

struct ugvt_compute {
	struct ugvt_eu_port port; // of the threads
	struct ugvt_functions *functions;
	struct ugvt_kernels *kernels;
	struct ugvt_state state;
	struct ugvt_aspace *as;
	struct ugvt_compute_dispatch dispatch;
	const struct ugvt_eu_program *program;
	struct ugvt_log_limit log_limit;
	uint64_t invocations;

	bool busy;
	uint32_t group[3]; // that runs
	bool in_group;
	unsigned at;      // the thread that runs
	unsigned left;    // threads that have not ended
	unsigned arrived; // at the barrier
	bool progress;    // of any thread since the first one had its turn
	uint8_t phases[GROUP_THREADS];
	struct ugvt_eu_thread *threads; // GROUP_THREADS
	uint8_t *local;                 // LOCAL_BYTES
};

static unsigned slot_of(const struct ugvt_compute *compute, unsigned index)
{
	return compute->dispatch.barrier ? index : 0;
}

static void barrier_arrive(struct ugvt_compute *compute)
{
	compute->arrived++;
	if (compute->arrived < compute->dispatch.threads) {
		return;
	}
	compute->arrived = 0;
	for (unsigned i = 0; i < compute->dispatch.threads; i++) {
		if (compute->phases[i] == PHASE_RUNS) {
			ugvt_eu_thread_notify(&compute->threads[slot_of(compute, i)], 0);
		}
	}
}

static const char *compute_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	struct ugvt_compute *compute = ugvt_container_of(port, struct ugvt_compute, port);
	struct ugvt_eu_port *others = ugvt_functions_port(compute->functions);

	switch (message->sfid) {
	case UGVT_EU_SFID_SPAWNER: return NULL; // it ends the thread
	case UGVT_EU_SFID_GATEWAY:
		if (ugvt_eu_gateway_function(message->desc) == GATEWAY_BARRIER) {
			barrier_arrive(compute);
			return NULL;
		}
		return others->impl->send(others, message);
	default: return others->impl->send(others, message);
	}
}

static const struct ugvt_eu_port_impl compute_impl = {.send = compute_send};

struct ugvt_compute *ugvt_compute_create(void)
{
	struct ugvt_compute *compute = calloc(1, sizeof(*compute));

	if (!compute) {
		return NULL;
	}
	compute->port.impl = &compute_impl;
	compute->functions = ugvt_functions_create(UGVT_FUNCTIONS_CS);
	compute->kernels = ugvt_kernels_create();
	compute->threads = aligned_alloc(64, GROUP_THREADS * sizeof(*compute->threads));
	compute->local = aligned_alloc(64, LOCAL_BYTES);
	if (!compute->functions || !compute->kernels || !compute->threads || !compute->local) {
		ugvt_compute_destroy(compute);
		return NULL;
	}
	return compute;
}

void ugvt_compute_destroy(struct ugvt_compute *compute)
{
	if (!compute) {
		return;
	}
	ugvt_functions_destroy(compute->functions);
	ugvt_kernels_destroy(compute->kernels);
	free(compute->threads);
	free(compute->local);
	free(compute);
}

void ugvt_compute_attach(
	struct ugvt_compute *compute, const struct ugvt_kept *kept, struct ugvt_aspace *as)
{
	ugvt_state_init(&compute->state, kept);
	compute->as = as;
}

void ugvt_compute_abort(struct ugvt_compute *compute)
{
	compute->busy = false;
}

uint64_t ugvt_compute_invocations_take(struct ugvt_compute *compute)
{
	uint64_t invocations = compute->invocations;

	compute->invocations = 0;
	return invocations;
}

static bool is_empty(const struct ugvt_compute_walker *walker)
{
	for (unsigned i = 0; i < 3; i++) {
		if (walker->start[i] >= walker->end[i]) {
			return true;
		}
	}
	return false;
}

bool ugvt_compute_begin(struct ugvt_compute *compute, const struct ugvt_compute_walker *walker)
{
	struct ugvt_compute_dispatch *dispatch = &compute->dispatch;

	ugvt_compute_dispatch_init(dispatch, walker, &compute->state, compute->as);
	if (dispatch->threads > GROUP_THREADS) {
		ugvt_guest_log(&compute->log_limit, "a thread group has %u threads: left out",
			dispatch->threads);
		return false;
	}
	compute->program = ugvt_kernels_find(compute->kernels, compute->as, dispatch->kernel);
	if (!compute->program) {
		return false;
	}
	ugvt_functions_begin_tables(compute->functions, &compute->state, compute->as,
		&(struct ugvt_functions_tables){
			.binding_table = dispatch->binding_table,
			.samplers = dispatch->samplers,
			.local = compute->local,
			.local_size = dispatch->local_size,
		});
	memcpy(compute->group, walker->start, sizeof(compute->group));
	compute->in_group = false;
	compute->busy = !is_empty(walker);
	return true;
}

static void group_begin(struct ugvt_compute *compute)
{
	memset(compute->phases, PHASE_NEW, sizeof(compute->phases));
	memset(compute->local, 0, compute->dispatch.local_size);
	compute->in_group = true;
	compute->at = 0;
	compute->left = compute->dispatch.threads;
	compute->arrived = 0;
	compute->progress = false;
}

/* x, then y, then z. */
static void group_next(struct ugvt_compute *compute)
{
	const struct ugvt_compute_walker *walker = &compute->dispatch.walker;

	compute->in_group = false;
	for (unsigned i = 0; i < 3; i++) {
		if (++compute->group[i] < walker->end[i]) {
			return;
		}
		compute->group[i] = walker->start[i];
	}
	compute->busy = false;
}

static struct ugvt_eu_thread *thread_begin(struct ugvt_compute *compute, unsigned index)
{
	struct ugvt_eu_thread *thread = &compute->threads[slot_of(compute, index)];
	uint32_t lanes = ugvt_compute_dispatch_lanes(&compute->dispatch, index);

	ugvt_eu_thread_init(thread, compute->program, lanes, compute->dispatch.cr0);
	ugvt_compute_dispatch_payload(
		&compute->dispatch, compute->group, index, compute->as, thread);
	compute->phases[index] = PHASE_RUNS;
	compute->invocations += (unsigned)__builtin_popcount(lanes);
	return thread;
}

static void thread_end(struct ugvt_compute *compute, const char *fault)
{
	compute->phases[compute->at] = PHASE_ENDED;
	compute->left--;
	compute->progress = true;
	if (fault) {
		ugvt_guest_log(&compute->log_limit, "a compute thread faults: %s", fault);
	}
}

/* The thread whose turn it is; false: the budget is used up. */
static bool thread_run(struct ugvt_compute *compute, int64_t *budget)
{
	struct ugvt_eu_thread *thread = &compute->threads[slot_of(compute, compute->at)];
	enum ugvt_eu_outcome outcome;
	uint64_t before;

	if (compute->phases[compute->at] == PHASE_NEW) {
		thread = thread_begin(compute, compute->at);
		*budget -= COST_THREAD;
	}
	before = thread->executed;
	outcome = ugvt_eu_thread_run(thread, &compute->port, (uint64_t)UGVT_MAX(*budget, 1));
	*budget -= (int64_t)(thread->executed - before);
	if (outcome == UGVT_EU_PAUSED) {
		return false;
	}
	if (outcome == UGVT_EU_DONE || outcome == UGVT_EU_FAULTED) {
		thread_end(compute, outcome == UGVT_EU_FAULTED ? thread->fault : NULL);
	} else if (!compute->dispatch.barrier) {
		thread_end(compute, "it waits, in a group without barriers");
	} else if (thread->executed - before > 1) {
		compute->progress = true;
	}
	return true;
}

/* All had their turn. */
static void round_end(struct ugvt_compute *compute)
{
	if (compute->left > 0 && compute->progress) {
		compute->at = 0;
		compute->progress = false;
		return;
	}
	if (compute->left > 0) {
		ugvt_guest_log(&compute->log_limit,
			"%u threads of a group wait for those that don't come: they end",
			compute->left);
	}
	group_next(compute);
}

bool ugvt_compute_step(struct ugvt_compute *compute, int64_t *budget)
{
	ugvt_functions_window(compute->functions);
	*budget -= ugvt_kernels_cost_take(compute->kernels);
	while (compute->busy) {
		if (*budget <= 0) {
			return false;
		}
		if (!compute->in_group) {
			group_begin(compute);
			*budget -= COST_GROUP;
		}
		if (compute->phases[compute->at] != PHASE_ENDED && !thread_run(compute, budget)) {
			return false;
		}
		if (++compute->at == compute->dispatch.threads) {
			round_end(compute);
		}
	}
	return true;
}
