// What of WebGPU's C interface does native.cpp use? Dawn's library has no header that belongs to
// the very build that set-up fetches (setup/prepare.sh), so the part that is used is declared here,
// as in webgpu.h of https://github.com/webgpu-native/webgpu-headers, with Dawn's extensions where
// structures have them. Numbers of features are those of that build: they change between versions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lab::dawn {

using Instance = struct InstanceObject*;
using Adapter = struct AdapterObject*;
using Device = struct DeviceObject*;
using Queue = struct QueueObject*;
using Buffer = struct BufferObject*;
using ShaderModule = struct ShaderModuleObject*;
using ComputePipeline = struct ComputePipelineObject*;
using BindGroupLayout = struct BindGroupLayoutObject*;
using BindGroup = struct BindGroupObject*;
using CommandEncoder = struct CommandEncoderObject*;
using ComputePass = struct ComputePassObject*;
using CommandBuffer = struct CommandBufferObject*;

struct Chained {
  Chained* next;
  std::uint32_t type;
};
inline constexpr std::uint32_t kTypeShaderSource = 2;

struct Text {
  const char* data;
  std::size_t length;  // kToTheEnd: up to the 0
};
inline constexpr std::size_t kToTheEnd = SIZE_MAX;

struct Future {
  std::uint64_t id;
};

// Every callback gets `user` and nothing in `other`.
template <class Callback>
struct CallbackInfo {
  Chained* next;
  std::uint32_t mode;
  Callback* callback;
  void *user, *other;
};
inline constexpr std::uint32_t kWhenEventsAreProcessed = 2;
inline constexpr std::uint32_t kAtAnyTime = 3;

using OnAdapter = void(std::uint32_t status, Adapter, Text message, void* user, void* other);
using OnDevice = void(std::uint32_t status, Device, Text message, void* user, void* other);
using OnMapped = void(std::uint32_t status, Text message, void* user, void* other);
using OnErrorScope = void(std::uint32_t status, std::uint32_t error, Text message, void* user,
                          void* other);
using OnLost = void(const Device*, std::uint32_t reason, Text message, void* user, void* other);
using OnError = void(const Device*, std::uint32_t error, Text message, void* user, void* other);
inline constexpr std::uint32_t kSuccess = 1;  // of every status

inline constexpr std::uint32_t kNoError = 1, kValidationError = 2, kOutOfMemory = 3,
                               kInternalError = 4;
inline constexpr std::uint32_t kCatchValidation = 1, kCatchOutOfMemory = 2, kCatchInternal = 3;

struct AdapterOptions {
  Chained* next;
  std::uint32_t feature_level, power_preference, force_fallback, backend;
  void* surface;
};
inline constexpr std::uint32_t kCoreFeatures = 2;
inline constexpr std::uint32_t kLowPower = 1, kHighPerformance = 2;

struct AdapterInfo {
  Chained* next;
  Text vendor, architecture, device, description;
  std::uint32_t backend, type, vendor_id, device_id, subgroup_smallest, subgroup_largest;
};
inline constexpr std::uint32_t kBackendNull = 1;  // computes nothing
inline constexpr std::uint32_t kTypeIsProcessor = 3;
inline constexpr std::uint32_t kFeatureF16 = 0x0a, kFeatureSubgroups = 0x11;

struct Limits {
  Chained* next;
  std::uint32_t texture_1d, texture_2d, texture_3d, texture_layers, bind_groups,
      bind_groups_and_vertex_buffers, bindings, dynamic_uniform_buffers, dynamic_storage_buffers,
      sampled_textures, samplers, storage_buffers, storage_textures, uniform_buffers;
  std::uint64_t uniform_binding_bytes, storage_binding_bytes;
  std::uint32_t uniform_alignment, storage_alignment, vertex_buffers;
  std::uint64_t buffer_bytes;
  std::uint32_t vertex_attributes, vertex_stride, inter_stage_variables, color_attachments,
      color_bytes_per_sample, workgroup_bytes, workgroup_threads, workgroup_x, workgroup_y,
      workgroup_z, workgroups, immediate_bytes;
};

struct QueueDescriptor {
  Chained* next;
  Text label;
};

struct ErrorCallbackInfo {
  Chained* next;
  OnError* callback;
  void *user, *other;
};

struct DeviceDescriptor {
  Chained* next;
  Text label;
  std::size_t feature_count;
  const std::uint32_t* features;
  const Limits* limits;
  QueueDescriptor queue;
  CallbackInfo<OnLost> lost;
  ErrorCallbackInfo error;
};

struct BufferDescriptor {
  Chained* next;
  Text label;
  std::uint64_t usage, size;
  std::uint32_t mapped;
};
inline constexpr std::uint64_t kMapRead = 0x01, kCopySource = 0x04, kCopyTarget = 0x08,
                               kUniform = 0x40, kStorage = 0x80;

