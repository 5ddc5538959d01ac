/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/gpu/space.h"

#define PAGE UGVT_PAGE_SIZE
#define READ UGVT_PROT_READ
#define WRITE UGVT_PROT_WRITE
#define ADDR UINT64_C(0x7654321000) // 4 KB pages of tests
#define MB (UINT64_C(1) << 20)
#define GB (UINT64_C(1) << 30)
#define RAM (8 * MB)

static int setup(void **state)
{
	struct space *space = malloc(sizeof(*space));

	space_init(space, RAM);
	*state = space;
	return 0;
}

static int teardown(void **state)
{
	space_finish(*state);
	free(*state);
	return 0;
}

static ugvt_gpa pages(struct space *space, unsigned count)
{
	return space_alloc(space, count * PAGE, PAGE);
}

static void check_fault(
	struct space *space, ugvt_gpu_addr addr, unsigned prot, enum ugvt_fault_level level)
{
	uint64_t faults = space->as.faults;
	uint64_t run = 0;

	assert_null(ugvt_aspace_lookup(&space->as, addr, prot, &run));
	assert_int_equal(run, PAGE - addr % PAGE);
	assert_int_equal(space->as.faults, faults + 1);
	assert_int_equal(space->as.fault.addr, addr);
	assert_int_equal(space->as.fault.level, level);
	assert_int_equal(space->as.fault.write, prot == WRITE);
}

static void check_page(struct space *space, ugvt_gpu_addr addr, ugvt_gpa gpa, uint64_t run)
{
	uint64_t got;

	assert_ptr_equal(
		ugvt_aspace_lookup(&space->as, addr, READ | WRITE, &got), space_host(space, gpa));
	assert_int_equal(got, run);
}

static void ggtt_put(struct space *space, ugvt_gpu_addr addr, uint64_t entry)
{
	ugvt_ggtt_write(&space->ggtt, addr / PAGE * 8, &entry, sizeof(entry));
}

static void test_ggtt(void **state)
{
	struct space *space = *state;
	ugvt_gpa gpa = pages(space, 2);

	ugvt_aspace_set(&space->as, UGVT_ASPACE_GGTT, NULL);
	/* i915 leaves the R/W bit 0. */
	ggtt_put(space, 0xfffff000, gpa | SPACE_PRESENT);
	check_page(space, 0xfffff123, gpa + 0x123, PAGE - 0x123);
	check_fault(space, 0x1000, READ, UGVT_FAULT_PTE);
	check_fault(space, 4 * GB, READ, UGVT_FAULT_PTE);
	check_fault(space, 4 * GB + 0xfffff000, WRITE, UGVT_FAULT_PTE);
	/* A change of a present entry counts from the next window on. */
	ggtt_put(space, 0xfffff000, (gpa + PAGE) | SPACE_PRESENT);
	space_window(space);
	check_page(space, 0xfffff000, gpa + PAGE, PAGE);
	ggtt_put(space, 0xfffff000, 0);
	space_window(space);
	check_fault(space, 0xfffff000, READ, UGVT_FAULT_PTE);
}

static void test_4k(void **state)
{
	struct space *space = *state;
	ugvt_gpa gpa = pages(space, 2);

	space_map(space, ADDR, gpa + PAGE, PAGE);
	space_map(space, ADDR + PAGE, gpa, PAGE);
	check_page(space, ADDR, gpa + PAGE, PAGE);
	check_page(space, ADDR + PAGE + 0xffc, gpa + 0xffc, 4);
	check_fault(space, ADDR + 2 * PAGE, READ, UGVT_FAULT_PTE);
}

