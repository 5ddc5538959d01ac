/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_NUMBER_H
#define UGVT_MANAGER_NUMBER_H

#include <stdbool.h>

/* Decimal digits and nothing else, from min to max. */
bool ugvt_number_parse(const char *text, unsigned min, unsigned max, unsigned *number);

#endif
