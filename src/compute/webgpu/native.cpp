// The seam to WebGPU natively: Dawn, loaded at run time from where set-up or the system put it.
#ifndef __EMSCRIPTEN__

#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "compute/webgpu/dawn.h"
#include "compute/webgpu/seam.h"

namespace lab {

namespace {

#ifdef __APPLE__
constexpr std::string_view kLibrary = "libwebgpu_dawn.dylib";
#else
constexpr std::string_view kLibrary = "libwebgpu_dawn.so";
#endif

// Uniforms of dispatches that are not submitted yet stand in one buffer, each at a multiple of the
// largest alignment that a device may ask for.
constexpr std::uint64_t kSlotBytes = 256;
constexpr std::uint32_t kSlots = 256;

// [SECTION] The library

std::string environment_text(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Where the library may be, in the order of the search.
std::vector<std::string> library_places() {
  const std::string given = environment_text("LOGIT_LAB_DAWN");
  if (!given.empty()) return {given};  // and no other
  std::vector<std::string> places;
  const auto add = [&](const std::filesystem::path& folder) {
    places.push_back((folder / kLibrary).string());
  };
#ifdef __APPLE__
  add("@executable_path");
#else
  std::error_code unknown;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", unknown);
  if (!unknown) add(program.parent_path());
#endif
  const std::string cache = environment_text("LOGIT_LAB_CACHE"),
                    caches = environment_text("XDG_CACHE_HOME"), home = environment_text("HOME");
  if (!cache.empty()) {
    add(cache + "/webgpu");
  } else if (!caches.empty()) {
    add(caches + "/logit-lab/webgpu");
  } else if (!home.empty()) {
    add(home + "/.cache/logit-lab/webgpu");
  }
  places.emplace_back(kLibrary);
  return places;
}

struct Library {
  dawn::Functions call{};
  dawn::Instance instance = nullptr;
  std::string path, problem;  // one of them is empty

  Library() {
    const std::vector<std::string> places = library_places();
    for (const std::string& place : places) {
      if (place.find('/') != std::string::npos && place[0] != '@' &&
          !std::filesystem::exists(place)) {
        continue;
      }
      if (void* const handle = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL)) {
        path = place;
        load(handle);
        return;
      }
      if (place != kLibrary) problem = dlerror();
    }
    if (problem.empty()) {
      problem = "Dawn's library is not here (" + places[0] +
                "; ./lab setup fetches it, and "
                "LOGIT_LAB_DAWN names one)";
    }
  }

 private:
  void load(void* handle) {
    const auto find = [&](const char* name, auto& function) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(
          dlsym(handle, (std::string("wgpu") + name).c_str()));
      if (function == nullptr && problem.empty()) {
        problem = path + " is not the Dawn that this program knows: it lacks wgpu" + name;
      }
    };
    find("CreateInstance", call.CreateInstance);
    find("InstanceRequestAdapter", call.InstanceRequestAdapter);
    find("InstanceProcessEvents", call.InstanceProcessEvents);
    find("AdapterGetInfo", call.AdapterGetInfo);
    find("AdapterInfoFreeMembers", call.AdapterInfoFreeMembers);
    find("AdapterGetLimits", call.AdapterGetLimits);
    find("AdapterHasFeature", call.AdapterHasFeature);
    find("AdapterRequestDevice", call.AdapterRequestDevice);
    find("AdapterRelease", call.AdapterRelease);
    find("DeviceGetQueue", call.DeviceGetQueue);
    find("DeviceCreateBuffer", call.DeviceCreateBuffer);
    find("DeviceCreateShaderModule", call.DeviceCreateShaderModule);
    find("DeviceCreateComputePipeline", call.DeviceCreateComputePipeline);
    find("DeviceCreateBindGroup", call.DeviceCreateBindGroup);
    find("DeviceCreateCommandEncoder", call.DeviceCreateCommandEncoder);
    find("DevicePushErrorScope", call.DevicePushErrorScope);
    find("DevicePopErrorScope", call.DevicePopErrorScope);
    find("DeviceDestroy", call.DeviceDestroy);
    find("DeviceRelease", call.DeviceRelease);
    find("ComputePipelineGetBindGroupLayout", call.ComputePipelineGetBindGroupLayout);
    find("ComputePipelineRelease", call.ComputePipelineRelease);
    find("BindGroupLayoutRelease", call.BindGroupLayoutRelease);
    find("BindGroupRelease", call.BindGroupRelease);
    find("ShaderModuleRelease", call.ShaderModuleRelease);
    find("CommandEncoderBeginComputePass", call.CommandEncoderBeginComputePass);
    find("CommandEncoderCopyBufferToBuffer", call.CommandEncoderCopyBufferToBuffer);
    find("CommandEncoderFinish", call.CommandEncoderFinish);
    find("CommandEncoderRelease", call.CommandEncoderRelease);
    find("ComputePassEncoderSetPipeline", call.ComputePassEncoderSetPipeline);
    find("ComputePassEncoderSetBindGroup", call.ComputePassEncoderSetBindGroup);
    find("ComputePassEncoderDispatchWorkgroups", call.ComputePassEncoderDispatchWorkgroups);
    find("ComputePassEncoderEnd", call.ComputePassEncoderEnd);
    find("ComputePassEncoderRelease", call.ComputePassEncoderRelease);
    find("CommandBufferRelease", call.CommandBufferRelease);
    find("QueueSubmit", call.QueueSubmit);
    find("QueueWriteBuffer", call.QueueWriteBuffer);
    find("QueueRelease", call.QueueRelease);
    find("BufferMapAsync", call.BufferMapAsync);
    find("BufferGetConstMappedRange", call.BufferGetConstMappedRange);
    find("BufferDestroy", call.BufferDestroy);
    find("BufferRelease", call.BufferRelease);
    if (!problem.empty()) return;
#ifdef __linux__
    // Dawn says at length on standard error what it misses.
    if (dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL) == nullptr &&
        !std::filesystem::exists(std::filesystem::path(path).replace_filename("libvulkan.so.1"))) {
      problem = "Vulkan is not here, without which WebGPU has no adapter (Debian: libvulkan1)";
      return;
    }
#endif
    instance = call.CreateInstance(nullptr);
    if (instance == nullptr) problem = path + " gives no instance of WebGPU";
  }
};

