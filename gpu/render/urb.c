/* SPDX-License-Identifier: MIT */
#include "gpu/render/urb.h"

#include <string.h>

#include "gpu/eu/message.h"

#define LANES 8
#define OFFSET_DWORDS 4 // unit of offsets
#define CHANNEL_MASK UGVT_MASK(23, 16)

/* A message, its payloads put together. */
struct access {
	uint32_t dw[32][LANES];  // registers
	unsigned length;         // of them
	unsigned data;           // the first that is no header
	const uint32_t *offsets; // of each lane; NULL: none
	const uint32_t *masks;   // of data, in bits 23:16; NULL: all
};

static const char *access_decode(struct access *access, const struct ugvt_eu_message *message)
{
	unsigned length = message->length + message->length2;

	if (message->length == 0 || length > UGVT_ARRAY_SIZE(access->dw)) {
		return "URB message without a handle";
	}
	memcpy(access->dw, message->payload, message->length * sizeof(access->dw[0]));
	if (message->length2 > 0) {
		memcpy(access->dw[message->length], message->payload2,
			message->length2 * sizeof(access->dw[0]));
	}
	access->length = length;
	access->data = 1;
	access->offsets = NULL;
	access->masks = NULL;
	if (ugvt_eu_urb_per_slot(message->desc)) {
		access->offsets = access->dw[access->data++];
	}
	if (ugvt_eu_urb_masked(message->desc)) {
		access->masks = access->dw[access->data++];
	}
	return access->data <= length ? NULL : "URB message shorter than its header";
}

/* The entry of a lane, and at which dword it is accessed; NULL if there is none. */
static uint32_t *entry_find(struct ugvt_vertex_batch *batch, const struct access *access,
	const struct ugvt_eu_message *message, unsigned lane, uint64_t *at)
{
	uint32_t handle = access->dw[0][lane];
	uint64_t offset = ugvt_eu_urb_offset(message->desc);

	if (access->offsets) {
		offset += access->offsets[lane];
	}
	*at = offset * OFFSET_DWORDS;
	if (handle >= batch->count || !(message->channels >> lane & 1)) {
		return NULL;
	}
	return batch->vertices[handle].vue;
}

static bool is_written(const struct access *access, unsigned lane, unsigned i)
{
	return !access->masks || (i < 8 && (UGVT_GET(CHANNEL_MASK, access->masks[lane]) >> i & 1));
}

static void lane_write(const struct ugvt_vertex_batch *batch, const struct access *access,
	unsigned lane, uint32_t *entry, uint64_t at)
{
	for (unsigned i = 0; access->data + i < access->length; i++) {
		if (at + i < batch->vue_dwords && is_written(access, lane, i)) {
			entry[at + i] = access->dw[access->data + i][lane];
		}
	}
}

static void lane_read(const struct ugvt_vertex_batch *batch, const struct ugvt_eu_message *message,
	unsigned lane, const uint32_t *entry, uint64_t at)
{
	for (unsigned i = 0; i < message->response_length; i++) {
		uint32_t value = entry && at + i < batch->vue_dwords ? entry[at + i] : 0;

		memcpy(message->response + i * UGVT_EU_REGISTER_BYTES + lane * sizeof(value),
			&value, sizeof(value));
	}
}

const char *ugvt_urb_send(struct ugvt_vertex_batch *batch, const struct ugvt_eu_message *message)
{
	unsigned opcode = ugvt_eu_urb_opcode(message->desc);
	struct access access;
	const char *wrong = access_decode(&access, message);

	if (wrong) {
		return wrong;
	}
	if (opcode != UGVT_EU_URB_SIMD8_WRITE && opcode != UGVT_EU_URB_SIMD8_READ) {
		return "URB message that is not of SIMD8 threads";
	}
	for (unsigned lane = 0; lane < LANES; lane++) {
		uint64_t at;
		uint32_t *entry = entry_find(batch, &access, message, lane, &at);

		if (opcode == UGVT_EU_URB_SIMD8_READ && (message->channels >> lane & 1)) {
			lane_read(batch, message, lane, entry, at);
		} else if (opcode == UGVT_EU_URB_SIMD8_WRITE && entry) {
			lane_write(batch, &access, lane, entry, at);
		}
	}
	return NULL;
}
