/* SPDX-License-Identifier: MIT */
#include "vgpu/deadline.h"

#include <string.h>

#include "base/bits.h"

/* The LRCA: PRM SKL vol 6, "Context Descriptor Format"; never 0 in use, since i915 and others keep address 0 unmapped. One
 * that is counts as page 1's. */
static uint32_t lrca_of(uint64_t descriptor)
{
	uint32_t lrca = ugvt_lo32(descriptor) & UGVT_MASK(31, 12);

	return lrca != 0 ? lrca : 1;
}

void ugvt_deadline_init(struct ugvt_deadline *deadline, uint64_t limit_ns)
{
	*deadline = (struct ugvt_deadline){.limit_ns = limit_ns};
}

void ugvt_deadline_forget_all(struct ugvt_deadline *deadline)
{
	memset(deadline->contexts, 0, sizeof(deadline->contexts));
}

void ugvt_deadline_forget(struct ugvt_deadline *deadline, uint64_t descriptor)
{
	for (unsigned i = 0; i < UGVT_DEADLINE_CONTEXTS; i++) {
		if (deadline->contexts[i].lrca == lrca_of(descriptor)) {
			memset(&deadline->contexts[i], 0, sizeof(deadline->contexts[i]));
		}
	}
}

/* Its place, or that of the one with the shortest time; a free one has none. */
static unsigned place_find(const struct ugvt_deadline *deadline, uint32_t lrca)
{
	unsigned least = 0;

	for (unsigned i = 0; i < UGVT_DEADLINE_CONTEXTS; i++) {
		if (deadline->contexts[i].lrca == lrca) {
			return i;
		}
		if (deadline->contexts[i].ns < deadline->contexts[least].ns) {
			least = i;
		}
	}
	return least;
}

bool ugvt_deadline_charge(
	struct ugvt_deadline *deadline, uint64_t descriptor, uint32_t head, uint64_t ns)
{
	uint32_t lrca = lrca_of(descriptor);
	unsigned at = place_find(deadline, lrca);

	if (deadline->limit_ns == 0) {
		return false;
	}
	if (deadline->contexts[at].lrca != lrca || deadline->contexts[at].head != head) {
		deadline->contexts[at].lrca = lrca;
		deadline->contexts[at].head = head;
		deadline->contexts[at].ns = 0;
	}
	deadline->contexts[at].ns += ns;
	return deadline->contexts[at].ns > deadline->limit_ns;
}
