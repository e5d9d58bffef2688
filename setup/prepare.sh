# What the build needs and a fresh Debian machine lacks: system packages (by apt, when root), and in
# the cache folder, without root: library headers, zlib's source, data sets, Emscripten and clang 19.
# Everything comes as Debian 13 packages through the machine's own mirror, checked by apt against the
# archive's signing key. A step writes beside its place and moves the result there last, so that an
# interrupted set-up goes on where it was.
# shellcheck shell=bash

suite=trixie
library_packages="libxtensor-dev xtl-dev libxsimd-dev nlohmann-json3-dev doctest-dev
  libfast-float-dev"
data_package=python3-sklearn-lib
# clang, lld, binaryen and Emscripten, what they load, and a system root for clang to build native
# programs against (the sanitizer runtimes of clang 19 need a newer C library than Debian 12 has).
toolchain_packages="emscripten binaryen node-acorn clang-19 lld-19 llvm-19 libclang-common-19-dev
  libclang-cpp19 libllvm19 libclang-rt-19-dev patchelf libffi8 libedit2 libz3-4 zlib1g libzstd1
  libxml2 libtinfo6 libbsd0 liblzma5 libmd0 libc6 libc6-dev linux-libc-dev libcrypt-dev
  libstdc++6 libstdc++-14-dev libgcc-s1 libgcc-14-dev"

# ---- The private apt: the machine's mirror, proxy and keys; its own lists, state and sources --------

private_apt=$cache/apt

apt_private() { "$1" -c "$private_apt/apt.conf" "${@:2}"; }

# The Debian mirror that this machine uses, or the public one.
debian_mirror() {
  local uri
  # shellcheck disable=SC2016
  uri=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -m1 '/debian/\?$' || true)
  printf '%s\n' "${uri:-http://deb.debian.org/debian/}"
}

update_private_apt() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror
  [ -f $keyring ] || { echo "no $keyring: install debian-archive-keyring"; return 1; }
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

# The package lists are fetched once per set-up that needs them.
need_private_apt() {
  [ -n "${private_apt_ready:-}" ] && return
  step "Package lists of Debian $suite" update_private_apt
  private_apt_ready=yes
}

# download_debs FOLDER PACKAGES...: verified .deb files; what is already there and whole is kept.
download_debs() {
  mkdir -p "$1"
  (cd "$1" && apt_private apt-get -qq download "${@:2}")
}

# ---- Library headers and zlib's source ---------------------------------------------------------------

unpack_libraries() {
  local debs=$cache/download/libraries new=$cache/libraries.new deb
  # shellcheck disable=SC2086
  download_debs "$debs" $library_packages
  rm -rf "$new"
  mkdir -p "$new/src/zlib"
  for deb in "$debs"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new" --no-same-owner
  done
  # Two packages look for their headers in /usr, wherever they are unpacked.
  # shellcheck disable=SC2016
  find "$new/usr" -name '*.cmake' -exec sed -i \
    's|^set(_IMPORT_PREFIX "/usr")|get_filename_component(_IMPORT_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)|' {} +
  (cd "$debs" && apt_private apt-get -qq source --download-only --tar-only zlib)
  tar -xf "$debs"/zlib_*.orig.tar.gz -C "$new/src/zlib" --strip-components=1 --no-same-owner
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
    --exclude='*/wasm32-emscripten/pic' --exclude='./usr/share/emscripten/*san_*rt*.a' \
    --exclude='./usr/share/emscripten/*-asan*.a' --exclude='*/libsanitizer*.a' \
    --exclude='*/libwasmfs*.a' --exclude='*/gconv' --exclude='*/libclang_rt.*i386*' \
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
    [ ! -L "$file" ] && [ "$(head -c4 "$file" | tail -c3)" = ELF ] || continue
    "$root/$lib/ld-linux-x86-64.so.2" --library-path "$root/$lib" "$root/usr/bin/patchelf" \
      --set-interpreter "$final/$lib/ld-linux-x86-64.so.2" --force-rpath \
      --set-rpath "$final/usr/lib/llvm-19/lib:$final/$lib" "$file"
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

check_toolchain() {
  "$cache/toolchain/usr/share/emscripten/emcc" --version
  rm -rf "$cache/download/toolchain"
}

prepare_libraries() {
  local key="2 $suite $library_packages"
  is_done "$cache/libraries/.version" "$key" && return
  need_private_apt
  step "Library headers and zlib's source" unpack_libraries
  mark_done "$cache/libraries/.version" "$key"
}

prepare_toolchain() {
  local key="1 $suite $toolchain_packages"
  is_done "$cache/toolchain/.version" "$key" && return
  need_private_apt
  step "Emscripten and clang: download (350 MB)" download_toolchain
  step "Emscripten and clang: unpack" unpack_toolchain
  step "Emscripten and clang: check" check_toolchain
  mark_done "$cache/toolchain/.version" "$key"
}
