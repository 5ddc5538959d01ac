/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_STATS_H
#define UGVT_MANAGER_STATS_H

struct ugvt_http_request;
struct ugvt_manager;
struct ugvt_rpc_request;
struct ugvt_uuid;

/* Answers to those who ask for figures; they take request. */

/* The method "stats", about the vGPU called only (NULL: all). */
void ugvt_stats_handle_stats(struct ugvt_manager *manager, struct ugvt_rpc_request *request,
	const struct ugvt_uuid *only);
/* The method "metrics". */
void ugvt_stats_handle_metrics(struct ugvt_manager *manager, struct ugvt_rpc_request *request);
/* The same over HTTP. */
void ugvt_stats_handle_get(struct ugvt_manager *manager, struct ugvt_http_request *request);

#endif
