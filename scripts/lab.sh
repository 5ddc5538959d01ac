# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Shared by the scripts of the lab: messages, the cache, Debian's archive, managers. Sourced by bash, after `set -eu`.

lab_name=${0##*/}

say() {
	printf '%s: %s\n' "$lab_name" "$*" >&2
}

# Ends the script. The status is 1 unless the script set lab_failure.
die() {
	say "$@"
	exit "${lab_failure:-1}"
}

# Prints the comment block that opens the script, after its SPDX line.
usage() {
	sed -n '/^# SPDX/,/^[^#]/ { /^# SPDX/d; /^#/!d; s/^# \{0,1\}//; p }' "$0"
}

need_command() {
	command -v "$1" >/dev/null || PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ||
		die "$1 is not installed: run scripts/setup"
}

# The cache holds what takes long to fetch and build; it is safe to delete while nothing runs.
lab_cache() {
	local home=${HOME:-}

	[ -n "$home" ] || home=$(getent passwd "$(id -u)" | cut -d: -f6)
	printf '%s\n' "${XDG_CACHE_HOME:-$home/.cache}/ugvt"
}

# cache_build ENTRY FUNCTION [ARGUMENT...]: prints the path of the cache's ENTRY. If it is not there yet, calls
# FUNCTION WORK [ARGUMENT...], which fills the new folder WORK, and puts WORK/result in place. Concurrent builds of one
# entry wait for the first.
cache_build() {
	local cache entry work lock

	cache=$(lab_cache)
	entry=$cache/$1
	shift
	if [ ! -e "$entry" ]; then
		mkdir -p "$(dirname "$entry")" || die "cannot write $cache"
		exec {lock}>"$entry.lock"
		flock "$lock" || die "cannot lock $entry"
		if [ ! -e "$entry" ]; then
			remove_tree "$entry".??????
			work=$(mktemp -d "$entry.XXXXXX")
			chmod 755 "$work"
			if ! ("$1" "$work" "${@:2}") >&2; then
				remove_tree "$work"
				die "cannot build $entry"
			fi
			mv "$work/result" "$entry"
			remove_tree "$work"
		fi
		exec {lock}>&-
	fi
	printf '%s\n' "$entry"
}

# What cannot be removed now (folders without write permission, a process that still writes) goes with the next build.
remove_tree() {
	rm -rf "$@" 2>/dev/null || { chmod -R u+rwX "$@" && rm -rf "$@"; } 2>/dev/null || true
}

# The mirror this machine takes its own Debian packages from; nothing where apt's configuration names none.
lab_mirror() {
	local release

	release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
	apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		awk -v release="$release" '$1 == release && $2 == "main" { print $3; exit }'
}

# lab_bootstrap SUITE TARGET [OPTION...]: mmdebstrap of SUITE into TARGET. Each "+SUITE" among the options adds the
# packages of another suite of the same mirror.
lab_bootstrap() {
	local suite=$1 target=$2 mirror option suites components=main options=()

	shift 2
	need_command mmdebstrap
	suites=$suite
	for option; do
		case $option in
		+*) suites="$suites ${option#+}" ;;
		--components=*)
			components=${option#*=}
			options+=("$option")
			;;
		*) options+=("$option") ;;
		esac
	done
	mirror=$(lab_mirror)
	if [ -n "$mirror" ]; then
		set --
		for option in $suites; do
			set -- "$@" "deb $mirror $option ${components//,/ }"
		done
	elif [ "$suites" != "$suite" ]; then
		die "apt's configuration names no Debian mirror with ${suites#* }"
	else
		set --
	fi
	# Suites that are frozen or in development may have a Release file past its date.
	mmdebstrap --quiet --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
		"${options[@]}" "$suite" "$target" "$@"
}

# lab_unpack SUITE FOLDER [OPTION...]: as lab_bootstrap, but only unpacks packages, into a FOLDER of the calling user.
lab_unpack() (
	set -o pipefail
	mkdir "$2" || exit
	lab_bootstrap "$1" - --variant=extract --format=tar "${@:3}" | tar -C "$2" -x --no-same-owner --exclude=./dev
)

# ugvt ARGUMENT...: the command of the build in $build, talking to the manager in $run_dir.
ugvt() {
	"$build/cli/ugvt" --run-dir "$run_dir" "$@"
}

# start_manager LOG [OPTION...]: a manager of its own in the new folder $run_dir; sets manager_pid.
start_manager() {
	local tries=100 log=$1

	shift
	[ -x "$build/manager/ugvtd" ] || die "there is no $build/manager/ugvtd: build first (make)"
	mkdir -m 700 "$run_dir"
	"$build/manager/ugvtd" --run-dir "$run_dir" --definitions "$run_dir/mdevctl.d" "$@" >"$log" 2>&1 </dev/null &
	manager_pid=$!
	until ugvt list >/dev/null 2>&1; do
		tries=$((tries - 1))
		if [ $tries = 0 ] || ! kill -0 $manager_pid 2>/dev/null; then
			die "ugvtd does not start, see $log"
		fi
		sleep 0.05
	done
}

stop_manager() {
	if [ "${manager_pid:-}" ]; then
		# On its own it would leave the vGPUs running.
		ugvt stop --all >/dev/null 2>&1 || true
		kill "$manager_pid" 2>/dev/null || true
		wait "$manager_pid" 2>/dev/null || true
		manager_pid=
	fi
}
