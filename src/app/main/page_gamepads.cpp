// A page has no gamepads: SDL is compiled without them (cmake/gui_libraries.cmake). This is what ImGui's
// host asks all the same.
#include <SDL.h>

extern "C" {

SDL_GameController* SDL_GameControllerOpen(int /*index*/) {
  return nullptr;
}

Uint8 SDL_GameControllerGetButton(SDL_GameController* /*pad*/, SDL_GameControllerButton /*button*/) {
  return 0;
}

Sint16 SDL_GameControllerGetAxis(SDL_GameController* /*pad*/, SDL_GameControllerAxis /*axis*/) {
  return 0;
}

}  // extern "C"
