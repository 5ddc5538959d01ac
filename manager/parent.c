/* SPDX-License-Identifier: MIT */
#include "manager/parent.h"

#include <assert.h>
#include <inttypes.h>

#include "base/bits.h"

/* What the host keeps, as in kernel GVT-g (i915 gvt/gvt.h: HOST_LOW_GM_SIZE, HOST_HIGH_GM_SIZE, HOST_FENCE). */
#define HOST_LOW_GM (128 * UGVT_MB)
#define HOST_HIGH_GM (384 * UGVT_MB)
#define HOST_FENCES 4

/* Fence registers of Gen9 (i915 intel_ggtt_fencing.c): a driver that sees bare hardware uses them all. */
#define GPU_FENCES 32

static uint64_t above(uint64_t size, uint64_t floor)
{
	return size > floor ? size - floor : 0;
}

void ugvt_parent_init(struct ugvt_parent *parent, const struct ugvt_parent_config *config)
{
	*parent = (struct ugvt_parent){
		.config = config,
		.left =
			{
				.low_gm = above(config->aperture, HOST_LOW_GM),
				.high_gm = above(config->ggtt - config->aperture, HOST_HIGH_GM),
				.fences = config->fences - HOST_FENCES,
			},
	};
}

struct ugvt_share ugvt_parent_share(const struct ugvt_parent *parent, const struct ugvt_type *type)
{
	if (type->direct) {
		return (struct ugvt_share){
			.low_gm = parent->config->aperture,
			.high_gm = parent->config->ggtt - parent->config->aperture,
			.fences = GPU_FENCES,
		};
	}
	return (struct ugvt_share){
		.low_gm = type->low_gm,
		.high_gm = type->high_gm,
		.fences = type->fences,
	};
}

/* Kernel GVT-g looks only at the low memory here. */
bool ugvt_parent_offers(const struct ugvt_parent *parent, const struct ugvt_type *type)
{
	return type->direct || above(parent->config->aperture, HOST_LOW_GM) >= type->low_gm;
}

unsigned ugvt_parent_available(const struct ugvt_parent *parent, const struct ugvt_type *type)
{
	uint64_t n = UGVT_PARENT_VGPUS_MAX - parent->n_vgpus;

	if (parent->direct) {
		return 0;
	}
	if (type->direct) {
		return parent->n_vgpus == 0;
	}
	n = UGVT_MIN(n, parent->left.low_gm / type->low_gm);
	n = UGVT_MIN(n, parent->left.high_gm / type->high_gm);
	return (unsigned)UGVT_MIN(n, parent->left.fences / type->fences);
}

static bool no_room(const struct ugvt_parent *parent, const struct ugvt_type *type,
	struct ugvt_failure *failure)
{
	const char *name = parent->config->name;

	if (parent->direct) {
		return ugvt_fail(failure, UGVT_FAILURE_NO_ROOM,
			"no room on %s: all of it is given to a vGPU of type direct; stop that one first",
			name);
	}
	if (type->direct) {
		return ugvt_fail(failure, UGVT_FAILURE_NO_ROOM,
			"no room on %s: type %s needs it to itself, and %u %s it; stop %s first",
			name, type->id, parent->n_vgpus,
			parent->n_vgpus == 1 ? "vGPU uses" : "vGPUs use",
			parent->n_vgpus == 1 ? "that one" : "those");
	}
	return ugvt_fail(failure, UGVT_FAILURE_NO_ROOM,
		"no room for %s on %s: it takes %" PRIu64 " MB low and %" PRIu64
		" MB high graphics memory and %u fences; free are %" PRIu64 " MB low, %" PRIu64
		" MB high, %u fences and %u of %d vGPUs; stop a vGPU or take a smaller type",
		type->id, name, type->low_gm / UGVT_MB, type->high_gm / UGVT_MB, type->fences,
		parent->left.low_gm / UGVT_MB, parent->left.high_gm / UGVT_MB, parent->left.fences,
		UGVT_PARENT_VGPUS_MAX - parent->n_vgpus, UGVT_PARENT_VGPUS_MAX);
}

bool ugvt_parent_reserve(
	struct ugvt_parent *parent, const struct ugvt_type *type, struct ugvt_failure *failure)
{
	if (!ugvt_parent_offers(parent, type)) {
		return ugvt_fail(failure, UGVT_FAILURE_NOT_FOUND,
			"%s does not offer type %s: its aperture is too small",
			parent->config->name, type->id);
	}
	if (ugvt_parent_available(parent, type) == 0) {
		return no_room(parent, type, failure);
	}
	parent->n_vgpus++;
	parent->direct = type->direct;
	parent->left.low_gm -= type->low_gm;
	parent->left.high_gm -= type->high_gm;
	parent->left.fences -= type->fences;
	return true;
}

void ugvt_parent_release(struct ugvt_parent *parent, const struct ugvt_type *type)
{
	assert(parent->n_vgpus > 0);
	parent->n_vgpus--;
	parent->direct = false;
	parent->left.low_gm += type->low_gm;
	parent->left.high_gm += type->high_gm;
	parent->left.fences += type->fences;
}
