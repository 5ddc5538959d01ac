/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/render/pixel_parts.h"

/*
 * Kernels that do the same for all pixels of a shape: they read constants, and attributes that do not vary, and write one colour.
 * Drivers' clears and copies of one colour are such. One thread tells the colour, and no other has to run.
 */

enum {
	STEPS_MAX = 32, // longer ones are not looked at
};

/* Registers that hold the same in all threads. */
struct known {
	bool same[UGVT_EU_REGISTERS];
	unsigned attributes; // register from which on there are no constants
	bool reads_attributes;
};

static bool is_plain(unsigned opcode)
{
	switch (opcode) {
	case UGVT_EU_MOV:
	case UGVT_EU_SEL:
	case UGVT_EU_NOT:
	case UGVT_EU_AND:
	case UGVT_EU_OR:
	case UGVT_EU_XOR:
	case UGVT_EU_SHR:
	case UGVT_EU_SHL:
	case UGVT_EU_ASR:
	case UGVT_EU_MATH:
	case UGVT_EU_ADD:
	case UGVT_EU_MUL:
	case UGVT_EU_AVG:
	case UGVT_EU_FRC:
	case UGVT_EU_RNDU:
	case UGVT_EU_RNDD:
	case UGVT_EU_RNDE:
	case UGVT_EU_RNDZ:
	case UGVT_EU_MAD:
	case UGVT_EU_LRP: return true;
	default: return false;
	}
}

/* Bytes from a source's first element to the end of its last. */
static unsigned source_bytes(const struct ugvt_eu_inst *inst, const struct ugvt_eu_operand *operand)
{
	unsigned size = ugvt_eu_type_size((enum ugvt_eu_type)operand->type);
	unsigned rows = inst->exec_size / UGVT_MAX(operand->width, 1);

	if (inst->op->form == UGVT_EU_FORM_THREE) {
		return UGVT_MAX(inst->exec_size * size, 16);
	}
	return ((UGVT_MAX(rows, 1) - 1) * operand->vstride +
		       (UGVT_MAX(operand->width, 1) - 1) * operand->hstride + 1) *
	       size;
}

static bool registers_read(struct known *known, unsigned first, unsigned end)
{
	if (end > UGVT_EU_REGISTERS) {
		return false;
	}
	for (unsigned i = first; i < end; i++) {
		if (!known->same[i]) {
			return false;
		}
		known->reads_attributes |= i >= known->attributes;
	}
	return true;
}

static bool source_read(
	struct known *known, const struct ugvt_eu_inst *inst, const struct ugvt_eu_operand *operand)
{
	unsigned from = operand->number * UGVT_EU_REGISTER_BYTES + operand->offset;
	unsigned end = from + source_bytes(inst, operand);

	if (operand->file == UGVT_EU_FILE_IMM) {
		return true;
	}
	return operand->file == UGVT_EU_FILE_GRF && !operand->indirect &&
	       registers_read(known, operand->number,
		       (end + UGVT_EU_REGISTER_BYTES - 1) / UGVT_EU_REGISTER_BYTES);
}

/* What is written in part stays what it was. */
static bool destination_write(struct known *known, const struct ugvt_eu_inst *inst)
{
	const struct ugvt_eu_operand *dst = &inst->dst;
	unsigned size = ugvt_eu_type_size((enum ugvt_eu_type)dst->type) * inst->exec_size;
	bool whole = dst->offset == 0 && dst->hstride == 1;

	if (dst->file != UGVT_EU_FILE_GRF || dst->indirect ||
		(inst->align16 && dst->writemask != 15)) {
		return false;
	}
	if (inst->op->form == UGVT_EU_FORM_THREE) {
		whole = dst->offset == 0;
	}
	for (unsigned i = 0; whole && i < size / UGVT_EU_REGISTER_BYTES; i++) {
		if (dst->number + i < UGVT_EU_REGISTERS) {
			known->same[dst->number + i] = true;
		}
	}
	return true;
}

