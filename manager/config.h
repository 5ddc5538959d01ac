/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_CONFIG_H
#define UGVT_MANAGER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/failure.h"
#include "gen/device.h"
#include "manager/type.h"

/* What the configuration file says; does not change while the manager runs. */

struct ugvt_parent_config {
	char name[64]; // "0000:00:02.0"; fit to be a file's name
	const struct ugvt_device_info *device;
	uint64_t aperture; // bytes
	uint64_t ggtt;     // bytes, the aperture included
	unsigned fences;
	/* How many vGPUs it takes, whatever they take together; 0: as many as kernel GVT-g would. */
	unsigned vgpus;
	unsigned slots; // vGPUs that may execute on one of its engines at once; 0: see below
};

#define UGVT_CONFIG_PARENTS_MAX 64
#define UGVT_CONFIG_TYPES_MAX 256
#define UGVT_CONFIG_VGPUS_MAX 1024

struct ugvt_config {
	struct ugvt_parent_config parents[UGVT_CONFIG_PARENTS_MAX];
	size_t n_parents; // at least 1
	struct ugvt_type *types;
	size_t n_types;
};

#define UGVT_CONFIG_FILE "/etc/ugvt/ugvt.conf"
/* The parent that is there when the file names none: what a section of the file starts from. */
void ugvt_parent_config_init(struct ugvt_parent_config *parent);
/* parent->slots, or half of this machine's processors, at least 1. */
unsigned ugvt_parent_config_slots(const struct ugvt_parent_config *parent);

/* The default parent, and the types that are always there. false: out of memory. */
bool ugvt_config_init(struct ugvt_config *config);
/* The same with the parents that the file at path names, if it names any, and with its types. Failures name the
 * file and line. *config is to be finished only if it returns true. */
bool ugvt_config_read(struct ugvt_config *config, const char *path, struct ugvt_failure *failure);
/* The same from text; path is for messages. */
bool ugvt_config_parse(
	struct ugvt_config *config, const char *path, char *text, struct ugvt_failure *failure);
void ugvt_config_finish(struct ugvt_config *config);

/* What may be a parent's or a type's name, since those become directories': up to 63 letters, digits and some
 * others. */
bool ugvt_config_name_valid(const char *name);
/* NULL if there is none called id. */
const struct ugvt_type *ugvt_config_type(const struct ugvt_config *config, const char *id);

#endif
