/* SPDX-License-Identifier: MIT */
#include "manager/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"

void ugvt_parent_config_init(struct ugvt_parent_config *parent)
{
	*parent = (struct ugvt_parent_config){
		.name = "0000:00:02.0",
		.device = ugvt_device_at(0),
		.aperture = 1024 * UGVT_MB,
		.ggtt = 4096 * UGVT_MB,
		.fences = 32,
	};
}

unsigned ugvt_parent_config_slots(const struct ugvt_parent_config *parent)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	return parent->slots ? parent->slots : (unsigned)UGVT_MAX(processors / 2, 1);
}

bool ugvt_config_init(struct ugvt_config *config)
{
	*config = (struct ugvt_config){.n_parents = 1, .n_types = UGVT_BUILTIN_TYPES};
	config->types = calloc(config->n_types, sizeof(*config->types));
	if (!config->types) {
		return false;
	}
	ugvt_parent_config_init(&config->parents[0]);
	memcpy(config->types, ugvt_builtin_types, sizeof(ugvt_builtin_types));
	return true;
}

void ugvt_config_finish(struct ugvt_config *config)
{
	free(config->types);
	*config = (struct ugvt_config){0};
}

const struct ugvt_type *ugvt_config_type(const struct ugvt_config *config, const char *id)
{
	for (size_t i = 0; i < config->n_types; i++) {
		if (strcmp(config->types[i].id, id) == 0) {
			return &config->types[i];
		}
	}
	return NULL;
}
