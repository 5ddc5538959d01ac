/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_METHODS_H
#define UGVT_MANAGER_METHODS_H

struct ugvt_manager;
struct ugvt_rpc_request;

/* Answers what a client asks; the methods are those of ugvtd(8). Takes request. */
void ugvt_methods_handle(struct ugvt_manager *manager, struct ugvt_rpc_request *request);

#endif
