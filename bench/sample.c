/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bits.h"
#include "bench/bench.h"
#include "gpu/render/functions.h"
#include "tests/gpu/space.h"

/*
 * Messages to the sampler, as a shader sends them, for a Y-tiled texture, against a loop that reads one texel of it for each lane
 * and does nothing with it; both in millions of texels per second. Names: what is done, lanes of a message.
 */

enum {
	ROUNDS = 15,
	MESSAGES = 4096, // of a round: they walk over the texture, row by row of quads
	SIZE = 256,      // of the texture, which fits a second level cache
	PITCH = SIZE * 4,
	ROWS = SIZE * 2, // with levels
	TABLE = 0x20,    // binding table
	SURFACE = 0x100,
	SAMPLER = 0x400,
};

#define STATES UINT64_C(0x100000000) // surface and dynamic state base
#define TEXTURE UINT64_C(0x200000000)

#define FILTERS(mag, min, mip) ((mip) << 20 | (mag) << 17 | (min) << 14)
#define MESSAGE_SAMPLE 0u
#define MESSAGE_LD_LZ 26u

struct work {
	const char *name;
	uint32_t format;
	uint32_t filters; // of SAMPLER_STATE
	uint32_t levels;
	uint32_t message;
	float step; // texels from lane to lane
};

/* Formats: R8G8B8A8_UNORM, B8G8R8A8_UNORM, R8G8B8A8_UNORM_SRGB, R16G16B16A16_FLOAT, BC1_UNORM, R8G8B8A8_UINT. */
static const struct work works[] = {
	{"nearest-rgba8", 0xc7, FILTERS(0u, 0u, 0u), 1, MESSAGE_SAMPLE, 1},
	{"bilinear-rgba8", 0xc7, FILTERS(1u, 1u, 0u), 1, MESSAGE_SAMPLE, 0.7f},
	{"bilinear-bgra8", 0xc0, FILTERS(1u, 1u, 0u), 1, MESSAGE_SAMPLE, 0.7f},
	{"trilinear-rgba8", 0xc7, FILTERS(1u, 1u, 3u), 6, MESSAGE_SAMPLE, 2.7f},
	{"bilinear-srgb8", 0xc8, FILTERS(1u, 1u, 0u), 1, MESSAGE_SAMPLE, 0.7f},
	{"bilinear-rgba16f", 0x84, FILTERS(1u, 1u, 0u), 1, MESSAGE_SAMPLE, 0.7f},
	{"bilinear-bc1", 0x186, FILTERS(1u, 1u, 0u), 1, MESSAGE_SAMPLE, 0.7f},
	{"ld-rgba8", 0xcb, 0, 1, MESSAGE_LD_LZ, 1},
};

struct bench {
	struct space space;
	struct ugvt_kept kept;
	struct ugvt_state state;
	struct ugvt_functions *functions;
	struct ugvt_eu_message message;
	uint32_t *states;
	const char *texture;
	uint32_t response[8][8];
	uint32_t payload[MESSAGES][4][8];
};

static void set(struct bench *b, const uint32_t *dw, unsigned n)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if ((dw[0] & row->mask) == row->header && row->keep > 0 &&
			!ugvt_kept_set(&b->kept, row, dw, n)) {
			abort();
		}
	}
}

static void *memory_map(struct bench *b, uint64_t addr, uint64_t size)
{
	ugvt_gpa gpa = space_alloc(&b->space, size, UGVT_PAGE_SIZE);

	space_map(&b->space, addr, gpa, size);
	return space_host(&b->space, gpa);
}

/* STATE_BASE_ADDRESS and the pixel shader's pointers to binding table and samplers. */
static void state_set(struct bench *b)
{
	const uint32_t bases[19] = {0x61010011, 1, 0, 0, ugvt_lo32(STATES) | 1, ugvt_hi32(STATES),
		ugvt_lo32(STATES) | 1, ugvt_hi32(STATES), 1, 0, 1};
	const uint32_t table[] = {0x782a0000, TABLE};
	const uint32_t samplers[] = {0x782f0000, SAMPLER};

	set(b, bases, UGVT_ARRAY_SIZE(bases));
	set(b, table, UGVT_ARRAY_SIZE(table));
	set(b, samplers, UGVT_ARRAY_SIZE(samplers));
}

static void bench_init(struct bench *b)
{
	uint32_t *texture;

	space_init(&b->space, UINT64_C(4) << 20);
	b->states = memory_map(b, STATES, UGVT_PAGE_SIZE);
	texture = memory_map(b, TEXTURE, 2 * PITCH * ROWS);
	for (unsigned i = 0; i < 2 * PITCH * ROWS / sizeof(*texture); i++) {
		texture[i] = i * 2654435761u;
	}
	b->texture = (const char *)texture;
	if (!ugvt_kept_init(&b->kept, UGVT_RCS)) {
		abort();
	}
	ugvt_state_init(&b->state, &b->kept);
	state_set(b);
	b->functions = ugvt_functions_create(UGVT_FUNCTIONS_PS);
	if (!b->functions) {
		abort();
	}
}