Library& library() {
  static Library loaded;
  return loaded;
}

const dawn::Functions& call() {
  return library().call;
}

dawn::Text text(const char* value) {
  return {value, dawn::kToTheEnd};
}

std::string string(dawn::Text value) {
  if (value.data == nullptr) return "";
  return value.length == dawn::kToTheEnd ? std::string(value.data)
                                         : std::string(value.data, value.length);
}

// [SECTION] Devices

struct Device {
  dawn::Adapter adapter = nullptr;
  dawn::Limits limits{};  // of the device
  dawn::Device device = nullptr;
  dawn::Queue queue = nullptr;
  dawn::Buffer uniforms = nullptr;
  dawn::CommandEncoder encoder = nullptr;  // what is not submitted yet
  dawn::ComputePass pass = nullptr;
  std::uint32_t slot = 0;                            // of the next uniform
  std::vector<std::optional<dawn::Buffer>> buffers;  // none: its number is free; null: never made
  std::vector<dawn::ComputePipeline> pipelines;
  double needed_bytes = 0;
  lab_gpu_answer answer = nullptr;  // of open
  void* user = nullptr;
  std::string lost;     // why; empty: it is not
  std::string problem;  // that no error scope caught
  int open_answers = 0;
  bool closing = false;
};

// By their numbers; places are not used again.
std::vector<std::unique_ptr<Device>>& devices() {
  static std::vector<std::unique_ptr<Device>> all;
  return all;
}

Device& at(int device) {
  return *devices()[static_cast<std::size_t>(device - 1)];
}

// Null where it could not be made.
dawn::Buffer buffer_of(const Device& device, int buffer) {
  return *device.buffers[static_cast<std::size_t>(buffer - 1)];
}

bool usable(const Device& device) {
  return device.device != nullptr && device.lost.empty();
}

void push_scopes(const Device& device) {
  for (const std::uint32_t filter :
       {dawn::kCatchInternal, dawn::kCatchOutOfMemory, dawn::kCatchValidation}) {
    call().DevicePushErrorScope(device.device, filter);
  }
}
constexpr int kScopes = 3;

dawn::CommandEncoder encoder(Device& device) {
  if (device.encoder == nullptr)
    device.encoder = call().DeviceCreateCommandEncoder(device.device, nullptr);
  return device.encoder;
}

