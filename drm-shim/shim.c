/* SPDX-License-Identifier: MIT */
#include "drm-shim/shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define NODE_NAME "ugvt-drm-node"
#define DEADLINE_DEFAULT_MS 10000

/* What `ugvt run` tells. */
#define ENV_DEVICE "UGVT_DEVICE"
#define ENV_DEADLINE "UGVT_DEADLINE_MS"
#define ENV_LOG "UGVT_LOG"
#define ENV_TRACE "UGVT_TRACE"

static struct {
	pthread_mutex_t lock;
	struct ugvt_drm_device *device;
	struct ugvt_list opens;
	struct ugvt_shim_open **fds; // by descriptor
	size_t fd_count;
	atomic_uint known; // descriptors in fds
	pid_t pid;         // whose descriptors those are
} shim = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.opens = {&shim.opens, &shim.opens},
};

const struct ugvt_device_info *ugvt_shim_info(void)
{
	const char *name = getenv(ENV_DEVICE);
	const struct ugvt_device_info *info = name ? ugvt_device_find(name) : NULL;

	return info ? info : ugvt_device_at(0);
}

static void fork_prepare(void)
{
	pthread_mutex_lock(&shim.lock);
	ugvt_drm_device_fork_begin(shim.device);
}

static void fork_parent(void)
{
	ugvt_drm_device_fork_end(shim.device);
	pthread_mutex_unlock(&shim.lock);
}

static void fork_child(void)
{
	shim.pid = getpid();
	fork_parent();
}

/* The lock is held. */
static struct ugvt_drm_device *device_get(void)
{
	const char *deadline = getenv(ENV_DEADLINE);
	const char *log = getenv(ENV_LOG);
	enum ugvt_log_level level = UGVT_LOG_ERROR;
	unsigned long ms;

	if (shim.device) {
		return shim.device;
	}
	if (log) {
		ugvt_log_level_parse(log, &level);
	}
	ugvt_log_init(level, "ugvt-drm-shim");
	ms = deadline ? strtoul(deadline, NULL, 10) : 0;
	shim.device = ugvt_drm_device_create(&(struct ugvt_drm_device_config){
		.info = ugvt_shim_info(),
		.deadline_ns = (ms > 0 ? ms : DEADLINE_DEFAULT_MS) * UGVT_NS_PER_MS,
		.trace = getenv(ENV_TRACE),
	});
	if (shim.device) {
		shim.pid = getpid();
		pthread_atfork(fork_prepare, fork_parent, fork_child);
	}
	return shim.device;
}

/* Without the hooks. */
static int raw_fstat(int fd, struct stat *st)
{
	return (int)syscall(SYS_fstat, fd, st);
}

static bool fds_grow(int fd)
{
	size_t count = UGVT_MAX(shim.fd_count * 2, (size_t)fd + 64);
	struct ugvt_shim_open **fds;

	if ((size_t)fd < shim.fd_count) {
		return true;
	}
	fds = realloc(shim.fds, count * sizeof(struct ugvt_shim_open *));
	if (!fds) {
		return false;
	}
	memset(fds + shim.fd_count, 0, (count - shim.fd_count) * sizeof(struct ugvt_shim_open *));
	shim.fds = fds;
	shim.fd_count = count;
	return true;
}

static void fd_enter(int fd, struct ugvt_shim_open *open)
{
	if (fds_grow(fd)) {
		shim.fds[fd] = open;
		open->refs++;
		atomic_fetch_add(&shim.known, 1);
	}
}

/* Its file, if that was the last reference: to be closed without the lock. */
static struct ugvt_drm_file *open_drop(struct ugvt_shim_open *open)
{
	struct ugvt_drm_file *file = open->file;

	if (--open->refs > 0) {
		return NULL;
	}
	ugvt_list_remove(&open->link);
	free(open);
	return file;
}

static struct ugvt_drm_file *fd_forget(int fd)
{
	struct ugvt_shim_open *open = fd >= 0 && (size_t)fd < shim.fd_count ? shim.fds[fd] : NULL;

	if (!open) {
		return NULL;
	}
	shim.fds[fd] = NULL;
	atomic_fetch_sub(&shim.known, 1);
	return open_drop(open);
}

static void file_finish(struct ugvt_drm_file *file)
{
	if (file) {
		ugvt_drm_file_close(file);
	}
}

/* A new open for the memory that fd leads to. */
static struct ugvt_shim_open *open_create(int fd)
{
	struct ugvt_shim_open *open = calloc(1, sizeof(*open));
	struct stat st;

