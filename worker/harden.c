/* SPDX-License-Identifier: MIT */
#include "worker/harden.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/log.h"

bool ugvt_harden(void)
{
	static const struct rlimit none = {0, 0};

	umask(077);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
		setrlimit(RLIMIT_CORE, &none) < 0) {
		ugvt_error("can't give up privileges: %s", strerror(errno));
		return false;
	}
	return true;
}
