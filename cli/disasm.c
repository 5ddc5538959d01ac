/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "gpu/eu/disasm.h"

/* More than any file with kernels has. */
#define FILE_MAX_BYTES (256 << 20)

struct code {
	char *bytes;
	size_t size;
};

static bool stream_read(FILE *file, struct code *code)
{
	char chunk[16384];
	FILE *memory = open_memstream(&code->bytes, &code->size);
	size_t total = 0, n;

	if (!memory) {
		return false;
	}
	while (total < FILE_MAX_BYTES && (n = fread(chunk, 1, sizeof(chunk), file)) > 0) {
		total += fwrite(chunk, 1, n, memory);
	}
	if (fclose(memory) != 0) {
		code->bytes = NULL;
		return false;
	}
	if (ferror(file) || total >= FILE_MAX_BYTES) {
		errno = ferror(file) ? EIO : EFBIG;
		free(code->bytes);
		return false;
	}
	return true;
}

static bool file_read(const char *path, struct code *code, struct ugvt_failure *failure)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	bool success;

	if (!file) {
		return ugvt_fail(
			failure, UGVT_FAILURE_INVALID, "can't open %s: %s", path, strerror(errno));
	}
	success = stream_read(file, code);
	if (!success) {
		ugvt_fail(
			failure, UGVT_FAILURE_INVALID, "can't read %s: %s", path, strerror(errno));
	}
	if (file != stdin) {
		fclose(file);
	}
	return success;
}

static bool offset_parse(
	const char *text, const struct code *code, size_t *offset, struct ugvt_failure *failure)
{
	char *end;

	errno = 0;
	*offset = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-') {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID, "'%s' is no number of bytes", text);
	}
	if (*offset % 8 != 0) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"no instruction starts at %s: use a multiple of 8", text);
	}
	if (*offset >= code->size) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"there is nothing at %s: the file ends at %zu", text, code->size);
	}
	return true;
}

static int disasm_run(struct ugvt_cli *cli)
{
	const char *path = NULL, *from = "0";
	bool all = false;
	const struct ugvt_cli_option options[] = {
		{'o', "offset", "N", "where the kernel starts, in bytes", .value = &from},
		{'a', "all", NULL, "go on behind the kernel's end, to that of the file",
			.flag = &all},
		{0},
	};
	struct ugvt_failure failure = {0};
	struct code code = {0};
	size_t offset = 0, size;
	int status = 0;

	if (!ugvt_cli_parse(cli, options, 1) || !ugvt_cli_operand(cli, "the file", &path)) {
		return cli->status;
	}
	if (!file_read(path, &code, &failure)) {
		return ugvt_cli_complain(cli, &failure);
	}
	if (offset_parse(from, &code, &offset, &failure)) {
		size = code.size - offset;
		if (!all) {
			size = ugvt_eu_kernel_size(code.bytes + offset, size);
		}
		if (!ugvt_eu_disasm_kernel(stdout, code.bytes + offset, size)) {
			ugvt_fail(&failure, UGVT_FAILURE_OTHER, "can't print: %s", strerror(errno));
		}
	}
	if (failure.code) {
		status = ugvt_cli_complain(cli, &failure);
	}
	free(code.bytes);
	return status;
}

const struct ugvt_cli_command ugvt_cli_disasm = {
	.name = "disasm",
	.synopsis = "[-o N] [-a] FILE",
	.summary = "Print a kernel of the GPU's execution units as assembly",
	.description =
		"FILE has machine code of Gen9; - is standard input. A kernel ends with the\n"
		"message that ends its thread. Needs no manager.",
	.run = disasm_run,
};
