/* SPDX-License-Identifier: MIT */
#include "manager/metrics.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/clock.h"
#include "control/json.h"
#include "gen/engine.h"
#include "manager/manager.h"

/* Every figure of a vGPU is a row: where it is found, and what it is called. A metric with a label has several rows, which
 * follow each other. */

enum place {
	VGPU,       // the vGPU's own
	PROCESS,    // the system's of its worker
	STATS,      // the worker's
	CONNECTION, // the worker's of the virtual machine
	ENGINE,     // the worker's of each engine
};

static const struct metric {
	const char *name; // without "ugvt_vgpu_"; a counter ends in "_total"
	const char *help;
	enum place place;
	const char *key;
	uint64_t per_unit; // how many of what is given make one of what is told; 0: 1
	const char *label; // more of it, may be NULL
} metrics[] = {
	{"weight", "GPU time that it is due, relative to other vGPUs.", VGPU, "weight"},
	{"cap_ratio", "Part of its parent's time that it may have at most; 0: no limit.", VGPU,
		"cap", 100},
	{"share_ratio", "Part of its parent's time that it is due when all are busy.", VGPU,
		"share"},
	{"cpu_seconds_total", "CPU time that its worker has used.", PROCESS, "cpu_ns",
		UGVT_NS_PER_S},
	{"threads", "Threads of its worker.", PROCESS, "threads"},
	{"resident_bytes", "Memory of its worker; that of its guest is shared.", PROCESS,
		"rss_anon", .label = "kind=\"anonymous\""},
	{"resident_bytes", NULL, PROCESS, "rss_file", .label = "kind=\"file\""},
	{"resident_bytes", NULL, PROCESS, "rss_shmem", .label = "kind=\"shared\""},
	{"register_reads_total", "Reads of registers.", STATS, "reg_reads"},
	{"register_writes_total", "Writes of registers.", STATS, "reg_writes"},
	{"ggtt_writes_total", "Writes of GGTT entries.", STATS, "ggtt_writes"},
	{"aperture_accesses_total", "Accesses through the aperture.", STATS, "aperture_accesses"},
	{"interrupts_total", "Interrupts sent to the guest.", STATS, "interrupts"},
	{"frames_total", "Frames that the monitor has shown.", STATS, "frames"},
	{"connected", "1 while a virtual machine is connected.", CONNECTION, "connected"},
	{"connections_total", "Virtual machines that have connected.", CONNECTION, "connections"},
	{"messages_total", "vfio-user messages.", CONNECTION, "messages"},
	{"region_reads_total", "Reads of the device's regions.", CONNECTION, "reads"},
	{"region_writes_total", "Writes of the device's regions.", CONNECTION, "writes"},
	{"protocol_errors_total", "vfio-user messages that were refused.", CONNECTION, "errors"},
	{"memory_faults_total", "Accesses to guest memory that was not there.", CONNECTION,
		"memory_faults"},
	{"engine_busy_seconds_total", "Time that the engine has worked.", ENGINE, "busy_ns",
		UGVT_NS_PER_S},
	{"engine_waited_seconds_total", "Time that work has waited for its turn.", ENGINE,
		"waited_ns", UGVT_NS_PER_S},
	{"engine_batches_total", "Batches executed.", ENGINE, "batches"},
	{"engine_commands_total", "Commands executed.", ENGINE, "commands"},
	{"engine_contexts_total", "Contexts submitted.", ENGINE, "contexts"},
	{"engine_preemptions_total", "Times that work had to make way.", ENGINE, "preemptions"},
	{"engine_resets_total", "Resets by the guest.", ENGINE, "resets"},
	{"engine_hangs_total",
		"Hangs: commands that hardware does not take, and batches without end.", ENGINE,
		"hangs"},
	{"engine_faults_total", "Faults of the guest's work.", ENGINE, "faults"},
	{"engine_not_executed_total", "Commands that nothing executes.", ENGINE, "not_executed"},
};

static bool is_counter(const char *name)
{
	size_t length = strlen(name), end = strlen("_total");

	return length > end && strcmp(name + length - end, "_total") == 0;
}

/* A label's value, escaped. */
static void value_print(FILE *out, const char *text)
{
	for (; text && *text; text++) {
		switch (*text) {
		case '\\': fputs("\\\\", out); break;
		case '"': fputs("\\\"", out); break;
		case '\n': fputs("\\n", out); break;
		default: fputc(*text, out);
		}
	}
}

static void head_print(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP ugvt_%s %s\n# TYPE ugvt_%s %s\n", name, help, name,
		is_counter(name) ? "counter" : "gauge");
}

static void number_print(FILE *out, const struct metric *metric, struct json_object *value)
{
	uint64_t number = json_object_get_uint64(value);

	if (json_object_is_type(value, json_type_double)) {
		fprintf(out, "%.6f", json_object_get_double(value));
	} else if (metric->per_unit == UGVT_NS_PER_S) {
		fprintf(out, "%" PRIu64 ".%09" PRIu64, number / UGVT_NS_PER_S,
			number % UGVT_NS_PER_S);
	} else if (metric->per_unit > 0) {
		fprintf(out, "%g", (double)number / (double)metric->per_unit);
	} else {
		fprintf(out, "%" PRIu64, number);
	}
}

