/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CLI_SCREEN_H
#define UGVT_CLI_SCREEN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

/*
 * Standard output as a screen that is drawn anew from time to time: on a terminal, in place and on the alternate screen, which
 * leaves what was there before as it was; else, one picture below the other.
 */

struct ugvt_screen {
	bool terminal; // drawn in place
	bool keys;     // standard input is a terminal, and gives keys as they are pressed
	bool colours;
	bool blocks;            // Unicode's block characters can be shown
	struct termios termios; // as it was; if keys
	sigset_t mask;          // as it was
	int signal_fd;
};

/* 0 or -errno. */
int ugvt_screen_init(struct ugvt_screen *screen);
/* Everything is as it was. */
void ugvt_screen_finish(struct ugvt_screen *screen);

/* Columns and lines of the terminal; for what is none, a width for everything, and no limit (0) of lines. */
void ugvt_screen_size(const struct ugvt_screen *screen, unsigned *width, unsigned *height);

/* Shows text, all of the picture; its lines are no longer than the screen. */
void ugvt_screen_draw(const struct ugvt_screen *screen, const char *text, size_t size);

enum ugvt_screen_event {
	UGVT_SCREEN_TIME,   // the time has come
	UGVT_SCREEN_RESIZE, // draw again
	UGVT_SCREEN_END,    // the user, or a signal, ends it
};

/* Waits for until_ns (CLOCK_MONOTONIC), or for something else. */
enum ugvt_screen_event ugvt_screen_wait(struct ugvt_screen *screen, uint64_t until_ns);

#endif
