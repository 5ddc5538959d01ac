/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/eu/straight.h"
#include "gpu/render/pixel_parts.h"

/*
 * Threads of straight kernels (see gpu/eu/straight.h), which run at once from begin to end. What all of a shape's threads have in common
 * is written to the registers once; from one thread to the next only what the kernel reads of the rest of the payload changes, and what it
 * wrote itself comes back, if it counts. Of threads with fewer subspans all that they may read is made anew, as with other
 * kernels.
 */

enum {
	HEADER = 0, // registers of the payload
	SUBSPANS = 1,
	COORDINATES = 2, // and more, if there are
	SET_REGISTERS = 4,
	DEPTH_REGISTERS = 2,
	LINEAR = 3, // the first mode that is
	ALL_LANES = 0xffff,
	SLOTS = 4,
};

/* Behind all sets. */
static unsigned sets_end(const struct ugvt_pixel_draw *draw)
{
	return COORDINATES + SET_REGISTERS * ugvt_bits_count(draw->modes);
}

static unsigned coordinates_end(const struct ugvt_pixel_draw *draw)
{
	return sets_end(draw) + DEPTH_REGISTERS * (draw->source_depth + draw->source_w);
}

static bool is_target_write(const struct ugvt_eu_inst *inst)
{
	return inst->sfid == UGVT_EU_SFID_RENDER_CACHE &&
	       ugvt_eu_data_message(inst->desc.value) == UGVT_EU_RENDER_TARGET_WRITE;
}

void ugvt_pixel_straight_find(struct ugvt_pixel_draw *draw)
{
	const struct ugvt_eu_program *program = draw->program;
	unsigned end = coordinates_end(draw);

	draw->straight = NULL;
	draw->rows = ugvt_pixel_rows_find();
	if (!draw->quick_payload || draw->grf_start < end || program->straight.messages == 0) {
		return;
	}
	for (unsigned i = 0; i < program->straight.messages; i++) {
		const struct ugvt_eu_inst *inst =
			&program->steps[program->straight.message[i]].inst;

		if (inst->eot ? !is_target_write(inst) : !ugvt_eu_only_reads(inst)) {
			return;
		}
	}
	draw->straight = &program->straight;
}

static uint8_t *register_at(struct ugvt_pixel *pixel, unsigned number)
{
	return pixel->thread.grf + number * UGVT_EU_REGISTER_BYTES;
}

/* Once for each thread: what is overwritten, but for what each has of its own. */
static void restores_find(struct ugvt_pixel *pixel)
{
	const struct ugvt_eu_straight *straight = pixel->draw->straight;
	struct ugvt_pixel_straight *own = &pixel->straight;
	unsigned end = coordinates_end(pixel->draw);

	own->restores = 0;
	for (unsigned i = 0; i < UGVT_EU_REGISTERS; i++) {
		if (straight->reads[i] && straight->writes[i] && (i == HEADER || i >= end)) {
			own->restore[own->restores] = (uint8_t)i;
			memcpy(own->saved[own->restores++], register_at(pixel, i),
				UGVT_EU_REGISTER_BYTES);
		}
	}
}

/* Coordinates that the kernel reads. */
static void sets_find(struct ugvt_pixel *pixel)
{
	const bool *reads = pixel->draw->straight->reads;
	struct ugvt_pixel_straight *own = &pixel->straight;
	double place = (double)pixel->draw->setup.pixel.x / UGVT_SUBPIXELS;
	unsigned reg = COORDINATES;

	own->sets = 0;
	for (unsigned mode = 0; mode < UGVT_PIXEL_SETS; mode++) {
		if (!(pixel->draw->modes >> mode & 1)) {
			continue;
		}
		if (reads[reg] || reads[reg + 1] || reads[reg + 2] || reads[reg + 3]) {
			ugvt_pixel_planes_make(
				&own->planes[own->sets], pixel->shape, mode >= LINEAR, place);
			own->set_reg[own->sets++] = (uint8_t)reg;
		}
		reg += SET_REGISTERS;
	}
}

/* As ugvt_eu_exec_send() finds it, of registers that are there. */
static void message_make(
	struct ugvt_pixel *pixel, const struct ugvt_eu_step *step, struct ugvt_eu_message *message)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	static const uint8_t zeros[15 * UGVT_EU_REGISTER_BYTES];

	*message = ugvt_eu_straight_message(&pixel->thread, step);
	message->payload =
		ugvt_eu_is_null(&inst->src[0]) ? zeros : register_at(pixel, inst->src[0].number);
	if (inst->op->form == UGVT_EU_FORM_SENDS) {
		message->payload2 = ugvt_eu_is_null(&inst->src[1])
					    ? zeros
					    : register_at(pixel, inst->src[1].number);
	}
	if (message->response_length > 0) {
		message->response = register_at(pixel, inst->dst.number);
	}
}

