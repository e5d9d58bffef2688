#include "compute/webgpu/webgpu_backend.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <chrono>
#include <map>
#include <thread>
#include <utility>

#include "compute/webgpu/seam.h"
#include "compute/webgpu/shaders.h"

namespace lab {

namespace {

constexpr std::size_t kMostThreads = 256;
// Threads that share a row, and how many elements each should have of it at least. Where threads
// are played by a processor, each time that they wait for one another costs more than it brings.
constexpr std::size_t kLeastThreads = 32, kElementsOfThread = 4, kSlowThreads = 4;
// Threads that descend side by side: each takes its columns of the workgroup's memory.
constexpr std::size_t kMostDescents = 64;
// Elements that one workgroup reduces, where there are few rows to share among workgroups.
constexpr std::size_t kPart = 4096;
constexpr std::size_t kMostParts = 1024;
// From so many elements of C on, larger tiles still leave enough work for every core of an adapter.
constexpr std::size_t kLargeProduct = std::size_t{1} << 20;
// Multiplications in one dispatch: systems reset an adapter that does not answer for seconds.
constexpr double kWorkOfDispatch = 1e10, kWorkOfSlowDispatch = 2e8;

std::uint32_t word(std::size_t value) {
  assert(value <= UINT32_MAX);
  return static_cast<std::uint32_t>(value);
}

std::size_t divided_up(std::size_t n, std::size_t by) {
  return (n + by - 1) / by;
}

// One line of what a driver says, for a person.
std::string first_line(std::string_view text) {
  constexpr std::size_t kLongest = 300;
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with(":") && line.size() < text.size()) {
    // "Error while parsing WGSL:" says less than what comes next.
    const std::string_view rest = text.substr(line.size() + 1);
    line = text.substr(0, line.size() + 1 + std::min(rest.find('\n'), rest.size()));
  }
  std::string result(line.substr(0, kLongest));
  std::replace(result.begin(), result.end(), '\n', ' ');
  while (!result.empty() && std::string_view(" .:").find(result.back()) != std::string_view::npos)
    result.pop_back();
  return result;
}

DeviceFailure failure_of(int status, const char* text) {
  using enum DeviceFailure::Reason;
  const std::string line = first_line(text);
  switch (status) {
    case LAB_GPU_ABSENT:
      return {absent, line};
    case LAB_GPU_REFUSED:
      return {refused, line};
    case LAB_GPU_LOST:
      return {lost, line.empty() ? "the device was lost" : line};
    case LAB_GPU_OUT_OF_MEMORY:
      return {out_of_memory, "the device has no memory left: " + line};
    default:
      return {invalid, "the device rejects what it was told: " + line};
  }
}

std::string name_of(const lab_gpu_description& description) {
  const std::string device = description.device, vendor = description.vendor,
                    architecture = description.architecture;
  if (!device.empty()) return device;
  if (vendor.empty()) return "an adapter without a name";
  return architecture.empty() ? vendor : vendor + " " + architecture;
}

GpuAdapter adapter_of(int device) {
  lab_gpu_description description{};
  lab_gpu_describe(device, &description);
  GpuAdapter adapter{.name = name_of(description),
                     .vendor = description.vendor,
                     .architecture = description.architecture,
                     .driver = description.driver,
                     .backend = description.backend};
  adapter.is_software = description.is_software != 0;
  adapter.has_f16 = description.has_f16 != 0;
  adapter.has_subgroups = description.has_subgroups != 0;
  // Sizes are counted in 32 bits by our shaders, and in the memory of a module.
  adapter.buffer_bytes = static_cast<std::size_t>(
      std::min(description.buffer_bytes, static_cast<double>(UINT32_MAX - 3)));
  adapter.workgroup_bytes = static_cast<std::size_t>(description.workgroup_bytes);
  adapter.workgroup_threads = description.workgroup_threads;
  adapter.workgroup_side = description.workgroup_side;
  adapter.workgroups = description.workgroups;
  return adapter;
}

}  // namespace

WebGpuBackend::WebGpuBackend(int device, const GpuOptions& options)
    : device_(device),
      adapter_(adapter_of(device)),
      threads_(std::bit_floor(
          std::min({kMostThreads, adapter_.workgroup_threads, adapter_.workgroup_side}))),
      tiled_(options.product == GpuOptions::Product::by_adapter
                 ? !adapter_.is_software
                 : options.product == GpuOptions::Product::tiled) {}

WebGpuBackend::~WebGpuBackend() {
  scratch_ = Buffer();
  lab_gpu_close(device_);
}

std::string WebGpuBackend::name() const {
  return "WebGPU (" + adapter_.name + ", " + adapter_.backend + ")";
}

void WebGpuBackend::lose() {
  lab_gpu_lose(device_);
}