static void test_64k(void **state)
{
	struct space *space = *state;
	ugvt_gpu_addr addr = 6 * MB;
	ugvt_gpa gpa = space_alloc(space, 2 * 65536, 65536);

	/* Only entries 0, 16, 32, ... count. */
	for (unsigned i = 0; i < 32; i++) {
		*space_entry(space, addr + i * PAGE, 0) = 0xdeadbeef000 | SPACE_RW;
	}
	*space_entry(space, addr, 0) = (gpa + 65536) | SPACE_RW;
	*space_entry(space, addr + 65536, 0) = gpa | SPACE_RW;
	*space_entry(space, addr, 1) |= SPACE_64K;
	check_page(space, addr, gpa + 65536, 65536);
	check_page(space, addr + 5 * PAGE + 7, gpa + 65536 + 5 * PAGE + 7, 65536 - 5 * PAGE - 7);
	check_page(space, addr + 65536 + 15 * PAGE, gpa + 15 * PAGE, PAGE);
	check_fault(space, addr + 2 * 65536, READ, UGVT_FAULT_PTE);
}

static void test_2m(void **state)
{
	struct space *space = *state;
	ugvt_gpu_addr addr = 5 * GB + 4 * MB;
	ugvt_gpa gpa = space_alloc(space, 2 * MB, 2 * MB);

	/* Bits 20:12 of the entry mean other things (PAT) there. */
	*space_entry(space, addr, 1) = gpa | 0x1000 | SPACE_LARGE | SPACE_RW;
	check_page(space, addr, gpa, 2 * MB);
	check_page(space, addr + MB + 3, gpa + MB + 3, MB - 3);
	check_page(space, addr + 2 * MB - PAGE, gpa + 2 * MB - PAGE, PAGE);
	check_fault(space, addr + 2 * MB, WRITE, UGVT_FAULT_PDE);
}

static void test_1g(void **state)
{
	struct space *space = *state;

	/* The gigabyte from 0 has our memory at its start. */
	*space_entry(space, 7 * GB, 2) = 0 | SPACE_LARGE | SPACE_RW;
	check_page(space, 7 * GB + SPACE_GPA + 5, SPACE_GPA + 5, RAM - 5);
	check_fault(space, 7 * GB, READ, UGVT_FAULT_MEMORY);
	check_fault(space, 7 * GB + SPACE_GPA + RAM, READ, UGVT_FAULT_MEMORY);
}

static void test_ppgtt3(void **state)
{
	struct space *space = *state;
	ugvt_gpa gpa = pages(space, 4);
	ugvt_gpa large = space_alloc(space, 2 * MB, 2 * MB);

	for (uint64_t i = 0; i < 4; i++) {
		space_map(space, i * GB + 123 * PAGE, gpa + i * PAGE, PAGE);
	}
	*space_entry(space, 3 * GB + 2 * MB, 1) = large | SPACE_LARGE | SPACE_RW;
	space_set_ppgtt3(space);
	for (uint64_t i = 0; i < 4; i++) {
		check_page(space, i * GB + 123 * PAGE, gpa + i * PAGE, PAGE);
	}
	check_page(space, 3 * GB + 2 * MB + 5, large + 5, 2 * MB - 5);
	check_fault(space, 3 * GB + 124 * PAGE, READ, UGVT_FAULT_PTE);
	check_fault(space, 4 * GB + 123 * PAGE, READ, UGVT_FAULT_PDP);
}

static void test_canonical(void **state)
{
	struct space *space = *state;
	ugvt_gpa gpa = pages(space, 1);

	space_map(space, UINT64_C(0xfffffffff000), gpa, PAGE);
	check_page(space, UINT64_C(0xfffffffff000), gpa, PAGE);
	check_page(space, UINT64_C(0xfffffffffffff008), gpa + 8, PAGE - 8);
}

static void test_absent_levels(void **state)
{
	struct space *space = *state;

	check_fault(space, ADDR, READ, UGVT_FAULT_PML4);
	space_entry(space, ADDR, 2);
	check_fault(space, ADDR, READ, UGVT_FAULT_PDP);
	space_entry(space, ADDR, 1);
	check_fault(space, ADDR, WRITE, UGVT_FAULT_PDE);
	space_entry(space, ADDR, 0);
	check_fault(space, ADDR + 8, READ, UGVT_FAULT_PTE);
	*space_entry(space, ADDR, 0) = (SPACE_GPA + RAM) | SPACE_RW;
	check_fault(space, ADDR + 8, READ, UGVT_FAULT_MEMORY);
}

