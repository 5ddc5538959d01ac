/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "manager/config.h"

/*
 * The file is lines: "[parent NAME]" begins a section, "key = value" sets something in it, "#" begins a comment.
 * A section starts from the default parent's values; each is checked as a whole when it ends.
 */

#define FILE_SIZE_MAX (1024 * 1024)

struct parser {
	struct ugvt_config *config;
	struct ugvt_failure *failure;
	const char *path;
	unsigned line;
	struct ugvt_parent_config *parent; // the section's; NULL before the first
	unsigned parent_line;              // where it began
	unsigned keys_seen;                // bits by index in parent_keys
};

static bool complain(struct parser *parser, unsigned line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool complain(struct parser *parser, unsigned line, const char *format, ...)
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

/* "1024M", "4G": bytes. */
static bool size_parse(const char *text, uint64_t *size)
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

static bool backend_set(struct parser *parser, const char *value)
{
	if (strcmp(value, "soft") != 0) {
		return complain(parser, parser->line,
			"there is no backend '%s': 'soft' is the one there is", value);
	}
	return true;
}

static bool device_set(struct parser *parser, const char *value)
{
	parser->parent->device = ugvt_device_find(value);
	if (parser->parent->device) {
		return true;
	}
	complain(parser, parser->line, "there is no device '%s': use", value);
	for (unsigned i = 0; ugvt_device_at(i); i++) {
		ugvt_failure_append(
			parser->failure, "%s %s", i ? "," : "", ugvt_device_at(i)->name);
	}
	return false;
}

static bool power_of_two(uint64_t value)
{
	return value && (value & (value - 1)) == 0;
}

/* PRM SKL vol 2c, MSAC: apertures of Gen9 are powers of two; under 256 MB the host would keep all of it. */
static bool aperture_set(struct parser *parser, const char *value)
{
	uint64_t *aperture = &parser->parent->aperture;

	if (!size_parse(value, aperture) || !power_of_two(*aperture) || *aperture < 256 * UGVT_MB ||
		*aperture > 2048 * UGVT_MB) {
		return complain(parser, parser->line,
			"aperture must be 256M, 512M, 1G or 2G, not '%s'", value);
	}
	return true;
}

/* PRM SKL vol 2c, GGC, "GTT Graphics Memory Size": 2, 4 or 8 MB of 8-byte entries, a page each. */
static bool ggtt_set(struct parser *parser, const char *value)
{
	uint64_t *ggtt = &parser->parent->ggtt;

	if (!size_parse(value, ggtt) || !power_of_two(*ggtt) || *ggtt < 1024 * UGVT_MB ||
		*ggtt > 4096 * UGVT_MB) {
		return complain(parser, parser->line, "ggtt must be 1G, 2G or 4G, not '%s'", value);
	}
	return true;
}

static bool fences_set(struct parser *parser, const char *value)
{
	unsigned fences = 0;

	for (const char *c = value; *c && fences <= 32; c++) {
		fences = isdigit((unsigned char)*c) ? fences * 10 + (unsigned)(*c - '0') : 33;
	}
	if (fences < 4 || fences > 32) {
		return complain(parser, parser->line,
			"fences must be a number from 4 to 32, not '%s'", value);
	}
	parser->parent->fences = fences;
	return true;
}

static const struct key {
	const char *name;
	bool (*set)(struct parser *parser, const char *value);
} parent_keys[] = {
	{"backend", backend_set},
	{"device", device_set},
	{"aperture", aperture_set},
	{"ggtt", ggtt_set},
	{"fences", fences_set},
};

static bool key_line(struct parser *parser, char *line)
{
	char *equals = strchr(line, '=');
	const char *value;

	if (!equals) {
		return complain(parser, parser->line,
			"'%s' is neither '[parent NAME]' nor 'key = value'", line);
	}
	*equals = '\0';
	line = trim(line);
	value = trim(equals + 1);
	if (!parser->parent) {
		return complain(parser, parser->line,
			"'%s' belongs into a section: begin one with '[parent NAME]'", line);
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(parent_keys); i++) {
		if (strcmp(parent_keys[i].name, line) != 0) {
			continue;
		}
		if (parser->keys_seen & UGVT_BIT(i)) {
			return complain(
				parser, parser->line, "'%s' is set twice for this parent", line);
		}
		parser->keys_seen |= UGVT_BIT(i);
		return parent_keys[i].set(parser, value);
	}
	complain(parser, parser->line, "a parent has no '%s': use", line);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(parent_keys); i++) {
		ugvt_failure_append(parser->failure, "%s %s", i ? "," : "", parent_keys[i].name);
	}
	return false;
}

static bool section_end(struct parser *parser)
{
	const struct ugvt_parent_config *parent = parser->parent;

	if (parent && parent->ggtt <= parent->aperture) {
		return complain(parser, parser->parent_line,
			"parent %s: ggtt must be larger than aperture", parent->name);
	}
	return true;
}

/* A parent's name becomes a directory's. */
static bool name_valid(const char *name)
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

static bool parent_begin(struct parser *parser, const char *name)
{
	struct ugvt_config *config = parser->config;
	size_t n = parser->parent ? config->n_parents : 0; // the first one replaces the default

	if (!section_end(parser)) {
		return false;
	}
	if (!name_valid(name)) {
		return complain(parser, parser->line,
			"'%s' can't be a parent's name: use a PCI address like 0000:00:02.0, or up to 63 "
			"letters, digits, '-', '_', '.' and ':'",
			name);
	}
	for (size_t i = 0; i < n; i++) {
		if (strcmp(config->parents[i].name, name) == 0) {
			return complain(parser, parser->line, "there are two parents %s", name);
		}
	}
	if (n == UGVT_CONFIG_PARENTS_MAX) {
		return complain(parser, parser->line, "there are more than %d parents",
			UGVT_CONFIG_PARENTS_MAX);
	}
	parser->parent = &config->parents[n];
	parser->parent_line = parser->line;
	parser->keys_seen = 0;
	config->n_parents = n + 1;
	ugvt_parent_config_init(parser->parent);
	memcpy(parser->parent->name, name, strlen(name) + 1);
	return true;
}

/* line is "[...", trimmed. */
static bool section_line(struct parser *parser, char *line)
{
	static const char kind[] = "parent";
	size_t size = strlen(line);
	char *name = line + 1 + strlen(kind);

	if (line[size - 1] != ']') {
		return complain(parser, parser->line, "the section has no ']' at its end");
	}
	line[size - 1] = '\0';
	if (strncmp(line + 1, kind, strlen(kind)) != 0 ||
		(*name && !isspace((unsigned char)*name))) {
		return complain(parser, parser->line,
			"there are no sections '[%s]': use '[parent NAME]'", line + 1);
	}
	return parent_begin(parser, trim(name));
}

static bool line_parse(struct parser *parser, char *line)
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
	struct parser parser = {.config = config, .failure = failure, .path = path};

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
