/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/cs/context.h"
#include "gpu/cs/regs.h"
#include "tests/gpu/cs/rig.h"

/* Context images: their layout, and what comes back from them. */

#define LO(addr) ((uint32_t)(addr))
#define HI(addr) ((uint32_t)((addr) >> 32))
#define IMAGE_DWORDS(rig) (((rig)->info->context_pages - 1) * 1024)

static int setup_engine(void **state, enum ugvt_engine_id engine)
{
	struct rig *rig = malloc(sizeof(*rig));

	rig_init(rig, engine);
	*state = rig;
	return 0;
}

static int setup_rcs(void **state)
{
	return setup_engine(state, UGVT_RCS);
}

static int setup_bcs(void **state)
{
	return setup_engine(state, UGVT_BCS);
}

static int setup_vcs(void **state)
{
	return setup_engine(state, UGVT_VCS);
}

static int teardown(void **state)
{
	rig_finish(*state);
	free(*state);
	return 0;
}

/* From here on the image says what to restore. */
static void first_save(struct rig *rig)
{
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	ugvt_cs_context_save(rig->cs);
}

/* The dword of the image where the value of a register stands, or 0. */
static unsigned image_find(struct rig *rig, uint32_t reg)
{
	for (unsigned at = 0; at < IMAGE_DWORDS(rig);) {
		uint32_t header = rig_image(rig, at);
		unsigned pairs = 0;

		if (header >> 23 == 0x22) {
			pairs = ((header & 0xff) + 1) / 2;
		} else if (header != 0) {
			return 0;
		}
		for (unsigned i = 0; i < pairs; i++) {
			if (rig_image(rig, at + 1 + 2 * i) == reg) {
				return at + 2 + 2 * i;
			}
		}
		at += 1 + 2 * pairs;
	}
	return 0;
}

/* Where i915 looks for things: gt/intel_lrc_reg.h, gt/intel_lrc.c (lrc_ring_*), PRM SKL vol 3. */
static void test_layout(void **state)
{
	static const struct {
		unsigned at;
		uint32_t value;
		bool engine; // relative to the engine's base
	} places[] = {
		{0x01, 0x1100101b},
		{0x02, 0x244, true},
		{0x04, 0x34, true},
		{0x06, 0x30, true},
		{0x08, 0x38, true},
		{0x0a, 0x3c, true},
		{0x0c, 0x168, true},
		{0x0e, 0x140, true},
		{0x10, 0x110, true},
		{0x18, 0x1c0, true},
		{0x1a, 0x1c4, true},
		{0x1c, 0x1c8, true},
		{0x21, 0x11001011},
		{0x22, 0x3a8, true},
		{0x24, 0x28c, true},
		{0x32, 0x270, true},
		{0x51, 0x11001057},
		{0x52, 0x28, true},
		{0x54, 0x9c, true},
		{0x56, 0xc0, true},
		{0x64, 0x158, true},
		{0x68, 0x600, true},
		{0xa6, 0x67c, true},
		{0xa8, 0x68, true},
	};
	struct rig *rig = *state;

	first_save(rig);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(places); i++) {
		assert_int_equal(rig_image(rig, places[i].at),
			places[i].value + (places[i].engine ? rig->info->base : 0));
	}
}

static void test_layout_rcs(void **state)
{
	struct rig *rig = *state;

	test_layout(state);
	assert_int_equal(rig_image(rig, 0x41), 0x11000001);
	assert_int_equal(rig_image(rig, 0x42), 0x20c8);
	assert_int_equal(rig_image(rig, 0x128), 0x2360); // i915_perf.c
	assert_int_equal(rig_image(rig, 0x3de), 0xe458);
	assert_int_equal(rig_image(rig, 0x3de + 12), 0xe65c);
}

static void test_layout_bcs(void **state)
{
	struct rig *rig = *state;

	test_layout(state);
	assert_int_equal(rig_image(rig, 0x42), 0x22200);
}

/* The first restore is inhibited; the image that is saved then is not. */
static void test_inhibit(void **state)
{
	struct rig *rig = *state;

	rig_image_set(rig, 0x51, 0x11000001);
	rig_image_set(rig, 0x52, rig->info->base + RING_CS_GPR);
	rig_image_set(rig, 0x53, 0xbad);
	first_save(rig);
	assert_int_equal(rig_reg(rig, RING_CS_GPR), 0);
	assert_int_equal(rig_image(rig, 3) & 1, 0);
	assert_int_equal(rig_image(rig, 3) >> 16 & 1, 1);
}

