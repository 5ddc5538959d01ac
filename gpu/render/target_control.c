/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/render/target.h"

/* By the logarithm of the number of samples. */
static const uint64_t clear_words[] = {0, 0x3, 0xff, UINT32_MAX, UINT64_MAX};
static const uint64_t own_slices[] = {0, 0x2, 0xe4, 0x76543210, UINT64_C(0xfedcba9876543210)};

void ugvt_target_control_init(struct ugvt_target *target, struct ugvt_target *control)
{
	if (ugvt_target_is_null(target) || !ugvt_surface_mcs(&target->surface, &control->surface)) {
		return;
	}
	control->as = target->as;
	control->lod = target->lod;
	control->first_slice = target->first_slice;
	control->layers = target->layers;
	control->control = NULL;
	for (unsigned i = 0; i < UGVT_TARGET_PLACES; i++) {
		control->places[i].valid = false;
	}
	ugvt_target_window(control);
	target->control = control;
}

uint64_t ugvt_target_control_clear(const struct ugvt_target *target)
{
	return clear_words[target->surface.samples_log2];
}

static void samples_clear(struct ugvt_target *target, struct ugvt_target_at at)
{
	for (unsigned s = 0; s < 1u << target->surface.samples_log2; s++) {
		char *element;

		at.sample = (uint16_t)s;
		element = ugvt_target_element(target, ugvt_target_place(target, &at), at.x, at.y);
		if (element) {
			memcpy(element, ugvt_target_clear_element(target), target->surface.element);
		}
	}
}

static void pixel_take(struct ugvt_target *target, const struct ugvt_target_at *at)
{
	struct ugvt_target *control = target->control;
	uint64_t own = own_slices[target->surface.samples_log2];
	uint64_t word = 0;
	char *element = ugvt_target_element(control, ugvt_target_place(control, at), at->x, at->y);

	if (!element) {
		return;
	}
	memcpy(&word, element, control->surface.element);
	if (word == own) {
		return;
	}
	if (word == ugvt_target_control_clear(target)) {
		samples_clear(target, *at);
	}
	memcpy(element, &own, control->surface.element);
}

void ugvt_target_control_take(
	struct ugvt_target *target, const struct ugvt_subspans *subspans, uint32_t mask)
{
	for (; mask; mask &= mask - 1) {
		unsigned lane = (unsigned)__builtin_ctz(mask);
		const struct ugvt_target_at at = {
			.x = (uint16_t)(subspans->x[lane / 4] + lane % 2),
			.y = (uint16_t)(subspans->y[lane / 4] + lane % 4 / 2),
			.layer = subspans->layer,
		};

		pixel_take(target, &at);
	}
}
