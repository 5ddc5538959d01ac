/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CLI_VIEW_H
#define UGVT_CLI_VIEW_H

#include <stdbool.h>
#include <stdio.h>

struct ugvt_sample;

/* A table of a sample that was rated and sorted: a line for each parent's totals, below it its vGPUs. */

struct ugvt_view {
	unsigned width;  // columns; what does not fit is left out, the least interesting first
	unsigned height; // lines; 0: as many as it takes
	bool blocks;     // Unicode's block characters may be used
	bool colours;
};

/* Each line ends with a newline; none is wider than the view. */
void ugvt_view_write(FILE *out, const struct ugvt_view *view, const struct ugvt_sample *sample);

/* A bar of so many columns, filled by part (0 to 1; outside of it is cut off). */
void ugvt_view_write_bar(FILE *out, const struct ugvt_view *view, unsigned columns, double part);

/* "0", "1.2k", "345M" of a number that is not negative: at most five columns. text has 16 bytes. */
const char *ugvt_view_number(char *text, double number);
/* The same of bytes, in units of 1024. */
const char *ugvt_view_bytes(char *text, double bytes);

#endif
