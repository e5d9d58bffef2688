# What the build needs and a fresh Debian machine lacks: system packages (by apt, when root), and in
# the cache folder, without root: libraries, data sets, Emscripten and clang 19.
# Everything but Dawn, which npm has and a hash pins, comes as Debian 13 packages through the machine's
# own mirror, checked by apt against the archive's signing key. A step writes beside its place and moves
# the result there last, so that an interrupted set-up goes on where it was.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034  # cache, step_advice: shared with setup/steps.sh

suite=trixie
library_packages="libxtensor-dev xtl-dev libxsimd-dev nlohmann-json3-dev doctest-dev
  libfast-float-dev"
# Libraries that are compiled with our programs, from source.
source_packages="zlib imgui libsdl2"
data_package=python3-sklearn
# clang, lld, binaryen and Emscripten, what they load, and a system root for clang to build native
# programs against (the sanitizer runtimes of clang 19 need a newer C library than Debian 12 has).
toolchain_packages="emscripten binaryen node-acorn clang-19 lld-19 llvm-19 libclang-common-19-dev
  libclang-cpp19 libllvm19 libclang-rt-19-dev patchelf libffi8 libedit2 libz3-4 zlib1g libzstd1
  libxml2 libtinfo6 libbsd0 liblzma5 libmd0 libc6 libc6-dev linux-libc-dev libcrypt-dev
  libstdc++6 libstdc++-14-dev libgcc-s1 libgcc-14-dev"

# ---- System packages --------------------------------------------------------------------------------

# has COMMAND VERSION: is the command there, in this version or a later one?
has() {
  local output
  output=$("$1" --version 2>/dev/null) || return 1
  [[ $output =~ [0-9]+\.[0-9][0-9.]* ]] && version_at_least "${BASH_REMATCH[0]}" "$2"
}

# The Debian packages that provide what is missing here.
missing_packages() {
  has cmake 3.25 || echo cmake
  has ninja 1.10 || echo ninja-build
  has "${CXX:-g++}" 12 || echo g++
  has node 18 || echo nodejs
  has python3 3.8 || echo python3
  command -v xz >/dev/null || echo xz-utils
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq -o APT::Update::Error-Mode=any update
  apt-get -qq install -y --no-install-recommends "$@"
}

prepare_system() {
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  missing=${missing% }
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    die "this is not Debian; install by hand: CMake >= 3.25, Ninja, a C++20 compiler, Node >= 18," \
      "Python >= 3.8, Emscripten >= 3.1.60 (missing, by Debian's names: $missing)"
  elif [ "$(id -u)" -ne 0 ]; then
    die "missing: $missing. Install with: sudo apt-get install --no-install-recommends $missing ccache"
  fi
  # shellcheck disable=SC2086
  step "System packages: $missing" install_packages $missing ccache
  missing=$(missing_packages | tr '\n' ' ')
  [ -z "$missing" ] || die "still missing or too old after apt-get install: $missing"
}

# What only the desktop program needs.
prepare_desktop() {
  command -v sdl2-config >/dev/null && return
  if ! command -v apt-get >/dev/null; then
    die "the desktop program needs SDL 2.0.22 or later with its headers"
  elif [ "$(id -u)" -ne 0 ]; then
    die "the desktop program needs libsdl2-dev; install it with: sudo apt-get install libsdl2-dev"
  fi
  step "SDL2" install_packages libsdl2-dev
}

# The Debian packages that only the tests of the page and the desktop program need and that are
# missing here.
missing_test_packages() {
  command -v sdl2-config >/dev/null || echo libsdl2-dev
  command -v Xvfb >/dev/null || echo xvfb
  # Without a graphics card, Mesa's software draws.
  [ -e "/usr/lib/$(uname -m)-linux-gnu/dri/swrast_dri.so" ] || echo libgl1-mesa-dri
  command -v chromium >/dev/null || echo chromium
  command -v firefox-esr >/dev/null || echo firefox-esr
  command -v npm >/dev/null || echo npm
  # Vulkan's loader; Chromium brings the driver that computes in software.
  [ -e "/usr/lib/$(uname -m)-linux-gnu/libvulkan.so.1" ] || echo libvulkan1
}