/* Tail, start, control and page directories are the guest's: it may write them while the context runs. */
static void test_save_leaves_what_is_the_guests(void **state)
{
	static const unsigned guests[] = {7, 9, 11, 0x19, 0x1b, 0x1d, 0x25, 0x31, 0x33};
	struct rig *rig = *state;

	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(guests); i++) {
		rig_image_set(rig, guests[i], 0x1000 * (uint32_t)(i + 1));
	}
	ugvt_cs_context_save(rig->cs);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(guests); i++) {
		assert_int_equal(rig_image(rig, guests[i]), 0x1000 * (i + 1));
	}
}

/* Every register that a context carries comes back, whatever the other context did to it. */
static void test_registers_come_back(void **state)
{
	struct rig *rig = *state;
	unsigned count = 0;

	first_save(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	for (uint32_t reg = 0; reg < UGVT_MMIO_SIZE; reg += 4) {
		if (image_find(rig, reg) > 0x52) {
			ugvt_regfile_poke(&rig->regs, reg, (reg * 2654435761u >> 8) & 0xfcff);
		}
	}
	ugvt_cs_context_save(rig->cs);
	for (uint32_t reg = 0; reg < UGVT_MMIO_SIZE; reg += 4) {
		if (image_find(rig, reg) > 0x52) {
			ugvt_regfile_poke(&rig->regs, reg, 0);
		}
	}
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	for (uint32_t reg = 0; reg < UGVT_MMIO_SIZE; reg += 4) {
		if (image_find(rig, reg) > 0x52 && reg != rig->info->base + RING_TIMESTAMP) {
			assert_int_equal(ugvt_regfile_peek(&rig->regs, reg),
				(reg * 2654435761u >> 8) & 0xfcff);
			count++;
		}
	}
	assert_in_range(count, 42, 400);
}

/* What the rows say is per context is in the image. */
static void test_context_rows_are_saved(void **state)
{
	struct rig *rig = *state;

	first_save(rig);
	for (uint32_t reg = 0; reg < 0x12000; reg += 4) {
		const struct ugvt_reg *row = ugvt_regfile_row(&rig->regs, reg);

		if (row && (row->flags & UGVT_REG_CONTEXT) && image_find(rig, reg) == 0) {
			fail_msg("%s is not saved", row->name);
		}
	}
}

static void test_time(void **state)
{
	struct rig *rig = *state;

	rig->time = 500;
	first_save(rig);
	assert_in_range(rig_image(rig, 0x23), 1, 10);
	rig->time = UINT64_C(0x500000000);
	rig_image_set(rig, 0x23, 0xfffffff0);
	RIG_EMIT(rig, 0, 0x12000002, rig->info->base + RING_CTX_TIMESTAMP, LO(RIG_USER),
		HI(RIG_USER));
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	rig->time += 0x20;
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_in_range(rig_user_read(rig, RIG_USER), 0x10, 0x18);
}

static unsigned state_start(struct rig *rig)
{
	return rig->engine == UGVT_RCS ? 0x400 : 0xb0;
}

static void check_state(struct rig *rig, unsigned at, const uint32_t *dw, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (rig_image(rig, at + i) != dw[i]) {
			fail_msg(
				"dword %#x is %#x, not %#x", at + i, rig_image(rig, at + i), dw[i]);
		}
	}
}

#define CHECK_STATE(rig, at, ...)                             \
	check_state(rig, at, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* In the order of the table, each the last of its kind. */
static void test_state_is_kept(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, 0x69040300);                 // PIPELINE_SELECT 3D
	RIG_EMIT(rig, 0x78140000, 0x04000000);     // 3DSTATE_WM
	RIG_EMIT(rig, 0x78140000, 0x05000000);     // again
	RIG_EMIT(rig, 0x78260000, 0x40);           // a pointer
	RIG_EMIT(rig, 0x70010002, 0, 0x40, 0x800); // MEDIA_CURBE_LOAD
	RIG_EMIT(rig, 0x69040302);                 // GPGPU
	first_save(rig);
	CHECK_STATE(rig, state_start(rig), 0x6904ff02, 0x70010002, 0, 0x40, 0x800, 0x78140000,
		0x05000000, 0x78260000, 0x40, 0x05000000);
	/* And again when it was restored and saved. */
	RIG_EMIT(rig, 0, 0);
	first_save(rig);
	CHECK_STATE(rig, state_start(rig), 0x6904ff02, 0x70010002, 0, 0x40, 0x800, 0x78140000,
		0x05000000, 0x78260000, 0x40, 0x05000000);
}

