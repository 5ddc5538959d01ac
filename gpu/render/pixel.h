/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_PIXEL_H
#define UGVT_GPU_RENDER_PIXEL_H

#include "base/log.h"
#include "gpu/eu/straight.h"
#include "gpu/eu/thread.h"
#include "gpu/render/blend.h"
#include "gpu/render/constants.h"
#include "gpu/render/depth.h"
#include "gpu/render/kernels.h"
#include "gpu/render/pixel_rows.h"
#include "gpu/render/setup.h"

/*
 * From covered samples to what is in memory: early tests, pixel shader threads, and what their messages to the render cache do.
 * PRM SNB vol 2 part 1, "Windower" (payload: 7.7.3) and vol 4 part 1, "Render Target Write"; what differs on Gen9: Mesa's
 * brw_fs_thread_payload.cpp and brw_lower_logical_sends.cpp.
 *
 * Unit of all of it is the subspan: 2x2 pixels, lanes 0 to 3 of it being upper left, upper right, lower left, lower right.
 */

enum {
	UGVT_PIXEL_SLOTS = 8, // subspans of a thread: SIMD32
	UGVT_PIXEL_TARGETS = 8,
	UGVT_PIXEL_SETS = 6, // of barycentric coordinates
	UGVT_PIXEL_PAYLOAD_BYTES = 15 * UGVT_EU_REGISTER_BYTES,
	UGVT_PIXEL_SOLID_DWORDS = 4 * UGVT_SETUP_ATTRIBUTE_DWORDS,
	/* Of a block, each sample on its own, and what was left from the one before. */
	UGVT_PIXEL_QUEUE = 16 * UGVT_SETUP_SAMPLES + UGVT_PIXEL_SLOTS,
};

/* What a draw's state says to this stage. Read by all threads that draw. */
struct ugvt_pixel_draw {
	const struct ugvt_draw *draw;
	struct ugvt_setup setup;
	struct ugvt_depth_state depth;
	struct ugvt_blend blend;
	struct ugvt_constants constants;
	uint32_t polygon_stipple[32];
	uint32_t sample_mask;
	bool shades;     // there is a shader that has to run
	bool per_sample; // runs once for each sample
	bool late;       // tests come after the shader, which has a say in them
	bool statistics;
	unsigned width; // lanes of a thread
	unsigned grf_start;
	uint32_t modes; // barycentric ones
	uint32_t cr0;
	const struct ugvt_eu_program *program;
	bool uniform;            // it does the same for all pixels of a shape
	bool uniform_attributes; // but perhaps not for all shapes
	bool source_depth;       // the shader is given each pixel's,
	bool source_w;           // and 1 / (1 / w)
	bool quick_payload;      // see pixel_quick.c
	bool quick_write;
	const struct ugvt_pixel_rows *rows;
	const struct ugvt_eu_straight *straight; // see pixel_straight.c; NULL: threads are others
};

/* A subspan that waits for a thread. */
struct ugvt_pixel_slot {
	uint16_t x;
	uint16_t y;
	uint8_t sample; // if each runs on its own
	uint64_t lit;   // bit 4 s + p: sample s of pixel p
};

struct ugvt_pixel_target {
	bool valid;
	uint8_t index; // in the binding table
	struct ugvt_target target;
	struct ugvt_target control; // of target, if it has one
};

/* A colour that a thread wrote: lanes of it, with an entry of BLEND_STATE, to one of the binding table. */
struct ugvt_pixel_color {
	unsigned lanes; // 0: none
	unsigned entry;
	unsigned surface;
	struct ugvt_texels texels;
};

/* What a uniform program makes of a shape's pixels. */
struct ugvt_pixel_solid {
	bool tried;
	bool valid;                // a colour was found
	bool writes;               // there is a target
	bool reads;                // what is in the target counts, too
	enum ugvt_blend_kind kind; // if so; if not:
	struct ugvt_elements elements;
	unsigned entry;
	unsigned surface;
	struct ugvt_texels color;
	unsigned dwords; // of attributes, if it was tried
	uint32_t attributes[UGVT_PIXEL_SOLID_DWORDS];
};