static void test_tables_outside(void **state)
{
	struct space *space = *state;
	static const enum ugvt_fault_level levels[] = {
		UGVT_FAULT_MEMORY, UGVT_FAULT_PDE, UGVT_FAULT_PDP, UGVT_FAULT_PDP};
	static const uint64_t wrong[] = {0, SPACE_GPA - PAGE, SPACE_GPA + RAM, 0x7ffffff000};
	ugvt_gpa none = 0x7ffffff000;

	for (unsigned level = 0; level < 4; level++) {
		uint64_t *entry = space_entry(space, ADDR, level);
		uint64_t old = *entry;

		for (unsigned i = 0; i < UGVT_ARRAY_SIZE(wrong); i++) {
			*entry = wrong[i] | SPACE_RW;
			ugvt_aspace_invalidate(&space->as);
			check_fault(space, ADDR, READ, levels[level]);
		}
		*entry = old;
	}
	ugvt_aspace_set(&space->as, UGVT_ASPACE_PPGTT4, &none);
	check_fault(space, ADDR, READ, UGVT_FAULT_PML4);
}

static void test_tables_loop(void **state)
{
	struct space *space = *state;
	uint64_t *pml4 = space_host(space, space->pml4);

	/* Each level is the PML4 itself, and so is the page. */
	for (unsigned i = 0; i < 512; i++) {
		pml4[i] = space->pml4 | SPACE_RW;
	}
	for (ugvt_gpu_addr addr = 0; addr < 1000 * GB; addr += 77 * GB + 5 * PAGE) {
		check_page(space, addr, space->pml4, PAGE);
	}
}

static void test_page_at_the_end(void **state)
{
	struct space *space = *state;
	struct ugvt_guest_range range = {.gpa = 64 * MB, .size = PAGE + 100, .prot = READ | WRITE};
	char *host = aligned_alloc(PAGE, 2 * PAGE);

	range.host = host;
	ugvt_guest_memory_end(space->memory);
	assert_int_equal(ugvt_guest_memory_map(space->memory, &range), 0);
	ugvt_guest_memory_begin(space->memory);
	ugvt_aspace_window(&space->as);
	space_map(space, ADDR, 64 * MB, 2 * PAGE);
	assert_ptr_equal(ugvt_aspace_lookup(&space->as, ADDR, READ, NULL), host);
	/* The second page is there in part only. */
	check_fault(space, ADDR + PAGE, READ, UGVT_FAULT_MEMORY);
	*space_entry(space, 2 * MB, 1) = (64 * MB) | SPACE_LARGE | SPACE_RW;
	assert_ptr_equal(ugvt_aspace_lookup(&space->as, 2 * MB + 8, READ, NULL), host + 8);
	check_fault(space, 2 * MB + PAGE + 8, READ, UGVT_FAULT_MEMORY);
	space_window(space);
	free(host);
}

static void test_read_only(void **state)
{
	struct space *space = *state;
	ugvt_gpa gpa = pages(space, 1);

	for (unsigned level = 0; level < 4; level++) {
		space_map(space, ADDR, gpa, PAGE);
		*space_entry(space, ADDR, level) &= ~SPACE_WRITABLE;
		ugvt_aspace_invalidate(&space->as);
		assert_null(ugvt_aspace_lookup(&space->as, ADDR, WRITE, NULL));
		assert_null(ugvt_aspace_lookup(&space->as, ADDR, READ | WRITE, NULL));
		assert_non_null(ugvt_aspace_lookup(&space->as, ADDR, READ, NULL));
		/* Reading it has proven nothing about writing. */
		assert_false(ugvt_aspace_write32(&space->as, ADDR, 1));
		*space_entry(space, ADDR, level) |= SPACE_WRITABLE;
	}
	assert_int_equal(space->as.faults, 0);
	assert_int_equal(*(uint32_t *)space_host(space, gpa), 0);
}

