// The functions of WebGL that the page asks for by name (window.cpp, and SDL when it makes the context).
// Emscripten's own answer to that question would put every function that there is into the page.
#include <EGL/egl.h>
#include <GLES3/gl3.h>

#include <string_view>

__eglMustCastToProperFunctionPointerType eglGetProcAddress(const char* name) {
  using Function = __eglMustCastToProperFunctionPointerType;
  struct Entry {
    std::string_view name;
    Function function;
  };
#define LAB_ENTRY(name) {#name, reinterpret_cast<Function>(&name)}
  static const Entry kEntries[] = {
      LAB_ENTRY(glClear),       LAB_ENTRY(glClearColor), LAB_ENTRY(glGetError),
      LAB_ENTRY(glGetIntegerv), LAB_ENTRY(glGetString),  LAB_ENTRY(glGetStringi),
      LAB_ENTRY(glPixelStorei), LAB_ENTRY(glReadPixels), LAB_ENTRY(glViewport),
  };
#undef LAB_ENTRY
  for (const Entry& entry : kEntries)
    if (entry.name == name) return entry.function;
  return nullptr;
}
