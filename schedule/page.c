/* SPDX-License-Identifier: MIT */
#include "schedule/page.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

int ugvt_turn_page_create(void)
{
	int fd = memfd_create("ugvt-turns", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0) {
		return -errno;
	}
	if (ftruncate(fd, UGVT_TURN_PAGE_BYTES) < 0 ||
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

int ugvt_turn_page_map(int fd, struct ugvt_turn_page **page)
{
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat st;
	void *map;

	if (fstat(fd, &st) < 0) {
		return -errno;
	}
	if (seals < 0 || !(seals & F_SEAL_SHRINK) || st.st_size != UGVT_TURN_PAGE_BYTES) {
		return -EINVAL;
	}
	map = mmap(NULL, UGVT_TURN_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		return -errno;
	}
	*page = map;
	return 0;
}

void ugvt_turn_page_unmap(struct ugvt_turn_page *page)
{
	if (page) {
		munmap(page, UGVT_TURN_PAGE_BYTES);
	}
}

bool ugvt_turn_word_change(
	struct ugvt_turn_word *word, enum ugvt_turn_state from, enum ugvt_turn_state to)
{
	uint32_t expected = from;

	return atomic_compare_exchange_strong(&word->state, &expected, to);
}

bool ugvt_turn_word_wait(struct ugvt_turn_word *word, unsigned timeout_ms)
{
	struct timespec timeout = {timeout_ms / 1000, (long)((timeout_ms % 1000) * UGVT_NS_PER_MS)};

	return syscall(SYS_futex, &word->state, FUTEX_WAIT, UGVT_TURN_WANTED, &timeout, NULL, 0) ==
		       0 ||
	       errno != ETIMEDOUT;
}

void ugvt_turn_word_wake(struct ugvt_turn_word *word)
{
	syscall(SYS_futex, &word->state, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}
