/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_PICTURE_H
#define UGVT_MANAGER_PICTURE_H

#include <stdint.h>

/*
 * The memory file that a worker, which can't make any, puts a picture in. It is a stranger's from the moment that the
 * worker has it until it is sealed.
 */

/* An empty file that the worker can make no larger than a picture may be; -errno on failure. */
int ugvt_picture_create(void);
/* The worker says that its picture is size bytes. Makes sure that the file can't change any more and that it begins as a
 * PNG does: size, or 0 if not. */
uint64_t ugvt_picture_seal(int fd, uint64_t size);
/* Closes the file, and takes back its memory, whoever still has it. */
void ugvt_picture_discard(int fd);

#endif
