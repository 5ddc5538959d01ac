#!/bin/sh
# SPDX-License-Identifier: MIT
# edid_check.sh PRINTER WIDTH HEIGHT DECODER: the block conforms, without a warning, and prefers that size.
out=$("$1" "$2" "$3" | "$4" --check) || exit 1
printf '%s\n' "$out"
printf '%s\n' "$out" | grep -q '^EDID conformity: PASS$' || exit 1
printf '%s\n' "$out" | grep -Eq "DTD 1: +$2x$3 " || exit 1
! printf '%s\n' "$out" | grep -Eq '^(Warnings|Failures):'
