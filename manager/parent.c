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
				.low_gm = (int64_t)above(config->aperture, HOST_LOW_GM),
				.high_gm = (int64_t)above(
					config->ggtt - config->aperture, HOST_HIGH_GM),
				.fences = (int64_t)above(config->fences, HOST_FENCES),
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

static unsigned vgpus_max(const struct ugvt_parent *parent)
{
	return parent->config->vgpus ? parent->config->vgpus : UGVT_PARENT_VGPUS_MAX;
}

static unsigned vgpus_left(const struct ugvt_parent *parent)
{
	return (unsigned)above(vgpus_max(parent), parent->n_vgpus);
}

bool ugvt_parent_offers(const struct ugvt_parent *parent, const struct ugvt_type *type)
{
	const struct ugvt_parent_config *config = parent->config;

	if (type->direct) {
		return true;
	}
	if (config->vgpus) {
		return type->low_gm <= config->aperture &&
		       type->low_gm + type->high_gm <= config->ggtt &&
		       type->fences <= config->fences;
	}
	/* Kernel GVT-g looks only at the low memory here. */
	return above(config->aperture, HOST_LOW_GM) >= type->low_gm;
}

static unsigned fits(int64_t left, uint64_t size)
{
	return left > 0 ? (unsigned)UGVT_MIN((uint64_t)left / size, UINT16_MAX) : 0;
}

unsigned ugvt_parent_available(const struct ugvt_parent *parent, const struct ugvt_type *type)
{
	unsigned n = vgpus_left(parent);

	if (parent->config->vgpus) {
		return ugvt_parent_offers(parent, type) ? n : 0;
	}
	if (parent->n_direct > 0) {
		return 0;
	}
	if (type->direct) {
		return parent->n_vgpus == 0;
	}
	n = UGVT_MIN(n, fits(parent->left.low_gm, type->low_gm));
	n = UGVT_MIN(n, fits(parent->left.high_gm, type->high_gm));
	return UGVT_MIN(n, fits(parent->left.fences, type->fences));
}

static bool no_room(const struct ugvt_parent *parent, const struct ugvt_type *type,
	struct ugvt_failure *failure)
{
	const char *name = parent->config->name;

	if (parent->config->vgpus) {
		return ugvt_fail(failure, UGVT_FAILURE_NO_ROOM,
			"no room on %s: it takes %u vGPUs, and all are there; stop one, or set 'vgpus' "
			"higher in the configuration",
			name, vgpus_max(parent));
	}
	if (parent->n_direct > 0) {
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
		" MB high graphics memory and %u fences; free are %" PRIi64 " MB low, %" PRIi64
		" MB high, %" PRIi64
		" fences and %u of %u vGPUs; stop a vGPU or take a smaller type",
		type->id, name, type->low_gm / UGVT_MB, type->high_gm / UGVT_MB, type->fences,
		UGVT_MAX(parent->left.low_gm, 0) / (int64_t)UGVT_MB,
		UGVT_MAX(parent->left.high_gm, 0) / (int64_t)UGVT_MB,
		UGVT_MAX(parent->left.fences, 0), vgpus_left(parent), vgpus_max(parent));
}

bool ugvt_parent_reserve(
	struct ugvt_parent *parent, const struct ugvt_type *type, struct ugvt_failure *failure)
{
	if (!ugvt_parent_offers(parent, type)) {
		return ugvt_fail(failure, UGVT_FAILURE_NOT_FOUND, "%s does not offer type %s: %s",
			parent->config->name, type->id,
			parent->config->vgpus ? "it is larger than the parent"
					      : "its aperture is too small");
	}
	if (ugvt_parent_available(parent, type) == 0) {
		return no_room(parent, type, failure);
	}
	ugvt_parent_claim(parent, type);
	return true;
}

void ugvt_parent_claim(struct ugvt_parent *parent, const struct ugvt_type *type)
{
	parent->n_vgpus++;
	parent->n_direct += type->direct;
	parent->left.low_gm -= (int64_t)type->low_gm;
	parent->left.high_gm -= (int64_t)type->high_gm;
	parent->left.fences -= (int64_t)type->fences;
}

void ugvt_parent_release(struct ugvt_parent *parent, const struct ugvt_type *type)
{
	assert(parent->n_vgpus > 0 && parent->n_direct >= type->direct);
	parent->n_vgpus--;
	parent->n_direct -= type->direct;
	parent->left.low_gm += (int64_t)type->low_gm;
	parent->left.high_gm += (int64_t)type->high_gm;
	parent->left.fences += (int64_t)type->fences;
}
