# Programs: what an executable needs besides its sources, natively and in WebAssembly.

# lab_node_program(<target> <path of the launcher>)
# Makes an Emscripten target run under Node like a native program: `node <launcher> arguments...`,
# with the real file system, standard streams, environment and exit status. The module that the linker
# writes lies beside the launcher.
function(lab_node_program target launcher)
  cmake_path(GET launcher PARENT_PATH folder)
  cmake_path(GET launcher STEM name)
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${folder} OUTPUT_NAME ${name}.module SUFFIX .mjs)
  target_link_options(${target} PRIVATE
    -sENVIRONMENT=node -sNODERAWFS -sMODULARIZE -sEXPORT_ES6 -sEXIT_RUNTIME -sWASM_BIGINT
    -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=32MB -sMAXIMUM_MEMORY=4GB -sSTACK_SIZE=2MB
    -sEXPORTED_RUNTIME_METHODS=ENV,FS,callMain
    -sINCOMING_MODULE_JS_API=noInitialRun,thisProgram,preRun,quit)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/web/node-cli.mjs ${launcher})
endfunction()

# lab_web_module(<target> <web or worker>)
# Makes an Emscripten target an ES module <target>.mjs with <target>.wasm beside it, in the site's
# folder: started by calling its default export, without a file system, in a page or in a worker.
function(lab_web_module target environment)
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/site SUFFIX .mjs)
  target_link_options(${target} PRIVATE
    -sENVIRONMENT=${environment} -sMODULARIZE -sEXPORT_ES6 -sFILESYSTEM=0 -sWASM_BIGINT --no-entry
    -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=32MB -sMAXIMUM_MEMORY=2GB -sSTACK_SIZE=2MB
    -sEXPORTED_FUNCTIONS=_malloc,_free
    -sEXPORTED_RUNTIME_METHODS=HEAPU8,stringToNewUTF8,UTF8ToString)
  if(environment STREQUAL web)  # the engine computes; the page only draws
    target_compile_options(${target} PRIVATE -Oz)
    # The optimiser goes over the whole module as long as that makes it smaller.
    target_link_options(${target} PRIVATE -Oz -sBINARYEN_EXTRA_PASSES=--converge)
  endif()
endfunction()

# lab_side_modules(<target>)
# Each experiment of the registry as a module of its own, CMAKE_BINARY_DIR/experiments/<id>.wasm, that
# <target> can link to itself while it runs. The target has, and exports, whatever of the rooms one of
# them needs; code of the families is in each module that uses it.
function(lab_side_modules target)
  set(registry ${CMAKE_SOURCE_DIR}/src/experiment/registry.cpp)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${registry})
  file(READ ${registry} text)
  string(REGEX MATCHALL "ADD\\([a-z0-9_]+\\)" lines "${text}")
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/experiments)
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "ADD\\((.*)\\)" "\\1" name ${line})
    string(REPLACE _ - id ${name})
    set(module ${CMAKE_BINARY_DIR}/experiments/${id}.wasm)
    add_library(module_${name} OBJECT engine_experiment.cpp)
    target_compile_definitions(module_${name} PRIVATE LAB_EXPERIMENT=${name})
    target_compile_options(module_${name} PRIVATE -fvisibility=hidden)
    target_link_libraries(module_${name} PRIVATE lab_experiment lab_flags)
    add_custom_command(OUTPUT ${module}
      COMMAND ${CMAKE_CXX_COMPILER} -O3 -fwasm-exceptions -msimd128 -sSIDE_MODULE=2 -sWASM_BIGINT
        $<TARGET_OBJECTS:module_${name}> $<TARGET_FILE:lab_experiment_families>
        $<TARGET_FILE:lab_method_families> $<TARGET_FILE:lab_model_families>
        $<TARGET_FILE:lab_data_families>
        $<FILTER:$<TARGET_OBJECTS:lab_compute>,INCLUDE,/webgpu/|/cpu_backend|embedded_> -o ${module}
      DEPENDS module_${name} lab_experiment_families lab_method_families lab_model_families
        lab_data_families lab_compute
      COMMENT "Linking module ${id}.wasm" VERBATIM COMMAND_EXPAND_LISTS)
    list(APPEND modules ${module})
  endforeach()
  add_custom_target(side_modules DEPENDS ${modules})
  add_dependencies(${target} side_modules)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${modules})
  target_link_libraries(${target} PRIVATE ${modules})
  # Without the first two it would load all of them at its start, and look for libraries of its own.
  target_link_options(${target} PRIVATE
    -sMAIN_MODULE=2 -sAUTOLOAD_DYLIBS=0 -sAUTO_NATIVE_LIBRARIES=0 -sAUTO_JS_LIBRARIES=0)
endfunction()
