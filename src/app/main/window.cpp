#include "window.h"

#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl2.h>
#ifdef __EMSCRIPTEN__
#include <GLES3/gl3.h>
#else
#include <SDL_opengl.h>
#endif

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>

#include "core/error.h"
#include "ui/workbench.h"

namespace lab {
namespace {

#ifdef __EMSCRIPTEN__
constexpr const char* kShaderVersion = "#version 300 es";
#else
constexpr const char* kShaderVersion = "#version 150";
#endif

// The few functions of OpenGL that we call ourselves, found by SDL so that nothing links OpenGL.
struct Gl {
  decltype(&::glViewport) viewport = find<decltype(&::glViewport)>("glViewport");
  decltype(&::glClearColor) clear_colour = find<decltype(&::glClearColor)>("glClearColor");
  decltype(&::glClear) clear = find<decltype(&::glClear)>("glClear");
  decltype(&::glPixelStorei) pixel_store = find<decltype(&::glPixelStorei)>("glPixelStorei");
  decltype(&::glReadPixels) read_pixels = find<decltype(&::glReadPixels)>("glReadPixels");

  template <class Function>
  static Function find(const char* name) {
    return reinterpret_cast<Function>(SDL_GL_GetProcAddress(name));
  }
};

// Of the one window that a program has; asked for when that is made.
const Gl& gl() {
  static const Gl functions;
  return functions;
}

[[noreturn]] void fail(const char* problem) {
  throw Error(std::string(problem) + " (" + SDL_GetError() + ")", "", "a screen with OpenGL 3.2",
              Error::Kind::machine);
}

// Pixels per unit that the person's settings ask for, in steps of a quarter. Only X11 leaves this
// to programs: elsewhere a window has more pixels than points.
float density_of_display(SDL_Window* window) {
#ifndef __EMSCRIPTEN__
  const char* driver = SDL_GetCurrentVideoDriver();
  float dots_per_inch = 0;
  if (driver != nullptr && std::strcmp(driver, "x11") == 0 &&
      SDL_GetDisplayDPI(SDL_GetWindowDisplayIndex(window), &dots_per_inch, nullptr, nullptr) == 0)
    return std::clamp(std::round(dots_per_inch / 96 * 4) / 4, 1.0f, 4.0f);
#endif
  static_cast<void>(window);
  return 0;
}

}  // namespace

Window::Window(const WindowOptions& options) : wanted_density_(options.density) {
  // A page's keys belong to the page unless its canvas is the active element.
  SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, "#canvas");
  // A desktop that composes its windows shall go on doing so; the first click on a window counts.
  SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
  SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
  SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
  SDL_SetHint(SDL_HINT_APP_NAME, options.title.c_str());
  if (SDL_Init(SDL_INIT_VIDEO | SDL_INIT_TIMER) != 0) fail("there is no screen to draw on");
#ifndef __EMSCRIPTEN__
  // SDL draws for nobody rather than to say that there is no screen, unless it was asked to.
  const std::string_view driver = SDL_GetCurrentVideoDriver();
  if ((driver == "offscreen" || driver == "dummy") && SDL_getenv("SDL_VIDEODRIVER") == nullptr) {
    SDL_Quit();
    throw Error("there is no screen to draw on", "", "a desktop: $DISPLAY or $WAYLAND_DISPLAY",
                Error::Kind::machine);
  }
#endif

  SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
#ifdef __EMSCRIPTEN__
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
#else
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_FLAGS, SDL_GL_CONTEXT_FORWARD_COMPATIBLE_FLAG);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 2);
#endif

  Uint32 flags = SDL_WINDOW_OPENGL | SDL_WINDOW_ALLOW_HIGHDPI;
#ifndef __EMSCRIPTEN__  // the page itself sets the size of its canvas
  flags |= SDL_WINDOW_RESIZABLE;
#endif
  if (options.maximised) flags |= SDL_WINDOW_MAXIMIZED;
  window_ = SDL_CreateWindow(options.title.c_str(), SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                             options.width, options.height, flags);
  if (window_ == nullptr) fail("a window cannot be opened");
  context_ = SDL_GL_CreateContext(window_);
  // The place that SDL tells is set in this way only: at its making a window is put with its frame.
  if (options.position && !options.maximised)
    SDL_SetWindowPosition(window_, options.position->x, options.position->y);
  if (context_ == nullptr) fail("the window cannot be drawn on");
  SDL_GL_MakeCurrent(window_, context_);
