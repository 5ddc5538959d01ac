/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_AUTOSTART_H
#define UGVT_MANAGER_AUTOSTART_H

#include "base/list.h"
#include "control/failure.h"
#include "control/uuid.h"

struct ugvt_manager;

/* Why a vGPU that is defined did not start when it last should have. */
struct ugvt_autostart_failure {
	struct ugvt_list link; // ugvt_manager.troubles
	struct ugvt_uuid uuid;
	char reason[UGVT_FAILURE_TEXT_SIZE];
};

/* Starts all vGPUs that are defined to start automatically and do not run; and names the definitions that are broken. What
 * fails is logged and remembered. */
void ugvt_autostart(struct ugvt_manager *manager);

/* NULL if there was none. */
const char *ugvt_autostart_trouble(
	const struct ugvt_manager *manager, const struct ugvt_uuid *uuid);
void ugvt_autostart_remember(
	struct ugvt_manager *manager, const struct ugvt_uuid *uuid, const char *reason);
void ugvt_autostart_forget(struct ugvt_manager *manager, const struct ugvt_uuid *uuid);
void ugvt_autostart_forget_all(struct ugvt_manager *manager);

#endif
