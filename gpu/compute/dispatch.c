/* SPDX-License-Identifier: MIT */
#include "gpu/compute/dispatch.h"

#include <string.h>

/* INTERFACE_DESCRIPTOR_DATA, by dword: Mesa src/intel/genxml/gen9.xml. */
#define DESCRIPTOR_DWORDS 8
#define DW0_KERNEL UGVT_MASK(31, 6)
#define DW1_KERNEL_HIGH UGVT_MASK(15, 0)
#define DW2_ALTERNATIVE UGVT_BIT(16)
#define DW2_DENORMALS UGVT_BIT(19)
#define DW3_SAMPLERS UGVT_MASK(31, 5)
#define DW4_BINDING_TABLE UGVT_MASK(15, 5)
#define DW5_READ_OFFSET UGVT_MASK(15, 0) // registers
#define DW5_READ_LENGTH UGVT_MASK(31, 16)
#define DW6_LOCAL_SIZE UGVT_MASK(20, 16) // 1 KB, doubled so often less one; 0: none
#define DW6_LOCAL_SIZE_MAX 7
#define DW6_BARRIER UGVT_BIT(21)
#define DW6_ROUNDING UGVT_MASK(23, 22)
#define DW7_CROSS_LENGTH UGVT_MASK(7, 0)

/* GPGPU_WALKER. */
#define WALKER_DESCRIPTOR UGVT_MASK(5, 0)
#define WALKER_LENGTH UGVT_MASK(16, 0)
#define WALKER_START UGVT_MASK(31, 6)
#define WALKER_WIDTH UGVT_MASK(5, 0)
#define WALKER_HEIGHT UGVT_MASK(13, 8)
#define WALKER_DEPTH UGVT_MASK(21, 16)
#define WALKER_SIMD UGVT_MASK(31, 30)

#define ROUNDING_SHIFT 4 // of cr0.0
#define SCRATCH_UNIT 1024

/* r0 of a thread: as Mesa's brw_fs.cpp and brw_fs_generator.cpp read it; PRM IVB vol 2 part 2, "GPGPU Thread Payload". */
enum {
	HEADER_GROUP_X = 1,
	HEADER_SAMPLERS = 3, // and scratch size in 3:0
	HEADER_BINDING_TABLE = 4,
	HEADER_SCRATCH = 5, // and the thread's number in 8:0
	HEADER_GROUP_Y = 6,
	HEADER_GROUP_Z = 7,
};

#define SCRATCH_BASE UGVT_MASK(31, 10)

struct ugvt_compute_walker ugvt_compute_walker_decode(const uint32_t *dw)
{
	unsigned simd = UGVT_GET(WALKER_SIMD, dw[4]);

	return (struct ugvt_compute_walker){
		.descriptor = UGVT_GET(WALKER_DESCRIPTOR, dw[1]),
		.indirect_length = UGVT_GET(WALKER_LENGTH, dw[2]),
		.indirect_start = dw[3] & WALKER_START,
		.threads =
			{
				UGVT_GET(WALKER_WIDTH, dw[4]) + 1,
				UGVT_GET(WALKER_HEIGHT, dw[4]) + 1,
				UGVT_GET(WALKER_DEPTH, dw[4]) + 1,
			},
		.lanes = 8u << UGVT_MIN(simd, 2),
		.start = {dw[5], dw[8], dw[11]},
		.end = {dw[7], dw[10], dw[12]},
		.right_mask = dw[13],
		.bottom_mask = dw[14],
	};
}

/* MEDIA_OBJECT. */
#define MEDIA_DESCRIPTOR UGVT_MASK(5, 0)
#define MEDIA_LENGTH UGVT_MASK(16, 0)

struct ugvt_compute_walker ugvt_compute_media_decode(const uint32_t *dw, unsigned length)
{
	return (struct ugvt_compute_walker){
		.descriptor = UGVT_GET(MEDIA_DESCRIPTOR, dw[1]),
		.indirect_length = UGVT_GET(MEDIA_LENGTH, dw[2]),
		.indirect_start = dw[3],
		.data = dw + UGVT_MEDIA_OBJECT_DWORDS,
		.data_dwords = length - UGVT_MIN(length, UGVT_MEDIA_OBJECT_DWORDS),
		.threads = {1, 1, 1},
		.lanes = 32,
		.end = {1, 1, 1},
		.right_mask = UINT32_MAX,
		.bottom_mask = UINT32_MAX,
	};
}

