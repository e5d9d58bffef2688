# The kernels' flags: one source, compiled once for each instruction set (src/compute/cpu/kernels_impl.h).
# No -mfma for the strict table: with -ffp-contract=off it would change nothing today, and must not.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT EMSCRIPTEN)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/compute/cpu/strict_avx2.cpp PROPERTIES
    COMPILE_OPTIONS "-mavx2")
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/compute/cpu/fast_avx2.cpp PROPERTIES
    COMPILE_OPTIONS "-mavx2;-mfma;-ffp-contract=fast")
endif()

# A function that two of the tables share, and the linker keeps once, would run on the wrong processor or
# with the wrong rounding.
if(LAB_TESTS AND CMAKE_NM AND NOT EMSCRIPTEN AND NOT LAB_SANITIZE)
  add_test(NAME compute_private_symbols COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM}
    "-DOBJECTS=$<FILTER:$<TARGET_OBJECTS:lab_compute>,INCLUDE,(strict|fast)_[a-z0-9]+\\.cpp>"
    -P ${CMAKE_SOURCE_DIR}/src/compute/private_symbols.cmake)
endif()

# WebGPU: the shaders are part of the program; natively Dawn is loaded when it is asked for, in
# WebAssembly the seam is JavaScript, of which a module gets what it calls.
include(embed)
file(GLOB shaders CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/shaders/*.wgsl)
lab_embed(lab_compute lab::shaders compute/webgpu/shaders.h ${shaders})
if(EMSCRIPTEN)
  # Of a page only the modules of experiments that compute on a device have backends (programs.cmake).
  file(GLOB backends CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/compute/webgpu/*.cpp)
  list(APPEND backends ${CMAKE_SOURCE_DIR}/src/compute/cpu_backend.cpp
    ${CMAKE_CURRENT_BINARY_DIR}/embedded_lab_compute.cpp)
  set_source_files_properties(${backends} PROPERTIES COMPILE_OPTIONS -fvisibility=hidden)
  set(seam ${CMAKE_SOURCE_DIR}/src/compute/webgpu/seam.js)
  target_link_options(lab_compute PUBLIC --js-library=${seam})
  set_target_properties(lab_compute PROPERTIES INTERFACE_LINK_DEPENDS ${seam})
else()
  target_link_libraries(lab_compute PRIVATE ${CMAKE_DL_LIBS})
endif()
