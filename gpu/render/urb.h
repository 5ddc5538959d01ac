/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_URB_H
#define UGVT_GPU_RENDER_URB_H

#include "gpu/eu/thread.h"
#include "gpu/render/vertex_batch.h"

/*
 * Messages to the unified return buffer, of SIMD8 threads (PRM IVB vol 4 part 2, "Unified Return Buffer"; Gen8 and later: Mesa's
 * brw_eu.h, brw_urb_desc()). A handle is the number of a vertex of the batch; what is no handle, or lies outside an entry, is
 * not written and reads as zero.
 */

/* NULL, or what is wrong with the message. */
const char *ugvt_urb_send(struct ugvt_vertex_batch *batch, const struct ugvt_eu_message *message);

#endif