static void test_guest_memory_read_only(void **state)
{
	struct space *space = *state;
	struct ugvt_guest_range range = {.gpa = 64 * MB, .size = PAGE, .prot = READ};

	range.host = aligned_alloc(PAGE, PAGE);
	ugvt_guest_memory_end(space->memory);
	assert_int_equal(ugvt_guest_memory_map(space->memory, &range), 0);
	ugvt_guest_memory_begin(space->memory);
	ugvt_aspace_window(&space->as);
	space_map(space, ADDR, 64 * MB, PAGE);
	assert_ptr_equal(ugvt_aspace_lookup(&space->as, ADDR, READ, NULL), range.host);
	check_fault(space, ADDR, WRITE, UGVT_FAULT_MEMORY);
	free(range.host);
}

static void test_tlb(void **state)
{
	struct space *space = *state;
	ugvt_gpa gpa = pages(space, 2);
	struct ugvt_guest_range range;

	space_map(space, ADDR, gpa, PAGE);
	check_page(space, ADDR, gpa, PAGE);
	/* It may keep what it knows, until it is told. */
	space_map(space, ADDR, gpa + PAGE, PAGE);
	ugvt_aspace_invalidate(&space->as);
	check_page(space, ADDR, gpa + PAGE, PAGE);
	/* A table that was reached is forgotten, too. */
	*space_entry(space, ADDR, 1) = 0;
	ugvt_aspace_invalidate(&space->as);
	check_fault(space, ADDR, READ, UGVT_FAULT_PDE);
	space_map(space, ADDR, gpa, PAGE);
	check_page(space, ADDR, gpa, PAGE);
	/* Memory that is taken away is gone at the next window. */
	ugvt_guest_memory_end(space->memory);
	assert_int_equal(ugvt_guest_memory_unmap(space->memory, SPACE_GPA, RAM, &range), 0);
	ugvt_guest_memory_begin(space->memory);
	ugvt_aspace_window(&space->as);
	check_fault(space, ADDR, READ, UGVT_FAULT_PML4);
}

static void test_tlb_spares_ppgtt(void **state)
{
	struct space *space = *state;
	ugvt_gpa gpa = pages(space, 2);

	/* Changes of the GGTT are no business of a PPGTT. */
	space_map(space, ADDR, gpa, PAGE);
	check_page(space, ADDR, gpa, PAGE);
	space_map(space, ADDR, gpa + PAGE, PAGE);
	ggtt_put(space, 0, gpa | SPACE_PRESENT);
	ggtt_put(space, 0, 0);
	space_window(space);
	check_page(space, ADDR, gpa, PAGE);
}

static void test_read_write(void **state)
{
	struct space *space = *state;
	ugvt_gpa gpa = pages(space, 3);
	char data[3 * PAGE], back[3 * PAGE];

	/* The middle page is missing. */
	space_map(space, ADDR, gpa + 2 * PAGE, PAGE);
	space_map(space, ADDR + 2 * PAGE, gpa, PAGE);
	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = (char)(i * 7 + 1);
	}
	assert_false(ugvt_aspace_write(&space->as, ADDR + 3, data, sizeof(data) - 10));
	memset(back, 0x55, sizeof(back));
	assert_false(ugvt_aspace_read(&space->as, ADDR + 3, back, sizeof(back) - 10));
	memset(data + PAGE - 3, 0, PAGE);
	assert_memory_equal(data, back, sizeof(data) - 10);
	assert_int_equal(space->as.faults, 2);
	assert_memory_equal(data, (char *)space_host(space, gpa + 2 * PAGE) + 3, PAGE - 3);
	assert_true(ugvt_aspace_read(&space->as, ADDR, back, PAGE));
}

static void test_words(void **state)
{
	struct space *space = *state;
	ugvt_gpa gpa = pages(space, 1);
	uint32_t *host = space_host(space, gpa);

	space_map(space, ADDR, gpa, PAGE);
	assert_true(ugvt_aspace_write32(&space->as, ADDR + 6, 0x12345678));
	assert_int_equal(host[1], 0x12345678);
	assert_int_equal(ugvt_aspace_read32(&space->as, ADDR + 5), 0x12345678);
	assert_true(ugvt_aspace_write64(&space->as, ADDR + 0xfff, 0x1122334455667788));
	assert_int_equal(host[1022], 0x55667788);
	assert_int_equal(host[1023], 0x11223344);
	assert_int_equal(ugvt_aspace_read64(&space->as, ADDR + 0xff8), 0x1122334455667788);
	assert_ptr_equal(ugvt_aspace_atomic(&space->as, ADDR + 7, 4), &host[1]);
	assert_ptr_equal(ugvt_aspace_atomic(&space->as, ADDR + 15, 8), &host[2]);
	assert_null(ugvt_aspace_atomic(&space->as, ADDR + PAGE, 8));
	assert_int_equal(ugvt_aspace_read32(&space->as, ADDR + PAGE), 0);
	assert_int_equal(ugvt_aspace_read64(&space->as, ADDR + PAGE), 0);
	assert_false(ugvt_aspace_write32(&space->as, ADDR + PAGE, 1));
	assert_false(ugvt_aspace_write64(&space->as, ADDR + PAGE, 1));
}

