/* SPDX-License-Identifier: MIT */
#include "tests/gpu/render/recorder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check(bool good)
{
	if (!good) {
		abort();
	}
}

static struct recorder *from_raster(struct ugvt_raster *raster)
{
	return ugvt_container_of(raster, struct recorder, raster);
}

static void recorder_begin(struct ugvt_raster *raster, const struct ugvt_draw *draw)
{
	struct recorder *recorder = from_raster(raster);

	check(!recorder->drawing && draw->state && draw->as && draw->viewports && draw->counts);
	check(draw->vue_dwords >= 4);
	recorder->draw = *draw;
	recorder->drawing = true;
	recorder->waiting = 0;
	recorder->begun++;
}

static void vertices_record(const struct recorder *recorder, struct recorded *recorded)
{
	static const unsigned counts[] = {1, 2, 3, 3};
	const struct ugvt_primitive *primitive = &recorded->primitive;
	unsigned count = counts[primitive->kind];
	uint32_t sum = 0;

	check(primitive->provoking < count && primitive->viewport < UGVT_VIEWPORTS);
	for (unsigned i = 0; i < count; i++) {
		const struct ugvt_screen_vertex *v = &primitive->v[i];

		check(fabsf(v->x) <= UGVT_SCREEN_MAX && fabsf(v->y) <= UGVT_SCREEN_MAX);
		check(isfinite(v->z) && isfinite(v->inverse_w));
		memcpy(recorded->positions[i], primitive->vue[i] + 4, 16);
		recorded->first[i] = primitive->vue[i][8];
		/* All of it is there. */
		for (unsigned k = 0; k < recorder->draw.vue_dwords; k++) {
			sum += primitive->vue[i][k];
		}
	}
	recorded->primitive.id += sum - sum;
}

static bool recorder_primitive(struct ugvt_raster *raster, const struct ugvt_primitive *primitive)
{
	struct recorder *recorder = from_raster(raster);
	struct recorded *recorded;

	check(recorder->drawing && recorder->run_left == 0);
	if (recorder->room > 0 && recorder->waiting == recorder->room) {
		return false;
	}
	recorder->waiting++;
	recorded = &recorder->list[recorder->count < RECORDER_MAX - 1 ? recorder->count
								      : RECORDER_MAX - 1];
	recorded->primitive = *primitive;
	vertices_record(recorder, recorded);
	recorder->count++;
	return true;
}

static void recorder_hz_op(struct ugvt_raster *raster)
{
	struct recorder *recorder = from_raster(raster);

	check(recorder->drawing && recorder->waiting == 0);
	recorder->waiting = 1;
	recorder->hz_ops++;
}

static bool recorder_run(struct ugvt_raster *raster, int64_t *budget)
{
	struct recorder *recorder = from_raster(raster);

	check(recorder->drawing);
	recorder->runs++;
	if (recorder->waiting > 0 && recorder->run_left == 0) {
		recorder->run_left = recorder->runs_each;
	}
	if (recorder->run_left > 1) {
		recorder->run_left--;
		*budget = 0;
		return false;
	}
	recorder->draw.counts->ps_invocations += recorder->waiting;
	recorder->run_left = 0;
	recorder->waiting = 0;
	return true;
}

static void recorder_end(struct ugvt_raster *raster)
{
	struct recorder *recorder = from_raster(raster);

	check(recorder->drawing && recorder->waiting == 0);
	recorder->drawing = false;
	recorder->ended++;
}

static void recorder_abort(struct ugvt_raster *raster)
{
	struct recorder *recorder = from_raster(raster);

	recorder->drawing = false;
	recorder->waiting = 0;
	recorder->run_left = 0;
	recorder->aborted++;
}

static void recorder_destroy(struct ugvt_raster *raster)
{
	struct recorder *recorder = from_raster(raster);

	check(!recorder->drawing);
	recorder->destroyed++;
}

static const struct ugvt_raster_impl recorder_impl = {
	.begin = recorder_begin,
	.primitive = recorder_primitive,
	.hz_op = recorder_hz_op,
	.run = recorder_run,
	.end = recorder_end,
	.abort = recorder_abort,
	.destroy = recorder_destroy,
};

void recorder_init(struct recorder *recorder)
{
	*recorder = (struct recorder){.raster.impl = &recorder_impl};
}
