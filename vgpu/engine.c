/* SPDX-License-Identifier: MIT */
#include "vgpu/engine.h"

#include <stdlib.h>
#include <time.h>

#include "base/bits.h"
#include "base/clock.h"
#include "gpu/render/pipeline.h"
#include "schedule/turn.h"
#include "vgpu/deadline.h"
#include "vgpu/ports.h"
#include "vgpu/vgpu_state.h"

/*
 * The engine's thread takes steps. In each it looks at the ports under engine->lock, then works without the lock
 * (engine->running is set meanwhile), then notes under the lock how that ended. Whoever needs the command
 * streamer to stand still raises engine->stops and waits for running to clear.
 *
 * Between steps it takes and gives up its turn at the parent's engine, which it shares with other vGPUs. While it waits for its turn
 * the guest's work is paused, and not running: whoever wants it to stand still need not wait for others.
 */

#define ENGINE_BUDGET 2000 // see ugvt_cs_run(): about 0.1 ms
/* Of the render engine, while no other vGPU wants it: drawing shares it out to threads, and looks more often whether somebody
 * waits. */
#define ENGINE_BUDGET_ALONE 200000

/* A semaphore in memory is looked at again after this long, doubling. */
#define WAIT_MIN_NS (20 * UGVT_NS_PER_US)
#define WAIT_MAX_NS (500 * UGVT_NS_PER_US)

#define ENGINE_BLOCK_SIZE 0x800 // bytes of registers

/* Offsets in the engine's block: i915 intel_engine_regs.h. */
#define RING_HEAD 0x34
#define RING_ACTHD 0x74
#define RING_HWS_PGA 0x80
#define RING_CSB 0x370
#define RING_CSB_PTR 0x3a0

/* The status buffer in the status page: PRM SKL vol 6, "Format of the Context Status Buffer", at dword 0x10; the
 * pointer's byte is at dword 0x1f. */
#define CSB_ENTRIES 6
#define HWSP_CSB 0x40
#define HWSP_CSB_PTR 0x7c

struct ugvt_engine {
	struct ugvt_cs_host host;
	struct ugvt_vgpu *vgpu;
	const struct ugvt_engine_info *info;
	enum ugvt_engine_id id;
	struct ugvt_render *render;   // of the render engine; else NULL
	struct ugvt_compute *compute; // the same
	struct ugvt_cs *cs;
	struct ugvt_aspace status_page; // GGTT, for the engine's own writes
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t wake;  // there may be something to do
	pthread_cond_t still; // running was cleared
	bool quit;
	bool running;
	bool hung;
	bool ring_stopped;
	unsigned stops;
	struct ugvt_ports ports;
	uint64_t wait_ns;
	struct ugvt_turns *turns; // NULL: it has the parent's engine to itself
	bool has_turn;
	struct ugvt_deadline deadline;
	uint64_t awake_ns;       // while there was work, up to when there was none
	uint64_t awake_since_ns; // there is work; 0: none

	_Atomic uint64_t busy_ns, waited_ns, contexts, preemptions, resets, hangs;
};

static bool has_work(const struct ugvt_engine *engine)
{
	return engine->stops == 0 && !engine->hung && !engine->ring_stopped &&
	       ugvt_ports_have_work(&engine->ports);
}

/* The GPU's power management sees an engine as awake while it has work, whether that advances or not. */
static void awake_note(struct ugvt_engine *engine)
{
	bool awake = ugvt_ports_have_work(&engine->ports);

	if (awake && engine->awake_since_ns == 0) {
		engine->awake_since_ns = ugvt_clock_ns();
	} else if (!awake && engine->awake_since_ns > 0) {
		engine->awake_ns += ugvt_clock_ns() - engine->awake_since_ns;
		engine->awake_since_ns = 0;
	}
}

