/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "manager/config_parser.h"
#include "manager/number.h"

/* What a section of a new type starts from: kernel GVT-g's i915-GVTg_V5_4, the usual choice. */
#define MODEL 2

#define LOW_GM_MIN (64 * UGVT_MB)
#define LOW_GM_MAX (2048 * UGVT_MB) // as for a parent's aperture
#define HIGH_GM_MIN (64 * UGVT_MB)
#define GGTT_MAX (4096 * UGVT_MB) // PRM SKL vol 2c, GGC: 8 MB of entries
#define DEADLINE_MAX_S 86400

/* "direct" takes what its parent has. */
static bool room_allowed(struct ugvt_config_parser *parser, const char *key)
{
	if (parser->type->direct) {
		return ugvt_config_complain(parser, parser->line,
			"'%s' can't be set for type direct: it takes the whole of its parent", key);
	}
	return true;
}

/* It is the size of a PCI memory BAR: a power of two. */
static bool low_gm_set(struct ugvt_config_parser *parser, const char *value)
{
	uint64_t *low_gm = &parser->type->low_gm;

	if (!room_allowed(parser, "low_gm")) {
		return false;
	}
	if (!ugvt_config_size(value, low_gm) || !ugvt_config_power_of_two(*low_gm) ||
		*low_gm < LOW_GM_MIN || *low_gm > LOW_GM_MAX) {
		return ugvt_config_complain(parser, parser->line,
			"low_gm must be 64M, 128M, 256M, 512M, 1G or 2G, not '%s'", value);
	}
	return true;
}

static bool high_gm_set(struct ugvt_config_parser *parser, const char *value)
{
	uint64_t *high_gm = &parser->type->high_gm;

	if (!room_allowed(parser, "high_gm")) {
		return false;
	}
	if (!ugvt_config_size(value, high_gm) || *high_gm % UGVT_MB != 0 ||
		*high_gm < HIGH_GM_MIN || *high_gm > GGTT_MAX - LOW_GM_MIN) {
		return ugvt_config_complain(parser, parser->line,
			"high_gm must be whole megabytes from 64M to 4032M, not '%s'", value);
	}
	return true;
}

/* Fence registers of Gen9: 32 (i915 intel_ggtt_fencing.c). */
static bool fences_set(struct ugvt_config_parser *parser, const char *value)
{
	if (!room_allowed(parser, "fences")) {
		return false;
	}
	if (!ugvt_number_parse(value, 1, 32, &parser->type->fences)) {
		return ugvt_config_complain(parser, parser->line,
			"fences must be a number from 1 to 32, not '%s'", value);
	}
	return true;
}

static bool weight_set(struct ugvt_config_parser *parser, const char *value)
{
	if (!ugvt_number_parse(value, 1, UGVT_TYPE_WEIGHT_MAX, &parser->type->weight)) {
		return ugvt_config_complain(parser, parser->line,
			"weight must be a number from 1 to %d, not '%s'", UGVT_TYPE_WEIGHT_MAX,
			value);
	}
	return true;
}

/* Widths are even, as the detailed timings of real monitors are; heights need not be. */
static bool resolution_set(struct ugvt_config_parser *parser, const char *value)
{
	struct ugvt_type *type = parser->type;
	const char *x = strchr(value, 'x');
	char width[8] = "";

	if (x && (size_t)(x - value) < sizeof(width)) {
		memcpy(width, value, (size_t)(x - value));
	}
	if (!x || !ugvt_number_parse(width, 640, 3840, &type->width) || type->width % 2 ||
		!ugvt_number_parse(x + 1, 480, 2160, &type->height)) {
		return ugvt_config_complain(parser, parser->line,
			"resolution must be WIDTHxHEIGHT from 640x480 to 3840x2160, the width even, not "
			"'%s'",
			value);
	}
	return true;
}

static bool deadline_set(struct ugvt_config_parser *parser, const char *value)
{
	if (!ugvt_config_number_or(value, "off", DEADLINE_MAX_S, &parser->type->deadline_s)) {
		return ugvt_config_complain(parser, parser->line,
			"deadline must be 'off' or a number of seconds from 1 to %d, not '%s'",
			DEADLINE_MAX_S, value);
	}
	return true;
}

static const struct ugvt_config_key keys[] = {
	{"low_gm", low_gm_set},
	{"high_gm", high_gm_set},
	{"fences", fences_set},
	{"weight", weight_set},
	{"resolution", resolution_set},
	{"deadline", deadline_set},
	{0},
};

static bool type_end(struct ugvt_config_parser *parser)
{
	const struct ugvt_type *type = parser->type;

	if (type->low_gm + type->high_gm > GGTT_MAX) {
		return ugvt_config_complain(parser, parser->section_line,
			"type %s: low_gm and high_gm must not be more than 4G together", type->id);
	}
	return true;
}

static struct ugvt_type *type_append(struct ugvt_config_parser *parser, const char *name)
{
	static const char prefix[] =
		"i915-"; // as in kernel GVT-g, part of the id and not of the name
	struct ugvt_config *config = parser->config;
	size_t skip = strncmp(name, prefix, strlen(prefix)) == 0 && name[strlen(prefix)]
			      ? strlen(prefix)
			      : 0;
	struct ugvt_type *types, *type;

	if (config->n_types == UGVT_CONFIG_TYPES_MAX) {
		ugvt_config_complain(parser, parser->line, "there are more than %d types",
			UGVT_CONFIG_TYPES_MAX);
		return NULL;
	}
	types = reallocarray(config->types, config->n_types + 1, sizeof(*types));
	if (!types) {
		ugvt_config_complain(parser, parser->line, "out of memory");
		return NULL;
	}
	config->types = types;
	type = &types[config->n_types++];
	*type = ugvt_builtin_types[MODEL];
	memcpy(type->id, name, strlen(name) + 1);
	memcpy(type->name, name + skip, strlen(name + skip) + 1);
	return type;
}

static struct ugvt_type *type_find(struct ugvt_config *config, const char *name)
{
	for (size_t i = 0; i < config->n_types; i++) {
		if (strcmp(config->types[i].id, name) == 0) {
			return &config->types[i];
		}
	}
	return NULL;
}

/* A section named as a type that is always there changes that one. */
static bool type_begin(struct ugvt_config_parser *parser, const char *name)
{
	size_t index;
	uint64_t bit;

	if (!ugvt_config_name_valid(name)) {
		return ugvt_config_complain(parser, parser->line,
			"'%s' can't be a type's name: use up to 63 letters, digits, '-', '_', '.' and "
			"':'",
			name);
	}
	parser->type = type_find(parser->config, name);
	if (!parser->type) {
		parser->type = type_append(parser, name);
	}
	if (!parser->type) {
		return false;
	}
	index = (size_t)(parser->type - parser->config->types);
	bit = UINT64_C(1) << index % 64;
	if (parser->types_seen[index / 64] & bit) {
		return ugvt_config_complain(parser, parser->line, "there are two types %s", name);
	}
	parser->types_seen[index / 64] |= bit;
	return true;
}

const struct ugvt_config_section ugvt_config_type_section = {
	.kind = "type",
	.keys = keys,
	.begin = type_begin,
	.end = type_end,
};
