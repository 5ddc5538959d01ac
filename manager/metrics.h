/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_METRICS_H
#define UGVT_MANAGER_METRICS_H

struct json_object;
struct ugvt_manager;

/* Figures in the text format of Prometheus, version 0.0.4: those of vgpus, an array as struct ugvt_survey makes it, and
 * what manager has to give away. malloc()ed; NULL if out of memory. */
char *ugvt_metrics_write(const struct ugvt_manager *manager, const struct json_object *vgpus);

#endif
