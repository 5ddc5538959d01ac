/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/log.h"
#include "replay/replay.h"
#include "tests/trace/compose.h"

/*
 * Trace files. The first byte says whether the rest is a file as it stands, which seldom gets past a checksum, or the content of
 * records: a byte for the type, one for the size, and so much of what follows, over and over. What runs is an empty batch, or
 * what the pages happen to hold.
 */

#define DEADLINE_NS 100000
#define MEMORY_MAX (UINT64_C(1) << 20)
#define SIZE_UNIT 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(char *bytes, size_t size)
{
	static const struct ugvt_replay_viewer_impl impl;
	struct ugvt_replay_viewer viewer = {&impl};
	struct ugvt_replay_config config = {
		.file = fmemopen(bytes, size, "rb"),
		.viewer = &viewer,
		.deadline_ns = DEADLINE_NS,
		.memory_max = MEMORY_MAX,
	};
	uint64_t offset;

	if (config.file) {
		ugvt_replay_run(&config, &offset);
		if (offset > size) {
			abort();
		}
		fclose(config.file);
	}
}

/* So that more than the first record is met: a process, and a buffer of two pages with number 5. */
static void known_compose(struct compose *compose)
{
	struct {
		struct ugvt_trace_process process;
		char command[8];
	} process = {{"skl", 1, 0}, "program"};
	struct ugvt_trace_buffer buffer = {5, UINT64_C(2) * UGVT_TRACE_PAGE, 0};

	compose_record(compose, UGVT_TRACE_PROCESS, &process, sizeof(process));
	compose_record(compose, UGVT_TRACE_BUFFER, &buffer, sizeof(buffer));
}

/* Pages are too long for an input: their data is what there is of it, and then zeros. */
static void record_compose(struct compose *compose, uint32_t type, const uint8_t *data, size_t size)
{
	static char pages[sizeof(struct ugvt_trace_pages) + sizeof(struct ugvt_trace_run) +
			  UGVT_TRACE_PAGE];

	if (type != UGVT_TRACE_PAGES || size >= sizeof(pages)) {
		compose_record(compose, type, data, size);
		return;
	}
	memset(pages, 0, sizeof(pages));
	memcpy(pages, data, size);
	compose_record(compose, type, pages, sizeof(pages));
}

static void records_replay(const uint8_t *data, size_t size)
{
	struct compose compose;

	compose_init(&compose);
	known_compose(&compose);
	while (size > 2) {
		size_t n = UGVT_MIN((size_t)data[1] * SIZE_UNIT, size - 2);

		record_compose(&compose, data[0] % 8, data + 2, n);
		data += 2 + n;
		size -= 2 + n;
	}
	replay(compose.bytes, compose.size);
	compose_finish(&compose);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ugvt_log_init(UGVT_LOG_ERROR, NULL);
	if (size > 1 && data[0] % 4 == 0) {
		char *copy = malloc(size - 1);

		memcpy(copy, data + 1, size - 1);
		replay(copy, size - 1);
		free(copy);
	} else if (size > 1) {
		records_replay(data + 1, size - 1);
	}
	return 0;
}
