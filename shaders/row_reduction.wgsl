// The sum, maximum, minimum or sum of squares of parts of rows; one workgroup a part. Long rows are
// reduced in two passes: each part to one number, and then those. Stands after workgroup.wgsl.

override kReduction: u32 = 0;  // 0 sum, 1 max, 2 min, 3 sum of squares

struct Shape { rows: u32, cols: u32, parts: u32, part: u32 }  // part: elements of one

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;  // rows x parts

@compute @workgroup_size(kThreads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) thread: u32) {
  let place = row_of(group, groups);
  if (place >= shape.rows * shape.parts) { return; }
  let row = place / shape.parts;
  let first = (place % shape.parts) * shape.part;
  let end = min(first + shape.part, shape.cols);
  var result = 0.0;
  switch (kReduction) {
    case 1u: { result = kLowest; }
    case 2u: { result = kLowest; }  // the largest of the negatives
    default: {}
  }
  for (var j = first + thread; j < end; j += kThreads) {
    let value = x[row * shape.cols + j];
    switch (kReduction) {
      case 1u: { result = max(result, value); }
      case 2u: { result = max(result, -value); }
      case 3u: { result = fma(value, value, result); }
      default: { result += value; }
    }
  }
  switch (kReduction) {
    case 1u: { result = workgroup_max(result, thread); }
    case 2u: { result = -workgroup_max(result, thread); }
    default: { result = workgroup_sum(result, thread); }
  }
  if (thread == 0u) { y[place] = result; }
}
