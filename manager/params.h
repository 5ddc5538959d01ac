/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_PARAMS_H
#define UGVT_MANAGER_PARAMS_H

#include <stdbool.h>

#include "control/rpc.h"
#include "control/uuid.h"

/* Parameters of requests. Each may be missing; one that is there and makes no sense is a failure. */

/* NULL if it is missing; lives as long as request. */
bool ugvt_param_string(struct ugvt_rpc_request *request, const char *key, const char **value,
	struct ugvt_failure *failure);
/* *given: it is there. */
bool ugvt_param_uuid(struct ugvt_rpc_request *request, struct ugvt_uuid *uuid, bool *given,
	struct ugvt_failure *failure);

struct ugvt_param_number {
	const char *key;
	unsigned min, max;
	bool given;
	unsigned value;
};

/* As a number or as a string of digits. */
bool ugvt_param_number(struct ugvt_rpc_request *request, struct ugvt_param_number *number,
	struct ugvt_failure *failure);

struct ugvt_param_flag {
	const char *key;
	bool given;
	bool value;
};

bool ugvt_param_flag(struct ugvt_rpc_request *request, struct ugvt_param_flag *flag,
	struct ugvt_failure *failure);

#endif
