/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/vgpu/rig.h"
#include "vgpu/vgpu_state.h"

/* What a guest's handler sees of events that come while it serves: PRM CHV vol 2e, "IIR". */

#define MSI_FLAGS (0xac + 2)
#define GT0_IIR 0x44308
#define GT0_IMR 0x44304
#define GT0_IER 0x4430c
#define EVENT UGVT_BIT(24) // BCS, context switch
#define OTHER UGVT_BIT(16) // BCS, user interrupt

static int setup(void **state)
{
	static struct rig rig;

	rig_init(&rig, true);
	rig_config_write(&rig, MSI_FLAGS, 1, 2);
	driver_write(&rig.driver, UGVT_MASTER_IRQ, UGVT_MASTER_IRQ_ENABLE);
	driver_write(&rig.driver, GT0_IMR, ~(EVENT | OTHER));
	driver_write(&rig.driver, GT0_IER, EVENT | OTHER);
	*state = &rig;
	return 0;
}

static int teardown(void **state)
{
	rig_finish(*state);
	return 0;
}

static void raise(struct rig *rig, uint32_t bits)
{
	pthread_mutex_lock(&rig->vgpu->lock);
	ugvt_vgpu_irq_raise(rig->vgpu, UGVT_IRQ_GT0, bits);
	pthread_mutex_unlock(&rig->vgpu->lock);
}

/* The handler has read IIR, another event of the same kind comes, and only then it clears what it read. */
static void test_second_event(void **state)
{
	struct rig *rig = *state;
	struct driver *driver = &rig->driver;
	unsigned msis = atomic_load(&rig->msis);

	raise(rig, EVENT);
	assert_int_equal(atomic_load(&rig->msis), msis + 1);
	driver_write(driver, UGVT_MASTER_IRQ, 0);
	assert_int_equal(driver_read(driver, GT0_IIR), EVENT);
	raise(rig, EVENT);
	driver_write(driver, GT0_IIR, EVENT);
	assert_int_equal(driver_read(driver, GT0_IIR), EVENT);
	assert_int_equal(driver_read(driver, UGVT_MASTER_IRQ), UGVT_BIT(1));
	driver_write(driver, UGVT_MASTER_IRQ, UGVT_MASTER_IRQ_ENABLE);
	assert_int_equal(atomic_load(&rig->msis), msis + 2);
	driver_write(driver, GT0_IIR, EVENT);
	assert_int_equal(driver_read(driver, GT0_IIR), 0);
	assert_int_equal(driver_read(driver, UGVT_MASTER_IRQ), UGVT_MASTER_IRQ_ENABLE);
}

/* The second one makes the line go low and high again, whether or not the master enable moves. */
static void test_second_is_an_edge(void **state)
{
	struct rig *rig = *state;
	struct driver *driver = &rig->driver;
	unsigned msis = atomic_load(&rig->msis);

	raise(rig, EVENT);
	raise(rig, EVENT);
	assert_int_equal(atomic_load(&rig->msis), msis + 1);
	driver_write(driver, GT0_IIR, EVENT);
	assert_int_equal(atomic_load(&rig->msis), msis + 2);
	driver_write(driver, GT0_IIR, EVENT);
	assert_int_equal(driver_read(driver, GT0_IIR), 0);
}

/* There is room for two events of a bit, not three; bits are counted each for itself. */
static void test_two_of_each(void **state)
{
	struct rig *rig = *state;
	struct driver *driver = &rig->driver;

	for (unsigned i = 0; i < 3; i++) {
		raise(rig, EVENT);
	}
	raise(rig, OTHER);
	driver_write(driver, GT0_IIR, OTHER);
	assert_int_equal(driver_read(driver, GT0_IIR), EVENT);
	driver_write(driver, GT0_IIR, EVENT);
	assert_int_equal(driver_read(driver, GT0_IIR), EVENT);
	driver_write(driver, GT0_IIR, EVENT);
	assert_int_equal(driver_read(driver, GT0_IIR), 0);
}

/* As drivers empty it before they use it: by clearing all twice. */
static void test_clearing_twice_empties(void **state)
{
	struct rig *rig = *state;
	struct driver *driver = &rig->driver;

	raise(rig, EVENT | OTHER);
	raise(rig, EVENT);
	driver_write(driver, GT0_IMR, UINT32_MAX);
	driver_write(driver, GT0_IIR, UINT32_MAX);
	driver_write(driver, GT0_IIR, UINT32_MAX);
	assert_int_equal(driver_read(driver, GT0_IIR), 0);
	raise(rig, EVENT);
	assert_int_equal(driver_read(driver, GT0_IIR), 0);
}

static void test_reset_forgets(void **state)
{
	struct rig *rig = *state;
	struct driver *driver = &rig->driver;

	raise(rig, EVENT);
	raise(rig, EVENT);
	rig->device->impl->reset(rig->device, UGVT_PCI_RESET_DISCONNECT);
	driver_write(driver, GT0_IIR, EVENT);
	assert_int_equal(driver_read(driver, GT0_IIR), 0);
}

/* An engine's own mask has the bits where they are in its half of the group. */
static void test_engine_masks(void **state)
{
	struct rig *rig = *state;
	struct driver *driver = &rig->driver;
	uint32_t mask = ugvt_engines[UGVT_BCS].base + 0xa8;

	driver_write(driver, mask, ~EVENT);
	ugvt_vgpu_irq_engine(rig->vgpu, UGVT_BCS, UGVT_GT_IRQ_CONTEXT_SWITCH | UGVT_GT_IRQ_USER);
	assert_int_equal(driver_read(driver, GT0_IIR), EVENT);
	driver_write(driver, GT0_IIR, EVENT);
	driver_write(driver, mask, ~(UGVT_GT_IRQ_CONTEXT_SWITCH | UGVT_GT_IRQ_USER));
	ugvt_vgpu_irq_engine(rig->vgpu, UGVT_BCS, UGVT_GT_IRQ_CONTEXT_SWITCH | UGVT_GT_IRQ_USER);
	assert_int_equal(driver_read(driver, GT0_IIR), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_second_event),
		TEST(test_second_is_an_edge),
		TEST(test_two_of_each),
		TEST(test_clearing_twice_empties),
		TEST(test_reset_forgets),
		TEST(test_engine_masks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
