/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "display/edid.h"

/* edid-print WIDTH HEIGHT: the EDID, raw. */
int main(int argc, char **argv)
{
	uint8_t edid[UGVT_EDID_SIZE];

	if (argc != 3 || !ugvt_edid_build(edid, (unsigned)atoi(argv[1]), (unsigned)atoi(argv[2]))) {
		return EXIT_FAILURE;
	}
	return fwrite(edid, sizeof(edid), 1, stdout) == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