void end_pass(Device& device) {
  if (device.pass == nullptr) return;
  call().ComputePassEncoderEnd(device.pass);
  call().ComputePassEncoderRelease(device.pass);
  device.pass = nullptr;
}

void submit(Device& device) {
  end_pass(device);
  device.slot = 0;
  if (device.encoder == nullptr) return;
  const dawn::CommandBuffer commands = call().CommandEncoderFinish(device.encoder, nullptr);
  call().QueueSubmit(device.queue, 1, &commands);
  call().CommandBufferRelease(commands);
  call().CommandEncoderRelease(device.encoder);
  device.encoder = nullptr;
}

dawn::Buffer make_buffer(const Device& device, std::uint64_t usage, std::uint64_t bytes) {
  dawn::BufferDescriptor descriptor{};
  descriptor.usage = usage;
  descriptor.size = (bytes + 15) / 16 * 16;
  return call().DeviceCreateBuffer(device.device, &descriptor);
}

void drop(dawn::Buffer& buffer) {
  if (buffer == nullptr) return;
  call().BufferDestroy(buffer);
  call().BufferRelease(buffer);
  buffer = nullptr;
}

void release_all(Device& device) {
  if (device.pass != nullptr) {
    call().ComputePassEncoderEnd(device.pass);
    call().ComputePassEncoderRelease(device.pass);
  }
  if (device.encoder != nullptr) call().CommandEncoderRelease(device.encoder);
  for (std::optional<dawn::Buffer>& buffer : device.buffers)
    if (buffer) drop(*buffer);
  drop(device.uniforms);
  for (const dawn::ComputePipeline pipeline : device.pipelines)
    if (pipeline != nullptr) call().ComputePipelineRelease(pipeline);
  if (device.queue != nullptr) call().QueueRelease(device.queue);
  if (device.device != nullptr) call().DeviceRelease(device.device);
  if (device.adapter != nullptr) call().AdapterRelease(device.adapter);
  device = Device{};
}

// A device that is closed goes when nobody waits for an answer from it any more.
void answered(Device& device) {
  --device.open_answers;
  if (device.closing && device.open_answers == 0) release_all(device);
}

// [SECTION] Opening

void finish_opening(Device& device, int status, const std::string& why) {
  const lab_gpu_answer answer = device.answer;
  void* const user = device.user;
  answer(user, status, why.c_str());
  answered(device);
}

void on_lost(const dawn::Device*, std::uint32_t, dawn::Text message, void* user, void*) {
  auto& device = *static_cast<Device*>(user);
  if (device.lost.empty()) device.lost = "the device was lost: " + string(message);
}

void on_error(const dawn::Device*, std::uint32_t, dawn::Text message, void* user, void*) {
  static_cast<Device*>(user)->problem = string(message);
}

void on_device(std::uint32_t status, dawn::Device opened, dawn::Text message, void* user, void*) {
  auto& device = *static_cast<Device*>(user);
  if (status != dawn::kSuccess || opened == nullptr) {
    finish_opening(device, LAB_GPU_REFUSED, "the adapter gives no device: " + string(message));
    return;
  }
  device.device = opened;
  device.queue = call().DeviceGetQueue(opened);
  push_scopes(device);
  device.uniforms = make_buffer(device, dawn::kUniform | dawn::kCopyTarget, kSlotBytes * kSlots);
  finish_opening(device, device.closing ? LAB_GPU_LOST : LAB_GPU_DONE, "");
}

// Whether what an adapter says can be: another version of Dawn may have its numbers elsewhere.
bool plausible(const dawn::Limits& limits) {
  const auto power_of_2 = [](std::uint32_t x) { return x > 0 && (x & (x - 1)) == 0; };
  return limits.storage_buffers >= 8 && limits.storage_buffers < 1u << 24 &&
         limits.storage_binding_bytes >= 1u << 27 && limits.buffer_bytes >= 1u << 28 &&
         power_of_2(limits.uniform_alignment) && limits.uniform_alignment <= kSlotBytes &&
         limits.workgroup_bytes >= 1u << 14 && limits.workgroup_bytes <= 1u << 20 &&
         limits.workgroup_threads >= 256 && limits.workgroup_threads <= 1u << 12 &&
         limits.workgroups >= 65535;
}

