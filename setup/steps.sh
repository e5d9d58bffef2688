# Shell helpers shared by ./lab and the scripts that it sources: messages, steps, stamps.
# shellcheck shell=bash

cache=${LOGIT_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/logit-lab}

say() { printf '%s\n' "$*" >&2; }

# die MESSAGE...: one clear line, exit status 3 (the machine failed; see the exit codes of the program).
die() {
  say "lab: $*"
  exit 3
}

# Shows, on a terminal, what a running step is at: the time, and the last [n/m] that ninja wrote.
watch_step() {
  local title=$1 log=$2 started=$SECONDS at
  while sleep 1; do
    at=$(tail -c 2000 "$log" | grep -ao '^\[[0-9]*/[0-9]*\]' | tail -n 1)
    printf '\r\033[K  %s ... %s s %s' "$title" $((SECONDS - started)) "$at" >&2
  done
}

# step TITLE COMMAND...: runs the command with its output in a log and prints one line, with the time
# that it took. When it fails, the end of the log is shown and the log named, with $step_advice.
step() {
  local title=$1 started=$SECONDS status log watcher=
  shift
  log=$cache/log/$(printf '%s' "$title" | tr -cs 'A-Za-z0-9' '-').log
  mkdir -p "$cache/log"
  : >"$log"
  if [ -t 2 ]; then
    watch_step "$title" "$log" &
    watcher=$!
    # shellcheck disable=SC2064
    trap "kill $watcher 2>/dev/null; exit 130" INT TERM
  fi
  # Not `if (...)`: inside a condition the shell would ignore `set -e`.
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  if [ -n "$watcher" ]; then
    kill "$watcher" 2>/dev/null
    wait "$watcher" 2>/dev/null || true
    trap - INT TERM
    printf '\r\033[K' >&2
  fi
  if [ "$status" -ne 0 ]; then
    say "  $title: FAILED after $((SECONDS - started)) s"
    tail -n 40 "$log" | sed 's/^/    /' >&2
    die "'$title' failed${step_advice:+ ($step_advice)}; the whole log: $log"
  fi
  say "  $title ($((SECONDS - started)) s)"
}

# A stamp holds a version of what was made: changed inputs make a step run again.
is_done() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
mark_done() { printf '%s\n' "$2" >"$1.new" && mv "$1.new" "$1"; }

# version_at_least HAVE WANT: compares dotted numbers.
version_at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}
