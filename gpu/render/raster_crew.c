/* SPDX-License-Identifier: MIT */
#include "gpu/render/raster_crew.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"

/*
 * A call is a number that grows. Members join the one that is there, and take tiles; when there are none left its caller closes it, and
 * waits for those that joined: a member that comes late, because the machine has other things to do, holds up nobody. Between calls
 * members look out for the next one for a while, giving way to whoever wants their processor, before they sleep.
 */

enum {
	STACK_BYTES = 1 << 20,
	LOOKS = 64, // between two looks at the clock
	LOOKOUT_NS =
		60000, // as long as a driver takes from one short draw to the next, or the next batch
	AWAIT_LOOKS = 1000, // for what members have yet to do: some tiles' worth
};

/* Of a call's word: how many have joined, whether it is over, and above that its number. */
#define CALL_JOINED UINT64_C(0xff)
#define CALL_CLOSED UINT64_C(0x100)
#define CALL_NEXT UINT64_C(0x200)
#define CALL_NUMBER(call) ((call) / CALL_NEXT)

struct member {
	struct ugvt_crew *crew;
	pthread_t thread;
	bool begun; // this draw
	int64_t budget;
	uint64_t faults;                  // of as, before it ran
	struct ugvt_functions *functions; // may be NULL
	struct ugvt_aspace as;
	struct ugvt_drawer drawer;
};

struct ugvt_crew {
	pid_t process;
	unsigned count;
	struct ugvt_crew_work *work;
	struct member *members[UGVT_CREW_MAX];

	_Atomic uint64_t call;
	_Atomic unsigned finished; // of those that joined
	_Atomic unsigned lookouts; // members that wait for the next call, awake
	_Atomic unsigned sleeping; // and those that don't
	_Atomic bool awaited;      // the caller sleeps
	_Atomic bool quit;
	pthread_mutex_t lock; // of going to sleep
	pthread_cond_t called;
	pthread_cond_t done;
};

static bool is_wanted(const struct ugvt_draw *draw)
{
	const struct ugvt_attention *attention = &draw->attention;

	return ugvt_guest_memory_contended(draw->as->memory) ||
	       (attention->word && atomic_load_explicit(attention->word, memory_order_acquire) &
					   attention->bits);
}

/* Takes tiles until there is none, the budget is used up, or somebody waits; one at least. */
static bool tiles_draw(struct ugvt_crew_work *work, struct ugvt_drawer *drawer, int64_t *budget)
{
	bool first = true;

	while (ugvt_drawer_run(drawer, budget)) {
		unsigned next;

		if (!first && is_wanted(work->draw->draw)) {
			return false;
		}
		first = false;
		next = atomic_fetch_add_explicit(&work->taken, 1, memory_order_relaxed);

		if (next >= work->bins->touched) {
			/* So that it does not grow for ever. */
			atomic_store_explicit(
				&work->taken, work->bins->touched, memory_order_relaxed);
			return true;
		}
		ugvt_drawer_take(drawer, work->bins->touch[next]);
	}
	return false;
}

/* In a window: what a draw needs before a member's first run. */
static void member_begin(struct member *member)
{
	const struct ugvt_crew_work *work = member->crew->work;

	if (member->begun) {
		return;
	}
	member->begun = true;
	if (member->functions) {
		ugvt_functions_begin(member->functions, work->draw->draw->state, &member->as);
	}
	ugvt_pixel_begin(&member->drawer.pixel, work->draw, &member->as);
	if (work->depth) {
		ugvt_pixel_need_depth(&member->drawer.pixel);
	}
	ugvt_drawer_begin(&member->drawer, work->bins);
}

static void member_window(struct member *member)
{
	if (member->functions) {
		ugvt_functions_window(member->functions);
	}
	ugvt_pixel_window(&member->drawer.pixel);
}

static void member_work(struct member *member)
{
	member_begin(member);
	member_window(member);
	tiles_draw(member->crew->work, &member->drawer, &member->budget);
}

