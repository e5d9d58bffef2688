# The plain loops that kernels are compared with are compiled for speed, as the kernels are; a precompiled
# header of other flags cannot be read with that.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/app/bench_plain.cpp PROPERTIES
  COMPILE_OPTIONS "-O3" SKIP_PRECOMPILE_HEADERS ON)
