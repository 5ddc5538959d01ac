/* SPDX-License-Identifier: MIT */
#include "tests/gpu/render/messages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gpu/eu/isa.h"

static void set(struct bench *bench, const uint32_t *dw, unsigned n)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if ((dw[0] & row->mask) == row->header && row->keep > 0) {
			assert_true(ugvt_kept_set(&bench->kept, row, dw, n));
			return;
		}
	}
	fail();
}

#define SET(bench, ...)                             \
	set(bench, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

void *bench_map(struct bench *bench, uint64_t addr, uint64_t size)
{
	ugvt_gpa gpa = space_alloc(&bench->space, size, UGVT_PAGE_SIZE);

	space_map(&bench->space, addr, gpa, size);
	return space_host(&bench->space, gpa);
}

/* RENDER_SURFACE_STATE of a linear texture of R8G8B8A8_UINT, and of a buffer of bytes. */
static void surfaces_write(struct bench *bench)
{
	uint32_t *texture = bench->states + 0x100 / 4, *buffer = bench->states + 0x140 / 4;

	bench->states[TABLE / 4] = 0x100;
	bench->states[TABLE / 4 + 3] = 0x140;
	texture[0] = 1u << 29 | 0x0cbu << 18 | 1 << 16 | 1 << 14;
	texture[2] = (SIZE - 1) << 16 | (SIZE - 1);
	texture[3] = 4 * SIZE - 1;
	texture[7] = 4u << 25 | 5u << 22 | 6u << 19 | 7u << 16;
	texture[8] = ugvt_lo32(TEXTURE);
	texture[9] = ugvt_hi32(TEXTURE);
	memcpy(buffer, texture, 64);
	buffer[0] = 4u << 29 | 0x1ffu << 18 | 1 << 16 | 1 << 14;
	buffer[2] = BUFFER_SIZE - 1;
	buffer[3] = 0;
	buffer[8] = ugvt_lo32(BUFFER);
}

int bench_setup(void **state)
{
	static struct bench bench;

	memset(&bench, 0, sizeof(bench));
	space_init(&bench.space, UINT64_C(1) << 20);
	bench.states = bench_map(&bench, STATES, 0x1000);
	bench.texture = bench_map(&bench, TEXTURE, 0x2000);
	bench.buffer = (uint8_t *)bench.texture + 0x1000;
	for (unsigned i = 0; i < 0x800; i++) {
		bench.texture[i] = (uint32_t)rand() * 2654435761u;
	}
	surfaces_write(&bench);
	assert_true(ugvt_kept_init(&bench.kept, UGVT_RCS));
	ugvt_state_init(&bench.state, &bench.kept);
	SET(&bench, 0x61010011, 1, 0, 0, ugvt_lo32(STATES) | 1, ugvt_hi32(STATES),
		ugvt_lo32(STATES) | 1, ugvt_hi32(STATES), 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
	SET(&bench, 0x782a0000, TABLE);
	SET(&bench, 0x782f0000, SAMPLERS);
	bench.functions = ugvt_functions_create(UGVT_FUNCTIONS_PS);
	assert_non_null(bench.functions);
	ugvt_functions_begin(bench.functions, &bench.state, &bench.space.as);
	ugvt_functions_window(bench.functions);
	memset(bench.response, 0xee, sizeof(bench.response));
	bench.message = (struct ugvt_eu_message){
		.sfid = UGVT_EU_SFID_SAMPLER,
		.channels = 0xffff,
		.payload = (const uint8_t *)bench.payload,
		.response = (uint8_t *)bench.response,
		.response_length = 8,
	};
	*state = &bench;
	return 0;
}

int bench_teardown(void **state)
{
	struct bench *bench = *state;

	ugvt_functions_destroy(bench->functions);
	ugvt_kept_finish(&bench->kept);
	space_finish(&bench->space);
	return 0;
}

const char *bench_send(struct bench *bench)
{
	struct ugvt_eu_port *port = ugvt_functions_port(bench->functions);

	return port->impl->send(port, &bench->message);
}
