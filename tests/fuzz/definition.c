/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "manager/definition.h"

/* A definition's file: what is taken can be changed, and read again with the changes and nothing else changed. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void changes_check(struct ugvt_definition *definition)
{
	struct ugvt_definition again = {0};
	struct ugvt_failure failure;
	char *text;

	ugvt_definition_set_weight(definition, 7);
	ugvt_definition_set_cap(definition, 0);
	ugvt_definition_set_autostart(definition, true);
	text = ugvt_definition_text(definition);
	if (!text || (!ugvt_definition_parse(&again, text, strlen(text), &failure) &&
			     !strstr(failure.text, "attrs"))) {
		abort();
	}
	free(text);
	/* There may have been as many attributes as there may be. */
	if (again.json && (again.weight != 7 || again.cap != 0 || !again.autostart ||
				  strcmp(again.type, definition->type) != 0)) {
		abort();
	}
	ugvt_definition_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ugvt_definition definition = {0};
	struct ugvt_failure failure;

	if (ugvt_definition_parse(&definition, (const char *)data, size, &failure)) {
		changes_check(&definition);
		ugvt_definition_finish(&definition);
	}
	return 0;
}