void WebGpuBackend::compile(const std::string& wgsl) {
  lab_gpu_pipeline(device_, wgsl.c_str(), "main", nullptr, 0);
}

void WebGpuBackend::poll() {
  lab_gpu_poll();
}

void WebGpuBackend::release(int id) noexcept {
  lab_gpu_free(device_, id);
}

void WebGpuBackend::write_bytes(const Buffer& buffer, const void* values, std::size_t count) {
  assert(buffer.backend() == this && count <= buffer.size());
  lab_gpu_write(device_, buffer.id(), values, 4.0 * static_cast<double>(count));
}

int WebGpuBackend::rows_pipeline(std::size_t cols, Shader shader, const char* entry,
                                 std::vector<Constant> constants) {
  const std::size_t wanted = std::bit_ceil(divided_up(cols, kElementsOfThread));
  const std::size_t threads =
      adapter_.is_software ? kSlowThreads : std::min(threads_, std::max(wanted, kLeastThreads));
  constants.push_back({"kThreads", static_cast<double>(threads)});
  return pipeline(shader, entry, constants, shaders::workgroup);
}

void WebGpuBackend::dispatch(int pipeline, const std::vector<int>& buffers, const Words& words,
                             std::size_t x, std::size_t y) {
  static_assert(std::tuple_size_v<Words> == kUniformWords);
  if (x == 0 || y == 0) return;
  assert(x <= adapter_.workgroups && y <= adapter_.workgroups);
  lab_gpu_dispatch(device_, pipeline, buffers.data(), static_cast<int>(buffers.size()),
                   words.data(), static_cast<int>(x), static_cast<int>(y));
}

void WebGpuBackend::dispatch(int pipeline, const std::vector<int>& buffers, const Words& words,
                             std::size_t groups) {
  const std::size_t x = std::min(groups, adapter_.workgroups);
  dispatch(pipeline, buffers, words, x, x == 0 ? 0 : divided_up(groups, x));
}

int WebGpuBackend::allocate(std::size_t size) {
  if (size > adapter_.buffer_bytes / 4) {
    throw Error("a buffer of " + std::to_string(size / (1u << 18)) + " MB is more than " +
                    adapter_.name + " allows",
                "WebGPU", "at most " + std::to_string(adapter_.buffer_bytes >> 20) + " MB",
                Error::Kind::machine);
  }
  return lab_gpu_buffer(device_, 4.0 * static_cast<double>(std::max<std::size_t>(size, 1)));
}

namespace {

struct PendingRead {
  std::weak_ptr<bool> backend;
  Backend::ReadDone done;
  std::vector<float> values;
};

}  // namespace

void WebGpuBackend::read(const Buffer& buffer, std::size_t count, ReadDone done) {
  assert(buffer.backend() == this && count <= buffer.size());
  auto* const pending = new PendingRead{alive_, std::move(done), std::vector<float>(count)};
  lab_gpu_read(
      device_, buffer.id(), 4.0 * static_cast<double>(count), pending->values.data(),
      [](void* user, int status, const char* text) {
        const std::unique_ptr<PendingRead> read(static_cast<PendingRead*>(user));
        if (read->backend.expired()) return;
        if (status == LAB_GPU_DONE) {
          read->done(read->values, nullptr);
        } else {
          const DeviceFailure failure = failure_of(status, text);
          read->done({}, &failure);
        }
      },
      pending);
}

int WebGpuBackend::pipeline(Shader shader, const char* entry,
                            const std::vector<Constant>& constants, Shader before) {
  std::string variant = entry;
  std::vector<lab_gpu_constant> values;
  for (const auto& [name, value] : constants) {
    variant += ' ' + std::to_string(static_cast<long>(value));
    values.push_back({name, value});
  }
  const auto [place, is_new] = pipelines_.try_emplace({shader.data(), std::move(variant)});
  if (is_new) {
    const std::string code =
        std::string(shaders::text(before)) + std::string(shaders::text(shader));
    place->second = lab_gpu_pipeline(device_, code.c_str(), entry, values.data(),
                                     static_cast<int>(values.size()));
  }
  return place->second;
}

int WebGpuBackend::scratch(std::size_t size) {
  if (scratch_.size() < size) scratch_ = buffer(size);
  return scratch_.id();
}

void WebGpuBackend::run(const Gemm& op) {
  assert(fits(*this, op));
  const std::vector<int> buffers = {op.a.id(), op.b.id(), op.c.id()};
  const Words words = {word(op.m), word(op.n), word(op.k)};
  std::vector<Constant> constants = {{"kTransposeA", op.transpose_a ? 1.0 : 0.0},
                                     {"kTransposeB", op.transpose_b ? 1.0 : 0.0}};
  if (!tiled_) {
    const int registers = pipeline(shaders::gemm_registers, "main", constants, shaders::gemm);
    dispatch(registers, buffers, words, divided_up(op.n, 32), divided_up(op.m, 32));
    return;
  }
  const bool large = op.m * op.n >= kLargeProduct && adapter_.workgroup_threads >= 256;
  const std::size_t side = large ? 16 : 8, tile = 8 * side;
  constants.push_back({"kSide", static_cast<double>(side)});
  dispatch(pipeline(shaders::gemm_tiled, "main", constants, shaders::gemm), buffers, words,
           divided_up(op.n, tile), divided_up(op.m, tile));
}

