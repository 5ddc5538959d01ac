/* SPDX-License-Identifier: MIT */
#include "tests/gpu/blt/reference.h"

#include <stdlib.h>
#include <string.h>

/* A command is written by a cursor. */
struct writer {
	uint32_t *dw;
	unsigned n;
};

static void put(struct writer *w, uint32_t value)
{
	w->dw[w->n++] = value;
}

static void put_address(struct writer *w, uint64_t address)
{
	put(w, (uint32_t)address);
	put(w, (uint32_t)(address >> 32));
}

static void put_xy(struct writer *w, int x, int y)
{
	put(w, (uint32_t)y << 16 | ((uint32_t)x & 0xffff));
}

static unsigned pitch_field(int pitch, enum ref_tiling tiling)
{
	return (tiling == REF_LINEAR ? pitch : pitch / 4) & 0xffff;
}

static unsigned depth_of(const struct ref_blit *blit)
{
	switch (blit->bytes) {
	case 1: return 0;
	case 2: return blit->rgb1555 ? 2 : 1;
	default: return 3;
	}
}

static uint32_t control_of(const struct ref_blit *blit)
{
	return (uint32_t)blit->pat_solid << 31 | (uint32_t)blit->clip << 30 |
	       (uint32_t)blit->src_transparent << 29 | (uint32_t)blit->pat_transparent << 28 |
	       depth_of(blit) << 24 | blit->rop << 16 |
	       pitch_field(blit->dst_pitch, blit->dst_tiling);
}

static uint32_t header_of(const struct ref_blit *blit)
{
	uint32_t header = 2u << 29 | blit->opcode << 22;

	if (blit->opcode == 0x42) {
		return header | (uint32_t)blit->src_tiling << 20 | (uint32_t)blit->dst_tiling << 13;
	}
	header |= blit->byte_mask << 20 | (blit->src_tiling != REF_LINEAR ? 1u << 15 : 0) |
		  (blit->dst_tiling != REF_LINEAR ? 1u << 11 : 0);
	header |= blit->seed_x << 12 | blit->seed_y << 8;
	header |= blit->src_start << 17 | blit->key << 17 | (uint32_t)blit->byte_packed << 16;
	return header;
}

static void put_immediate(struct writer *w, const struct ref_blit *blit)
{
	memcpy(w->dw + w->n, blit->immediate, blit->immediate_bytes);
	w->n += blit->immediate_bytes / 4;
}

static void put_color_source(struct writer *w, const struct ref_blit *blit, bool pitch_first)
{
	unsigned pitch = pitch_field(blit->src_pitch, blit->src_tiling);

	if (pitch_first) {
		put(w, pitch);
		put_xy(w, blit->src_x, blit->src_y);
	} else {
		put_xy(w, blit->src_x, blit->src_y);
		put(w, pitch);
	}
	put_address(w, blit->src);
}

static void put_source(struct writer *w, const struct ref_blit *blit, bool full)
{
	bool immediate = blit->immediate && blit->pattern == REF_NONE;

	if (blit->source == REF_COLOR) {
		put_color_source(w, blit, full);
	} else if (blit->source == REF_MONO) {
		if (!immediate) {
			put_address(w, blit->src);
		}
		if (!blit->text) {
			put(w, blit->src_bg);
			put(w, blit->src_fg);
		}
	}
}

static void put_pattern(struct writer *w, const struct ref_blit *blit)
{
	switch (blit->pattern) {
	case REF_SOLID: put(w, blit->pat_bg); break;
	case REF_COLOR:
		if (!blit->immediate) {
			put_address(w, blit->pat);
		}
		break;
	case REF_MONO:
		put(w, blit->pat_bg);
		put(w, blit->pat_fg);
		put(w, blit->pat_bits[0]);
		put(w, blit->pat_bits[1]);
		break;
	default: break;
	}
}