/* Threads of straight kernels: what they share. */
struct ugvt_pixel_straight {
	bool made;  // messages are those of the draw
	bool ready; // registers are those of the shape
	struct ugvt_eu_straight_modes modes;
	unsigned sets; // of coordinates that count
	struct ugvt_pixel_planes planes[UGVT_PIXEL_SETS];
	uint8_t set_reg[UGVT_PIXEL_SETS]; // their first registers
	struct ugvt_target *target;       // of the last message,
	struct ugvt_pixel_colors colors;  // and how colours are written to it
	uint32_t block_x;                 // of the block whose rows are known, if they are:
	uint32_t block_y;
	bool in_block;
	struct ugvt_target_block block;
	uint8_t restores;
	uint8_t restore[UGVT_EU_REGISTERS];
	uint8_t saved[UGVT_EU_REGISTERS][UGVT_EU_REGISTER_BYTES];
	struct ugvt_eu_message message[UGVT_EU_STRAIGHT_MESSAGES];
	uint32_t lanes[UGVT_EU_STRAIGHT_MESSAGES]; // that may execute
	bool always[UGVT_EU_STRAIGHT_MESSAGES];    // whatever the thread's are
	bool copies[UGVT_EU_STRAIGHT_MESSAGES];    // payloads that a response is written over
};

/* One thread's part. Zero it, then ugvt_pixel_begin() for each draw. */
struct ugvt_pixel {
	struct ugvt_eu_port port;    // of the shader's messages
	struct ugvt_eu_port *others; // takes what is not for the render cache; NULL: nobody
	unsigned index;              // of those that draw at the same time, each another
	const struct ugvt_pixel_draw *draw;
	struct ugvt_aspace *as;
	struct ugvt_render_counts counts;
	bool has_depth; // depth is initialised
	struct ugvt_depth depth;
	struct ugvt_pixel_target targets[UGVT_PIXEL_TARGETS];
	unsigned next_target; // to be replaced
	/* What is being drawn. */
	const struct ugvt_shape *shape;
	const uint32_t *attributes;
	struct ugvt_pixel_solid solid;
	struct ugvt_pixel_straight straight;
	struct ugvt_pixel_color *told; // takes what the thread writes; NULL: the target does
	struct ugvt_pixel_slot
		queue[UGVT_PIXEL_QUEUE + UGVT_PIXEL_SLOTS]; // the last ones stay empty
	unsigned head;                                      // of the queue
	unsigned queued;
	int64_t spent; // of the budget, not yet taken from it
	/* The thread that runs. */
	bool running;
	unsigned slots;
	struct ugvt_pixel_slot *slot; // in the queue: they stay there until it is done
	uint32_t header[8];           // r0 of all threads of a shape
	uint32_t tested;              // lanes whose late tests are done
	uint64_t faults;
	struct ugvt_log_limit log_limit;
	struct ugvt_eu_thread thread;
};

/* Decodes the state of a draw. kernels keeps the programs, which last until the next draw. */
void ugvt_pixel_draw_begin(struct ugvt_pixel_draw *pixel_draw, const struct ugvt_draw *draw,
	struct ugvt_kernels *kernels);

void ugvt_pixel_begin(
	struct ugvt_pixel *pixel, const struct ugvt_pixel_draw *draw, struct ugvt_aspace *as);
/* Makes depth and stencil buffers reachable, whatever the tests are. */
void ugvt_pixel_need_depth(struct ugvt_pixel *pixel);
/* A new guest memory window. */
void ugvt_pixel_window(struct ugvt_pixel *pixel);
/* The shape, and its attributes, that all that follows is of. The queue is empty. */
void ugvt_pixel_shape(
	struct ugvt_pixel *pixel, const struct ugvt_shape *shape, const uint32_t *attributes);
/* Tests a block's samples that are covered, by sample, and queues what is to be shaded; the queue has at most
 * UGVT_PIXEL_SLOTS. */
void ugvt_pixel_block(struct ugvt_pixel *pixel, struct ugvt_grid_point block,
	const uint64_t covered[UGVT_SETUP_SAMPLES]);
/* Draws all pixels of a box, which is part of one tile, if that can be done at once. */
bool ugvt_pixel_box(struct ugvt_pixel *pixel, const struct ugvt_pixel_box *box);
/* Runs threads until there are not enough subspans for one more; all: until there are none. Takes what it costs from *budget and
 * stops when that is used up: then false, and it is to be called again first. */
bool ugvt_pixel_run(struct ugvt_pixel *pixel, bool all, int64_t *budget);
/* Throws away what is queued or runs. */
void ugvt_pixel_abort(struct ugvt_pixel *pixel);

#endif
