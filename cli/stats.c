/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bits.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/sample.h"
#include "cli/screen.h"
#include "cli/view.h"

/* Between the two samples that rates are made of, if they are asked for once. */
#define ONCE_MS 500
/* Of --watch and --count. */
#define SECONDS_MIN 0.1
#define SECONDS_MAX 86400.0
#define COUNT_MAX 1e9

struct stats {
	struct ugvt_cli *cli;
	struct ugvt_client *client;
	const char *uuid;    // NULL: all
	double seconds;      // between two pictures
	unsigned long count; // of pictures; 0: no end
	struct ugvt_sample sample;
	struct ugvt_failure failure; // what has gone wrong; code 0: nothing
};

/* Failures are kept, and not told yet: a screen may be drawn on. */
static bool stats_call(struct stats *stats, struct ugvt_client_reply *reply)
{
	struct json_object *params = stats->uuid ? ugvt_cli_uuid_params(stats->uuid) : NULL;

	if (ugvt_client_call(stats->client, "stats", params, reply)) {
		return true;
	}
	stats->failure = reply->failure;
	ugvt_client_reply_finish(reply);
	return false;
}

/* The next sample, rated by the one before. */
static bool sample_take(struct stats *stats)
{
	struct ugvt_client_reply reply;
	struct ugvt_sample sample;
	bool ok;

	if (!stats_call(stats, &reply)) {
		return false;
	}
	ok = ugvt_sample_read(&sample, reply.result);
	ugvt_client_reply_finish(&reply);
	if (!ok) {
		return ugvt_fail(
			&stats->failure, UGVT_FAILURE_OTHER, "the manager's answer makes no sense");
	}
	ugvt_sample_rate(&sample, &stats->sample);
	ugvt_sample_finish(&stats->sample);
	stats->sample = sample;
	return true;
}

/* Two, with a pause between them. */
static bool samples_take(struct stats *stats)
{
	struct timespec pause = {.tv_nsec = ONCE_MS * (long)UGVT_NS_PER_MS};

	if (!sample_take(stats)) {
		return false;
	}
	nanosleep(&pause, NULL);
	return sample_take(stats);
}

static void engines_print(const struct ugvt_sample_vgpu *vgpu)
{
	printf("  %-8s %12s %12s %6s %10s %8s %9s %7s %6s %7s\n", "engine", "busy", "waited",
		"load", "batches", "per s", "preempted", "resets", "hangs", "faults");
	for (unsigned i = 0; i < UGVT_SAMPLE_ENGINES; i++) {
		const struct ugvt_sample_engine_figures *e = &vgpu->engines[i];
		char rate[16];

		printf("  %-8s %10.3f s %10.3f s %5.0f%% %10" PRIu64 " %8s %9" PRIu64 " %7" PRIu64
		       " %6" PRIu64 " %7" PRIu64 "\n",
			ugvt_sample_engine_names[i], (double)e->busy_ns / (double)UGVT_NS_PER_S,
			(double)e->waited_ns / (double)UGVT_NS_PER_S, vgpu->rates.busy[i] * 100,
			e->batches, ugvt_view_number(rate, vgpu->rates.batches[i]), e->preemptions,
			e->resets, e->hangs, e->faults);
	}
}

static void counts_print(const struct ugvt_sample_vgpu *vgpu)
{
	char rate[16];

	printf("  exits: %s per s; %" PRIu64 " register reads, %" PRIu64
	       " register writes, %" PRIu64 " GGTT writes, %" PRIu64 " aperture accesses\n",
		ugvt_view_number(rate, vgpu->rates.exits), vgpu->reads, vgpu->writes,
		vgpu->ggtt_writes, vgpu->aperture_accesses);
	printf("  frames: %s per s; %" PRIu64 ", interrupts: %" PRIu64 ", memory faults: %" PRIu64
	       "\n",
		ugvt_view_number(rate, vgpu->rates.frames), vgpu->frames, vgpu->interrupts,
		vgpu->memory_faults);
}

static void process_print(const struct ugvt_sample_vgpu *vgpu)
{
	char own[16], files[16], guest[16];

	printf("  worker: %sB of its own, %sB of programs, %sB shared with the guest, %.2f s of CPU time\n",
		ugvt_view_bytes(own, (double)vgpu->rss_anon),
		ugvt_view_bytes(files, (double)vgpu->rss_file),
		ugvt_view_bytes(guest, (double)vgpu->rss_shmem),
		(double)vgpu->cpu_ns / (double)UGVT_NS_PER_S);
}

static void vgpu_print(const struct ugvt_sample_vgpu *vgpu)
{
	printf("%s: %s on %s, %s%s%s\n", vgpu->uuid.text, vgpu->type, vgpu->parent, vgpu->state,
		vgpu->reason[0] ? ": " : "", vgpu->reason);
	printf("  weight %" PRIu64 ", share %.1f%%", vgpu->weight, vgpu->share * 100);
	if (vgpu->cap > 0) {
		printf(", cap %" PRIu64 "%%", vgpu->cap);
	}
	printf("\n");
	if (vgpu->answered) {
		engines_print(vgpu);
		counts_print(vgpu);
	} else if (strcmp(vgpu->state, "running") == 0) {
		printf("  no answer\n");
	}
	if (vgpu->rss_file > 0) {
		process_print(vgpu);
	}
}

static void once_print(struct stats *stats)
{
	if (!samples_take(stats)) {
		return;
	}
	for (size_t i = 0; i < stats->sample.n; i++) {
		printf("%s", i ? "\n" : "");
		vgpu_print(&stats->sample.vgpus[i]);
	}
}

static void json_print(struct stats *stats)
{
	struct ugvt_client_reply reply;

	if (stats_call(stats, &reply)) {
		ugvt_cli_print_json(reply.result);
		ugvt_client_reply_finish(&reply);
	}
}

