# Libraries of the window and the page: Dear ImGui and SDL2, as targets
#   lab_imgui       ImGui's core, which draws nothing by itself
#   lab_imgui_host  ImGui on SDL2 and OpenGL (on the web WebGL 2); only with LAB_GUI, and where SDL2
#                   is there or can be compiled
# Both are compiled from source: ImGui everywhere, SDL2 for the web and where the system has none.

# lab_source(<name> <file that must be there>): the cache folder's source, if it is there.
macro(lab_source name file)
  string(TOUPPER ${name} upper)
  if(NOT FETCHCONTENT_SOURCE_DIR_${upper} AND EXISTS ${LAB_CACHE}/libraries/src/${name}/${file})
    set(FETCHCONTENT_SOURCE_DIR_${upper} ${LAB_CACHE}/libraries/src/${name})
  endif()
endmacro()

lab_source(imgui imgui.h)
FetchContent_Declare(imgui
  URL https://github.com/ocornut/imgui/archive/v1.90.1.tar.gz
  URL_HASH SHA256=21dcc985bb2ae8fe48047c86135dbc438d6980a8f2e08babbda5be820592f282
  SOURCE_SUBDIR no-build-of-its-own)
FetchContent_MakeAvailable(imgui)

# A page waits for every byte, and its fonts are ours: without the font that is built into ImGui.
set(imgui_draw ${imgui_SOURCE_DIR}/imgui_draw.cpp)
if(EMSCRIPTEN)
  file(READ ${imgui_draw} text)
  string(FIND "${text}" "static const char proggy_clean_ttf_compressed_data_base85[" begin)
  string(FIND "${text}" "static const char* GetDefaultCompressedFontDataTTFBase85()" end REVERSE)
  if(begin GREATER 0 AND end GREATER begin)
    string(SUBSTRING "${text}" 0 ${begin} head)
    string(SUBSTRING "${text}" ${end} -1 tail)
    set(imgui_draw ${CMAKE_BINARY_DIR}/imgui_draw_without_font.cpp)
    file(WRITE ${imgui_draw}.new
      "${head}static const char proggy_clean_ttf_compressed_data_base85[1] = \"\";\n${tail}")
    configure_file(${imgui_draw}.new ${imgui_draw} COPYONLY)  # with its old date, if it is the same
  endif()
endif()
add_library(lab_imgui STATIC EXCLUDE_FROM_ALL
  ${imgui_SOURCE_DIR}/imgui.cpp ${imgui_draw}
  ${imgui_SOURCE_DIR}/imgui_tables.cpp ${imgui_SOURCE_DIR}/imgui_widgets.cpp
  # Without the demonstration nothing is left of this file but functions that ImGui itself calls.
  ${imgui_SOURCE_DIR}/imgui_demo.cpp ${imgui_SOURCE_DIR}/misc/cpp/imgui_stdlib.cpp)
target_compile_definitions(lab_imgui PUBLIC
  IMGUI_DISABLE_OBSOLETE_FUNCTIONS IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS)
target_compile_options(lab_imgui PRIVATE -w $<$<BOOL:${EMSCRIPTEN}>:-Oz>)
target_include_directories(lab_imgui SYSTEM PUBLIC ${imgui_SOURCE_DIR} ${imgui_SOURCE_DIR}/misc/cpp)

if(NOT LAB_GUI)
  return()
endif()

if(NOT EMSCRIPTEN)
  find_package(SDL2 2.0.22 CONFIG QUIET)
  if(NOT TARGET SDL2::SDL2 AND UNIX AND NOT APPLE)
    find_package(X11 QUIET)
    if(NOT X11_FOUND)
      message(WARNING "Neither SDL2 nor X11's headers are installed (Debian: libsdl2-dev): "
        "the desktop program is left out")
      return()
    endif()
  endif()
endif()
if(NOT TARGET SDL2::SDL2)
  lab_source(sdl2 include/SDL.h)
  FetchContent_Declare(sdl2
    URL https://github.com/libsdl-org/SDL/releases/download/release-2.32.4/SDL2-2.32.4.tar.gz
    URL_HASH SHA256=f15b478253e1ff6dac62257ded225ff4e7d0c5230204ac3450f1144ee806f934
    SOURCE_SUBDIR no-build-of-its-own)
  FetchContent_MakeAvailable(sdl2)
  if(EMSCRIPTEN)
    # Not by SDL's own build: under Emscripten its questions to the compiler take ten minutes. Its
    # headers know the answers already.
    add_library(lab_sdl2 STATIC EXCLUDE_FROM_ALL)
    # Neither joysticks nor sensors: see src/app/main/page_gamepads.cpp.
    foreach(folder . atomic cpuinfo dynapi events file filesystem/emscripten libm loadso/dlopen
        locale locale/emscripten misc misc/emscripten render stdlib thread thread/generic timer
        timer/unix video video/emscripten video/yuv2rgb)
      file(GLOB sources ${sdl2_SOURCE_DIR}/src/${folder}/*.c)
      target_sources(lab_sdl2 PRIVATE ${sources})
    endforeach()
    target_compile_definitions(lab_sdl2 PRIVATE
      SDL_AUDIO_DISABLED=1 SDL_JOYSTICK_DISABLED=1 SDL_SENSOR_DISABLED=1 SDL_RENDER_DISABLED=1
      SDL_POWER_DISABLED=1 SDL_LEAN_AND_MEAN=1)
    target_compile_options(lab_sdl2 PRIVATE -w -Oz)
    target_include_directories(lab_sdl2 SYSTEM PUBLIC ${sdl2_SOURCE_DIR}/include)
    add_library(SDL2::SDL2 ALIAS lab_sdl2)
  else()
    set(SDL_SHARED OFF)
    set(SDL_TEST OFF)
    set(SDL2_DISABLE_INSTALL ON)
    foreach(subsystem AUDIO HAPTIC POWER RENDER)
      set(SDL_${subsystem} OFF)
    endforeach()
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
    add_subdirectory(${sdl2_SOURCE_DIR} ${CMAKE_BINARY_DIR}/sdl2 EXCLUDE_FROM_ALL SYSTEM)
    if(NOT TARGET SDL2::SDL2)
      add_library(SDL2::SDL2 ALIAS SDL2-static)
    endif()
  endif()
endif()

add_library(lab_imgui_host STATIC EXCLUDE_FROM_ALL
  ${imgui_SOURCE_DIR}/backends/imgui_impl_sdl2.cpp
  ${imgui_SOURCE_DIR}/backends/imgui_impl_opengl3.cpp)
target_compile_options(lab_imgui_host PRIVATE -w)
target_include_directories(lab_imgui_host SYSTEM PUBLIC ${imgui_SOURCE_DIR}/backends)
target_link_libraries(lab_imgui_host PUBLIC lab_imgui SDL2::SDL2 PRIVATE ${CMAKE_DL_LIBS})
if(EMSCRIPTEN)
  target_compile_definitions(lab_imgui_host PUBLIC IMGUI_IMPL_OPENGL_ES3)
endif()
