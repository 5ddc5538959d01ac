/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/render/depth.h"
#include "tests/gpu/render/rig.h"

/* Depth and stencil against a picture that is kept as plain arrays, on random states. */

enum {
	SIDE = 64, // pixels
	DEPTH_AT = 0x100000,
	STENCIL_AT = 0x200000,
	BYTES = 65536, // of each
};

struct fixture {
	struct render_rig rig;
	ugvt_gpa memory; // of depth, then of stencil
	struct ugvt_depth_state state;
	struct ugvt_depth depth;
	double z[SIDE][SIDE]; // the reference: codes, or floats
	uint8_t s[SIDE][SIDE];
};

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static int setup(void **state)
{
	static struct fixture f;

	render_rig_init(&f.rig, 1 << 21);
	f.memory = space_alloc(&f.rig.space, 2 * BYTES, 4096);
	space_map(&f.rig.space, DEPTH_AT, f.memory, BYTES);
	space_map(&f.rig.space, STENCIL_AT, f.memory + BYTES, BYTES);
	rig_set_depth_type(&f.rig, 1);
	rig_set_depth_width(&f.rig, SIDE - 1);
	rig_set_depth_height(&f.rig, SIDE - 1);
	rig_set_depth_buffer_write(&f.rig, 1);
	rig_set_depth_stencil_write(&f.rig, 1);
	rig_set_depth_buffer(&f.rig, DEPTH_AT);
	rig_set_stencil_enable(&f.rig, 1);
	rig_set_stencil_buffer(&f.rig, STENCIL_AT);
	rig_set_stencil_pitch(&f.rig, 127);
	memset(f.z, 0, sizeof(f.z));
	memset(f.s, 0, sizeof(f.s));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	render_rig_finish(&((struct fixture *)*state)->rig);
	return 0;
}

static void begin(struct fixture *f)
{
	ugvt_depth_decode(&f->state, &f->rig.draw);
	ugvt_depth_init(&f->depth, &f->state, &f->rig.space.as);
}

static void format_set(struct fixture *f, enum ugvt_depth_format format)
{
	rig_set_depth_format(&f->rig, format);
	rig_set_depth_pitch(&f->rig, (format == UGVT_DEPTH_D16_UNORM ? 2 : 4) * SIDE - 1);
	memset(space_host(&f->rig.space, f->memory), 0, 2 * BYTES);
}

static void state_random(struct fixture *f, uint32_t *seed)
{
	rig_set_depth_test(&f->rig, next(seed) % 4 != 0);
	rig_set_depth_write(&f->rig, next(seed) % 4 != 0);
	rig_set_depth_function(&f->rig, next(seed));
	rig_set_stencil_test(&f->rig, next(seed) % 4 != 0);
	rig_set_stencil_write(&f->rig, next(seed) % 4 != 0);
	rig_set_stencil_two_sided(&f->rig, next(seed));
	rig_set_stencil_function(&f->rig, next(seed));
	rig_set_stencil_fail(&f->rig, next(seed));
	rig_set_stencil_depth_fail(&f->rig, next(seed));
	rig_set_stencil_pass(&f->rig, next(seed));
	rig_set_stencil_back_function(&f->rig, next(seed));
	rig_set_stencil_back_fail(&f->rig, next(seed));
	rig_set_stencil_back_depth_fail(&f->rig, next(seed));
	rig_set_stencil_back_pass(&f->rig, next(seed));
	rig_set_dw(&f->rig, UGVT_STATE_WM_DEPTH_STENCIL, 2, next(seed) << 16 ^ next(seed));
	rig_set_dw(&f->rig, UGVT_STATE_WM_DEPTH_STENCIL, 3, next(seed));
}

static bool compare(unsigned function, double a, double b)
{
	const bool holds[] = {true, false, a<b, a == b, a <= b, a> b, a != b, a >= b};

	return holds[function];
}

static uint8_t operation(unsigned code, uint8_t old, uint8_t reference)
{
	const int results[] = {old, 0, reference, UGVT_MIN(old + 1, 255), UGVT_MAX(old - 1, 0),
		old + 1, old - 1, ~old};

	return (uint8_t)results[code];
}

