/* SPDX-License-Identifier: MIT */
#include "gpu/state/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

/*
 * The state that commands leave behind, kept as the commands' own dwords: what a context image holds, as in hardware. A row
 * has one slot, or an array of them where the command names which of several things it sets.
 */

#define HEADER_ONE_VERTEX_BUFFER 0x78080003u
#define VERTEX_BUFFER_DWORDS 4
#define VERTEX_BUFFER_MODIFY \
	UGVT_BIT(14) // genxml VERTEX_BUFFER_STATE "Address Modify Enable": address and size, too
#define BASES_DWORDS 19
#define SELECT_MASKS UGVT_MASK(15, 8)
#define SELECT_FIELDS UGVT_MASK(7, 0)

static unsigned slot_count(const struct ugvt_command *row)
{
	switch (row->key) {
	case UGVT_KEY_VERTEX_BUFFER:
	case UGVT_KEY_VERTEX_INSTANCE: return 64;
	case UGVT_KEY_SO_BUFFER: return 4;
	default: return 1;
	}
}

static uint32_t slot_dwords(const struct ugvt_command *row)
{
	return row->keep + 1u;
}

static uint32_t *slot_at(
	const struct ugvt_kept *kept, const struct ugvt_command *row, unsigned index)
{
	return kept->slots + kept->offset[row - ugvt_commands] + index * slot_dwords(row);
}

bool ugvt_kept_init(struct ugvt_kept *kept, enum ugvt_engine_id engine)
{
	*kept = (struct ugvt_kept){
		.offset = calloc(ugvt_command_count, sizeof(*kept->offset)),
		.engine = engine,
	};
	for (size_t i = 0; kept->offset && i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		kept->offset[i] = kept->dwords;
		if (row->keep > 0 && (row->engines & (1 << engine))) {
			kept->dwords += slot_count(row) * slot_dwords(row);
		}
	}
	kept->slots = calloc(kept->dwords + 1, sizeof(*kept->slots));
	if (!kept->offset || !kept->slots) {
		ugvt_kept_finish(kept);
		return false;
	}
	return true;
}

void ugvt_kept_finish(struct ugvt_kept *kept)
{
	free(kept->slots);
	free(kept->offset);
	*kept = (struct ugvt_kept){0};
}

void ugvt_kept_clear(struct ugvt_kept *kept)
{
	memset(kept->slots, 0, kept->dwords * sizeof(*kept->slots));
}

static void slot_set(uint32_t *slot, const uint32_t *dw, unsigned n)
{
	slot[0] = n;
	memcpy(slot + 1, dw, n * sizeof(*dw));
}

/* Fields that stand alone (DW 12 to 15) or begin a group, each with a modify enable in bit 0; DW3 has none. */
static void bases_set(uint32_t *slot, const uint32_t *dw, unsigned n)
{
	static const uint8_t group[][2] = {{1, 2}, {4, 2}, {6, 2}, {8, 2}, {10, 2}, {12, 1},
		{13, 1}, {14, 1}, {15, 1}, {16, 3}};
	uint32_t *kept = slot + 1;

	slot[0] = BASES_DWORDS;
	kept[0] = (dw[0] & ~UINT32_C(0xff)) | (BASES_DWORDS - 2);
	if (n > 3) {
		kept[3] = dw[3];
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(group); i++) {
		unsigned first = group[i][0];

		if (first + group[i][1] <= n && (dw[first] & 1)) {
			memcpy(kept + first, dw + first, group[i][1] * sizeof(*dw));
		}
	}
}

static void select_set(uint32_t *slot, uint32_t header)
{
	uint32_t mask = UGVT_GET(SELECT_MASKS, header);
	uint32_t old = slot[0] > 0 ? slot[1] & SELECT_FIELDS : 0;

	/* Bits 1:0 have the mask bits 9:8, and so on. */
	slot[0] = 1;
	slot[1] = (header & ~(SELECT_MASKS | SELECT_FIELDS)) | SELECT_MASKS | (old & ~mask) |
		  (header & mask);
}

