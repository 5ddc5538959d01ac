/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/clock.h"
#include "cli/sample.h"
#include "cli/view.h"
#include "control/json.h"

#define ONE "11111111-0000-4000-8000-000000000001"
#define TWO "22222222-0000-4000-8000-000000000002"
#define THREE "33333333-0000-4000-8000-000000000003"

static struct ugvt_sample sample_of(const char *text, uint64_t time_ns)
{
	struct json_object *array = ugvt_json_parse(text, strlen(text));
	struct ugvt_sample sample;

	assert_non_null(array);
	assert_true(ugvt_sample_read(&sample, array));
	sample.time_ns = time_ns;
	json_object_put(array);
	return sample;
}

/* Two vGPUs on a parent, and a failed one on another, at 10 s and at 12 s. */
static void samples_make(struct ugvt_sample *before, struct ugvt_sample *after)
{
	*before =
		sample_of("[{\"uuid\":\"" ONE "\",\"parent\":\"a\",\"state\":\"running\",\"stats\":"
			  "{\"reg_reads\":100,\"rcs0\":{\"busy_ns\":0,\"batches\":7}}},"
			  "{\"uuid\":\"" TWO "\",\"parent\":\"a\",\"state\":\"running\",\"stats\":"
			  "{\"frames\":500,\"rcs0\":{\"busy_ns\":1000000000}}}]",
			10 * UGVT_NS_PER_S);
	*after = sample_of(
		"[{\"uuid\":\"" THREE
		"\",\"parent\":\"b\",\"state\":\"failed\",\"reason\":\"lost\"},"
		"{\"uuid\":\"" ONE
		"\",\"parent\":\"a\",\"type\":\"i915-GVTg_V5_4\",\"state\":\"running\",\"weight\":4,"
		"\"cap\":50,\"share\":0.25,\"process\":{\"rss_anon\":2097152},\"stats\":{\"reg_reads\":300,"
		"\"reg_writes\":2,\"ggtt_writes\":1,\"aperture_accesses\":1,\"connection\":{\"memory_faults\":5},"
		"\"rcs0\":{\"busy_ns\":500000000,\"waited_ns\":100000000,\"batches\":27,\"resets\":1}}},"
		"{\"uuid\":\"" TWO "\",\"parent\":\"a\",\"state\":\"running\",\"stats\":"
		"{\"frames\":400,\"rcs0\":{\"busy_ns\":2500000000}}}]",
		12 * UGVT_NS_PER_S);
	ugvt_sample_rate(after, before);
	ugvt_sample_sort(after);
}

static void differences_are_rates(void **state)
{
	struct ugvt_sample before, after;
	const struct ugvt_sample_vgpu *one, *two;

	samples_make(&before, &after);
	assert_int_equal(after.n, 3);
	/* The busiest first, by parent. */
	two = &after.vgpus[0];
	one = &after.vgpus[1];
	assert_string_equal(two->uuid.text, TWO);
	assert_string_equal(one->uuid.text, ONE);
	assert_string_equal(after.vgpus[2].uuid.text, THREE);
	assert_float_equal(two->rates.busy[UGVT_SAMPLE_RCS], 0.75, 1e-9);
	/* Counted anew. */
	assert_float_equal(two->rates.frames, 0, 1e-9);
	assert_float_equal(one->rates.busy[UGVT_SAMPLE_RCS], 0.25, 1e-9);
	assert_float_equal(one->rates.waited[UGVT_SAMPLE_RCS], 0.05, 1e-9);
	assert_float_equal(one->rates.batches[UGVT_SAMPLE_RCS], 10, 1e-9);
	assert_float_equal(one->rates.exits, 102, 1e-9);
	assert_int_equal(one->memory_faults, 5);
	assert_false(after.vgpus[2].answered);
	ugvt_sample_finish(&before);
	ugvt_sample_finish(&after);
}

static void nonsense_is_no_sample(void **state)
{
	struct json_object *object = json_object_new_object();
	struct ugvt_sample sample;

	assert_false(ugvt_sample_read(&sample, object));
	assert_false(ugvt_sample_read(&sample, NULL));
	json_object_put(object);
	sample = sample_of(
		"[1,{\"uuid\":3,\"share\":\"x\",\"stats\":{\"rcs0\":1,\"frames\":-1}}]", 1);
	assert_int_equal(sample.n, 2);
	assert_int_equal(sample.vgpus[1].frames, 0);
	ugvt_sample_finish(&sample);
}