static bool computes_same(struct known *known, const struct ugvt_eu_inst *inst)
{
	if (!is_plain(inst->opcode) || inst->predicate != 0 || inst->acc_write ||
		(inst->cmod != 0 && inst->opcode != UGVT_EU_SEL)) {
		return false;
	}
	for (unsigned i = 0; i < inst->op->sources; i++) {
		if (!source_read(known, inst, &inst->src[i])) {
			return false;
		}
	}
	return destination_write(known, inst);
}

/* The one message: a render target write of colours alone. */
static bool writes_same(struct known *known, const struct ugvt_eu_inst *inst)
{
	unsigned length = ugvt_eu_message_length(inst->desc.value);
	bool split = inst->op->form == UGVT_EU_FORM_SENDS;
	unsigned length2 = split ? ugvt_eu_ex_message_length(inst->ex_desc.value) : 0;

	return inst->eot && !inst->desc.indirect && !inst->ex_desc.indirect &&
	       inst->predicate == 0 && inst->sfid == UGVT_EU_SFID_RENDER_CACHE &&
	       ugvt_eu_data_message(inst->desc.value) == UGVT_EU_RENDER_TARGET_WRITE &&
	       !ugvt_eu_message_header(inst->desc.value) && inst->src[0].file == UGVT_EU_FILE_GRF &&
	       !inst->src[0].indirect &&
	       registers_read(known, inst->src[0].number, inst->src[0].number + length) &&
	       (length2 == 0 || (inst->src[1].file == UGVT_EU_FILE_GRF && !inst->src[1].indirect &&
					registers_read(known, inst->src[1].number,
						inst->src[1].number + length2)));
}

static bool program_check(struct known *known, const struct ugvt_eu_program *program)
{
	for (uint32_t n = 0; n < program->n && n < STEPS_MAX; n++) {
		const struct ugvt_eu_step *step = &program->steps[n];

		if (step->wrong) {
			return false;
		}
		if (ugvt_eu_is_send(&step->inst)) {
			return writes_same(known, &step->inst);
		}
		if (!computes_same(known, &step->inst)) {
			return false;
		}
	}
	return false;
}

void ugvt_pixel_uniform_find(struct ugvt_pixel_draw *draw)
{
	const struct ugvt_state *state = draw->draw->state;
	struct known known = {.attributes = draw->grf_start + draw->constants.registers};

	draw->uniform = false;
	if (!draw->shades || draw->late || draw->setup.samples > 1 || draw->width > 16 ||
		draw->blend.alpha_test || ugvt_state_ps_omask(state) || ugvt_state_ps_uav(state)) {
		return;
	}
	for (unsigned i = draw->grf_start; i < UGVT_EU_REGISTERS; i++) {
		known.same[i] = true;
	}
	draw->uniform = program_check(&known, draw->program);
	draw->uniform_attributes = known.reads_attributes;
}

/* The colour, if all lanes say the same. */
static void color_take(struct ugvt_pixel *pixel, const struct ugvt_pixel_color *color)
{
	struct ugvt_pixel_solid *solid = &pixel->solid;

	for (unsigned c = 0; c < 4; c++) {
		for (unsigned i = 1; i < color->lanes; i++) {
			if (color->texels.c[c][i] != color->texels.c[c][0]) {
				return;
			}
		}
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			solid->color.c[c][i] = color->texels.c[c][0];
		}
	}
	solid->surface = color->surface;
	solid->entry = color->entry;
	solid->valid = true;
}

/* What it becomes in a target of which nothing is read. */
static void element_make(struct ugvt_pixel *pixel)
{
	struct ugvt_pixel_solid *solid = &pixel->solid;
	const struct ugvt_blend_target *blend = &pixel->draw->blend.target[solid->entry];
	const struct ugvt_target *target = ugvt_pixel_target(pixel, solid->surface);
	struct ugvt_texels color = solid->color;
	const struct ugvt_blend_colors colors = {
		.color = &color,
		.format = target->surface.format,
	};

	solid->writes = !ugvt_target_is_null(target);
	solid->reads = solid->writes && ugvt_blend_reads(blend, target->surface.format);
	if (solid->reads) {
		solid->kind = ugvt_blend_kind(&pixel->draw->blend, blend, target->surface.format);
	} else if (solid->writes) {
		ugvt_blend_apply(&pixel->draw->blend, blend, &colors, &solid->elements);
	}
}

