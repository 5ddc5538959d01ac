/* SPDX-License-Identifier: MIT */
#include "gen/fields.h"

#include <string.h>

#include "gen/fields_rows.h"

static const struct ugvt_layout *const parts[] = {
	ugvt_layouts_3d,
	ugvt_layouts_media,
	ugvt_layouts_mi,
	ugvt_layouts_structures,
	NULL,
};

const struct ugvt_layout *ugvt_layout_part(unsigned i)
{
	return i < UGVT_ARRAY_SIZE(parts) ? parts[i] : NULL;
}

const struct ugvt_layout *ugvt_layout_find(const char *name)
{
	for (unsigned i = 0; parts[i]; i++) {
		for (const struct ugvt_layout *layout = parts[i]; layout->name; layout++) {
			if (strcmp(layout->name, name) == 0) {
				return layout;
			}
		}
	}
	return NULL;
}
