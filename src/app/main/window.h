// The window that the workbench is drawn in, on the desktop and in a page: SDL2 with OpenGL 3.2, or
// WebGL 2, and Dear ImGui.
//
// Lengths are in units of the layout. A screen has so many pixels for one unit (its density), and
// the window system counts in units of its own, which on X11 are pixels.
#pragma once

#include <SDL.h>

#include <functional>
#include <optional>
#include <string>

#include "app/png.h"

namespace lab {

struct WindowOptions {
  std::string title;
  std::optional<SDL_Point> position;  // nothing: where the system likes
  int width = 1280, height = 800;     // in points of the window system
  bool maximised = false;
  float density = 0;  // pixels per unit; 0: what the screen says
};

class Window {
 public:
  // Error (machine): no screen, or no OpenGL on it.
  explicit Window(const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  SDL_Window* handle() const { return window_; }

  // Hands an event to ImGui.
  void process(SDL_Event event);
  // One frame: `draw` is called between ImGui's NewFrame and Render, with the workbench's fonts
  // loaded for the density that the screen has now. What it draws is on the screen afterwards.
  void frame(const std::function<void()>& draw);
  // What the last frame drew. Call it before the program waits for anything: a page's canvas
  // forgets its picture.
  Picture picture() const;
  // Pixels of the picture per unit.
  float density() const { return density_; }
  // In units of the layout.
  void set_size(int width, int height);
  void set_background(float red, float green, float blue);
  // The graphics were lost (a page's GPU was reset) and are there again: makes all of it anew.
  void restore_graphics();

 private:
  void measure();

  SDL_Window* window_ = nullptr;
  SDL_GLContext context_ = nullptr;
  float wanted_density_ = 0;
  float density_ = 0;          // of the fonts that are loaded; 0: none are
  float units_per_point_ = 1;  // units of the layout in one of the window system
  int pixel_width_ = 0, pixel_height_ = 0;
  float background_[3] = {1, 1, 1};
};

}  // namespace lab