void ugvt_pixel_solid_check(struct ugvt_pixel *pixel)
{
	struct ugvt_pixel_solid *solid = &pixel->solid;
	unsigned dwords = ugvt_setup_attributes(&pixel->draw->setup) * UGVT_SETUP_ATTRIBUTE_DWORDS;
	bool known = dwords <= UGVT_PIXEL_SOLID_DWORDS;

	if (solid->tried && known && solid->dwords == dwords &&
		memcmp(solid->attributes, pixel->attributes, dwords * sizeof(uint32_t)) == 0) {
		return;
	}
	solid->tried = solid->valid = false;
	solid->dwords = known ? dwords : UINT32_MAX;
	if (known) {
		memcpy(solid->attributes, pixel->attributes, dwords * sizeof(uint32_t));
	}
}

/* Runs a thread that tells its colour. */
static bool solid_try(struct ugvt_pixel *pixel)
{
	struct ugvt_pixel_solid *solid = &pixel->solid;
	struct ugvt_pixel_color color;
	enum ugvt_eu_outcome outcome;

	solid->tried = true;
	color.lanes = 0;
	pixel->straight.ready = false;
	pixel->slots = pixel->draw->width / 4;
	pixel->slot = pixel->queue + UGVT_PIXEL_QUEUE;
	for (unsigned i = 0; i < pixel->slots; i++) {
		pixel->slot[i] = (struct ugvt_pixel_slot){.lit = 15};
	}
	ugvt_eu_thread_init(&pixel->thread, pixel->draw->program,
		(uint32_t)UGVT_MASK(pixel->draw->width - 1, 0), pixel->draw->cr0);
	ugvt_pixel_payload(pixel);
	pixel->told = &color;
	outcome = ugvt_eu_thread_run(&pixel->thread, &pixel->port, STEPS_MAX);
	pixel->told = NULL;
	if (outcome == UGVT_EU_DONE && color.lanes > 0) {
		color_take(pixel, &color);
	}
	if (solid->valid) {
		element_make(pixel);
	}
	return solid->valid;
}

bool ugvt_pixel_solid_find(struct ugvt_pixel *pixel)
{
	const struct ugvt_pixel_solid *solid = &pixel->solid;

	return !pixel->draw->uniform || solid->tried ? solid->valid : solid_try(pixel);
}

static void lanes_blend(struct ugvt_pixel *pixel, struct ugvt_target *target,
	const struct ugvt_target_lanes *lanes, uint32_t found)
{
	const struct ugvt_pixel_solid *solid = &pixel->solid;
	struct ugvt_texels color = solid->color;
	struct ugvt_elements old = {0};
	struct ugvt_elements new;
	const struct ugvt_blend_colors colors = {
		.color = &color,
		.old = &old,
		.format = target->surface.format,
	};

	ugvt_target_read(target, lanes, found, &old);
	ugvt_blend_apply(
		&pixel->draw->blend, &pixel->draw->blend.target[solid->entry], &colors, &new);
	ugvt_target_write(target, lanes, found, &new);
}

static void box_fill(struct ugvt_pixel *pixel, const struct ugvt_pixel_box *box)
{
	uint16_t x = (uint16_t)(box->x0 - box->x0 % UGVT_TILE_SIDE);
	uint16_t y = (uint16_t)(box->y0 - box->y0 % UGVT_TILE_SIDE);
	struct ugvt_target_fill fill = {
		.at = {x, y, pixel->shape->layer, 0},
		.x0 = (uint8_t)(box->x0 - x),
		.y0 = (uint8_t)(box->y0 - y),
		.x1 = (uint8_t)(box->x1 - x),
		.y1 = (uint8_t)(box->y1 - y),
		.mask = UINT32_MAX,
	};

	for (unsigned i = 0; i < 4; i++) {
		fill.element[i] = pixel->solid.elements.dw[i][0];
	}
	ugvt_target_fill(ugvt_pixel_target(pixel, pixel->solid.surface), &fill);
}

