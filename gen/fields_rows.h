/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_FIELDS_ROWS_H
#define UGVT_GEN_FIELDS_ROWS_H

#include "base/bits.h"
#include "gen/fields.h"

/* How rows are written, and what several of them have in common. */

#define FIELD(what, field, lowest, highest, ...)                                          \
	{                                                                                 \
		.name = field, .low = lowest, .high = highest, .kind = UGVT_FIELD_##what, \
		__VA_ARGS__                                                               \
	}
#define UINT(name, low, high) FIELD(UINT, name, low, high, .more = 0)
#define INT(name, low, high) FIELD(INT, name, low, high, .more = 0)
#define HEX(name, low, high) FIELD(HEX, name, low, high, .more = 0)
#define BOOL(name, low, high) FIELD(BOOL, name, low, high, .more = 0)
#define FLOAT(name, low, high) FIELD(FLOAT, name, low, high, .more = 0)
#define FIXED(name, low, high, fraction) FIELD(FIXED, name, low, high, .more = fraction)
#define SIGNED_FIXED(name, low, high, fraction) \
	FIELD(SIGNED_FIXED, name, low, high, .more = fraction)
#define ENUM(name, low, high, names) FIELD(ENUM, name, low, high, .values = names)
#define ADDRESS(name, low, high) FIELD(ADDRESS, name, low, high, .more = 0)
#define REGISTER(name, low, high) FIELD(REGISTER, name, low, high, .more = 0)
#define KERNEL(name, low, high) FIELD(KERNEL, name, low, high, .more = 0)
#define FORMAT(name, low, high) FIELD(FORMAT, name, low, high, .more = 0)
#define TOPOLOGY(name, low, high) FIELD(TOPOLOGY, name, low, high, .more = 0)
#define GROUP(start, size, rows, elements) \
	FIELD(GROUP, NULL, start, size, .more = rows, .count = elements)
#define LAYOUT(command, rows)                        \
	{                                            \
		command, rows, UGVT_ARRAY_SIZE(rows) \
	}

#define BLEND_FACTORS                                                                  \
	"|ONE|SRC_COLOR|SRC_ALPHA|DST_ALPHA|DST_COLOR|SRC_ALPHA_SATURATE|CONST_COLOR|" \
	"CONST_ALPHA|SRC1_COLOR|SRC1_ALPHA|||||||ZERO|INV_SRC_COLOR|INV_SRC_ALPHA|"    \
	"INV_DST_ALPHA|INV_DST_COLOR||INV_CONST_COLOR|INV_CONST_ALPHA|INV_SRC1_COLOR|" \
	"INV_SRC1_ALPHA"
#define BLEND_FUNCTIONS "ADD|SUBTRACT|REVERSE_SUBTRACT|MIN|MAX"
#define COMPARE_FUNCTIONS "ALWAYS|NEVER|LESS|EQUAL|LEQUAL|GREATER|NOTEQUAL|GEQUAL"
#define STENCIL_OPERATIONS "KEEP|ZERO|REPLACE|INCRSAT|DECRSAT|INCR|DECR|INVERT"
#define CHANNEL_SELECTS "ZERO|ONE|||RED|GREEN|BLUE|ALPHA"
#define COMPONENT_CONTROLS "NOSTORE|STORE_SRC|STORE_0|STORE_1_FP|STORE_1_INT|||STORE_PID"
#define COORDINATE_MODES "WRAP|MIRROR|CLAMP|CUBE|CLAMP_BORDER|MIRROR_ONCE|HALF_BORDER"

extern const struct ugvt_layout ugvt_layouts_3d[], ugvt_layouts_media[], ugvt_layouts_mi[],
	ugvt_layouts_structures[];

#endif