static bool overlaps(const struct ugvt_eu_message *message, const uint8_t *payload, unsigned length)
{
	const uint8_t *response = message->response;

	return response && payload < response + message->response_length * UGVT_EU_REGISTER_BYTES &&
	       response < payload + length * UGVT_EU_REGISTER_BYTES;
}

/* What holds for all threads of a draw; pixel has a shape, too. */
static void messages_make(struct ugvt_pixel *pixel)
{
	const struct ugvt_eu_straight *straight = pixel->draw->straight;
	struct ugvt_pixel_straight *own = &pixel->straight;

	for (unsigned i = 0; i < straight->messages; i++) {
		const struct ugvt_eu_step *step =
			&pixel->draw->program->steps[straight->message[i]];
		struct ugvt_eu_message *message = &own->message[i];

		message_make(pixel, step, message);
		own->lanes[i] = step->lanes;
		own->always[i] = step->inst.no_mask;
		own->copies[i] = overlaps(message, message->payload, message->length) ||
				 overlaps(message, message->payload2, message->length2);
	}
	own->made = true;
}

/* Of both payloads, from one on. */
static const uint8_t *registers_of(const struct ugvt_eu_message *message, unsigned first)
{
	return first < message->length
		       ? message->payload + first * UGVT_EU_REGISTER_BYTES
		       : message->payload2 + (first - message->length) * UGVT_EU_REGISTER_BYTES;
}

/* Where the last message goes. */
static void target_find(struct ugvt_pixel *pixel)
{
	struct ugvt_pixel_straight *own = &pixel->straight;
	const struct ugvt_blend *blend = &pixel->draw->blend;
	unsigned last = pixel->draw->straight->messages - 1u;
	const struct ugvt_eu_message *message = &own->message[last];
	const struct ugvt_format *format;

	own->colors = (struct ugvt_pixel_colors){
		.blend = blend,
		.target = &blend->target[0],
	};
	own->block_x = own->block_y = UINT32_MAX;
	own->block = (struct ugvt_target_block){.step = 0};
	own->target = ugvt_pixel_target(pixel, ugvt_eu_surface(message->desc));
	if (!ugvt_pixel_is_quick_write(pixel->draw, message) || message->length % 2 != 0 ||
		own->lanes[last] != ALL_LANES || ugvt_target_is_null(own->target)) {
		return;
	}
	format = own->target->surface.format;
	own->colors.kind = ugvt_blend_kind(blend, &blend->target[0], format);
	own->colors.blue_first = format->channels[0].shift != 0;
	for (unsigned c = 0; c < UGVT_ARRAY_SIZE(own->colors.channel); c++) {
		own->colors.channel[c] = registers_of(message, 2 * c);
	}
}

static void shape_begin(struct ugvt_pixel *pixel)
{
	ugvt_eu_thread_init(&pixel->thread, pixel->draw->program, ALL_LANES, pixel->draw->cr0);
	memcpy(register_at(pixel, HEADER), pixel->header, sizeof(pixel->header));
	ugvt_pixel_setup_write(pixel);
	restores_find(pixel);
	sets_find(pixel);
	ugvt_eu_straight_modes_find(&pixel->thread, &pixel->straight.modes);
	if (!pixel->straight.made) {
		messages_make(pixel);
	}
	target_find(pixel);
	pixel->straight.ready = true;
}

/* Its payloads don't change while the response is written. */
static const char *message_send(struct ugvt_pixel *pixel, unsigned i)
{
	struct ugvt_eu_message *message = &pixel->straight.message[i];
	uint8_t payload[UGVT_PIXEL_PAYLOAD_BYTES], payload2[UGVT_PIXEL_PAYLOAD_BYTES];
	struct ugvt_eu_message copy;

	if (!pixel->others) {
		return "message to what is not there";
	}
	if (!pixel->straight.copies[i]) {
		return pixel->others->impl->send(pixel->others, message);
	}
	copy = *message;
	memcpy(payload, message->payload, message->length * UGVT_EU_REGISTER_BYTES);
	copy.payload = payload;
	if (message->payload2) {
		memcpy(payload2, message->payload2, message->length2 * UGVT_EU_REGISTER_BYTES);
		copy.payload2 = payload2;
	}
	return pixel->others->impl->send(pixel->others, &copy);
}

/* Rows of a block follow each other. */
static bool block_row_find(
	struct ugvt_pixel *pixel, const struct ugvt_target_at *at, struct ugvt_target_row *row)
{
	struct ugvt_pixel_straight *own = &pixel->straight;
	const struct ugvt_target_at corner = {
		at->x, at->y & ~(UGVT_TARGET_BLOCK - 1), at->layer, at->sample};