static unsigned encode_setup(const struct ref_blit *blit, uint32_t *dw)
{
	bool mono = blit->opcode == 0x25 && blit->pattern != REF_COLOR;
	struct writer w = {dw, 0};

	put(&w, 2u << 29 | (mono ? 0x11u : 0x01u) << 22 | blit->byte_mask << 20 |
			(blit->dst_tiling != REF_LINEAR ? 1u << 11 : 0));
	put(&w, control_of(blit));
	put_xy(&w, blit->clip_x1, blit->clip_y1);
	put_xy(&w, blit->clip_x2, blit->clip_y2);
	put_address(&w, blit->dst);
	put(&w, blit->text ? blit->src_bg : blit->pat_bg);
	put(&w, blit->text ? blit->src_fg : blit->pat_fg);
	if (mono) {
		put(&w, blit->pat_bits[0]);
		put(&w, blit->pat_bits[1]);
	} else {
		put_address(&w, blit->pat);
	}
	dw[0] |= w.n - 2;
	return w.n;
}

/* Of a clip rectangle alone. */
static unsigned encode_clip(const struct ref_blit *blit, uint32_t *dw)
{
	struct writer w = {dw, 0};

	put(&w, 2u << 29 | 0x03u << 22 | 1);
	put_xy(&w, blit->clip_x1, blit->clip_y1);
	put_xy(&w, blit->clip_x2, blit->clip_y2);
	return w.n;
}

static bool needs_setup(const struct ref_blit *blit)
{
	return blit->opcode >= 0x24 && blit->opcode <= 0x31;
}

static bool is_linear_command(const struct ref_blit *blit)
{
	return blit->opcode == 0x40 || blit->opcode == 0x43;
}

static unsigned encode_linear(const struct ref_blit *blit, uint32_t *dw)
{
	struct writer w = {dw, 0};

	put(&w, header_of(blit));
	put(&w, control_of(blit));
	put_xy(&w, (blit->x2 - blit->x1) * (int)blit->bytes, blit->y2 - blit->y1);
	put_address(&w, blit->dst);
	if (blit->opcode == 0x40) {
		put(&w, blit->pat_bg);
	} else {
		put(&w, pitch_field(blit->src_pitch, REF_LINEAR));
		put_address(&w, blit->src);
	}
	dw[0] |= w.n - 2;
	return w.n;
}

unsigned ref_encode(const struct ref_blit *blit, uint32_t *dw, uint32_t *setup,
	unsigned *setup_dwords, uint32_t *swctrl)
{
	bool full = blit->source != REF_NONE && blit->pattern != REF_NONE;
	struct writer w = {dw, 0};

	*swctrl = (blit->src_tiling == REF_Y ? 1 : 0) | (blit->dst_tiling == REF_Y ? 2 : 0);
	*setup_dwords = 0;
	if (is_linear_command(blit)) {
		return encode_linear(blit, dw);
	}
	put(&w, header_of(blit));
	if (needs_setup(blit)) {
		*setup_dwords = encode_setup(blit, setup);
	} else {
		*setup_dwords = blit->clip ? encode_clip(blit, setup) : 0;
		put(&w, control_of(blit));
	}
	put_xy(&w, blit->x1, blit->y1);
	if (blit->opcode != 0x24) {
		put_xy(&w, blit->x2, blit->y2);
	}
	if (!needs_setup(blit)) {
		put_address(&w, blit->dst);
		put_source(&w, blit, full);
		put_pattern(&w, blit);
		if (blit->opcode == 0x73 || blit->opcode >= 0x76) {
			put(&w, blit->src_bg);
			put(&w, blit->src_fg);
		}
	} else if (blit->source == REF_MONO && !blit->immediate) {
		put_address(&w, blit->src);
	}
	if (blit->immediate) {
		put_immediate(&w, blit);
	}
	dw[0] |= w.n - 2;
	return w.n;
}

static uint8_t *byte_at(const struct ref_memory *memory, uint64_t address)
{
	uint64_t page = address / 4096;

	if (page >= memory->page_count || memory->pages[page] < 0) {
		return NULL;
	}
	return &memory->ram[memory->pages[page] * 4096 + address % 4096];
}