# Installs those when root, and ccache, because the tests compile many a file twice; otherwise, and
# elsewhere, the tests that need them are left out.
prepare_tests() {
  local missing
  missing=$(missing_test_packages | tr '\n' ' ')
  command -v ccache >/dev/null || missing+=ccache
  if [ -n "$missing" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086
    step "Programs for the tests: $missing" install_packages $missing
  fi
  prepare_webgpu
}

# What drives a browser, from npm.
prepare_playwright() {
  if [ ! tests/web/node_modules/.package-lock.json -nt tests/web/package-lock.json ]; then
    step "Playwright" npm --prefix tests/web ci --ignore-scripts --no-audit --no-fund
    touch tests/web/node_modules/.package-lock.json
  fi
}

# ---- Programs that ours is compared with ----------------------------------------------------------

peers=$cache/peers
peers_python=
peers_packages="python3-numpy python3-sklearn python3-torch libopenblas0-pthread"

install_peers() {
  mkdir -p "$peers" &&
    cp tests/peers/package.json tests/peers/package-lock.json "$peers" &&
    npm --prefix "$peers" ci --ignore-scripts --no-audit --no-fund
}

# Those of a browser from npm, by a lock file; those of Python from Debian. What cannot be had is left
# out: peers.mjs says so.
prepare_peers() {
  local key python
  key=$(cksum tests/peers/package-lock.json)
  if ! is_done "$peers/.version" "$key"; then
    step "TensorFlow.js, ONNX Runtime Web and jax-js (260 MB)" install_peers
    mark_done "$peers/.version" "$key"
  fi
  if ! /usr/bin/python3 -c 'import sklearn, torch' 2>/dev/null && [ "$(id -u)" -eq 0 ] &&
    command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086
    (step "NumPy, scikit-learn and PyTorch (Debian)" install_packages $peers_packages) || true
  fi
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import numpy' 2>/dev/null; then peers_python=$python; fi
  done
  [ -n "$peers_python" ] || say "  NumPy, scikit-learn and PyTorch are not here (Debian: $peers_packages)"
}

# ---- The private apt: the machine's mirror, proxy and keys; its own lists, state and sources --------

private_apt=$cache/apt
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

apt_private() { "$1" -c "$private_apt/apt.conf" "${@:2}"; }

# The Debian mirror that this machine uses, or the public one.
debian_mirror() {
  local uri
  # shellcheck disable=SC2016
  uri=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -m1 '/debian/\?$' || true)
  printf '%s\n' "${uri:-http://deb.debian.org/debian/}"
}

update_private_apt() {
  local mirror
  mirror=$(debian_mirror)
  mkdir -p "$private_apt"/{lists/partial,archives/partial,empty.d}
  : >"$private_apt/status"
  printf "%s [arch=amd64 signed-by=$keyring] $mirror $suite main\n" deb deb-src \
    >"$private_apt/sources.list"
  cat >"$private_apt/apt.conf" <<CONF
APT::Architecture "amd64"; APT::Architectures { "amd64"; };
Dir::Etc::SourceList "$private_apt/sources.list"; Dir::Etc::SourceParts "$private_apt/empty.d";
Dir::Etc::Preferences "/dev/null"; Dir::Etc::PreferencesParts "$private_apt/empty.d";
Dir::State "$private_apt"; Dir::State::Lists "$private_apt/lists";
Dir::State::Status "$private_apt/status";
Dir::Cache "$private_apt"; Dir::Cache::Archives "$private_apt/archives"; APT::Sandbox::User "";
Acquire::Languages "none"; Acquire::Retries "3"; Acquire::Check-Valid-Until "false";
#clear APT::Update::Pre-Invoke; #clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
  apt_private apt-get -qq -o APT::Update::Error-Mode=any update
  touch "$private_apt/updated"
}

# need_debian WHAT INSTEAD: fetches the package lists once per set-up, or says what to do without.
need_debian() {
  [ -z "${private_apt_ready:-}" ] || return 0
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null || [ ! -f $keyring ]; then
    die "$1 cannot be set up without apt and debian-archive-keyring; instead: $2"
  fi
  [ "$(dpkg --print-architecture)" = amd64 ] || die "$1 is set up on amd64 only; instead: $2"
  need_space 200
  step_advice="is the network there? without it: $2"
  step "Package lists of Debian $suite" update_private_apt
  step_advice=
  private_apt_ready=yes
}

