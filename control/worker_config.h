/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_WORKER_CONFIG_H
#define UGVT_CONTROL_WORKER_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "control/failure.h"

struct json_object;

/*
 * What a manager and its worker agree on.
 *
 * A worker starts with these descriptors and no others, and its UUID as argument. It serves one manager at a time at its
 * control socket: a newer connection replaces an older one, and without any it serves its virtual machine on. It answers:
 *   configure    params as below: becomes the vGPU and serves its socket
 *   govern       beside it the two descriptors that schedule/turn.h takes: from now on, and until the connection ends, the
 *                manager says when its engines may execute
 *   stats        figures: an object of unsigned numbers and of such objects
 *   screenshot   puts a PNG in the file beside the request: its size, bytes
 *   stop         ends the process, after the reply
 *   walls        see control/walls.h
 */
enum ugvt_worker_fd {
	UGVT_WORKER_FD_CONTROL = 3, // listens for managers; the first one waits there already
	UGVT_WORKER_FD_VFIO = 4,    // listens for the virtual machine
	/* Only held, for reading: whoever can lock the file knows that the worker is gone. */
	UGVT_WORKER_FD_LOCK = 5,
	UGVT_WORKER_FD_END,
};

struct ugvt_worker_config {
	char device[16];  // as gen/device.h names it
	uint64_t low_gm;  // bytes
	uint64_t high_gm; // bytes
	uint64_t fences;
	uint64_t width, height; // of the monitor, pixels
	uint64_t deadline_ms;   // GPU time that one batch may take; 0: no limit
	bool direct;
};

/* The parameters of "configure"; the caller's. */
struct json_object *ugvt_worker_config_write(const struct ugvt_worker_config *config);
/* false if something is missing or unknown; the values are not judged. */
bool ugvt_worker_config_read(struct ugvt_worker_config *config, struct json_object *params,
	struct ugvt_failure *failure);

/* What a worker may take for itself, bytes: 256 MB for its program, threads and caches, 8 for each page of graphics
 * memory, and 16 for each pixel of its monitor (pictures of it, and their PNG). Its guest's memory, which it maps shared,
 * is not part of it. */
uint64_t ugvt_worker_memory_limit(const struct ugvt_worker_config *config);

#endif
