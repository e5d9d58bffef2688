# Libraries. Each is looked for first (in the cache folder that `./lab setup` fills, then wherever
# find_package looks: vcpkg, brew, the system); what is missing is fetched from its own release, pinned
# by hash.
include(FetchContent)
include(${CMAKE_CURRENT_LIST_DIR}/cache.cmake)
list(PREPEND CMAKE_PREFIX_PATH ${LAB_CACHE}/libraries/usr)
set(FETCHCONTENT_QUIET ON)
if(POLICY CMP0135)
  cmake_policy(SET CMP0135 NEW)  # what is unpacked is dated now, so that a new archive is rebuilt
endif()

set(DOCTEST_WITH_TESTS OFF)
set(DOCTEST_NO_INSTALL ON)
set(JSON_BuildTests OFF)

FetchContent_Declare(xtl SYSTEM
  URL https://github.com/xtensor-stack/xtl/archive/refs/tags/0.7.7.tar.gz
  URL_HASH SHA256=44fb99fbf5e56af5c43619fc8c29aa58e5fad18f3ba6e7d9c55c111b62df1fbb
  FIND_PACKAGE_ARGS 0.7.5...<0.8)
FetchContent_Declare(xtensor SYSTEM
  URL https://github.com/xtensor-stack/xtensor/archive/refs/tags/0.25.0.tar.gz
  URL_HASH SHA256=32d5d9fd23998c57e746c375a544edf544b74f0a18ad6bc3c38cbba968d5e6c7
  FIND_PACKAGE_ARGS 0.25...<0.26)
FetchContent_Declare(xsimd SYSTEM
  URL https://github.com/xtensor-stack/xsimd/archive/refs/tags/13.2.0.tar.gz
  URL_HASH SHA256=edd8cd3d548c185adc70321c53c36df41abe64c1fe2c67bc6d93c3ecda82447a
  FIND_PACKAGE_ARGS 13...<14)
FetchContent_Declare(nlohmann_json SYSTEM
  URL https://github.com/nlohmann/json/archive/refs/tags/v3.11.3.tar.gz
  URL_HASH SHA256=0d8ef5af7f9794e3263480193c491549b2ba6cc74bb018906202ada498a79406
  FIND_PACKAGE_ARGS 3.11)
FetchContent_Declare(FastFloat SYSTEM
  URL https://github.com/fastfloat/fast_float/archive/refs/tags/v8.0.0.tar.gz
  URL_HASH SHA256=f312f2dc34c61e665f4b132c0307d6f70ad9420185fa831911bc24408acf625d
  FIND_PACKAGE_ARGS 8)
FetchContent_MakeAvailable(xtl xtensor xsimd nlohmann_json FastFloat)

if(LAB_TESTS)
  FetchContent_Declare(doctest SYSTEM
    URL https://github.com/doctest/doctest/archive/refs/tags/v2.4.11.tar.gz
    URL_HASH SHA256=632ed2c05a7f53fa961381497bf8069093f0d6628c5f26286161fbd32a560186
    FIND_PACKAGE_ARGS 2.4.9)
  FetchContent_MakeAvailable(doctest)
endif()

# zlib is compiled from its source on every target, never taken from the system, so that compressed
# files have the same bytes everywhere. Its own build writes into its source folder; the handful of
# files that we use needs none of that.
if(NOT FETCHCONTENT_SOURCE_DIR_ZLIB AND EXISTS ${LAB_CACHE}/libraries/src/zlib/zlib.h)
  set(FETCHCONTENT_SOURCE_DIR_ZLIB ${LAB_CACHE}/libraries/src/zlib)
endif()
FetchContent_Declare(zlib
  URL https://github.com/madler/zlib/releases/download/v1.3.1/zlib-1.3.1.tar.gz
  URL_HASH SHA256=9a93b2b7dfdac77ceba5a558a580e74667dd6fede4585b91eefb60f03b72df23
  SOURCE_SUBDIR no-build-of-its-own)
FetchContent_MakeAvailable(zlib)
add_library(lab_zlib STATIC)
foreach(file adler32 compress crc32 deflate infback inffast inflate inftrees trees uncompr zutil)
  target_sources(lab_zlib PRIVATE ${zlib_SOURCE_DIR}/${file}.c)
endforeach()
target_compile_options(lab_zlib PRIVATE -w $<$<BOOL:${EMSCRIPTEN}>:-Oz>)
target_include_directories(lab_zlib SYSTEM PUBLIC ${zlib_SOURCE_DIR})
add_library(ZLIB::ZLIB ALIAS lab_zlib)

find_package(Threads REQUIRED)

include(gui_libraries)