/* Where a row's figure is to be found, and the engine's name if it is an engine's. */
struct spot {
	const struct json_object *vgpu, *figures;
	const char *engine; // may be NULL
};

static void sample_print(FILE *out, const struct metric *metric, const struct spot *spot)
{
	struct json_object *value;

	if (!spot->figures || !json_object_object_get_ex(spot->figures, metric->key, &value)) {
		return;
	}
	fprintf(out, "ugvt_vgpu_%s{uuid=\"", metric->name);
	value_print(out, ugvt_json_string(spot->vgpu, "uuid"));
	if (spot->engine) {
		fprintf(out, "\",engine=\"%s", spot->engine);
	}
	fprintf(out, "\"%s%s} ", metric->label ? "," : "", metric->label ? metric->label : "");
	number_print(out, metric, value);
	fputc('\n', out);
}

static void samples_print(FILE *out, const struct metric *metric, const struct json_object *vgpu)
{
	const struct json_object *stats = ugvt_json_object(vgpu, "stats");
	struct spot spot = {.vgpu = vgpu};

	switch (metric->place) {
	case VGPU: spot.figures = vgpu; break;
	case PROCESS: spot.figures = ugvt_json_object(vgpu, "process"); break;
	case STATS: spot.figures = stats; break;
	case CONNECTION: spot.figures = ugvt_json_object(stats, "connection"); break;
	case ENGINE:
		for (unsigned i = 0; i < UGVT_ENGINE_COUNT; i++) {
			spot.engine = ugvt_engines[i].name;
			spot.figures = ugvt_json_object(stats, spot.engine);
			sample_print(out, metric, &spot);
		}
		return;
	}
	sample_print(out, metric, &spot);
}

static void metrics_print(FILE *out, const struct json_object *vgpus)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(metrics); i++) {
		if (metrics[i].help) {
			char name[64];

			snprintf(name, sizeof(name), "vgpu_%s", metrics[i].name);
			head_print(out, name, metrics[i].help);
		}
		for (size_t j = 0; j < json_object_array_length(vgpus); j++) {
			samples_print(out, &metrics[i], json_object_array_get_idx(vgpus, j));
		}
	}
}

static void labels_print(FILE *out, const struct json_object *vgpu)
{
	static const char *const labels[] = {"uuid", "parent", "type", "state"};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(labels); i++) {
		fprintf(out, "%s%s=\"", i ? "\"," : "{", labels[i]);
		value_print(out, ugvt_json_string(vgpu, labels[i]));
	}
	fputs("\"}", out);
}

static void vgpus_print(FILE *out, const struct json_object *vgpus)
{
	head_print(out, "vgpu_info", "What each vGPU is; always 1.");
	for (size_t i = 0; i < json_object_array_length(vgpus); i++) {
		fputs("ugvt_vgpu_info", out);
		labels_print(out, json_object_array_get_idx(vgpus, i));
		fputs(" 1\n", out);
	}
}

static void parents_print(FILE *out, const struct ugvt_manager *manager)
{
	head_print(out, "parent_vgpus", "vGPUs that have room on the parent.");
	for (size_t i = 0; i < manager->config->n_parents; i++) {
		fputs("ugvt_parent_vgpus{parent=\"", out);
		value_print(out, manager->parents[i].config->name);
		fprintf(out, "\"} %u\n", manager->parents[i].n_vgpus);
	}
}

static void available_print(
	FILE *out, const struct ugvt_parent *parent, const struct ugvt_type *type)
{
	fputs("ugvt_type_available{parent=\"", out);
	value_print(out, parent->config->name);
	fputs("\",type=\"", out);
	value_print(out, type->id);
	fprintf(out, "\"} %u\n", ugvt_parent_available(parent, type));
}

static void types_print(FILE *out, const struct ugvt_manager *manager)
{
	head_print(
		out, "type_available", "How many more vGPUs of the type the parent has room for.");
	for (size_t i = 0; i < manager->config->n_parents; i++) {
		for (size_t j = 0; j < manager->config->n_types; j++) {
			const struct ugvt_type *type = &manager->config->types[j];

			if (ugvt_parent_offers(&manager->parents[i], type)) {
				available_print(out, &manager->parents[i], type);
			}
		}
	}
}

char *ugvt_metrics_write(const struct ugvt_manager *manager, const struct json_object *vgpus)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool bad;

	if (!out) {
		return NULL;
	}
	head_print(out, "build_info", "The manager's version; always 1.");
	fputs("ugvt_build_info{version=\"" UGVT_VERSION "\"} 1\n", out);
	parents_print(out, manager);
	types_print(out, manager);
	vgpus_print(out, vgpus);
	metrics_print(out, vgpus);
	bad = ferror(out);
	if (fclose(out) != 0 || bad) {
		free(text);
		text = NULL;
	}
	return text;
}
