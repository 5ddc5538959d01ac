/* SPDX-License-Identifier: MIT */
#include "gpu/regs/regfile.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/bits.h"

#define REG_COUNT (UGVT_MMIO_SIZE / 4)
#define VALUES_SIZE (REG_COUNT * sizeof(uint32_t))
#define INDEX_SIZE (REG_COUNT * sizeof(uint16_t))

static unsigned row_count(const struct ugvt_reg *row)
{
	return row->count > 0 ? row->count : 1;
}

static uint32_t row_stride(const struct ugvt_reg *row)
{
	return row->stride > 0 ? row->stride : 4;
}

static size_t rows_total(void)
{
	size_t total = 0;

	for (size_t t = 0; t < ugvt_reg_table_count; t++) {
		total += ugvt_reg_tables[t]->count;
	}
	return total;
}

static void row_enter(struct ugvt_regfile *regs, size_t at)
{
	const struct ugvt_reg *row = regs->rows[at];

	for (unsigned i = 0; i < row_count(row); i++) {
		regs->index[(row->offset + i * row_stride(row)) / 4] = (uint16_t)(at + 1);
	}
}

static void rows_enter(struct ugvt_regfile *regs, enum ugvt_platform platform)
{
	size_t at = 0;

	for (size_t t = 0; t < ugvt_reg_table_count; t++) {
		for (size_t i = 0; i < ugvt_reg_tables[t]->count; i++) {
			const struct ugvt_reg *row = &ugvt_reg_tables[t]->rows[i];

			if (row->platforms != 0 && !(row->platforms & platform)) {
				continue;
			}
			regs->rows[at] = row;
			row_enter(regs, at++);
		}
	}
}

/* Fresh anonymous pages read as zero and take no memory until written. */
static void *pages_alloc(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

bool ugvt_regfile_init(struct ugvt_regfile *regs, enum ugvt_platform platform)
{
	size_t total = rows_total();

	assert(total < UINT16_MAX);
	*regs = (struct ugvt_regfile){
		.values = pages_alloc(VALUES_SIZE),
		.index = pages_alloc(INDEX_SIZE),
		.rows = calloc(total + 1, sizeof(*regs->rows)),
	};
	if (!regs->values || !regs->index || !regs->rows) {
		ugvt_regfile_finish(regs);
		return false;
	}
	rows_enter(regs, platform);
	ugvt_regfile_reset(regs);
	return true;
}

void ugvt_regfile_finish(struct ugvt_regfile *regs)
{
	if (regs->values) {
		munmap((void *)regs->values, VALUES_SIZE);
	}
	if (regs->index) {
		munmap(regs->index, INDEX_SIZE);
	}
	free(regs->rows);
	*regs = (struct ugvt_regfile){0};
}

static void row_reset(struct ugvt_regfile *regs, const struct ugvt_reg *row)
{
	for (unsigned i = 0; i < row_count(row); i++) {
		uint32_t offset = row->offset + i * row_stride(row);

		/* A page that holds zeros only stays untouched. */
		if (ugvt_regfile_peek(regs, offset) != row->reset) {
			ugvt_regfile_poke(regs, offset, row->reset);
		}
	}
}

void ugvt_regfile_reset(struct ugvt_regfile *regs)
{
	madvise((void *)regs->values, VALUES_SIZE, MADV_DONTNEED);
	for (size_t at = 0; regs->rows[at]; at++) {
		row_reset(regs, regs->rows[at]);
	}
}

void ugvt_regfile_reset_range(struct ugvt_regfile *regs, uint32_t first, uint32_t last)
{
	for (uint32_t offset = first & ~3u; offset <= last && offset < UGVT_MMIO_SIZE;
		offset += 4) {
		const struct ugvt_reg *row = ugvt_regfile_row(regs, offset);

		ugvt_regfile_poke(regs, offset, row ? row->reset : 0);
	}
}

const struct ugvt_reg *ugvt_regfile_row(const struct ugvt_regfile *regs, uint32_t offset)
{
	uint16_t at = regs->index[offset / 4];

	return at > 0 ? regs->rows[at - 1] : NULL;
}

bool ugvt_regfile_read_is_hooked(const struct ugvt_regfile *regs, uint32_t offset)
{
	const struct ugvt_reg *row = ugvt_regfile_row(regs, offset);

	return row && (row->flags & UGVT_REG_HOOK_READ) && regs->units[row->unit];
}

static uint32_t row_index(const struct ugvt_reg *row, uint32_t offset)
{
	return (offset - row->offset) / row_stride(row);
}

uint32_t ugvt_regfile_read(struct ugvt_regfile *regs, uint32_t offset)
{
	struct ugvt_reg_access access;
	struct ugvt_reg_unit *unit;

	if (!ugvt_regfile_read_is_hooked(regs, offset)) {
		return ugvt_regfile_peek(regs, offset);
	}
	access = (struct ugvt_reg_access){
		.row = ugvt_regfile_row(regs, offset),
		.offset = offset,
		.value = ugvt_regfile_peek(regs, offset),
	};
	access.old = access.value;
	access.index = row_index(access.row, offset);
	unit = regs->units[access.row->unit];
	return unit->impl->read(unit, &access);
}

static uint32_t value_after(const struct ugvt_reg *row, uint32_t old, uint32_t written)
{
	uint32_t keep = row->read_only | row->w1c;
	uint32_t value = written;

	if (row->flags & UGVT_REG_READ_ONLY) {
		return old;
	}
	if (row->flags & UGVT_REG_MASKED) {
		keep |= ~(written >> 16);
		value &= 0xffff;
	}
	return (old & keep & ~(written & row->w1c)) | (value & ~keep);
}

void ugvt_regfile_write(struct ugvt_regfile *regs, uint32_t offset, uint32_t value)
{
	const struct ugvt_reg *row = ugvt_regfile_row(regs, offset);
	struct ugvt_reg_access access;
	struct ugvt_reg_unit *unit;

	if (!row) {
		ugvt_regfile_poke(regs, offset, value);
		return;
	}
	access = (struct ugvt_reg_access){
		.row = row,
		.offset = offset,
		.index = row_index(row, offset),
		.written = value,
		.old = ugvt_regfile_peek(regs, offset),
	};
	do {
		access.value = value_after(row, access.old, value);
	} while (!ugvt_regfile_exchange(regs, offset, &access.old, access.value));
	unit = regs->units[row->unit];
	if ((row->flags & UGVT_REG_HOOK_WRITE) && unit) {
		unit->impl->write(unit, &access);
	}
}
