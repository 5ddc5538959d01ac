/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_PARENT_H
#define UGVT_MANAGER_PARENT_H

#include <stdbool.h>
#include <stdint.h>

#include "control/failure.h"
#include "manager/config.h"
#include "manager/type.h"

/*
 * A GPU and how much of it is given away. The host keeps a part; a vGPU takes what its type says, or, with the type
 * "direct", everything. With a limit of its own (config->vgpus) a parent only counts its vGPUs, since each has a
 * graphics memory of its own.
 */

/* What a vGPU of some type gets on some parent. */
struct ugvt_share {
	uint64_t low_gm;  // bytes
	uint64_t high_gm; // bytes
	unsigned fences;
};

struct ugvt_parent {
	const struct ugvt_parent_config *config;
	/* To give away, in bytes and fences; less than nothing once ugvt_parent_claim() took what was not there. */
	struct {
		int64_t low_gm, high_gm, fences;
	} left;
	unsigned n_vgpus;
	unsigned n_direct; // of them
};

/* As in kernel GVT-g, for a parent without a limit of its own. */
#define UGVT_PARENT_VGPUS_MAX 7

void ugvt_parent_init(struct ugvt_parent *parent, const struct ugvt_parent_config *config);

/* The parent lists the type at all: an empty one would have room for it. */
bool ugvt_parent_offers(const struct ugvt_parent *parent, const struct ugvt_type *type);
/* How many more there is room for now. */
unsigned ugvt_parent_available(const struct ugvt_parent *parent, const struct ugvt_type *type);
struct ugvt_share ugvt_parent_share(const struct ugvt_parent *parent, const struct ugvt_type *type);

/* Takes the room for one; the failure says what is free. */
bool ugvt_parent_reserve(
	struct ugvt_parent *parent, const struct ugvt_type *type, struct ugvt_failure *failure);
/* The same for one that runs already: takes the room whether it is there or not. */
void ugvt_parent_claim(struct ugvt_parent *parent, const struct ugvt_type *type);
/* Gives it back. */
void ugvt_parent_release(struct ugvt_parent *parent, const struct ugvt_type *type);

#endif