static void test_state_is_forgotten(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, 0x78140000, 0x04000000);
	RIG_EMIT(rig, 0x78260000, 0x40);
	RIG_EMIT(rig, 0x70010002, 0, 0x40, 0x800);
	RIG_EMIT(rig, 0x7a000004, 1 << 16 | 1 << 9, 0, 0, 0, 0);
	first_save(rig);
	CHECK_STATE(rig, state_start(rig), 0x78140000, 0x04000000, 0x05000000);
}

/* Each field has its own enable bit. */
static void test_bases_are_merged(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, 0x61010011, 0x1001, 1, 0x20000, 0x2001, 2, 0x3000, 3, 0x4001, 4, 0, 0, 0xf001,
		0, 0, 0, 0, 0, 0);
	RIG_EMIT(rig, 0x61010011, 0x9000, 9, 0x50000, 0x7001, 7, 0, 0, 0, 0, 0, 0, 0, 0x8001, 0, 0,
		0, 0, 0);
	first_save(rig);
	CHECK_STATE(rig, state_start(rig), 0x61010011, 0x1001, 1, 0x50000, 0x7001, 7, 0, 0, 0x4001,
		4, 0, 0, 0xf001, 0x8001, 0, 0, 0, 0, 0, 0x05000000);
}

static void test_arrays_of_state(void **state)
{
	struct rig *rig = *state;

	/* Vertex buffers 0 and 2, then 2 again, then the pitch of 0 alone; instancing of elements 1 and 3; stream output
	 * buffer 1. */
	RIG_EMIT(rig, 0x78080007, 0x00004010, 1, 2, 3, 2u << 26 | 0x4020, 4, 5, 6);
	RIG_EMIT(rig, 0x78080003, 2u << 26 | 0x4030, 7, 8, 9);
	RIG_EMIT(rig, 0x78080003, 0x18, 10, 11, 12);
	RIG_EMIT(rig, 0x78490001, 0x101, 5, 0x78490001, 0x103, 6);
	RIG_EMIT(rig, 0x79180006, 0x20000000, 1, 2, 3, 4, 5, 6);
	first_save(rig);
	CHECK_STATE(rig, state_start(rig), 0x78080003, 0x4018, 1, 2, 3, 0x78080003,
		2u << 26 | 0x4030, 7, 8, 9, 0x78490001, 0x101, 5, 0x78490001, 0x103, 6, 0x79180006,
		0x20000000, 1, 2, 3, 4, 5, 6, 0x05000000);
}

/* More than a context can hold never comes together. */
static void test_all_state_fits(void **state)
{
	struct ugvt_kept kept;

	for (unsigned engine = 0; engine < UGVT_ENGINE_COUNT; engine++) {
		unsigned start = engine == UGVT_RCS ? 0x400 : 0xb0;

		assert_true(ugvt_kept_init(&kept, (enum ugvt_engine_id)engine));
		assert_true(kept.dwords + start < (ugvt_engines[engine].context_pages - 1) * 1024);
		ugvt_kept_finish(&kept);
	}
}

static void test_blt_setup_is_kept(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, 0x40c00001, 0x00020001, 0x00100020); // XY_SETUP_CLIP_BLT
	RIG_EMIT(
		rig, 0x40400008, 0x03cc0100, 0, 0x00100010, 0, 0, 0x11, 0x22, 0, 0); // XY_SETUP_BLT
	first_save(rig);
	CHECK_STATE(rig, state_start(rig), 0x40400008, 0x03cc0100, 0, 0x00100010, 0, 0, 0x11, 0x22,
		0, 0, 0x40c00001, 0x00020001, 0x00100020, 0x05000000);
	first_save(rig);
	CHECK_STATE(rig, state_start(rig), 0x40400008);
}

