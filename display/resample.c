/* SPDX-License-Identifier: MIT */
#include "display/resample.h"

#include <stdlib.h>

bool ugvt_resample_init(struct ugvt_resample *resample)
{
	resample->kept[0] = calloc(resample->width, sizeof(*resample->kept[0]));
	resample->kept[1] = calloc(resample->width, sizeof(*resample->kept[1]));
	return resample->kept[0] && resample->kept[1];
}

void ugvt_resample_finish(struct ugvt_resample *resample)
{
	free(resample->kept[0]);
	free(resample->kept[1]);
}

static const struct ugvt_pixel *keep(struct ugvt_resample *resample, uint32_t y)
{
	struct ugvt_pixel *kept = resample->kept[y & 1];

	if (resample->kept_row[y & 1] != y + 1) {
		resample->kept_row[y & 1] = y + 1;
		ugvt_scaler_row(&resample->horizontal, resample->fetch(resample, y),
			resample->source_width, resample->left, kept, resample->width);
	}
	return kept;
}

void ugvt_resample_row(struct ugvt_resample *resample, uint32_t y, struct ugvt_pixel *out)
{
	const struct ugvt_pixel *above, *below;
	uint32_t first, part;

	ugvt_axis_at(
		&resample->vertical, resample->top + y, resample->source_height, &first, &part);
	above = keep(resample, first);
	below = part > 0 ? keep(resample, first + 1) : above;
	ugvt_scaler_between(above, below, part, out, resample->width);
}
