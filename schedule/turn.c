/* SPDX-License-Identifier: MIT */
#include "schedule/turn.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "schedule/page.h"

/* A wait that lasts so long rings again, and if then nobody looked for as long, there is no arbiter. */
#define SIGN_OF_LIFE_MS 500

/* A turn that began late, on a processor that was busy, is worth so much at least: the other end is patient, see
 * schedule/arbiter.h. */
#define RUN_MIN_NS (500 * UGVT_NS_PER_US)

/* A page and the doorbell beside it. */
struct governor {
	unsigned users; // under turns->lock
	struct ugvt_turn_page *page;
	int doorbell_fd;
};

/* Of one engine; its thread's. */
struct seat {
	struct governor *governor; // used; NULL: none. Changed under turns->lock
	uint64_t began_ns;         // of a turn that was waited for; else 0
	bool orphaned;             // the arbiter was dead when its pulse was this
	uint32_t pulse;
};

struct ugvt_turns {
	pthread_mutex_t lock;
	_Atomic(struct governor *) current; // changed under lock; NULL: none
	struct seat seats[UGVT_ENGINE_COUNT];
	atomic_bool cancelled[UGVT_ENGINE_COUNT];
};

static void bell_ring(const struct governor *governor)
{
	uint64_t one = 1;

	/* It can only fail when it has not been answered for centuries. */
	if (write(governor->doorbell_fd, &one, sizeof(one)) < 0) {
		return;
	}
}

/* With the lock held. */
static void governor_put(struct governor *governor)
{
	if (governor && --governor->users == 0) {
		ugvt_turn_page_unmap(governor->page);
		close(governor->doorbell_fd);
		free(governor);
	}
}

struct ugvt_turns *ugvt_turns_create(void)
{
	struct ugvt_turns *turns = calloc(1, sizeof(*turns));

	if (turns) {
		pthread_mutex_init(&turns->lock, NULL);
	}
	return turns;
}

void ugvt_turns_destroy(struct ugvt_turns *turns)
{
	if (!turns) {
		return;
	}
	ugvt_turns_ungovern(turns);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		struct seat *seat = &turns->seats[id];

		/* Granted, and nobody was there any more to take it. */
		ugvt_turn_end(turns, (enum ugvt_engine_id)id, false);
		governor_put(seat->governor);
	}
	pthread_mutex_destroy(&turns->lock);
	free(turns);
}

/* Ends waiting on the word; who waits looks what has changed. */
static void word_disturb(const struct governor *governor, unsigned engine)
{
	struct ugvt_turn_word *word = &governor->page->engines[engine];

	if (ugvt_turn_word_change(word, UGVT_TURN_WANTED, UGVT_TURN_NONE)) {
		ugvt_turn_word_wake(word);
		bell_ring(governor);
	}
}

/* An engine that runs notices by itself. */
static void governor_retire(struct governor *governor)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		struct ugvt_turn_word *word = &governor->page->engines[id];

		word_disturb(governor, id);
		if (ugvt_turn_word_change(word, UGVT_TURN_LEASE, UGVT_TURN_NONE)) {
			bell_ring(governor);
		}
	}
}

static void governor_replace(struct ugvt_turns *turns, struct governor *governor)
{
	struct governor *old;

	pthread_mutex_lock(&turns->lock);
	old = atomic_exchange(&turns->current, governor);
	if (old) {
		governor_retire(old);
		governor_put(old);
	}
	pthread_mutex_unlock(&turns->lock);
}

int ugvt_turns_govern(struct ugvt_turns *turns, int page_fd, int doorbell_fd)
{
	struct governor *governor = calloc(1, sizeof(*governor));
	int ret = governor ? ugvt_turn_page_map(page_fd, &governor->page) : -ENOMEM;

	close(page_fd);
	if (ret < 0) {
		close(doorbell_fd);
		free(governor);
		return ret;
	}
	governor->users = 1;
	governor->doorbell_fd = doorbell_fd;
	governor_replace(turns, governor);
	return 0;
}

void ugvt_turns_ungovern(struct ugvt_turns *turns)
{
	governor_replace(turns, NULL);
}

static struct ugvt_turn_word *seat_word(const struct seat *seat, enum ugvt_engine_id engine)
{
	return &seat->governor->page->engines[engine];
}

static bool is_current(const struct ugvt_turns *turns, const struct seat *seat)
{
	return atomic_load(&turns->current) == seat->governor;
}

static void seat_update(struct ugvt_turns *turns, struct seat *seat)
{
	struct governor *old = seat->governor;

	if (is_current(turns, seat)) {
		return;
	}
	pthread_mutex_lock(&turns->lock);
	seat->governor = atomic_load(&turns->current);
	if (seat->governor) {
		seat->governor->users++;
	}
	governor_put(old);
	pthread_mutex_unlock(&turns->lock);
	seat->orphaned = false;
}

/* Ungoverned, if only for the time being. */
static bool seat_is_free(const struct seat *seat)
{
	return !seat->governor ||
	       (seat->orphaned && atomic_load(&seat->governor->page->pulse) == seat->pulse);
}

