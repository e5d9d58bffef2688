# Checks that the objects of the kernel tables define one function each that others can see: the one that
# hands out the table. -DNM=<nm> -DOBJECTS=<object files>
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND ${NM} -C --defined-only ${object} OUTPUT_VARIABLE symbols
    COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]* [A-TV-Zuvw] [^\n]*" seen "${symbols}")
  list(FILTER seen EXCLUDE REGEX " T lab::cpu::(strict|fast)_[a-z0-9]+\\(\\)")
  list(FILTER seen EXCLUDE REGEX "DW\\.ref\\.__gxx_personality")
  if(seen)
    message(FATAL_ERROR "${object} shares functions with other files:\n${seen}")
  endif()
endforeach()