static void headline_write(FILE *out, const struct stats *stats, unsigned width)
{
	const struct ugvt_sample *sample = &stats->sample;
	char text[128], clock[16] = "";
	time_t now = time(NULL);
	struct tm local;
	size_t running = 0;

	for (size_t i = 0; i < sample->n; i++) {
		running += strcmp(sample->vgpus[i].state, "running") == 0;
	}
	if (localtime_r(&now, &local)) {
		strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	}
	snprintf(text, sizeof(text), "ugvt %s  %zu vGPU%s, %zu running; every %g s", clock,
		sample->n, sample->n == 1 ? "" : "s", running, stats->seconds);
	fprintf(out, "%.*s\n\n", (int)UGVT_MIN(width, sizeof(text)), text);
}

static bool picture_draw(const struct stats *stats, const struct ugvt_screen *screen)
{
	struct ugvt_view view = {.blocks = screen->blocks, .colours = screen->colours};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out) {
		return false;
	}
	ugvt_screen_size(screen, &view.width, &view.height);
	headline_write(out, stats, view.width);
	if (view.height > 2) {
		view.height -= 2;
	}
	ugvt_view_write(out, &view, &stats->sample);
	fputs(screen->terminal ? "" : "\n", out);
	if (fclose(out) != 0) {
		free(text);
		return false;
	}
	ugvt_screen_draw(screen, text, size);
	free(text);
	return !ferror(stdout);
}

/* false: it is over. */
static bool sample_next(struct stats *stats, struct ugvt_screen *screen)
{
	uint64_t until = stats->sample.time_ns + (uint64_t)(stats->seconds * (double)UGVT_NS_PER_S);
	enum ugvt_screen_event event;

	while ((event = ugvt_screen_wait(screen, until)) == UGVT_SCREEN_RESIZE) {
		picture_draw(stats, screen);
	}
	return event == UGVT_SCREEN_TIME && sample_take(stats);
}

static void watch(struct stats *stats)
{
	struct ugvt_screen screen;
	unsigned long n = 0;
	int ret;

	if (!samples_take(stats)) {
		return;
	}
	ret = ugvt_screen_init(&screen);
	if (ret < 0) {
		ugvt_fail(&stats->failure, UGVT_FAILURE_OTHER, "can't watch: %s", strerror(-ret));
		return;
	}
	do {
		ugvt_sample_sort(&stats->sample);
	} while (picture_draw(stats, &screen) && (stats->count == 0 || ++n < stats->count) &&
		 sample_next(stats, &screen));
	ugvt_screen_finish(&screen);
}

static bool client_make(struct stats *stats)
{
	struct ugvt_run_dir run_dir;

	if (ugvt_run_dir_find(&run_dir, stats->cli->run_dir, &stats->failure)) {
		stats->client = ugvt_client_create(&run_dir, &stats->failure);
	}
	return stats->client != NULL;
}

/* A number from min to max. */
static bool number_read(struct stats *stats, const char *text, double max, double *number)
{
	char *end;

	*number = strtod(text, &end);
	if (end > text && *end == '\0' && *number >= SECONDS_MIN && *number <= max) {
		return true;
	}
	return ugvt_fail(&stats->failure, UGVT_FAILURE_INVALID, "'%s' is no number from %g to %g",
		text, SECONDS_MIN, max);
}

static bool numbers_read(struct stats *stats, const char *seconds, const char *count)
{
	double number = 0;

	stats->seconds = 1;
	if (seconds && seconds[0] && !number_read(stats, seconds, SECONDS_MAX, &stats->seconds)) {
		return false;
	}
	if (count && !number_read(stats, count, COUNT_MAX, &number)) {
		return false;
	}
	stats->count = (unsigned long)ceil(number);
	return true;
}

static int stats_run(struct ugvt_cli *cli)
{
	struct stats stats = {.cli = cli};
	const char *seconds = NULL, *count = NULL;
	bool dumpjson = false;
	const struct ugvt_cli_option options[] = {
		{'u', "uuid", "UUID", "only of this vGPU", .value = &stats.uuid},
		{'w', "watch", "SECONDS", "show a table, again and again; every second unless told",
			.value = &seconds, .optional = true},
		{0, "count", "N", "end after N tables", .value = &count},
		{0, "dumpjson", NULL, "print JSON: what has been counted so far",
			.flag = &dumpjson},
		{0},
	};

	if (!ugvt_cli_parse(cli, options, 2)) {
		return cli->status;
	}
	/* Without "=", the seconds are an operand to getopt. */
	for (int i = 0; i < cli->n_operands; i++) {
		const char *operand = cli->operands[i];
		bool number = operand[strspn(operand, "0123456789.")] == '\0';

		*(number && seconds && !seconds[0] ? &seconds : &stats.uuid) = operand;
	}
	if (numbers_read(&stats, seconds, count) && client_make(&stats)) {
		if (dumpjson) {
			json_print(&stats);
		} else if (seconds || count) {
			watch(&stats);
		} else {
			once_print(&stats);
		}
	}
	ugvt_sample_finish(&stats.sample);
	ugvt_client_destroy(stats.client);
	return stats.failure.code == 0 ? 0 : ugvt_cli_complain(cli, &stats.failure);
}

const struct ugvt_cli_command ugvt_cli_stats = {
	.name = "stats",
	.synopsis = "[UUID] [--watch[=SECONDS]] [--dumpjson]",
	.summary = "Tell what vGPUs do: load, batches, exits, frames, memory",
	.description =
		"In the table, a parent's line has the sums of its vGPUs; q or Ctrl-C ends it.",
	.run = stats_run,
};
