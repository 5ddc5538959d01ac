/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * usage: inject PID CALL [ARGUMENT...]
 *
 * Has the process, which waits in a system call, make another one, with up to six numbers as arguments, and go on as if
 * nothing had been. Prints what came of it: "ok", the error's name, or "killed SIGNAL".
 */

#define SYSCALL_INSTRUCTION 0x050f
/* include/linux/errno.h of the kernel */
#define ERESTARTSYS 512
#define ERESTART_RESTARTBLOCK 516

_Noreturn static void fail(const char *what)
{
	fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* false: it has ended, which was told. */
static bool stop_wait(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid) {
		fail("waitpid");
	}
	if (WIFSIGNALED(status)) {
		printf("killed %d\n", WTERMSIG(status));
	} else if (!WIFSTOPPED(status)) {
		printf("exited\n");
	}
	return WIFSTOPPED(status);
}

static void process_stop(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD) < 0) {
		fail("PTRACE_SEIZE");
	}
	if (ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0 || !stop_wait(pid)) {
		fail("PTRACE_INTERRUPT");
	}
}

/* In a system call, since it takes one to make another; it may be about to begin waiting. */
static void process_stop_waiting(pid_t pid, struct user_regs_struct *regs)
{
	for (int tries = 0; tries < 10000; tries++) {
		process_stop(pid);
		if (ptrace(PTRACE_GETREGS, pid, 0, regs) == 0 && (long)regs->orig_rax >= 0 &&
			(ptrace(PTRACE_PEEKTEXT, pid, regs->rip - 2, 0) & 0xffff) ==
				SYSCALL_INSTRUCTION) {
			return;
		}
		ptrace(PTRACE_DETACH, pid, 0, 0);
		usleep(1000);
	}
	fail("the process never waits");
}

/* Up to where the call begins or has ended. */
static bool process_step(pid_t pid)
{
	return ptrace(PTRACE_SYSCALL, pid, 0, 0) == 0 && stop_wait(pid);
}

static void call_set(struct user_regs_struct *regs, int number, char **arguments)
{
	unsigned long long *const places[] = {
		&regs->rdi, &regs->rsi, &regs->rdx, &regs->r10, &regs->r8, &regs->r9};

	for (unsigned i = 0; i < 6; i++) {
		*places[i] = *arguments ? strtoull(*arguments, NULL, 0) : 0;
		arguments += *arguments != NULL;
	}
	regs->rax = (unsigned long long)number;
	regs->orig_rax = -1ULL;
	regs->rip -= 2;
}

int main(int argc, char **argv)
{
	/* What a filter kills for comes to the end of the call all the same, with the signal that waits to be dealt out. */
	struct __ptrace_peeksiginfo_args first = {.nr = 1};
	struct user_regs_struct before, regs;
	siginfo_t info;
	bool killed;
	int number = argc < 3 ? -1 : seccomp_syscall_resolve_name(argv[2]);
	pid_t pid = argc < 2 ? 0 : atoi(argv[1]);
	long result;

	if (number < 0) {
		fail("arguments");
	}
	process_stop_waiting(pid, &before);
	regs = before;
	call_set(&regs, number, argv + 3);
	/* The kernel would have made it again by itself, with a number that is not for programs to see. */
	if ((long)before.rax <= -ERESTARTSYS && (long)before.rax >= -ERESTART_RESTARTBLOCK) {
		before.rax = (unsigned long long)-EINTR;
	}
	if (ptrace(PTRACE_SETREGS, pid, 0, &regs) < 0) {
		fail("PTRACE_SETREGS");
	}
	if (!process_step(pid) || !process_step(pid)) {
		return 0;
	}
	killed = ptrace(PTRACE_PEEKSIGINFO, pid, &first, &info) == 1 && info.si_signo == SIGSYS;
	if (ptrace(PTRACE_GETREGS, pid, 0, &regs) < 0 ||
		ptrace(PTRACE_SETREGS, pid, 0, &before) < 0 ||
		ptrace(PTRACE_DETACH, pid, 0, 0) < 0) {
		fail("PTRACE_DETACH");
	}
	if (killed) {
		printf("killed %d\n", SIGSYS);
		return 0;
	}
	result = (long)regs.rax;
	puts(result < 0 && result > -4096 ? strerrorname_np((int)-result) : "ok");
	return 0;
}
