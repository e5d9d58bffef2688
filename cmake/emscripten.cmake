# Toolchain file for WebAssembly: an emcc >= 3.1.60 on PATH is used as it is, else the one that
# `./lab setup` put into the cache folder.
include(${CMAKE_CURRENT_LIST_DIR}/cache.cmake)

set(lab_emscripten_root)
find_program(LAB_EM_CONFIG em-config)
if(LAB_EM_CONFIG)
  execute_process(COMMAND ${LAB_EM_CONFIG} EMSCRIPTEN_ROOT
    OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(version 0)
  if(EXISTS ${root}/emscripten-version.txt)
    file(STRINGS ${root}/emscripten-version.txt version LIMIT_COUNT 1)
    string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" version "${version}")
  endif()
  if(version VERSION_GREATER_EQUAL 3.1.60)
    set(lab_emscripten_root ${root})
  endif()
endif()
if(NOT lab_emscripten_root)
  set(lab_emscripten_root ${LAB_CACHE}/toolchain/usr/share/emscripten)
endif()
set(lab_emscripten_file ${lab_emscripten_root}/cmake/Modules/Platform/Emscripten.cmake)
if(NOT EXISTS ${lab_emscripten_file})
  message(FATAL_ERROR "No Emscripten >= 3.1.60 on PATH and none in ${LAB_CACHE}: run ./lab setup")
endif()
include(${lab_emscripten_file})

# The libraries are headers only, and live outside Emscripten's own system root.
list(APPEND CMAKE_FIND_ROOT_PATH ${LAB_CACHE}/libraries)
