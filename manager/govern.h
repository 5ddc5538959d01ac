/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_GOVERN_H
#define UGVT_MANAGER_GOVERN_H

#include <stdbool.h>

struct ugvt_instance;
struct ugvt_manager;

/*
 * The arbiters of the parents (schedule/arbiter.h), and which vGPUs take turns by them. A parent that can't have one, and one that
 * the configuration does not have any more, lets its vGPUs execute as they like.
 */

/* For all of manager->parents. false: out of memory. */
bool ugvt_governors_create(struct ugvt_manager *manager);
/* No instance is governed. */
void ugvt_governors_destroy(struct ugvt_manager *manager);

/* There is a new connection to the instance's worker. */
void ugvt_govern_begin(struct ugvt_instance *instance);
/* Its worker is gone, or goes on without us; it need not have been governed. */
void ugvt_govern_end(struct ugvt_instance *instance);
/* Its weight or cap has changed. */
void ugvt_govern_update(struct ugvt_instance *instance);

#endif
