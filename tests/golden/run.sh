#!/usr/bin/env bash
# Golden digests: every config in this folder (NAME.json, as `logit-lab run --config` takes it) must give
# the digest in NAME.digest, whatever the compiler, processor, SIMD width, number of workers. Adding a
# case is adding a config and, once, accepting its digest.
#
#   tests/golden/run.sh LABEL COMMAND...    runs COMMAND (the program, with `--workers N` at its end if
#                                           wanted) on every config; prints failures in full
#   tests/golden/run.sh --accept COMMAND... writes the digests of new configs; never changes one
set -euo pipefail
golden=$(cd "$(dirname "$0")" && pwd)
label=$1
shift
options=()
while [ $# -gt 1 ] && [ "${*: -2:1}" = --workers ]; do
  options=(--workers "${*: -1}")
  set -- "${@:1:$#-2}"
done

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
passed=0 failed=0
for config in "$golden"/*.json; do
  [ -e "$config" ] || continue
  name=$(basename "$config" .json)
  expected=$golden/$name.digest
  digest=
  if "$@" run --config "$config" --json --quiet "${options[@]}" >"$answer" 2>"$answer.err"; then
    digest=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).digest' "$answer")
  fi
  if [ "$label" = --accept ]; then
    if [ -n "$digest" ] && [ ! -e "$expected" ]; then
      echo "$digest" >"$expected"
      echo "accepted: $name $digest"
    fi
  elif [ -n "$digest" ] && [ -f "$expected" ] && [ "$digest" = "$(cat "$expected")" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "golden $name, $label: expected $(cat "$expected" 2>/dev/null || echo 'a .digest file'), got" \
      "${digest:-no result}"
    [ -n "$digest" ] || cat "$answer.err"
  fi
  rm -f "$answer.err"
done
if [ $((passed + failed)) -eq 0 ] && [ "$label" != --accept ]; then
  failed=1
  echo "no configs in $golden"
fi
[ "$label" = --accept ] || echo "golden, $label: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
