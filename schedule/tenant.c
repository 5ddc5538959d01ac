/* SPDX-License-Identifier: MIT */
#include "schedule/tenant.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct ugvt_tenant *ugvt_tenant_create(void)
{
	struct ugvt_tenant *tenant = calloc(1, sizeof(*tenant));

	if (!tenant) {
		return NULL;
	}
	tenant->doorbell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	tenant->page_fd = ugvt_turn_page_create();
	if (tenant->doorbell_fd < 0 || tenant->page_fd < 0 ||
		ugvt_turn_page_map(tenant->page_fd, &tenant->page) < 0) {
		ugvt_tenant_destroy(tenant);
		return NULL;
	}
	return tenant;
}

void ugvt_tenant_destroy(struct ugvt_tenant *tenant)
{
	ugvt_turn_page_unmap(tenant->page);
	if (tenant->page_fd >= 0) {
		close(tenant->page_fd);
	}
	if (tenant->doorbell_fd >= 0) {
		close(tenant->doorbell_fd);
	}
	free(tenant);
}

struct ugvt_tenant *ugvt_tenant_from_seat(struct ugvt_seat *seat, enum ugvt_engine_id engine)
{
	return ugvt_container_of(seat - engine, struct ugvt_tenant, seats);
}

static void holder_read(struct ugvt_seat *seat, const struct ugvt_seat_place *place, uint32_t state)
{
	struct ugvt_claim *claim = &seat->claim;

	switch (state) {
	case UGVT_TURN_RUNNING: return;
	case UGVT_TURN_WANTED: ugvt_policy_yield(place->policy, claim, place->now_ns); return;
	case UGVT_TURN_LEASE:
		/* In time to take the idle engine away; if not, it runs. */
		if (!claim->free &&
			ugvt_turn_word_change(place->word, UGVT_TURN_LEASE, UGVT_TURN_NONE)) {
			ugvt_policy_drop(place->policy, claim, place->now_ns);
		}
		return;
	default: ugvt_policy_drop(place->policy, claim, place->now_ns); return;
	}
}

static void other_read(struct ugvt_seat *seat, const struct ugvt_seat_place *place, uint32_t state)
{
	struct ugvt_claim *claim = &seat->claim;

	if (state == UGVT_TURN_RUNNING && seat->over) {
		return;
	}
	seat->over = false;
	if (state == UGVT_TURN_WANTED) {
		if (claim->state == UGVT_CLAIM_IDLE) {
			ugvt_policy_want(place->policy, claim, place->now_ns);
		}
		return;
	}
	/* Nothing was granted: what it says it does not have, and saying so does not bring it nearer. */
	ugvt_policy_drop(place->policy, claim, place->now_ns);
	if (state != UGVT_TURN_NONE) {
		atomic_store(&place->word->state, UGVT_TURN_NONE);
	}
}

void ugvt_seat_read(struct ugvt_seat *seat, const struct ugvt_seat_place *place)
{
	uint32_t state = atomic_load(&place->word->state);

	if (state > UGVT_TURN_LEASE) {
		atomic_store(&place->word->state, UGVT_TURN_NONE);
		state = UGVT_TURN_NONE;
	}
	if (seat->claim.state == UGVT_CLAIM_HOLDING) {
		holder_read(seat, place, state);
	} else {
		other_read(seat, place, state);
	}
}

bool ugvt_seat_publish(struct ugvt_seat *seat, const struct ugvt_seat_place *place)
{
	struct ugvt_claim *claim = &seat->claim;

	if (claim->state != UGVT_CLAIM_HOLDING) {
		return true;
	}
	if (seat->granted || seat->published_ns != claim->until_ns) {
		seat->published_ns = claim->until_ns;
		atomic_store(&place->word->until_ns, claim->until_ns);
	}
	if (!seat->granted) {
		return true;
	}
	seat->granted = false;
	if (!ugvt_turn_word_change(place->word, UGVT_TURN_WANTED, UGVT_TURN_RUNNING)) {
		ugvt_policy_drop(place->policy, claim, place->now_ns);
		return false;
	}
	seat->grants++;
	ugvt_turn_word_wake(place->word);
	return true;
}

void ugvt_seat_enforce(
	struct ugvt_seat *seat, const struct ugvt_seat_place *place, uint64_t grace_ns)
{
	struct ugvt_claim *claim = &seat->claim;

	if (claim->state != UGVT_CLAIM_HOLDING || claim->free ||
		place->now_ns < claim->until_ns + grace_ns) {
		return;
	}
	/* It may have given it back without a word. */
	ugvt_seat_read(seat, place);
	if (claim->state == UGVT_CLAIM_HOLDING) {
		seat->over = true;
		seat->over_since_ns = claim->until_ns;
		seat->overruns++;
		ugvt_policy_drop(place->policy, claim, place->now_ns);
	}
}
