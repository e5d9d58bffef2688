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
    target_link_options(${target} PRIVATE -Oz)
  endif()
endfunction()
