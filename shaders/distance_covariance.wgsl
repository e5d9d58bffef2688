// The terms of distance covariance; one workgroup a point. `means` writes the mean distance of each
// point from all, `centre` the sums of products of the doubly centred distances. Stands after
// workgroup.wgsl. (Szekely, Rizzo and Bakirov 2007, definition 4)

override kXDimensions: u32 = 1;
override kYDimensions: u32 = 1;

struct Shape { points: u32 }

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> row_means: array<vec2f>;  // of x's distances, of y's
@group(0) @binding(4) var<storage, read_write> terms: array<f32>;        // points x 3

fn distances(i: u32, j: u32) -> vec2f {
  var squared = vec2f();
  for (var d = 0u; d < kXDimensions; d++) {
    let difference = x[i * kXDimensions + d] - x[j * kXDimensions + d];
    squared.x = fma(difference, difference, squared.x);
  }
  for (var d = 0u; d < kYDimensions; d++) {
    let difference = y[i * kYDimensions + d] - y[j * kYDimensions + d];
    squared.y = fma(difference, difference, squared.y);
  }
  return sqrt(squared);
}

@compute @workgroup_size(kThreads)
fn means(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
         @builtin(local_invocation_index) thread: u32) {
  let i = row_of(group, groups);
  if (i >= shape.points) { return; }
  var sum = vec2f();
  for (var j = thread; j < shape.points; j += kThreads) { sum += distances(i, j); }
  let sum_x = workgroup_sum(sum.x, thread);
  let sum_y = workgroup_sum(sum.y, thread);
  if (thread == 0u) { row_means[i] = vec2f(sum_x, sum_y) / f32(shape.points); }
}

@compute @workgroup_size(kThreads)
fn centre(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
          @builtin(local_invocation_index) thread: u32) {
  let i = row_of(group, groups);
  if (i >= shape.points) { return; }
  var all = vec2f();
  for (var j = thread; j < shape.points; j += kThreads) { all += row_means[j]; }
  let mean_x = workgroup_sum(all.x, thread) / f32(shape.points);
  let mean_y = workgroup_sum(all.y, thread) / f32(shape.points);
  let shift = vec2f(mean_x, mean_y) - row_means[i];
  var sums = vec3f();
  for (var j = thread; j < shape.points; j += kThreads) {
    let c = distances(i, j) - row_means[j] + shift;
    sums = fma(vec3f(c.x, c.x, c.y), vec3f(c.y, c.x, c.y), sums);
  }
  let xy = workgroup_sum(sums.x, thread);
  let xx = workgroup_sum(sums.y, thread);
  let yy = workgroup_sum(sums.z, thread);
  if (thread == 0u) {
    terms[3u * i] = xy;
    terms[3u * i + 1u] = xx;
    terms[3u * i + 2u] = yy;
  }
}