static void check_span(struct space *space, ugvt_gpu_addr addr, uint64_t size, uint64_t run)
{
	struct ugvt_aspace_span span = ugvt_aspace_span(&space->as, addr, WRITE, size);

	assert_non_null(span.host);
	assert_int_equal(span.size, run);
}

static void test_span(void **state)
{
	struct space *space = *state;
	ugvt_gpu_addr addr = GB - 20 * PAGE; // the run goes on into another page table
	ugvt_gpa gpa = pages(space, 41);
	struct ugvt_aspace_span span;

	space_map(space, addr, gpa, 40 * PAGE);
	check_span(space, addr + 5, 100, 100);
	check_span(space, addr + 5, 3 * PAGE, 3 * PAGE);
	check_span(space, addr + 5, 100 * PAGE, 40 * PAGE - 5);
	/* What it found out stays right for shorter ones and the ones behind. */
	check_span(space, addr + 6, 2 * PAGE, 2 * PAGE);
	check_span(space, addr + 39 * PAGE + 1, 2 * PAGE, PAGE - 1);
	assert_int_equal(space->as.faults, 0);
	span = ugvt_aspace_span(&space->as, addr + 40 * PAGE, WRITE, 2 * PAGE);
	assert_null(span.host);
	assert_int_equal(span.size, PAGE);
	span = ugvt_aspace_span(&space->as, addr + 40 * PAGE + 8, WRITE, 16);
	assert_null(span.host);
	assert_int_equal(span.size, 16);
	/* A gap and a page that may not be written end it. */
	*space_entry(space, addr + 7 * PAGE, 0) = (gpa + 40 * PAGE) | SPACE_RW;
	*space_entry(space, addr + 30 * PAGE, 0) &= ~SPACE_WRITABLE;
	ugvt_aspace_invalidate(&space->as);
	check_span(space, addr, 40 * PAGE, 7 * PAGE);
	check_span(space, addr + 7 * PAGE, 40 * PAGE, PAGE);
	check_span(space, addr + 8 * PAGE, 40 * PAGE, 22 * PAGE);
}

/* What was found out for readers of some pages says nothing to a writer of the first of them. */
static void test_span_for_readers(void **state)
{
	struct space *space = *state;
	uint64_t run;

	space_map(space, ADDR, pages(space, 4), 4 * PAGE);
	*space_entry(space, ADDR + PAGE, 0) &= ~SPACE_WRITABLE;
	assert_non_null(ugvt_aspace_lookup(&space->as, ADDR, READ | WRITE, NULL));
	assert_int_equal(ugvt_aspace_span(&space->as, ADDR, READ, 4 * PAGE).size, 4 * PAGE);
	assert_non_null(ugvt_aspace_lookup(&space->as, ADDR, WRITE, &run));
	assert_int_equal(run, PAGE);
	check_span(space, ADDR, 4 * PAGE, PAGE);
}

