# Flags that every target of ours is built with.
#
# -ffp-contract=off: a fused multiply-add rounds once where the source says twice; with it the same
#   source gives other bits on ARM64 and on -march=native. -fno-trapping-math and -fno-math-errno change
#   no value; without them g++ does not vectorise a select, and calls libm for sqrt.
add_library(lab_flags INTERFACE)
target_compile_options(lab_flags INTERFACE
  -Wall -Wextra -ffp-contract=off -fno-trapping-math -fno-math-errno)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 warns of overlapping copies inside std::string's own operator+ (GCC bug 105651).
  target_compile_options(lab_flags INTERFACE -Wno-restrict)
endif()
if(LAB_WERROR)
  target_compile_options(lab_flags INTERFACE -Werror)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O3 -DNDEBUG")

if(EMSCRIPTEN)
  # -fPIC: the engine of a page links experiments to itself while it runs.
  add_compile_options(-msimd128 -fwasm-exceptions -fPIC)
  add_link_options(-fwasm-exceptions)
endif()
if(LAB_SANITIZE)
  # Assertions stay on: a sanitizer build is where a broken precondition should speak.
  set(CMAKE_CXX_FLAGS_RELEASE "-O1 -g1")
  set(CMAKE_C_FLAGS_RELEASE "-O1 -g1")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    # With a check at every access no loop vectorises, and none needs to.
    target_compile_options(lab_flags INTERFACE -Wno-pass-failed)
    # The libraries' headers are most of what is compiled. AddressSanitizer sees their accesses too.
    add_compile_options(-fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/cmake/sanitizer_ignore.txt)
  endif()
endif()

# ccache, where present, sees paths relative to the source folder: a fresh clone elsewhere hits.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what ccache asks for with precompiled headers; nothing here uses __TIME__.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE_PROGRAM})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
