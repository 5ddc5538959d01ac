/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_FIELDS_H
#define UGVT_GEN_FIELDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The fields of the render engine's commands, and of the structures that they point to: for printing, and so complete but for what
 * the header of each command is known by. What the renderer reads, it has rows of its own for (gpu/render/state_fields.h).
 * Names and bits: Mesa src/intel/genxml/gen9.xml, which has them from the PRM.
 */

enum ugvt_field_kind {
	UGVT_FIELD_UINT,
	UGVT_FIELD_INT, // two's complement
	UGVT_FIELD_HEX,
	UGVT_FIELD_BOOL,
	UGVT_FIELD_FLOAT,
	UGVT_FIELD_FIXED, // of more fraction bits
	UGVT_FIELD_SIGNED_FIXED,
	UGVT_FIELD_ENUM,     // values
	UGVT_FIELD_ADDRESS,  // or offset: the bits stand where they are in the address
	UGVT_FIELD_REGISTER, // the same, of a register
	UGVT_FIELD_KERNEL,   // the same, of a kernel
	UGVT_FIELD_FORMAT,   // SURFACE_FORMAT
	UGVT_FIELD_TOPOLOGY,
	/* Not a field: from low on, elements of high bits, which have the next rows, more of them, with bits from their start. count
	 * elements, or if that is 0 as many as there are dwords for. */
	UGVT_FIELD_GROUP,
};

struct ugvt_field {
	const char *name;
	const char *values; // names from 0 on with '|' between them; an empty one is none
	uint16_t low;       // bits from the lowest of dword 0
	uint16_t high;      // included; at most 63 above low
	uint8_t kind;       // enum ugvt_field_kind
	uint8_t more;
	uint8_t count;
};

struct ugvt_layout {
	const char *name; // of the command (gen/commands.h), or the structure
	const struct ugvt_field *fields;
	size_t count;
};

/* NULL: nothing is known of it. */
const struct ugvt_layout *ugvt_layout_find(const char *name);

/* For tests: part i of all there is, each sorted by name; a layout without name ends it. NULL behind the last. */
const struct ugvt_layout *ugvt_layout_part(unsigned i);

#endif