void WebGpuBackend::run(const BiasActivation& op) {
  assert(fits(*this, op));
  const int chosen = pipeline(shaders::bias_activation, "main",
                              {{"kThreads", static_cast<double>(threads_)},
                               {"kActivation", static_cast<double>(op.activation)}});
  const std::size_t size = op.rows * op.cols;
  dispatch(chosen, {op.x.id(), op.bias.id()}, {word(size), word(op.cols)},
           divided_up(size, threads_));
}

void WebGpuBackend::run(const SoftmaxRows& op) {
  assert(fits(*this, op));
  softmax(op.x, op.y, op.rows, op.cols, false);
}

void WebGpuBackend::run(const LogSoftmaxRows& op) {
  assert(fits(*this, op));
  softmax(op.x, op.y, op.rows, op.cols, true);
}

void WebGpuBackend::softmax(const Buffer& x, Buffer& y, std::size_t rows, std::size_t cols,
                            bool logarithm) {
  const int chosen =
      rows_pipeline(cols, shaders::softmax_rows, "main", {{"kLogarithm", logarithm ? 1.0 : 0.0}});
  dispatch(chosen, {x.id(), y.id()}, {word(rows), word(cols)}, rows);
}

void WebGpuBackend::run(const CrossEntropy& op) {
  assert(fits(*this, op));
  dispatch(rows_pipeline(op.cols, shaders::cross_entropy, "main"),
           {op.logits.id(), op.labels.id(), op.losses.id(), op.gradient.id()},
           {word(op.rows), word(op.cols)}, op.rows);
}

void WebGpuBackend::run(const RowReduction& op) {
  assert(fits(*this, op));
  const auto reduce = [&](int from, int to, std::size_t cols, std::size_t parts, Reduction how) {
    const int chosen = rows_pipeline(divided_up(cols, parts), shaders::row_reduction, "main",
                                     {{"kReduction", static_cast<double>(how)}});
    dispatch(chosen, {from, to},
             {word(op.rows), word(cols), word(parts), word(divided_up(cols, parts))},
             op.rows * parts);
  };
  const std::size_t parts =
      op.rows >= kMostParts ? 1 : std::min(kMostParts, divided_up(op.cols, kPart));
  if (parts == 1) {
    reduce(op.x.id(), op.y.id(), op.cols, 1, op.reduction);
    return;
  }
  const int between = scratch(op.rows * parts);
  reduce(op.x.id(), between, op.cols, parts, op.reduction);
  reduce(between, op.y.id(), parts, 1,
         op.reduction == Reduction::squared_norm ? Reduction::sum : op.reduction);
}

void WebGpuBackend::run(const LogisticDescent& op) {
  assert(fits(*this, op));
  const std::size_t room = adapter_.workgroup_bytes / (2 * sizeof(float) * op.feature_count);
  if (room == 0) {
    throw Error("descents with " + std::to_string(op.feature_count) + " features need more than " +
                    adapter_.name + " has for a workgroup",
                "WebGPU",
                "at most " + std::to_string(adapter_.workgroup_bytes / (2 * sizeof(float))),
                Error::Kind::machine);
  }
  const std::size_t threads = std::bit_floor(std::min(kMostDescents, room));
  const int chosen = pipeline(shaders::logistic_descent, "main",
                              {{"kThreads", static_cast<double>(threads)},
                               {"kFeatures", static_cast<double>(op.feature_count)}});
  const double work = static_cast<double>(op.samples) * static_cast<double>(op.feature_count) *
                      static_cast<double>(std::max<std::size_t>(op.runs, 1));
  const double most = (adapter_.is_software ? kWorkOfSlowDispatch : kWorkOfDispatch) / work;
  const auto part = static_cast<std::size_t>(
      std::clamp(most, 1.0, static_cast<double>(std::max<std::size_t>(op.iterations, 1))));
  std::size_t done = 0;
  do {
    const std::size_t now = std::min(part, op.iterations - done);
    dispatch(chosen,
             {op.features.id(), op.set_of.id(), op.step_sizes.id(), op.theta.id(), op.losses.id(),
              op.errors.id(), op.solved_at.id()},
             {word(op.samples), word(padded(op.samples) / 4), word(op.runs), word(now),
              word(op.first_iteration + done)},
             divided_up(op.runs, threads));
    lab_gpu_submit(device_);
    done += now;
  } while (done < op.iterations);
}

