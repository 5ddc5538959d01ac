/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gen/gt.h"
#include "gen/irq.h"
#include "tests/vgpu/rig.h"

/* The ports, the status buffer, interrupts, preemption and resets, driven as i915 does. */

#define MSI_FLAGS (0xac + 2)
#define HWSP_CSB 0x10 // dword
#define HWSP_CSB_PTR 0x1f

#define CSB_IDLE_TO_ACTIVE 0x1
#define CSB_PREEMPTED 0x2
#define CSB_ELEMENT_SWITCH 0x4
#define CSB_ACTIVE_TO_IDLE 0x8
#define CSB_COMPLETE 0x10
#define CSB_LITE_RESTORE 0x8000

#define RING_RESET_CTL 0xd0
#define RING_MI_MODE 0x9c

#define MI_NOOP 0u
#define MI_ARB_CHECK (0x05u << 23)
#define MI_SEMAPHORE_WAIT_GGTT_POLL_EQ (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)
#define MI_BATCH_BUFFER_START_GGTT (0x31u << 23 | 1)

struct fixture {
	struct rig rig;
	struct driver_context context, other;
	uint32_t *results; // a page in the GGTT
	uint32_t results_address;
};

/* As i915 leaves it: the next status goes to entry 0. */
static void pointers_reset(struct driver *driver)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		driver_write(driver, ugvt_engines[id].base + 0x3a0, 0xffff0505);
	}
}

static int setup(void **state)
{
	static struct fixture fixture;
	struct driver *driver = &fixture.rig.driver;

	rig_init(&fixture.rig, false);
	rig_config_write(&fixture.rig, MSI_FLAGS, 1, 2);
	driver_irq_enable(driver);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		driver_engine_init(driver, (enum ugvt_engine_id)id);
	}
	pointers_reset(driver);
	driver_context_init(driver, &fixture.context, UGVT_RCS, 0);
	driver_context_init(driver, &fixture.other, UGVT_RCS, 0);
	fixture.results = driver_alloc_ggtt(driver, 4096, &fixture.results_address);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	rig_finish(&fixture->rig);
	return 0;
}

/* Waits for n status entries in all since reset and returns the status of entry n - 1. */
static uint32_t csb_wait(struct fixture *fixture, enum ugvt_engine_id engine, unsigned n)
{
	volatile uint32_t *page = fixture->rig.driver.status[engine];

	if (n == 1) {
		/* The pointer may have been 0 before: the entry tells. */
		rig_wait_word(&page[HWSP_CSB], CSB_IDLE_TO_ACTIVE);
	}
	rig_wait_word(&page[HWSP_CSB_PTR], (n - 1) % 6);
	return rig_word(&page[HWSP_CSB + 2 * ((n - 1) % 6)]);
}

static uint32_t csb_status(struct fixture *fixture, enum ugvt_engine_id engine, unsigned n)
{
	return rig_word(&fixture->rig.driver.status[engine][HWSP_CSB + 2 * ((n - 1) % 6)]);
}

static uint32_t csb_context(struct fixture *fixture, enum ugvt_engine_id engine, unsigned n)
{
	return rig_word(&fixture->rig.driver.status[engine][HWSP_CSB + 2 * ((n - 1) % 6) + 1]);
}

static void test_submit_each_engine(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		enum ugvt_engine_id engine = (enum ugvt_engine_id)id;
		const struct ugvt_engine_info *info = &ugvt_engines[id];
		struct driver_context context;
		unsigned msis = atomic_load(&fixture->rig.msis);

		driver_context_init(driver, &context, engine, 0);
		driver_emit_breadcrumb(&context, fixture->results_address + 4 * id, 0x100 + id);
		driver_submit(driver, &context, NULL);
		rig_wait_word(&fixture->results[id], 0x100 + id);
		assert_int_equal(csb_wait(fixture, engine, 2), CSB_ACTIVE_TO_IDLE | CSB_COMPLETE);
		assert_int_equal(csb_context(fixture, engine, 2), context.id);
		assert_int_equal(csb_status(fixture, engine, 1), CSB_IDLE_TO_ACTIVE);
		rig_wait_msi(&fixture->rig, msis);
		rig_wait_reg(&fixture->rig, 0x44300 + 0x10 * info->irq_group + UGVT_IRQ_IIR,
			(UGVT_GT_IRQ_USER | UGVT_GT_IRQ_CONTEXT_SWITCH) << info->irq_shift);
		/* IIR held two events of the status buffer. */
		driver_irq_handle(driver);
		driver_irq_handle(driver);
		/* The head was saved to the image. */
		assert_int_equal(rig_word(&context.state[5]) & 0x1ffffc, context.tail);
	}
}

