/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gpu/eu/disasm.h"
#include "gpu/eu/validate.h"

/*
 * vectors FOLDER: for each NAME.asm in the folder, which is assembly, and NAME.expected, the bytes that Mesa's assembler
 * made of it: decodes and disassembles the bytes, and compares instruction by instruction. White space does not count.
 */

struct count {
	unsigned files, encodings, agree;
};

static char *file_read(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0, used;
	FILE *memory;
	char buffer[4096];

	if (!file) {
		perror(path);
		exit(1);
	}
	memory = open_memstream(&text, &size);
	while ((used = fread(buffer, 1, sizeof(buffer), file)) > 0) {
		fwrite(buffer, 1, used, memory);
	}
	fclose(memory);
	fclose(file);
	return text;
}

/* Hexadecimal text to bytes, in place; returns how many. */
static size_t hex_to_bytes(char *text)
{
	char *next = text;
	size_t n = 0;

	for (;;) {
		char *end;
		unsigned long value = strtoul(next, &end, 16);

		if (end == next) {
			return n;
		}
		text[n++] = (char)value;
		next = end;
	}
}

/* The next instruction or label, white space made one; false at the end. */
static bool statement_next(const char **text, char *statement, size_t size)
{
	size_t n = 0;
	char last = 0;

	while (isspace((unsigned char)**text)) {
		(*text)++;
	}
	while (**text && n + 2 < size && last != ';') {
		last = *(*text)++;
		if (!isspace((unsigned char)last)) {
			statement[n++] = last;
		} else if (n && statement[n - 1] != ' ') {
			statement[n++] = ' ';
		}
		if (last == ':' && strncmp(statement, "LABEL", 5) == 0 &&
			!memchr(statement, ' ', n)) {
			break;
		}
	}
	statement[n] = '\0';
	return n > 0;
}

static void compare(const char *name, const char *wanted, const char *got, struct count *count)
{
	char want[1024], have[1024];
	bool more;

	while ((more = statement_next(&wanted, want, sizeof(want))),
		statement_next(&got, have, sizeof(have)) || more) {
		bool same = more && strcmp(want, have) == 0;

		if (!same) {
			printf("%s:\n  wanted %s\n  got    %s\n", name, more ? want : "", have);
		}
		if (strchr(have, ';')) {
			count->encodings++;
			count->agree += same;
		} else if (!same) {
			/* A label that is wrong counts as an instruction that does not agree. */
			count->encodings++;
		}
		have[0] = '\0';
	}
}

/* What Mesa assembles can be executed. */
static void validity_check(const char *name, const char *bytes, size_t size, struct count *count)
{
	struct ugvt_eu_inst inst;

	for (size_t at = 0; ugvt_eu_decode(bytes + at, size - at, &inst); at += inst.bytes) {
		const char *wrong = ugvt_eu_validate(&inst);

		if (wrong) {
			printf("%s: %zu: refused: %s\n", name, at, wrong);
			count->encodings++;
		}
	}
}

static void file_check(const char *path, struct count *count)
{
	char expected[4096];
	char *wanted = file_read(path);
	char *bytes, *got = NULL;
	size_t size, got_size;
	FILE *out;

	snprintf(expected, sizeof(expected), "%.*s.expected", (int)(strlen(path) - 4), path);
	bytes = file_read(expected);
	size = hex_to_bytes(bytes);
	out = open_memstream(&got, &got_size);
	if (!ugvt_eu_disasm_kernel(out, bytes, size)) {
		exit(1);
	}
	fclose(out);
	compare(path, wanted, got, count);
	validity_check(path, bytes, size, count);
	count->files++;
	free(got);
	free(bytes);
	free(wanted);
}

int main(int argc, char **argv)
{
	struct count count = {0};
	char pattern[4096];
	glob_t found;

	if (argc != 2) {
		fputs("usage: vectors FOLDER\n", stderr);
		return 2;
	}
	snprintf(pattern, sizeof(pattern), "%s/*.asm", argv[1]);
	if (glob(pattern, 0, NULL, &found) != 0) {
		fprintf(stderr, "vectors: there is no %s\n", pattern);
		return 1;
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		file_check(found.gl_pathv[i], &count);
	}
	globfree(&found);
	printf("%u of %u encodings agree, in %u files\n", count.agree, count.encodings,
		count.files);
	return count.agree == count.encodings ? 0 : 1;
}
