# `./lab test`: every test on every target. Sourced by ./lab, whose functions it uses. Steps print one
# line each; what fails is shown in full; the last line counts the test cases.
# shellcheck shell=bash
# shellcheck disable=SC2154  # cache, keyring, native, web: set by ./lab and what it sources

passed=0 failed=0 skipped=0

# count PASSED FAILED
count() {
  passed=$((passed + $1))
  failed=$((failed + $2))
}

skip() {
  skipped=$((skipped + 1))
  say "  skipped: $*"
}

# timed TITLE LOG COMMAND...: runs a part of the tests; the caller counts.
timed() {
  local title=$1 log=$2 started=$SECONDS status=0
  shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ $status -eq 0 ]; then
    say "  $title ($((SECONDS - started)) s)"
  else
    say "  $title: FAILED ($((SECONDS - started)) s)"
  fi
  return $status
}

# A part that is one test case: its whole output is shown when it fails.
check() {
  local title=$1 log
  log=build/log/$(printf '%s' "$title" | tr -cs 'A-Za-z0-9' '-').log
  shift
  if timed "$title" "$log" "$@"; then
    count 1 0
  else
    count 0 1
    cat "$log"
  fi
}

# The cases in CTest's log: those that a doctest program reports, and one for each other test.
count_ctest() {
  awk '
    /^[0-9]+\/[0-9]+ Testing: / { cases = 0; bad = 0 }
    /^\[doctest\] test cases:/ { cases = $6; bad = $9 }
    /^Test (Passed|Failed)\./ {
      if ($2 == "Failed." && bad == 0) bad = 1
      if ($2 == "Passed." && cases == 0) cases = 1
      passed += cases; failed += bad; cases = 0; bad = 0
    }
    END { print passed + 0, failed + 0 }' "$1"
}

# test_preset PRESET: builds all of a preset and runs its tests.
test_preset() {
  local preset=$1 log=build/$1/Testing/Temporary/LastTest.log
  build "$preset" -DLAB_WERROR=ON
  rm -f "$log"
  timed "Test $preset" "build/log/test-$preset.log" \
    ctest --test-dir "build/$preset" --parallel 2 --output-on-failure || cat "build/log/test-$preset.log"
  # shellcheck disable=SC2046
  count $(count_ctest "$log")
}

# golden LABEL COMMAND...: see tests/golden/run.sh.
golden() {
  local label=$1 log
  log="build/log/golden-$(printf '%s' "$label" | tr -cs 'A-Za-z0-9' '-').log"
  timed "Golden digests, $label" "$log" tests/golden/run.sh "$@" || cat "$log"
  # shellcheck disable=SC2046
  count $(awk '/^golden, .* passed, / { p = $(NF - 3); f = $(NF - 1) } END { print p + 0, f + (p f == "") }' "$log")
}

# node_tests TITLE FILE...: tests of Node's own runner, with its count.
node_tests() {
  local title=$1 log
  log="build/log/$(printf '%s' "$title" | tr -cs 'A-Za-z0-9' '-').log"
  shift
  timed "$title" "$log" node --test --test-reporter=tap "$@" || cat "$log"
  # shellcheck disable=SC2046
  count $(awk '/^# pass / { p = $3 } /^# fail / { f = $3 } /^# cancelled / { f += $3 } END { print p + 0, f + (p f == "") }' "$log")
}

# The page in real browsers, and the desktop program on a screen that nobody sees.
test_front_ends() {
  local missing
  missing=$(missing_test_packages | tr '\n' ' ')
  if [ -n "$missing" ]; then
    skip "the page and the desktop program: install $missing"
    return
  fi
  prepare_playwright
  node_tests "The page's server and size" tests/web/serve.test.mjs tests/web/transfer.test.mjs
  node_tests "The page in Chromium" tests/web/page.test.mjs
  node_tests "The page in Firefox" tests/web/firefox.test.mjs
  node_tests "WebGPU in Chromium" tests/web/webgpu.test.mjs tests/web/device.test.mjs
  node_tests "The desktop program" tests/desktop/desktop.test.mjs
}

