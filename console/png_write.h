/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONSOLE_PNG_WRITE_H
#define UGVT_CONSOLE_PNG_WRITE_H

#include <stdio.h>

#include "display/scanout.h"

/* Writes picture as an RGB image of 8 bits a colour and flushes file, which stays the caller's. 0, -ENOMEM, -EINVAL for a picture
 * without pixels, or the -errno of the write that failed. */
int ugvt_png_write(FILE *file, const struct ugvt_picture *picture);

#endif
