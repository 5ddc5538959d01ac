/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_PROCESS_H
#define UGVT_MANAGER_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

struct json_object;

/* The start of the file /proc/PID/name, "" if it can't be read. */
void ugvt_process_read(pid_t pid, const char *name, char *text, size_t size);

/* What the system knows of a process, from /proc: pid, threads, cpu_ns, and rss_anon, rss_file and rss_shmem in bytes. What can't
 * be read is left out. The caller's. */
struct json_object *ugvt_process_figures(pid_t pid);

#endif
