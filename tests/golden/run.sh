#!/usr/bin/env bash
# Golden digests: every config in this folder (NAME.json, as `logit-lab run --config` takes it) must give
# the digest in NAME.digest, and the shipped language models those in language/, whatever the compiler,
# processor, SIMD width, number of workers. Adding a case is adding a config or a model and, once,
# accepting its digest.
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
folder=$(mktemp -d)
trap 'rm -rf "$answer" "$folder"' EXIT
passed=0 failed=0

# check NAME DIGEST_FILE COMMAND...
check() {
  local name=$1 expected=$2 digest=
  shift 2
  if "$@" >"$answer" 2>"$answer.err"; then
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
}

for config in "$golden"/*.json; do
  [ -e "$config" ] || continue
  check "$(basename "$config" .json)" "${config%.json}.digest" \
    "$@" run --config "$config" --json --quiet "${options[@]}"
done

# A few updates with the settings of each shipped language model, and what the models go on with.
models=$golden/../../examples/models
for config in "$models"/*.json; do
  name=$(basename "$config" .json)
  from=()
  [[ $name = *-base ]] || from=(--from "$models/${name%-expert}-base")
  check "train $name" "$golden/language/train-$name.digest" \
    "$@" train "$golden/language/text.txt" --config "$config" "${from[@]}" --set steps=3 --set warm_up=1 \
    --set held_out=0 --out "$folder" --force --json --quiet
done
for model in "$models"/*/; do
  name=$(basename "$model")
  check "generate $name" "$golden/language/generate-$name.digest" \
    "$@" generate "$model" --prompt "It is" --length 200 --top-p 0.9 --repetition-penalty 1.1 --json
done
if [ $((passed + failed)) -eq 0 ] && [ "$label" != --accept ]; then
  failed=1
  echo "no configs in $golden"
fi
[ "$label" = --accept ] || echo "golden, $label: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
