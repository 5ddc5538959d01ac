/* SPDX-License-Identifier: MIT */
#include "display/fit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bits.h"
#include "display/resample.h"
#include "display/unpack.h"

struct fitter {
	struct ugvt_resample resample;
	const struct ugvt_picture *source;
	struct ugvt_pixel *pixels; // a row of the source
	struct ugvt_pixel *row;
};

static const struct ugvt_pixel *fetch(struct ugvt_resample *resample, uint32_t y)
{
	static const struct ugvt_packed packed = {.fourcc = UGVT_FORMAT_XRGB8888};
	struct fitter *f = ugvt_container_of(resample, struct fitter, resample);
	const struct ugvt_picture *source = f->source;

	ugvt_unpack(
		&packed, source->pixels + (size_t)y * source->stride / 4, f->pixels, source->width);
	return f->pixels;
}

static bool fitter_init(struct fitter *f)
{
	f->pixels = malloc(f->source->width * sizeof(*f->pixels));
	f->row = malloc(f->resample.width * sizeof(*f->row));
	return ugvt_resample_init(&f->resample) && f->pixels && f->row;
}

static void fitter_finish(struct fitter *f)
{
	ugvt_resample_finish(&f->resample);
	free(f->pixels);
	free(f->row);
}

int ugvt_fit_draw(const struct ugvt_scaler_fit *fit, const struct ugvt_picture *source,
	struct ugvt_picture *target)
{
	struct fitter f = {.source = source};
	uint32_t height;
	bool done;

	if (fit->x >= target->width || fit->y >= target->height) {
		return 0;
	}
	f.resample = (struct ugvt_resample){fit->horizontal, fit->vertical, source->width,
		source->height, .width = UGVT_MIN(fit->width, target->width - fit->x),
		.fetch = fetch};
	height = UGVT_MIN(fit->height, target->height - fit->y);
	done = fitter_init(&f);
	for (uint32_t y = 0; done && y < height; y++) {
		ugvt_resample_row(&f.resample, y, f.row);
		ugvt_pack(f.row,
			target->pixels + (size_t)(fit->y + y) * target->stride / 4 + fit->x,
			f.resample.width);
	}
	fitter_finish(&f);
	return done ? 0 : -ENOMEM;
}
