/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gpu/render/state.h"

/* The state that drawing reads, against commands as the command streamer keeps them. */

static const struct ugvt_command *row_find(uint32_t header)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if ((header & row->mask) == row->header && (row->engines & (1 << UGVT_RCS)) &&
			row->keep > 0) {
			return row;
		}
	}
	return NULL;
}

static void set(struct ugvt_kept *kept, const uint32_t *dw, unsigned n)
{
	assert_true(ugvt_kept_set(kept, row_find(dw[0]), dw, n));
}

#define SET(kept, ...)                             \
	set(kept, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static int setup(void **state)
{
	static struct ugvt_kept kept;

	*state = &kept;
	return ugvt_kept_init(&kept, UGVT_RCS) ? 0 : -1;
}

static int teardown(void **state)
{
	ugvt_kept_finish(*state);
	return 0;
}

static void test_names(void **state)
{
	static const struct {
		uint32_t header;
		const char *name;
	} commands[] = {
#define NAME(name, header) {header, #name},
		UGVT_STATES(NAME)
#undef NAME
	};

	for (unsigned i = 0; i < UGVT_STATE_COUNT; i++) {
		const struct ugvt_command *row = row_find(commands[i].header << 16);

		assert_non_null(row);
		if (strcmp(commands[i].name, "PIPELINE_SELECT") == 0 ||
			strncmp(commands[i].name, "MEDIA_", 6) == 0) {
			assert_string_equal(row->name, commands[i].name);
		} else {
			assert_non_null(strstr(row->name, "STATE_"));
			assert_string_equal(strstr(row->name, "STATE_") + 6, commands[i].name);
		}
	}
}

/* No field lies behind the command's longest form. */
static void test_fields_fit(void **state)
{
	static const struct {
		enum ugvt_state_id id;
		unsigned last;
	} fields[] = {
#define FIELD(name, command, dword, hi, lo) {UGVT_STATE_##command, dword},
#define ADDRESS(name, command, dword, hi, lo) {UGVT_STATE_##command, dword + 1},
#define OFFSET(name, command, dword, hi, lo, base) {UGVT_STATE_##command, dword + hi / 32},
		UGVT_STATE_FIELDS(FIELD) UGVT_STATE_ADDRESSES(ADDRESS) UGVT_STATE_OFFSETS(OFFSET)};
	static const uint32_t headers[] = {
#define HEADER(name, header) header,
		UGVT_STATES(HEADER)};

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(fields); i++) {
		assert_in_range(fields[i].last, 0, row_find(headers[fields[i].id] << 16)->keep - 1);
	}
}

static void test_nothing_is_zero(void **state)
{
	struct ugvt_state s;
	uint32_t rate;

	ugvt_state_init(&s, *state);
	assert_int_equal(ugvt_state_vs_enable(&s), 0);
	assert_int_equal(ugvt_state_vs_kernel(&s), 0);
	assert_int_equal(ugvt_state_dwords(&s, UGVT_STATE_VS), 0);
	assert_null(ugvt_state_vertex_buffer(&s, 0));
	assert_false(ugvt_state_instancing(&s, 0, &rate));
}

static void test_fields(void **state)
{
	struct ugvt_kept *kept = *state;
	struct ugvt_state s;

	ugvt_state_init(&s, kept);
	SET(kept, 0x780c0100, 0xffff);
	assert_int_equal(ugvt_state_cut_indexed(&s), 1);
	assert_int_equal(ugvt_state_cut_index(&s), 0xffff);
	SET(kept, 0x780c0000, 5);
	assert_int_equal(ugvt_state_cut_indexed(&s), 0);
	assert_int_equal(ugvt_state_cut_index(&s), 5);
	/* A command that was too short has zeros behind its end, whatever was there before. */
	SET(kept, 0x780c0000);
	assert_int_equal(ugvt_state_cut_index(&s), 0);
	SET(kept, 0x78120002, 0x400, 0x94000202, 0x7ff0003f);
	assert_int_equal(ugvt_state_clip_enable(&s), 1);
	assert_int_equal(ugvt_state_clip_divide_disable(&s), 1);
	assert_int_equal(ugvt_state_clip_provoking_fan(&s), 2);
	assert_int_equal(ugvt_state_clip_viewport_max(&s), 15);
	assert_int_equal(ugvt_state_clip_zero_layer(&s), 1);
}

static void test_addresses(void **state)
{
	struct ugvt_kept *kept = *state;
	struct ugvt_state s;

	ugvt_state_init(&s, kept);
	SET(kept, 0x61010011, 1, 0, 0, 1, 1, 1, 2, 0xffff8001, 0, 0x10001, 0x7, 0, 0, 0, 0, 0, 0,
		0);
	assert_int_equal(ugvt_state_surface_base(&s), UINT64_C(0x100000000));
	assert_int_equal(ugvt_state_dynamic_base(&s), UINT64_C(0x200000000));
	SET(kept, 0x61010011, 0, 0, 0, 0, 0, 1, 0xffff8002, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	assert_int_equal(ugvt_state_dynamic_base(&s), UINT64_C(0x800200000000));
	assert_int_equal(ugvt_state_surface_base(&s), UINT64_C(0x100000000));
	SET(kept, 0x78100007, 0x1c0, 0, 0, 0, 0, 0, 0, 0);
	assert_int_equal(ugvt_state_vs_kernel(&s), UINT64_C(0x7000101c0));
	SET(kept, 0x78260000, 0xffff);
	assert_int_equal(ugvt_state_vs_binding_table(&s), UINT64_C(0x10000ffe0));
	SET(kept, 0x782b0000, 0xffffffff);
	assert_int_equal(ugvt_state_vs_sampler_table(&s), UINT64_C(0x8002ffffffe0));
}

static void test_vertex_buffers(void **state)
{
	struct ugvt_kept *kept = *state;
	struct ugvt_state s;
	uint32_t rate;

	ugvt_state_init(&s, kept);
	SET(kept, 0x78080007, 0x04004010, 0x1000, 0x2, 64, 0x84004000, 0x3000, 0, 16);
	assert_null(ugvt_state_vertex_buffer(&s, 0));
	assert_int_equal(ugvt_state_vertex_buffer(&s, 1)[1], 0x1000);
	assert_int_equal(ugvt_state_vertex_buffer(&s, 33)[3], 16);
	/* Without "Address Modify Enable" address and size stay. */
	SET(kept, 0x78080003, 0x04000020, 7, 7, 7);
	assert_int_equal(ugvt_state_vertex_buffer(&s, 1)[0], 0x04004020);
	assert_int_equal(ugvt_state_vertex_buffer(&s, 1)[1], 0x1000);
	assert_int_equal(ugvt_state_vertex_buffer(&s, 1)[3], 64);
	SET(kept, 0x78490001, 0x103, 12);
	assert_true(ugvt_state_instancing(&s, 3, &rate));
	assert_int_equal(rate, 12);
	assert_false(ugvt_state_instancing(&s, 2, &rate));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fields_fit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_is_zero, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fields, setup, teardown),
		cmocka_unit_test_setup_teardown(test_addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vertex_buffers, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
