/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_CS_RIG_H
#define UGVT_TESTS_GPU_CS_RIG_H

#include "gpu/cs/cs.h"
#include "tests/gpu/space.h"

/*
 * For tests: one engine with a host that only takes notes, a context as i915 makes them, a ring, and memory in both address
 * spaces. The addresses below are mapped.
 */

#define RIG_CONTEXT 0x40000u // GGTT: the context image, context_pages
#define RIG_RING 0x10000u    // GGTT
#define RIG_RING_SIZE 0x4000u
#define RIG_HWSP 0x30000u        // GGTT: the global hardware status page
#define RIG_GLOBAL 0x80000u      // GGTT: 16 pages for anything
#define RIG_GLOBAL_BATCH 0x90000 // GGTT: 4 pages
#define RIG_PAGES 16
#define RIG_USER UINT64_C(0x123456000)  // PPGTT: 16 pages for anything
#define RIG_BATCH UINT64_C(0x223400000) // PPGTT: 16 pages

#define RIG_DESCRIPTOR ((uint64_t)7 << 32 | RIG_CONTEXT | 3 << 3 | 1) // 4-level PPGTT, valid

struct rig {
	struct space space;
	struct ugvt_regfile regs;
	struct ugvt_cs_host host;
	struct ugvt_cs *cs;
	const struct ugvt_engine_info *info;
	enum ugvt_engine_id engine;
	uint32_t tail; // of the ring

	/* What the host noted, and answers. */
	uint32_t irqs; // bits of all interrupts
	unsigned irq_count;
	uint64_t time;
	bool event;                // the display's answer
	unsigned display_commands; // how often it was asked
	uint32_t written_offset;   // the last register written through the host
};

void rig_init(struct rig *rig, enum ugvt_engine_id engine);
/* The render engine with what draws, or computes; they stay the caller's. */
void rig_init_render(struct rig *rig, struct ugvt_render *render);
void rig_init_compute(struct rig *rig, struct ugvt_compute *compute);
void rig_finish(struct rig *rig);

/* Memory, as the engine's spaces see it. */
uint32_t rig_global_read(struct rig *rig, uint32_t addr);
void rig_global_write(struct rig *rig, uint32_t addr, uint32_t value);
uint32_t rig_user_read(struct rig *rig, uint64_t addr);
void rig_user_write(struct rig *rig, uint64_t addr, uint32_t value);
void rig_user_fill(struct rig *rig, uint64_t addr, const uint32_t *dw, unsigned n);
void rig_global_fill(struct rig *rig, uint32_t addr, const uint32_t *dw, unsigned n);

/* A register of the engine's block. */
uint32_t rig_reg(const struct rig *rig, uint32_t offset);
void rig_reg_set(struct rig *rig, uint32_t offset, uint32_t value);

/* A dword of the context image behind its first page. */
uint32_t rig_image(struct rig *rig, unsigned at);
void rig_image_set(struct rig *rig, unsigned at, uint32_t value);

/* Puts a command into the ring. */
void rig_emit(struct rig *rig, const uint32_t *dw, unsigned n);
#define RIG_EMIT(rig, ...)                             \
	rig_emit(rig, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
/* A batch in the PPGTT, at addr. */
#define RIG_BATCH_AT(rig, addr, ...)                              \
	rig_user_fill(rig, addr, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
/* The ring's tail goes to the image. */
void rig_submit(struct rig *rig);
/* Submits, restores the context and runs it, a thousand units at a time, until it stops for another reason than
 * budget. */
enum ugvt_cs_stop rig_run(struct rig *rig);
enum ugvt_cs_stop rig_continue(struct rig *rig);

#endif