/* A fill through the ring, in steps no bigger than the budget allows. */
static void test_blit(void **state)
{
	struct rig *rig = *state;
	unsigned runs = 0;

	RIG_EMIT(rig, 0x54300005, 0x03f00000 | 256, 0, 256u << 16 | 64, LO(RIG_USER), HI(RIG_USER),
		0xcafef00d);
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	while (ugvt_cs_run(rig->cs, 16) == UGVT_CS_BUDGET) {
		runs++;
	}
	assert_in_range(runs, 4, 64);
	for (unsigned at = 0; at < 65536; at += 4) {
		assert_int_equal(rig_user_read(rig, RIG_USER + at), 0xcafef00d);
	}
	assert_int_equal(ugvt_cs_stats(rig->cs)->blit_bytes, 65536);
}

/* The batches that workarounds need, as i915 puts them into the image. */
static void test_workaround_batches(void **state)
{
	struct rig *rig = *state;
	static const uint32_t indirect[] = {0x04000000, 0x11000001, 0x2600, 0x11, 0x7a000004,
		1 << 21 | 1 << 14, 0xd0, 0, 0x77, 0, 0x04000001, 0, 0, 0, 0, 0, 0x11000001, 0x2608,
		0x22};
	static const uint32_t per_context[] = {0x11000001, 0x2610, 0x33, 0x05000000, 0xffffffff};

	rig_global_fill(rig, RIG_GLOBAL_BATCH, indirect, UGVT_ARRAY_SIZE(indirect));
	rig_global_fill(rig, RIG_GLOBAL_BATCH + 0x1000, per_context, UGVT_ARRAY_SIZE(per_context));
	rig_image_set(rig, 0x1b, RIG_GLOBAL_BATCH | 1); // one cache line
	rig_image_set(rig, 0x19, (RIG_GLOBAL_BATCH + 0x1000) | 1);
	ugvt_cs_set_preempt(rig->cs, true); // not in them
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(rig_reg(rig, RING_CS_GPR), 0x11);
	assert_int_equal(rig_reg(rig, RING_CS_GPR + 8), 0); // behind the line
	assert_int_equal(rig_reg(rig, RING_CS_GPR + 16), 0x33);
	assert_int_equal(rig_global_read(rig, RIG_CONTEXT + 0xd0), 0x77);
	assert_false(rig_reg(rig, RING_BB_ADDR) & BB_ADDR_VALID);
	assert_int_equal(ugvt_cs_stats(rig->cs)->batches, 0);
}

/* What the indirect batch sets is a beginning: a context that has been saved comes back as it was. */
static void test_image_beats_indirect_batch(void **state)
{
	static const uint32_t indirect[] = {0x11000003, 0x2600, 0x11, 0x7014, 0x10000000};
	static const uint32_t per_context[] = {0x11000001, 0x2610, 0x33, 0x05000000};
	struct rig *rig = *state;

	rig_global_fill(rig, RIG_GLOBAL_BATCH, indirect, UGVT_ARRAY_SIZE(indirect));
	rig_global_fill(rig, RIG_GLOBAL_BATCH + 0x1000, per_context, UGVT_ARRAY_SIZE(per_context));
	rig_image_set(rig, 0x1b, RIG_GLOBAL_BATCH | 1);
	rig_image_set(rig, 0x19, (RIG_GLOBAL_BATCH + 0x1000) | 1);
	first_save(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	ugvt_regfile_poke(&rig->regs, 0x7014, 0x1001);
	rig_reg_set(rig, RING_CS_GPR, 0x99);
	rig_reg_set(rig, RING_CS_GPR + 16, 0x99);
	ugvt_cs_context_save(rig->cs);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	assert_int_equal(ugvt_regfile_peek(&rig->regs, 0x7014), 0x1001);
	assert_int_equal(rig_reg(rig, RING_CS_GPR), 0x99);
	assert_int_equal(rig_reg(rig, RING_CS_GPR + 16), 0x33); // the other one comes last
}

/* Neither a loop nor a wait in such a batch keeps the caller. */
static void test_endless_workaround_batches(void **state)
{
	static const uint32_t loop[] = {0x18800001, RIG_GLOBAL_BATCH, 0};
	static const uint32_t wait[] = {0x0e400002 | 1 << 15 | 4 << 12, 1, RIG_GLOBAL, 0};
	struct rig *rig = *state;

	rig_image_set(rig, 0x19, RIG_GLOBAL_BATCH | 1);
	rig_global_fill(rig, RIG_GLOBAL_BATCH, loop, UGVT_ARRAY_SIZE(loop));
	assert_int_equal(rig_run(rig), UGVT_CS_HUNG);
	assert_in_range(ugvt_cs_stats(rig->cs)->commands, 1, 10000);
	ugvt_cs_reset(rig->cs);
	rig_global_fill(rig, RIG_GLOBAL_BATCH, wait, UGVT_ARRAY_SIZE(wait));
	assert_int_equal(rig_run(rig), UGVT_CS_HUNG);
	assert_int_equal(rig_reg(rig, RING_IPEHR), wait[0]);
}

/* A lite restore: more work for the context that runs. */
static void test_update(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, 0x01000000, 0);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	RIG_EMIT(rig, 0x01000000, 0);
	rig_submit(rig);
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(rig->irq_count, 1);
	ugvt_cs_context_update(rig->cs);
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(rig->irq_count, 2);
}

