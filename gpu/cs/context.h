/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_CS_CONTEXT_H
#define UGVT_GPU_CS_CONTEXT_H

#include "gpu/cs/cs_state.h"

/* image.c: what a context image looks like. */

/* First page: per-process hardware status page. The rest is a list of commands, of which the guest fills in the first five
 * cache lines. */
#define UGVT_CS_IMAGE_OFFSET UGVT_PAGE_SIZE
#define UGVT_CS_RING_CONTEXT_DWORDS 80

#define UGVT_CS_IMAGE_TAIL 0x07 // dword of RING_TAIL's value

bool ugvt_cs_image_init(struct ugvt_cs *cs);
void ugvt_cs_image_finish(struct ugvt_cs *cs);
unsigned ugvt_cs_image_dwords(const struct ugvt_cs *cs);
/* Composes the image in cs->image; how many dwords. */
unsigned ugvt_cs_image_compose(struct ugvt_cs *cs);
/* Writes it to guest memory, except for the values that only the guest changes. */
bool ugvt_cs_image_write(struct ugvt_cs *cs, unsigned dwords);

/* context.c */
/* There is no current context any more. */
void ugvt_cs_context_forget(struct ugvt_cs *cs);

/* cs.c */
void ugvt_cs_window_begin(struct ugvt_cs *cs);
void ugvt_cs_window_end(struct ugvt_cs *cs);
void ugvt_cs_set_idle(struct ugvt_cs *cs, bool idle);
enum ugvt_cs_step ugvt_cs_step(struct ugvt_cs *cs);

#endif