static void header_init(struct ugvt_compute_dispatch *dispatch, const uint32_t *descriptor,
	const struct ugvt_state *state)
{
	uint32_t size = ugvt_state_vfe_scratch_size(state);

	memset(dispatch->header, 0, sizeof(dispatch->header));
	dispatch->header[HEADER_SAMPLERS] = (descriptor[3] & DW3_SAMPLERS) | size;
	dispatch->header[HEADER_BINDING_TABLE] = descriptor[4] & DW4_BINDING_TABLE;
	dispatch->header[HEADER_SCRATCH] =
		ugvt_state_dw(state, UGVT_STATE_MEDIA_VFE_STATE, 1) & SCRATCH_BASE;
	dispatch->scratch_size = (uint32_t)SCRATCH_UNIT << size;
}

static void tables_init(struct ugvt_compute_dispatch *dispatch, const uint32_t *descriptor,
	const struct ugvt_state *state)
{
	uint64_t kernel = ugvt_u64(descriptor[0] & DW0_KERNEL, descriptor[1] & DW1_KERNEL_HIGH);
	uint32_t local = UGVT_MIN(UGVT_GET(DW6_LOCAL_SIZE, descriptor[6]), DW6_LOCAL_SIZE_MAX);

	dispatch->kernel = (ugvt_state_instruction_base(state) + kernel) & UGVT_GPU_ADDR_MASK;
	dispatch->binding_table =
		ugvt_state_surface_base(state) + (descriptor[4] & DW4_BINDING_TABLE);
	dispatch->samplers = ugvt_state_dynamic_base(state) + (descriptor[3] & DW3_SAMPLERS);
	dispatch->local_size = local > 0 ? 512u << local : 0;
	dispatch->barrier = descriptor[6] & DW6_BARRIER;
	dispatch->cr0 =
		(descriptor[2] & DW2_ALTERNATIVE ? UGVT_EU_CR0_ALTERNATIVE : 0) |
		(descriptor[2] & DW2_DENORMALS ? UGVT_EU_CR0_F_DENORMS | UGVT_EU_CR0_DF_DENORMS |
							 UGVT_EU_CR0_HF_DENORMS
					       : 0) |
		UGVT_GET(DW6_ROUNDING, descriptor[6]) << ROUNDING_SHIFT;
}

/* What lies behind the constants' end is 0. */
static void constants_read(const struct ugvt_compute_dispatch *dispatch, struct ugvt_aspace *as,
	uint64_t offset, void *bytes, size_t size)
{
	uint64_t there = offset < dispatch->constants_size ? dispatch->constants_size - offset : 0;
	size_t part = (size_t)UGVT_MIN(there, size);

	memset((uint8_t *)bytes + part, 0, size - part);
	if (part > 0) {
		ugvt_aspace_read(
			as, (dispatch->constants + offset) & UGVT_GPU_ADDR_MASK, bytes, part);
	}
}

static void constants_init(struct ugvt_compute_dispatch *dispatch, const uint32_t *descriptor,
	const struct ugvt_state *state, struct ugvt_aspace *as)
{
	const struct ugvt_compute_walker *walker = &dispatch->walker;
	uint64_t offset = (uint64_t)UGVT_EU_REGISTER_BYTES * (descriptor[5] & DW5_READ_OFFSET);
	unsigned left;

	dispatch->indirect = walker->indirect_length > 0 && !walker->data;
	if (dispatch->indirect) {
		dispatch->constants = ugvt_state_indirect_base(state) + walker->indirect_start;
		dispatch->constants_size = walker->indirect_length;
	} else {
		dispatch->constants = ugvt_state_curbe(state) + offset;
		dispatch->constants_size = ugvt_state_curbe_length(state);
		dispatch->constants_size -= UGVT_MIN(dispatch->constants_size, offset);
	}
	dispatch->cross_registers =
		UGVT_MIN(UGVT_GET(DW7_CROSS_LENGTH, descriptor[7]), UGVT_COMPUTE_PAYLOAD_REGISTERS);
	left = UGVT_COMPUTE_PAYLOAD_REGISTERS - dispatch->cross_registers;
	dispatch->own_registers = UGVT_MIN(UGVT_GET(DW5_READ_LENGTH, descriptor[5]), left);
	constants_read(dispatch, as, 0, dispatch->cross,
		dispatch->cross_registers * UGVT_EU_REGISTER_BYTES);
}

static unsigned registers_of(size_t bytes)
{
	return (unsigned)((bytes + UGVT_EU_REGISTER_BYTES - 1) / UGVT_EU_REGISTER_BYTES);
}

