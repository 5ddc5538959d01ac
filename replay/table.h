/* SPDX-License-Identifier: MIT */
#ifndef UGVT_REPLAY_TABLE_H
#define UGVT_REPLAY_TABLE_H

#include "drm-shim/context.h"

/* What a trace has ids for. */

enum ugvt_replay_kind {
	UGVT_REPLAY_BUFFER,
	UGVT_REPLAY_SPACE,
	UGVT_REPLAY_CONTEXT,
};

struct ugvt_replay_item {
	uint64_t id;
	enum ugvt_replay_kind kind;
	struct ugvt_drm_bo *bo; // of a buffer: a reference
	struct ugvt_drm_vm *vm; // of an address space, and that of a context: a reference
	struct ugvt_drm_hw *hw; // of a context
};

struct ugvt_replay_table {
	struct ugvt_replay_item *items; // sorted by id
	size_t count;
	size_t capacity;
};

void ugvt_replay_table_finish(struct ugvt_replay_table *table);
/* NULL if there is no such item. */
const struct ugvt_replay_item *ugvt_replay_table_find(
	const struct ugvt_replay_table *table, uint64_t id);
/* The item is the table's from now on. false: no memory, or the id is taken; then it was dropped. */
bool ugvt_replay_table_add(struct ugvt_replay_table *table, const struct ugvt_replay_item *item);
void ugvt_replay_table_remove(struct ugvt_replay_table *table, uint64_t id);

#endif
