/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/eu/isa.h"
#include "gpu/render/functions_data.h"

/* Which message of the data ports is whose. Numbers: Mesa's brw_eu_defines.h (GFX7_DATAPORT_DC_*, HSW_DATAPORT_DC_PORT1_*,
 * GFX9_DATAPORT_DC_PORT1_*). */

#define SCRATCH UGVT_BIT(18) // of a descriptor: not an index in the binding table, but an offset

/* All memory is coherent, but other threads' accesses have an order. */
static const char *fence(struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	(void)functions;
	(void)message;
	atomic_thread_fence(memory_order_seq_cst);
	return NULL;
}

typedef const char *(*handler)(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message);

static const handler port_0[32] = {
	[0] = ugvt_data_block_read,
	[1] = ugvt_data_block_read_unaligned,
	[3] = ugvt_data_dwords_read,
	[4] = ugvt_data_bytes_read,
	[7] = fence,
	[8] = ugvt_data_block_write,
	[11] = ugvt_data_dwords_write,
	[12] = ugvt_data_bytes_write,
};

static const handler port_1[32] = {
	[1] = ugvt_data_untyped_read,
	[2] = ugvt_data_atomic,
	[4] = ugvt_data_media_block_read,
	[5] = ugvt_data_typed_read,
	[6] = ugvt_data_atomic_typed,
	[9] = ugvt_data_untyped_write,
	[10] = ugvt_data_media_block_write,
	[13] = ugvt_data_typed_write,
	[16] = ugvt_data_scattered_read_a64,
	[17] = ugvt_data_untyped_read_a64,
	[18] = ugvt_data_atomic_a64,
	[20] = ugvt_data_block_read_a64,
	[21] = ugvt_data_block_write_a64,
	[25] = ugvt_data_untyped_write_a64,
	[26] = ugvt_data_scattered_write_a64,
	[27] = ugvt_data_atomic_float,
	[29] = ugvt_data_atomic_float_a64,
};

/* The constant cache, and the sampler's. */
static const handler read_only[32] = {
	[0] = ugvt_data_block_read,
	[1] = ugvt_data_block_read_unaligned,
	[3] = ugvt_data_dwords_read,
};

static handler handler_find(const struct ugvt_eu_message *message)
{
	unsigned type = ugvt_eu_data_message(message->desc);

	switch (message->sfid) {
	case UGVT_EU_SFID_DATA_CACHE_0:
		return message->desc & SCRATCH ? ugvt_data_scratch : port_0[type];
	case UGVT_EU_SFID_DATA_CACHE_1: return port_1[type];
	default: return read_only[type];
	}
}

const char *ugvt_functions_data(
	struct ugvt_functions *functions, const struct ugvt_eu_message *message)
{
	handler handle = handler_find(message);

	return handle ? handle(functions, message) : ugvt_functions_miss(functions, message);
}