static void test_two_elements(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	driver_emit_breadcrumb(&fixture->context, fixture->results_address, 1);
	driver_emit_breadcrumb(&fixture->other, fixture->results_address + 4, 2);
	driver_submit(driver, &fixture->context, &fixture->other);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 3), CSB_ACTIVE_TO_IDLE | CSB_COMPLETE);
	assert_int_equal(csb_status(fixture, UGVT_RCS, 2), CSB_ELEMENT_SWITCH | CSB_COMPLETE);
	assert_int_equal(csb_context(fixture, UGVT_RCS, 2), fixture->context.id);
	assert_int_equal(csb_context(fixture, UGVT_RCS, 3), fixture->other.id);
	assert_int_equal(rig_word(&fixture->results[0]), 1);
	assert_int_equal(rig_word(&fixture->results[1]), 2);
}

static void emit_semaphore(struct fixture *fixture, struct driver_context *context, unsigned word)
{
	const uint32_t dw[] = {
		MI_SEMAPHORE_WAIT_GGTT_POLL_EQ, 1, fixture->results_address + 4 * word, 0};

	driver_emit(context, dw, UGVT_ARRAY_SIZE(dw));
}

/* A context that waits is preempted by another, and goes on when submitted again. */
static void test_preempt(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	emit_semaphore(fixture, &fixture->context, 8);
	driver_emit_breadcrumb(&fixture->context, fixture->results_address, 1);
	driver_submit(driver, &fixture->context, NULL);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 1), CSB_IDLE_TO_ACTIVE);

	driver_emit_breadcrumb(&fixture->other, fixture->results_address + 4, 2);
	driver_submit(driver, &fixture->other, NULL);
	rig_wait_word(&fixture->results[1], 2);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 3), CSB_ACTIVE_TO_IDLE | CSB_COMPLETE);
	assert_int_equal(csb_status(fixture, UGVT_RCS, 2), CSB_PREEMPTED);
	assert_int_equal(csb_context(fixture, UGVT_RCS, 2), fixture->context.id);
	assert_int_equal(rig_word(&fixture->results[0]), 0);

	__atomic_store_n(&fixture->results[8], 1, __ATOMIC_RELEASE);
	driver_submit(driver, &fixture->context, NULL);
	rig_wait_word(&fixture->results[0], 1);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 5), CSB_ACTIVE_TO_IDLE | CSB_COMPLETE);
}

static void test_lite_restore(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	driver_emit_breadcrumb(&fixture->context, fixture->results_address, 6);
	emit_semaphore(fixture, &fixture->context, 8);
	driver_submit(driver, &fixture->context, NULL);
	rig_wait_word(&fixture->results[0], 6);
	driver_emit_breadcrumb(&fixture->context, fixture->results_address, 7);
	driver_submit(driver, &fixture->context, NULL);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 2), CSB_PREEMPTED | CSB_LITE_RESTORE);
	__atomic_store_n(&fixture->results[8], 1, __ATOMIC_RELEASE);
	rig_wait_word(&fixture->results[0], 7);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 3), CSB_ACTIVE_TO_IDLE | CSB_COMPLETE);
}

/* A batch that jumps to itself for ever; first is its first command. */
static uint32_t batch_spin(struct driver *driver, uint32_t first)
{
	uint32_t address;
	uint32_t *host = driver_alloc_ggtt(driver, 4096, &address);

	host[0] = first;
	host[1] = MI_BATCH_BUFFER_START_GGTT;
	host[2] = address;
	host[3] = 0;
	return address;
}

static void emit_batch(struct driver_context *context, uint32_t address)
{
	const uint32_t dw[] = {MI_BATCH_BUFFER_START_GGTT, address, 0, MI_NOOP};

	driver_emit(context, dw, UGVT_ARRAY_SIZE(dw));
}

static void engine_reset(struct driver *driver, enum ugvt_engine_id engine)
{
	uint32_t ctl = ugvt_engines[engine].base + RING_RESET_CTL;

	driver_write(driver, ugvt_engines[engine].base + RING_MI_MODE, 0x01000100);
	assert_true(driver_read(driver, ugvt_engines[engine].base + RING_MI_MODE) & 0x200);
	driver_write(driver, ctl, 0x00010001);
	assert_true(driver_read(driver, ctl) & 2);
	driver_write(driver, UGVT_GDRST, UGVT_BIT(ugvt_engines[engine].reset_bit));
	assert_int_equal(driver_read(driver, UGVT_GDRST), 0);
	driver_write(driver, ctl, 0x00010000);
}

