// The seam to WebGPU in a browser, in a page or in a Worker: what seam.h declares, over navigator.gpu.
// A JavaScript library of Emscripten, linked into a module with --js-library; what a module does not
// call is left out of it. (Emscripten's optimiser does not know array patterns with a rest.)
const lab_gpu_library = {
  $LabGpu: {
    devices: [],  // by number - 1
    kSlotBytes: 256,
    kSlots: 256,
    kFilters: ['internal', 'out-of-memory', 'validation'],

    at: (number) => LabGpu.devices[number - 1],

    // Whether what is done with it has any effect.
    usable: (state) => state.device && !state.lost,

    // Statuses are those of lab_gpu_status. (Emscripten's callUserCallback would end a module without a
    // main function after its first callback.)
    answer: (callback, user, status, text) => {
      const place = stringToNewUTF8(text);
      {{{ makeDynCall('vpip', 'callback') }}}(user, status, place);
      _free(place);
    },

    open: async (state, preference, needed_bytes) => {
      state.status = 1;
      state.adapter = await navigator.gpu.requestAdapter(
        preference === 2 ? { forceFallbackAdapter: true }
          : { powerPreference: preference === 1 ? 'low-power' : 'high-performance' });
      if (!state.adapter) throw new Error('there is no adapter');
      state.status = 2;
      const limits = {};
      for (const name of ['maxStorageBufferBindingSize', 'maxBufferSize', 'maxComputeWorkgroupStorageSize',
        'maxComputeInvocationsPerWorkgroup', 'maxComputeWorkgroupSizeX', 'maxComputeWorkgroupSizeY']) {
        limits[name] = state.adapter.limits[name];
      }
      if (needed_bytes > 0) {
        limits.maxStorageBufferBindingSize = needed_bytes;
        limits.maxBufferSize = Math.max(limits.maxBufferSize, needed_bytes);
      }
      let device;
      try {
        device = await state.adapter.requestDevice({ requiredLimits: limits });
      } catch (error) {
        throw new Error(`the adapter gives no device: ${error.message}`);
      }
      device.lost.then(({ message }) => state.lost ||= `the device was lost: ${message}`);
      if (state.closed) {
        device.destroy();
        state.status = 3;
        throw new Error('the device was closed');
      }
      state.device = device;
      LabGpu.push_scopes(state);
      state.uniforms = device.createBuffer({
        size: LabGpu.kSlotBytes * LabGpu.kSlots, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
    },

    push_scopes: (state) => {
      for (const filter of LabGpu.kFilters) state.device.pushErrorScope(filter);
    },

    encoder: (state) => state.encoder ??= state.device.createCommandEncoder(),

    end_pass: (state) => {
      state.pass?.end();
      state.pass = null;
    },

    submit: (state) => {
      LabGpu.end_pass(state);
      state.slot = 0;
      if (state.encoder) state.device.queue.submit([state.encoder.finish()]);
      state.encoder = null;
    },

    // Puts a thing into the first free place of a list, and returns its number.
    keep: (list, thing) => {
      let place = list.indexOf(null);
      if (place < 0) place = list.length;
      list[place] = thing;
      return place + 1;
    },

    // {status, text} once the bytes are in the module's memory, or why they are not.
    read: async (state, from, count, into) => {
      const lost = () => ({ status: 3, text: state.lost || 'the device was never opened' });
      if (!LabGpu.usable(state)) return lost();
      const size = Math.max(4, Math.ceil(count / 4) * 4);
      LabGpu.end_pass(state);
      const staging = state.device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
      LabGpu.encoder(state).copyBufferToBuffer(from, 0, staging, 0, size);
      LabGpu.submit(state);
      const mapped = staging.mapAsync(GPUMapMode.READ, 0, size).then(() => null, (error) => error);
      const scopes = LabGpu.kFilters.map(() => state.device.popErrorScope().catch(() => null));
      LabGpu.push_scopes(state);
      const unmapped = await mapped;
      const errors = await Promise.all(scopes);
      // News of a lost device may come after what it broke.
      if (unmapped) await Promise.race([state.device?.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
      if (state.lost) return lost();
      const caught = errors.filter(Boolean).at(-1);
      let result = { status: 0, text: '' };
      if (caught) {
        result = { status: caught instanceof GPUOutOfMemoryError ? 4 : 5, text: caught.message };
      } else if (unmapped) {
        result = { status: 5, text: unmapped.message };
      } else if (count > 0) {
        // The memory may have grown, and HEAPU8 be another one, since this began.
        HEAPU8.set(new Uint8Array(staging.getMappedRange(0, size), 0, count), into >>> 0);
      }
      staging.destroy();
      return result;
    },
  },
  $LabGpu__deps: ['$stringToNewUTF8', '$UTF8ToString', 'free'],

  lab_gpu_open__deps: ['$LabGpu'],
  lab_gpu_open: (preference, needed_bytes, callback, user) => {
    const state = { device: null, adapter: null, encoder: null, pass: null, slot: 0, lost: '', closed: false,
      buffers: [], pipelines: [], status: 0 };
    LabGpu.devices.push(state);
    if (!globalThis.navigator?.gpu) {
      // At once: whoever cannot wait for an answer gets this one.
      LabGpu.answer(callback, user, 1, globalThis.isSecureContext === false
        ? 'WebGPU needs a page from https or from this machine' : 'there is no WebGPU here');
      return LabGpu.devices.length;
    }
    LabGpu.open(state, preference, needed_bytes).then(
      () => LabGpu.answer(callback, user, 0, ''),
      (error) => LabGpu.answer(callback, user, state.status, error.message));
    return LabGpu.devices.length;
  },

  lab_gpu_describe__deps: ['$LabGpu', '$stringToUTF8'],
  lab_gpu_describe: (number, description) => {
    const { adapter, device } = LabGpu.at(number);
    if (!device) return;
    const { features, info } = adapter;
    const { limits } = device;
    // The layout of lab_gpu_description.
    description >>>= 0;
    HEAPF64[description >>> 3] = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
    HEAPF64[(description >>> 3) + 1] = limits.maxComputeWorkgroupStorageSize;
    const words = [
      limits.maxComputeInvocationsPerWorkgroup,
      Math.min(limits.maxComputeWorkgroupSizeX, limits.maxComputeWorkgroupSizeY),
      limits.maxComputeWorkgroupsPerDimension,
      info.isFallbackAdapter || adapter.isFallbackAdapter || info.architecture === 'swiftshader' ? 1 : 0,
      features.has('shader-f16') ? 1 : 0,
      features.has('subgroups') ? 1 : 0,
    ];
    words.forEach((word, i) => { HEAPU32[(description >>> 2) + 4 + i] = word; });
    let at = description + 40;
    for (const [text, size] of [[info.vendor, 64], [info.architecture, 64], [info.device, 128],
      [info.description, 128], ['browser', 32]]) {
      stringToUTF8(text ?? '', at, size);
      at += size;
    }
  },

  lab_gpu_close__deps: ['$LabGpu'],
  lab_gpu_close: (number) => {
    const state = LabGpu.at(number);
    state.closed = true;
    state.lost ||= 'the device was closed';
    state.device?.destroy();
    state.buffers = [];
    state.pipelines = [];
    state.adapter = state.encoder = state.pass = null;
  },

  lab_gpu_lose__deps: ['$LabGpu'],
  lab_gpu_lose: (number) => LabGpu.at(number).device?.destroy(),

  lab_gpu_buffer__deps: ['$LabGpu'],
  lab_gpu_buffer: (number, bytes) => {
    const state = LabGpu.at(number);
    if (!LabGpu.usable(state)) return LabGpu.keep(state.buffers, undefined);
    return LabGpu.keep(state.buffers, state.device.createBuffer({
      size: Math.ceil(bytes / 16) * 16,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    }));
  },

  lab_gpu_free__deps: ['$LabGpu'],
  lab_gpu_free: (number, buffer) => {
    const state = LabGpu.at(number);
    if (LabGpu.usable(state)) LabGpu.submit(state);  // what still needs it
    state.buffers[buffer - 1]?.destroy();
    state.buffers[buffer - 1] = null;
  },

  lab_gpu_write__deps: ['$LabGpu'],
  lab_gpu_write: (number, buffer, bytes, count) => {
    const state = LabGpu.at(number);
    if (!LabGpu.usable(state) || count === 0) return;
    LabGpu.submit(state);  // what was dispatched before sees what was there before
    state.device.queue.writeBuffer(state.buffers[buffer - 1], 0, HEAPU8, bytes >>> 0, count);
  },

  lab_gpu_pipeline__deps: ['$LabGpu'],
  lab_gpu_pipeline: (number, wgsl, entry, constants, constant_count) => {
    const state = LabGpu.at(number);
    if (!LabGpu.usable(state)) return LabGpu.keep(state.pipelines, undefined);
    const values = {};
    for (let i = 0; i < constant_count; ++i) {
      const at = (constants >>> 0) + 16 * i;
      values[UTF8ToString(HEAPU32[at >>> 2])] = HEAPF64[(at >>> 3) + 1];
    }
    const { device } = state;
    return LabGpu.keep(state.pipelines, device.createComputePipeline({
      layout: 'auto',
      compute: {
        module: device.createShaderModule({ code: UTF8ToString(wgsl) }),
        entryPoint: UTF8ToString(entry),
        constants: values,
      },
    }));
  },

  lab_gpu_dispatch__deps: ['$LabGpu'],
  lab_gpu_dispatch: (number, pipeline, buffers, buffer_count, words, x, y) => {
    const state = LabGpu.at(number);
    if (!LabGpu.usable(state)) return;
    if (state.slot === LabGpu.kSlots) LabGpu.submit(state);
    const offset = LabGpu.kSlotBytes * state.slot++;
    state.device.queue.writeBuffer(state.uniforms, offset, HEAPU8, words >>> 0, 64);
    const entries = [{ binding: 0, resource: { buffer: state.uniforms, offset, size: 64 } }];
    for (let i = 0; i < buffer_count; ++i) {
      const buffer = state.buffers[HEAP32[(buffers >>> 2) + i] - 1];
      if (!buffer) return;
      entries.push({ binding: i + 1, resource: { buffer } });
    }
    const chosen = state.pipelines[pipeline - 1];
    if (!chosen) return;
    const group = state.device.createBindGroup({ layout: chosen.getBindGroupLayout(0), entries });
    state.pass ??= LabGpu.encoder(state).beginComputePass();
    state.pass.setPipeline(chosen);
    state.pass.setBindGroup(0, group);
    state.pass.dispatchWorkgroups(x, y);
  },

  lab_gpu_submit__deps: ['$LabGpu'],
  lab_gpu_submit: (number) => {
    const state = LabGpu.at(number);
    if (LabGpu.usable(state)) LabGpu.submit(state);
  },

  lab_gpu_read__deps: ['$LabGpu'],
  lab_gpu_read: (number, buffer, count, into, callback, user) => {
    const state = LabGpu.at(number);
    LabGpu.read(state, state.buffers[buffer - 1], count, into).then(
      ({ status, text }) => LabGpu.answer(callback, user, status, text),
      (error) => LabGpu.answer(callback, user, 5, error.message));
  },

  lab_gpu_poll: () => {},
};
addToLibrary(lab_gpu_library);
