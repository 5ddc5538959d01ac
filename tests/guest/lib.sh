# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Shared by the tests of this folder. scripts/check calls each as: NAME.test OUTPUT-FOLDER [VARIANT]. A test ends with
# status 0 if all is well; what it prints is its log.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${UGVT_BUILD:-$top/build}
out=${1:?no output folder named}
variant=${2:-}
rm -rf "$out"
mkdir -p "$out"
out=$(cd "$out" && pwd)

fail() {
	echo "failed: $*"
	exit 1
}

# Runs a guest; results land in the test's output folder.
guest() {
	"$here/run" --verbose --out "$out" "$@"
}

log_is_clean() {
	"$here/kernel-log" "${1:-$out/kernel.log}" || fail "the guest's kernel log is not clean"
}

# expect WANTED ACTUAL WHAT
expect() {
	[ "$1" = "$2" ] || fail "$3: \"$2\" instead of \"$1\""
}

# screen_text NAME: the text on the picture NAME.png; the guest must have put its console's font into /out/font.psf.
screen_text() {
	"$build/tests/guest/screen-text" "$out/$1.png" "$out/out/font.psf"
}

# png_size FILE: WIDTHxHEIGHT, from the picture's header chunk.
png_size() {
	od -A n -t u4 --endian=big -j 16 -N 8 "$1" | awk '{ print $1 "x" $2 }'
}

# What only the run that made it can show.
new_token() {
	od -A n -t x8 -N 8 /dev/urandom | tr -d ' '
}