/* RENDER_SURFACE_STATE and SAMPLER_STATE: wrapped, rounded where filters are linear. */
static void states_write(struct bench *b, const struct work *work)
{
	uint32_t *surface = b->states + SURFACE / 4, *sampler = b->states + SAMPLER / 4;
	uint32_t pitch = work->format == 0x84 ? 2 * PITCH : PITCH;

	b->states[TABLE / 4] = SURFACE;
	memset(surface, 0, 64);
	surface[0] = 1u << 29 | work->format << 18 | 1 << 16 | 1 << 14 | 3 << 12;
	surface[2] = (SIZE - 1) << 16 | (SIZE - 1);
	surface[3] = pitch - 1;
	surface[5] = work->levels - 1;
	surface[7] = 4u << 25 | 5u << 22 | 6u << 19 | 7u << 16;
	surface[8] = ugvt_lo32(TEXTURE);
	surface[9] = ugvt_hi32(TEXTURE);
	memset(sampler, 0, 16);
	sampler[0] = work->filters;
	sampler[1] = 14u << 8 << 8;
	sampler[3] = work->filters ? 0x3fu << 13 : 0;
}

/* u and v of each message: two quads (or four) side by side. */
static void payload_make(struct bench *b, const struct work *work, unsigned lanes)
{
	unsigned across = lanes / 2, regs = lanes / 8;

	for (unsigned m = 0; m < MESSAGES; m++) {
		for (unsigned i = 0; i < lanes; i++) {
			unsigned column = m * across % SIZE + i / 4 * 2 + (i & 1);
			unsigned row = m * across / SIZE * 2 + (i >> 1 & 1);
			uint32_t *u = &b->payload[m][i / 8][i % 8];
			uint32_t *v = &b->payload[m][regs + i / 8][i % 8];
			float s = (column + 0.2f) * work->step / SIZE;
			float t = (row + 0.3f) * work->step / SIZE;

			*u = column;
			*v = row % SIZE;
			if (work->message == MESSAGE_SAMPLE) {
				memcpy(u, &s, sizeof(s));
				memcpy(v, &t, sizeof(t));
			}
		}
	}
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

/* As many draws as there are rounds. */
static double time_messages(struct bench *b, const struct work *work, unsigned lanes)
{
	struct ugvt_eu_port *port = ugvt_functions_port(b->functions);
	struct ugvt_eu_message message = {
		.sfid = UGVT_EU_SFID_SAMPLER,
		.channels = lanes == 16 ? 0xffff : 0xff,
		.desc = work->message << 12 | (lanes == 16 ? 2u : 1u) << 17,
		.length = lanes / 4,
		.response = (uint8_t *)b->response,
		.response_length = lanes / 2,
	};
	double start = now();

	ugvt_functions_begin(b->functions, &b->state, &b->space.as);
	ugvt_functions_window(b->functions);
	for (unsigned m = 0; m < MESSAGES; m++) {
		message.payload = (const uint8_t *)b->payload[m];
		if (port->impl->send(port, &message)) {
			abort();
		}
	}
	return (now() - start) / MESSAGES / lanes;
}

/* Y tiles: columns of 16 bytes, 32 rows. */
static double time_yardstick(struct bench *b)
{
	uint32_t sum = 0;
	double start = now();

	for (unsigned i = 0; i < MESSAGES * 16; i++) {
		unsigned x = i % SIZE * 4, y = i / SIZE % SIZE;
		uint32_t texel;

		memcpy(&texel,
			b->texture + y / 32 * (PITCH * 32) + x / 16 * 512 + y % 32 * 16 + x % 16,
			sizeof(texel));
		sum += texel;
		__asm__ volatile("" : "+r"(sum));
	}
	return (now() - start) / (MESSAGES * 16);
}

static void measure(struct bench *b, const struct work *work, unsigned lanes)
{
	double values[ROUNDS], yardsticks[ROUNDS];
	double value, yardstick;
	char name[64];

	states_write(b, work);
	payload_make(b, work, lanes);
	for (unsigned i = 0; i < ROUNDS; i++) {
		time_yardstick(b);
		yardsticks[i] = time_yardstick(b);
		time_messages(b, work, lanes);
		values[i] = time_messages(b, work, lanes);
	}
	value = 1e-6 / bench_median(values, ROUNDS);
	yardstick = 1e-6 / bench_median(yardsticks, ROUNDS);
	snprintf(name, sizeof(name), "sample-%s-%u", work->name, lanes);
	bench_print(name, value, "Mtexel/s", "reads", value / yardstick);
}

/* An argument: only those whose names begin so. */
int main(int argc, char **argv)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (!b) {
		return 1;
	}
	bench_init(b);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(works); i++) {
		if (argc > 1 && strncmp(works[i].name, argv[1], strlen(argv[1])) != 0) {
			continue;
		}
		measure(b, &works[i], 8);
		measure(b, &works[i], 16);
	}
	ugvt_functions_destroy(b->functions);
	ugvt_kept_finish(&b->kept);
	space_finish(&b->space);
	free(b);
	return 0;
}