/* The spinning engine does not stop another one, nor registers; a reset brings it back. */
static void test_spin_and_reset(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;
	struct driver_context blit;
	uint32_t base = ugvt_engines[UGVT_RCS].base;

	emit_batch(&fixture->context, batch_spin(driver, MI_NOOP));
	driver_submit(driver, &fixture->context, NULL);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 1), CSB_IDLE_TO_ACTIVE);

	driver_context_init(driver, &blit, UGVT_BCS, 0);
	driver_emit_breadcrumb(&blit, fixture->results_address, 3);
	driver_submit(driver, &blit, NULL);
	rig_wait_word(&fixture->results[0], 3);

	engine_reset(driver, UGVT_RCS);
	driver_write(driver, base + 0x3a0, 0xffff0505);
	driver_write(driver, base + 0x80, driver->status_page[UGVT_RCS]);
	driver_write(driver, base + 0x29c, 0x80008000);
	driver_write(driver, base + 0xa8, 0);
	driver_emit_breadcrumb(&fixture->other, fixture->results_address + 4, 4);
	driver_submit(driver, &fixture->other, NULL);
	rig_wait_word(&fixture->results[1], 4);
}

#define RC6_COUNTER 0x138108
#define TIMESTAMP_US 0x44070 // of the display

static void wait_some_us(struct driver *driver)
{
	uint32_t since = driver_read(driver, TIMESTAMP_US);

	while (driver_read(driver, TIMESTAMP_US) - since < 100) {
	}
}

static void assert_sleeps(struct driver *driver, bool sleeps)
{
	uint32_t since = driver_read(driver, RC6_COUNTER);

	wait_some_us(driver);
	if (sleeps) {
		assert_true(driver_read(driver, RC6_COUNTER) > since + 50);
	} else {
		assert_int_equal(driver_read(driver, RC6_COUNTER), since);
	}
}

/* The counter of RC6 advances, in units of 1.28 us, while the guest allows RC6 and neither forcewake nor an engine's work keeps the GT
 * awake. */
static void test_rc6_residency(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	assert_sleeps(driver, false);
	driver_write(driver, UGVT_RC_CONTROL, 0x80040000);
	assert_sleeps(driver, true);
	driver_write(driver, UGVT_RC_CONTROL, 0x00040000); // as i915 parks: by software, with
	assert_sleeps(driver, false);
	driver_write(driver, UGVT_RC_STATE, 0x00040000); // RC6 as its target
	assert_sleeps(driver, true);
	driver_write(driver, 0xa188, 0x00010001);
	assert_sleeps(driver, false);
	driver_write(driver, 0xa188, 0x00010000);
	assert_sleeps(driver, true);

	emit_batch(&fixture->context, batch_spin(driver, MI_NOOP));
	driver_submit(driver, &fixture->context, NULL);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 1), CSB_IDLE_TO_ACTIVE);
	assert_sleeps(driver, false);
	engine_reset(driver, UGVT_RCS);
	assert_sleeps(driver, true);
}

/* A batch that spins through arbitration points gives way to another context. */
static void test_spin_preempted(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	emit_batch(&fixture->context, batch_spin(driver, MI_ARB_CHECK));
	driver_submit(driver, &fixture->context, NULL);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 1), CSB_IDLE_TO_ACTIVE);
	driver_emit_breadcrumb(&fixture->other, fixture->results_address, 5);
	driver_submit(driver, &fixture->other, NULL);
	rig_wait_word(&fixture->results[0], 5);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 3), CSB_ACTIVE_TO_IDLE | CSB_COMPLETE);
	assert_int_equal(csb_status(fixture, UGVT_RCS, 2), CSB_PREEMPTED);
}

static void test_masked_interrupts(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;
	unsigned msis;

	driver_write(driver, ugvt_engines[UGVT_RCS].base + 0xa8, 0xffffffff);
	msis = atomic_load(&fixture->rig.msis);
	driver_emit_breadcrumb(&fixture->context, fixture->results_address, 9);
	driver_submit(driver, &fixture->context, NULL);
	assert_int_equal(csb_wait(fixture, UGVT_RCS, 2), CSB_ACTIVE_TO_IDLE | CSB_COMPLETE);
	assert_int_equal(rig_word(&fixture->results[0]), 9);
	assert_int_equal(atomic_load(&fixture->rig.msis), msis);
	assert_int_equal(driver_read(driver, 0x44308), 0);
}

