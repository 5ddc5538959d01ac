/* SPDX-License-Identifier: MIT */
#include "gpu/render/pipeline.h"

#include <sched.h>

#include "base/bits.h"
#include "gpu/render/raster.h"

enum {
	THREADS_MAX = 8,
	WORK_LEAST = 400000, // about twice what waking threads and waiting for them costs
};

/* One for each processor that may be used, the caller's with them. */
static unsigned threads_wanted(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0) {
		return 1;
	}
	return UGVT_MAX(UGVT_MIN((unsigned)CPU_COUNT(&set), (unsigned)THREADS_MAX), 1);
}

struct ugvt_render *ugvt_pipeline_create(void)
{
	const struct ugvt_raster_threads threads = {threads_wanted() - 1, WORK_LEAST};
	struct ugvt_functions *functions = ugvt_functions_create(UGVT_FUNCTIONS_PS);
	struct ugvt_raster *raster =
		functions ? ugvt_raster_create(ugvt_functions_port(functions)) : NULL;
	struct ugvt_render *render = raster ? ugvt_render_create(raster) : NULL;

	if (!render) {
		ugvt_functions_destroy(functions);
		return NULL;
	}
	ugvt_render_adopt(render, functions);
	ugvt_raster_add_threads(raster, &threads);
	return render;
}
