/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_DEFINE_H
#define UGVT_MANAGER_DEFINE_H

struct ugvt_manager;
struct ugvt_rpc_request;

/* The methods about definitions; the words and rules are mdevctl's. Take request. */
void ugvt_define_handle_define(struct ugvt_manager *manager, struct ugvt_rpc_request *request);
void ugvt_define_handle_undefine(struct ugvt_manager *manager, struct ugvt_rpc_request *request);
void ugvt_define_handle_definitions(struct ugvt_manager *manager, struct ugvt_rpc_request *request);
void ugvt_define_handle_modify(struct ugvt_manager *manager, struct ugvt_rpc_request *request);

#endif
