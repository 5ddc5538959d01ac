/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gpu/eu/isa.h"
#include "gpu/eu/message.h"
#include "gpu/render/pixel_parts.h"

static void state_read(
	const struct ugvt_pixel *pixel, unsigned index, uint32_t state[UGVT_SURFACE_STATE_DWORDS])
{
	const struct ugvt_state *draw = pixel->draw->draw->state;
	uint32_t offset = ugvt_aspace_read32(
		pixel->as, ugvt_state_ps_binding_table(draw) + sizeof(uint32_t) * index);

	ugvt_aspace_read(pixel->as, ugvt_state_surface_base(draw) + (offset & UGVT_MASK(31, 6)),
		state, UGVT_SURFACE_STATE_DWORDS * sizeof(*state));
}

struct ugvt_target *ugvt_pixel_target(struct ugvt_pixel *pixel, unsigned index)
{
	uint32_t state[UGVT_SURFACE_STATE_DWORDS];
	struct ugvt_pixel_target *slot;

	for (unsigned i = 0; i < UGVT_PIXEL_TARGETS; i++) {
		if (pixel->targets[i].valid && pixel->targets[i].index == index) {
			return &pixel->targets[i].target;
		}
	}
	slot = &pixel->targets[pixel->next_target++ % UGVT_PIXEL_TARGETS];
	slot->valid = true;
	slot->index = (uint8_t)index;
	state_read(pixel, index, state);
	ugvt_target_init(&slot->target, state, pixel->as);
	ugvt_target_control_init(&slot->target, &slot->control);
	return &slot->target;
}

static const char *port_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	struct ugvt_pixel *pixel = ugvt_container_of(port, struct ugvt_pixel, port);

	if (message->sfid == UGVT_EU_SFID_RENDER_CACHE &&
		ugvt_eu_data_message(message->desc) == UGVT_EU_RENDER_TARGET_WRITE) {
		return ugvt_pixel_write(pixel, message);
	}
	if (message->sfid == UGVT_EU_SFID_RENDER_CACHE &&
		ugvt_eu_data_message(message->desc) == UGVT_EU_RENDER_TARGET_READ) {
		return ugvt_pixel_read(pixel, message);
	}
	if (message->sfid == UGVT_EU_SFID_PIXEL_INTERPOLATOR) {
		return ugvt_pixel_interpolate(pixel, message);
	}
	if (!pixel->others) {
		return "message to what is not there";
	}
	return pixel->others->impl->send(pixel->others, message);
}

static const struct ugvt_eu_port_impl port_impl = {
	.send = port_send,
};

void ugvt_pixel_port_init(struct ugvt_pixel *pixel)
{
	pixel->port.impl = &port_impl;
}
