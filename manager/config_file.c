/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "manager/config_parser.h"
#include "manager/number.h"

/*
 * The file is lines: "[parent NAME]" or "[type NAME]" begins a section, "key = value" sets something in it, "#" begins
 * a comment. A section starts from default values; each is checked as a whole when it ends.
 */

#define FILE_SIZE_MAX (1024 * 1024)

static const struct ugvt_config_section *const sections[] = {
	&ugvt_config_parent_section,
	&ugvt_config_type_section,
};

#define SECTION_FORMS "'[parent NAME]' or '[type NAME]'"

bool ugvt_config_complain(struct ugvt_config_parser *parser, unsigned line, const char *format, ...)
{
	char reason[UGVT_FAILURE_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	ugvt_fail(parser->failure, UGVT_FAILURE_INVALID, "%s:%u: ", parser->path, line);
	ugvt_failure_append_quoted(parser->failure, reason);
	return false;
}

bool ugvt_config_size(const char *text, uint64_t *size)
{
	unsigned long long number;
	unsigned shift;
	char *end;

	if (!isdigit((unsigned char)text[0])) {
		return false;
	}
	errno = 0;
	number = strtoull(text, &end, 10);
	switch (*end) {
	case 'K': shift = 10; break;
	case 'M': shift = 20; break;
	case 'G': shift = 30; break;
	default: return false;
	}
	if (errno != 0 || end[1] != '\0' || number > UINT64_MAX >> shift) {
		return false;
	}
	*size = (uint64_t)number << shift;
	return true;
}

bool ugvt_config_number_or(const char *text, const char *word, unsigned max, unsigned *number)
{
	if (strcmp(text, word) == 0) {
		*number = 0;
		return true;
	}
	return ugvt_number_parse(text, 1, max, number);
}

bool ugvt_config_power_of_two(uint64_t value)
{
	return value && (value & (value - 1)) == 0;
}

bool ugvt_config_name_valid(const char *name)
{
	size_t size = strlen(name);

	if (size == 0 || size >= sizeof(((struct ugvt_parent_config *)0)->name) || name[0] == '.') {
		return false;
	}
	for (size_t i = 0; i < size; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr(":._-", name[i])) {
			return false;
		}
	}
	return true;
}

static char *trim(char *text)
{
	size_t size;

	while (isspace((unsigned char)*text)) {
		text++;
	}
	size = strlen(text);
	while (size > 0 && isspace((unsigned char)text[size - 1])) {
		text[--size] = '\0';
	}
	return text;
}

static bool key_unknown(struct ugvt_config_parser *parser, const char *name)
{
	const struct ugvt_config_key *keys = parser->section->keys;

	ugvt_config_complain(
		parser, parser->line, "a %s has no '%s': use", parser->section->kind, name);
	for (const struct ugvt_config_key *key = keys; key->name; key++) {
		ugvt_failure_append(parser->failure, "%s %s", key > keys ? "," : "", key->name);
	}
	return false;
}

static bool key_line(struct ugvt_config_parser *parser, char *line)
{
	char *equals = strchr(line, '=');
	const char *value;

	if (!equals) {
		return ugvt_config_complain(parser, parser->line,
			"'%s' is neither " SECTION_FORMS " nor 'key = value'", line);
	}
	*equals = '\0';
	line = trim(line);
	value = trim(equals + 1);
	if (!parser->section) {
		return ugvt_config_complain(parser, parser->line,
			"'%s' belongs into a section: begin one with " SECTION_FORMS, line);
	}
	for (size_t i = 0; parser->section->keys[i].name; i++) {
		if (strcmp(parser->section->keys[i].name, line) != 0) {
			continue;
		}
		if (parser->keys_seen & UGVT_BIT(i)) {
			return ugvt_config_complain(parser, parser->line,
				"'%s' is set twice for this %s", line, parser->section->kind);
		}
		parser->keys_seen |= UGVT_BIT(i);
		return parser->section->keys[i].set(parser, value);
	}
	return key_unknown(parser, line);
}

static bool section_end(struct ugvt_config_parser *parser)
{
	return !parser->section || parser->section->end(parser);
}

/* line is "[...", trimmed. */
static bool section_line(struct ugvt_config_parser *parser, char *line)
{
	size_t size = strlen(line);

	if (line[size - 1] != ']') {
		return ugvt_config_complain(
			parser, parser->line, "the section has no ']' at its end");
	}
	if (!section_end(parser)) {
		return false;
	}
	line[size - 1] = '\0';
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(sections); i++) {
		size_t kind_size = strlen(sections[i]->kind);
		char *name = line + 1 + kind_size;

		if (strncmp(line + 1, sections[i]->kind, kind_size) == 0 &&
			(!*name || isspace((unsigned char)*name))) {
			parser->section = sections[i];
			parser->section_line = parser->line;
			parser->keys_seen = 0;
			return sections[i]->begin(parser, trim(name));
		}
	}
	return ugvt_config_complain(
		parser, parser->line, "there are no sections '[%s]': use " SECTION_FORMS, line + 1);
}

static bool line_parse(struct ugvt_config_parser *parser, char *line)
{
	line[strcspn(line, "#")] = '\0';
	line = trim(line);
	switch (*line) {
	case '\0': return true;
	case '[': return section_line(parser, line);
	default: return key_line(parser, line);
	}
}

bool ugvt_config_parse(
	struct ugvt_config *config, const char *path, char *text, struct ugvt_failure *failure)
{
	struct ugvt_config_parser parser = {.config = config, .failure = failure, .path = path};

	if (!ugvt_config_init(config)) {
		return ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory");
	}
	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next) {
			*next++ = '\0';
		}
		parser.line++;
		if (!line_parse(&parser, line)) {
			ugvt_config_finish(config);
			return false;
		}
	}
	if (!section_end(&parser)) {
		ugvt_config_finish(config);
		return false;
	}
	return true;
}

/* The file's text, to be freed; NULL on failure. */
static char *file_read(const char *path, struct ugvt_failure *failure)
{
	FILE *file = fopen(path, "re");
	char *text = file ? calloc(1, FILE_SIZE_MAX + 1) : NULL;
	size_t size;

	if (!text) {
		ugvt_fail(failure, UGVT_FAILURE_DENIED, "can't read the configuration file %s: %s",
			path, strerror(errno));
		goto close_file;
	}
	size = fread(text, 1, FILE_SIZE_MAX + 1, file);
	if (ferror(file)) {
		ugvt_fail(failure, UGVT_FAILURE_DENIED, "can't read the configuration file %s: %s",
			path, strerror(errno));
	} else if (size > FILE_SIZE_MAX || strlen(text) != size) {
		ugvt_fail(failure, UGVT_FAILURE_INVALID,
			"%s is no configuration file: it is larger than 1 MB or no text", path);
	} else {
		fclose(file);
		return text;
	}
	free(text);
close_file:
	if (file) {
		fclose(file);
	}
	return NULL;
}

bool ugvt_config_read(struct ugvt_config *config, const char *path, struct ugvt_failure *failure)
{
	char *text = file_read(path, failure);
	bool ok = text && ugvt_config_parse(config, path, text, failure);

	free(text);
	return ok;
}
