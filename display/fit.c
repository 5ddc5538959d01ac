/* SPDX-License-Identifier: MIT */
#include "display/fit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bits.h"
#include "display/unpack.h"

struct fitter {
	const struct ugvt_scaler_fit *fit;
	const struct ugvt_picture *source;
	uint32_t width;             // of what is drawn
	struct ugvt_pixel *pixels;  // a row of the source
	struct ugvt_pixel *kept[2]; // rows scaled horizontally; odd ones are in [1]
	uint32_t kept_row[2];       // + 1; 0: none
	struct ugvt_pixel *row;
};

static const struct ugvt_pixel *keep(struct fitter *f, uint32_t y)
{
	static const struct ugvt_packed packed = {.fourcc = UGVT_FORMAT_XRGB8888};
	const struct ugvt_picture *source = f->source;
	struct ugvt_pixel *kept = f->kept[y & 1];

	if (f->kept_row[y & 1] != y + 1) {
		f->kept_row[y & 1] = y + 1;
		ugvt_unpack(&packed, source->pixels + (size_t)y * source->stride / 4, f->pixels,
			source->width);
		ugvt_scaler_row(&f->fit->horizontal, f->pixels, source->width, 0, kept, f->width);
	}
	return kept;
}

static void row_draw(struct fitter *f, uint32_t y, uint32_t *out)
{
	const struct ugvt_pixel *above, *below;
	uint32_t first, part;

	ugvt_axis_at(&f->fit->vertical, y, f->source->height, &first, &part);
	above = keep(f, first);
	below = part > 0 ? keep(f, first + 1) : above;
	ugvt_scaler_between(above, below, part, f->row, f->width);
	ugvt_pack(f->row, out, f->width);
}

int ugvt_fit_draw(const struct ugvt_scaler_fit *fit, const struct ugvt_picture *source,
	struct ugvt_picture *target)
{
	struct fitter f = {.fit = fit, .source = source};
	uint32_t height;
	bool done;

	if (fit->x >= target->width || fit->y >= target->height) {
		return 0;
	}
	f.width = UGVT_MIN(fit->width, target->width - fit->x);
	height = UGVT_MIN(fit->height, target->height - fit->y);
	f.pixels = malloc(source->width * sizeof(*f.pixels));
	f.kept[0] = malloc(f.width * sizeof(*f.kept[0]));
	f.kept[1] = malloc(f.width * sizeof(*f.kept[1]));
	f.row = malloc(f.width * sizeof(*f.row));
	done = f.pixels && f.kept[0] && f.kept[1] && f.row;
	for (uint32_t y = 0; done && y < height; y++) {
		row_draw(
			&f, y, target->pixels + (size_t)(fit->y + y) * target->stride / 4 + fit->x);
	}
	free(f.pixels);
	free(f.kept[0]);
	free(f.kept[1]);
	free(f.row);
	return done ? 0 : -ENOMEM;
}