static inline void pause_briefly(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

/* Whether there is a call after that, or never will be. */
static bool is_called(const struct ugvt_crew *crew, uint64_t number)
{
	return CALL_NUMBER(atomic_load(&crew->call)) != number || atomic_load(&crew->quit);
}

static bool call_look_out(struct ugvt_crew *crew, uint64_t number)
{
	uint64_t end = ugvt_clock_ns() + LOOKOUT_NS;
	bool called;

	atomic_fetch_add(&crew->lookouts, 1);
	do {
		for (unsigned i = 0; i < LOOKS && !is_called(crew, number); i++) {
			pause_briefly();
		}
		called = is_called(crew, number);
		if (!called) {
			sched_yield();
		}
	} while (!called && ugvt_clock_ns() < end);
	atomic_fetch_sub(&crew->lookouts, 1);
	return called;
}

static void call_sleep(struct ugvt_crew *crew, uint64_t number)
{
	pthread_mutex_lock(&crew->lock);
	atomic_fetch_add(&crew->sleeping, 1);
	while (!is_called(crew, number)) {
		pthread_cond_wait(&crew->called, &crew->lock);
	}
	atomic_fetch_sub(&crew->sleeping, 1);
	pthread_mutex_unlock(&crew->lock);
}

static bool call_join(struct ugvt_crew *crew, uint64_t number)
{
	uint64_t call = atomic_load(&crew->call);

	while (CALL_NUMBER(call) == number && !(call & CALL_CLOSED)) {
		if (atomic_compare_exchange_weak(&crew->call, &call, call + 1)) {
			return true;
		}
	}
	return false;
}

static void call_finish(struct ugvt_crew *crew)
{
	atomic_fetch_add(&crew->finished, 1);
	if (atomic_load(&crew->awaited)) {
		pthread_mutex_lock(&crew->lock);
		pthread_cond_signal(&crew->done);
		pthread_mutex_unlock(&crew->lock);
	}
}

static void *member_main(void *argument)
{
	struct member *member = argument;
	struct ugvt_crew *crew = member->crew;
	uint64_t number = 0;

	while (!atomic_load(&crew->quit)) {
		if (number == 0 || !call_look_out(crew, number)) {
			call_sleep(crew, number);
		}
		number = CALL_NUMBER(atomic_load(&crew->call));
		if (call_join(crew, number)) {
			member_work(member);
			call_finish(crew);
		}
	}
	return NULL;
}

static void member_destroy(struct member *member)
{
	ugvt_functions_destroy(member->functions);
	free(member);
}

/* Its thread has not started. */
static struct member *member_create(struct ugvt_crew *crew, bool functions)
{
	size_t size = UGVT_ALIGN_UP(sizeof(struct member), (size_t)64);
	struct member *member = aligned_alloc(64, size);

	if (!member) {
		return NULL;
	}
	memset(member, 0, size);
	member->crew = crew;
	member->drawer.entry = UGVT_BINS_NONE;
	if (functions) {
		member->functions = ugvt_functions_create(UGVT_FUNCTIONS_PS);
		if (!member->functions) {
			free(member);
			return NULL;
		}
		member->drawer.pixel.others = ugvt_functions_port(member->functions);
	}
	return member;
}

static bool thread_start(struct member *member)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&member->thread, &attributes, member_main, member);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return error == 0;
}

static bool member_add(struct ugvt_crew *crew, bool functions)
{
	struct member *member = member_create(crew, functions);

	if (!member) {
		return false;
	}
	member->drawer.pixel.index = crew->count + 1;
	if (!thread_start(member)) {
		member_destroy(member);
		return false;
	}
	crew->members[crew->count++] = member;
	return true;
}

struct ugvt_crew *ugvt_crew_create(unsigned threads, bool functions)
{
	struct ugvt_crew *crew = calloc(1, sizeof(*crew));

	if (!crew) {
		return NULL;
	}
	crew->process = getpid();
	crew->call = CALL_CLOSED;
	pthread_mutex_init(&crew->lock, NULL);
	pthread_cond_init(&crew->called, NULL);
	pthread_cond_init(&crew->done, NULL);
	for (unsigned i = 0; i < UGVT_MIN(threads, (unsigned)UGVT_CREW_MAX); i++) {
		if (!member_add(crew, functions)) {
			break;
		}
	}
	if (crew->count == 0) {
		ugvt_crew_destroy(crew);
		return NULL;
	}
	return crew;
}

bool ugvt_crew_is_there(const struct ugvt_crew *crew)
{
	return crew->process == getpid();
}

bool ugvt_crew_is_awake(const struct ugvt_crew *crew)
{
	return atomic_load(&crew->lookouts) > 0;
}

static void threads_end(struct ugvt_crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	atomic_store(&crew->quit, true);
	pthread_cond_broadcast(&crew->called);
	pthread_mutex_unlock(&crew->lock);
	for (unsigned i = 0; i < crew->count; i++) {
		pthread_join(crew->members[i]->thread, NULL);
	}
	pthread_cond_destroy(&crew->done);
	pthread_cond_destroy(&crew->called);
	pthread_mutex_destroy(&crew->lock);
}

void ugvt_crew_destroy(struct ugvt_crew *crew)
{
	if (!crew) {
		return;
	}
	/* After a fork they are the parent's, and who knows in which state the lock is. */
	if (ugvt_crew_is_there(crew)) {
		threads_end(crew);
	}
	for (unsigned i = 0; i < crew->count; i++) {
		member_destroy(crew->members[i]);
	}
	free(crew);
}

void ugvt_crew_begin(struct ugvt_crew *crew, struct ugvt_crew_work *work)
{
	crew->work = work;
	for (unsigned i = 0; i < crew->count; i++) {
		crew->members[i]->begun = false;
	}
}

