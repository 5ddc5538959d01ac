/* SPDX-License-Identifier: MIT */
#include "manager/autostart.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "manager/definitions.h"
#include "manager/manager.h"

static struct ugvt_autostart_failure *trouble_find(
	const struct ugvt_manager *manager, const struct ugvt_uuid *uuid)
{
	struct ugvt_autostart_failure *trouble;

	ugvt_list_for_each(trouble, &manager->troubles, link) {
		if (ugvt_uuid_equal(&trouble->uuid, uuid)) {
			return trouble;
		}
	}
	return NULL;
}

const char *ugvt_autostart_trouble(const struct ugvt_manager *manager, const struct ugvt_uuid *uuid)
{
	const struct ugvt_autostart_failure *trouble = trouble_find(manager, uuid);

	return trouble ? trouble->reason : NULL;
}

static void trouble_destroy(struct ugvt_autostart_failure *trouble)
{
	ugvt_list_remove(&trouble->link);
	free(trouble);
}

void ugvt_autostart_forget(struct ugvt_manager *manager, const struct ugvt_uuid *uuid)
{
	struct ugvt_autostart_failure *trouble = trouble_find(manager, uuid);

	if (trouble) {
		trouble_destroy(trouble);
	}
}

void ugvt_autostart_forget_all(struct ugvt_manager *manager)
{
	struct ugvt_autostart_failure *trouble, *tmp;

	ugvt_list_for_each_safe(trouble, tmp, &manager->troubles, link) {
		trouble_destroy(trouble);
	}
}

void ugvt_autostart_remember(
	struct ugvt_manager *manager, const struct ugvt_uuid *uuid, const char *reason)
{
	struct ugvt_autostart_failure *trouble = trouble_find(manager, uuid);

	if (!trouble) {
		trouble = calloc(1, sizeof(*trouble));
		if (!trouble) {
			return;
		}
		trouble->uuid = *uuid;
		ugvt_list_append(&manager->troubles, &trouble->link);
	}
	snprintf(trouble->reason, sizeof(trouble->reason), "%s", reason);
}

static void definition_start(struct ugvt_manager *manager, const struct ugvt_definition *definition)
{
	struct ugvt_manager_start start = {.uuid = &definition->uuid, .parent = definition->parent};
	const struct ugvt_instance *instance = ugvt_manager_find(manager, &definition->uuid);
	struct ugvt_failure failure;

	if (!definition->autostart || (instance && instance->state != UGVT_INSTANCE_FAILED)) {
		return;
	}
	if (!ugvt_manager_start_vgpu(manager, &start, NULL, &failure)) {
		ugvt_error("vGPU %s on %s should start automatically, and does not: %s",
			definition->uuid.text, definition->parent, failure.text);
		ugvt_autostart_remember(manager, &definition->uuid, failure.text);
	}
}

void ugvt_autostart(struct ugvt_manager *manager)
{
	struct ugvt_definitions definitions;

	ugvt_definitions_clean(manager->definitions);
	ugvt_definitions_init(&definitions, manager->definitions);
	for (size_t i = 0; i < definitions.n_broken; i++) {
		const struct ugvt_broken_definition *broken = &definitions.broken[i];

		ugvt_error("the definition %s/%s/%s is broken: %s", manager->definitions,
			broken->parent, broken->uuid.text, broken->reason);
	}
	for (size_t i = 0; i < definitions.n; i++) {
		definition_start(manager, &definitions.at[i]);
	}
	ugvt_definitions_finish(&definitions);
}