# Each fuzz target for ten seconds, from the committed corpus; new inputs stay in the build folder.
fuzz() {
  local target name
  for target in build/fuzz/tests/fuzz/fuzz_*; do
    if [ ! -x "$target" ] || [ ! -f "$target" ]; then continue; fi
    name=${target##*/fuzz_}
    mkdir -p "build/fuzz/corpus/$name"
    check "Fuzz $name, 10 s" env \
      ASAN_SYMBOLIZER_PATH="$cache/toolchain/usr/lib/llvm-19/bin/llvm-symbolizer" "$target" -max_total_time=10 -timeout=10 -rss_limit_mb=2048 \
      -artifact_prefix="build/fuzz/corpus/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name"
  done
}

# Where there is no graphics card, WebGPU's tests compute on Chromium's driver in software.
software_driver() {
  local driver=/usr/lib/chromium/vk_swiftshader_icd.json
  if [ -e $driver ]; then export VK_ADD_DRIVER_FILES=$driver; fi
}

# How many files ccache has compiled before, and how many it has compiled: the difference of two answers
# says what a run found there.
cached_files() {
  ccache --print-stats 2>/dev/null |
    awk '$1 ~ /^(direct|preprocessed)_cache_hit$/ { hit += $2 } $1 == "cache_miss" { miss = $2 } END { print hit + 0, miss + 0 }'
}

test_all() {
  local hits misses before
  prepare_all
  prepare_tests
  before=$(cached_files)
  software_driver
  test_preset native
  test_preset web
  if clang_available; then
    test_preset fuzz
    fuzz
  else
    skip "the fuzz targets: clang 19 is set up on Debian with amd64 only"
    test_preset asan
  fi
  test_front_ends

  golden "SSE2" env LAB_SIMD=sse2 "$native" --workers 1
  if grep -qw avx2 /proc/cpuinfo; then
    golden "AVX2" env LAB_SIMD=avx2 "$native" --workers 1
  else
    skip "golden digests on AVX2: this processor has none"
  fi
  golden "4 workers" "$native" --workers 4
  golden "WebAssembly" node "$web" --workers 1
  build march-native -DLAB_WERROR=ON -- logit-lab
  golden "march=native" build/march-native/logit-lab
  if clang_available; then
    golden "clang with sanitizers" build/fuzz/logit-lab
  else
    golden "sanitizers" build/asan/logit-lab
  fi

  check "Set-up" tests/setup/check.sh
  check "Verdicts of all experiments, 3 seeds" \
    "$native" reproduce --all --seeds 3 --check tests/golden/verdicts
  read -r hits misses < <(echo "$before" "$(cached_files)" | awk '{ print $3 - $1, $4 - $2 }')
  say "  compiled anew $misses files; from the compiler cache $hits"
}

# clang comes with the toolchain, also where a person's own Emscripten is used.
clang_available() {
  [ -f "$keyring" ] && [ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] || return 1
  prepare_toolchain
}

# Golden digests of clang's optimised program.
test_clang() {
  prepare_all
  clang_available || die "clang 19 is set up on Debian with amd64 only"
  build clang -DLAB_WERROR=ON -- logit-lab
  golden "clang" build/clang/logit-lab
}

# Golden digests on an emulated ARM64 processor.
test_arm64() {
  local missing=
  command -v aarch64-linux-gnu-g++ >/dev/null || missing="g++-aarch64-linux-gnu"
  command -v qemu-aarch64-static >/dev/null || missing+=" qemu-user-static"
  prepare_all
  if [ -n "$missing" ]; then
    [ "$(id -u)" -eq 0 ] || die "missing; install with: sudo apt-get install $missing"
    # shellcheck disable=SC2086
    step "ARM64 compiler and emulator" install_packages $missing
  fi
  build arm64 -DLAB_WERROR=ON -- logit-lab
  golden "ARM64" qemu-aarch64-static build/arm64/logit-lab --workers 1
}

run_tests() {
  case ${1:-} in
    '') test_all ;;
    --arm64) test_arm64 ;;
    --clang) test_clang ;;
    *)
      say "lab: test takes no '$1'; it takes nothing, --arm64 or --clang"
      exit 2
      ;;
  esac
  echo "$passed passed, $failed failed$([ $skipped -eq 0 ] || echo ", $skipped skipped")"
  [ $failed -eq 0 ]
}
