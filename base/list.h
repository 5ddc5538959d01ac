/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BASE_LIST_H
#define UGVT_BASE_LIST_H

#include <stdbool.h>

#include "base/bits.h"

/* A doubly linked ring; the head is a link of its own. A link is embedded in its element. */
struct ugvt_list {
	struct ugvt_list *prev, *next;
};

static inline void ugvt_list_init(struct ugvt_list *list)
{
	list->prev = list->next = list;
}

static inline bool ugvt_list_empty(const struct ugvt_list *list)
{
	return list->next == list;
}

/* Appends link at the end of list. */
static inline void ugvt_list_append(struct ugvt_list *list, struct ugvt_list *link)
{
	link->prev = list->prev;
	link->next = list;
	list->prev->next = link;
	list->prev = link;
}

/* Takes link out of the list it is in; it may be removed again without harm. */
static inline void ugvt_list_remove(struct ugvt_list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	ugvt_list_init(link);
}

#define ugvt_list_for_each(pos, list, member)                                 \
	for (pos = ugvt_container_of((list)->next, __typeof__(*pos), member); \
		&pos->member != (list);                                       \
		pos = ugvt_container_of(pos->member.next, __typeof__(*pos), member))

/* The current element may be removed and freed inside the loop. */
#define ugvt_list_for_each_safe(pos, tmp, list, member)                          \
	for (pos = ugvt_container_of((list)->next, __typeof__(*pos), member),    \
	    tmp = ugvt_container_of(pos->member.next, __typeof__(*pos), member); \
		&pos->member != (list);                                          \
		pos = tmp, tmp = ugvt_container_of(pos->member.next, __typeof__(*pos), member))

#endif
