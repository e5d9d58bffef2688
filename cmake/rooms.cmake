# Rooms: each folder src/<room> is one library lab_<room> with an include directory of its own that
# holds nothing but that room. `#include "data/csv.h"` therefore compiles only in a room that links
# data: a wrong direction is a missing file, not a matter of discipline. (`../` in an include would get
# around it; tests/house rejects that.)

# Most of a file's compile time is reading the same headers again. clang compiles them once for each
# target; g++ 12 then warns of what is right in them. (So a native build also shows that sources include
# what they use.)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  set(pch ON)
endif()
option(LAB_PCH "Precompile the headers that everybody includes" ${pch})
set(lab_common_headers <algorithm> <array> <cmath> <cstdint> <functional> <map> <memory> <optional>
  <span> <string> <string_view> <variant> <vector> <nlohmann/json.hpp>)

# lab_precompile(<target> <more headers, before the others>...)
function(lab_precompile target)
  if(LAB_PCH)
    target_precompile_headers(${target} PRIVATE ${ARGN} ${lab_common_headers})
  endif()
endfunction()

# lab_room(<name> [STRICT] [OWN_FLAGS] [SMALL] [FAMILIES <files...>] LINKS <rooms...> LIBS <library targets...>)
# STRICT: the room computes results, so the poison header (core/poison.h) is included before
# everything else and the functions that differ between systems do not compile.
# SMALL: what takes long is elsewhere (in compute and method), and a page has to wait for its code:
# short code in WebAssembly, and with sanitizers code that is soon compiled.
# OWN_FLAGS: some of its files have flags of their own, which precompiled headers do not agree with.
# FAMILIES: its folders hold what only experiments need, one by one; they and these files are a library
# lab_<name>_families, which uses the room and is not used by it.
function(lab_room name)
  set_property(GLOBAL APPEND PROPERTY LAB_ROOMS ${name})
  cmake_parse_arguments(ROOM "STRICT;OWN_FLAGS;SMALL" "" "FAMILIES;LINKS;LIBS" ${ARGN})
  set(source_dir ${CMAKE_SOURCE_DIR}/src/${name})
  set(include_dir ${CMAKE_BINARY_DIR}/rooms/${name})
  file(MAKE_DIRECTORY ${include_dir})
  file(CREATE_LINK ${source_dir} ${include_dir}/${name} SYMBOLIC)

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${source_dir}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/src/app/main/")
  set(families)
  if(FAMILIES IN_LIST ARGN)
    file(GLOB_RECURSE families CONFIGURE_DEPENDS ${source_dir}/*/*.cpp)
    list(TRANSFORM ROOM_FAMILIES PREPEND ${source_dir}/)
    list(APPEND families ${ROOM_FAMILIES})
    list(REMOVE_ITEM sources ${families})
  endif()
  if(sources)
    lab_room_library(lab_${name} ${sources})
    set(scope PUBLIC)
  else()  # headers only
    add_library(lab_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(lab_${name} ${scope} ${include_dir})
  foreach(room IN LISTS ROOM_LINKS)
    target_link_libraries(lab_${name} ${scope} lab_${room})
  endforeach()
  target_link_libraries(lab_${name} ${scope} ${ROOM_LIBS})
  if(families)
    lab_room_library(lab_${name}_families ${families})
    target_link_libraries(lab_${name}_families PUBLIC lab_${name})
    if(EMSCRIPTEN)  # a module of its own, for which everything else of a page is another (programs.cmake)
      target_compile_options(lab_${name}_families PRIVATE -fvisibility=hidden)
    endif()
    foreach(room IN LISTS ROOM_LINKS)
      if(TARGET lab_${room}_families)
        target_link_libraries(lab_${name}_families PUBLIC lab_${room}_families)
      endif()
    endforeach()
  endif()
  # What is particular to a room's sources (flags of single files) stands in the room.
  include(${source_dir}/sources.cmake OPTIONAL)
endfunction()

# Of lab_room alone: a library with the room's flags.
macro(lab_room_library target)
  add_library(${target} STATIC ${ARGN})
  target_link_libraries(${target} PRIVATE lab_flags)
  set(poison ${CMAKE_SOURCE_DIR}/src/core/poison.h)
  if(ROOM_SMALL)
    if(EMSCRIPTEN)
      target_compile_options(${target} PRIVATE -Oz)
    elseif(LAB_SANITIZE)  # the compiler takes long to optimise what checks every access
      target_compile_options(${target} PRIVATE -O0)
    endif()
  endif()
  if(LAB_DIGESTS AND NOT ROOM_STRICT)
    target_compile_options(${target} PRIVATE -O1)
  endif()
  if(LAB_MARCH_NATIVE AND ROOM_STRICT)
    target_compile_options(${target} PRIVATE -march=native)
  endif()
  if(LAB_FUZZ AND name MATCHES "^(core|data)$")  # where the fuzzer looks for new ways
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  if(ROOM_STRICT AND (ROOM_OWN_FLAGS OR NOT LAB_PCH))
    target_compile_options(${target} PRIVATE -include ${poison})
  elseif(ROOM_STRICT)
    lab_precompile(${target} ${poison})
  else()
    lab_precompile(${target})
  endif()
endmacro()
