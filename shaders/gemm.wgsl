// What the two kernels of C = A B, gemm_registers.wgsl and gemm_tiled.wgsl, have in common: it stands
// before them. A or B may stand transposed in memory.

override kTransposeA: bool = false;
override kTransposeB: bool = false;

struct Shape { m: u32, n: u32, k: u32 }

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

// Four elements of a row of C, as far as they are inside of it.
fn store(i: u32, j: u32, values: vec4f) {
  if (i >= shape.m) { return; }
  let place = i * shape.n + j;
  if (j < shape.n) { c[place] = values.x; }
  if (j + 1u < shape.n) { c[place + 1u] = values.y; }
  if (j + 2u < shape.n) { c[place + 2u] = values.z; }
  if (j + 3u < shape.n) { c[place + 3u] = values.w; }
}