# need_space MEGABYTES: in the cache folder.
need_space() {
  local free
  free=$(($(df -Pk "$cache" | awk 'NR == 2 { print $4 }') / 1024))
  [ "$free" -ge "$1" ] ||
    die "$cache has $free MB free and needs $1 MB; LOGIT_LAB_CACHE names another folder"
}

# download_debs FOLDER PACKAGES...: verified .deb files; what is already there and whole is kept.
download_debs() {
  mkdir -p "$1"
  (cd "$1" && apt_private apt-get -qq download "${@:2}")
}

# ---- Library headers and sources ---------------------------------------------------------------------

unpack_libraries() {
  local debs=$cache/download/libraries new=$cache/libraries.new deb archive name
  # shellcheck disable=SC2086
  download_debs "$debs" $library_packages
  rm -rf "$new"
  mkdir -p "$new/src"
  for deb in "$debs"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new" --no-same-owner
  done
  # Two packages look for their headers in /usr, wherever they are unpacked.
  # shellcheck disable=SC2016
  find "$new/usr" -name '*.cmake' -exec sed -i \
    's|^set(_IMPORT_PREFIX "/usr")|get_filename_component(_IMPORT_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)|' {} +
  # shellcheck disable=SC2086
  (cd "$debs" && apt_private apt-get -qq source --download-only --tar-only $source_packages)
  for archive in "$debs"/*.orig.tar.*; do
    name=${archive##*/}
    name=${name%%_*}
    name=${name#lib}
    mkdir "$new/src/$name"
    tar -xf "$archive" -C "$new/src/$name" --strip-components=1 --no-same-owner \
      --exclude='SDL*/test' --exclude='SDL*/visualtest' --exclude='imgui*/examples'
  done
  rm -rf "$cache/libraries"
  mv "$new" "$cache/libraries"
  rm -rf "$debs"
}

# ---- Emscripten and clang ---------------------------------------------------------------------------

download_toolchain() {
  # shellcheck disable=SC2086
  download_debs "$cache/download/toolchain" $toolchain_packages
}

# Unpacks one package, leaving out what no build of ours uses.
unpack_tool() {
  dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --no-same-owner --keep-directory-symlink \
    --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' \
    --exclude='./usr/share/emscripten/test' --exclude='./usr/share/emscripten/docs' \
    --exclude='*/wasm32-emscripten/lto' --exclude='*/wasm32-emscripten/lto-pic' \
    --exclude='*/wasm32-emscripten/pic/libGL*' --exclude='*/wasm32-emscripten/pic/*-mt*' \
    --exclude='./usr/share/emscripten/*san_*rt*.a' --exclude='./usr/share/emscripten/*-asan*.a' \
    --exclude='*/libsanitizer*.a' --exclude='*/libwasmfs*.a' --exclude='*/gconv' --exclude='*/libclang_rt.*i386*' \
    --exclude='*/libclang_rt.*tsan*' --exclude='*/libclang_rt.*msan*' --exclude='*/libclang_rt.*dfsan*' \
    --exclude='*/libclang_rt.*hwasan*' --exclude='*/libclang_rt.*memprof*' --exclude='*/libclang_rt.*xray*'
}

