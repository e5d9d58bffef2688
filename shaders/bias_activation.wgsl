// x(i, j) becomes f(x(i, j) + bias(j)); one thread an element.

override kThreads: u32 = 256;
override kActivation: u32 = 0;  // 0 identity, 1 relu, 2 tanh, 3 sigmoid

struct Shape { size: u32, cols: u32 }

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;

@compute @workgroup_size(kThreads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) thread: u32) {
  let place = (group.x + groups.x * group.y) * kThreads + thread;
  if (place >= shape.size) { return; }
  var value = x[place] + bias[place % shape.cols];
  switch (kActivation) {
    case 1u: { value = max(value, 0.0); }
    case 2u: {  // WGSL's own tanh may be wrong by 1e-5
      let e = exp(-2.0 * abs(value));
      value = sign(value) * (1.0 - e) / (1.0 + e);
    }
    case 3u: {
      let e = exp(-abs(value));
      value = select(1.0, e, value < 0.0) / (1.0 + e);
    }
    default: {}
  }
  x[place] = value;
}
