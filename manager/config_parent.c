/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "manager/config_parser.h"
#include "manager/number.h"

static bool backend_set(struct ugvt_config_parser *parser, const char *value)
{
	if (strcmp(value, "soft") != 0) {
		return ugvt_config_complain(parser, parser->line,
			"there is no backend '%s': 'soft' is the one there is", value);
	}
	return true;
}

static bool device_set(struct ugvt_config_parser *parser, const char *value)
{
	parser->parent->device = ugvt_device_find(value);
	if (parser->parent->device) {
		return true;
	}
	ugvt_config_complain(parser, parser->line, "there is no device '%s': use", value);
	for (unsigned i = 0; ugvt_device_at(i); i++) {
		ugvt_failure_append(
			parser->failure, "%s %s", i ? "," : "", ugvt_device_at(i)->name);
	}
	return false;
}

/* PRM SKL vol 2c, MSAC: apertures of Gen9 are powers of two; under 256 MB the host would keep all of it. */
static bool aperture_set(struct ugvt_config_parser *parser, const char *value)
{
	uint64_t *aperture = &parser->parent->aperture;

	if (!ugvt_config_size(value, aperture) || !ugvt_config_power_of_two(*aperture) ||
		*aperture < 256 * UGVT_MB || *aperture > 2048 * UGVT_MB) {
		return ugvt_config_complain(parser, parser->line,
			"aperture must be 256M, 512M, 1G or 2G, not '%s'", value);
	}
	return true;
}

/* PRM SKL vol 2c, GGC, "GTT Graphics Memory Size": 2, 4 or 8 MB of 8-byte entries, a page each. */
static bool ggtt_set(struct ugvt_config_parser *parser, const char *value)
{
	uint64_t *ggtt = &parser->parent->ggtt;

	if (!ugvt_config_size(value, ggtt) || !ugvt_config_power_of_two(*ggtt) ||
		*ggtt < 1024 * UGVT_MB || *ggtt > 4096 * UGVT_MB) {
		return ugvt_config_complain(
			parser, parser->line, "ggtt must be 1G, 2G or 4G, not '%s'", value);
	}
	return true;
}

static bool fences_set(struct ugvt_config_parser *parser, const char *value)
{
	if (!ugvt_number_parse(value, 4, 32, &parser->parent->fences)) {
		return ugvt_config_complain(parser, parser->line,
			"fences must be a number from 4 to 32, not '%s'", value);
	}
	return true;
}

static bool vgpus_set(struct ugvt_config_parser *parser, const char *value)
{
	if (!ugvt_number_parse(value, 1, UGVT_CONFIG_VGPUS_MAX, &parser->parent->vgpus)) {
		return ugvt_config_complain(parser, parser->line,
			"vgpus must be a number from 1 to %d, not '%s'", UGVT_CONFIG_VGPUS_MAX,
			value);
	}
	return true;
}

static bool slots_set(struct ugvt_config_parser *parser, const char *value)
{
	if (!ugvt_config_number_or(value, "auto", UGVT_CONFIG_VGPUS_MAX, &parser->parent->slots)) {
		return ugvt_config_complain(parser, parser->line,
			"slots must be 'auto' or a number from 1 to %d, not '%s'",
			UGVT_CONFIG_VGPUS_MAX, value);
	}
	return true;
}

static const struct ugvt_config_key keys[] = {
	{"backend", backend_set},
	{"device", device_set},
	{"aperture", aperture_set},
	{"ggtt", ggtt_set},
	{"fences", fences_set},
	{"vgpus", vgpus_set},
	{"slots", slots_set},
	{0},
};

static bool parent_end(struct ugvt_config_parser *parser)
{
	const struct ugvt_parent_config *parent = parser->parent;

	if (parent->ggtt <= parent->aperture) {
		return ugvt_config_complain(parser, parser->section_line,
			"parent %s: ggtt must be larger than aperture", parent->name);
	}
	return true;
}

static bool parent_begin(struct ugvt_config_parser *parser, const char *name)
{
	struct ugvt_config *config = parser->config;
	size_t n = parser->parent ? config->n_parents : 0; // the first one replaces the default

	if (!ugvt_config_name_valid(name)) {
		return ugvt_config_complain(parser, parser->line,
			"'%s' can't be a parent's name: use a PCI address like 0000:00:02.0, or up to 63 "
			"letters, digits, '-', '_', '.' and ':'",
			name);
	}
	for (size_t i = 0; i < n; i++) {
		if (strcmp(config->parents[i].name, name) == 0) {
			return ugvt_config_complain(
				parser, parser->line, "there are two parents %s", name);
		}
	}
	if (n == UGVT_CONFIG_PARENTS_MAX) {
		return ugvt_config_complain(parser, parser->line, "there are more than %d parents",
			UGVT_CONFIG_PARENTS_MAX);
	}
	parser->parent = &config->parents[n];
	config->n_parents = n + 1;
	ugvt_parent_config_init(parser->parent);
	memcpy(parser->parent->name, name, strlen(name) + 1);
	return true;
}

const struct ugvt_config_section ugvt_config_parent_section = {
	.kind = "parent",
	.keys = keys,
	.begin = parent_begin,
	.end = parent_end,
};
