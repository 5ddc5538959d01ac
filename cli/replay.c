/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/save.h"
#include "console/png_write.h"
#include "gpu/render/target.h"
#include "replay/draw.h"
#include "replay/picture.h"
#include "replay/print.h"
#include "replay/replay.h"

#define DEADLINE_S 60

struct view {
	struct ugvt_replay_viewer viewer;
	uint64_t first, last; // batches to be told of; the replay ends behind the last
	uint64_t draw;        // the replay ends behind it; 0: none
	unsigned target;
	bool list;
	bool print; // commands
	struct ugvt_printer printer;
	FILE *png; // NULL: no picture is wanted

	uint64_t inherited; // contexts up to that number knew things that are not in the trace
	uint64_t batch;     // that runs
	uint64_t draws;     // that were done
	uint64_t compared;
	uint64_t differ;
	bool has_state;
	uint32_t state[UGVT_SURFACE_STATE_DWORDS]; // of the last draw's target
	bool pictured;
	struct ugvt_failure failure;
};

static struct view *view_from_viewer(struct ugvt_replay_viewer *viewer)
{
	return ugvt_container_of(viewer, struct view, viewer);
}

static bool is_told(const struct view *view)
{
	return view->batch >= view->first && view->batch <= view->last;
}

static bool handle_process(
	struct ugvt_replay_viewer *viewer, const struct ugvt_trace_record *record)
{
	struct view *view = view_from_viewer(viewer);

	if (view->list) {
		printf("%s, process %" PRIu64 ": %s\n", record->process.device, record->process.pid,
			record->command);
	}
	view->inherited = record->process.inherited;
	return true;
}

static bool handle_batch(struct ugvt_replay_viewer *viewer, const struct ugvt_replay_batch *batch)
{
	struct view *view = view_from_viewer(viewer);

	if (batch->number > view->last) {
		return false;
	}
	view->batch = batch->number;
	if (batch->info.context <= view->inherited) {
		fprintf(stderr,
			"ugvt replay: from batch %" PRIu64
			" on, the process uses its parent's contexts: what they knew is not in its "
			"trace\n",
			batch->number);
		view->inherited = 0;
	}
	if (view->list && is_told(view)) {
		printf("batch %" PRIu64 ": %s, context %" PRIu64 ", at %#" PRIx64 ", %" PRIu32
		       " buffers\n",
			batch->number, ugvt_engines[batch->info.engine].name, batch->info.context,
			batch->info.addr, batch->info.bindings);
	}
	return true;
}

static bool handle_command(struct ugvt_replay_viewer *viewer, const struct ugvt_cs_command *command)
{
	struct view *view = view_from_viewer(viewer);

	if (view->print && is_told(view)) {
		ugvt_print_command(&view->printer, command);
	}
	return true;
}

static bool handle_drawn(struct ugvt_replay_viewer *viewer, const struct ugvt_replay_draw *draw)
{
	struct view *view = view_from_viewer(viewer);

	view->draws = draw->number;
	if (view->list && is_told(view)) {
		printf("  draw %" PRIu64 ": ", draw->number);
		ugvt_draw_print(stdout, &draw->command);
		putchar('\n');
	}
	if (ugvt_draw_kind(&draw->command) == UGVT_DRAW_PRIMITIVES) {
		view->has_state = ugvt_draw_target(&draw->command, view->target, view->state);
	}
	return draw->number != view->draw;
}

static bool handle_result(
	struct ugvt_replay_viewer *viewer, const struct ugvt_replay_result *result)
{
	struct view *view = view_from_viewer(viewer);

	view->compared++;
	if (result->completed != result->recorded_completed) {
		view->differ++;
		printf("batch %" PRIu64 ": %s, but %s when it was recorded\n", result->number,
			result->completed ? "came to its end" : "hung",
			result->recorded_completed ? "came to its end" : "hung");
	} else if (result->differ > 0) {
		view->differ++;
		printf("batch %" PRIu64 ": wrote other bytes to %" PRIu64 " of %" PRIu64
		       " buffers; to buffer %" PRIu64 " %" PRIu64 " pages, then %" PRIu64 "\n",
			result->number, result->differ, result->buffers, result->first.buffer,
			result->first_is.pages, result->first.pages);
	}
	return true;
}

