/* SPDX-License-Identifier: MIT */
#include "tests/gpu/render/rig.h"

void render_rig_reset(struct render_rig *rig)
{
	memset(rig->slots, 0, sizeof(rig->slots));
	for (unsigned i = 0; i < UGVT_STATE_COUNT; i++) {
		rig->state.slots[i] = rig->slots[i];
		rig->slots[i][0] = RIG_SLOT_DWORDS - 1;
	}
	rig->draw = (struct ugvt_draw){
		.state = &rig->state,
		.as = &rig->space.as,
		.counts = &rig->counts,
		.viewports = rig->viewports,
		.vue_dwords = 64,
	};
	rig_set_cull_mode(rig, 1);
	rig_set_sample_mask(rig, 1);
	rig_set_rectangle_x_max(rig, 16383);
	rig_set_rectangle_y_max(rig, 16383);
}

void render_rig_init(struct render_rig *rig, uint64_t memory)
{
	memset(rig, 0, sizeof(*rig));
	space_init(&rig->space, memory);
	render_rig_reset(rig);
}

void render_rig_finish(struct render_rig *rig)
{
	space_finish(&rig->space);
}

struct ugvt_screen_vertex rig_vertex(float x, float y, float z, unsigned index)
{
	struct ugvt_screen_vertex v = {.x = x, .y = y, .z = z, .inverse_w = 1};

	if (index > 0) {
		v.linear[index - 1] = 1;
		v.perspective[index - 1] = 1;
	}
	return v;
}
