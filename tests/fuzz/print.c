/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/log.h"
#include "replay/draw.h"
#include "replay/picture.h"
#include "replay/print.h"
#include "replay/replay.h"
#include "tests/trace/compose.h"

/* Batches, printed with all that they point to, and their render targets as pictures: memory holds the input over and over, so that
 * whatever points anywhere points to some of it. */

#define DEADLINE_NS 100000
#define PAGES 8
#define PICTURE_MAX 65536 // pixels

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct view {
	struct ugvt_replay_viewer viewer;
	struct ugvt_printer printer;
};

static bool handle_command(struct ugvt_replay_viewer *viewer, const struct ugvt_cs_command *command)
{
	ugvt_print_command(&ugvt_container_of(viewer, struct view, viewer)->printer, command);
	return true;
}

static bool is_small(const uint32_t *state)
{
	uint64_t width = (state[2] & UGVT_MASK(13, 0)) + 1;
	uint64_t height = UGVT_GET(UGVT_MASK(29, 16), state[2]) + 1;

	return width * height <= PICTURE_MAX;
}

static bool handle_drawn(struct ugvt_replay_viewer *viewer, const struct ugvt_replay_draw *draw)
{
	struct ugvt_picture picture;
	uint32_t state[16];

	ugvt_draw_print(
		ugvt_container_of(viewer, struct view, viewer)->printer.out, &draw->command);
	if (ugvt_draw_target(&draw->command, 0, state) && is_small(state) &&
		ugvt_target_picture(state, draw->command.as, &picture)) {
		ugvt_picture_finish(&picture);
	}
	return true;
}

static const struct ugvt_replay_viewer_impl view_impl = {
	.command = handle_command,
	.drawn = handle_drawn,
};

static void replay(const struct compose *compose)
{
	struct view view = {.viewer = {&view_impl}};
	FILE *out = fopen("/dev/null", "w");
	struct ugvt_replay_config config = {
		.file = fmemopen(compose->bytes, compose->size, "rb"),
		.viewer = &view.viewer,
		.deadline_ns = DEADLINE_NS,
		.memory_max = PAGES * UGVT_TRACE_PAGE,
	};
	uint64_t offset;

	if (config.file && out) {
		ugvt_printer_init(&view.printer, out, true);
		ugvt_replay_run(&config, &offset);
		ugvt_printer_finish(&view.printer);
	}
	if (out) {
		fclose(out);
	}
	fclose(config.file);
}

struct memory {
	struct ugvt_trace_pages pages;
	struct ugvt_trace_run run;
	char data[PAGES][UGVT_TRACE_PAGE];
};

static void memory_fill(struct memory *memory, const uint8_t *data, size_t size)
{
	char *to = memory->data[0];

	memory->pages.runs = 1;
	memory->run = (struct ugvt_trace_run){5, 0, PAGES};
	for (size_t at = 0; at < sizeof(memory->data); at += size) {
		memcpy(to + at, data, UGVT_MIN(size, sizeof(memory->data) - at));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memory memory;
	struct {
		struct ugvt_trace_process process;
		char command[8];
	} process = {{"skl", 1, 0}, "program"};
	struct ugvt_trace_buffer buffer = {5, sizeof(memory.data), 0};
	struct {
		struct ugvt_trace_batch batch;
		struct ugvt_trace_binding binding;
	} batch = {{100, 101, 0, 1, UGVT_RCS, 1}, {5, 0}};
	struct compose compose;

	if (size < 4) {
		return 0;
	}
	ugvt_log_init(UGVT_LOG_ERROR, NULL);
	memory_fill(&memory, data, size);
	compose_init(&compose);
	compose_record(&compose, UGVT_TRACE_PROCESS, &process, sizeof(process));
	compose_record(&compose, UGVT_TRACE_BUFFER, &buffer, sizeof(buffer));
	compose_record(&compose, UGVT_TRACE_PAGES, &memory, sizeof(memory));
	compose_record(&compose, UGVT_TRACE_BATCH, &batch, sizeof(batch));
	replay(&compose);
	compose_finish(&compose);
	return 0;
}
