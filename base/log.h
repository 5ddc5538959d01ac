/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BASE_LOG_H
#define UGVT_BASE_LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Lines go to stderr, one write each: "LEVEL ident: text". Any thread may log. */
enum ugvt_log_level {
	UGVT_LOG_ERROR, // ugvt or its host is at fault; what was asked for did not happen
	UGVT_LOG_WARN,  // it happened, but not as asked
	UGVT_LOG_GUEST, // a guest or client did something wrong; always rate limited
	UGVT_LOG_INFO,
	UGVT_LOG_DEBUG,
};

/* Lines above level are dropped; ident is copied, may be NULL. The start is level INFO, no ident.
 * Call before threads start. */
void ugvt_log_init(enum ugvt_log_level level, const char *ident);

/* "error", "warn", "guest", "info" or "debug" to *level; false if text is none of them. */
bool ugvt_log_level_parse(const char *text, enum ugvt_log_level *level);

void ugvt_log(enum ugvt_log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define ugvt_error(...) ugvt_log(UGVT_LOG_ERROR, __VA_ARGS__)
#define ugvt_warn(...) ugvt_log(UGVT_LOG_WARN, __VA_ARGS__)
#define ugvt_info(...) ugvt_log(UGVT_LOG_INFO, __VA_ARGS__)
#define ugvt_debug(...) ugvt_log(UGVT_LOG_DEBUG, __VA_ARGS__)

/* A bucket that lets 10 lines through at once and one more each second; zero-filled is full.
 * One per device and kind of event, so that one guest's noise does not hide another's. */
struct ugvt_log_limit {
	_Atomic uint64_t spent_until_ns;
	_Atomic uint64_t dropped;
};

/* Logs at level GUEST through limit; the first line after a gap says how many were dropped. */
void ugvt_guest_log(struct ugvt_log_limit *limit, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
