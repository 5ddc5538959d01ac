/* SPDX-License-Identifier: MIT */
#include "tests/gpu/render/canvas.h"

#include <stdlib.h>

#include "base/bits.h"
#include "gen/formats.h"
#include "gpu/eu/message.h"
#include "gpu/sampler/surface.h"

enum {
	SURFACES = 1024, // where in the page
	BLEND = 2048,
	COLOR_CALC = 2304,
	VIEWPORTS = 2560,
};

static const char *others_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	return "nobody is there";
}

static const struct ugvt_eu_port_impl others_impl = {.send = others_send};
static struct ugvt_eu_port others = {.impl = &others_impl};

static void *memory(struct canvas *canvas, ugvt_gpu_addr addr, uint64_t size)
{
	ugvt_gpa page = space_alloc(&canvas->rig.space, size, 4096);

	space_map(&canvas->rig.space, addr, page, size);
	return space_host(&canvas->rig.space, page);
}

void canvas_reset(struct canvas *canvas)
{
	struct render_rig *rig = &canvas->rig;

	render_rig_reset(rig);
	memset(canvas->state, 0, 4096);
	rig_set_surface_base(rig, CANVAS_STATE_AT);
	rig_set_dynamic_base(rig, CANVAS_STATE_AT);
	rig_set_instruction_base(rig, CANVAS_KERNEL_AT);
	rig_set_dw(rig, UGVT_STATE_BLEND_STATE_POINTERS, 1, BLEND);
	rig_set_dw(rig, UGVT_STATE_CC_STATE_POINTERS, 1, COLOR_CALC);
	rig_set_dw(rig, UGVT_STATE_VIEWPORT_STATE_POINTERS_CC, 1, VIEWPORTS);
	((float *)(void *)(canvas->state + VIEWPORTS))[1] = 1;
	for (unsigned i = 0; i < CANVAS_TARGETS; i++) {
		((uint32_t *)(void *)canvas->state)[i] = SURFACES + 64 * i;
		canvas->surface[i] = (uint32_t *)(void *)(canvas->state + SURFACES + 64 * i);
	}
	canvas_target(canvas, 0, "R8G8B8A8_UNORM", UGVT_TILE_MODE_LINEAR);
	rig_set_ps_valid(&canvas->rig, 1);
	rig_set_ps_dispatch_8(&canvas->rig, 1);
	rig_set_ps_vector_mask(&canvas->rig, 1);
	rig_set_blend_has_target(&canvas->rig, 1);
	rig_set_wm_statistics(&canvas->rig, 1);
	rig_set_depth_type(&canvas->rig, UGVT_SURFACE_NULL);
}

void canvas_init(struct canvas *canvas)
{
	memset(canvas, 0, sizeof(*canvas));
	render_rig_init(&canvas->rig, CANVAS_MEMORY);
	canvas->targets = memory(canvas, CANVAS_TARGET_AT, CANVAS_TARGETS * CANVAS_BYTES);
	canvas->state = memory(canvas, CANVAS_STATE_AT, 4096);
	canvas->code = memory(canvas, CANVAS_KERNEL_AT, 4096);
	canvas->raster = ugvt_raster_create(&others);
	if (!canvas->raster) {
		abort();
	}
	canvas_reset(canvas);
}

void canvas_finish(struct canvas *canvas)
{
	canvas->raster->impl->destroy(canvas->raster);
	render_rig_finish(&canvas->rig);
}

void canvas_target(struct canvas *canvas, unsigned i, const char *name, unsigned tiling)
{
	const struct ugvt_format *format = ugvt_format_find(name);
	uint32_t *dw = canvas->surface[i];

	memset(dw, 0, 64);
	dw[0] = 1u << 29 | 1u << 28 | (uint32_t)format->number << 18 | 1u << 16 | 1u << 14 |
		(tiling & 3) << 12;
	dw[2] = (CANVAS_SIDE - 1) << 16 | (CANVAS_SIDE - 1);
	dw[3] = CANVAS_SIDE * format->bits / 8 - 1u;
	if (tiling == UGVT_TILE_MODE_X) {
		dw[3] = UGVT_ALIGN_UP(dw[3] + 1, 512) - 1;
	}
	dw[5] = tiling >> 2 << 18;
	dw[8] = CANVAS_TARGET_AT + i * CANVAS_BYTES;
	memset(canvas->targets + i * CANVAS_BYTES, 0, CANVAS_BYTES);
}

