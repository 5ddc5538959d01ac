/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_STATE_KEPT_H
#define UGVT_GPU_STATE_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "gen/commands.h"

/*
 * The state commands of a context, kept as the commands' own dwords: command streamers put it there and take it to and from context
 * images, gpu/render reads what it draws with. For each row with keep > 0 there is a number of slots, each a count of
 * dwords, then row->keep of them.
 */
struct ugvt_kept {
	uint32_t *slots;  // whose count is not 0 is kept
	uint32_t *offset; // of a row's first slot; by row index
	uint32_t dwords;  // of slots
	enum ugvt_engine_id engine;
};

bool ugvt_kept_init(struct ugvt_kept *kept, enum ugvt_engine_id engine);
void ugvt_kept_finish(struct ugvt_kept *kept);
void ugvt_kept_clear(struct ugvt_kept *kept);
/* The command's n dwords are the state now. false: longer than such a command can be. */
bool ugvt_kept_set(
	struct ugvt_kept *kept, const struct ugvt_command *row, const uint32_t *dw, unsigned n);
/* Forgets the state of all rows with a flag of flags. */
void ugvt_kept_forget(struct ugvt_kept *kept, unsigned flags);
/* Writes the commands that set the state again to dw, at most max dwords; how many. */
unsigned ugvt_kept_write(const struct ugvt_kept *kept, uint32_t *dw, unsigned max);
/* What is kept of row, index in its array of slots: *n dwords. NULL if nothing. */
const uint32_t *ugvt_kept_find(
	const struct ugvt_kept *kept, const struct ugvt_command *row, unsigned index, unsigned *n);
/* The slot itself, which stays where it is: its count, then its dwords. NULL if the row has no such. */
const uint32_t *ugvt_kept_slot(
	const struct ugvt_kept *kept, const struct ugvt_command *row, unsigned index);

#endif
