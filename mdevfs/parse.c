/* SPDX-License-Identifier: MIT */
#include "mdevfs/parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The longest number is one of 22 octal digits and a sign. */
#define NUMBER_MAX 64

/* create_store() in the kernel's drivers/vfio/mdev/mdev_sysfs.c takes 36 or 37 bytes and looks at the first 36. */
bool ugvt_mdevfs_parse_uuid(const char *text, size_t size, struct ugvt_uuid *uuid)
{
	char copy[UGVT_UUID_LENGTH + 1] = "";

	if (size != UGVT_UUID_LENGTH && size != UGVT_UUID_LENGTH + 1) {
		return false;
	}
	memcpy(copy, text, UGVT_UUID_LENGTH);
	return ugvt_uuid_parse(uuid, copy);
}

bool ugvt_mdevfs_parse_number(const char *text, size_t size, unsigned base, unsigned long *number)
{
	char copy[NUMBER_MAX] = "";
	const char *digits = copy;
	char *end;

	size = strnlen(text, size);
	if (size > 0 && text[size - 1] == '\n') {
		size--;
	}
	if (size == 0 || size >= sizeof(copy)) {
		return false;
	}
	memcpy(copy, text, size);
	digits += *digits == '+';
	/* strtoul() would take a sign or white space here. */
	if (!isdigit((unsigned char)*digits)) {
		return false;
	}
	errno = 0;
	*number = strtoul(digits, &end, (int)base);
	return errno == 0 && *end == '\0';
}

bool ugvt_mdevfs_parse_word(const char *text, size_t size, const char *word)
{
	size = strnlen(text, size);
	if (size > 0 && text[size - 1] == '\n') {
		size--;
	}
	return size == strlen(word) && memcmp(text, word, size) == 0;
}

bool ugvt_mdevfs_parse_pci(const char *name)
{
	static const char form[] = "xxxx:xx:xx.7";

	for (size_t i = 0; i < sizeof(form); i++) {
		unsigned char c = (unsigned char)name[i];
		bool ok = form[i] == 'x'   ? isdigit(c) || (c >= 'a' && c <= 'f')
			  : form[i] == '7' ? c >= '0' && c <= '7'
					   : c == (unsigned char)form[i];

		if (!ok) {
			return false;
		}
	}
	return true;
}