void canvas_samples(struct canvas *canvas, unsigned log2)
{
	canvas->surface[0][1] = CANVAS_SIDE / 4;
	canvas->surface[0][4] = log2 << 3;
	rig_set_samples(&canvas->rig, log2);
	rig_set_sample_mask(&canvas->rig, 0xffff);
	rig_set_raster_msaa(&canvas->rig, 1);
}

void canvas_kernel(struct canvas *canvas)
{
	canvas->instructions = 0;
	memset(canvas->code, 0, 4096);
}

void canvas_add(struct canvas *canvas, struct ugvt_eu_inst inst)
{
	if (canvas->instructions == CANVAS_CODE) {
		abort();
	}
	canvas->code[canvas->instructions++] = encode(&inst);
}

void canvas_add_write(struct canvas *canvas, unsigned lanes, unsigned reg)
{
	uint32_t type = lanes == 16 ? 0 : 4;
	uint32_t desc = lanes / 2 << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 1u << 12 | type << 8;
	struct ugvt_eu_inst inst = message(5, desc, reg, true);

	inst.exec_size = (uint8_t)lanes;
	canvas_add(canvas, inst);
}

void canvas_flat(struct canvas *canvas, unsigned lanes, const float color[4])
{
	const unsigned reg = 112;

	canvas_kernel(canvas);
	for (unsigned c = 0; c < 4; c++) {
		canvas_add(canvas, make(UGVT_EU_MOV, lanes, vec(UGVT_EU_F, reg + c * lanes / 8),
					   imm_f(color[c]), null(UGVT_EU_F)));
	}
	canvas_add_write(canvas, lanes, reg);
}

/* Runs until all that was taken is drawn. */
static unsigned drain(struct canvas *canvas, int64_t step)
{
	unsigned steps = 0;
	bool done = false;

	while (!done) {
		int64_t budget = step;

		space_window(&canvas->rig.space);
		done = canvas->raster->impl->run(canvas->raster, &budget);
		if (++steps > 10000000) {
			abort();
		}
	}
	return steps;
}

unsigned canvas_draw(struct canvas *canvas, const struct ugvt_primitive *primitives, unsigned count,
	int64_t step)
{
	const struct ugvt_raster_impl *impl = canvas->raster->impl;
	unsigned steps = 0;

	impl->begin(canvas->raster, &canvas->rig.draw);
	for (unsigned i = 0; i < count; i++) {
		if (!impl->primitive(canvas->raster, &primitives[i])) {
			steps += drain(canvas, step);
			i--;
		}
	}
	steps += drain(canvas, step);
	impl->end(canvas->raster);
	return steps;
}

static const uint32_t no_vue[64];

struct ugvt_primitive canvas_triangle(const float xyz[9], const uint32_t *const vue[3])
{
	struct ugvt_primitive primitive = {
		.kind = UGVT_PRIMITIVE_TRIANGLE, .edges = 7, .vue = {no_vue, no_vue, no_vue}};

	for (unsigned i = 0; i < 3; i++) {
		primitive.v[i] = rig_vertex(xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2], i);
		if (vue) {
			primitive.vue[i] = vue[i];
		}
	}
	return primitive;
}

struct ugvt_primitive canvas_rectangle(float x0, float y0, float x1, float y1)
{
	const float xyz[] = {x1, y1, 0, x0, y1, 0, x0, y0, 0};
	struct ugvt_primitive primitive = canvas_triangle(xyz, NULL);

	primitive.kind = UGVT_PRIMITIVE_RECTANGLE;
	return primitive;
}

uint32_t canvas_pixel(const struct canvas *canvas, unsigned target, unsigned x, unsigned y)
{
	unsigned format = UGVT_GET(UGVT_MASK(27, 18), canvas->surface[target][0]);
	unsigned bytes = ugvt_format(format)->bits / 8;
	uint32_t pixel = 0;

	memcpy(&pixel, canvas->targets + target * CANVAS_BYTES + (y * CANVAS_SIDE + x) * bytes,
		UGVT_MIN(bytes, sizeof(pixel)));
	return pixel;
}