static void handle_finish(struct ugvt_replay_viewer *viewer, struct ugvt_aspace *as)
{
	struct view *view = view_from_viewer(viewer);
	struct ugvt_picture picture;
	int ret;

	if (!view->png) {
		return;
	}
	if (!view->has_state || !ugvt_target_picture(view->state, as, &picture)) {
		ugvt_fail(&view->failure, UGVT_FAILURE_NOT_FOUND,
			"the last draw, %" PRIu64 ", has no render target %u", view->draws,
			view->target);
		return;
	}
	ret = ugvt_png_write(view->png, &picture);
	if (ret < 0) {
		ugvt_fail(&view->failure, UGVT_FAILURE_DENIED, "can't write the picture: %s",
			strerror(-ret));
	}
	view->pictured = true;
	ugvt_picture_finish(&picture);
}

static const struct ugvt_replay_viewer_impl view_impl = {
	.process = handle_process,
	.batch = handle_batch,
	.command = handle_command,
	.drawn = handle_drawn,
	.result = handle_result,
	.finish = handle_finish,
};

static bool number_parse(const char *text, const char **end, uint64_t *number)
{
	char *stop;

	errno = 0;
	*number = strtoull(text, &stop, 10);
	*end = stop;
	return stop != text && !errno && *text >= '0' && *text <= '9';
}

/* "N", "N-", "-N" or "N-N". */
static bool range_parse(const char *text, struct view *view)
{
	const char *end = text;

	if (*text != '-' && !number_parse(text, &end, &view->first)) {
		return false;
	}
	if (*end == '\0') {
		view->last = view->first;
		return view->first > 0;
	}
	if (*end != '-' || (end == text && end[1] == '\0')) {
		return false;
	}
	return end[1] == '\0' || (number_parse(end + 1, &end, &view->last) && *end == '\0' &&
					 view->last >= view->first);
}

struct texts {
	const char *path;
	const char *batches;
	const char *draw;
	const char *target;
	const char *png;
};

static bool texts_parse(struct view *view, const struct texts *texts)
{
	const char *end;
	uint64_t target = 0;

	if (texts->batches && !range_parse(texts->batches, view)) {
		return ugvt_fail(&view->failure, UGVT_FAILURE_INVALID,
			"'%s' says no batches: use N, or FIRST-LAST, from 1 on", texts->batches);
	}
	if (texts->draw &&
		(!number_parse(texts->draw, &end, &view->draw) || *end || view->draw == 0)) {
		return ugvt_fail(&view->failure, UGVT_FAILURE_INVALID,
			"'%s' is no draw: they are numbered from 1 on", texts->draw);
	}
	if (texts->target && (!number_parse(texts->target, &end, &target) || *end ||
				     target >= UGVT_DRAW_TARGETS)) {
		return ugvt_fail(&view->failure, UGVT_FAILURE_INVALID,
			"'%s' is no render target: they are numbered from 0 to %u", texts->target,
			UGVT_DRAW_TARGETS - 1);
	}
	view->target = (unsigned)target;
	return true;
}

static bool status_tell(struct view *view, enum ugvt_replay_status status, uint64_t offset)
{
	switch (status) {
	case UGVT_REPLAY_DONE:
	case UGVT_REPLAY_STOPPED: break;
	case UGVT_REPLAY_CUT:
		fprintf(stderr,
			"ugvt replay: the trace is cut off at byte %" PRIu64
			": this is what is before\n",
			offset);
		break;
	case UGVT_REPLAY_FOREIGN:
		return ugvt_fail(&view->failure, UGVT_FAILURE_INVALID, "it is no trace");
	case UGVT_REPLAY_DAMAGED:
		return ugvt_fail(&view->failure, UGVT_FAILURE_INVALID,
			"the trace is damaged at byte %" PRIu64, offset);
	case UGVT_REPLAY_MEMORY:
		return ugvt_fail(&view->failure, UGVT_FAILURE_NO_ROOM,
			"there is not enough memory for the trace's buffers");
	case UGVT_REPLAY_ERROR:
		return ugvt_fail(&view->failure, UGVT_FAILURE_DENIED, "can't read the trace: %s",
			strerror(errno));
	}
	return true;
}

/* After all went well: was what is asked for there? */
static bool reach_check(struct view *view)
{
	if (view->draw > view->draws) {
		return ugvt_fail(&view->failure, UGVT_FAILURE_NOT_FOUND,
			"there is no draw %" PRIu64 ": the last is %" PRIu64, view->draw,
			view->draws);
	}
	if (view->first > UGVT_MAX(view->batch, 1)) {
		return ugvt_fail(&view->failure, UGVT_FAILURE_NOT_FOUND,
			"there is no batch %" PRIu64 ": the last is %" PRIu64, view->first,
			view->batch);
	}
	if (view->png && !view->pictured && !view->failure.code) {
		return ugvt_fail(&view->failure, UGVT_FAILURE_NOT_FOUND,
			"nothing was drawn: there is no picture");
	}
	return !view->failure.code;
}

