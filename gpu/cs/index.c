/* SPDX-License-Identifier: MIT */
#include "gpu/cs/cs_state.h"

#define CLIENT(header) ((header) >> 29)
#define CLIENT_MI 0
#define CLIENT_2D 2
#define CLIENT_GFX 3

/* What tells commands of a client apart. */
#define MI_KEY UGVT_MASK(28, 23)
#define BLT_KEY UGVT_MASK(28, 22)
#define GFX_KEY UGVT_MASK(28, 16)

/* Enters a row with a short mask wherever it fits and nothing stands. */
static void row_enter(uint16_t *table, uint32_t key, size_t row)
{
	const struct ugvt_command *command = &ugvt_commands[row];
	uint32_t client = command->header & ~UGVT_MASK(28, 0);

	for (uint32_t i = 0; i <= UGVT_GET(key, UINT32_MAX); i++) {
		uint32_t header = client | (uint32_t)UGVT_PUT(key, i);

		if ((header & command->mask) == command->header && table[i] == 0) {
			table[i] = (uint16_t)(row + 1);
		}
	}
}

/* A row whose mask covers the key has one place of its own. */
static void row_index(struct ugvt_cs_index *index, size_t row)
{
	uint32_t header = ugvt_commands[row].header;
	uint32_t mask = ugvt_commands[row].mask;
	uint16_t *table = index->gfx;
	uint32_t key = GFX_KEY;

	if (CLIENT(header) == CLIENT_MI) {
		table = index->mi;
		key = MI_KEY;
	} else if (CLIENT(header) == CLIENT_2D) {
		table = index->blt;
		key = BLT_KEY;
	}
	if ((mask & key) == key) {
		table[UGVT_GET(key, header)] = (uint16_t)(row + 1);
	} else {
		row_enter(table, key, row);
	}
}

void ugvt_cs_index_init(struct ugvt_cs_index *index, enum ugvt_engine_id engine)
{
	*index = (struct ugvt_cs_index){0};
	for (size_t row = 0; row < ugvt_command_count; row++) {
		if (ugvt_commands[row].engines & (1 << engine)) {
			row_index(index, row);
		}
	}
}

const struct ugvt_command *ugvt_cs_index_find(const struct ugvt_cs_index *index, uint32_t header)
{
	uint16_t at = 0;

	switch (CLIENT(header)) {
	case CLIENT_MI: at = index->mi[UGVT_GET(MI_KEY, header)]; break;
	case CLIENT_2D: at = index->blt[UGVT_GET(BLT_KEY, header)]; break;
	case CLIENT_GFX: at = index->gfx[UGVT_GET(GFX_KEY, header)]; break;
	default: break;
	}
	return at > 0 ? &ugvt_commands[at - 1] : NULL;
}
