/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "manager/config.h"

/* The configuration file: taken or refused, never more. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct ugvt_failure failure;
	struct ugvt_config config;

	memcpy(text, data, size);
	text[size] = '\0';
	if (ugvt_config_parse(&config, "FILE", text, &failure)) {
		ugvt_config_finish(&config);
	}
	free(text);
	return 0;
}