void on_adapter(std::uint32_t status, dawn::Adapter adapter, dawn::Text message, void* user,
                void*) {
  auto& device = *static_cast<Device*>(user);
  if (status != dawn::kSuccess || adapter == nullptr) {
    std::string why = string(message);
    finish_opening(device, LAB_GPU_ABSENT, "there is no adapter" + (why.empty() ? "" : ": " + why));
    return;
  }
  device.adapter = adapter;
  dawn::AdapterInfo info{};
  call().AdapterGetInfo(adapter, &info);
  const bool computes = info.backend != dawn::kBackendNull;
  call().AdapterInfoFreeMembers(info);
  if (!computes) {
    finish_opening(device, LAB_GPU_ABSENT,
                   "there is no adapter: no graphics driver is here that WebGPU can use");
    return;
  }
  dawn::Limits& limits = device.limits;
  if (call().AdapterGetLimits(adapter, &limits) != dawn::kSuccess || !plausible(limits)) {
    finish_opening(device, LAB_GPU_ABSENT,
                   library().path + " is of another version than this program knows");
    return;
  }
  limits.next = nullptr;
  if (device.needed_bytes > 0) {
    limits.storage_binding_bytes = static_cast<std::uint64_t>(device.needed_bytes);
    limits.buffer_bytes = std::max(limits.buffer_bytes, limits.storage_binding_bytes);
  }
  dawn::DeviceDescriptor descriptor{};
  descriptor.limits = &limits;
  descriptor.lost = {nullptr, dawn::kAtAnyTime, on_lost, &device, nullptr};
  descriptor.error = {nullptr, on_error, &device, nullptr};
  call().AdapterRequestDevice(
      adapter, &descriptor, {nullptr, dawn::kWhenEventsAreProcessed, on_device, &device, nullptr});
}

// [SECTION] Reading

struct Read {
  Device& device;
  dawn::Buffer staging;
  std::size_t count;
  void* into;
  lab_gpu_answer answer;
  void* user;
  int parts;  // the copy, and the error scopes
  int status = LAB_GPU_DONE;
  std::string why;

  void fail(int with, std::string because) {
    if (status != LAB_GPU_DONE) return;
    status = with;
    why = std::move(because);
  }

  // The last part gives the answer and ends this.
  void part_done() {
    if (--parts > 0) return;
    if (!device.lost.empty() && status != LAB_GPU_DONE) {
      status = LAB_GPU_LOST;
      why = device.lost;
    } else if (!device.problem.empty()) {
      fail(LAB_GPU_INVALID, device.problem);
    }
    device.problem.clear();
    drop(staging);
    answer(user, status, why.c_str());
    answered(device);
    delete this;
  }
};

void on_mapped(std::uint32_t status, dawn::Text message, void* user, void*) {
  auto& read = *static_cast<Read*>(user);
  const void* const mapped =
      status == dawn::kSuccess
          ? call().BufferGetConstMappedRange(read.staging, 0, std::max<std::size_t>(read.count, 4))
          : nullptr;
  if (mapped != nullptr) {
    std::memcpy(read.into, mapped, read.count);
  } else {
    read.fail(LAB_GPU_INVALID, string(message));
  }
  read.part_done();
}

void on_scope(std::uint32_t status, std::uint32_t error, dawn::Text message, void* user, void*) {
  auto& read = *static_cast<Read*>(user);
  if (status == dawn::kSuccess && error != dawn::kNoError) {
    read.status = LAB_GPU_DONE;  // what it says is nearer to the cause than that no copy came
    read.fail(error == dawn::kOutOfMemory ? LAB_GPU_OUT_OF_MEMORY : LAB_GPU_INVALID,
              string(message));
  }
  read.part_done();
}

void copy_text(char* to, std::size_t size, dawn::Text value) {
  std::snprintf(to, size, "%s", string(value).c_str());
}

const char* backend_name(std::uint32_t backend) {
  constexpr const char* kNames[] = {"?",     "null",   "WebGPU", "D3D11",    "D3D12",
                                    "Metal", "Vulkan", "OpenGL", "OpenGL ES"};
  return backend < std::size(kNames) ? kNames[backend] : "?";
}

}  // namespace

// [SECTION] The seam