/* Writes a status qword to the buffer and raises the context switch interrupt, if there is something to tell. */
static void csb_push(struct ugvt_engine *engine, const struct ugvt_ports_event *event)
{
	struct ugvt_regfile *regs = &engine->vgpu->regs;
	uint32_t base = engine->info->base;
	uint32_t last = ugvt_regfile_peek(regs, base + RING_CSB_PTR) & 0x7;
	uint32_t next = last + 1 < CSB_ENTRIES ? last + 1 : 0;
	uint64_t page = ugvt_regfile_peek(regs, base + RING_HWS_PGA) & UGVT_MASK(31, 12);

	if (event->status == 0) {
		return;
	}
	ugvt_regfile_poke(regs, base + RING_CSB + 8 * next, event->status);
	ugvt_regfile_poke(regs, base + RING_CSB + 8 * next + 4, ugvt_hi32(event->descriptor));
	ugvt_regfile_update(regs, base + RING_CSB_PTR, 0x7, next);

	ugvt_guest_memory_begin(engine->vgpu->device.memory);
	ugvt_aspace_window(&engine->status_page);
	ugvt_aspace_write64(&engine->status_page, page + HWSP_CSB + 8 * next,
		ugvt_u64(event->status, ugvt_hi32(event->descriptor)));
	ugvt_aspace_write32(&engine->status_page, page + HWSP_CSB_PTR, next);
	ugvt_guest_memory_end(engine->vgpu->device.memory);

	ugvt_vgpu_irq_engine(engine->vgpu, engine->id, UGVT_GT_IRQ_CONTEXT_SWITCH);
}

static unsigned budget_of(const struct ugvt_engine *engine)
{
	bool alone = !engine->turns || ugvt_turn_is_endless(engine->turns, engine->id);

	return engine->id == UGVT_RCS && alone ? ENGINE_BUDGET_ALONE : ENGINE_BUDGET;
}

static enum ugvt_cs_stop context_run(
	struct ugvt_engine *engine, enum ugvt_ports_start start, uint64_t descriptor)
{
	enum ugvt_cs_stop stop;

	if (start == UGVT_PORTS_LOAD) {
		atomic_fetch_add(&engine->contexts, 1);
		if (!ugvt_cs_context_restore(engine->cs, descriptor)) {
			return UGVT_CS_HUNG;
		}
	} else if (start == UGVT_PORTS_UPDATE) {
		ugvt_cs_context_update(engine->cs);
	}
	stop = ugvt_cs_run(engine->cs, budget_of(engine));
	if (stop == UGVT_CS_IDLE || stop == UGVT_CS_PREEMPTED) {
		ugvt_cs_context_save(engine->cs);
	}
	return stop;
}

static void wait_sleep(struct ugvt_engine *engine)
{
	struct timespec until;
	uint64_t at;

	engine->wait_ns =
		engine->wait_ns == 0 ? WAIT_MIN_NS : UGVT_MIN(2 * engine->wait_ns, WAIT_MAX_NS);
	at = ugvt_clock_ns() + engine->wait_ns;
	until = (struct timespec){(time_t)(at / UGVT_NS_PER_S), (long)(at % UGVT_NS_PER_S)};
	pthread_cond_timedwait(&engine->wake, &engine->lock, &until);
}

/* Takes the turn. The lock is held at its start and end; false: it was not in between. */
static bool turn_take(struct ugvt_engine *engine)
{
	uint64_t began;
	bool taken;

	if (engine->has_turn || !engine->turns || ugvt_turn_try(engine->turns, engine->id)) {
		engine->has_turn = true;
		return true;
	}
	pthread_mutex_unlock(&engine->lock);
	began = ugvt_clock_ns();
	taken = ugvt_turn_wait(engine->turns, engine->id);
	atomic_fetch_add(&engine->waited_ns, ugvt_clock_ns() - began);
	pthread_mutex_lock(&engine->lock);
	engine->has_turn = taken;
	return false;
}

static void turn_give(struct ugvt_engine *engine, bool more)
{
	if (engine->has_turn && engine->turns) {
		ugvt_turn_end(engine->turns, engine->id, more);
	}
	engine->has_turn = false;
}

/* The slice is over: paused at this point, the work goes on with the next turn. */
static void turn_check(struct ugvt_engine *engine)
{
	bool more = has_work(engine);

	if (engine->has_turn && engine->turns && ugvt_turn_is_due(engine->turns, engine->id)) {
		atomic_fetch_add(&engine->preemptions, more);
		turn_give(engine, more);
	}
}

static void hang(struct ugvt_engine *engine)
{
	engine->hung = true;
	atomic_fetch_add(&engine->hangs, 1);
}

static uint32_t reg_peek(const struct ugvt_engine *engine, uint32_t offset)
{
	return ugvt_regfile_peek(&engine->vgpu->regs, engine->info->base + offset);
}

/* false: it is over its time. */
static bool deadline_charge(struct ugvt_engine *engine, uint64_t descriptor, uint64_t ns)
{
	return !ugvt_deadline_charge(
		&engine->deadline, descriptor, reg_peek(engine, RING_HEAD), ns);
}