/* No tables: an address is the guest's memory itself, and a range is one piece, over pages and gigabytes. */
static void test_flat(void **state)
{
	struct space *space = *state;
	ugvt_gpu_addr addr = UINT64_C(0xffff812345678000);
	struct ugvt_guest_range range = {
		.gpa = addr & UGVT_GPU_ADDR_MASK, .size = 3 * PAGE, .prot = READ};
	uint64_t run;

	range.host = aligned_alloc(PAGE, 3 * PAGE);
	ugvt_guest_memory_end(space->memory);
	assert_int_equal(ugvt_guest_memory_map(space->memory, &range), 0);
	ugvt_guest_memory_begin(space->memory);
	ugvt_aspace_set(&space->as, UGVT_ASPACE_FLAT, NULL);
	ugvt_aspace_window(&space->as);
	assert_ptr_equal(ugvt_aspace_lookup(&space->as, SPACE_GPA + 8, READ | WRITE, NULL),
		space_host(space, SPACE_GPA + 8));
	assert_ptr_equal(
		ugvt_aspace_lookup(&space->as, addr + 100, READ, &run), (char *)range.host + 100);
	assert_int_equal(run, 3 * PAGE - 100);
	check_fault(space, range.gpa + 3 * PAGE, READ, UGVT_FAULT_MEMORY);
	check_fault(space, range.gpa, WRITE, UGVT_FAULT_MEMORY);
	check_fault(space, 0, READ, UGVT_FAULT_MEMORY);
	ugvt_guest_memory_end(space->memory);
	assert_int_equal(ugvt_guest_memory_unmap(space->memory, range.gpa, range.size, NULL), 0);
	ugvt_guest_memory_begin(space->memory);
	ugvt_aspace_window(&space->as);
	check_fault(space, range.gpa, READ, UGVT_FAULT_MEMORY);
	free(range.host);
}

/* Random mappings of random page sizes against a model that knows the page of each address. */
static void test_random(void **state)
{
	enum {
		MODEL_PAGES = 4096
	};
	struct space *space = *state;
	ugvt_gpa *model = calloc(MODEL_PAGES, sizeof(*model));
	ugvt_gpu_addr base = 9 * GB - 8 * MB;

	srandom(1);
	for (unsigned i = 0; i < MODEL_PAGES; i += 512) {
		ugvt_gpa gpa = SPACE_GPA + random() % (RAM / PAGE) * PAGE;
		unsigned kind = random() % 3;

		for (unsigned j = 0; j < 512; j++) {
			uint64_t *entry = space_entry(space, base + (i + j) * PAGE, 0);

			if (kind == 0 && random() % 4 != 0) {
				model[i + j] = SPACE_GPA + random() % (RAM / PAGE) * PAGE;
				*entry = model[i + j] | SPACE_RW;
			} else if (kind == 1) {
				if (j % 16 == 0) {
					gpa = UGVT_ALIGN_UP(gpa, 65536) % (4 * MB);
					*entry = gpa | SPACE_RW;
				}
				model[i + j] = gpa + j % 16 * PAGE;
			} else if (kind == 2) {
				model[i + j] = 2 * MB + j * PAGE;
			}
		}
		if (kind == 1) {
			*space_entry(space, base + i * PAGE, 1) |= SPACE_64K;
		} else if (kind == 2) {
			*space_entry(space, base + i * PAGE, 1) = 2 * MB | SPACE_LARGE | SPACE_RW;
		}
	}
	for (unsigned i = 0; i < 100000; i++) {
		unsigned page = random() % MODEL_PAGES;
		uint64_t offset = random() % PAGE, run;
		char *host =
			ugvt_aspace_lookup(&space->as, base + page * PAGE + offset, READ, &run);

		if (model[page] < SPACE_GPA) {
			assert_null(host);
			continue;
		}
		assert_ptr_equal(host, (char *)space_host(space, model[page]) + offset);
		for (uint64_t at = PAGE; at < run + offset; at += PAGE) {
			assert_int_equal(model[page + at / PAGE], model[page] + at);
		}
	}
	free(model);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ggtt),
		TEST(4k),
		TEST(64k),
		TEST(2m),
		TEST(1g),
		TEST(ppgtt3),
		TEST(canonical),
		TEST(absent_levels),
		TEST(tables_outside),
		TEST(tables_loop),
		TEST(page_at_the_end),
		TEST(read_only),
		TEST(guest_memory_read_only),
		TEST(tlb),
		TEST(tlb_spares_ppgtt),
		TEST(read_write),
		TEST(words),
		TEST(span),
		TEST(span_for_readers),
		TEST(flat),
		TEST(random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
