/* SPDX-License-Identifier: MIT */
#include "tests/driver/scene.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/message.h"

/* Commands and states: Mesa src/intel/genxml/gen9.xml. */

#define MI_NOOP 0u
#define MI_BATCH_BUFFER_END (0x0au << 23)
#define MI_BATCH_BUFFER_START_PPGTT (0x31u << 23 | 1u << 8 | 1)

#define TARGET_BYTES (SCENE_SIDE * SCENE_SIDE * 4)
#define DRAWS_MAX 500
#define DRAW_DWORDS 7
#define LANES 8
#define COLOR_REGISTER 112

/* In the page of states, to which all base addresses but that of kernels point. */
enum {
	AT_BINDING_TABLE = 0,
	AT_BLEND = 2048,
	AT_COLOR_CALC = 2304,
	AT_VIEWPORTS = 2560,
	AT_VERTICES = 3072,
};

/* Linear, R8G8B8A8_UNORM, aligned to 4. */
#define SURFACE_2D (1u << 29 | 1u << 28 | 0xc7u << 18 | 1u << 16 | 1u << 14)

struct writer {
	uint32_t *dw;
	unsigned n;
};

#define EMIT(writer, ...)                             \
	emit(writer, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void emit(struct writer *writer, const uint32_t *dw, unsigned n)
{
	memcpy(writer->dw + writer->n, dw, n * sizeof(*dw));
	writer->n += n;
}

/* One page of a gigabyte, at 0. */
static uint64_t identity_map(struct driver *driver)
{
	uint64_t pml4_at, pdp_at;
	uint64_t *pml4 = driver_alloc(driver, 4096, &pml4_at);
	uint64_t *pdp = driver_alloc(driver, 4096, &pdp_at);

	pml4[0] = pdp_at | 3;
	pdp[0] = 0x83;
	return pml4_at;
}

static void states_write(uint8_t *page, uint64_t target)
{
	static const float vertices[3][4] = {
		{SCENE_SIDE, SCENE_SIDE, 0, 1}, {0, SCENE_SIDE, 0, 1}, {0, 0, 0, 1}};
	static const float depths[2] = {0, 1};
	uint32_t surface[16] = {SURFACE_2D, 0, (SCENE_SIDE - 1) << 16 | (SCENE_SIDE - 1),
		SCENE_SIDE * 4 - 1, [8] = ugvt_lo32(target), ugvt_hi32(target)};
	uint32_t entry = SCENE_SURFACE;

	memcpy(page + AT_BINDING_TABLE, &entry, sizeof(entry));
	memcpy(page + SCENE_SURFACE, surface, sizeof(surface));
	memcpy(page + AT_VIEWPORTS, depths, sizeof(depths));
	memcpy(page + AT_VERTICES, vertices, sizeof(vertices));
}

static void bases_emit(struct writer *writer, uint64_t states, uint64_t kernels)
{
	uint32_t lo = ugvt_lo32(states) | 1, hi = ugvt_hi32(states);

	EMIT(writer, 0x69040300);
	EMIT(writer, 0x61010011, 1, 0, 0, lo, hi, lo, hi, 1, 0, ugvt_lo32(kernels) | 1,
		ugvt_hi32(kernels), 0xfffff001, 0xfffff001, 0xfffff001, 0xfffff001, 0, 0, 0);
}

/* Vertices are the entries themselves: there is no vertex shader, nothing is clipped or transformed. */
static void front_emit(struct writer *writer, uint64_t vertices)
{
	EMIT(writer, 0x78080003, 1 << 14 | 16, ugvt_lo32(vertices), ugvt_hi32(vertices), 48);
	EMIT(writer, 0x78090003, 0x02000000, 0x22220000, 0x02000000, 0x11110000);
	EMIT(writer, 0x784b0000, 15); // RECTLIST
	EMIT(writer, 0x78300000, 0);
	EMIT(writer, 0x78120002, 0, 1 << 9, 0);
	EMIT(writer, 0x78130002, 0, 0, 0);
}

static void back_emit(struct writer *writer)
{
	EMIT(writer, 0x79000002, 0, (SCENE_SIDE - 1) << 16 | (SCENE_SIDE - 1), 0);
	EMIT(writer, 0x78180000, 1);
	EMIT(writer, 0x78500003, 1 << 16, 0, 0, 0);
	EMIT(writer, 0x78140000, 1u << 31);
	EMIT(writer, 0x7820000a, 0, 0, 1 << 30, 0, 0, 1, 2 << 16, 0, 0, 0, 0);
	EMIT(writer, 0x784f0000, 1u << 31);
	EMIT(writer, 0x784d0000, 1 << 30);
	EMIT(writer, 0x78050006, 7u << 29, 0, 0, 0, 0, 0, 0);
	EMIT(writer, 0x78240000, AT_BLEND | 1);
	EMIT(writer, 0x780e0000, AT_COLOR_CALC | 1);
	EMIT(writer, 0x78230000, AT_VIEWPORTS);
	EMIT(writer, 0x782a0000, AT_BINDING_TABLE);
	EMIT(writer, MI_BATCH_BUFFER_END);
}

void scene_init(struct scene *scene, struct driver *driver)
{
	static const float white[4] = {1, 1, 1, 1};
	uint64_t target, states, kernels;
	struct writer writer = {0};

	*scene = (struct scene){.pml4 = identity_map(driver)};
	scene->states = driver_alloc(driver, 4096, &states);
	scene->target = driver_alloc(driver, TARGET_BYTES, &target);
	scene->code = driver_alloc(driver, 4096, &kernels);
	writer.dw = driver_alloc(driver, 4096, &scene->state_address);
	scene->draws =
		driver_alloc(driver, 4 * (DRAWS_MAX * DRAW_DWORDS + 1), &scene->draw_address);
	states_write(scene->states, target);
	bases_emit(&writer, states, kernels);
	front_emit(&writer, states + AT_VERTICES);
	back_emit(&writer);
	scene_flat(scene, white);
	scene_count(scene, 1);
}

static void code_add(struct scene *scene, struct ugvt_eu_inst inst)
{
	scene->code[scene->instructions++] = encode(&inst);
}

static void code_clear(struct scene *scene)
{
	scene->instructions = 0;
	memset(scene->code, 0, SCENE_CODE * sizeof(*scene->code));
}

static void write_add(struct scene *scene)
{
	uint32_t desc = LANES / 2 << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 1u << 12 | 4u << 8;

	code_add(scene, message(UGVT_EU_SFID_RENDER_CACHE, desc, COLOR_REGISTER, true));
}

void scene_flat(struct scene *scene, const float color[4])
{
	code_clear(scene);
	for (unsigned c = 0; c < 4; c++) {
		code_add(scene, make(UGVT_EU_MOV, LANES, vec(UGVT_EU_F, COLOR_REGISTER + c),
					imm_f(color[c]), null(UGVT_EU_F)));
	}
	write_add(scene);
}

void scene_endless(struct scene *scene)
{
	code_clear(scene);
	code_add(scene, make(UGVT_EU_ADD, LANES, vec(UGVT_EU_UD, COLOR_REGISTER),
				vec(UGVT_EU_UD, COLOR_REGISTER), imm(UGVT_EU_UD, 1)));
	code_add(scene, branch(UGVT_EU_WHILE, LANES, -16, 0));
	write_add(scene);
}

void scene_garbage(struct scene *scene, unsigned seed)
{
	uint8_t *bytes = (uint8_t *)scene->code;

	for (unsigned i = 0; i < SCENE_CODE * sizeof(*scene->code); i++) {
		seed = seed * 1103515245 + 12345;
		bytes[i] = (uint8_t)(seed >> 16);
	}
}

void scene_count(struct scene *scene, unsigned draws)
{
	struct writer writer = {.dw = scene->draws};

	for (unsigned i = 0; i < UGVT_MIN(draws, DRAWS_MAX); i++) {
		EMIT(&writer, 0x7b000005, 0, 3, 0, 1, 0, 0);
	}
	EMIT(&writer, MI_BATCH_BUFFER_END);
}

static void call_emit(struct driver_context *context, uint64_t address)
{
	const uint32_t dw[] = {
		MI_BATCH_BUFFER_START_PPGTT, ugvt_lo32(address), ugvt_hi32(address), MI_NOOP};

	driver_emit(context, dw, UGVT_ARRAY_SIZE(dw));
}

void scene_emit_state(const struct scene *scene, struct driver_context *context)
{
	call_emit(context, scene->state_address);
}

void scene_emit_draws(const struct scene *scene, struct driver_context *context)
{
	call_emit(context, scene->draw_address);
}
