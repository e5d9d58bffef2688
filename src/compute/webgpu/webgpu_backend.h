// The Backend on a graphics processor, by WebGPU: natively through Dawn, which is looked for at
// $LOGIT_LAB_DAWN, beside the program, in the cache folder and where the system has its libraries;
// in WebAssembly through the browser. That there is no library, no Vulkan or no adapter is no
// error: it is a DeviceFailure with a line that says so, and the CPU's backend is there.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compute/backend.h"

namespace lab {

// What computes behind WebGPU, and its limits.
struct GpuAdapter {
  std::string name = {};                                    // as people know it: "NVIDIA H100"
  std::string vendor = {}, architecture = {}, driver = {};  // may be empty: browsers tell little
  std::string backend = {};                                 // "Vulkan", "Metal", ...; "browser"
  bool is_software = false;  // a processor plays a graphics processor: right, and slow
  bool has_f16 = false, has_subgroups = false;  // no shader of ours needs them
  std::size_t buffer_bytes = 0;                 // the largest buffer
  std::size_t workgroup_bytes = 0;              // of memory that a workgroup shares
  std::size_t workgroup_threads = 0;            // in one workgroup
  std::size_t workgroup_side = 0;               // threads along one side of a workgroup
  std::size_t workgroups = 0;                   // along one side of a dispatch

  bool operator==(const GpuAdapter&) const = default;
};

struct GpuOptions {
  enum class Preference { fast, frugal, software };
  Preference preference = Preference::fast;
  // The largest buffer that will be needed, in bytes; an adapter that cannot is refused. 0:
  // whatever the adapter can.
  double needed_bytes = 0;
  // How matrices are multiplied: through the memory that a workgroup shares, or in each thread's
  // registers. Left open: the second on software adapters, which it suits better.
  enum class Product { by_adapter, tiled, registers };
  Product product = Product::by_adapter;
};

class WebGpuBackend : public Backend {
 public:
  virtual const GpuAdapter& adapter() const = 0;
  // Ends the device, as when it is lost: for tests of what follows.
  virtual void lose() = 0;
  // Compiles a shader for nothing, as the operations do theirs: for tests of what follows.
  virtual void compile(const std::string& wgsl) = 0;
};

using GpuOpened = std::function<void(std::unique_ptr<WebGpuBackend>, const DeviceFailure*)>;

// Begins to open a device. The answer, a backend or why there is none, comes within poll_webgpu()
// or in a browser by itself.
void open_webgpu(const GpuOptions& options, GpuOpened done);
// Lets answers come, those of open_webgpu() and those of every WebGPU backend.
void poll_webgpu();

// All adapters that can be opened, each once, the one that open_webgpu() prefers first; and where
// there is none, why. Natively the answer is there when this returns.
struct GpuAdapters {
  std::vector<GpuAdapter> all;
  std::string absent;  // one line; empty where `all` is not
};
void find_webgpu_adapters(std::function<void(const GpuAdapters&)> done);

// Where array work is best done, of what was found: on the first adapter that is no software, else
// on the CPU; and why, as a sentence.
struct DeviceChoice {
  bool on_gpu = false;
  std::string reason;
};
DeviceChoice choose_device(const GpuAdapters& found);

}  // namespace lab
