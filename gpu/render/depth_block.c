/* SPDX-License-Identifier: MIT */
#include "gpu/render/depth_lanes.h"
#include "gpu/render/target_block.h"

/* The same tests as in depth.c, of what is drawn most: no stencil, one sample, elements of four bytes in tiles. */

/* Depth of a block's pixels: what a row's columns have at y = 0, in halves, and the rest. */
struct depths {
	ugvt_depth_quad_d columns[2];
	double down;
	bool clamped;
	ugvt_lanes_f low;
	ugvt_lanes_f high;
};

/* Whether a row's depths are within the range, or would be clamped to what they are, but for the sign of zero; NaN never is. */
UGVT_LANES_INLINE bool is_within(const struct depths *depths, double y, bool ends)
{
	float left = (float)(depths->columns[0][0] + depths->down * y);
	float right = (float)(depths->columns[1][3] + depths->down * y);
	float least = left < right ? left : right;
	float most = left < right ? right : left;

	return ends ? least >= depths->low[0] && most <= depths->high[0]
		    : least > depths->low[0] && most < depths->high[0];
}

/* Rounding keeps the order of a plane's values: none is beyond those of the corners. */
UGVT_LANES_INLINE void depths_make(const struct ugvt_depth_block *block,
	const struct ugvt_depth_test *test, struct depths *depths)
{
	const ugvt_depth_quad_d four = {0, 1, 2, 3};
	float low = block->range->low;
	float high = block->range->high;
	bool ends = test->format != UGVT_DEPTH_D32_FLOAT;

	/* What it is clamped to lies between 0 and 1 then, as codes have to. */
	if (ends) {
		low = low > 0 ? low : 0;
		high = high > 0 ? high : 0;
		high = high < 1 ? high : 1;
	}
	for (unsigned i = 0; i < 2; i++) {
		ugvt_depth_quad_d x = four + (block->at.x + 4 * i + block->place_x);

		depths->columns[i] = block->z->at + block->z->dx * x;
	}
	depths->down = block->z->dy;
	/* A negative zero stays one. */
	depths->low = low - (ugvt_lanes_f){0};
	depths->high = high - (ugvt_lanes_f){0};
	depths->clamped =
		!is_within(depths, block->at.y + block->place_y, ends) ||
		!is_within(depths, block->at.y + (UGVT_TARGET_BLOCK - 1) + block->place_y, ends);
}

/* Clamped as ugvt_pixel_depth() does it, NaN to the lower end. */
UGVT_LANES_INLINE void depths_clamp(const struct depths *depths, ugvt_lanes_f *z)
{
	ugvt_lanes_i keeps = *z > depths->low;

	ugvt_lanes_select((ugvt_lanes_u *)z, &keeps, (const ugvt_lanes_u *)&depths->low);
	keeps = *z < depths->high;
	ugvt_lanes_select((ugvt_lanes_u *)z, &keeps, (const ugvt_lanes_u *)&depths->high);
}

UGVT_LANES_INLINE void depths_row(
	const struct depths *depths, double y, enum ugvt_depth_format format, ugvt_lanes_u *codes)
{
	ugvt_lanes_quad half[2];
	ugvt_lanes_f z;

	for (unsigned i = 0; i < 2; i++) {
		ugvt_depth_quad_d wide = depths->columns[i] + depths->down * y;

		half[i] = __builtin_convertvector(wide, ugvt_lanes_quad);
	}
	if (depths->clamped) {
		ugvt_lanes_join(half, &z);
		depths_clamp(depths, &z);
		ugvt_lanes_split(&z, half);
	}
	if (format != UGVT_DEPTH_D32_FLOAT) {
		ugvt_depth_halves(16777215.0, half);
	}
	ugvt_lanes_join(half, (ugvt_lanes_f *)codes);
}

UGVT_LANES_INLINE uint64_t rows_test(const struct ugvt_depth_test *test,
	const struct ugvt_target_block *target, const struct ugvt_depth_block *block, uint64_t mask)
{
	const struct ugvt_target_block at = *target;
	uint64_t passed = 0;
	struct depths depths;

	depths_make(block, test, &depths);
	for (unsigned y = 0; y < UGVT_TARGET_BLOCK; y++) {
		uint32_t lit = mask >> (UGVT_TARGET_BLOCK * y) & 0xff;
		ugvt_lanes_u old;
		ugvt_lanes_u new;
		ugvt_lanes_i lanes;
		ugvt_lanes_i passes;

		if (lit == 0) {
			continue;
		}
		depths_row(&depths, block->at.y + y + block->place_y, test->format, &new);
		ugvt_target_block_get(&at, y, &old);
		ugvt_depth_compare(test, &new, &old, &passes);
		ugvt_lanes_mask(lit, &lanes);
		passes &= lanes;
		lit = ugvt_lanes_bits(&passes);
		passed |= (uint64_t)lit << (UGVT_TARGET_BLOCK * y);
		if (test->write && lit != 0) {
			/* What lies above 24 bits of depth is nobody's, but some look at it. */
			if (test->format == UGVT_DEPTH_D24_UNORM_X8) {
				new |= old & 0xff000000;
			}
			ugvt_lanes_select(&new, &passes, &old);
			ugvt_target_block_put(&at, y, &new);
		}
	}
	return passed;
}

/* The same for each format and the tests that are met most, which the compiler then knows. */
#define TEST_OF(name, format, function)                                                            \
	UGVT_CLONES static uint64_t name(const struct ugvt_depth_state *state,                     \
		const struct ugvt_target_block *target, const struct ugvt_depth_block *block,      \
		uint64_t mask)                                                                     \
	{                                                                                          \
		const struct ugvt_depth_test test = {UGVT_DEPTH_##format, function, state->write}; \
                                                                                                   \
		return rows_test(&test, target, block, mask);                                      \
	}

TEST_OF(codes_test, D24_UNORM_X8, state->function)
TEST_OF(codes_test_less, D24_UNORM_X8, UGVT_DEPTH_LESS)
TEST_OF(codes_test_less_equal, D24_UNORM_X8, UGVT_DEPTH_LESS_EQUAL)
TEST_OF(floats_test, D32_FLOAT, state->function)
TEST_OF(floats_test_less, D32_FLOAT, UGVT_DEPTH_LESS)
TEST_OF(floats_test_less_equal, D32_FLOAT, UGVT_DEPTH_LESS_EQUAL)

static uint64_t block_test(const struct ugvt_depth_state *state,
	const struct ugvt_target_block *target, const struct ugvt_depth_block *block, uint64_t mask)
{
	bool codes = state->format == UGVT_DEPTH_D24_UNORM_X8;

	if (state->wide) {
		return state->wide(state->write, target, block, mask);
	}
	switch (state->function) {
	case UGVT_DEPTH_LESS:
		return codes ? codes_test_less(state, target, block, mask)
			     : floats_test_less(state, target, block, mask);
	case UGVT_DEPTH_LESS_EQUAL:
		return codes ? codes_test_less_equal(state, target, block, mask)
			     : floats_test_less_equal(state, target, block, mask);
	default:
		return codes ? codes_test(state, target, block, mask)
			     : floats_test(state, target, block, mask);
	}
}

bool ugvt_depth_block_test(
	struct ugvt_depth *depth, const struct ugvt_depth_block *block, uint64_t *mask)
{
	const struct ugvt_depth_state *state = depth->state;
	struct ugvt_target_block target;

	if (state->stencil.test || !ugvt_target_block_find(&depth->depth, &block->at, &target)) {
		return false;
	}
	*mask = block_test(state, &target, block, *mask);
	return true;
}
