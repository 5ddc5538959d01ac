/* SPDX-License-Identifier: MIT */
#include "cli/screen.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"

/* See console_codes(4). */
#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"
#define HOME "\033[H"
#define CLEAR_LINE "\033[K"
#define CLEAR_REST "\033[J"

#define WIDTH_UNLIMITED 1000

static bool locale_is_utf8(void)
{
	setlocale(LC_CTYPE, "");
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool terminal_is_capable(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && term[0] && strcmp(term, "dumb") != 0;
}

static void keys_begin(struct ugvt_screen *screen)
{
	struct termios raw;

	if (!screen->keys) {
		return;
	}
	raw = screen->termios;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static void screen_enter(struct ugvt_screen *screen)
{
	if (screen->terminal) {
		fputs(ENTER, stdout);
		fflush(stdout);
		keys_begin(screen);
	}
}

static void screen_leave(struct ugvt_screen *screen)
{
	if (screen->keys) {
		tcsetattr(STDIN_FILENO, TCSANOW, &screen->termios);
	}
	if (screen->terminal) {
		fputs(LEAVE, stdout);
		fflush(stdout);
	}
}

/* Keys are only taken from the terminal's foreground: a read in the background would stop us. */
static bool keys_there(const struct ugvt_screen *screen)
{
	return screen->terminal && isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

int ugvt_screen_init(struct ugvt_screen *screen)
{
	const char *no_color = getenv("NO_COLOR");
	sigset_t set;

	*screen = (struct ugvt_screen){.terminal = terminal_is_capable()};
	screen->colours = screen->terminal && (!no_color || !no_color[0]);
	screen->blocks = locale_is_utf8();
	screen->keys = keys_there(screen) && tcgetattr(STDIN_FILENO, &screen->termios) == 0;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTSTP);
	screen->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (screen->signal_fd < 0) {
		return -errno;
	}
	sigprocmask(SIG_BLOCK, &set, &screen->mask);
	/* A pipe whose reader has gone is a write error, which the caller tells. */
	signal(SIGPIPE, SIG_IGN);
	screen_enter(screen);
	return 0;
}

void ugvt_screen_finish(struct ugvt_screen *screen)
{
	screen_leave(screen);
	sigprocmask(SIG_SETMASK, &screen->mask, NULL);
	close(screen->signal_fd);
}

void ugvt_screen_size(const struct ugvt_screen *screen, unsigned *width, unsigned *height)
{
	struct winsize size;

	*width = WIDTH_UNLIMITED;
	*height = 0;
	if (screen->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
		*width = size.ws_col;
		*height = size.ws_row;
	}
}

/* What was there is written over and not cleared first, so that nothing flickers. A newline after the last line would
 * scroll a full screen. */
void ugvt_screen_draw(const struct ugvt_screen *screen, const char *text, size_t size)
{
	fputs(screen->terminal ? HOME : "", stdout);
	for (size_t i = 0; i < size; i++) {
		if (!screen->terminal) {
			fputc(text[i], stdout);
		} else if (text[i] != '\n') {
			fputc(text[i], stdout);
		} else {
			fputs(i + 1 < size ? CLEAR_LINE "\r\n" : CLEAR_LINE, stdout);
		}
	}
	fputs(screen->terminal ? CLEAR_REST : "", stdout);
	fflush(stdout);
}

/* Stops like any program, with the terminal as the shell wants it. */
static void suspend(struct ugvt_screen *screen)
{
	screen_leave(screen);
	raise(SIGSTOP);
	screen_enter(screen);
}

static enum ugvt_screen_event signal_take(struct ugvt_screen *screen)
{
	struct signalfd_siginfo info;

	if (read(screen->signal_fd, &info, sizeof(info)) != sizeof(info)) {
		return UGVT_SCREEN_TIME;
	}
	switch (info.ssi_signo) {
	case SIGWINCH: return UGVT_SCREEN_RESIZE;
	case SIGTSTP: suspend(screen); return UGVT_SCREEN_RESIZE;
	default: return UGVT_SCREEN_END;
	}
}

static bool key_ends(void)
{
	char key;

	return read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q';
}

enum ugvt_screen_event ugvt_screen_wait(struct ugvt_screen *screen, uint64_t until_ns)
{
	struct pollfd fds[] = {
		{.fd = screen->signal_fd, .events = POLLIN},
		{.fd = screen->keys ? STDIN_FILENO : -1, .events = POLLIN},
	};

	for (;;) {
		uint64_t now = ugvt_clock_ns();
		uint64_t left = now < until_ns ? until_ns - now : 0;
		struct timespec timeout = {
			(time_t)(left / UGVT_NS_PER_S), (long)(left % UGVT_NS_PER_S)};

		if (ppoll(fds, 2, &timeout, NULL) == 0) {
			return UGVT_SCREEN_TIME;
		}
		if (fds[0].revents) {
			return signal_take(screen);
		}
		if (fds[1].revents && key_ends()) {
			return UGVT_SCREEN_END;
		}
	}
}
