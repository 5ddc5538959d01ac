/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/cs/cs_state.h"

/* GPGPU_WALKER and MEDIA_OBJECT. Formats: Mesa src/intel/genxml/gen9.xml; the registers: PRM SKL vol 6, "GPGPU_DISPATCHDIMX". */

#define WALKER_INDIRECT UGVT_BIT(10)

static bool pieces_walk(struct ugvt_cs *cs)
{
	bool done;

	do {
		int64_t piece = UGVT_MIN(cs->budget, UGVT_CS_PIECE);
		int64_t left = piece;

		done = ugvt_compute_step(cs->compute, &left);
		cs->budget -= piece - left;
	} while (!done && cs->budget > 0 && !ugvt_cs_is_wanted(cs));
	return done;
}

static enum ugvt_cs_step walker_step(struct ugvt_cs *cs)
{
	bool done = pieces_walk(cs);

	ugvt_cs_count_add(
		cs, RING_GPGPU_THREADS_DISPATCHED, ugvt_compute_invocations_take(cs->compute));
	cs->busy = !done;
	if (!done) {
		cs->budget = UGVT_MIN(cs->budget, 0);
		return UGVT_STEP_AGAIN;
	}
	return UGVT_STEP_NEXT;
}

static enum ugvt_cs_step walker_begin(struct ugvt_cs *cs, const struct ugvt_compute_walker *walker)
{
	if (!ugvt_compute_begin(cs->compute, walker)) {
		atomic_fetch_add_explicit(&cs->stats.not_executed, 1, memory_order_relaxed);
		return UGVT_STEP_NEXT;
	}
	return walker_step(cs);
}

enum ugvt_cs_step ugvt_cs_do_media_object(struct ugvt_cs *cs)
{
	struct ugvt_compute_walker walker;

	if (!cs->compute) {
		return ugvt_cs_do_not_executed(cs);
	}
	if (cs->busy) {
		return walker_step(cs);
	}
	walker = ugvt_compute_media_decode(cs->dw, cs->copied);
	return walker_begin(cs, &walker);
}

enum ugvt_cs_step ugvt_cs_do_walker(struct ugvt_cs *cs)
{
	struct ugvt_compute_walker walker;

	if (!cs->compute) {
		return ugvt_cs_do_not_executed(cs);
	}
	if (cs->busy) {
		return walker_step(cs);
	}
	walker = ugvt_compute_walker_decode(cs->dw);
	for (unsigned i = 0; i < 3 && (cs->dw[0] & WALKER_INDIRECT); i++) {
		walker.end[i] = ugvt_cs_peek(cs, RING_GPGPU_DISPATCHDIM + 4 * i);
	}
	return walker_begin(cs, &walker);
}
