# Shell helpers shared by ./lab and the scripts that it sources: messages, steps, stamps.
# shellcheck shell=bash

cache=${LOGIT_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/logit-lab}

say() { printf '%s\n' "$*" >&2; }

# die MESSAGE...: one clear line, exit status 3 (the machine failed; see the exit codes of the program).
die() {
  say "lab: $*"
  exit 3
}

# step TITLE COMMAND...: runs the command with its output in a log and prints one line, with the time
# that it took. When it fails, the end of the log is shown and the log named.
step() {
  local title=$1 started=$SECONDS status
  shift
  mkdir -p "$cache/log"
  local log
  log=$cache/log/$(printf '%s' "$title" | tr -cs 'A-Za-z0-9' '-').log
  [ -t 2 ] && printf '  %s ...' "$title" >&2
  # Not `if (...)`: inside a condition the shell would ignore `set -e`.
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  [ -t 2 ] && printf '\r\033[K' >&2
  if [ "$status" -ne 0 ]; then
    say "  $title: FAILED after $((SECONDS - started)) s"
    tail -n 40 "$log" | sed 's/^/    /' >&2
    die "'$title' failed; the whole log: $log"
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
