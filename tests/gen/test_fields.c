/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gen/commands.h"
#include "gen/fields.h"

static const struct ugvt_command *command_find(const char *name)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		if (strcmp(ugvt_commands[i].name, name) == 0) {
			return &ugvt_commands[i];
		}
	}
	return NULL;
}

static void field_is_sound(const struct ugvt_field *field)
{
	assert_non_null(field->name);
	assert_true(field->low <= field->high);
	assert_true(field->high - field->low < 64);
	assert_true(field->kind < UGVT_FIELD_GROUP);
	assert_int_equal(field->kind == UGVT_FIELD_ENUM, field->values != NULL);
	/* Two dwords hold it. */
	assert_true(field->high / 32 - field->low / 32 <= 1);
	if (field->kind == UGVT_FIELD_BOOL) {
		assert_int_equal(field->low, field->high);
	} else if (field->kind == UGVT_FIELD_FLOAT) {
		assert_int_equal(field->high - field->low, 31);
	}
}

static void group_is_sound(const struct ugvt_layout *layout, size_t at)
{
	const struct ugvt_field *group = &layout->fields[at];

	assert_true(group->more > 0 && at + group->more < layout->count);
	assert_true(group->high > 0);
	for (unsigned i = 1; i <= group->more; i++) {
		field_is_sound(&group[i]);
		assert_true(group[i].high < group->high);
	}
}

static void layout_is_sound(const struct ugvt_layout *layout)
{
	for (size_t i = 0; i < layout->count; i++) {
		if (layout->fields[i].kind == UGVT_FIELD_GROUP) {
			group_is_sound(layout, i);
			i += layout->fields[i].more;
		} else {
			field_is_sound(&layout->fields[i]);
		}
	}
}

static void test_rows(void **state)
{
	for (unsigned part = 0; ugvt_layout_part(part); part++) {
		const struct ugvt_layout *layout = ugvt_layout_part(part);

		for (; layout->name; layout++) {
			assert_ptr_equal(ugvt_layout_find(layout->name), layout);
			layout_is_sound(layout);
			if (layout[1].name) {
				assert_true(strcmp(layout->name, layout[1].name) < 0);
			}
		}
	}
	assert_null(ugvt_layout_find("MI_NONSENSE"));
}

/* What is kept of a state command is as long as its fields reach. */
static void test_lengths(void **state)
{
	unsigned compared = 0;

	for (unsigned part = 0; ugvt_layout_part(part); part++) {
		const struct ugvt_layout *layout = ugvt_layout_part(part);

		for (; layout->name; layout++) {
			const struct ugvt_command *command = command_find(layout->name);
			unsigned dwords = 1;

			for (size_t i = 0; i < layout->count; i++) {
				const struct ugvt_field *field = &layout->fields[i];

				if (field->kind == UGVT_FIELD_GROUP) {
					dwords = 0;
					break;
				}
				dwords = UGVT_MAX(dwords, field->high / 32 + 1u);
			}
			if (command && command->keep > 0 && command->key == UGVT_KEY_NONE &&
				dwords > 0) {
				assert_true(dwords <= command->keep);
				compared++;
			}
		}
	}
	assert_true(compared > 50);
}

/* What drivers were seen to emit: all of it has fields, but for commands that have none. */
static const char *const seen[] = {"PIPE_CONTROL", "MI_LOAD_REGISTER_IMM", "STATE_BASE_ADDRESS",
	"PIPELINE_SELECT", "MI_BATCH_BUFFER_START", "MI_LOAD_REGISTER_MEM", "MI_LOAD_REGISTER_REG",
	"MI_STORE_REGISTER_MEM", "MI_STORE_DATA_IMM", "MI_MATH", "MI_PREDICATE", "MI_COPY_MEM_MEM",
	"3DPRIMITIVE", "3DSTATE_VERTEX_BUFFERS", "3DSTATE_VERTEX_ELEMENTS", "3DSTATE_INDEX_BUFFER",
	"3DSTATE_VF", "3DSTATE_VF_TOPOLOGY", "3DSTATE_VF_INSTANCING", "3DSTATE_VF_SGVS",
	"3DSTATE_VF_STATISTICS", "3DSTATE_VS", "3DSTATE_HS", "3DSTATE_TE", "3DSTATE_DS",
	"3DSTATE_GS", "3DSTATE_CONSTANT_VS", "3DSTATE_CONSTANT_PS", "3DSTATE_URB_VS",
	"3DSTATE_URB_GS", "3DSTATE_PUSH_CONSTANT_ALLOC_VS", "3DSTATE_BINDING_TABLE_POINTERS_PS",
	"3DSTATE_SAMPLER_STATE_POINTERS_PS", "3DSTATE_STREAMOUT", "3DSTATE_SO_BUFFER",
	"3DSTATE_SO_DECL_LIST", "3DSTATE_CLIP", "3DSTATE_SF", "3DSTATE_RASTER", "3DSTATE_SBE",
	"3DSTATE_SBE_SWIZ", "3DSTATE_VIEWPORT_STATE_POINTERS_CC",
	"3DSTATE_VIEWPORT_STATE_POINTERS_SF_CLIP", "3DSTATE_SCISSOR_STATE_POINTERS",
	"3DSTATE_DRAWING_RECTANGLE", "3DSTATE_MULTISAMPLE", "3DSTATE_SAMPLE_MASK",
	"3DSTATE_SAMPLE_PATTERN", "3DSTATE_AA_LINE_PARAMETERS", "3DSTATE_LINE_STIPPLE",
	"3DSTATE_POLY_STIPPLE_OFFSET", "3DSTATE_POLY_STIPPLE_PATTERN", "3DSTATE_WM",
	"3DSTATE_WM_DEPTH_STENCIL", "3DSTATE_WM_HZ_OP", "3DSTATE_WM_CHROMAKEY", "3DSTATE_PS",
	"3DSTATE_PS_EXTRA", "3DSTATE_PS_BLEND", "3DSTATE_BLEND_STATE_POINTERS",
	"3DSTATE_CC_STATE_POINTERS", "3DSTATE_DEPTH_BUFFER", "3DSTATE_STENCIL_BUFFER",
	"3DSTATE_HIER_DEPTH_BUFFER", "3DSTATE_CLEAR_PARAMS", "MEDIA_VFE_STATE", "MEDIA_CURBE_LOAD",
	"MEDIA_INTERFACE_DESCRIPTOR_LOAD", "GPGPU_WALKER", "MEDIA_STATE_FLUSH", "STATE_SIP",
	"GPGPU_CSR_BASE_ADDRESS"};

static void test_seen(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(seen); i++) {
		const struct ugvt_layout *layout = ugvt_layout_find(seen[i]);

		assert_non_null(command_find(seen[i]));
		assert_non_null(layout);
		assert_true(layout->count > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