/* With what the caller knows of where pages are: it is as fresh as can be. */
static void members_prepare(struct ugvt_crew *crew, int64_t budget)
{
	for (unsigned i = 0; i < crew->count; i++) {
		struct member *member = crew->members[i];

		member->as = *crew->work->draw->draw->as;
		member->faults = member->as.faults;
		member->budget = budget;
	}
}

/* What a member has begun it alone can go on with: then all have to come. */
static bool is_begun(const struct ugvt_crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++) {
		const struct member *member = crew->members[i];

		if (member->begun && !ugvt_drawer_is_idle(&member->drawer)) {
			return true;
		}
	}
	return false;
}

static void call_open(struct ugvt_crew *crew, bool wake)
{
	uint64_t number = CALL_NUMBER(atomic_load(&crew->call)) + 1;

	atomic_store(&crew->finished, 0);
	atomic_store(&crew->call, number * CALL_NEXT);
	if (wake && atomic_load(&crew->sleeping) > 0) {
		pthread_mutex_lock(&crew->lock);
		pthread_cond_broadcast(&crew->called);
		pthread_mutex_unlock(&crew->lock);
	}
}

static void members_await(struct ugvt_crew *crew, unsigned members)
{
	for (unsigned i = 0; i < AWAIT_LOOKS; i++) {
		if (atomic_load(&crew->finished) >= members) {
			return;
		}
		pause_briefly();
	}
	pthread_mutex_lock(&crew->lock);
	atomic_store(&crew->awaited, true);
	while (atomic_load(&crew->finished) < members) {
		pthread_cond_wait(&crew->done, &crew->lock);
	}
	atomic_store(&crew->awaited, false);
	pthread_mutex_unlock(&crew->lock);
}

/* all: also those that have not joined yet. */
static void call_close(struct ugvt_crew *crew, bool all)
{
	if (all) {
		members_await(crew, crew->count);
		atomic_fetch_or(&crew->call, CALL_CLOSED);
	} else {
		uint64_t call = atomic_fetch_or(&crew->call, CALL_CLOSED);

		members_await(crew, (unsigned)(call & CALL_JOINED));
	}
}

static void faults_add(struct ugvt_crew *crew)
{
	struct ugvt_aspace *as = crew->work->draw->draw->as;

	for (unsigned i = 0; i < crew->count; i++) {
		struct member *member = crew->members[i];

		if (member->as.faults != member->faults) {
			as->faults += member->as.faults - member->faults;
			as->fault = member->as.fault;
			member->faults = member->as.faults;
		}
	}
}

bool ugvt_crew_run(struct ugvt_crew *crew, struct ugvt_drawer *own, int64_t *budget, bool wake)
{
	bool all = is_begun(crew);
	bool done;

	members_prepare(crew, *budget);
	call_open(crew, wake || all);
	ugvt_pixel_window(&own->pixel);
	done = tiles_draw(crew->work, own, budget);
	call_close(crew, all);
	faults_add(crew);
	for (unsigned i = 0; i < crew->count; i++) {
		struct member *member = crew->members[i];

		*budget = UGVT_MIN(*budget, member->budget);
		done = done && ugvt_drawer_is_idle(&member->drawer);
	}
	return done;
}

/* What a member has begun it alone can end; its thread need not. */
static bool member_finish(struct member *member, int64_t *budget)
{
	bool done;

	if (!member->begun || ugvt_drawer_is_idle(&member->drawer)) {
		return true;
	}
	member->as = *member->crew->work->draw->draw->as;
	member->faults = member->as.faults;
	member_window(member);
	done = ugvt_drawer_run(&member->drawer, budget);
	return done;
}

bool ugvt_crew_run_alone(struct ugvt_crew *crew, struct ugvt_crew_work *work,
	struct ugvt_drawer *own, int64_t *budget)
{
	bool done = true;

	for (unsigned i = 0; crew && i < crew->count && done; i++) {
		done = member_finish(crew->members[i], budget);
	}
	if (crew) {
		faults_add(crew);
	}
	ugvt_pixel_window(&own->pixel);
	return done && tiles_draw(work, own, budget);
}

void ugvt_crew_counts(struct ugvt_crew *crew, struct ugvt_render_counts *counts)
{
	for (unsigned i = 0; i < crew->count; i++) {
		struct ugvt_render_counts *from = &crew->members[i]->drawer.pixel.counts;

		counts->ps_invocations += from->ps_invocations;
		counts->ps_depth_count += from->ps_depth_count;
		*from = (struct ugvt_render_counts){0};
	}
}

void ugvt_crew_abort(struct ugvt_crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++) {
		ugvt_drawer_abort(&crew->members[i]->drawer);
		crew->members[i]->begun = false;
	}
}