static uint32_t pixel_read(const struct ref_memory *memory, uint64_t address, unsigned bytes)
{
	uint32_t pixel = 0;

	for (unsigned i = 0; i < bytes; i++) {
		const uint8_t *byte = byte_at(memory, address + i);

		pixel |= (uint32_t)(byte ? *byte : 0) << 8 * i;
	}
	return pixel;
}

/* Where byte x of row y is; PRM BDW vol 5, "Tile Formats": bits of the address within a tile. */
static uint64_t place(uint64_t base, int pitch, enum ref_tiling tiling, uint64_t x, uint64_t y)
{
	switch (tiling) {
	case REF_X: return base + (y >> 3) * 8 * pitch + (x >> 9 << 12 | (y & 7) << 9 | (x & 511));
	case REF_Y:
		return base + (y >> 5) * 32 * pitch +
		       (x >> 7 << 12 | (x >> 4 & 7) << 9 | (y & 31) << 4 | (x & 15));
	default: return base + (int64_t)y * pitch + x;
	}
}

static unsigned row_bits(const struct ref_blit *blit)
{
	unsigned bits = blit->src_start + (blit->x2 - blit->x1);

	if (blit->text) {
		return blit->byte_packed ? (bits + 7) / 8 * 8 : bits;
	}
	return (bits + 15) / 16 * 16;
}

/* Bit of a mono source for pixel x, y of the unclipped rectangle. */
static bool source_bit(const struct ref_blit *blit, const struct ref_memory *memory, int x, int y)
{
	uint64_t bit = (uint64_t)y * row_bits(blit) + blit->src_start + x;
	uint8_t byte;

	if (blit->immediate && blit->pattern == REF_NONE) {
		byte = bit / 8 < blit->immediate_bytes ? blit->immediate[bit / 8] : 0;
	} else {
		byte = pixel_read(memory, blit->src + bit / 8, 1);
	}
	return byte & 0x80 >> bit % 8;
}

static uint32_t rop_pixel(unsigned rop, uint32_t p, uint32_t s, uint32_t d)
{
	uint32_t result = 0;

	for (unsigned bit = 0; bit < 32; bit++) {
		unsigned index = (p >> bit & 1) * 4 + (s >> bit & 1) * 2 + (d >> bit & 1);

		result |= (rop >> index & 1) << bit;
	}
	return result;
}

static bool in_range(uint32_t pixel, uint32_t low, uint32_t high, uint32_t mask)
{
	return (pixel & mask) >= (low & mask) && (pixel & mask) <= (high & mask);
}

static bool in_key(const struct ref_blit *blit, uint32_t pixel)
{
	bool alpha = blit->key == 3 || blit->key == 5;
	uint32_t low = blit->src_bg, high = blit->src_fg;

	if (blit->bytes == 1) {
		return in_range(pixel, low, high, 0xff);
	}
	if (blit->bytes == 2 && !blit->rgb1555) {
		return in_range(pixel, low, high, 0x1f << 11) &&
		       in_range(pixel, low, high, 0x3f << 5) && in_range(pixel, low, high, 0x1f);
	}
	if (blit->bytes == 2) {
		return in_range(pixel, low, high, 0x1f << 10) &&
		       in_range(pixel, low, high, 0x1f << 5) && in_range(pixel, low, high, 0x1f) &&
		       (!alpha || in_range(pixel, low, high, 1 << 15));
	}
	return in_range(pixel, low, high, 0xff0000) && in_range(pixel, low, high, 0xff00) &&
	       in_range(pixel, low, high, 0xff) &&
	       (!alpha || in_range(pixel, low, high, 0xff000000));
}

/* One pixel's operands. */
struct pixel {
	uint32_t p, s, d;
	bool write;
};

static void pixel_source(const struct ref_blit *blit, const struct ref_memory *old, int x, int y,
	struct pixel *pixel)
{
	if (blit->source == REF_COLOR) {
		uint64_t at = place(blit->src, blit->src_pitch, blit->src_tiling,
			(uint64_t)(blit->src_x + x) * blit->bytes, blit->src_y + y);

		pixel->s = pixel_read(old, at, blit->bytes);
	} else if (blit->source == REF_MONO) {
		bool bit = source_bit(blit, old, x, y);

		pixel->s = bit ? blit->src_fg : blit->src_bg;
		pixel->write = pixel->write && (bit || !blit->src_transparent);
	}
}