# Debian 13's programs on this machine: each gets Debian 13's own loader and C library, set with its
# own patchelf. The paths written are the final ones, although the folder is still beside its place.
relocate_toolchain() {
  local root=$1 final=$2 lib=usr/lib/x86_64-linux-gnu file keep
  keep=" clang clang++ clang-19 lld ld.lld wasm-ld llvm-ar llvm-nm llvm-ranlib llvm-objcopy llvm-strip "
  keep+="llvm-cxxfilt llvm-dwarfdump llvm-dwp llvm-objdump llvm-size llvm-symbolizer "
  for file in "$root"/usr/lib/llvm-19/bin/*; do
    case "$keep" in *" ${file##*/} "*) ;; *) rm -f "$file" ;; esac
  done
  for file in "$root"/usr/lib/llvm-19/bin/* "$root"/usr/bin/wasm-*; do
    if [ -L "$file" ] || [ "$(head -c4 "$file" | tail -c3)" != ELF ]; then continue; fi
    "$root/$lib/ld-linux-x86-64.so.2" --library-path "$root/$lib" "$root/usr/bin/patchelf" \
      --set-interpreter "$final/$lib/ld-linux-x86-64.so.2" --force-rpath \
      --set-rpath "$final/usr/lib/llvm-19/lib:$final/$lib" "$file"
  done
  # A library with a search path of its own ignores the program's: what it needs would come from the
  # system, or not at all.
  for file in "$root/$lib"/libLLVM.so.* "$root/$lib"/libclang-cpp.so.*; do
    if [ -L "$file" ]; then continue; fi
    "$root/$lib/ld-linux-x86-64.so.2" --library-path "$root/$lib" "$root/usr/bin/patchelf" \
      --remove-rpath "$file"
  done
}

unpack_toolchain() {
  local new=$cache/toolchain.new final=$cache/toolchain deb
  rm -rf "$new"
  mkdir -p "$new/usr/lib" "$new/usr/lib64"
  ln -s usr/lib "$new/lib"
  ln -s usr/lib64 "$new/lib64"
  for deb in "$cache"/download/toolchain/*.deb; do unpack_tool "$deb" "$new"; done
  relocate_toolchain "$new" "$final"
  # acorn is imported as an ES module: NODE_PATH is ignored, node_modules is not.
  mkdir -p "$new/usr/share/emscripten/node_modules"
  ln -sfn ../../nodejs/acorn "$new/usr/share/emscripten/node_modules/acorn"
  # Emscripten's own folder is where it looks for its settings, so no variable has to be set.
  rm -f "$new/usr/share/emscripten/.emscripten"
  cat >"$new/usr/share/emscripten/.emscripten" <<CONF
LLVM_ROOT = '$final/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '$final/usr'
CACHE = '$final/usr/share/emscripten/cache'
FROZEN_CACHE = True
NODE_JS = '$(command -v node || command -v nodejs)'
CONF
  rm -rf "$final"
  mv "$new" "$final"
}

# A program compiled, linked and run says more than a version.
check_toolchain() {
  local folder=$cache/download/check
  mkdir -p "$folder"
  echo 'int main() { return 0; }' >"$folder/check.cpp"
  "$cache/toolchain/usr/share/emscripten/em++" "$folder/check.cpp" -o "$folder/check.cjs"
  node "$folder/check.cjs"
  rm -rf "$folder"
  rm -rf "$cache/download/toolchain"
}

prepare_libraries() {
  local key="3 $suite $library_packages $source_packages"
  is_done "$cache/libraries/.version" "$key" && return
  need_debian "The libraries" "nothing: CMake fetches the libraries itself (cmake --preset native)"
  step "Library headers and sources" unpack_libraries
  mark_done "$cache/libraries/.version" "$key"
}

# An Emscripten of the person's own, new enough? cmake/emscripten.cmake asks the same.
has_own_emscripten() { has emcc 3.1.60; }

prepare_toolchain() {
  local key="3 $suite $toolchain_packages"
  is_done "$cache/toolchain/.version" "$key" && return
  need_debian "Emscripten" "install Emscripten >= 3.1.60 so that emcc is on PATH"
  need_space 1200
  step "Emscripten and clang: download (330 MB)" download_toolchain
  step "Emscripten and clang: unpack" unpack_toolchain
  step "Emscripten and clang: check" check_toolchain
  mark_done "$cache/toolchain/.version" "$key"
}

# ---- Data sets --------------------------------------------------------------------------------------

# SHA-256 of each prepared file: the same from every version of the package.
data_files="\
fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed  breast_cancer.csv
59ec6636175514a0947514666173eb93dc31c09ea8ec74d41479c9c267f5dec9  diabetes.csv
6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8  digits.csv
f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449  iris.csv
10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede  wine.csv"

# Takes the data sets out of the package (which is not installed): each as one CSV file, diabetes with
# its target as the last column, plus the licence and a list of where everything came from.
unpack_data() {
  local debs=$cache/download/data new=$cache/data.new deb from version hash file comma=
  download_debs "$debs" $data_package
  deb=$(echo "$debs/${data_package}"_*.deb)
  version=$(dpkg-deb --field "$deb" Version)
  rm -rf "$new"
  mkdir -p "$new/unpacked"
  dpkg-deb --extract "$deb" "$new/unpacked"
  from=$new/unpacked/usr/lib/python3/dist-packages/sklearn/datasets/data
  cp "$from/breast_cancer.csv" "$from/iris.csv" "$new"
  cp "$from/wine_data.csv" "$new/wine.csv"
  gunzip -c "$from/digits.csv.gz" >"$new/digits.csv"
  paste -d ' ' <(gunzip -c "$from/diabetes_data_raw.csv.gz") \
    <(gunzip -c "$from/diabetes_target.csv.gz") >"$new/diabetes.csv"
  cp "$new/unpacked/usr/share/doc/$data_package/copyright" "$new/LICENCE.scikit-learn"
  rm -rf "$new/unpacked"
  (cd "$new" && sha256sum --strict --check <<<"$data_files")
  {
    echo '['
    while read -r hash file; do
      printf '%s  {"file": "%s", "package": "%s", "version": "%s", "licence": "BSD-3-Clause", "sha256": "%s"}' \
        "$comma" "$file" $data_package "$version" "$hash"
      comma=$',\n'
    done <<<"$data_files"
    printf '\n]\n'
  } >"$new/sources.json"
  rm -rf "$cache/data"
  mv "$new" "$cache/data"
  rm -rf "$debs"
}

prepare_data() {
  local key="1 $data_files"
  is_done "$cache/data/.version" "$key" && return
  need_debian "The data sets" "put them into \$LOGIT_LAB_DATA ($data_package of Debian has them)"
  step "Data sets: breast cancer, digits, iris, wine, diabetes" unpack_data
  mark_done "$cache/data/.version" "$key"
}

# ---- Dawn: WebGPU outside of a browser ---------------------------------------------------------------

# A build of it, by npm, with the SHA-512 of the package; and the library in it.
dawn_package=bun-webgpu-linux-x64@0.1.7
dawn_sha512=5043fb519744871f68b6f9197338ecb332fc65596b38300d42f825f82f3cfdb3559b10e8162ef0d5f5b31a2d6c6726a48844e39ad143ab6ff108b85b499c63ab
dawn_file=package/libwebgpu_wrapper.so

fetch_dawn() {
  local folder=$cache/download/webgpu new=$cache/webgpu.new
  rm -rf "$folder" "$new"
  mkdir -p "$folder" "$new" &&
    (cd "$folder" && npm pack --silent --fetch-retries=0 --fetch-timeout=60000 $dawn_package) &&
    echo "$dawn_sha512  $(echo "$folder"/*.tgz)" | sha512sum --strict --check &&
    tar -xf "$folder"/*.tgz -C "$folder" --no-same-owner &&
    mv "$folder/$dawn_file" "$new/libwebgpu_dawn.so" &&
    mv "$folder/package/LICENSE" "$new/LICENCE.dawn" &&
    rm -rf "$cache/webgpu" "$folder" &&
    mv "$new" "$cache/webgpu"
}

# What cannot be had is said once, and is no error: everything computes on the processor.
prepare_webgpu() {
  local key="1 $dawn_package" stamp=$cache/webgpu/.version why=
  is_done "$stamp" "$key" && return
  if [ "$(uname -sm)" != "Linux x86_64" ]; then
    why="Dawn is fetched on Linux with x86-64 only"
  elif ! command -v npm >/dev/null; then
    why="npm, which fetches Dawn, is not here"
  elif ! fetch_dawn >"$cache/log/WebGPU.log" 2>&1; then
    why="Dawn could not be fetched, see $cache/log/WebGPU.log"
  else
    say "  WebGPU: Dawn"
    mark_done "$stamp" "$key"
    return
  fi
  is_done "$stamp" "$why" && return
  say "  WebGPU is left out of native programs: $why"
  mkdir -p "$cache/webgpu"
  mark_done "$stamp" "$why"
}

# Everything, in the order in which it is needed. Where nothing is missing it takes no time and says
# nothing. Two set-ups at once would get in each other's way: the second waits.
prepare_all() {
  mkdir -p "$cache/log" || die "cannot write to the cache folder $cache; LOGIT_LAB_CACHE names another"
  if command -v flock >/dev/null; then
    exec 9>"$cache/.lock"
    flock 9
  fi
  prepare_system
  prepare_libraries
  prepare_data
  has_own_emscripten || prepare_toolchain
  prepare_webgpu
  rm -rf "$private_apt" "$cache/download"
  exec 9>&-
}
