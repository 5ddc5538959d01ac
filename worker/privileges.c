/* SPDX-License-Identifier: MIT */
#include "worker/privileges.h"

#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SECUREBITS                                                        \
	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |  \
		SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED | \
		SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

bool ugvt_privileges_drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	static const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];

	/* The bounding set and the secure bits matter to who runs programs, which the filter refuses; and only who has
	 * capabilities may change them. Thus they may fail. */
	for (int i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++) {
		prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	}
	prctl(PR_SET_SECUREBITS, SECUREBITS, 0, 0, 0);
	/* The ambient set is always part of the permitted one. */
	return syscall(SYS_capset, &header, none) == 0;
}

bool ugvt_privileges_refuse_new(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

bool ugvt_privileges_hide(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}
