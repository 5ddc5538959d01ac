/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_BIRTH_H
#define UGVT_MANAGER_BIRTH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Processes that may not be our children, told apart from later ones with the same pid by when they were born. */

/* When, in the kernel's ticks since it started; 0 if there is no such process. */
uint64_t ugvt_birth_of(pid_t pid);

/* A pidfd of the process pid if it was born then, else -errno. */
int ugvt_birth_open(pid_t pid, uint64_t born);
/* That process has not ended. */
bool ugvt_birth_lives(pid_t pid, uint64_t born);

#endif
