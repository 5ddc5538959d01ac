/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/cs/cs_state.h"

/* Commands that write and copy memory. Formats: Mesa src/intel/genxml/gen9.xml. */

#define STORE_QWORD UGVT_BIT(21)
#define INDEX_PPHWSP UGVT_BIT(21)
#define INDEX_OFFSET UGVT_MASK(11, 2)
#define COPY_GLOBAL_SRC UGVT_BIT(22)
#define COPY_GLOBAL_DST UGVT_BIT(21)
#define PERF_GLOBAL UGVT_BIT(0) // of DW1
#define OACONTROL_FORMAT UGVT_MASK(4, 2)

#define HWSP_RING_HEAD \
	0x10 // "Ring Head Pointer Storage": PRM VLV vol 2d, "Hardware Status Page Layout"

/* As many as there are: dwords, or pairs of them written in one access. */
static void data_write(
	struct ugvt_aspace *as, ugvt_gpu_addr addr, const uint32_t *dw, unsigned count, bool qwords)
{
	if (!qwords) {
		for (unsigned i = 0; i < count; i++) {
			ugvt_aspace_write32(as, addr + 4 * i, dw[i]);
		}
		return;
	}
	for (unsigned i = 0; i < count; i += 2) {
		ugvt_aspace_write64(as, addr + 4 * i, ugvt_u64(dw[i], dw[i + 1]));
	}
}

enum ugvt_cs_step ugvt_cs_do_store_data(struct ugvt_cs *cs)
{
	struct ugvt_aspace *as = ugvt_cs_space(cs, cs->dw[0] & cs->row->global);
	ugvt_gpu_addr addr = ugvt_cs_addr(cs->dw + 1) & ~UINT64_C(3);
	unsigned count = cs->copied > 3 ? cs->copied - 3 : 1;

	data_write(as, addr, cs->dw + 3, count, cs->dw[0] & STORE_QWORD);
	cs->budget -= count / 4;
	return UGVT_STEP_NEXT;
}

static ugvt_gpu_addr status_page(const struct ugvt_cs *cs, bool per_process)
{
	return per_process ? cs->lrca : ugvt_cs_peek(cs, RING_HWS_PGA) & ~UGVT_MASK(11, 0);
}

enum ugvt_cs_step ugvt_cs_do_store_index(struct ugvt_cs *cs)
{
	ugvt_gpu_addr page = status_page(cs, cs->dw[0] & INDEX_PPHWSP);
	unsigned count = cs->copied > 3 ? 2 : 1;

	data_write(&cs->ggtt, page + (cs->dw[1] & INDEX_OFFSET), cs->dw + 2, count, false);
	return UGVT_STEP_NEXT;
}

enum ugvt_cs_step ugvt_cs_do_copy_mem(struct ugvt_cs *cs)
{
	struct ugvt_aspace *src = ugvt_cs_space(cs, cs->dw[0] & COPY_GLOBAL_SRC);
	struct ugvt_aspace *dst = ugvt_cs_space(cs, cs->dw[0] & COPY_GLOBAL_DST);
	uint32_t value = ugvt_aspace_read32(src, ugvt_cs_addr(cs->dw + 3));

	ugvt_aspace_write32(dst, ugvt_cs_addr(cs->dw + 1), value);
	return UGVT_STEP_NEXT;
}

/* DW1 31:12: the address whose entry is the first, then entries of two dwords. */
enum ugvt_cs_step ugvt_cs_do_update_gtt(struct ugvt_cs *cs)
{
	uint32_t entry = cs->dw[1] >> UGVT_PAGE_SHIFT;

	if (!cs->host->impl->ggtt_update) {
		atomic_fetch_add_explicit(&cs->stats.not_executed, 1, memory_order_relaxed);
		return UGVT_STEP_NEXT;
	}
	for (unsigned i = 2; i + 1 < cs->copied && entry < UGVT_GGTT_ENTRIES; i += 2, entry++) {
		cs->host->impl->ggtt_update(cs->host, entry, ugvt_u64(cs->dw[i], cs->dw[i + 1]));
	}
	ugvt_cs_flush(cs);
	return UGVT_STEP_NEXT;
}

/* With execlists a context's own status page gets it. */
enum ugvt_cs_step ugvt_cs_do_report_head(struct ugvt_cs *cs)
{
	ugvt_aspace_write32(&cs->ggtt, status_page(cs, true) + HWSP_RING_HEAD, cs->position.head);
	return UGVT_STEP_NEXT;
}

/* Bytes of a report by OACONTROL's counter format: i915 i915_perf.c, oa_formats of Gen8 and later. */
static unsigned perf_size(const struct ugvt_cs *cs)
{
	uint32_t format = UGVT_GET(OACONTROL_FORMAT, ugvt_regfile_peek(cs->regs, OACONTROL));

	return format == 5 ? 256 : format == 2 ? 128 : 64;
}

/* ID, time, context and clock; nothing counts, so all counters are zero. */
enum ugvt_cs_step ugvt_cs_do_report_perf(struct ugvt_cs *cs)
{
	bool global = cs->dw[1] & PERF_GLOBAL;
	ugvt_gpu_addr addr = ugvt_cs_addr(cs->dw + 1) & ~UINT64_C(63);
	uint32_t now = (uint32_t)cs->host->impl->timestamp(cs->host);
	uint32_t report[64] = {cs->dw[3], now, cs->lrca >> UGVT_PAGE_SHIFT, now};

	if (global && !ugvt_cs_is_privileged(cs)) {
		ugvt_cs_violation(cs);
		return UGVT_STEP_NEXT;
	}
	ugvt_aspace_write(ugvt_cs_space(cs, global), addr, report, perf_size(cs));
	return UGVT_STEP_NEXT;
}