/* Reads the state by itself, a field at a time. */
static bool pixel_reference(struct fixture *f, bool back, double z, unsigned at)
{
	const struct ugvt_state *state = &f->rig.state;
	bool two = back && ugvt_state_stencil_two_sided(state);
	uint8_t test_mask = two ? ugvt_state_stencil_back_test_mask(state)
				: ugvt_state_stencil_test_mask(state);
	uint8_t write_mask = two ? ugvt_state_stencil_back_write_mask(state)
				 : ugvt_state_stencil_write_mask(state);
	uint8_t reference = two ? ugvt_state_stencil_back_reference(state)
				: ugvt_state_stencil_reference(state);
	uint8_t *s = &f->s[at / SIDE][at % SIDE];
	unsigned op = two ? ugvt_state_stencil_back_pass(state) : ugvt_state_stencil_pass(state);
	bool stencil = !ugvt_state_stencil_test(state) ||
		       compare(two ? ugvt_state_stencil_back_function(state)
				   : ugvt_state_stencil_function(state),
			       reference & test_mask, *s & test_mask);
	bool depth = !ugvt_state_depth_test(state) ||
		     compare(ugvt_state_depth_function(state), z, f->z[at / SIDE][at % SIDE]);

	if (!stencil) {
		op = two ? ugvt_state_stencil_back_fail(state) : ugvt_state_stencil_fail(state);
	} else if (!depth) {
		op = two ? ugvt_state_stencil_back_depth_fail(state)
			 : ugvt_state_stencil_depth_fail(state);
	} else if (ugvt_state_depth_write(state)) {
		f->z[at / SIDE][at % SIDE] = z;
	}
	if (ugvt_state_stencil_test(state) && ugvt_state_stencil_write(state)) {
		*s = (*s & ~write_mask) | (operation(op, *s, reference) & write_mask);
	}
	return stencil && depth;
}

static double code_of(enum ugvt_depth_format format, float z)
{
	switch (format) {
	case UGVT_DEPTH_D16_UNORM: return floor((double)z * 65535 + 0.5);
	case UGVT_DEPTH_D24_UNORM_X8: return floor((double)z * 16777215 + 0.5);
	default: return z;
	}
}

static void quads_random(struct ugvt_subspans *at, uint32_t *seed)
{
	unsigned first = next(seed);

	/* Four different ones. */
	for (unsigned i = 0; i < 4; i++) {
		unsigned n = (first + i * 7) % (SIDE * SIDE / 4);

		at->x[i] = (uint16_t)(n % (SIDE / 2) * 2);
		at->y[i] = (uint16_t)(n / (SIDE / 2) * 2);
	}
}

static void random_check(struct fixture *f, uint32_t *seed)
{
	float z[UGVT_LANES];
	struct ugvt_depth_input input = {.z = z, .back_facing = next(seed) % 2};
	uint32_t mask = next(seed) & 0xffff;
	uint32_t expected = 0;

	quads_random(&input.at, seed);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		unsigned x = input.at.x[i / 4] + i % 2;
		unsigned y = input.at.y[i / 4] + i / 2 % 2;

		z[i] = (float)(next(seed) % 8) / 7;
		if (mask >> i & 1) {
			double code = code_of(f->state.format, z[i]);

			expected |=
				(uint32_t)pixel_reference(f, input.back_facing, code, y * SIDE + x)
				<< i;
		}
	}
	assert_int_equal(ugvt_depth_test(&f->depth, &input, mask), expected);
}

static double depth_read(const struct fixture *f, unsigned x, unsigned y)
{
	const struct ugvt_texel_at at = {.x = x, .y = y};
	uint32_t raw = 0;
	uint64_t offset;
	float value;

	assert_true(ugvt_surface_offset(&f->depth.depth.surface, &at, &offset));
	ugvt_aspace_read((struct ugvt_aspace *)&f->rig.space.as, DEPTH_AT + offset, &raw,
		f->depth.depth.surface.element);
	memcpy(&value, &raw, sizeof(value));
	return f->state.format == UGVT_DEPTH_D32_FLOAT ? value : raw & 0xffffff;
}

/* W tiles: Mesa's s8_offset(), said another way: 8x8 pixels of 64 bytes, in columns. */
static unsigned stencil_offset(unsigned x, unsigned y)
{
	static const uint8_t spread[] = {0, 1, 4, 5, 16, 17, 20, 21};

	return x / 8 * 512 + y / 8 * 64 + spread[x % 8] + 2 * spread[y % 8];
}

static void random_states(void **state, enum ugvt_depth_format format)
{
	struct fixture *f = *state;
	uint32_t seed = format;

	format_set(f, format);
	for (unsigned i = 0; i < 400; i++) {
		state_random(f, &seed);
		begin(f);
		for (unsigned k = 0; k < 60; k++) {
			random_check(f, &seed);
		}
	}
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		unsigned x = i % SIDE, y = i / SIDE;
		uint8_t s;

		ugvt_aspace_read(&f->rig.space.as, STENCIL_AT + stencil_offset(x, y), &s, 1);
		assert_int_equal(s, f->s[y][x]);
		assert_true(depth_read(f, x, y) == f->z[y][x]);
	}
}

static void test_d32(void **state)
{
	random_states(state, UGVT_DEPTH_D32_FLOAT);
}