extern "C" {

int lab_gpu_open(int preference, double needed_bytes, lab_gpu_answer answer, void* user) {
  devices().push_back(std::make_unique<Device>());
  Device& device = *devices().back();
  device.needed_bytes = needed_bytes;
  device.answer = answer;
  device.user = user;
  device.open_answers = 1;
  const int number = static_cast<int>(devices().size());
  if (!library().problem.empty()) {
    finish_opening(device, LAB_GPU_ABSENT, library().problem);
    return number;
  }
  dawn::AdapterOptions options{};
  options.feature_level = dawn::kCoreFeatures;
  options.power_preference =
      preference == LAB_GPU_FRUGAL ? dawn::kLowPower : dawn::kHighPerformance;
  options.force_fallback = preference == LAB_GPU_SOFTWARE;
  call().InstanceRequestAdapter(
      library().instance, &options,
      {nullptr, dawn::kWhenEventsAreProcessed, on_adapter, &device, nullptr});
  return number;
}

void lab_gpu_describe(int number, lab_gpu_description* description) {
  const Device& device = at(number);
  *description = {};
  if (device.adapter == nullptr) return;
  const dawn::Limits& limits = device.limits;
  description->buffer_bytes =
      static_cast<double>(std::min(limits.storage_binding_bytes, limits.buffer_bytes));
  description->workgroup_bytes = limits.workgroup_bytes;
  description->workgroup_threads = limits.workgroup_threads;
  description->workgroup_side = std::min(limits.workgroup_x, limits.workgroup_y);
  description->workgroups = limits.workgroups;
  description->has_f16 = call().AdapterHasFeature(device.adapter, dawn::kFeatureF16);
  description->has_subgroups = call().AdapterHasFeature(device.adapter, dawn::kFeatureSubgroups);
  dawn::AdapterInfo info{};
  call().AdapterGetInfo(device.adapter, &info);
  description->is_software = info.type == dawn::kTypeIsProcessor;
  copy_text(description->vendor, sizeof description->vendor, info.vendor);
  copy_text(description->architecture, sizeof description->architecture, info.architecture);
  copy_text(description->device, sizeof description->device, info.device);
  copy_text(description->driver, sizeof description->driver, info.description);
  copy_text(description->backend, sizeof description->backend, text(backend_name(info.backend)));
  call().AdapterInfoFreeMembers(info);
}

void lab_gpu_close(int number) {
  Device& device = at(number);
  device.closing = true;
  if (device.device != nullptr) call().DeviceDestroy(device.device);
  if (device.open_answers == 0) release_all(device);
}

void lab_gpu_lose(int number) {
  Device& device = at(number);
  if (!usable(device)) return;
  device.lost = "the device was lost: it was ended";
  call().DeviceDestroy(device.device);
}

int lab_gpu_buffer(int number, double bytes) {
  Device& device = at(number);
  dawn::Buffer buffer = nullptr;
  if (usable(device)) {
    buffer = make_buffer(device, dawn::kStorage | dawn::kCopySource | dawn::kCopyTarget,
                         static_cast<std::uint64_t>(bytes));
  }
  const auto free = std::find(device.buffers.begin(), device.buffers.end(), std::nullopt);
  if (free != device.buffers.end()) {
    *free = buffer;
    return static_cast<int>(free - device.buffers.begin()) + 1;
  }
  device.buffers.emplace_back(buffer);
  return static_cast<int>(device.buffers.size());
}

void lab_gpu_free(int number, int buffer) {
  Device& device = at(number);
  if (usable(device)) submit(device);  // what still needs it
  std::optional<dawn::Buffer>& place = device.buffers[static_cast<std::size_t>(buffer - 1)];
  drop(*place);
  place.reset();
}

void lab_gpu_write(int number, int buffer, const void* bytes, double count) {
  Device& device = at(number);
  const dawn::Buffer to = buffer_of(device, buffer);
  if (!usable(device) || to == nullptr || count == 0) return;
  submit(device);  // what was dispatched before sees what was there before
  call().QueueWriteBuffer(device.queue, to, 0, bytes, static_cast<std::size_t>(count));
}

int lab_gpu_pipeline(int number, const char* wgsl, const char* entry,
                     const lab_gpu_constant* constants, int constant_count) {
  Device& device = at(number);
  dawn::ComputePipeline pipeline = nullptr;
  if (usable(device)) {
    dawn::ShaderSource source{};
    source.chain.type = dawn::kTypeShaderSource;
    source.code = text(wgsl);
    dawn::ShaderDescriptor shader{};
    shader.next = &source.chain;
    const dawn::ShaderModule module = call().DeviceCreateShaderModule(device.device, &shader);
    std::vector<dawn::Constant> values;
    for (int i = 0; i < constant_count; ++i)
      values.push_back({nullptr, text(constants[i].name), constants[i].value});
    dawn::PipelineDescriptor descriptor{};
    descriptor.compute.module = module;
    descriptor.compute.entry = text(entry);
    descriptor.compute.constant_count = values.size();
    descriptor.compute.constants = values.data();
    pipeline = call().DeviceCreateComputePipeline(device.device, &descriptor);
    call().ShaderModuleRelease(module);
  }
  device.pipelines.push_back(pipeline);
  return static_cast<int>(device.pipelines.size());
}

void lab_gpu_dispatch(int number, int pipeline, const int* buffers, int buffer_count,
                      const std::uint32_t* words, int x, int y) {
  Device& device = at(number);
  const dawn::ComputePipeline chosen = device.pipelines[static_cast<std::size_t>(pipeline - 1)];
  if (!usable(device) || chosen == nullptr) return;
  if (device.slot == kSlots) submit(device);
  const std::uint64_t offset = kSlotBytes * device.slot++;
  constexpr std::uint64_t kBytes = kUniformWords * sizeof(std::uint32_t);
  call().QueueWriteBuffer(device.queue, device.uniforms, offset, words, kBytes);
  std::vector<dawn::BindGroupEntry> entries(1 + static_cast<std::size_t>(buffer_count));
  entries[0].buffer = device.uniforms;
  entries[0].offset = offset;
  entries[0].size = kBytes;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    entries[i].binding = static_cast<std::uint32_t>(i);
    entries[i].buffer = buffer_of(device, buffers[i - 1]);
    entries[i].size = dawn::kWholeSize;
    if (entries[i].buffer == nullptr) return;
  }
  const dawn::BindGroupLayout layout = call().ComputePipelineGetBindGroupLayout(chosen, 0);
  dawn::BindGroupDescriptor descriptor{};
  descriptor.layout = layout;
  descriptor.entry_count = entries.size();
  descriptor.entries = entries.data();
  const dawn::BindGroup group = call().DeviceCreateBindGroup(device.device, &descriptor);
  call().BindGroupLayoutRelease(layout);
  if (device.pass == nullptr)
    device.pass = call().CommandEncoderBeginComputePass(encoder(device), nullptr);
  call().ComputePassEncoderSetPipeline(device.pass, chosen);
  call().ComputePassEncoderSetBindGroup(device.pass, 0, group, 0, nullptr);
  call().ComputePassEncoderDispatchWorkgroups(device.pass, static_cast<std::uint32_t>(x),
                                              static_cast<std::uint32_t>(y), 1);
  call().BindGroupRelease(group);
}

