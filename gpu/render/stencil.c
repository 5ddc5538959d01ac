/* SPDX-License-Identifier: MIT */
#include "gpu/render/stencil.h"

#include "gpu/render/blend.h"

enum {
	OPERATION_KEEP,
	OPERATION_ZERO,
	OPERATION_REPLACE,
	OPERATION_INCREMENT_SATURATE,
	OPERATION_DECREMENT_SATURATE,
	OPERATION_INCREMENT,
	OPERATION_DECREMENT,
	OPERATION_INVERT,
};

void ugvt_stencil_decode(struct ugvt_stencil_state *stencil, const struct ugvt_state *state)
{
	struct ugvt_stencil_face *front = &stencil->face[0];

	*stencil = (struct ugvt_stencil_state){
		.test = ugvt_state_stencil_test(state) && ugvt_state_stencil_enable(state),
		.write = ugvt_state_stencil_write(state) && ugvt_state_depth_stencil_write(state),
	};
	*front = (struct ugvt_stencil_face){
		.function = ugvt_state_stencil_function(state),
		.fail = ugvt_state_stencil_fail(state),
		.depth_fail = ugvt_state_stencil_depth_fail(state),
		.pass = ugvt_state_stencil_pass(state),
		.test_mask = ugvt_state_stencil_test_mask(state),
		.write_mask = ugvt_state_stencil_write_mask(state),
		.reference = ugvt_state_stencil_reference(state),
	};
	stencil->face[1] = *front;
	if (ugvt_state_stencil_two_sided(state)) {
		stencil->face[1] = (struct ugvt_stencil_face){
			.function = ugvt_state_stencil_back_function(state),
			.fail = ugvt_state_stencil_back_fail(state),
			.depth_fail = ugvt_state_stencil_back_depth_fail(state),
			.pass = ugvt_state_stencil_back_pass(state),
			.test_mask = ugvt_state_stencil_back_test_mask(state),
			.write_mask = ugvt_state_stencil_back_write_mask(state),
			.reference = ugvt_state_stencil_back_reference(state),
		};
	}
}

uint32_t ugvt_stencil_test(
	const struct ugvt_stencil_face *face, const struct ugvt_stencil_lanes *lanes, uint32_t mask)
{
	uint32_t passed = 0;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		uint8_t reference = lanes->reference[i] & face->test_mask;
		uint8_t value = lanes->value[i] & face->test_mask;

		passed |= (uint32_t)ugvt_compare(face->function, reference, value) << i;
	}
	return mask & passed;
}

static uint8_t operate(unsigned operation, uint8_t value, uint8_t reference)
{
	switch (operation) {
	case OPERATION_ZERO: return 0;
	case OPERATION_REPLACE: return reference;
	case OPERATION_INCREMENT_SATURATE: return value == 0xff ? value : value + 1;
	case OPERATION_DECREMENT_SATURATE: return value == 0 ? value : value - 1;
	case OPERATION_INCREMENT: return value + 1;
	case OPERATION_DECREMENT: return value - 1;
	case OPERATION_INVERT: return ~value;
	default: return value;
	}
}

void ugvt_stencil_update(const struct ugvt_stencil_face *face,
	const struct ugvt_stencil_results *results, struct ugvt_stencil_lanes *lanes)
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		uint8_t value = lanes->value[i];
		unsigned operation = OPERATION_KEEP;
		uint8_t made;

		if (results->failed >> i & 1) {
			operation = face->fail;
		} else if (results->depth_failed >> i & 1) {
			operation = face->depth_fail;
		} else if (results->passed >> i & 1) {
			operation = face->pass;
		}
		made = operate(operation, value, lanes->reference[i]);
		lanes->value[i] = (value & ~face->write_mask) | (made & face->write_mask);
	}
}
