/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_RENDER_RECORDER_H
#define UGVT_TESTS_GPU_RENDER_RECORDER_H

#include "gpu/render/primitive.h"

/* For tests: a back that only takes notes, and checks that the front keeps to the contract (it aborts if not). */

#define RECORDER_MAX 4096

struct recorded {
	struct ugvt_primitive primitive; // its pointers are stale
	float positions[3][4];           // of its vertex entries: DW4-7
	uint32_t first[3];               // DW8, if there is one
};

struct recorder {
	struct ugvt_raster raster;
	unsigned room;      // primitives that fit between two runs; 0: any number
	unsigned runs_each; // so often a run is called until it is done

	struct recorded list[RECORDER_MAX];
	unsigned count; // of list; more are only counted
	unsigned begun, ended, aborted, hz_ops, runs, destroyed;

	bool drawing;
	unsigned waiting; // primitives, or an HZ operation
	unsigned run_left;
	struct ugvt_draw draw;
};

void recorder_init(struct recorder *recorder);

#endif