void lab_gpu_submit(int number) {
  if (usable(at(number))) submit(at(number));
}

void lab_gpu_read(int number, int buffer, double count, void* into, lab_gpu_answer answer,
                  void* user) {
  Device& device = at(number);
  const dawn::Buffer from = buffer_of(device, buffer);
  if (!usable(device)) {
    answer(user, LAB_GPU_LOST,
           device.lost.empty() ? "the device was never opened" : device.lost.c_str());
    return;
  }
  const auto bytes = static_cast<std::size_t>(count);
  const std::uint64_t copied = std::max<std::size_t>(bytes, 4);
  end_pass(device);
  const dawn::Buffer staging = make_buffer(device, dawn::kMapRead | dawn::kCopyTarget, copied);
  if (from != nullptr) {
    call().CommandEncoderCopyBufferToBuffer(encoder(device), from, 0, staging, 0, copied);
  }
  submit(device);
  ++device.open_answers;
  auto* const read = new Read{device, staging, bytes, into, answer, user, 1 + kScopes, 0, {}};
  call().BufferMapAsync(staging, dawn::kMapRead, 0, copied,
                        {nullptr, dawn::kWhenEventsAreProcessed, on_mapped, read, nullptr});
  for (int i = 0; i < kScopes; ++i) {
    call().DevicePopErrorScope(device.device,
                               {nullptr, dawn::kWhenEventsAreProcessed, on_scope, read, nullptr});
  }
  push_scopes(device);
}

void lab_gpu_poll() {
  if (library().instance != nullptr) call().InstanceProcessEvents(library().instance);
}

}  // extern "C"

}  // namespace lab

#endif  // __EMSCRIPTEN__
