/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_CONFIG_PARSER_H
#define UGVT_MANAGER_CONFIG_PARSER_H

#include "manager/config.h"

/* What the files that read the configuration share: each kind of section has a file. */

struct ugvt_config_section;

struct ugvt_config_parser {
	struct ugvt_config *config;
	struct ugvt_failure *failure;
	const char *path;
	unsigned line;                                   // from 1
	const struct ugvt_config_section *section;       // NULL before the first
	unsigned section_line;                           // where it began
	unsigned keys_seen;                              // bits by index in section->keys
	struct ugvt_parent_config *parent;               // the last one that began; NULL: none yet
	struct ugvt_type *type;                          // the same
	uint64_t types_seen[UGVT_CONFIG_TYPES_MAX / 64]; // bits by index: it had a section
};

struct ugvt_config_key {
	const char *name;
	/* value is trimmed. */
	bool (*set)(struct ugvt_config_parser *parser, const char *value);
};

/* "[kind NAME]". Everything is mandatory. */
struct ugvt_config_section {
	const char *kind;
	const struct ugvt_config_key *keys; // ended by one without a name; at most 32
	bool (*begin)(struct ugvt_config_parser *parser, const char *name);
	/* Checks it as a whole. */
	bool (*end)(struct ugvt_config_parser *parser);
};

extern const struct ugvt_config_section ugvt_config_parent_section, ugvt_config_type_section;

/* Fails with file and line; false. */
bool ugvt_config_complain(struct ugvt_config_parser *parser, unsigned line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "64K", "1024M", "4G": bytes. */
bool ugvt_config_size(const char *text, uint64_t *size);
/* A number from 1 to max, or 0 for word. */
bool ugvt_config_number_or(const char *text, const char *word, unsigned max, unsigned *number);
bool ugvt_config_power_of_two(uint64_t value);

#endif
