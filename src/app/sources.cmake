# The plain loops that kernels are compared with are compiled for speed, as the kernels are.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/app/bench_plain.cpp PROPERTIES COMPILE_OPTIONS "-O3")