static void pixel_pattern(const struct ref_blit *blit, const struct ref_memory *old, int x, int y,
	struct pixel *pixel)
{
	unsigned px = (x + blit->seed_x) % 8, py = (y + blit->seed_y) % 8;
	unsigned at = (py * 8 + px) * blit->bytes;

	if (blit->pattern == REF_SOLID || (blit->pattern == REF_MONO && blit->pat_solid)) {
		pixel->p = blit->pat_bg;
	} else if (blit->pattern == REF_COLOR && blit->immediate) {
		memcpy(&pixel->p, blit->immediate + at, blit->bytes);
	} else if (blit->pattern == REF_COLOR) {
		pixel->p = pixel_read(old, blit->pat + at, blit->bytes);
	} else if (blit->pattern == REF_MONO) {
		bool bit = blit->pat_bits[py / 4] >> (py % 4 * 8) & 0x80 >> px;

		pixel->p = bit ? blit->pat_fg : blit->pat_bg;
		pixel->write = pixel->write && (bit || !blit->pat_transparent);
	}
}

static void pixel_write(
	const struct ref_blit *blit, struct ref_memory *memory, uint64_t at, uint32_t value)
{
	for (unsigned i = 0; i < blit->bytes; i++) {
		bool alpha = i == 3;
		uint8_t *byte = byte_at(memory, at + i);

		if (blit->bytes == 4 && !(blit->byte_mask & (alpha ? 2 : 1))) {
			continue;
		}
		if (byte) {
			*byte = value >> 8 * i;
		}
	}
}

/* x and y in the destination; *old is the memory as it was before the blit. */
static void pixel_execute(const struct ref_blit *blit, struct ref_memory *memory,
	const struct ref_memory *old, int x, int y)
{
	uint64_t at =
		place(blit->dst, blit->dst_pitch, blit->dst_tiling, (uint64_t)x * blit->bytes, y);
	struct pixel pixel = {.write = true};

	pixel.d = pixel_read(memory, at, blit->bytes);
	pixel_source(blit, old, x - blit->x1, y - blit->y1, &pixel);
	pixel_pattern(blit, old, x, y, &pixel);
	switch (blit->key) {
	case 1:
	case 3: pixel.write = pixel.write && !in_key(blit, pixel.s); break;
	case 5:
	case 7: pixel.write = pixel.write && in_key(blit, pixel.d); break;
	}
	if (pixel.write) {
		pixel_write(blit, memory, at, rop_pixel(blit->rop, pixel.p, pixel.s, pixel.d));
	}
}

static bool is_clipped(const struct ref_blit *blit, int x, int y)
{
	if (is_linear_command(blit)) {
		return false;
	}
	if (!blit->clip) {
		return x < 0 || y < 0;
	}
	return x < blit->clip_x1 || y < blit->clip_y1 || x >= blit->clip_x2 || y >= blit->clip_y2;
}

void ref_execute(const struct ref_blit *original, struct ref_memory *memory)
{
	struct ref_blit blit = *original;
	struct ref_memory old = *memory;
	size_t size = (size_t)memory->page_count * 4096;

	if (blit.pattern == REF_MONO && blit.pat_solid && blit.pat_transparent) {
		return;
	}
	if (blit.src_x < 0) {
		blit.x1 -= blit.src_x;
		blit.src_x = 0;
	}
	if (blit.src_y < 0) {
		blit.y1 -= blit.src_y;
		blit.src_y = 0;
	}
	old.ram = malloc(size);
	memcpy(old.ram, memory->ram, size);
	for (int y = blit.y1; y < blit.y2; y++) {
		for (int x = blit.x1; x < blit.x2; x++) {
			if (!is_clipped(&blit, x, y)) {
				pixel_execute(&blit, memory, &old, x, y);
			}
		}
	}
	free(old.ram);
}