/* A reset of the device while an engine is busy, many times. */
static void test_device_reset_while_busy(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;
	uint32_t address = batch_spin(driver, MI_NOOP);
	uint32_t status = ugvt_engines[UGVT_RCS].base + 0x234;

	for (unsigned i = 0; i < 50; i++) {
		emit_batch(&fixture->context, address);
		driver_submit(driver, &fixture->context, &fixture->other);
		fixture->rig.device->impl->reset(fixture->rig.device, UGVT_PCI_RESET_DISCONNECT);
		assert_int_equal(driver_read(driver, status), 0);
		rig_config_write(&fixture->rig, 0x04, 0x6, 2);
		driver_ggtt_map(driver, 1u << 20, 0, driver->used);
	}
}

/* As a new client finds it after a reset: what it needs for a breadcrumb. */
static void bring_up_again(struct fixture *fixture)
{
	struct driver *driver = &fixture->rig.driver;

	rig_config_write(&fixture->rig, 0x04, 0x6, 2);
	driver_ggtt_map(driver, 1u << 20, 0, driver->used);
	pointers_reset(driver);
}

/* Half a submission is nothing to the next client. */
static void test_reset_in_submission(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	for (unsigned i = 1; i < 4; i++) {
		for (unsigned n = 0; n < i; n++) {
			driver_write(driver, ugvt_engines[UGVT_RCS].base + 0x230, 0xdead0000);
		}
		fixture->rig.device->impl->reset(fixture->rig.device, UGVT_PCI_RESET_DISCONNECT);
		bring_up_again(fixture);
		driver_emit_breadcrumb(&fixture->context, fixture->results_address, i);
		driver_submit(driver, &fixture->context, NULL);
		rig_wait_word(&fixture->results[0], i);
	}
}

/* Has VECS submit a spinning context to RCS, again and again; a submission of the context that is returned starts it. */
static struct driver_context submitter_make(struct fixture *fixture)
{
	struct driver *driver = &fixture->rig.driver;
	uint32_t elsp = ugvt_engines[UGVT_RCS].base + 0x230;
	const uint32_t lri[] = {
		0x22u << 23 | 7, elsp, 0, elsp, 0, elsp, 0, elsp, fixture->context.image | 0x19};
	unsigned n = UGVT_ARRAY_SIZE(lri);
	struct driver_context submitter;
	uint32_t address;
	uint32_t *batch = driver_alloc_ggtt(driver, 4096, &address);

	memcpy(batch, lri, sizeof(lri));
	batch[n] = MI_BATCH_BUFFER_START_GGTT;
	batch[n + 1] = address;
	emit_batch(&fixture->context, batch_spin(driver, MI_NOOP));
	fixture->context.state[7] = fixture->context.tail;
	driver_context_init(driver, &submitter, UGVT_VECS, 0);
	emit_batch(&submitter, address);
	return submitter;
}

/* An engine that submits to another may not do so behind its reset. */
static void test_reset_while_engines_submit(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;
	struct driver_context submitter = submitter_make(fixture);
	uint32_t status = ugvt_engines[UGVT_RCS].base + 0x234;

	for (unsigned i = 0; i < 200; i++) {
		driver_submit(driver, &submitter, NULL);
		rig_wait_reg(&fixture->rig, status, 1u << 4);
		fixture->rig.device->impl->reset(fixture->rig.device, UGVT_PCI_RESET_DISCONNECT);
		assert_int_equal(driver_read(driver, status), 0);
		bring_up_again(fixture);
	}
}

/* Nor behind its end, at which guest memory may still be there. */
static void test_end_while_engines_submit(void **state)
{
	struct fixture *fixture = *state;
	struct rig *rig = &fixture->rig;

	for (unsigned i = 0; i < 20; i++) {
		struct driver_context submitter = submitter_make(fixture);

		driver_submit(&rig->driver, &submitter, NULL);
		rig_wait_reg(rig, ugvt_engines[UGVT_RCS].base + 0x234, 1u << 4);
		ugvt_vgpu_destroy(rig->vgpu);
		ugvt_loop_destroy(rig->loop);
		munmap(rig->memory, RIG_MEMORY_SIZE);
		setup(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_submit_each_engine, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_elements, setup, teardown),
		cmocka_unit_test_setup_teardown(test_preempt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lite_restore, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spin_and_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rc6_residency, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spin_preempted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_masked_interrupts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_device_reset_while_busy, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_in_submission, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_while_engines_submit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end_while_engines_submit, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
