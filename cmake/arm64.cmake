# Toolchain file: ARM64 programs, linked statically so that they run under qemu-user without a system
# root. (Debian: g++-aarch64-linux-gnu and qemu-user-static.)
include(${CMAKE_CURRENT_LIST_DIR}/cache.cmake)

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
list(APPEND CMAKE_FIND_ROOT_PATH ${LAB_CACHE}/libraries)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
