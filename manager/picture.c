/* SPDX-License-Identifier: MIT */
#include "manager/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A 3840x2160 picture that does not compress, and some. */
#define SIZE_MAX_BYTES (64 * 1024 * 1024)

int ugvt_picture_create(void)
{
	int fd = memfd_create("ugvt-picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int error;

	if (fd < 0) {
		return -errno;
	}
	/* Nothing but a hole yet: only what is written takes memory. */
	if (ftruncate(fd, SIZE_MAX_BYTES) < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_GROW) < 0) {
		error = errno;
		close(fd);
		return -error;
	}
	return fd;
}

uint64_t ugvt_picture_seal(int fd, uint64_t size)
{
	/* Of writing it fails while somebody has the file mapped writable. */
	static const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
	static const char signature[8] = "\x89PNG\r\n\x1a\n";
	char start[sizeof(signature)];
	struct stat st;

	if (size > SIZE_MAX_BYTES || ftruncate(fd, (off_t)size) < 0 ||
		fcntl(fd, F_ADD_SEALS, seals) < 0 || fstat(fd, &st) < 0 ||
		st.st_size != (off_t)size || pread(fd, start, sizeof(start), 0) != sizeof(start) ||
		memcmp(start, signature, sizeof(start)) != 0) {
		return 0;
	}
	return size;
}

void ugvt_picture_discard(int fd)
{
	if (ftruncate(fd, 0) < 0) {
		/* It is sealed, and then no larger than it should be. */
	}
	close(fd);
}
