/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/render/setup.h"

/*
 * Attributes: which part of the vertices each is taken from, and how it runs over a shape. PRM SNB vol 2 part 1, 6.5 "Attribute
 * Interpolation Setup"; bits of SF_OUTPUT_ATTRIBUTE_DETAIL: Mesa src/intel/genxml/gen9.xml.
 */

#define DETAIL_SOURCE UGVT_MASK(4, 0)
#define DETAIL_SELECT UGVT_MASK(7, 6)
#define DETAIL_CONSTANT UGVT_MASK(10, 9)
#define DETAIL_OVERRIDES UGVT_MASK(15, 12)

enum {
	SELECT_FACING = 1, // the next attribute if facing back
	SELECT_W = 2,      // X is the source's W
	SWIZZLED = 16,     // attributes that have details
	ENTRY_DWORDS = 8,  // unit of the read offset
	ONE = 0x3f800000,
};

enum {
	CONSTANT_0000,
	CONSTANT_0001,
	CONSTANT_1111,
	CONSTANT_PRIMITIVE_ID,
};

unsigned ugvt_setup_attributes(const struct ugvt_setup *setup)
{
	return UGVT_MIN(ugvt_state_sbe_attributes(setup->state), UGVT_SETUP_ATTRIBUTES);
}

/* One attribute of the original vertices. */
struct attribute {
	unsigned vertices;
	uint32_t value[3][4];
};

static uint32_t detail_of(const struct ugvt_state *state, unsigned attribute)
{
	if (attribute >= SWIZZLED) {
		return attribute;
	}
	return ugvt_state_dw(state, UGVT_STATE_SBE_SWIZ, 1 + attribute / 2) >> (attribute % 2 * 16);
}

static unsigned read_offset(const struct ugvt_state *state)
{
	if (ugvt_state_sbe_force_offset(state)) {
		return ugvt_state_sbe_read_offset(state);
	}
	return ugvt_state_vs_output_offset(state);
}

static void attribute_read(const struct ugvt_setup *setup, const struct ugvt_setup_source *source,
	unsigned index, struct attribute *attribute)
{
	const struct ugvt_state *state = setup->state;
	uint32_t detail = detail_of(state, index);
	bool swizzled = index < SWIZZLED && ugvt_state_sbe_swizzle(state);
	uint32_t select = swizzled ? UGVT_GET(DETAIL_SELECT, detail) : 0;
	unsigned from = swizzled ? UGVT_GET(DETAIL_SOURCE, detail) : index;
	unsigned at;

	if ((select & SELECT_FACING) && source->shape->back_facing) {
		from++;
	}
	at = read_offset(state) * ENTRY_DWORDS + from * 4;
	for (unsigned v = 0; v < attribute->vertices; v++) {
		const uint32_t *vue = source->primitive->vue[v];

		for (unsigned c = 0; c < 4; c++) {
			attribute->value[v][c] = at + c < source->vue_dwords ? vue[at + c] : 0;
		}
		if (select & SELECT_W) {
			attribute->value[v][0] = attribute->value[v][3];
		}
	}
}

static void attribute_fill(struct attribute *attribute, unsigned c, uint32_t value)
{
	for (unsigned v = 0; v < attribute->vertices; v++) {
		attribute->value[v][c] = value;
	}
}

static void constants_apply(
	const struct ugvt_state *state, unsigned index, uint32_t id, struct attribute *attribute)
{
	uint32_t detail =
		index < SWIZZLED && ugvt_state_sbe_swizzle(state) ? detail_of(state, index) : 0;

	for (unsigned c = 0; c < 4; c++) {
		if (!(UGVT_GET(DETAIL_OVERRIDES, detail) >> c & 1)) {
			continue;
		}
		switch (UGVT_GET(DETAIL_CONSTANT, detail)) {
		case CONSTANT_0000: attribute_fill(attribute, c, 0); break;
		case CONSTANT_0001: attribute_fill(attribute, c, c == 3 ? ONE : 0); break;
		case CONSTANT_1111: attribute_fill(attribute, c, ONE); break;
		case CONSTANT_PRIMITIVE_ID: attribute_fill(attribute, c, id); break;
		}
	}
}