/* Inline data, then indirect data, each from a register's start on: PRM IVB vol 2 part 2, "MEDIA_OBJECT Command". */
static void data_init(struct ugvt_compute_dispatch *dispatch, const struct ugvt_state *state,
	struct ugvt_aspace *as)
{
	const struct ugvt_compute_walker *walker = &dispatch->walker;
	unsigned space = UGVT_COMPUTE_PAYLOAD_REGISTERS - dispatch->cross_registers -
			 dispatch->own_registers;
	size_t size = UGVT_MIN(walker->data_dwords * sizeof(*walker->data),
		space * (size_t)UGVT_EU_REGISTER_BYTES);
	ugvt_gpu_addr indirect = ugvt_state_indirect_base(state) + walker->indirect_start;

	dispatch->data_registers = 0;
	if (!walker->data) {
		return;
	}
	memset(dispatch->data, 0, sizeof(dispatch->data));
	memcpy(dispatch->data, walker->data, size);
	dispatch->data_registers = registers_of(size);
	space -= dispatch->data_registers;
	size = UGVT_MIN(walker->indirect_length, space * (size_t)UGVT_EU_REGISTER_BYTES);
	ugvt_aspace_read(as, indirect & UGVT_GPU_ADDR_MASK,
		dispatch->data + dispatch->data_registers * UGVT_EU_REGISTER_BYTES, size);
	dispatch->data_registers += registers_of(size);
	dispatch->walker.data = NULL; // the command is the streamer's
}

void ugvt_compute_dispatch_init(struct ugvt_compute_dispatch *dispatch,
	const struct ugvt_compute_walker *walker, const struct ugvt_state *state,
	struct ugvt_aspace *as)
{
	uint32_t descriptor[DESCRIPTOR_DWORDS];
	ugvt_gpu_addr addr =
		ugvt_state_descriptors(state) + walker->descriptor * sizeof(descriptor);

	ugvt_aspace_read(as, addr & UGVT_GPU_ADDR_MASK, descriptor, sizeof(descriptor));
	dispatch->walker = *walker;
	dispatch->threads = walker->threads[0] * walker->threads[1] * walker->threads[2];
	header_init(dispatch, descriptor, state);
	tables_init(dispatch, descriptor, state);
	constants_init(dispatch, descriptor, state, as);
	data_init(dispatch, state, as);
}

uint32_t ugvt_compute_dispatch_lanes(const struct ugvt_compute_dispatch *dispatch, unsigned index)
{
	const struct ugvt_compute_walker *walker = &dispatch->walker;
	uint32_t lanes = walker->lanes < 32 ? UGVT_BIT(walker->lanes) - 1 : UINT32_MAX;
	unsigned x = index % walker->threads[0];
	unsigned y = index / walker->threads[0] % walker->threads[1];

	if (x + 1 == walker->threads[0]) {
		lanes &= walker->right_mask;
	}
	if (y + 1 == walker->threads[1]) {
		lanes &= walker->bottom_mask;
	}
	return lanes;
}

void ugvt_compute_dispatch_payload(const struct ugvt_compute_dispatch *dispatch,
	const uint32_t group[3], unsigned index, struct ugvt_aspace *as,
	struct ugvt_eu_thread *thread)
{
	size_t cross = dispatch->cross_registers * UGVT_EU_REGISTER_BYTES;
	size_t own = dispatch->own_registers * UGVT_EU_REGISTER_BYTES;
	uint32_t header[8];

	memcpy(header, dispatch->header, sizeof(header));
	header[HEADER_GROUP_X] = group[0];
	header[HEADER_GROUP_Y] = group[1];
	header[HEADER_GROUP_Z] = group[2];
	header[HEADER_SCRATCH] =
		((header[HEADER_SCRATCH] + index * dispatch->scratch_size) & SCRATCH_BASE) | index;
	memcpy(thread->grf, header, sizeof(header));
	/* In memory what is for all comes first; in registers only if it is from the CURBE. What drivers do: Mesa's
	 * anv_cmd_buffer_cs_push_constants(), and kernels of Intel's OpenCL compiler. */
	memcpy(thread->grf + UGVT_EU_REGISTER_BYTES + (dispatch->indirect ? own : 0),
		dispatch->cross, cross);
	if (own > 0) {
		constants_read(dispatch, as, cross + index * own,
			thread->grf + UGVT_EU_REGISTER_BYTES + (dispatch->indirect ? 0 : cross),
			own);
	}
	memcpy(thread->grf + UGVT_EU_REGISTER_BYTES + cross + own, dispatch->data,
		dispatch->data_registers * UGVT_EU_REGISTER_BYTES);
}
