/* SPDX-License-Identifier: MIT */
#include "replay/print.h"

#include <inttypes.h>
#include <stdlib.h>

#include "replay/draw.h"
#include "replay/print_parts.h"

#define RAW_MAX 16 // dwords of a command that nothing is known of

void ugvt_printer_init(struct ugvt_printer *printer, FILE *out, bool disassemble)
{
	*printer = (struct ugvt_printer){.out = out, .disassemble = disassemble};
}

void ugvt_printer_finish(struct ugvt_printer *printer)
{
	free(printer->kernels);
}

/* FNV-1a. */
uint64_t ugvt_print_hash(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++) {
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	}
	return hash;
}

static void raw_print(FILE *out, const struct ugvt_cs_command *command)
{
	for (unsigned i = 0; i < command->dwords && i < RAW_MAX; i++) {
		fprintf(out, UGVT_PRINT_INDENT "dword %u: %#010" PRIx32 "\n", i, command->dw[i]);
	}
}

void ugvt_print_command(struct ugvt_printer *printer, const struct ugvt_cs_command *command)
{
	const struct ugvt_layout *layout = ugvt_layout_find(command->row->name);
	struct ugvt_print_at at = {printer, command, {{0}}};

	fprintf(printer->out, "    %#" PRIx64 ": %s, %u dword%s%s\n", command->addr,
		command->row->name, command->dwords, command->dwords == 1 ? "" : "s",
		command->skipped ? ", not executed" : "");
	if (layout) {
		ugvt_print_fields(printer->out, layout, command->dw, command->dwords);
	} else {
		raw_print(printer->out, command);
	}
	ugvt_state_init(&at.state, command->kept);
	ugvt_print_pointed(&at);
	if (ugvt_draw_kind(command) != UGVT_DRAW_NONE) {
		ugvt_print_draw(&at);
	}
}
