/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_RENDER_MESSAGES_H
#define UGVT_TESTS_GPU_RENDER_MESSAGES_H

#include "gpu/render/functions.h"
#include "tests/gpu/space.h"

/* Messages to shared functions, with a texture and a buffer in memory. */

#define STATES UINT64_C(0x100000000) // surface and dynamic state base
#define TEXTURE UINT64_C(0x200000000)
#define SIZE 8u // of the texture
#define BUFFER (TEXTURE + 0x1000)
#define BUFFER_SIZE 100u
#define TABLE 0x20u // binding table
#define SAMPLERS 0x400u
#define OTHER_SAMPLERS 0x480u

#define SIMD8 (1u << 17)
#define SIMD16 (2u << 17)
#define HEADER (1u << 19)

struct bench {
	struct space space;
	struct ugvt_kept kept;
	struct ugvt_state state;
	struct ugvt_functions *functions;
	struct ugvt_eu_message message;
	uint32_t payload[15][8], response[16][8];
	uint32_t *states, *texture;
	uint8_t *buffer;
};

/* For cmocka: *state is a bench, whose functions have begun a draw of pixels. */
int bench_setup(void **state);
int bench_teardown(void **state);
/* NULL, or what is wrong with bench->message. */
const char *bench_send(struct bench *bench);
/* Memory of the guest's, mapped at addr. */
void *bench_map(struct bench *bench, uint64_t addr, uint64_t size);

#endif
