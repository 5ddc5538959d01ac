/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_FAILURE_H
#define UGVT_CONTROL_FAILURE_H

#include <stdbool.h>

/* Why a request failed. The code goes over the control socket as the JSON-RPC error code, and is the exit
 * status of the command. */
enum ugvt_failure_code {
	UGVT_FAILURE_OTHER = 1,
	UGVT_FAILURE_INVALID = 2,    // the request makes no sense: bad option, malformed UUID
	UGVT_FAILURE_NO_MANAGER = 3, // nobody listens
	UGVT_FAILURE_NOT_FOUND = 4,  // no such vGPU, type or parent
	UGVT_FAILURE_IN_USE = 5,     // UUID or run directory
	UGVT_FAILURE_NO_ROOM = 6,
	UGVT_FAILURE_DENIED = 7, // no permission, or a file that can't be written
	UGVT_FAILURE_WORKER = 8, // the worker died, does not answer or answers nonsense
	UGVT_FAILURE_LAST = UGVT_FAILURE_WORKER,
};

/* JSON-RPC 2.0, section 5.1. */
enum ugvt_rpc_code {
	UGVT_RPC_PARSE_ERROR = -32700,
	UGVT_RPC_INVALID_REQUEST = -32600,
	UGVT_RPC_METHOD_NOT_FOUND = -32601,
	UGVT_RPC_INVALID_PARAMS = -32602,
};

#define UGVT_FAILURE_TEXT_SIZE 768

struct ugvt_failure {
	int code;                          // UGVT_FAILURE_* or UGVT_RPC_*
	char text[UGVT_FAILURE_TEXT_SIZE]; // what was wrong and what to do about it, for people
};

/* Sets *failure. Always false, so that a check can end with "return ugvt_fail(...)". */
bool ugvt_fail(struct ugvt_failure *failure, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds to the text of a failure that was set. */
void ugvt_failure_append(struct ugvt_failure *failure, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same with the text of a stranger: at most UGVT_FAILURE_QUOTE_MAX bytes, control characters
 * replaced. */
#define UGVT_FAILURE_QUOTE_MAX 512
bool ugvt_fail_quoted(struct ugvt_failure *failure, int code, const char *text);
void ugvt_failure_append_quoted(struct ugvt_failure *failure, const char *text);

#endif
