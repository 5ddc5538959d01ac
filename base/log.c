/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"

#define LIMIT_BURST 10

static const char *const level_names[] = {
	[UGVT_LOG_ERROR] = "error",
	[UGVT_LOG_WARN] = "warn",
	[UGVT_LOG_GUEST] = "guest",
	[UGVT_LOG_INFO] = "info",
	[UGVT_LOG_DEBUG] = "debug",
};

/* The log is the process's, not an instance's: a line must reach stderr from any depth. */
static enum ugvt_log_level max_level = UGVT_LOG_INFO;
static char log_ident[64];

void ugvt_log_init(enum ugvt_log_level level, const char *ident)
{
	max_level = level;
	snprintf(log_ident, sizeof(log_ident), "%s%s", ident ? " " : "", ident ? ident : "");
}

bool ugvt_log_level_parse(const char *text, enum ugvt_log_level *level)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(level_names); i++) {
		if (strcmp(text, level_names[i]) == 0) {
			*level = (enum ugvt_log_level)i;
			return true;
		}
	}
	return false;
}

static void log_line(enum ugvt_log_level level, const char *format, va_list args)
{
	char line[1024];
	int head = snprintf(line, sizeof(line) - 1, "%s%s: ", level_names[level], log_ident);
	int body = vsnprintf(line + head, sizeof(line) - 1 - (size_t)head, format, args);
	size_t size = UGVT_MIN((size_t)(head + UGVT_MAX(body, 0)), sizeof(line) - 2);

	line[size++] = '\n';
	/* A log that can't be written has nowhere to be reported. */
	if (write(STDERR_FILENO, line, size) < 0) {
		return;
	}
}

void ugvt_log(enum ugvt_log_level level, const char *format, ...)
{
	va_list args;

	if (level > max_level) {
		return;
	}
	va_start(args, format);
	log_line(level, format, args);
	va_end(args);
}

/* One second of credit per line; the bucket is LIMIT_BURST seconds deep. */
static bool limit_take(struct ugvt_log_limit *limit)
{
	uint64_t now = ugvt_clock_ns();
	uint64_t spent = atomic_load(&limit->spent_until_ns);
	uint64_t next;

	do {
		next = UGVT_MAX(spent, now) + UGVT_NS_PER_S;
		if (next > now + LIMIT_BURST * UGVT_NS_PER_S) {
			return false;
		}
	} while (!atomic_compare_exchange_weak(&limit->spent_until_ns, &spent, next));
	return true;
}

void ugvt_guest_log(struct ugvt_log_limit *limit, const char *format, ...)
{
	uint64_t dropped;
	va_list args;

	if (max_level < UGVT_LOG_GUEST) {
		return;
	}
	if (!limit_take(limit)) {
		atomic_fetch_add(&limit->dropped, 1);
		return;
	}
	dropped = atomic_exchange(&limit->dropped, 0);
	if (dropped > 0) {
		ugvt_log(UGVT_LOG_GUEST, "%llu lines like the next were dropped",
			(unsigned long long)dropped);
	}
	va_start(args, format);
	log_line(UGVT_LOG_GUEST, format, args);
	va_end(args);
}