struct ShaderSource {
  Chained chain;
  Text code;
};
struct ShaderDescriptor {
  Chained* next;
  Text label;
};

struct Constant {
  Chained* next;
  Text name;
  double value;
};
struct PipelineDescriptor {
  Chained* next;
  Text label;
  void* layout;  // none: as the shader has it
  struct {
    Chained* next;
    ShaderModule module;
    Text entry;
    std::size_t constant_count;
    const Constant* constants;
  } compute;
};

struct BindGroupEntry {
  Chained* next;
  std::uint32_t binding;
  Buffer buffer;
  std::uint64_t offset, size;
  void *sampler, *texture;
};
inline constexpr std::uint64_t kWholeSize = UINT64_MAX;
struct BindGroupDescriptor {
  Chained* next;
  Text label;
  BindGroupLayout layout;
  std::size_t entry_count;
  const BindGroupEntry* entries;
};

// The functions, by the names that they have in the library behind "wgpu".
struct Functions {
  Instance (*CreateInstance)(const void* descriptor);
  Future (*InstanceRequestAdapter)(Instance, const AdapterOptions*, CallbackInfo<OnAdapter>);
  void (*InstanceProcessEvents)(Instance);
  std::uint32_t (*AdapterGetInfo)(Adapter, AdapterInfo*);
  void (*AdapterInfoFreeMembers)(AdapterInfo);
  std::uint32_t (*AdapterGetLimits)(Adapter, Limits*);
  std::uint32_t (*AdapterHasFeature)(Adapter, std::uint32_t feature);
  Future (*AdapterRequestDevice)(Adapter, const DeviceDescriptor*, CallbackInfo<OnDevice>);
  void (*AdapterRelease)(Adapter);
  Queue (*DeviceGetQueue)(Device);
  Buffer (*DeviceCreateBuffer)(Device, const BufferDescriptor*);
  ShaderModule (*DeviceCreateShaderModule)(Device, const ShaderDescriptor*);
  ComputePipeline (*DeviceCreateComputePipeline)(Device, const PipelineDescriptor*);
  BindGroup (*DeviceCreateBindGroup)(Device, const BindGroupDescriptor*);
  CommandEncoder (*DeviceCreateCommandEncoder)(Device, const void* descriptor);
  void (*DevicePushErrorScope)(Device, std::uint32_t filter);
  Future (*DevicePopErrorScope)(Device, CallbackInfo<OnErrorScope>);
  void (*DeviceDestroy)(Device);
  void (*DeviceRelease)(Device);
  BindGroupLayout (*ComputePipelineGetBindGroupLayout)(ComputePipeline, std::uint32_t group);
  void (*ComputePipelineRelease)(ComputePipeline);
  void (*BindGroupLayoutRelease)(BindGroupLayout);
  void (*BindGroupRelease)(BindGroup);
  void (*ShaderModuleRelease)(ShaderModule);
  ComputePass (*CommandEncoderBeginComputePass)(CommandEncoder, const void* descriptor);
  void (*CommandEncoderCopyBufferToBuffer)(CommandEncoder, Buffer from, std::uint64_t from_offset,
                                           Buffer to, std::uint64_t to_offset, std::uint64_t size);
  CommandBuffer (*CommandEncoderFinish)(CommandEncoder, const void* descriptor);
  void (*CommandEncoderRelease)(CommandEncoder);
  void (*ComputePassEncoderSetPipeline)(ComputePass, ComputePipeline);
  void (*ComputePassEncoderSetBindGroup)(ComputePass, std::uint32_t group, BindGroup,
                                         std::size_t offset_count, const std::uint32_t* offsets);
  void (*ComputePassEncoderDispatchWorkgroups)(ComputePass, std::uint32_t x, std::uint32_t y,
                                               std::uint32_t z);
  void (*ComputePassEncoderEnd)(ComputePass);
  void (*ComputePassEncoderRelease)(ComputePass);
  void (*CommandBufferRelease)(CommandBuffer);
  void (*QueueSubmit)(Queue, std::size_t count, const CommandBuffer*);
  void (*QueueWriteBuffer)(Queue, Buffer, std::uint64_t offset, const void* bytes,
                           std::size_t size);
  void (*QueueRelease)(Queue);
  Future (*BufferMapAsync)(Buffer, std::uint64_t mode, std::size_t offset, std::size_t size,
                           CallbackInfo<OnMapped>);
  const void* (*BufferGetConstMappedRange)(Buffer, std::size_t offset, std::size_t size);
  void (*BufferDestroy)(Buffer);
  void (*BufferRelease)(Buffer);
};

}  // namespace lab::dawn