#ifndef __EMSCRIPTEN__
  SDL_GL_SetSwapInterval(1);
  SDL_SetWindowMinimumSize(window_, 480, 320);
#endif

  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // what is kept is kept in the link
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  ImGui_ImplSDL2_InitForOpenGL(window_, context_);
  ImGui_ImplOpenGL3_Init(kShaderVersion);
  measure();
}

Window::~Window() {
  if (ImGui::GetCurrentContext() != nullptr) {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplSDL2_Shutdown();
    ImGui::DestroyContext();
  }
  SDL_GL_DeleteContext(context_);
  SDL_DestroyWindow(window_);
  SDL_Quit();
}

void Window::process(SDL_Event event) {
  if (event.type == SDL_MOUSEMOTION) {
    event.motion.x = static_cast<int>(static_cast<float>(event.motion.x) * units_per_point_);
    event.motion.y = static_cast<int>(static_cast<float>(event.motion.y) * units_per_point_);
  }
  ImGui_ImplSDL2_ProcessEvent(&event);
}

void Window::measure() {
  int width = 0, height = 0;
  SDL_GetWindowSize(window_, &width, &height);
  SDL_GL_GetDrawableSize(window_, &pixel_width_, &pixel_height_);
  const float pixels_per_point =
      width > 0 ? static_cast<float>(pixel_width_) / static_cast<float>(width) : 1;
  float density = wanted_density_ > 0 ? wanted_density_ : density_of_display(window_);
  if (density <= 0) density = pixels_per_point;
  units_per_point_ = pixels_per_point / density;
  if (density == density_) return;
  density_ = density;
  add_fonts(density_);
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
}

void Window::frame(const std::function<void()>& draw) {
  measure();
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(pixel_width_) / density_,
                    static_cast<float>(pixel_height_) / density_};
  io.DisplayFramebufferScale = {density_, density_};
  if (units_per_point_ != 1 && SDL_GetMouseFocus() == window_) {
    // ImGui's SDL2 part has just told the mouse's place in points: this takes its place.
    int x = 0, y = 0;
    SDL_GetMouseState(&x, &y);
    io.AddMousePosEvent(static_cast<float>(x) * units_per_point_,
                        static_cast<float>(y) * units_per_point_);
  }
  ImGui::NewFrame();
  draw();
  ImGui::Render();
  gl().viewport(0, 0, pixel_width_, pixel_height_);
  gl().clear_colour(background_[0], background_[1], background_[2], 1);
  gl().clear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  SDL_GL_SwapWindow(window_);
}

Picture Window::picture() const {
  Picture upside_down;
  upside_down.width = static_cast<std::size_t>(std::max(1, pixel_width_));
  upside_down.height = static_cast<std::size_t>(std::max(1, pixel_height_));
  upside_down.rgba.resize(4 * upside_down.width * upside_down.height);
  gl().pixel_store(GL_PACK_ALIGNMENT, 1);
#ifndef __EMSCRIPTEN__
  // What the last frame drew was swapped to the front, where nothing says that it stays whole:
  // draws it once more.
  gl().clear(GL_COLOR_BUFFER_BIT);
  if (ImDrawData* data = ImGui::GetDrawData()) ImGui_ImplOpenGL3_RenderDrawData(data);
#endif
  gl().read_pixels(0, 0, pixel_width_, pixel_height_, GL_RGBA, GL_UNSIGNED_BYTE,
                   upside_down.rgba.data());
  Picture picture{.width = upside_down.width, .height = upside_down.height, .rgba = {}};
  picture.rgba.reserve(upside_down.rgba.size());
  const auto row_bytes = static_cast<std::ptrdiff_t>(4 * picture.width);
  for (std::size_t row = picture.height; row-- > 0;) {
    const auto begin = upside_down.rgba.begin() + static_cast<std::ptrdiff_t>(row) * row_bytes;
    picture.rgba.insert(picture.rgba.end(), begin, begin + row_bytes);
  }
  return picture;
}

void Window::set_size(int width, int height) {
  const auto points = [this](int units) {
    return static_cast<int>(std::lround(static_cast<float>(units) / units_per_point_));
  };
  SDL_SetWindowSize(window_, points(width), points(height));
}

void Window::set_background(float red, float green, float blue) {
  background_[0] = red;
  background_[1] = green;
  background_[2] = blue;
}

void Window::restore_graphics() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplOpenGL3_Init(kShaderVersion);
  density_ = 0;
  measure();
}

}  // namespace lab
