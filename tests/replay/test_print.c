/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "replay/draw.h"
#include "replay/picture.h"
#include "replay/print.h"

/* Commands in a small memory, printed, and what surfaces in it look like. */

#define BASE UINT64_C(0x10000)
#define SIZE 0x4000
#define SURFACE 0x1000 // bytes from BASE: a RENDER_SURFACE_STATE
#define TEXELS 0x2000
#define KERNEL 0x3000

struct fixture {
	uint32_t dw[SIZE / 4];
	struct ugvt_guest_memory *memory;
	struct ugvt_ggtt ggtt;
	struct ugvt_aspace as;
	struct ugvt_kept kept;
	struct ugvt_printer printer;
	char *text;
	size_t size;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct ugvt_guest_range range = {BASE, SIZE, f->dw, UGVT_PROT_READ | UGVT_PROT_WRITE};

	f->memory = ugvt_guest_memory_create();
	assert_int_equal(ugvt_guest_memory_map(f->memory, &range), 0);
	assert_true(ugvt_ggtt_init(&f->ggtt));
	assert_true(ugvt_kept_init(&f->kept, UGVT_RCS));
	ugvt_aspace_init(&f->as, f->memory, &f->ggtt);
	ugvt_aspace_set(&f->as, UGVT_ASPACE_FLAT, NULL);
	ugvt_guest_memory_begin(f->memory);
	ugvt_aspace_window(&f->as);
	ugvt_printer_init(&f->printer, open_memstream(&f->text, &f->size), true);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	fclose(f->printer.out);
	free(f->text);
	ugvt_printer_finish(&f->printer);
	ugvt_guest_memory_end(f->memory);
	ugvt_kept_finish(&f->kept);
	ugvt_ggtt_finish(&f->ggtt);
	ugvt_guest_memory_destroy(f->memory);
	free(f);
	return 0;
}

static const struct ugvt_command *row_find(const char *name)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		if (strcmp(ugvt_commands[i].name, name) == 0) {
			return &ugvt_commands[i];
		}
	}
	return NULL;
}

/* Prints the command, and if it is of state keeps it. */
static void command_do(struct fixture *f, const char *name, const uint32_t *dw, unsigned n)
{
	uint32_t padded[64] = {0};
	struct ugvt_cs_command command = {
		.row = row_find(name),
		.dw = padded,
		.dwords = n,
		.level = 1,
		.addr = BASE,
		.kept = &f->kept,
		.as = &f->as,
	};

	assert_non_null(command.row);
	assert_true(n <= UGVT_ARRAY_SIZE(padded));
	memcpy(padded, dw, n * sizeof(*dw));
	padded[0] |= command.row->header;
	ugvt_print_command(&f->printer, &command);
	fflush(f->printer.out);
	if (command.row->keep > 0) {
		ugvt_kept_set(&f->kept, command.row, padded, n);
	}
}

static void has(const struct fixture *f, const char *text)
{
	if (!strstr(f->text, text)) {
		fail_msg("no \"%s\" in:\n%s", text, f->text);
	}
}

static void has_not(const struct fixture *f, const char *text)
{
	if (strstr(f->text, text)) {
		fail_msg("\"%s\" in:\n%s", text, f->text);
	}
}

