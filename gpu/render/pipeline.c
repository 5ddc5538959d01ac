/* SPDX-License-Identifier: MIT */
#include "gpu/render/pipeline.h"

#include "gpu/render/raster.h"

struct ugvt_render *ugvt_pipeline_create(void)
{
	struct ugvt_functions *functions = ugvt_functions_create(UGVT_FUNCTIONS_PS);
	struct ugvt_raster *raster =
		functions ? ugvt_raster_create(ugvt_functions_port(functions)) : NULL;
	struct ugvt_render *render = raster ? ugvt_render_create(raster) : NULL;

	if (!render) {
		ugvt_functions_destroy(functions);
		return NULL;
	}
	ugvt_render_adopt(render, functions);
	return render;
}
