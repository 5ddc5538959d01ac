/* SPDX-License-Identifier: MIT */
#include "manager/definitions.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "manager/config.h"
#include "manager/definition_file.h"

/* What was begun is finished by then, seconds. */
#define WRITING_S 60

static void broken_add(struct ugvt_definitions *definitions,
	const struct ugvt_definition *definition, const struct ugvt_failure *failure)
{
	struct ugvt_broken_definition *broken = reallocarray(
		definitions->broken, definitions->n_broken + 1, sizeof(*definitions->broken));

	if (!broken) {
		return;
	}
	definitions->broken = broken;
	broken += definitions->n_broken++;
	*broken = (struct ugvt_broken_definition){.uuid = definition->uuid};
	snprintf(broken->parent, sizeof(broken->parent), "%s", definition->parent);
	snprintf(broken->reason, sizeof(broken->reason), "%.*s", (int)sizeof(broken->reason) - 1,
		failure->text);
}

static void definition_add(
	struct ugvt_definitions *definitions, const char *dir, struct ugvt_definition *definition)
{
	struct ugvt_definition *more;
	struct ugvt_failure failure = {.text = "out of memory"};

	if (!ugvt_definition_read(definition, dir, &failure)) {
		broken_add(definitions, definition, &failure);
		return;
	}
	more = reallocarray(definitions->at, definitions->n + 1, sizeof(*more));
	if (!more) {
		broken_add(definitions, definition, &failure);
		ugvt_definition_finish(definition);
		return;
	}
	definitions->at = more;
	definitions->at[definitions->n++] = *definition;
}

/* What has no UUID as its name is no definition. */
static void parent_read(struct ugvt_definitions *definitions, const char *dir, const char *parent)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *stream;

	if (snprintf(path, sizeof(path), "%s/%s", dir, parent) >= PATH_MAX ||
		!(stream = opendir(path))) {
		return;
	}
	while ((entry = readdir(stream))) {
		struct ugvt_definition definition = {0};

		if (!ugvt_uuid_parse(&definition.uuid, entry->d_name)) {
			continue;
		}
		snprintf(definition.file, sizeof(definition.file), "%.*s", UGVT_UUID_LENGTH,
			entry->d_name);
		snprintf(definition.parent, sizeof(definition.parent), "%s", parent);
		definition_add(definitions, dir, &definition);
	}
	closedir(stream);
}

static int definition_compare(const void *a, const void *b)
{
	const struct ugvt_definition *left = a, *right = b;
	int order = strcmp(left->parent, right->parent);

	return order ? order : strcmp(left->file, right->file);
}

void ugvt_definitions_init(struct ugvt_definitions *definitions, const char *dir)
{
	DIR *stream = dir[0] ? opendir(dir) : NULL;
	struct dirent *entry;

	*definitions = (struct ugvt_definitions){0};
	while (stream && (entry = readdir(stream))) {
		if (ugvt_config_name_valid(entry->d_name)) {
			parent_read(definitions, dir, entry->d_name);
		}
	}
	if (stream) {
		closedir(stream);
	}
	if (definitions->n > 0) {
		qsort(definitions->at, definitions->n, sizeof(*definitions->at),
			definition_compare);
	}
}

void ugvt_definitions_finish(struct ugvt_definitions *definitions)
{
	for (size_t i = 0; i < definitions->n; i++) {
		ugvt_definition_finish(&definitions->at[i]);
	}
	free(definitions->at);
	free(definitions->broken);
	*definitions = (struct ugvt_definitions){0};
}

static void parent_clean(int parent)
{
	time_t now = time(NULL);
	struct dirent *entry;
	struct stat st;
	DIR *stream = fdopendir(parent);

	if (!stream) {
		close(parent);
		return;
	}
	while ((entry = readdir(stream))) {
		if (ugvt_definition_is_temporary(entry->d_name) &&
			fstatat(parent, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			st.st_mtime < now - WRITING_S) {
			unlinkat(parent, entry->d_name, 0);
		}
	}
	closedir(stream);
}

void ugvt_definitions_clean(const char *dir)
{
	DIR *stream = dir[0] ? opendir(dir) : NULL;
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		int parent = ugvt_config_name_valid(entry->d_name)
				     ? openat(dirfd(stream), entry->d_name,
					       O_RDONLY | O_DIRECTORY | O_CLOEXEC)
				     : -1;

		if (parent >= 0) {
			parent_clean(parent);
		}
	}
	if (stream) {
		closedir(stream);
	}
}

static bool broken_check(const struct ugvt_definitions *definitions, const struct ugvt_uuid *uuid,
	const char *parent, struct ugvt_failure *failure)
{
	for (size_t i = 0; i < definitions->n_broken; i++) {
		const struct ugvt_broken_definition *broken = &definitions->broken[i];

		if (ugvt_uuid_equal(&broken->uuid, uuid) &&
			(!parent || strcmp(broken->parent, parent) == 0)) {
			return ugvt_fail(failure, UGVT_FAILURE_INVALID,
				"the definition of vGPU %s on %s is broken: %s", uuid->text,
				broken->parent, broken->reason);
		}
	}
	return true;
}

struct ugvt_definition *ugvt_definitions_find(const struct ugvt_definitions *definitions,
	const struct ugvt_uuid *uuid, const char *parent, struct ugvt_failure *failure)
{
	struct ugvt_definition *found = NULL;

	for (size_t i = 0; i < definitions->n; i++) {
		struct ugvt_definition *definition = &definitions->at[i];

		if (!ugvt_uuid_equal(&definition->uuid, uuid) ||
			(parent && strcmp(definition->parent, parent) != 0)) {
			continue;
		}
		if (found) {
			ugvt_fail(failure, UGVT_FAILURE_INVALID,
				"vGPU %s is defined on %s and on %s: say which parent with -p",
				uuid->text, found->parent, definition->parent);
			return NULL;
		}
		found = definition;
	}
	if (!found && broken_check(definitions, uuid, parent, failure)) {
		ugvt_fail(failure, UGVT_FAILURE_NOT_FOUND,
			"vGPU %s is not defined: 'ugvt list -d' shows those that are", uuid->text);
	}
	return found;
}