static void test_fields(void **state)
{
	struct fixture *f = *state;

	command_do(f, "MI_LOAD_REGISTER_IMM", (uint32_t[]){3, 0x2580, 0x10001, 0x12344, 7}, 5);
	has(f, "0x10000: MI_LOAD_REGISTER_IMM, 5 dwords\n");
	has(f, "[0] Register Offset: 0x2580 (CS_CHICKEN1)\n");
	has(f, "[0] Data DWord: 0x10001\n");
	has(f, "[1] Register Offset: 0x12344\n");
	command_do(f, "MI_STORE_DATA_IMM", (uint32_t[]){2, 0x1000, 0x7f, 0xabcdef}, 4);
	has(f, "Address: 0x7f00001000\n");
	has(f, "Immediate Data: 0xabcdef\n");
	command_do(f, "3DSTATE_SF", (uint32_t[]){2, 0x80002, 8, 12}, 4);
	has(f, "Viewport Transform Enable: true\n");
	has(f, "Line Width: 1\n");
	has(f, "Point Width: 1.5\n");
	command_do(f, "3DSTATE_VF_TOPOLOGY", (uint32_t[]){0, 5}, 2);
	has(f, "Primitive Topology Type: 5 (TRISTRIP)\n");
	command_do(f, "3DSTATE_VERTEX_ELEMENTS", (uint32_t[]){1, 0x06400004, 0x11130000}, 3);
	has(f, "[0] Source Element Format: 64 (R32G32B32_FLOAT)\n");
	has(f, "[0] Component 1 Control: 1 (STORE_SRC)\n");
}

/* A command that is cut short has the fields that are there; one that nothing is known of, its dwords. */
static void test_odd_commands(void **state)
{
	struct fixture *f = *state;

	command_do(f, "3DSTATE_SF", (uint32_t[]){0, 2}, 2);
	has(f, "Viewport Transform Enable: true\n");
	has_not(f, "Point Width");
	command_do(f, "GPGPU_OBJECT", (uint32_t[]){1, 2, 3}, 3);
	has(f, "dword 2: 0x00000003\n");
}

static void bases_set(struct fixture *f)
{
	uint32_t dw[19] = {17};

	dw[4] = dw[6] = dw[10] = BASE | 1; // surfaces, dynamic, instructions
	command_do(f, "STATE_BASE_ADDRESS", dw, 19);
}

static void test_pointed(void **state)
{
	struct fixture *f = *state;
	float depths[] = {0.25f, 0.75f};

	bases_set(f);
	memcpy(f->dw + 0x100 / 4, depths, sizeof(depths));
	command_do(f, "3DSTATE_VIEWPORT_STATE_POINTERS_CC", (uint32_t[]){0, 0x100}, 2);
	has(f, "0x10100: CC_VIEWPORT\n");
	has(f, "Maximum Depth: 0.75\n");
	f->dw[0x204 / 4] = 0x80000000;
	command_do(f, "3DSTATE_BLEND_STATE_POINTERS", (uint32_t[]){0, 0x201}, 2);
	has(f, "0x10204: BLEND_STATE_ENTRY\n");
	has(f, "Color Buffer Blend Enable: true\n");
	command_do(f, "3DSTATE_CC_STATE_POINTERS", (uint32_t[]){0, 0x80000001}, 2);
	has(f, "0x80010000: COLOR_CALC_STATE, which is not there\n");
}

/* A 4x2 surface of that format in linear memory. */
static void surface_make(struct fixture *f, const char *format, uint32_t pitch)
{
	uint32_t *dw = f->dw + SURFACE / 4;
	const struct ugvt_format *row = ugvt_format_find(format);

	assert_non_null(row);
	memset(dw, 0, 64);
	dw[0] = 1u << 29 | (uint32_t)row->number << 18 | 1 << 16 | 1 << 14;
	dw[2] = 1 << 16 | 3;
	dw[3] = pitch - 1;
	dw[8] = BASE + TEXELS;
}

