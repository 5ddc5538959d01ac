#!/bin/bash
# SPDX-License-Identifier: MIT
# usage: vectors.sh CHECKER
# Compares the decoder and disassembler with the vectors of Mesa's own assembler: 2,678 encodings in 43 files, of the source
# package of Debian 12. They are fetched once, to ~/.cache/ugvt. Exit status 77: Debian's archive can't be reached.
set -eu

top=$(realpath "$(dirname "$0")/../../..")
. "$top/scripts/lab.sh"

[ $# = 1 ] || die "usage: vectors.sh CHECKER"
checker=$1
# The archive keeps the source of a release at a version; another one's vectors may differ.
release=bookworm
version=22.3.6
lab_failure=77

private_apt() {
	apt-get -q -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State="$apt" \
		-o Dir::State::status=/dev/null -o Dir::Cache="$apt" -o APT::Sandbox::User= \
		-o Acquire::Check-Valid-Until=false -o Acquire::Languages=none "$@"
}

# Source packages are not among the sources of most machines: lists of our own, for this.
fetch_vectors() {
	local work=$1 mirror apt=$1/apt folder=mesa-$version/src/intel/tools/tests/gen9

	mirror=$(lab_mirror)
	[ -n "$mirror" ] || die "apt's configuration names no Debian mirror"
	mkdir -p "$apt/lists/partial" "$apt/archives/partial"
	printf 'deb-src %s %s main\n' "$mirror" "$release" >"$apt/sources.list"
	private_apt update || die "cannot reach $mirror"
	(cd "$work" && private_apt source --download-only --tar-only mesa) || die "cannot fetch Mesa's source from $mirror"
	mkdir "$work/result"
	tar -C "$work/result" -xzf "$work/mesa_$version.orig.tar.gz" --strip-components=6 "$folder" ||
		die "Mesa's source has no vectors of version $version"
}

folder=$(lab_failure=77 cache_build "mesa-gen9-vectors-$version" fetch_vectors) || exit 77
out=$("$checker" "$folder") || {
	printf '%s\n' "$out"
	exit 1
}
printf '%s\n' "$out"
[ "$out" = "2678 of 2678 encodings agree, in 43 files" ]
