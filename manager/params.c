/* SPDX-License-Identifier: MIT */
#include "manager/params.h"

#include "control/json.h"
#include "manager/number.h"

bool ugvt_param_string(struct ugvt_rpc_request *request, const char *key, const char **value,
	struct ugvt_failure *failure)
{
	*value = ugvt_json_string(request->params, key);
	if (!*value && ugvt_json_has(request->params, key)) {
		return ugvt_fail(failure, UGVT_RPC_INVALID_PARAMS, "%s must be a string", key);
	}
	return true;
}

bool ugvt_param_uuid(struct ugvt_rpc_request *request, struct ugvt_uuid *uuid, bool *given,
	struct ugvt_failure *failure)
{
	const char *text;

	if (!ugvt_param_string(request, "uuid", &text, failure)) {
		return false;
	}
	*given = text != NULL;
	return !text || ugvt_uuid_read(uuid, text, failure);
}

bool ugvt_param_number(struct ugvt_rpc_request *request, struct ugvt_param_number *number,
	struct ugvt_failure *failure)
{
	const char *text = ugvt_json_string(request->params, number->key);
	uint64_t value;

	number->given = ugvt_json_has(request->params, number->key);
	if (!number->given ||
		(text && ugvt_number_parse(text, number->min, number->max, &number->value))) {
		return true;
	}
	if (!ugvt_json_uint(request->params, number->key, number->max, &value) ||
		value < number->min) {
		return ugvt_fail(failure, UGVT_FAILURE_INVALID, "%s must be a number from %u to %u",
			number->key, number->min, number->max);
	}
	number->value = (unsigned)value;
	return true;
}

bool ugvt_param_flag(struct ugvt_rpc_request *request, struct ugvt_param_flag *flag,
	struct ugvt_failure *failure)
{
	flag->given = ugvt_json_has(request->params, flag->key);
	if (flag->given && !ugvt_json_bool(request->params, flag->key, &flag->value)) {
		return ugvt_fail(
			failure, UGVT_RPC_INVALID_PARAMS, "%s must be true or false", flag->key);
	}
	return true;
}