static void primitive_id_apply(
	const struct ugvt_state *state, unsigned index, uint32_t id, struct attribute *attribute)
{
	const uint32_t enabled[] = {
		ugvt_state_sbe_primitive_id_x(state),
		ugvt_state_sbe_primitive_id_y(state),
		ugvt_state_sbe_primitive_id_z(state),
		ugvt_state_sbe_primitive_id_w(state),
	};

	for (unsigned c = 0; c < 4 && index == ugvt_state_sbe_primitive_id_attribute(state); c++) {
		if (enabled[c]) {
			attribute_fill(attribute, c, id);
		}
	}
}

static uint32_t bits_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static void component_write(const struct attribute *attribute, unsigned c, uint32_t *dw)
{
	float a0 = ugvt_state_float(attribute->value[0][c]);

	dw[0] = attribute->vertices > 1 ? bits_of(ugvt_state_float(attribute->value[1][c]) - a0)
					: 0;
	dw[1] = attribute->vertices > 2 ? bits_of(ugvt_state_float(attribute->value[2][c]) - a0)
					: 0;
	dw[3] = attribute->value[0][c];
}

/* Of a point nothing changes; where a triangle's corner was moved by clipping, its value there. */
static void corner_write(const struct attribute *attribute, unsigned c,
	const struct ugvt_screen_vertex *v, uint32_t *dw)
{
	uint32_t parts[4] = {0};

	component_write(attribute, c, parts);
	if (v->perspective[0] == 0 && v->perspective[1] == 0) {
		dw[3] = parts[3]; // perhaps not a float
		return;
	}
	dw[3] = bits_of(ugvt_state_float(parts[3]) +
			v->perspective[0] * ugvt_state_float(parts[0]) +
			v->perspective[1] * ugvt_state_float(parts[1]));
}

/* S is b1, T is b2 or goes the other way. */
static void sprite_write(const struct ugvt_state *state, uint32_t dw[UGVT_SETUP_ATTRIBUTE_DWORDS])
{
	bool up = ugvt_state_sprite_lower_left(state);

	dw[0] = ONE;
	dw[4 + 1] = bits_of(up ? -1 : 1);
	dw[4 + 3] = up ? ONE : 0;
	dw[12 + 3] = ONE;
}

static void attribute_write(const struct ugvt_setup *setup, const struct ugvt_setup_source *source,
	unsigned index, uint32_t dw[UGVT_SETUP_ATTRIBUTE_DWORDS])
{
	static const uint8_t vertices[] = {1, 2, 3, 3};
	const struct ugvt_primitive *primitive = source->primitive;
	bool is_point = source->shape->kind == UGVT_PRIMITIVE_POINT;
	struct attribute attribute = {.vertices = vertices[primitive->kind % 4]};

	memset(dw, 0, UGVT_SETUP_ATTRIBUTE_DWORDS * sizeof(*dw));
	if (is_point && (ugvt_state_sprite_attributes(setup->state) >> index & 1)) {
		sprite_write(setup->state, dw);
		return;
	}
	attribute_read(setup, source, index, &attribute);
	constants_apply(setup->state, index, primitive->id, &attribute);
	primitive_id_apply(setup->state, index, primitive->id, &attribute);
	for (unsigned c = 0; c < 4; c++) {
		if (ugvt_state_flat_attributes(setup->state) >> index & 1) {
			dw[4 * c + 3] = attribute.value[primitive->provoking % 3][c];
		} else if (is_point) {
			corner_write(
				&attribute, c, &primitive->v[source->shape->corner], dw + 4 * c);
		} else {
			component_write(&attribute, c, dw + 4 * c);
		}
	}
}

void ugvt_setup_write(
	const struct ugvt_setup *setup, const struct ugvt_setup_source *source, uint32_t *dw)
{
	unsigned count = ugvt_setup_attributes(setup);

	for (unsigned i = 0; i < count; i++) {
		attribute_write(setup, source, i, dw + i * UGVT_SETUP_ATTRIBUTE_DWORDS);
	}
}