static void test_draw(void **state)
{
	struct fixture *f = *state;

	bases_set(f);
	surface_make(f, "R8G8B8A8_UNORM", 16);
	f->dw[0x40 / 4] = SURFACE; // the binding table
	memcpy(f->dw + KERNEL / 4, (uint32_t[]){0, 0, 0, 0}, 16);
	command_do(f, "3DSTATE_BINDING_TABLE_POINTERS_PS", (uint32_t[]){0, 0x40}, 2);
	command_do(f, "3DSTATE_PS_EXTRA", (uint32_t[]){0, 0x80000000}, 2);
	command_do(
		f, "3DSTATE_PS", (uint32_t[]){10, KERNEL, 0, 1 << 18, 0, 0, 1, 0, 0, 0, 0, 0}, 12);
	command_do(f, "3DPRIMITIVE", (uint32_t[]){5, 0, 3, 0, 1, 0, 0}, 7);
	has(f, "Vertex Count Per Instance: 3\n");
	has(f, "binding table of PS, 1 entries\n");
	has(f, "0x11000: RENDER_SURFACE_STATE\n");
	has(f, "Surface Format: 199 (R8G8B8A8_UNORM)\n");
	has(f, "0x13000: kernel of PS");
	/* The same once more is not worth telling. */
	f->size = 0;
	rewind(f->printer.out);
	command_do(f, "3DPRIMITIVE", (uint32_t[]){5, 0, 6, 0, 1, 0, 0}, 7);
	f->text[f->size] = '\0';
	has(f, "Vertex Count Per Instance: 6\n");
	has(f, "as before\n");
	has_not(f, "RENDER_SURFACE_STATE");
}

static void picture_is(struct fixture *f, const uint32_t expected[2][4])
{
	struct ugvt_picture picture;

	assert_true(ugvt_target_picture(f->dw + SURFACE / 4, &f->as, &picture));
	assert_int_equal(picture.width, 4);
	assert_int_equal(picture.height, 2);
	for (unsigned y = 0; y < 2; y++) {
		for (unsigned x = 0; x < 4; x++) {
			assert_int_equal(
				picture.pixels[y * picture.stride / 4 + x], expected[y][x]);
		}
	}
	ugvt_picture_finish(&picture);
}

static void test_pictures(void **state)
{
	static const uint32_t colors[2][4] = {
		{0x102030, 0xff0000, 0x00ff00, 0x0000ff}, {0, 0xffffff, 0x010203, 0x807060}};
	struct fixture *f = *state;
	uint32_t *texels = f->dw + TEXELS / 4;

	for (unsigned i = 0; i < 8; i++) {
		uint32_t c = colors[i / 4][i % 4];

		texels[i] = 0x55000000 | (c & 0xff) << 16 | (c & 0xff00) | c >> 16;
	}
	/* What is stored counts, also as sRGB; and integers from 0 to 255 do. */
	surface_make(f, "R8G8B8A8_UNORM", 16);
	picture_is(f, colors);
	surface_make(f, "R8G8B8A8_UNORM_SRGB", 16);
	picture_is(f, colors);
	surface_make(f, "R8G8B8A8_UINT", 16);
	picture_is(f, colors);
	for (unsigned i = 0; i < 8; i++) {
		texels[i] = 0x55000000 | colors[i / 4][i % 4];
	}
	surface_make(f, "B8G8R8A8_UNORM", 16);
	picture_is(f, colors);
}

static void test_float_pictures(void **state)
{
	static const uint32_t colors[2][4] = {{0xff8000, 0, 0, 0}, {0, 0, 0, 0xff}};
	struct fixture *f = *state;
	float *texels = (float *)(f->dw + TEXELS / 4);

	texels[0] = 7;
	texels[1] = 0.5f;
	texels[2] = -1;
	texels[7 * 4 + 2] = 1;
	texels[7 * 4] = -__builtin_nanf("");
	surface_make(f, "R32G32B32A32_FLOAT", 64);
	picture_is(f, colors);
}

static void test_no_picture(void **state)
{
	struct fixture *f = *state;
	struct ugvt_picture picture;
	uint32_t dw[16] = {0};

	dw[0] = 7u << 29; // SURFTYPE_NULL
	assert_false(ugvt_target_picture(dw, &f->as, &picture));
	dw[0] = 4u << 29 | 199 << 18; // SURFTYPE_BUFFER
	assert_false(ugvt_target_picture(dw, &f->as, &picture));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fields, setup, teardown),
		cmocka_unit_test_setup_teardown(test_odd_commands, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pointed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_draw, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pictures, setup, teardown),
		cmocka_unit_test_setup_teardown(test_float_pictures, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_picture, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
