#!/usr/bin/env bash
# The shipped language models, trained again from the corpora of set-up: make.sh PROGRAM OUT
# Goes on where it was interrupted. Exit status 1: a file is not the same as the committed one.
set -euo pipefail
program=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)

# train ID CONFIG ARGUMENTS...
train() {
  local id=$1 config=$2 resume=()
  shift 2
  [ ! -f "$out/$id/training.json" ] || return 0
  [ ! -f "$out/$id/checkpoint" ] || resume=(--resume)
  echo "$id"
  "$program" train "$@" --config "$here/$config.json" --out "$out/$id" --quiet "${resume[@]}"
}

domains=(scripture novels jargon)
same=0
for size in small large; do
  train "$size-base" "$size-base" "${domains[@]/#/corpus:}"
  for domain in "${domains[@]}"; do
    train "$size-$domain" "$size-expert" "corpus:$domain" --from "$out/$size-base"
  done
  for id in base "${domains[@]}"; do
    for file in config.json vocab.json merges.txt model.safetensors training.json; do
      cmp "$out/$size-$id/$file" "$here/$size-$id/$file" || same=1
    done
  done
done
exit $same