static void test_d24(void **state)
{
	random_states(state, UGVT_DEPTH_D24_UNORM_X8);
}

static void test_d16(void **state)
{
	random_states(state, UGVT_DEPTH_D16_UNORM);
}

static void test_encode(void **state)
{
	assert_int_equal(ugvt_depth_encode(UGVT_DEPTH_D24_UNORM_X8, 1), 0xffffff);
	assert_int_equal(ugvt_depth_encode(UGVT_DEPTH_D24_UNORM_X8, 0.5f), 0x800000);
	assert_int_equal(ugvt_depth_encode(UGVT_DEPTH_D16_UNORM, 2), 0xffff);
	assert_int_equal(ugvt_depth_encode(UGVT_DEPTH_D16_UNORM, NAN), 0);
	assert_int_equal(ugvt_depth_encode(UGVT_DEPTH_D32_FLOAT, -2), 0xc0000000);
}

/* Floats below 0 and NaN, which a viewport without limits lets through. */
static void test_floats(void **state)
{
	static const float values[] = {-INFINITY, -2, -1, -0.0f, 0, 1, INFINITY};
	struct fixture *f = *state;
	float z[UGVT_LANES] = {0};
	struct ugvt_depth_input input = {.z = z};

	format_set(f, UGVT_DEPTH_D32_FLOAT);
	rig_set_depth_test(&f->rig, 1);
	rig_set_depth_write(&f->rig, 1);
	for (unsigned function = 0; function < 8; function++) {
		for (unsigned i = 0; i < UGVT_ARRAY_SIZE(values); i++) {
			for (unsigned k = 0; k < UGVT_ARRAY_SIZE(values); k++) {
				rig_set_depth_function(&f->rig, 0);
				begin(f);
				z[0] = values[i];
				assert_int_equal(ugvt_depth_test(&f->depth, &input, 1), 1);
				rig_set_depth_function(&f->rig, function);
				begin(f);
				z[0] = values[k];
				assert_int_equal(ugvt_depth_test(&f->depth, &input, 1),
					compare(function, values[k], values[i]));
			}
		}
	}
	z[0] = NAN;
	for (unsigned function = 0; function < 8; function++) {
		rig_set_depth_function(&f->rig, function);
		begin(f);
		assert_int_equal(
			ugvt_depth_test(&f->depth, &input, 1), function == 0 || function == 6);
	}
}

/* What can't be reached is neither read nor written, and tests of it pass. */
static void test_nowhere(void **state)
{
	struct fixture *f = *state;
	float z[UGVT_LANES] = {0};
	struct ugvt_depth_input input = {.z = z, .at.x = {0, 64, 0, 16382}, .at.y = {0, 0, 64, 0}};

	format_set(f, UGVT_DEPTH_D32_FLOAT);
	rig_set_depth_test(&f->rig, 1);
	rig_set_depth_function(&f->rig, 2);
	begin(f);
	assert_int_equal(ugvt_depth_test(&f->depth, &input, 0xffff), 0xfff0);
	rig_set_depth_buffer(&f->rig, UINT64_C(0x7ffffffff000));
	begin(f);
	assert_int_equal(ugvt_depth_test(&f->depth, &input, 0xffff), 0xffff);
	rig_set_depth_type(&f->rig, 7);
	begin(f);
	assert_false(ugvt_depth_is_on(&f->state));
}

/* A block, by rows of subspans as pixels are tested otherwise. */
static uint64_t rows_test(struct fixture *f, const struct ugvt_depth_block *block, uint64_t mask)
{
	uint64_t passed = 0;

	for (unsigned row = 0; row < 4; row++) {
		float z[UGVT_LANES];
		struct ugvt_depth_input input = {.z = z};
		uint32_t lanes = 0;
		uint8_t bit[UGVT_LANES];

		for (unsigned i = 0; i < UGVT_LANES; i++) {
			unsigned x = i / 4 * 2 + i % 2;
			unsigned y = row * 2 + i / 2 % 2;
			float value = (float)ugvt_plane_value(block->z,
				block->at.x + x + block->place_x, block->at.y + y + block->place_y);

			value = value > block->range->low ? value : block->range->low;
			z[i] = value < block->range->high ? value : block->range->high;
			input.at.x[i / 4] = (uint16_t)((block->at.x + x) & ~1u);
			input.at.y[i / 4] = (uint16_t)((block->at.y + y) & ~1u);
			bit[i] = (uint8_t)(8 * y + x);
			lanes |= (uint32_t)(mask >> bit[i] & 1) << i;
		}
		lanes = ugvt_depth_test(&f->depth, &input, lanes);
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			passed |= (uint64_t)(lanes >> i & 1) << bit[i];
		}
	}
	return passed;
}