static char *draw(const struct ugvt_view *view, const struct ugvt_sample *sample)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	ugvt_view_write(out, view, sample);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void tables_tell(void **state)
{
	struct ugvt_view view = {.width = 1000};
	struct ugvt_sample before, after;
	char *text;

	samples_make(&before, &after);
	text = draw(&view, &after);
	assert_non_null(strstr(text, "  " ONE));
	assert_non_null(strstr(text, "V5_4      4   25%  50% ###.......  25%"));
	assert_non_null(strstr(text, "  " THREE " failed: lost\n"));
	assert_non_null(strstr(text, "2 vGPUs"));
	assert_non_null(strstr(text, "########## 100%"));
	free(text);
	ugvt_sample_finish(&before);
	ugvt_sample_finish(&after);
}

/* Whatever the width, no line is wider, all columns stand below their titles, and the load of RCS is there. */
static void tables_fit(void **state)
{
	struct ugvt_sample before, after;

	samples_make(&before, &after);
	for (unsigned width = 18; width < 220; width++) {
		struct ugvt_view view = {.width = width};
		char *text = draw(&view, &after), *save = NULL;
		size_t full = strcspn(text, "\n");

		assert_in_range(full, 17, width);
		assert_non_null(strstr(text, "25%"));
		for (char *line = strtok_r(text, "\n", &save); line;
			line = strtok_r(NULL, "\n", &save)) {
			assert_in_range(strlen(line), 1, width);
			if (!strstr(line, "33333333")) {
				assert_int_equal(strlen(line), full);
			}
		}
		free(text);
	}
	for (unsigned height = 3; height < 10; height++) {
		struct ugvt_view view = {.width = 80, .height = height};
		char *text = draw(&view, &after);
		unsigned lines = 0;

		for (const char *c = text; *c; c++) {
			lines += *c == '\n';
		}
		assert_in_range(lines, 2, height);
		assert_int_equal(strstr(text, "33333333") == NULL, strstr(text, "more") != NULL);
		free(text);
	}
	ugvt_sample_finish(&before);
	ugvt_sample_finish(&after);
}

static void bars_are_filled(void **state)
{
	static const struct bar {
		bool blocks;
		double part;
		const char *text;
	} bars[] = {
		{false, 0, "...."},
		{false, 0.5, "##.."},
		{false, 0.01, "#..."},
		{false, 1, "####"},
		{false, 7, "####"},
		{false, -1, "...."},
		{true, 0, "    "},
		{true, 0.5, "██  "},
		{true, 0.53125, "██▏ "},
		{true, 0.001, "▏   "},
		{true, 2, "████"},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(bars); i++) {
		struct ugvt_view view = {.blocks = bars[i].blocks};
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		assert_non_null(out);
		ugvt_view_write_bar(out, &view, 4, bars[i].part);
		assert_int_equal(fclose(out), 0);
		assert_string_equal(text, bars[i].text);
		free(text);
	}
}

static void numbers_are_short(void **state)
{
	char text[16];

	assert_string_equal(ugvt_view_number(text, 0), "0");
	assert_string_equal(ugvt_view_number(text, 999.4), "999");
	assert_string_equal(ugvt_view_number(text, 999.6), "1.0k");
	assert_string_equal(ugvt_view_number(text, 45120), "45.1k");
	assert_string_equal(ugvt_view_number(text, 99960), "100k");
	assert_string_equal(ugvt_view_number(text, 999999), "1.0M");
	assert_string_equal(ugvt_view_number(text, 1.8e19), "18.0E");
	assert_string_equal(ugvt_view_bytes(text, 1536), "1.5k");
	assert_string_equal(ugvt_view_bytes(text, 3.0 * (1 << 30)), "3.0G");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences_are_rates),
		cmocka_unit_test(nonsense_is_no_sample),
		cmocka_unit_test(tables_tell),
		cmocka_unit_test(tables_fit),
		cmocka_unit_test(bars_are_filled),
		cmocka_unit_test(numbers_are_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