static void test_draws_are_counted(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, 0x7b000005, 4, 3, 0, 1, 0, 0);                               // 3DPRIMITIVE
	RIG_EMIT(rig, 0x7b000105, 4, 3, 0, 1, 0, 0);                               // predicated off
	RIG_EMIT(rig, 0x7105000d, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0xff, 0xff); // GPGPU_WALKER
	RIG_EMIT(rig, 0x71000010, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
	RIG_EMIT(rig, 0x01000000);
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(ugvt_cs_stats(rig->cs)->not_executed, 3);
	assert_int_equal(rig->irqs, UGVT_GT_IRQ_USER);
}

static void test_video_is_skipped(void **state)
{
	struct rig *rig = *state;

	RIG_EMIT(rig, 0x68000100);                      // MFX_WAIT
	RIG_EMIT(rig, 0x70000003, 1, 2, 3, 4);          // MFX_PIPE_MODE_SELECT
	RIG_EMIT(rig, 0x71280004, 1, 2, 3, 4, 5);       // MFD_AVC_BSD_OBJECT
	RIG_EMIT(rig, 0x73a00001, 1, 2, 0x01000000, 0); // HCP_BSD_OBJECT
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	assert_int_equal(ugvt_cs_stats(rig->cs)->not_executed, 3);
	assert_int_equal(rig->irqs, UGVT_GT_IRQ_USER);
}

/* Whatever stands in an image: it ends, and touches nothing but guest memory and registers. */
static void test_hostile_images(void **state)
{
	struct rig *rig = *state;

	srand(1);
	for (unsigned round = 0; round < 300; round++) {
		for (unsigned at = 0; at < IMAGE_DWORDS(rig) && at < 4096; at++) {
			uint32_t value = (uint32_t)rand() << 8 ^ (uint32_t)rand();

			if (rand() % 8 == 0) {
				value = 0x11000000 | (value & 0xff);
			} else if (rand() % 8 == 0) {
				value = 0x78000000 | (value & 0x01ff00ff);
			}
			rig_image_set(rig, at,
				round % 3 == 0 && at < 80 && at % 2 == 0 ? rig_image(rig, at)
									 : value);
		}
		if (ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR)) {
			ugvt_cs_run(rig->cs, 2000);
		}
		ugvt_cs_context_save(rig->cs);
		ugvt_cs_reset(rig->cs);
	}
}

int main(void)
{
#define TEST(name, engine) cmocka_unit_test_setup_teardown(test_##name, setup_##engine, teardown)
	const struct CMUnitTest tests[] = {
		TEST(layout_rcs, rcs),
		TEST(layout_bcs, bcs),
		TEST(layout, vcs),
		TEST(inhibit, rcs),
		TEST(save_leaves_what_is_the_guests, rcs),
		TEST(registers_come_back, rcs),
		TEST(registers_come_back, bcs),
		TEST(context_rows_are_saved, rcs),
		TEST(time, vcs),
		TEST(state_is_kept, rcs),
		TEST(state_is_forgotten, rcs),
		TEST(bases_are_merged, rcs),
		TEST(arrays_of_state, rcs),
		TEST(all_state_fits, rcs),
		TEST(blt_setup_is_kept, bcs),
		TEST(blit, bcs),
		TEST(workaround_batches, rcs),
		TEST(image_beats_indirect_batch, rcs),
		TEST(endless_workaround_batches, rcs),
		TEST(update, vcs),
		TEST(draws_are_counted, rcs),
		TEST(video_is_skipped, vcs),
		TEST(hostile_images, rcs),
		TEST(hostile_images, bcs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