static double plane_random(uint32_t *seed)
{
	static const double odd[] = {0, 1e40, -INFINITY, NAN, 0x1p-30, -0.0, -0x1p-160, 0.5};

	return next(seed) % 8 == 0 ? odd[next(seed) % UGVT_ARRAY_SIZE(odd)]
				   : ((double)next(seed) / (1 << 24) - 0.5) / 8;
}

static void blocks_check(struct fixture *f, uint32_t *seed)
{
	static uint8_t before[BYTES];
	static uint8_t after[BYTES];
	uint8_t *memory = space_host(&f->rig.space, f->memory);
	const struct ugvt_plane z = {
		plane_random(seed) * 16, plane_random(seed), plane_random(seed)};
	static const struct ugvt_depth_range ranges[] = {
		{0, 1}, {0, 0.75f}, {-0.0f, 1}, {-0.25f, 0.75f}, {-1, 0}, {-INFINITY, INFINITY}};
	const struct ugvt_depth_range range =
		ranges[next(seed) % (f->state.format == UGVT_DEPTH_D32_FLOAT ? 6 : 2)];
	const struct ugvt_depth_block block = {
		.at = {(uint16_t)(next(seed) % 8 * 8), (uint16_t)(next(seed) % 8 * 8), 0, 0},
		.place_x = next(seed) % 256 / 256.0,
		.place_y = next(seed) % 256 / 256.0,
		.z = &z,
		.range = &range,
	};
	uint64_t mask = ugvt_u64(next(seed) << 16 ^ next(seed), next(seed) << 16 ^ next(seed));
	uint64_t expected;

	memcpy(before, memory, BYTES);
	expected = rows_test(f, &block, mask);
	memcpy(after, memory, BYTES);
	memcpy(memory, before, BYTES);
	assert_true(ugvt_depth_block_test(&f->depth, &block, &mask));
	assert_true(mask == expected);
	assert_memory_equal(memory, after, BYTES);
}

static void test_blocks(void **state)
{
	struct fixture *f = *state;
	uint8_t *memory = space_host(&f->rig.space, f->memory);
	uint32_t seed = 5;

	for (unsigned i = 0; i < 1200; i++) {
		format_set(f, i % 2 ? UGVT_DEPTH_D32_FLOAT : UGVT_DEPTH_D24_UNORM_X8);
		for (unsigned k = 0; i % 4 < 2 && k < BYTES; k++) {
			memory[k] = (uint8_t)next(&seed);
		}
		state_random(f, &seed);
		rig_set_stencil_test(&f->rig, 0);
		begin(f);
		for (unsigned k = 0; ugvt_depth_is_on(&f->state) && k < 20; k++) {
			blocks_check(f, &seed);
		}
	}
}

/* Blocks that are not done at once are not touched. */
static void test_no_blocks(void **state)
{
	static const struct ugvt_depth_range range = {0, 1};
	static const struct ugvt_plane z = {0, 0, 0};
	struct fixture *f = *state;
	struct ugvt_depth_block block = {.z = &z, .range = &range};
	uint64_t mask = 5;

	format_set(f, UGVT_DEPTH_D32_FLOAT);
	rig_set_depth_width(&f->rig, SIDE - 2);
	rig_set_depth_test(&f->rig, 1);
	rig_set_depth_function(&f->rig, 1); // never
	begin(f);
	assert_true(ugvt_depth_block_test(&f->depth, &block, &mask));
	assert_int_equal(mask, 0);
	mask = 5;
	block.at.x = SIDE - 8;
	assert_false(ugvt_depth_block_test(&f->depth, &block, &mask));
	block.at.x = 0;
	block.at.y = SIDE;
	assert_false(ugvt_depth_block_test(&f->depth, &block, &mask));
	block.at.y = 0;
	rig_set_stencil_test(&f->rig, 1);
	begin(f);
	assert_false(ugvt_depth_block_test(&f->depth, &block, &mask));
	rig_set_stencil_test(&f->rig, 0);
	format_set(f, UGVT_DEPTH_D16_UNORM);
	begin(f);
	assert_false(ugvt_depth_block_test(&f->depth, &block, &mask));
	format_set(f, UGVT_DEPTH_D32_FLOAT);
	rig_set_depth_buffer(&f->rig, UINT64_C(0x7ffffffff000));
	begin(f);
	assert_false(ugvt_depth_block_test(&f->depth, &block, &mask));
	assert_int_equal(mask, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_d32),
		TEST(test_d24),
		TEST(test_d16),
		TEST(test_encode),
		TEST(test_floats),
		TEST(test_nowhere),
		TEST(test_blocks),
		TEST(test_no_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
