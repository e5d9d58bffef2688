// All that stands between Logit Lab and a WebGPU implementation: a dozen functions, plain enough
// that JavaScript can be on the other side. Natively they are in native.cpp, which loads Dawn at
// run time; in WebAssembly in seam.js, over navigator.gpu, in a page or in a Worker.
//
// Devices, buffers and pipelines are numbers above 0. Whatever is done with a device that is lost,
// or with what it refused to make, does nothing, and the next read says what was wrong. All calls
// come from one thread, and callbacks come on it: natively within lab_gpu_poll, in JavaScript
// between two calls into the module.
#pragma once

#include <cstdint>

namespace lab {

inline constexpr int kUniformWords = 16;

extern "C" {

// The status of an answer; with a text, which lives as long as the call.
enum lab_gpu_status {
  LAB_GPU_DONE = 0,
  LAB_GPU_ABSENT = 1,   // nothing to compute with
  LAB_GPU_REFUSED = 2,  // an adapter, but no device
  LAB_GPU_LOST = 3,
  LAB_GPU_OUT_OF_MEMORY = 4,
  LAB_GPU_INVALID = 5,
};
typedef void (*lab_gpu_answer)(void* user, int status, const char* text);

enum lab_gpu_preference {
  LAB_GPU_FAST = 0,
  LAB_GPU_FRUGAL = 1,
  LAB_GPU_SOFTWARE = 2,  // a fallback adapter, if there is one
};

// What a device is, once it is open. JavaScript writes it: see describe in seam.js.
struct lab_gpu_description {
  double buffer_bytes;     // the largest buffer that a shader can read whole
  double workgroup_bytes;  // of a workgroup's own memory
  std::uint32_t workgroup_threads, workgroup_side;  // at most, in all and along one side
  std::uint32_t workgroups;                         // along one side of a dispatch
  std::uint32_t is_software, has_f16, has_subgroups;
  char vendor[64], architecture[64], device[128], driver[128];
  char backend[32];  // "Vulkan", "Metal", ...; "browser" where that is not told
};

struct lab_gpu_constant {
  const char* name;  // of an override in the shader
  double value;
};

// Begins to open a device and returns its number; it is to be used once the answer is DONE.
// needed_bytes: the largest buffer that it must be able to bind; 0: as large as the adapter can.
int lab_gpu_open(int preference, double needed_bytes, lab_gpu_answer answer, void* user);
void lab_gpu_describe(int device, struct lab_gpu_description* description);
// Ends the device and frees all that is on it; answers that are still to come come as LOST.
void lab_gpu_close(int device);
// Ends the device as if it had been lost; it still has to be closed.
void lab_gpu_lose(int device);

// A storage buffer of zeros; bytes: a multiple of 4, above 0.
int lab_gpu_buffer(int device, double bytes);
void lab_gpu_free(int device, int buffer);
// The first bytes of a buffer, a multiple of 4. They may go when this returns.
void lab_gpu_write(int device, int buffer, const void* bytes, double count);
int lab_gpu_pipeline(int device, const char* wgsl, const char* entry,
                     const struct lab_gpu_constant* constants, int constant_count);
// Binding 0 is a uniform of 16 words, `words`; binding i a buffer, buffers[i - 1].
void lab_gpu_dispatch(int device, int pipeline, const int* buffers, int buffer_count,
                      const std::uint32_t* words, int x, int y);
// Sends off what was dispatched; read, write and free do so too.
void lab_gpu_submit(int device);
// Copies the first bytes (a multiple of 4) to `into`, after all that was dispatched before. The
// answer is not DONE if anything went wrong on the device since the read before. count may be 0.
void lab_gpu_read(int device, int buffer, double count, void* into, lab_gpu_answer answer,
                  void* user);
void lab_gpu_poll(void);

}  // extern "C"

}  // namespace lab