static void pixels_count(struct ugvt_pixel *pixel, uint64_t pixels)
{
	if (pixel->draw->statistics) {
		pixel->counts.ps_invocations += pixels;
	}
}

void ugvt_pixel_solid_lanes(struct ugvt_pixel *pixel, const struct ugvt_subspans *at, uint32_t mask)
{
	const struct ugvt_pixel_solid *solid = &pixel->solid;
	struct ugvt_target *target = ugvt_pixel_target(pixel, solid->surface);
	struct ugvt_target_lanes lanes;
	uint32_t found;

	pixels_count(pixel, ugvt_bits_count(mask));
	if (!solid->writes) {
		return;
	}
	found = ugvt_target_find(target, at, mask, &lanes);
	if (solid->reads) {
		lanes_blend(pixel, target, &lanes, found);
	} else {
		ugvt_target_write(target, &lanes, found, &solid->elements);
	}
}

/* Of a whole block, what is there counts. */
static bool block_blend(struct ugvt_pixel *pixel, const struct ugvt_target_at *at)
{
	const struct ugvt_pixel_solid *solid = &pixel->solid;
	struct ugvt_target *target = ugvt_pixel_target(pixel, solid->surface);
	struct ugvt_pixel_colors colors = {
		.blend = &pixel->draw->blend,
		.target = &pixel->draw->blend.target[solid->entry],
		.kind = solid->kind,
		.blue_first = target->surface.format->channels[0].shift != 0,
	};
	struct ugvt_target_block block;

	if (solid->kind == UGVT_BLEND_OTHER || !ugvt_target_block_find(target, at, &block)) {
		return false;
	}
	for (unsigned c = 0; c < UGVT_ARRAY_SIZE(colors.channel); c++) {
		colors.channel[c] = (const uint8_t *)solid->color.c[c];
	}
	for (unsigned y = 0; y < UGVT_TARGET_BLOCK; y += 2) {
		struct ugvt_target_row row = ugvt_target_block_rows(&block, y);

		pixel->draw->rows->write(&colors, &row);
	}
	return true;
}

bool ugvt_pixel_solid_block(struct ugvt_pixel *pixel, struct ugvt_grid_point block, uint64_t lit)
{
	const struct ugvt_pixel_solid *solid = &pixel->solid;
	const struct ugvt_target_at at = {
		(uint16_t)block.x, (uint16_t)block.y, pixel->shape->layer, 0};
	struct ugvt_target_block target;

	if (solid->reads) {
		if (lit != UINT64_MAX || !block_blend(pixel, &at)) {
			return false;
		}
	} else if (solid->writes) {
		if (!ugvt_target_block_find(
			    ugvt_pixel_target(pixel, solid->surface), &at, &target)) {
			return false;
		}
		pixel->draw->rows->block_write(&target, lit, solid->elements.dw[0][0]);
	}
	pixels_count(pixel, ugvt_bits_count(lit));
	return true;
}

bool ugvt_pixel_box(struct ugvt_pixel *pixel, const struct ugvt_pixel_box *box)
{
	uint64_t pixels = (uint64_t)(box->x1 - box->x0) * (uint64_t)(box->y1 - box->y0);

	if (!ugvt_pixel_solid_find(pixel) || pixel->solid.reads ||
		!(pixel->draw->sample_mask & 1) || ugvt_depth_is_on(&pixel->draw->depth) ||
		ugvt_state_polygon_stipple(pixel->draw->draw->state)) {
		return false;
	}
	if (pixel->solid.writes) {
		box_fill(pixel, box);
	}
	pixels_count(pixel, pixels);
	if (pixel->draw->statistics) {
		pixel->counts.ps_depth_count += pixels;
	}
	return true;
}
