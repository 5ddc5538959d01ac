/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gpu/eu/disasm.h"
#include "replay/print_parts.h"

#define KERNEL_MAX (UINT32_C(1) << 18) // bytes; none that a driver makes is longer
#define HASH_START UINT64_C(0xcbf29ce484222325)

/* What lies there, up to where memory ends; how many bytes. */
static size_t code_read(const struct ugvt_print_at *at, ugvt_gpu_addr addr, char *code)
{
	size_t size = 0;

	while (size < KERNEL_MAX) {
		uint64_t run;
		const void *host = ugvt_aspace_lookup(
			at->command->as, (addr + size) & UGVT_GPU_ADDR_MASK, UGVT_PROT_READ, &run);

		if (!host) {
			break;
		}
		run = UGVT_MIN(run, (uint64_t)(KERNEL_MAX - size));
		memcpy(code + size, host, run);
		size += run;
	}
	return size;
}

/* false: it was printed before, or there is no memory to remember that it was. */
static bool kernel_remember(struct ugvt_printer *printer, struct ugvt_print_kernel kernel)
{
	size_t capacity = UGVT_MAX(printer->kernel_capacity * 2, (size_t)64);
	struct ugvt_print_kernel *kernels;

	for (size_t i = 0; i < printer->kernel_count; i++) {
		if (printer->kernels[i].addr == kernel.addr &&
			printer->kernels[i].hash == kernel.hash) {
			return false;
		}
	}
	if (printer->kernel_count == printer->kernel_capacity) {
		kernels = realloc(printer->kernels, capacity * sizeof(*kernels));
		if (!kernels) {
			return false;
		}
		printer->kernels = kernels;
		printer->kernel_capacity = capacity;
	}
	printer->kernels[printer->kernel_count++] = kernel;
	return true;
}

static void code_print(
	const struct ugvt_print_at *at, const char *stage, ugvt_gpu_addr addr, char *code)
{
	struct ugvt_printer *printer = at->printer;
	size_t size = code_read(at, addr, code);
	size_t length = size > 0 ? ugvt_eu_kernel_size(code, size) : 0;
	struct ugvt_print_kernel kernel = {addr, ugvt_print_hash(HASH_START, code, length)};
	bool fresh = kernel_remember(printer, kernel);

	fprintf(printer->out, "    %#" PRIx64 ": kernel of %s, %zu bytes%s\n", addr, stage, length,
		fresh ? "" : ", as before");
	if (fresh && printer->disassemble) {
		ugvt_eu_disasm_kernel(printer->out, code, length);
	}
}

void ugvt_print_kernel(const struct ugvt_print_at *at, const char *stage, ugvt_gpu_addr addr)
{
	char *code = malloc(KERNEL_MAX);

	if (code) {
		code_print(at, stage, addr, code);
	}
	free(code);
}
