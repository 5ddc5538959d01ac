/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_FIGURES_H
#define UGVT_WORKER_FIGURES_H

struct json_object;
struct ugvt_vgpu_stats;
struct ugvt_vfio_user_stats;

/* What was counted, as the answer to "stats": numbers, and an object of numbers for the connection and for each
 * engine. */
struct json_object *ugvt_figures_write(
	const struct ugvt_vgpu_stats *vgpu, const struct ugvt_vfio_user_stats *vfio);

#endif
