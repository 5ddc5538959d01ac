/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/log.h"
#include "display/display.h"
#include "gen/hooks_display.h"
#include "gen/tables.h"

/*
 * A guest that writes what it likes to the display's registers: each 8 bytes of input are a step: what, where,
 * and a value. After each few steps time goes on, and at the end a picture is taken.
 */

#define MEMORY_SIZE (64u << 10)
#define STEPS_MAX 400

static uint64_t clock_now;
static unsigned char *memory;

uint64_t __wrap_ugvt_clock_ns(void);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

uint64_t __wrap_ugvt_clock_ns(void)
{
	return clock_now;
}

static void host_interrupt(struct ugvt_display_host *host, enum ugvt_display_irq irq, uint32_t bits)
{
	if (bits == 0) {
		abort();
	}
}

static const struct ugvt_display_host_impl host_impl = {.interrupt = host_interrupt};

struct step {
	uint8_t what, pipe;
	uint16_t where;
	uint32_t value;
};

struct machine {
	struct ugvt_display_host host;
	struct ugvt_regfile regs;
	struct ugvt_guest_memory *memory;
	struct ugvt_ggtt ggtt;
	struct ugvt_loop *loop;
	pthread_mutex_t lock;
	struct ugvt_display *display;
};

static void machine_init(struct machine *m)
{
	struct ugvt_guest_range range = {
		.size = MEMORY_SIZE, .host = memory, .prot = UGVT_PROT_READ | UGVT_PROT_WRITE};
	struct ugvt_display_config config;

	*m = (struct machine){.host = {&host_impl}, .lock = PTHREAD_MUTEX_INITIALIZER};
	if (!ugvt_regfile_init(&m->regs, UGVT_SKL) || !ugvt_ggtt_init(&m->ggtt)) {
		abort();
	}
	m->memory = ugvt_guest_memory_create();
	ugvt_guest_memory_map(m->memory, &range);
	for (uint32_t page = 0; page < 16; page++) {
		uint64_t entry = (uint64_t)page << 12 | 1;

		ugvt_ggtt_write(&m->ggtt, page * 8, &entry, sizeof(entry));
	}
	m->loop = ugvt_loop_create();
	config = (struct ugvt_display_config){
		&m->host, &m->regs, m->memory, &m->ggtt, m->loop, &m->lock, 1024, 768};
	m->display = ugvt_display_create(&config);
	if (!m->display) {
		abort();
	}
}

static void machine_finish(struct machine *m)
{
	ugvt_display_destroy(m->display);
	ugvt_loop_destroy(m->loop);
	ugvt_guest_memory_destroy(m->memory);
	ugvt_ggtt_finish(&m->ggtt);
	ugvt_regfile_finish(&m->regs);
}

/* Registers that planes, transcoders, scalers, matrices and tables are described by, each kind a block for each pipe. */
static const struct {
	uint32_t first, stride, mask;
} blocks[] = {
	{UGVT_PLANE(0, 0), 0x1000, 0x4fc},
	{UGVT_TRANS_HTOTAL(0), 0x1000, 0x4fc},
	{UGVT_PS(0, 0), 0x800, 0x1fc},
	{0x49000, 0x100, 0x7c},
	{UGVT_LGC_PALETTE(0, 0), 0x800, 0x4fc},
};

/* A register of the display's table, or one of a block. */
static uint32_t offset_of(const struct step *step)
{
	size_t rows = ugvt_regs_display.count;
	const struct ugvt_reg *row;

	if (step->where & 0x8000) {
		unsigned block = (step->pipe >> 4) % UGVT_ARRAY_SIZE(blocks);

		return blocks[block].first + blocks[block].stride * (step->pipe % 3u) +
		       (step->where & blocks[block].mask);
	}
	row = &ugvt_regs_display.rows[step->where % rows];
	return row->offset +
	       (row->count > 0 ? step->pipe % row->count : 0) * (row->stride ? row->stride : 4);
}

static void step_do(struct machine *m, const struct step *step)
{
	uint32_t words[3] = {step->value, step->value * 3, (uint32_t)step->where << 12};

	switch (step->what % 8) {
	case 0: clock_now += step->value; break;
	case 1: ugvt_regfile_read(&m->regs, offset_of(step)); break;
	case 2: ugvt_display_command(m->display, words, step->pipe % 4u); break;
	case 3: ugvt_display_pipe_irqs(m->display, step->pipe % 3u, step->value); break;
	case 4: ugvt_display_plug(m->display, step->value & 1); break;
	default: ugvt_regfile_write(&m->regs, offset_of(step), step->value); break;
	}
}

/* Whatever else the input did: pipe A is on, of a size that doesn't take long, and shows what was written. */
static void show(struct machine *m)
{
	ugvt_regfile_write(&m->regs, UGVT_PIPESRC(0), 255 << 16 | 199);
	ugvt_regfile_write(&m->regs, UGVT_PIPECONF(0), UGVT_BIT(31));
	for (unsigned plane = 0; plane < 3; plane++) {
		uint32_t ctl = ugvt_regfile_peek(&m->regs, UGVT_PLANE_CTL(0, plane));

		ugvt_regfile_write(&m->regs, UGVT_PLANE_CTL(0, plane), ctl | UGVT_BIT(31));
		ugvt_regfile_write(&m->regs, UGVT_PLANE_SURF(0, plane),
			ugvt_regfile_peek(&m->regs, UGVT_PLANE_SURF(0, plane)));
	}
	clock_now += UGVT_NS_PER_S;
}

static void look(struct machine *m)
{
	struct ugvt_picture picture;
	struct ugvt_scanout scanout;

	for (unsigned pipe = 0; pipe < 3; pipe++) {
		ugvt_display_scanout(m->display, pipe, &scanout);
	}
	if (ugvt_display_capture(m->display, &picture) == 0) {
		if (picture.width > 5120 || picture.height > 4096) {
			abort();
		}
		ugvt_picture_finish(&picture);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	ugvt_log_init(UGVT_LOG_ERROR, NULL);
	memory = malloc(MEMORY_SIZE);
	memset(memory, 0x5a, MEMORY_SIZE);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct machine m;
	struct step step;

	clock_now = UGVT_NS_PER_S;
	machine_init(&m);
	for (unsigned i = 0; i < STEPS_MAX && size >= sizeof(step); i++) {
		memcpy(&step, data, sizeof(step));
		data += sizeof(step);
		size -= sizeof(step);
		pthread_mutex_lock(&m.lock);
		step_do(&m, &step);
		pthread_mutex_unlock(&m.lock);
		if (i % 8 == 7) {
			ugvt_loop_step(m.loop, 0);
		}
	}
	pthread_mutex_lock(&m.lock);
	show(&m);
	pthread_mutex_unlock(&m.lock);
	look(&m);
	machine_finish(&m);
	return 0;
}