static void summary_print(const struct view *view)
{
	printf("%" PRIu64 " batches, %" PRIu64 " draws: ", view->batch, view->draws);
	if (view->differ > 0) {
		printf("%" PRIu64 " of %" PRIu64 " batches wrote other bytes than recorded\n",
			view->differ, view->compared);
	} else {
		printf("%" PRIu64 " batches wrote the same bytes as recorded\n", view->compared);
	}
}

/* Half of the machine's memory, so that a file that is made up does no harm. */
static uint64_t memory_max(void)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	long size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size / 2 : UINT64_C(1) << 30;
}

static void file_replay(struct view *view, FILE *file)
{
	struct ugvt_replay_config config = {
		.file = file,
		.viewer = &view->viewer,
		.deadline_ns = DEADLINE_S * UGVT_NS_PER_S,
		.memory_max = memory_max(),
	};
	enum ugvt_replay_status status;
	uint64_t offset;

	ugvt_log_init(UGVT_LOG_WARN, "ugvt replay");
	status = ugvt_replay_run(&config, &offset);
	if (status_tell(view, status, offset) && reach_check(view)) {
		summary_print(view);
	}
}

static bool picture_begin(struct view *view, struct ugvt_save *save, const char *path)
{
	int fd;

	if (!ugvt_save_begin(save, path, &view->failure)) {
		return false;
	}
	fd = dup(save->fd);
	view->png = fd >= 0 ? fdopen(fd, "wb") : NULL;
	if (view->png) {
		return true;
	}
	ugvt_fail(&view->failure, UGVT_FAILURE_DENIED, "can't write %s: %s", path, strerror(errno));
	if (fd >= 0) {
		close(fd);
	}
	ugvt_save_abandon(save);
	return false;
}

static void picture_end(struct view *view, struct ugvt_save *save)
{
	if (fclose(view->png) != 0 && !view->failure.code) {
		ugvt_fail(&view->failure, UGVT_FAILURE_DENIED, "can't write the picture: %s",
			strerror(errno));
	}
	if (view->failure.code) {
		ugvt_save_abandon(save);
	} else {
		ugvt_save_commit(save, &view->failure);
	}
}

static void replay(struct view *view, const struct texts *texts)
{
	FILE *file = fopen(texts->path, "rb");
	struct ugvt_save save;

	if (!file) {
		ugvt_fail(&view->failure, UGVT_FAILURE_INVALID, "can't open %s: %s", texts->path,
			strerror(errno));
		return;
	}
	if (!texts->png) {
		file_replay(view, file);
	} else if (picture_begin(view, &save, texts->png)) {
		file_replay(view, file);
		picture_end(view, &save);
	}
	fclose(file);
}

static int replay_run(struct ugvt_cli *cli)
{
	struct view view = {.viewer = {&view_impl}, .first = 1, .last = UINT64_MAX};
	struct texts texts = {0};
	bool kernels = false;
	const struct ugvt_cli_option options[] = {
		{'l', "list", NULL, "tell of each batch and draw", .flag = &view.list},
		{'p', "print", NULL, "the same, with each command and what it points to",
			.flag = &view.print},
		{'k', "kernels", NULL, "the same, with the kernels as assembly", .flag = &kernels},
		{'b', "batches", "FIRST-LAST", "only of these; end behind the last",
			&texts.batches},
		{'d', "draw", "N", "end behind draw N", &texts.draw},
		{'o', "png", "FILE", "save the last draw's render target as a picture", &texts.png},
		{'t', "target", "N", "which render target of that; default 0", &texts.target},
		{0},
	};

	if (!ugvt_cli_parse(cli, options, 1) || !ugvt_cli_operand(cli, "the trace", &texts.path)) {
		return cli->status;
	}
	view.print = view.print || kernels;
	view.list = view.list || view.print;
	ugvt_printer_init(&view.printer, stdout, kernels);
	if (texts_parse(&view, &texts)) {
		replay(&view, &texts);
	}
	ugvt_printer_finish(&view.printer);
	if (view.failure.code) {
		return ugvt_cli_complain(cli, &view.failure);
	}
	return view.differ > 0 ? UGVT_FAILURE_OTHER : 0;
}

const struct ugvt_cli_command ugvt_cli_replay = {
	.name = "replay",
	.synopsis = "[-l | -p | -k] [-b FIRST-LAST] [-d N] [-o FILE [-t N]] TRACE",
	.summary = "Run again what 'ugvt run --trace' recorded",
	.description =
		"Says whether each batch writes the same bytes as when it was recorded; exits with 1 if\n"
		"one does not. Needs no manager.",
	.run = replay_run,
};
