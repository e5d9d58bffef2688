#!/usr/bin/env bash
# Set-up's own test, after a set-up and without a network: what is done stays done, the data sets are
# whole, and what cannot be had is said in one clear line with exit status 3.
set -uo pipefail
cd "$(dirname "$0")/../.."
. setup/steps.sh
. setup/prepare.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# expect WHAT STATUS TEXT COMMAND...: the status, and a text on standard error (none: no output at all).
expect() {
  local what=$1 wanted=$2 text=$3 status
  shift 3
  "$@" >"$work/out" 2>&1
  status=$?
  if [ $status -ne "$wanted" ] || { [ -n "$text" ] && ! grep -q "$text" "$work/out"; } ||
    { [ -z "$text" ] && [ -s "$work/out" ]; }; then
    echo "$what: expected status $wanted and '$text', got status $status and:"
    cat "$work/out"
    failed=1
  fi
}

# A folder of programs for PATH: this machine's, with some left out and some replaced.
# programs NAME LEFT_OUT...
programs() {
  mkdir -p "$work/$1"
  ln -sf /usr/bin/* "$work/$1"
  (cd "$work/$1" && rm -f "${@:2}")
}

expect "A second set-up does nothing" 0 '' prepare_all
expect "The data sets and texts are whole" 0 'wine.csv: OK' \
  sh -c 'cd "$1" && echo "$2" | sha256sum --strict --check' - "$cache/data" "$data_files"
expect "The list of sources is JSON" 0 '^8$' \
  node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).length' "$cache/data/sources.json"
expect "Unknown verb" 2 'is not a verb' ./lab tset
expect "Unknown option of test" 2 "takes no '--arm'" ./lab test --arm

# Dawn: npm answers with another package, or with nothing; and another system.
programs wrong-npm npm
printf '#!/bin/sh\necho other >other.tgz\n' >"$work/wrong-npm/npm"
programs no-npm npm
programs other-system uname
printf '#!/bin/sh\necho Plan9 mips\n' >"$work/other-system/uname"
chmod +x "$work/wrong-npm/npm" "$work/other-system/uname"
webgpu() {
  env PATH="$work/$1" LOGIT_LAB_CACHE="$work/$1-cache" bash -euo pipefail -c \
    '. setup/steps.sh; . setup/prepare.sh; mkdir -p "$cache/log"; prepare_webgpu'
}
expect "Another package than Dawn's" 0 'left out of native programs: Dawn could not be fetched' webgpu wrong-npm
expect "No npm" 0 'left out of native programs: npm' webgpu no-npm
expect "No npm is said once" 0 '' webgpu no-npm
expect "No Dawn for this system" 0 'on Linux with x86-64 only' webgpu other-system

programs no-network apt-get
printf '#!/bin/sh\necho "E: Could not resolve the mirror" >&2\nexit 100\n' >"$work/no-network/apt-get"
chmod +x "$work/no-network/apt-get"
programs no-space df
printf '#!/bin/sh\necho Filesystem\necho x 100 90 10000 90%% /\n' >"$work/no-space/df"
chmod +x "$work/no-space/df"
programs not-debian apt-get cmake
if [ -f "$keyring" ]; then
  expect "No network" 3 'is the network there' \
    env PATH="$work/no-network:$PATH" LOGIT_LAB_CACHE="$work/cache" ./lab setup
  expect "No space" 3 '9 MB free and needs' \
    env PATH="$work/no-space:$PATH" LOGIT_LAB_CACHE="$work/cache" ./lab setup
fi
expect "Not Debian" 3 'Emscripten >= 3.1.60 (missing, by Debian.s names: cmake' \
  env PATH="$work/not-debian" LOGIT_LAB_CACHE="$work/cache" ./lab setup
touch "$work/file"
expect "Unwritable cache folder" 3 'cannot write to the cache folder' \
  env LOGIT_LAB_CACHE="$work/file/cache" ./lab setup
exit $failed
