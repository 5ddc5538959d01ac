/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "gen/formats.h"
#include "gen/reg.h"
#include "replay/draw.h"
#include "replay/print_parts.h"

/* From here on a number is easier to read in hexadecimal. */
#define LARGE 0x10000

/* Bits from start on of the n dwords. */
struct bits {
	const uint32_t *dw;
	unsigned n;
	unsigned start;
};

/* At least its low ones: a command that stores a dword or two says by its length which. */
static bool has_bits(const struct bits *bits, const struct ugvt_field *field)
{
	return bits->start + field->low < bits->n * 32;
}

static uint32_t dword_at(const struct bits *bits, unsigned i)
{
	return i < bits->n ? bits->dw[i] : 0;
}

/* The bits where they stand in the dwords from the one on that the field begins in. */
static uint64_t value_in_place(const struct bits *bits, const struct ugvt_field *field)
{
	unsigned low = bits->start + field->low;
	unsigned high = bits->start + field->high - low / 32 * 32;
	uint64_t value = ugvt_u64(dword_at(bits, low / 32), dword_at(bits, low / 32 + 1));

	return value & UGVT_MASK64(UGVT_MIN(high, 63u), low % 32);
}

static unsigned width_of(const struct ugvt_field *field)
{
	return field->high - field->low + 1u;
}

static int64_t value_signed(uint64_t value, unsigned width)
{
	return (int64_t)(value << (64 - width)) >> (64 - width);
}

static void number_print(FILE *out, uint64_t value)
{
	if (value >= LARGE) {
		fprintf(out, "%#" PRIx64, value);
	} else {
		fprintf(out, "%" PRIu64, value);
	}
}

static void enum_print(FILE *out, const char *values, uint64_t value)
{
	uint64_t left = value;
	size_t length;

	while (left > 0 && (values = strchr(values, '|'))) {
		values++;
		left--;
	}
	length = values ? strcspn(values, "|") : 0;
	if (length > 0) {
		fprintf(out, "%" PRIu64 " (%.*s)", value, (int)length, values);
	} else {
		number_print(out, value);
	}
}

static const char *register_name(uint32_t offset)
{
	for (size_t t = 0; t < ugvt_reg_table_count; t++) {
		for (size_t i = 0; i < ugvt_reg_tables[t]->count; i++) {
			const struct ugvt_reg *row = &ugvt_reg_tables[t]->rows[i];
			uint32_t stride = row->stride > 0 ? row->stride : 4u;

			if (offset >= row->offset && (offset - row->offset) % stride == 0 &&
				(offset - row->offset) / stride < UGVT_MAX(row->count, 1)) {
				return row->name;
			}
		}
	}
	return NULL;
}

static void register_print(FILE *out, uint64_t offset)
{
	const char *name = register_name((uint32_t)offset);

	fprintf(out, "%#" PRIx64 "%s%s%s", offset, name ? " (" : "", name ? name : "",
		name ? ")" : "");
}

static void format_print(FILE *out, uint64_t value)
{
	const struct ugvt_format *format = ugvt_format((unsigned)value);

	fprintf(out, "%" PRIu64 " (%s)", value, format ? format->name : "unknown");
}

static void value_print(FILE *out, const struct bits *bits, const struct ugvt_field *field)
{
	uint64_t in_place = value_in_place(bits, field);
	uint64_t value = in_place >> (bits->start + field->low) % 32;
	unsigned width = width_of(field);

	switch (field->kind) {
	case UGVT_FIELD_INT: fprintf(out, "%" PRId64, value_signed(value, width)); break;
	case UGVT_FIELD_HEX: fprintf(out, "%#" PRIx64, value); break;
	case UGVT_FIELD_BOOL: fputs(value ? "true" : "false", out); break;
	case UGVT_FIELD_FLOAT: fprintf(out, "%g", ugvt_state_float((uint32_t)value)); break;
	case UGVT_FIELD_FIXED: fprintf(out, "%g", ldexp((double)value, -field->more)); break;
	case UGVT_FIELD_SIGNED_FIXED:
		fprintf(out, "%g", ldexp((double)value_signed(value, width), -field->more));
		break;
	case UGVT_FIELD_ENUM: enum_print(out, field->values, value); break;
	case UGVT_FIELD_ADDRESS:
	case UGVT_FIELD_KERNEL: fprintf(out, "%#" PRIx64, in_place); break;
	case UGVT_FIELD_REGISTER: register_print(out, in_place); break;
	case UGVT_FIELD_FORMAT: format_print(out, value); break;
	case UGVT_FIELD_TOPOLOGY:
		fprintf(out, "%" PRIu64 " (%s)", value, ugvt_draw_topology((unsigned)value));
		break;
	default: number_print(out, value); break;
	}
}

static bool is_zero(const struct bits *bits, unsigned size)
{
	const struct ugvt_field all = {.low = 0, .high = (uint16_t)(UGVT_MIN(size, 32u) - 1)};
	struct bits at = *bits;

	for (unsigned bit = 0; bit < size; bit += 32) {
		at.start = bits->start + bit;
		if (value_in_place(&at, &all)) {
			return false;
		}
	}
	return true;
}

static void element_print(
	FILE *out, const struct bits *bits, const struct ugvt_field *group, unsigned index)
{
	for (unsigned i = 1; i <= group->more; i++) {
		if (has_bits(bits, &group[i])) {
			fprintf(out, UGVT_PRINT_INDENT "[%u] %s: ", index, group[i].name);
			value_print(out, bits, &group[i]);
			fputc('\n', out);
		}
	}
}

static void group_print(FILE *out, const struct bits *all, const struct ugvt_field *group)
{
	struct bits bits = *all;
	unsigned size = group->high;

	for (unsigned i = 0; group->count == 0 || i < group->count; i++) {
		bits.start = all->start + group->low + i * size;
		if (bits.start >= bits.n * 32) {
			break;
		}
		if (!is_zero(&bits, size)) {
			element_print(out, &bits, group, i);
		}
	}
}

void ugvt_print_fields(FILE *out, const struct ugvt_layout *layout, const uint32_t *dw, unsigned n)
{
	const struct bits bits = {dw, n, 0};

	for (size_t i = 0; i < layout->count; i++) {
		const struct ugvt_field *field = &layout->fields[i];

		if (field->kind == UGVT_FIELD_GROUP) {
			group_print(out, &bits, field);
			i += field->more;
		} else if (has_bits(&bits, field)) {
			fprintf(out, UGVT_PRINT_INDENT "%s: ", field->name);
			value_print(out, &bits, field);
			fputc('\n', out);
		}
	}
}
