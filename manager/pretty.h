/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_PRETTY_H
#define UGVT_MANAGER_PRETTY_H

struct json_object;

/* value as mdevctl writes JSON: indented by two blanks, nothing between empty brackets, no newline at the end. (json-c's
 * own ways differ between its versions.) To be freed; NULL: out of memory. */
char *ugvt_pretty_print(struct json_object *value);

#endif