bool ugvt_turn_try(struct ugvt_turns *turns, enum ugvt_engine_id engine)
{
	struct seat *seat = &turns->seats[engine];

	if (!is_current(turns, seat)) {
		return false;
	}
	if (seat_is_free(seat)) {
		return true;
	}
	seat->orphaned = false;
	seat->began_ns = 0;
	return ugvt_turn_word_change(seat_word(seat, engine), UGVT_TURN_LEASE, UGVT_TURN_RUNNING);
}

/* Nobody answered in time. false: for the second time. */
static bool patience(struct seat *seat, bool *rung)
{
	uint32_t pulse = atomic_load(&seat->governor->page->pulse);

	if (*rung && pulse == seat->pulse) {
		return false;
	}
	*rung = true;
	seat->pulse = pulse;
	bell_ring(seat->governor);
	return true;
}

/* Of a governed seat. false: things have changed. */
static bool grant_wait(struct ugvt_turns *turns, struct seat *seat, enum ugvt_engine_id engine)
{
	struct ugvt_turn_word *word = seat_word(seat, engine);
	bool rung = false;

	if (ugvt_turn_word_change(word, UGVT_TURN_LEASE, UGVT_TURN_RUNNING)) {
		return true;
	}
	if (ugvt_turn_word_change(word, UGVT_TURN_NONE, UGVT_TURN_WANTED)) {
		bell_ring(seat->governor);
	}
	while (is_current(turns, seat) && !atomic_load(&turns->cancelled[engine]) &&
		atomic_load(&word->state) == UGVT_TURN_WANTED) {
		if (!ugvt_turn_word_wait(word, SIGN_OF_LIFE_MS) && !patience(seat, &rung)) {
			seat->orphaned =
				ugvt_turn_word_change(word, UGVT_TURN_WANTED, UGVT_TURN_NONE);
			return seat->orphaned;
		}
	}
	if (atomic_load(&word->state) == UGVT_TURN_RUNNING) {
		seat->began_ns = ugvt_clock_ns();
		return true;
	}
	if (ugvt_turn_word_change(word, UGVT_TURN_WANTED, UGVT_TURN_NONE)) {
		bell_ring(seat->governor);
	}
	return false;
}

bool ugvt_turn_wait(struct ugvt_turns *turns, enum ugvt_engine_id engine)
{
	struct seat *seat = &turns->seats[engine];

	while (!atomic_load(&turns->cancelled[engine])) {
		seat_update(turns, seat);
		if (seat_is_free(seat)) {
			return true;
		}
		seat->orphaned = false;
		if (grant_wait(turns, seat, engine)) {
			return true;
		}
	}
	return false;
}

bool ugvt_turn_is_due(struct ugvt_turns *turns, enum ugvt_engine_id engine)
{
	struct seat *seat = &turns->seats[engine];
	uint64_t until, now;

	if (!is_current(turns, seat)) {
		return true;
	}
	if (!seat->governor) {
		return false;
	}
	if (seat->orphaned) {
		return !seat_is_free(seat);
	}
	until = atomic_load(&seat_word(seat, engine)->until_ns);
	if (until == UGVT_TURN_ENDLESS) {
		return false;
	}
	now = ugvt_clock_ns();
	return now >= until && now >= seat->began_ns + RUN_MIN_NS;
}

bool ugvt_turn_is_endless(struct ugvt_turns *turns, enum ugvt_engine_id engine)
{
	struct seat *seat = &turns->seats[engine];

	return is_current(turns, seat) &&
	       (!seat->governor || seat->orphaned ||
		       atomic_load(&seat_word(seat, engine)->until_ns) == UGVT_TURN_ENDLESS);
}

/* Keeps the engine for the next time, if nobody wants it. */
static bool lease_keep(struct ugvt_turn_word *word)
{
	if (atomic_load(&word->until_ns) != UGVT_TURN_ENDLESS ||
		!ugvt_turn_word_change(word, UGVT_TURN_RUNNING, UGVT_TURN_LEASE)) {
		return false;
	}
	return atomic_load(&word->until_ns) == UGVT_TURN_ENDLESS ||
	       !ugvt_turn_word_change(word, UGVT_TURN_LEASE, UGVT_TURN_RUNNING);
}

void ugvt_turn_end(struct ugvt_turns *turns, enum ugvt_engine_id engine, bool more)
{
	struct seat *seat = &turns->seats[engine];
	bool current = is_current(turns, seat);
	struct ugvt_turn_word *word;

	if (!seat->governor || seat->orphaned) {
		return;
	}
	word = seat_word(seat, engine);
	if (current && !more && lease_keep(word)) {
		return;
	}
	if (ugvt_turn_word_change(
		    word, UGVT_TURN_RUNNING, current && more ? UGVT_TURN_WANTED : UGVT_TURN_NONE)) {
		bell_ring(seat->governor);
	}
}

void ugvt_turn_cancel(struct ugvt_turns *turns, enum ugvt_engine_id engine)
{
	struct seat *seat = &turns->seats[engine];

	pthread_mutex_lock(&turns->lock);
	atomic_store(&turns->cancelled[engine], true);
	if (seat->governor) {
		word_disturb(seat->governor, engine);
	}
	pthread_mutex_unlock(&turns->lock);
}