	if (!open || raw_fstat(fd, &st) < 0 || !device_get()) {
		free(open);
		return NULL;
	}
	open->dev = st.st_dev;
	open->ino = st.st_ino;
	open->file = ugvt_drm_file_open(shim.device);
	if (!open->file) {
		free(open);
		return NULL;
	}
	ugvt_list_append(&shim.opens, &open->link);
	return open;
}

int ugvt_shim_open_node(int flags)
{
	int fd = memfd_create(NODE_NAME, flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
	struct ugvt_shim_open *open;

	if (fd < 0) {
		return -1;
	}
	pthread_mutex_lock(&shim.lock);
	open = open_create(fd);
	if (open) {
		fd_forget(fd); // what nobody said was closed
		fd_enter(fd, open);
	}
	pthread_mutex_unlock(&shim.lock);
	if (!open) {
		syscall(SYS_close, fd);
		errno = ENOMEM;
		return -1;
	}
	return fd;
}

static bool may_be_node(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 0 && st->st_size == 0;
}

bool ugvt_shim_is_node(int fd)
{
	char path[64], target[64];
	struct stat st;
	ssize_t n;

	if (raw_fstat(fd, &st) < 0 || !may_be_node(&st)) {
		return false;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = syscall(SYS_readlinkat, AT_FDCWD, path, target, sizeof(target) - 1);
	target[UGVT_MAX(n, 0)] = '\0';
	return strncmp(target, "/memfd:" NODE_NAME " ", sizeof("/memfd:" NODE_NAME)) == 0;
}

static struct ugvt_shim_open *open_find(const struct stat *st)
{
	struct ugvt_shim_open *open;

	ugvt_list_for_each(open, &shim.opens, link) {
		if (open->ino == st->st_ino && open->dev == st->st_dev) {
			return open;
		}
	}
	return NULL;
}

/* What fd was may have been closed behind the hooks' back, and its number used again. */
static struct ugvt_shim_open *fd_look(int fd, struct ugvt_drm_file **stale)
{
	struct ugvt_shim_open *open;
	struct stat st;

	if (fd < 0 || raw_fstat(fd, &st) < 0 || !may_be_node(&st)) {
		*stale = fd_forget(fd);
		return NULL;
	}
	open = open_find(&st);
	if (open && (size_t)fd < shim.fd_count && shim.fds[fd] == open) {
		return open;
	}
	*stale = fd_forget(fd);
	if (!open && ugvt_shim_is_node(fd)) {
		open = open_create(fd);
	}
	if (open) {
		fd_enter(fd, open);
	}
	return open;
}

struct ugvt_shim_open *ugvt_shim_get(int fd)
{
	struct ugvt_drm_file *stale = NULL;
	struct ugvt_shim_open *open;

	pthread_mutex_lock(&shim.lock);
	open = fd_look(fd, &stale);
	if (open) {
		open->refs++;
	}
	pthread_mutex_unlock(&shim.lock);
	file_finish(stale);
	return open;
}

void ugvt_shim_put(struct ugvt_shim_open *open)
{
	struct ugvt_drm_file *file;

	pthread_mutex_lock(&shim.lock);
	file = open_drop(open);
	pthread_mutex_unlock(&shim.lock);
	file_finish(file);
}

/* After vfork() the descriptors are a child's, but the memory is the parent's. */
static bool is_elsewhere(void)
{
	return atomic_load(&shim.known) == 0 || getpid() != shim.pid;
}

void ugvt_shim_duplicated(int from, int to)
{
	struct ugvt_drm_file *file = NULL;
	struct ugvt_shim_open *open;

	if (from == to || is_elsewhere()) {
		return;
	}
	pthread_mutex_lock(&shim.lock);
	open = from >= 0 && (size_t)from < shim.fd_count ? shim.fds[from] : NULL;
	if (open) {
		open->refs++;
	}
	file = fd_forget(to);
	if (open) {
		fd_enter(to, open);
		open_drop(open);
	}
	pthread_mutex_unlock(&shim.lock);
	file_finish(file);
}

void ugvt_shim_closing(int fd)
{
	struct ugvt_drm_file *file;

	if (is_elsewhere()) {
		return;
	}
	pthread_mutex_lock(&shim.lock);
	file = fd_forget(fd);
	pthread_mutex_unlock(&shim.lock);
	file_finish(file);
}

void ugvt_shim_closing_range(unsigned first, unsigned last)
{
	for (unsigned fd = first; fd <= last && fd < shim.fd_count; fd++) {
		ugvt_shim_closing((int)fd);
	}
}
