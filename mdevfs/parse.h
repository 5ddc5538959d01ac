/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MDEVFS_PARSE_H
#define UGVT_MDEVFS_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "control/uuid.h"

/* What is written to the tree's files, read as the kernel reads it: text of size bytes, hostile, with or without a
 * newline, not ended by a NUL. */

/* A UUID and at most one byte more, which may be anything. */
bool ugvt_mdevfs_parse_uuid(const char *text, size_t size, struct ugvt_uuid *uuid);
/* A number that is not negative, with at most one newline after it; what follows a NUL does not count. base is 10, or
 * 0 for those of C. */
bool ugvt_mdevfs_parse_number(const char *text, size_t size, unsigned base, unsigned long *number);
/* text is word, with at most one newline after it. */
bool ugvt_mdevfs_parse_word(const char *text, size_t size, const char *word);

/* Whether name is a PCI address like 0000:00:02.0. */
bool ugvt_mdevfs_parse_pci(const char *name);

#endif
