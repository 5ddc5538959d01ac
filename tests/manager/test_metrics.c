/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "control/json.h"
#include "manager/manager.h"
#include "manager/metrics.h"

/* What a manager with one parent tells about vgpus. */
static char *write_text(const char *parent_name, const char *vgpus)
{
	struct ugvt_config config;
	struct ugvt_manager manager = {.config = &config};
	struct ugvt_parent parent;
	struct json_object *array = ugvt_json_parse(vgpus, strlen(vgpus));
	char *text;

	assert_non_null(array);
	assert_true(ugvt_config_init(&config));
	strcpy(config.parents[0].name, parent_name);
	ugvt_parent_init(&parent, &config.parents[0]);
	manager.parents = &parent;
	ugvt_list_init(&manager.instances);
	text = ugvt_metrics_write(&manager, array);
	assert_non_null(text);
	json_object_put(array);
	ugvt_config_finish(&config);
	return text;
}

static void assert_line(const char *text, const char *line)
{
	const char *at = strstr(text, line);

	if (!at || (at > text && at[-1] != '\n') || at[strlen(line)] != '\n') {
		fail_msg("there is no line %s in\n%s", line, text);
	}
}

static void figures_have_lines(void **state)
{
	char *text = write_text("a",
		"[{\"uuid\":\"u1\",\"parent\":\"a\",\"type\":\"t\",\"state\":\"running\",\"weight\":4,"
		"\"cap\":25,\"share\":0.25,\"process\":{\"pid\":7,\"rss_anon\":4096,\"rss_shmem\":8192,"
		"\"cpu_ns\":1500000000},\"stats\":{\"reg_reads\":18446744073709551615,\"frames\":3,"
		"\"connection\":{\"connected\":1,\"reads\":5},\"rcs0\":{\"busy_ns\":12000000034,"
		"\"batches\":9,\"waited_ns\":1},\"bcs0\":{\"busy_ns\":0}}},"
		"{\"uuid\":\"u2\",\"parent\":\"a\",\"type\":\"t\",\"state\":\"failed\",\"weight\":4}]");

	assert_line(text, "# TYPE ugvt_vgpu_weight gauge");
	assert_line(text, "ugvt_vgpu_weight{uuid=\"u1\"} 4");
	assert_line(text, "ugvt_vgpu_weight{uuid=\"u2\"} 4");
	assert_line(text, "ugvt_vgpu_cap_ratio{uuid=\"u1\"} 0.25");
	assert_line(text, "ugvt_vgpu_share_ratio{uuid=\"u1\"} 0.250000");
	assert_line(text, "ugvt_vgpu_resident_bytes{uuid=\"u1\",kind=\"anonymous\"} 4096");
	assert_line(text, "ugvt_vgpu_resident_bytes{uuid=\"u1\",kind=\"shared\"} 8192");
	assert_line(text, "ugvt_vgpu_cpu_seconds_total{uuid=\"u1\"} 1.500000000");
	assert_line(text, "# TYPE ugvt_vgpu_register_reads_total counter");
	assert_line(text, "ugvt_vgpu_register_reads_total{uuid=\"u1\"} 18446744073709551615");
	assert_line(text, "ugvt_vgpu_connected{uuid=\"u1\"} 1");
	assert_line(text, "# TYPE ugvt_vgpu_engine_busy_seconds_total counter");
	assert_line(text,
		"ugvt_vgpu_engine_busy_seconds_total{uuid=\"u1\",engine=\"rcs0\"} 12.000000034");
	assert_line(text,
		"ugvt_vgpu_engine_busy_seconds_total{uuid=\"u1\",engine=\"bcs0\"} 0.000000000");
	assert_line(text,
		"ugvt_vgpu_engine_waited_seconds_total{uuid=\"u1\",engine=\"rcs0\"} 0.000000001");
	assert_line(text, "ugvt_vgpu_info{uuid=\"u2\",parent=\"a\",type=\"t\",state=\"failed\"} 1");
	assert_null(strstr(text, "ugvt_vgpu_frames_total{uuid=\"u2\"}"));
	assert_line(text, "ugvt_type_available{parent=\"a\",type=\"i915-GVTg_V5_4\"} 5");
	free(text);
}

static void names_come_once(void **state)
{
	char *text = write_text("a", "[]");
	char *save = NULL;
	unsigned n = 0;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *copy, *name, *again;

		if (strncmp(line, "# TYPE ", 7) != 0) {
			continue;
		}
		name = line + 7;
		copy = strdup(name);
		*strchr(copy, ' ') = '\0';
		again = save ? strstr(save, copy) : NULL;
		/* Only its own samples, never a second head, may follow. */
		while (again) {
			assert_true(strncmp(again - 7, "# TYPE ", 7) != 0 ||
				    again[strlen(copy)] != ' ');
			again = strstr(again + 1, copy);
		}
		free(copy);
		n++;
	}
	assert_in_range(n, 30, 100);
	free(text);
}

static void labels_are_escaped(void **state)
{
	char *text = write_text("q\"b\\n\n", "[]");

	assert_line(text, "ugvt_parent_vgpus{parent=\"q\\\"b\\\\n\\n\"} 0");
	free(text);
}

/* A worker that tells objects where numbers belong, or numbers where objects do. */
static void nonsense_is_harmless(void **state)
{
	char *text = write_text("a",
		"[{\"uuid\":\"u\",\"stats\":{\"reg_reads\":{\"a\":1},\"connection\":3,\"rcs0\":4}}, 7, {}]");

	assert_line(text, "ugvt_vgpu_register_reads_total{uuid=\"u\"} 0");
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_have_lines),
		cmocka_unit_test(names_come_once),
		cmocka_unit_test(labels_are_escaped),
		cmocka_unit_test(nonsense_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
