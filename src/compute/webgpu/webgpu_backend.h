// The Backend on a graphics processor, by WebGPU: natively through Dawn, which is looked for at
// $LOGIT_LAB_DAWN, beside the program, in the cache folder and where the system has its libraries;
// in WebAssembly through the browser. That there is no library, no Vulkan or no adapter is no
// error: it is a DeviceFailure with a line that says so, and the CPU's backend is there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
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

class WebGpuBackend final : public Backend {
 public:
  // device: an open one of the seam (compute/webgpu/seam.h), which this closes. Use open_webgpu().
  WebGpuBackend(int device, const GpuOptions& options);
  ~WebGpuBackend() override;

  std::string name() const override;
  const GpuAdapter& adapter() const { return adapter_; }
  bool supports(Op) const override { return true; }
  // Ends the device, as when it is lost: for tests of what follows.
  void lose();
  // Compiles a shader for nothing, as the operations do theirs: for tests of what follows.
  void compile(const std::string& wgsl);

  void write(const Buffer& buffer, std::span<const float> values) override {
    write_bytes(buffer, values.data(), values.size());
  }
  void write(const Buffer& buffer, std::span<const std::uint32_t> values) override {
    write_bytes(buffer, values.data(), values.size());
  }
  using Backend::read;
  void read(const Buffer& buffer, std::size_t count, ReadDone done) override;
  void poll() override;

  void run(const Gemm& op) override;
  void run(const BiasActivation& op) override;
  void run(const SoftmaxRows& op) override;
  void run(const LogSoftmaxRows& op) override;
  void run(const CrossEntropy& op) override;
  void run(const RowReduction& op) override;
  // Throws lab::Error (Kind::machine) where a workgroup has no room for one run's features: 2048
  // fit everywhere.
  void run(const LogisticDescent& op) override;
  void run(const LogitFusion& op) override;
  void run(const DistanceCovariance& op) override;

 private:
  using Shader = std::span<const unsigned char>;
  using Words = std::array<std::uint32_t, 16>;  // of a shader's uniform
  struct Constant {
    const char* name;  // of a shader's override
    double value;
  };

  int allocate(std::size_t size) override;
  void release(int id) noexcept override;
  void write_bytes(const Buffer& buffer, const void* values, std::size_t count);
  void softmax(const Buffer& x, Buffer& y, std::size_t rows, std::size_t cols, bool logarithm);

  // The pipeline of a shader's entry with values for its overrides; made once. `before`: a shader
  // that it stands after.
  int pipeline(Shader shader, const char* entry, const std::vector<Constant>& constants,
               Shader before = {});
  // The same for a shader that stands after workgroup.wgsl, whose workgroups share rows of so many
  // elements.
  int rows_pipeline(std::size_t cols, Shader shader, const char* entry,
                    std::vector<Constant> constants = {});
  void dispatch(int pipeline, const std::vector<int>& buffers, const Words& words, std::size_t x,
                std::size_t y);
  // So many workgroups, and a few more, which the shaders send home.
  void dispatch(int pipeline, const std::vector<int>& buffers, const Words& words,
                std::size_t groups);
  // Memory between two dispatches of one operation.
  int scratch(std::size_t size);

  int device_;
  GpuAdapter adapter_;
  std::size_t threads_;  // of a workgroup, at most
  bool tiled_;           // how matrices are multiplied
  std::map<std::pair<const unsigned char*, std::string>, int> pipelines_;  // by variant
  Buffer scratch_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for answers that come too late
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