/* A batch that never ends stops where it is. The guest's driver sees a hang, as of any engine. */
static void deadline_hang(struct ugvt_engine *engine)
{
	ugvt_guest_log(&engine->vgpu->guest_log,
		"%s: a batch does not end: stopped at 0x%08x after %llu ms", engine->info->name,
		reg_peek(engine, RING_ACTHD),
		(unsigned long long)(engine->deadline.limit_ns / UGVT_NS_PER_MS));
	hang(engine);
}

static void wait_give_way(struct ugvt_engine *engine, uint64_t descriptor)
{
	bool spins = ugvt_cs_is_spinning(engine->cs);
	uint64_t began = ugvt_clock_ns();

	turn_give(engine, false);
	wait_sleep(engine);
	if (spins && engine->stops == 0 && ugvt_ports_run(&engine->ports, descriptor) &&
		!deadline_charge(engine, descriptor, ugvt_clock_ns() - began)) {
		deadline_hang(engine);
	}
}

static void step_account(
	struct ugvt_engine *engine, enum ugvt_cs_stop stop, uint64_t descriptor, uint64_t ns)
{
	/* A semaphore may wait for others as long as it takes. A batch that spins is at work, even if we let it sleep. */
	bool waits = stop == UGVT_CS_WAIT && !ugvt_cs_is_spinning(engine->cs);

	if (stop == UGVT_CS_IDLE) {
		ugvt_deadline_forget(&engine->deadline, descriptor);
	} else if (stop == UGVT_CS_HUNG) {
		hang(engine);
	} else if (!waits && !deadline_charge(engine, descriptor, ns) &&
		   stop != UGVT_CS_PREEMPTED) {
		deadline_hang(engine);
	}
}

/* One step; the lock is held at its start and end. */
static void engine_step(struct ugvt_engine *engine)
{
	struct ugvt_ports_event event = ugvt_ports_begin(&engine->ports);
	uint64_t descriptor = ugvt_ports_descriptor(&engine->ports);
	enum ugvt_ports_start start = engine->ports.start;
	uint64_t began = ugvt_clock_ns();
	bool preempting = engine->ports.has_pending;
	enum ugvt_cs_stop stop;
	uint64_t took;

	engine->ports.start = UGVT_PORTS_CONTINUE;
	engine->running = true;
	if (preempting) {
		ugvt_cs_set_preempt(engine->cs, true);
	}
	ugvt_cs_set_yield(engine->cs, false);
	pthread_mutex_unlock(&engine->lock);
	csb_push(engine, &event);
	stop = context_run(engine, start, descriptor);
	pthread_mutex_lock(&engine->lock);

	took = ugvt_clock_ns() - began;
	atomic_fetch_add(&engine->busy_ns, took);
	step_account(engine, stop, descriptor, took);
	if (stop == UGVT_CS_IDLE || stop == UGVT_CS_PREEMPTED) {
		ugvt_cs_set_preempt(engine->cs, false);
		event = ugvt_ports_switch(&engine->ports, stop == UGVT_CS_IDLE);
		pthread_mutex_unlock(&engine->lock);
		csb_push(engine, &event);
		pthread_mutex_lock(&engine->lock);
	}
	engine->running = false;
	pthread_cond_broadcast(&engine->still);
	if (stop != UGVT_CS_WAIT) {
		engine->wait_ns = 0;
	} else if (engine->ports.has_pending == preempting && has_work(engine)) {
		wait_give_way(engine, descriptor);
	}
	turn_check(engine);
}

static void *engine_main(void *arg)
{
	struct ugvt_engine *engine = arg;

	/* From inside: to name another thread takes a file system. */
	pthread_setname_np(pthread_self(), engine->info->name);
	pthread_mutex_lock(&engine->lock);
	while (!engine->quit) {
		awake_note(engine);
		if (!has_work(engine)) {
			turn_give(engine, false);
			pthread_cond_wait(&engine->wake, &engine->lock);
		} else if (turn_take(engine)) {
			engine_step(engine);
		}
	}
	turn_give(engine, false);
	pthread_mutex_unlock(&engine->lock);
	return NULL;
}

static struct ugvt_engine *engine_from_host(struct ugvt_cs_host *host)
{
	return ugvt_container_of(host, struct ugvt_engine, host);
}

static uint32_t host_reg_read(struct ugvt_cs_host *host, uint32_t offset)
{
	struct ugvt_vgpu *vgpu = engine_from_host(host)->vgpu;
	uint32_t value;

	pthread_mutex_lock(&vgpu->lock);
	value = ugvt_regfile_read(&vgpu->regs, offset);
	pthread_mutex_unlock(&vgpu->lock);
	return value;
}

