/* SPDX-License-Identifier: MIT */
#include "gpu/render/depth_lanes.h"
#include "gpu/render/target_block.h"

/* The same tests as in depth.c, of what is drawn most: no stencil, one sample, elements of four bytes in tiles. */

/* Depth of the pixels of a row, in halves: what the columns have at y = 0. */
struct row {
	ugvt_depth_quad_d columns[2];
	double down;
};

UGVT_LANES_INLINE void row_make(const struct ugvt_depth_block *block, struct row *row)
{
	const ugvt_depth_quad_d four = {0, 1, 2, 3};

	for (unsigned i = 0; i < 2; i++) {
		ugvt_depth_quad_d x = four + (block->at.x + 4 * i + block->place_x);

		row->columns[i] = block->z->at + block->z->dx * x;
	}
	row->down = block->z->dy;
}

/* Clamped as ugvt_pixel_depth() does it, NaN to the lower end. */
UGVT_LANES_INLINE void row_depth(
	const struct row *row, double y, const struct ugvt_depth_range *range, ugvt_lanes_f *z)
{
	ugvt_lanes_u low = (ugvt_lanes_u)((ugvt_lanes_f){0} + range->low);
	ugvt_lanes_u high = (ugvt_lanes_u)((ugvt_lanes_f){0} + range->high);
	ugvt_lanes_quad half[2];
	ugvt_lanes_u value;
	ugvt_lanes_i keeps;

	for (unsigned i = 0; i < 2; i++) {
		ugvt_depth_quad_d wide = row->columns[i] + row->down * y;

		half[i] = __builtin_convertvector(wide, ugvt_lanes_quad);
	}
	ugvt_lanes_join(half, (ugvt_lanes_f *)&value);
	keeps = (ugvt_lanes_f)value > (ugvt_lanes_f)low;
	ugvt_lanes_select(&value, &keeps, &low);
	keeps = (ugvt_lanes_f)value < (ugvt_lanes_f)high;
	ugvt_lanes_select(&value, &keeps, &high);
	*z = (ugvt_lanes_f)value;
}

UGVT_LANES_INLINE uint64_t rows_test(const struct ugvt_depth_test *test,
	const struct ugvt_target_block *target, const struct ugvt_depth_block *block, uint64_t mask)
{
	uint64_t passed = 0;
	struct row row;

	row_make(block, &row);
	for (unsigned y = 0; y < UGVT_TARGET_BLOCK; y++) {
		uint32_t lit = mask >> (UGVT_TARGET_BLOCK * y) & 0xff;
		ugvt_lanes_u old;
		ugvt_lanes_u new;
		ugvt_lanes_f z;
		ugvt_lanes_i lanes;
		ugvt_lanes_i passes;

		if (lit == 0) {
			continue;
		}
		row_depth(&row, block->at.y + y + block->place_y, block->range, &z);
		ugvt_depth_codes(test->format, &z, &new);
		ugvt_target_block_get(target, y, &old);
		ugvt_depth_compare(test, &new, &old, &passes);
		ugvt_lanes_mask(lit, &lanes);
		passes &= lanes;
		passed |= (uint64_t)ugvt_lanes_bits(&passes) << (UGVT_TARGET_BLOCK * y);
		if (test->write) {
			/* What lies above 24 bits of depth is nobody's, but some look at it. */
			if (test->format == UGVT_DEPTH_D24_UNORM_X8) {
				new |= old & 0xff000000;
			}
			ugvt_lanes_select(&new, &passes, &old);
			ugvt_target_block_put(target, y, &new);
		}
	}
	return passed;
}

/* The same for each of the formats, which the compiler then knows. */
UGVT_CLONES static uint64_t floats_test(const struct ugvt_depth_state *state,
	const struct ugvt_target_block *target, const struct ugvt_depth_block *block, uint64_t mask)
{
	const struct ugvt_depth_test test = {UGVT_DEPTH_D32_FLOAT, state->function, state->write};

	return rows_test(&test, target, block, mask);
}

UGVT_CLONES static uint64_t codes_test(const struct ugvt_depth_state *state,
	const struct ugvt_target_block *target, const struct ugvt_depth_block *block, uint64_t mask)
{
	const struct ugvt_depth_test test = {
		UGVT_DEPTH_D24_UNORM_X8, state->function, state->write};

	return rows_test(&test, target, block, mask);
}

bool ugvt_depth_block_test(
	struct ugvt_depth *depth, const struct ugvt_depth_block *block, uint64_t *mask)
{
	const struct ugvt_depth_state *state = depth->state;
	struct ugvt_target_block target;

	if (state->stencil.test || !ugvt_target_block_find(&depth->depth, &block->at, &target)) {
		return false;
	}
	*mask = state->format == UGVT_DEPTH_D32_FLOAT ? floats_test(state, &target, block, *mask)
						      : codes_test(state, &target, block, *mask);
	return true;
}
