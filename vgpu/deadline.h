/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VGPU_DEADLINE_H
#define UGVT_VGPU_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How long each context of an engine has been executing without its ring moving on: a batch that never ends. It is counted by
 * context, so that changing between several does not hide it; a context that finds no room takes that of the one with the
 * shortest time.
 */

#define UGVT_DEADLINE_CONTEXTS 8

struct ugvt_deadline {
	uint64_t limit_ns; // 0: none
	struct {
		uint32_t lrca; // 0: none
		uint32_t head; // RING_HEAD
		uint64_t ns;
	} contexts[UGVT_DEADLINE_CONTEXTS];
};

void ugvt_deadline_init(struct ugvt_deadline *deadline, uint64_t limit_ns);
/* Forgets one context, whose ring is empty, or all. */
void ugvt_deadline_forget(struct ugvt_deadline *deadline, uint64_t descriptor);
void ugvt_deadline_forget_all(struct ugvt_deadline *deadline);
/* The context of descriptor executed for ns and is now at head. true: it is over its time. */
bool ugvt_deadline_charge(
	struct ugvt_deadline *deadline, uint64_t descriptor, uint32_t head, uint64_t ns);

#endif
