/* SPDX-License-Identifier: MIT */
#include "gpu/render/urb.h"

#include <string.h>

#include "gpu/eu/message.h"

#define LANES 8
#define OFFSET_DWORDS 4 // unit of offsets
#define CHANNEL_MASK UGVT_MASK(23, 16)
#define REGISTERS_MAX 32
#define HANDLE_MASK UGVT_MASK(15, 0)

/* Payloads are bytes, wherever they lie. */
typedef uint32_t dword __attribute__((aligned(1), may_alias));
typedef const dword (*urb_register)[LANES];

/* A message's registers, those of both payloads. */
struct access {
	urb_register registers[REGISTERS_MAX];
	unsigned length;      // of them
	unsigned data;        // the first that is no header
	const dword *offsets; // of each lane; NULL: none
	const dword *masks;   // of data, in bits 23:16; NULL: all
};

/* Where a lane's data goes, or comes from. */
struct place {
	uint32_t *dw;   // NULL: nowhere
	unsigned there; // dwords
};

static void registers_add(struct access *access, const uint8_t *payload, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		access->registers[access->length++] =
			(urb_register)(const void *)(payload + i * UGVT_EU_REGISTER_BYTES);
	}
}

static const char *access_decode(struct access *access, const struct ugvt_eu_message *message)
{
	if (message->length == 0 || message->length + message->length2 > REGISTERS_MAX) {
		return "URB message without a handle";
	}
	access->length = 0;
	registers_add(access, message->payload, message->length);
	registers_add(access, message->payload2, message->length2);
	access->offsets = NULL;
	access->masks = NULL;
	access->data = 1 + ugvt_eu_urb_per_slot(message->desc) + ugvt_eu_urb_masked(message->desc);
	if (access->data > access->length) {
		return "URB message shorter than its header";
	}
	if (ugvt_eu_urb_per_slot(message->desc)) {
		access->offsets = *access->registers[1];
	}
	if (ugvt_eu_urb_masked(message->desc)) {
		access->masks = *access->registers[access->data - 1];
	}
	return NULL;
}

static struct place place_find(const struct ugvt_urb *urb, const struct access *access,
	const struct ugvt_eu_message *message, unsigned lane)
{
	uint32_t handle = (*access->registers[0])[lane] & HANDLE_MASK;
	uint32_t kind = handle >> UGVT_URB_KIND_SHIFT;
	uint32_t entry = handle & (UGVT_BIT(UGVT_URB_KIND_SHIFT) - 1);
	uint64_t offset = ugvt_eu_urb_offset(message->desc);
	const struct ugvt_urb_entries *entries;

	if (access->offsets) {
		offset += access->offsets[lane];
	}
	offset *= OFFSET_DWORDS;
	if (kind >= UGVT_URB_KINDS || !(message->channels >> lane & 1)) {
		return (struct place){0};
	}
	entries = &urb->entries[kind];
	if (entry >= entries->count || offset >= entries->dwords) {
		return (struct place){0};
	}
	return (struct place){
		.dw = entries->dw + (size_t)entry * entries->dwords + offset,
		.there = entries->dwords - (unsigned)offset,
	};
}

static void lane_write(const struct access *access, unsigned lane, const struct place *place)
{
	unsigned count = UGVT_MIN(access->length - access->data, place->there);
	uint32_t mask = access->masks ? UGVT_GET(CHANNEL_MASK, access->masks[lane]) : UINT32_MAX;

	for (unsigned i = 0; i < count; i++) {
		if (mask >> i & 1) {
			place->dw[i] = (*access->registers[access->data + i])[lane];
		}
	}
}

static void lane_write_all(const struct access *access, unsigned lane, const struct place *place)
{
	unsigned count = UGVT_MIN(access->length - access->data, place->there);

	for (unsigned i = 0; i < count; i++) {
		place->dw[i] = (*access->registers[access->data + i])[lane];
	}
}

static void lane_read(
	const struct ugvt_eu_message *message, unsigned lane, const struct place *place)
{
	for (unsigned i = 0; i < message->response_length; i++) {
		uint32_t value = i < place->there ? place->dw[i] : 0;

		memcpy(message->response + i * UGVT_EU_REGISTER_BYTES + lane * sizeof(value),
			&value, sizeof(value));
	}
}

const char *ugvt_urb_send(const struct ugvt_urb *urb, const struct ugvt_eu_message *message)
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
		const struct place place = place_find(urb, &access, message, lane);

		if (opcode == UGVT_EU_URB_SIMD8_READ && (message->channels >> lane & 1)) {
			lane_read(message, lane, &place);
		} else if (opcode == UGVT_EU_URB_SIMD8_WRITE && access.masks) {
			lane_write(&access, lane, &place);
		} else if (opcode == UGVT_EU_URB_SIMD8_WRITE) {
			lane_write_all(&access, lane, &place);
		}
	}
	return NULL;
}
