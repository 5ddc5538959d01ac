/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gpu/eu/message.h"
#include "gpu/sampler/surface.h"
#include "tests/gpu/render/canvas.h"

/* The back of the 3D pipeline: any state, surfaces, kernels and primitives. Everything ends, and nothing but the guest's memory is
 * touched. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	DRAWS_MAX = 6,
	STEPS_MAX = 200,
	STEP = 500, // budget
	STATE_BYTES = 4096,
};

struct input {
	const uint8_t *data;
	size_t size;
};

static uint32_t take(struct input *input, size_t bytes)
{
	uint32_t value = 0;

	bytes = bytes < input->size ? bytes : input->size;
	memcpy(&value, input->data, bytes);
	input->data += bytes;
	input->size -= bytes;
	return value;
}

/* Mostly on the target, sometimes anything. */
static float coordinate(struct input *input)
{
	uint32_t raw = take(input, 2);
	float value;

	if (raw % 8 != 0) {
		return (float)raw / 256 - 64;
	}
	raw = take(input, 4);
	memcpy(&value, &raw, sizeof(value));
	return value;
}

static struct ugvt_primitive primitive_take(struct input *input, const uint32_t vue[64])
{
	struct ugvt_primitive primitive = {
		.kind = take(input, 1) % 4,
		.provoking = take(input, 1) % 3,
		.edges = 7,
		.viewport = take(input, 1) % UGVT_VIEWPORTS,
		.layer = take(input, 1),
		.width = coordinate(input),
		.vue = {vue, vue, vue},
	};

	for (unsigned i = 0; i < 3; i++) {
		primitive.v[i] =
			rig_vertex(coordinate(input), coordinate(input), coordinate(input) / 64, i);
		primitive.v[i].inverse_w = coordinate(input);
	}
	return primitive;
}

static void run(struct canvas *canvas)
{
	const struct ugvt_raster_impl *impl = canvas->raster->impl;

	for (unsigned i = 0; i < STEPS_MAX; i++) {
		int64_t budget = STEP;

		space_window(&canvas->rig.space);
		if (impl->run(canvas->raster, &budget)) {
			impl->end(canvas->raster);
			return;
		}
	}
	impl->abort(canvas->raster);
}

static void draw(struct canvas *canvas, struct input *input, bool hz_op)
{
	const struct ugvt_raster_impl *impl = canvas->raster->impl;
	static uint32_t vue[64];
	unsigned count = 1 + take(input, 1) % 4;

	impl->begin(canvas->raster, &canvas->rig.draw);
	if (hz_op) {
		impl->hz_op(canvas->raster);
		count = 0;
	}
	for (unsigned i = 0; i < count; i++) {
		struct ugvt_primitive primitive = primitive_take(input, vue);

		impl->primitive(canvas->raster, &primitive);
	}
	run(canvas);
}

static void change(struct canvas *canvas, struct input *input)
{
	uint32_t where = take(input, 2);
	uint32_t value = take(input, 4);

	switch (where % 4) {
	case 0: // a command's dword
		canvas->rig.slots[where / 4 % UGVT_STATE_COUNT][1 + where / 512 % 12] = value;
		break;
	case 1: canvas->surface[0][where / 4 % UGVT_SURFACE_STATE_DWORDS] = value; break;
	case 2: ((uint32_t *)(void *)canvas->state)[where / 4 % (STATE_BYTES / 4)] = value; break;
	default: canvas->code[where / 8 % 16].word[where / 4 % 2] ^= value; break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const float color[] = {0.25f, 0.5f, 0.75f, 1};
	static struct canvas canvas;
	static bool ready;
	struct input input = {data, size};
	unsigned draws = 0;

	/* What the last input left in memory does no harm; its state does. */
	if (!ready) {
		ready = true;
		canvas_init(&canvas);
	}
	canvas_reset(&canvas);
	canvas_flat(&canvas, 8, color);
	while (input.size > 0 && draws < DRAWS_MAX) {
		uint32_t what = take(&input, 1);

		if (what % 8 == 0) {
			draw(&canvas, &input, what % 64 == 0);
			draws++;
		} else {
			change(&canvas, &input);
		}
	}
	return 0;
}
