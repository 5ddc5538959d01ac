/* SPDX-License-Identifier: MIT */
#include "manager/check.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/json.h"

#define FIGURES_DEPTH 3
#define FIGURES_PER_OBJECT 64
#define FIGURE_NAME_MAX 32

/* A 3840x2160 picture that does not compress, and some. */
#define PICTURE_SIZE_MAX (64 * 1024 * 1024)

static bool name_check(const char *name)
{
	size_t size = strlen(name);

	return size > 0 && size <= FIGURE_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == size;
}

static struct json_object *figures_copy(const struct json_object *figures, unsigned depth)
{
	struct json_object *copy;

	if (depth == 0 || !json_object_is_type(figures, json_type_object) ||
		json_object_object_length(figures) > FIGURES_PER_OBJECT) {
		return NULL;
	}
	copy = json_object_new_object();
	json_object_object_foreach(figures, name, value) {
		struct json_object *inner = NULL;
		uint64_t number;

		if (name_check(name) && ugvt_json_uint(figures, name, UINT64_MAX, &number)) {
			inner = json_object_new_uint64(number);
		} else if (name_check(name)) {
			inner = figures_copy(value, depth - 1);
		}
		if (!inner) {
			json_object_put(copy);
			return NULL;
		}
		json_object_object_add(copy, name, inner);
	}
	return copy;
}

struct json_object *ugvt_check_figures(const struct json_object *figures)
{
	return figures_copy(figures, FIGURES_DEPTH);
}

uint64_t ugvt_check_picture(int fd)
{
	static const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	static const char signature[8] = "\x89PNG\r\n\x1a\n";
	char start[sizeof(signature)];
	struct stat st;
	int got = fcntl(fd, F_GET_SEALS);

	/* Only memory files have seals: nothing else gets here, no device and no pipe. */
	if (got < 0 || (got & seals) != seals || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
		st.st_size > PICTURE_SIZE_MAX ||
		pread(fd, start, sizeof(start), 0) != sizeof(start) ||
		memcmp(start, signature, sizeof(start)) != 0) {
		return 0;
	}
	return (uint64_t)st.st_size;
}
