/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_TAKEOVER_H
#define UGVT_MANAGER_TAKEOVER_H

struct ugvt_manager;

/* Looks through the run directory for what earlier managers left: takes over the vGPUs that run, whether or not the
 * configuration has their parents and types still, lists those whose workers are gone as failed, and removes what else dead
 * workers left. Before the manager serves. */
void ugvt_takeover(struct ugvt_manager *manager);

#endif
