// The functions of WebGL that the page asks for by name (window.cpp, and SDL when it makes the context).
// Emscripten's own answer to that question would put every function that there is into the page.
#include <EGL/egl.h>
#include <GLES3/gl3.h>

#include <algorithm>
#include <string_view>

// The values of the context's state. ImGui asks for them at every frame, to put them back after it
// has drawn; a browser answers some of the questions by waiting until its graphics process has done
// all that was asked of it (60 ms when that draws in software). Nobody else draws into the page's
// context, so there is nothing to put back: the answers are the state of a new context.
void glGetIntegerv(GLenum name, GLint* values) {
  switch (name) {
    case GL_MAJOR_VERSION:
      *values = 3;
      break;
    case GL_ACTIVE_TEXTURE:
      *values = GL_TEXTURE0;
      break;
    case GL_BLEND_EQUATION_RGB:
    case GL_BLEND_EQUATION_ALPHA:
      *values = GL_FUNC_ADD;
      break;
    case GL_BLEND_SRC_RGB:
    case GL_BLEND_SRC_ALPHA:
      *values = GL_ONE;
      break;
    case GL_VIEWPORT:
    case GL_SCISSOR_BOX:
      std::fill_n(values, 4, 0);
      break;
    default:
      *values = 0;  // no object bound, no extension
  }
}

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