static void host_reg_write(struct ugvt_cs_host *host, uint32_t offset, uint32_t value)
{
	struct ugvt_vgpu *vgpu = engine_from_host(host)->vgpu;

	pthread_mutex_lock(&vgpu->lock);
	ugvt_regfile_write(&vgpu->regs, offset, value);
	pthread_mutex_unlock(&vgpu->lock);
}

static void host_interrupt(struct ugvt_cs_host *host, enum ugvt_engine_id id, uint32_t bits)
{
	ugvt_vgpu_irq_engine(engine_from_host(host)->vgpu, id, bits);
}

static uint64_t host_timestamp(struct ugvt_cs_host *host)
{
	return ugvt_vgpu_timestamp(engine_from_host(host)->vgpu);
}

static bool host_display_command(struct ugvt_cs_host *host, const uint32_t *dw, unsigned n)
{
	struct ugvt_vgpu *vgpu = engine_from_host(host)->vgpu;
	bool done;

	pthread_mutex_lock(&vgpu->lock);
	done = ugvt_display_command(vgpu->display, dw, n);
	pthread_mutex_unlock(&vgpu->lock);
	return done;
}

static const struct ugvt_cs_host_impl host_impl = {
	.reg_read = host_reg_read,
	.reg_write = host_reg_write,
	.interrupt = host_interrupt,
	.timestamp = host_timestamp,
	.display_command = host_display_command,
};

static void locks_init(struct ugvt_engine *engine)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&engine->lock, NULL);
	pthread_cond_init(&engine->still, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&engine->wake, &attr);
	pthread_condattr_destroy(&attr);
}

static void locks_finish(struct ugvt_engine *engine)
{
	pthread_cond_destroy(&engine->wake);
	pthread_cond_destroy(&engine->still);
	pthread_mutex_destroy(&engine->lock);
}

/* false: out of memory. What there is then is engine_free()'s. */
static bool streamer_create(struct ugvt_engine *engine)
{
	struct ugvt_cs_config config = {
		.engine = engine->id,
		.host = &engine->host,
		.regs = &engine->vgpu->regs,
		.memory = engine->vgpu->device.memory,
		.ggtt = &engine->vgpu->ggtt,
	};

	if (engine->id == UGVT_RCS) {
		engine->render = ugvt_pipeline_create();
		if (!engine->render) {
			return false;
		}
		config.render = engine->render;
		engine->compute = ugvt_compute_create();
		if (!engine->compute) {
			return false;
		}
		config.compute = engine->compute;
	}
	engine->cs = ugvt_cs_create(&config);
	return engine->cs != NULL;
}

static void engine_free(struct ugvt_engine *engine)
{
	locks_finish(engine);
	ugvt_cs_destroy(engine->cs);
	ugvt_render_destroy(engine->render);
	ugvt_compute_destroy(engine->compute);
	free(engine);
}

struct ugvt_engine *ugvt_engine_create(struct ugvt_vgpu *vgpu, enum ugvt_engine_id id)
{
	struct ugvt_engine *engine = calloc(1, sizeof(*engine));

	if (!engine) {
		return NULL;
	}
	engine->host.impl = &host_impl;
	engine->vgpu = vgpu;
	engine->info = &ugvt_engines[id];
	engine->id = id;
	ugvt_ports_reset(&engine->ports);
	engine->turns = vgpu->config.turns;
	ugvt_deadline_init(&engine->deadline, vgpu->config.deadline_ns);
	ugvt_aspace_init(&engine->status_page, vgpu->device.memory, &vgpu->ggtt);
	locks_init(engine);
	if (!streamer_create(engine) ||
		pthread_create(&engine->thread, NULL, engine_main, engine) != 0) {
		engine_free(engine);
		return NULL;
	}
	return engine;
}

void ugvt_engine_destroy(struct ugvt_engine *engine)
{
	if (!engine) {
		return;
	}
	pthread_mutex_lock(&engine->lock);
	engine->quit = true;
	ugvt_cs_set_yield(engine->cs, true);
	pthread_cond_signal(&engine->wake);
	pthread_mutex_unlock(&engine->lock);
	if (engine->turns) {
		ugvt_turn_cancel(engine->turns, engine->id);
	}
	pthread_join(engine->thread, NULL);
	engine_free(engine);
}

