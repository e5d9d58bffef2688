# Toolchain file: the clang 19 of the cache folder with the C and C++ libraries that came with it, the
# same on every machine. It serves as the second compiler that must give the same digests, and for the
# fuzz targets. What it builds loads that C library, so the programs run on this machine only.
include(${CMAKE_CURRENT_LIST_DIR}/cache.cmake)

set(lab_root ${LAB_CACHE}/toolchain)
if(NOT EXISTS ${lab_root}/usr/lib/llvm-19/bin/clang++)
  message(FATAL_ERROR "No clang in ${lab_root}: run ./lab setup")
endif()
set(CMAKE_SYSROOT ${lab_root})
set(CMAKE_C_COMPILER ${lab_root}/usr/lib/llvm-19/bin/clang)
set(CMAKE_CXX_COMPILER ${lab_root}/usr/lib/llvm-19/bin/clang++)
set(CMAKE_AR ${lab_root}/usr/lib/llvm-19/bin/llvm-ar)
set(CMAKE_RANLIB ${lab_root}/usr/lib/llvm-19/bin/llvm-ranlib)
set(lab_lib ${lab_root}/usr/lib/x86_64-linux-gnu)
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fuse-ld=lld \
-Wl,--dynamic-linker=${lab_lib}/ld-linux-x86-64.so.2 -Wl,-rpath,${lab_lib}")