	if (own->block_x != corner.x || own->block_y != corner.y) {
		own->block_x = corner.x;
		own->block_y = corner.y;
		own->in_block = ugvt_target_block_find(own->target, &corner, &own->block);
	}
	if (own->in_block) {
		*row = ugvt_target_block_rows(&own->block, (unsigned)(at->y - corner.y));
	}
	return own->in_block;
}

/* All colours at once, if it can be done. */
static bool row_write(struct ugvt_pixel *pixel)
{
	const struct ugvt_pixel_straight *own = &pixel->straight;
	const struct ugvt_target_at at = {
		pixel->slot[0].x, pixel->slot[0].y, pixel->shape->layer, 0};
	struct ugvt_target_row row;

	if (own->colors.kind == UGVT_BLEND_OTHER ||
		(!block_row_find(pixel, &at, &row) &&
			!ugvt_target_row_find(own->target, &at, &row))) {
		return false;
	}
	pixel->draw->rows->write(&own->colors, &row);
	return true;
}

static const char *colors_write(
	struct ugvt_pixel *pixel, const struct ugvt_eu_message *message, bool row)
{
	return row && row_write(pixel) ? NULL : ugvt_pixel_write(pixel, message);
}

/* NULL, or why it faults. */
static const char *thread_run(struct ugvt_pixel *pixel, uint32_t channels, bool row)
{
	const struct ugvt_eu_straight *straight = pixel->draw->straight;
	struct ugvt_pixel_straight *own = &pixel->straight;
	const char *wrong = NULL;
	uint32_t at = 0;

	ugvt_eu_straight_begin(&pixel->thread, channels);
	for (unsigned i = 0; i < straight->messages && !wrong; i++) {
		ugvt_eu_straight_compute(&pixel->thread, &own->modes, at, straight->message[i]);
		at = straight->message[i] + 1;
		own->message[i].channels = own->lanes[i] & (own->always[i] ? UINT32_MAX : channels);
		wrong = own->message[i].eot ? colors_write(pixel, &own->message[i], row)
					    : message_send(pixel, i);
	}
	return wrong;
}

/* What each thread of four subspans has of its own, but coordinates. */
static void payload_write(struct ugvt_pixel *pixel)
{
	const struct ugvt_pixel_straight *own = &pixel->straight;

	for (unsigned i = 0; i < own->restores; i++) {
		memcpy(register_at(pixel, own->restore[i]), own->saved[i], UGVT_EU_REGISTER_BYTES);
	}
	if (pixel->draw->straight->reads[SUBSPANS]) {
		uint32_t *r1 = (uint32_t *)(void *)register_at(pixel, SUBSPANS);

		memset(r1, 0, UGVT_EU_REGISTER_BYTES);
		ugvt_pixel_quick_subspans(pixel, r1);
	}
}

static void depths_write(struct ugvt_pixel *pixel)
{
	if (pixel->draw->source_depth || pixel->draw->source_w) {
		ugvt_pixel_quick_depths(pixel, pixel->thread.grf, sets_end(pixel->draw));
	}
}

static void coordinates_write(struct ugvt_pixel *pixel)
{
	const struct ugvt_pixel_straight *own = &pixel->straight;
	double x[SLOTS];
	double y[SLOTS];

	for (unsigned i = 0; i < SLOTS; i++) {
		x[i] = pixel->slot[i].x;
		y[i] = pixel->slot[i].y;
	}
	for (unsigned i = 0; i < own->sets; i++) {
		pixel->draw->rows->coordinates(&own->planes[i], x, y,
			(float *)(void *)register_at(pixel, own->set_reg[i]));
	}
	depths_write(pixel);
}

static void row_coordinates_write(struct ugvt_pixel *pixel)
{
	const struct ugvt_pixel_straight *own = &pixel->straight;

	for (unsigned i = 0; i < own->sets; i++) {
		pixel->draw->rows->row_coordinates(&own->planes[i], pixel->slot[0].x,
			pixel->slot[0].y, (float *)(void *)register_at(pixel, own->set_reg[i]));
	}
	depths_write(pixel);
}

const char *ugvt_pixel_straight_thread(struct ugvt_pixel *pixel, uint32_t channels)
{
	if (!pixel->straight.ready) {
		shape_begin(pixel);
	}
	if (channels == ALL_LANES) {
		payload_write(pixel);
		coordinates_write(pixel);
	} else {
		ugvt_eu_thread_init(
			&pixel->thread, pixel->draw->program, channels, pixel->draw->cr0);
		ugvt_pixel_payload(pixel);
	}
	return thread_run(pixel, channels, false);
}

const char *ugvt_pixel_straight_row(struct ugvt_pixel *pixel)
{
	if (!pixel->straight.ready) {
		shape_begin(pixel);
	}
	payload_write(pixel);
	row_coordinates_write(pixel);
	return thread_run(pixel, ALL_LANES, true);
}