static void vertex_buffers_set(
	struct ugvt_kept *kept, const struct ugvt_command *row, const uint32_t *dw, unsigned n)
{
	for (unsigned i = 1; i + VERTEX_BUFFER_DWORDS <= n; i += VERTEX_BUFFER_DWORDS) {
		uint32_t *slot = slot_at(kept, row, dw[i] >> 26);

		slot[0] = 1 + VERTEX_BUFFER_DWORDS;
		slot[1] = HEADER_ONE_VERTEX_BUFFER;
		/* What is kept has all, for a context image to bring back. */
		slot[2] = dw[i] | VERTEX_BUFFER_MODIFY;
		if (dw[i] & VERTEX_BUFFER_MODIFY) {
			memcpy(slot + 3, dw + i + 1, (VERTEX_BUFFER_DWORDS - 1) * sizeof(*dw));
		}
	}
}

/* Only the last of the commands with this key counts. */
static void setup_forget(struct ugvt_kept *kept)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		if (ugvt_commands[i].key == UGVT_KEY_BLT_SETUP) {
			*slot_at(kept, &ugvt_commands[i], 0) = 0;
		}
	}
}

static bool simple_set(
	struct ugvt_kept *kept, const struct ugvt_command *row, const uint32_t *dw, unsigned n)
{
	unsigned index = 0;

	if (n > row->keep) {
		return false;
	}
	if (row->key == UGVT_KEY_VERTEX_INSTANCE) {
		index = dw[1] & UGVT_MASK(5, 0);
	} else if (row->key == UGVT_KEY_SO_BUFFER) {
		index = UGVT_GET(UGVT_MASK(30, 29), dw[1]);
	} else if (row->key == UGVT_KEY_BLT_SETUP) {
		setup_forget(kept);
	}
	slot_set(slot_at(kept, row, index), dw, n);
	return true;
}

bool ugvt_kept_set(
	struct ugvt_kept *kept, const struct ugvt_command *row, const uint32_t *dw, unsigned n)
{
	switch (row->key) {
	case UGVT_KEY_BASES: bases_set(slot_at(kept, row, 0), dw, n); return true;
	case UGVT_KEY_SELECT: select_set(slot_at(kept, row, 0), dw[0]); return true;
	case UGVT_KEY_VERTEX_BUFFER: vertex_buffers_set(kept, row, dw, n); return true;
	default: return simple_set(kept, row, dw, n);
	}
}

static bool row_is_kept(const struct ugvt_kept *kept, const struct ugvt_command *row)
{
	return row->keep > 0 && (row->engines & (1 << kept->engine));
}

void ugvt_kept_forget(struct ugvt_kept *kept, unsigned flags)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if (row_is_kept(kept, row) && (row->flags & flags)) {
			*slot_at(kept, row, 0) = 0;
		}
	}
}

unsigned ugvt_kept_write(const struct ugvt_kept *kept, uint32_t *dw, unsigned max)
{
	unsigned total = 0;

	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		for (unsigned k = 0; row_is_kept(kept, row) && k < slot_count(row); k++) {
			const uint32_t *slot = slot_at(kept, row, k);

			if (slot[0] <= max - total) {
				memcpy(dw + total, slot + 1, slot[0] * sizeof(*dw));
				total += slot[0];
			}
		}
	}
	return total;
}

const uint32_t *ugvt_kept_slot(
	const struct ugvt_kept *kept, const struct ugvt_command *row, unsigned index)
{
	return row_is_kept(kept, row) && index < slot_count(row) ? slot_at(kept, row, index) : NULL;
}

const uint32_t *ugvt_kept_find(
	const struct ugvt_kept *kept, const struct ugvt_command *row, unsigned index, unsigned *n)
{
	const uint32_t *slot;

	if (!row_is_kept(kept, row) || index >= slot_count(row)) {
		return NULL;
	}
	slot = slot_at(kept, row, index);
	*n = slot[0];
	return slot[0] > 0 ? slot + 1 : NULL;
}