void ugvt_engine_submit(struct ugvt_engine *engine, const uint64_t descriptors[2])
{
	pthread_mutex_lock(&engine->lock);
	ugvt_ports_submit(&engine->ports, descriptors);
	awake_note(engine);
	/* Seen at the next boundary; whether it preempts is decided there. */
	if (engine->running) {
		ugvt_cs_set_yield(engine->cs, true);
	}
	pthread_cond_signal(&engine->wake);
	pthread_mutex_unlock(&engine->lock);
}

void ugvt_engine_stop_ring(struct ugvt_engine *engine, bool on)
{
	pthread_mutex_lock(&engine->lock);
	engine->ring_stopped = on;
	if (on) {
		ugvt_cs_set_yield(engine->cs, true);
	}
	pthread_cond_signal(&engine->wake);
	pthread_mutex_unlock(&engine->lock);
}

bool ugvt_engine_is_idle(struct ugvt_engine *engine)
{
	bool idle;

	pthread_mutex_lock(&engine->lock);
	idle = !engine->running && !has_work(engine);
	pthread_mutex_unlock(&engine->lock);
	return idle;
}

bool ugvt_engine_is_still(struct ugvt_engine *engine)
{
	bool still;

	pthread_mutex_lock(&engine->lock);
	still = !engine->running;
	pthread_mutex_unlock(&engine->lock);
	return still;
}

uint64_t ugvt_engine_execlist_status(struct ugvt_engine *engine)
{
	uint64_t status;

	pthread_mutex_lock(&engine->lock);
	status = ugvt_ports_status(&engine->ports);
	pthread_mutex_unlock(&engine->lock);
	return status;
}

void ugvt_engine_invalidate_tlb(struct ugvt_engine *engine)
{
	ugvt_cs_invalidate_tlb(engine->cs);
}

/* Both with the lock held. */
static void still_begin(struct ugvt_engine *engine)
{
	engine->stops++;
	ugvt_cs_set_yield(engine->cs, true);
	while (engine->running) {
		pthread_cond_wait(&engine->still, &engine->lock);
	}
}

static void still_end(struct ugvt_engine *engine)
{
	engine->stops--;
	pthread_cond_signal(&engine->wake);
}

void ugvt_engine_hold(struct ugvt_engine *engine)
{
	pthread_mutex_lock(&engine->lock);
	still_begin(engine);
	pthread_mutex_unlock(&engine->lock);
}

void ugvt_engine_release(struct ugvt_engine *engine)
{
	pthread_mutex_lock(&engine->lock);
	still_end(engine);
	pthread_mutex_unlock(&engine->lock);
}

void ugvt_engine_reset(struct ugvt_engine *engine)
{
	uint32_t base = engine->info->base;

	pthread_mutex_lock(&engine->lock);
	still_begin(engine);
	ugvt_cs_reset(engine->cs);
	ugvt_cs_set_preempt(engine->cs, false);
	ugvt_ports_reset(&engine->ports);
	awake_note(engine);
	engine->hung = false;
	engine->ring_stopped = false;
	ugvt_deadline_forget_all(&engine->deadline);
	ugvt_regfile_reset_range(&engine->vgpu->regs, base, base + ENGINE_BLOCK_SIZE - 1);
	atomic_fetch_add(&engine->resets, 1);
	still_end(engine);
	pthread_mutex_unlock(&engine->lock);
}

uint64_t ugvt_engine_awake_ns(struct ugvt_engine *engine, uint64_t now)
{
	uint64_t ns;

	pthread_mutex_lock(&engine->lock);
	ns = engine->awake_ns;
	if (engine->awake_since_ns > 0 && now > engine->awake_since_ns) {
		ns += now - engine->awake_since_ns;
	}
	pthread_mutex_unlock(&engine->lock);
	return ns;
}

void ugvt_engine_stats(struct ugvt_engine *engine, struct ugvt_vgpu_engine_stats *stats)
{
	const struct ugvt_cs_stats *cs = ugvt_cs_stats(engine->cs);

	*stats = (struct ugvt_vgpu_engine_stats){
		.busy_ns = atomic_load(&engine->busy_ns),
		.waited_ns = atomic_load(&engine->waited_ns),
		.batches = atomic_load(&cs->batches),
		.commands = atomic_load(&cs->commands),
		.contexts = atomic_load(&engine->contexts),
		.preemptions = atomic_load(&engine->preemptions),
		.resets = atomic_load(&engine->resets),
		.hangs = atomic_load(&engine->hangs),
		.faults = atomic_load(&cs->faults),
		.not_executed = atomic_load(&cs->not_executed),
	};
}
