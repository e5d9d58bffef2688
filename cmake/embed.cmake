# Files inside programs: their bytes as constants.

# lab_embed(<target> <namespace> <header> <files...>)
# Adds to the target a source that defines, for each file, what the header declares:
#   namespace <namespace> { extern const std::span<const unsigned char> <file name without ending>; }
function(lab_embed target namespace header)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${target}.cpp)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D "files=${ARGN}" -D namespace=${namespace} -D header=${header}
      -D output=${output} -P ${CMAKE_SOURCE_DIR}/cmake/embed_bytes.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/embed_bytes.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