void WebGpuBackend::run(const LogitFusion& op) {
  assert(fits(*this, op));
  const std::size_t parts = std::min(kMostParts, divided_up(op.vocabulary, kPart));
  const std::size_t kept = 3 + 3 * op.experts;
  const Words words = {word(op.tokens), word(op.vocabulary), word(parts),
                       word(divided_up(op.vocabulary, parts))};
  const std::vector<Constant> constants = {{"kExperts", static_cast<double>(op.experts)}};
  std::vector<int> buffers = {op.logits.id(), op.weights.id(), scratch(op.tokens * parts * kept)};
  dispatch(
      rows_pipeline(divided_up(op.vocabulary, parts), shaders::logit_fusion, "gather", constants),
      buffers, words, op.tokens * parts);
  buffers.insert(buffers.end(), {op.probabilities.id(), op.terms.id()});
  dispatch(
      rows_pipeline(divided_up(op.vocabulary, parts), shaders::logit_fusion, "finish", constants),
      buffers, words, op.tokens * parts);
}

void WebGpuBackend::run(const DistanceCovariance& op) {
  assert(fits(*this, op));
  const std::vector<Constant> constants = {{"kXDimensions", static_cast<double>(op.x_dimensions)},
                                           {"kYDimensions", static_cast<double>(op.y_dimensions)}};
  const Words words = {word(op.points)};
  std::vector<int> buffers = {op.x.id(), op.y.id(), scratch(2 * op.points)};
  dispatch(rows_pipeline(op.points, shaders::distance_covariance, "means", constants), buffers,
           words, op.points);
  buffers.push_back(op.terms.id());
  dispatch(rows_pipeline(op.points, shaders::distance_covariance, "centre", constants), buffers,
           words, op.points);
}

namespace {

// What is known of a device that is being opened, here and by the answer.
struct Opening {
  GpuOptions options;
  GpuOpened done;
  int device = 0;  // known when lab_gpu_open has returned
  bool failed = false;
};

void on_opened(void* user, int status, const char* text) {
  const std::unique_ptr<std::shared_ptr<Opening>> held(
      static_cast<std::shared_ptr<Opening>*>(user));
  const std::shared_ptr<Opening> opening = *held;
  if (status == LAB_GPU_DONE) {
    opening->done(std::make_unique<WebGpuBackend>(opening->device, opening->options), nullptr);
    return;
  }
  opening->failed = true;
  if (opening->device > 0) lab_gpu_close(opening->device);
  const DeviceFailure failure = failure_of(status, text);
  opening->done(nullptr, &failure);
}

struct Search {
  std::function<void(const GpuAdapters&)> done;
  GpuAdapters found = {};
  std::size_t asked = 0;
  bool finished = false;
};

void search_on(const std::shared_ptr<Search>& search) {
  using enum GpuOptions::Preference;
  constexpr std::array kAsked = {fast, frugal, software};
  if (search->asked == kAsked.size()) {
    if (!search->found.all.empty()) search->found.absent.clear();
    search->finished = true;
    search->done(search->found);
    return;
  }
  const GpuOptions options{.preference = kAsked[search->asked++]};
  open_webgpu(options,
              [search](std::unique_ptr<WebGpuBackend> backend, const DeviceFailure* failure) {
                auto& [all, absent] = search->found;
                if (failure != nullptr && absent.empty()) absent = failure->text;
                if (backend && std::find(all.begin(), all.end(), backend->adapter()) == all.end())
                  all.push_back(backend->adapter());
                backend.reset();
                search_on(search);
              });
}

}  // namespace

void open_webgpu(const GpuOptions& options, GpuOpened done) {
  const auto opening = std::make_shared<Opening>(Opening{options, std::move(done)});
  const int device = lab_gpu_open(static_cast<int>(options.preference), options.needed_bytes,
                                  on_opened, new std::shared_ptr<Opening>(opening));
  opening->device = device;
  if (opening->failed) lab_gpu_close(device);  // it had no number yet when the answer came
}

void poll_webgpu() {
  lab_gpu_poll();
}

void find_webgpu_adapters(std::function<void(const GpuAdapters&)> done) {
  const auto search = std::make_shared<Search>(Search{.done = std::move(done)});
  search_on(search);
#ifndef __EMSCRIPTEN__
  while (!search->finished) {
    lab_gpu_poll();
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
#endif
}

DeviceChoice choose_device(const GpuAdapters& found) {
  if (found.all.empty()) return {false, found.absent};
  for (const GpuAdapter& adapter : found.all) {
    if (!adapter.is_software) return {true, adapter.name + " is a graphics processor"};
  }
  return {false, found.all[0].name + " is software, slower than this program's own kernels"};
}

}  // namespace lab
