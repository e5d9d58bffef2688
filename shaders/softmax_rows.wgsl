// y = softmax or log-softmax of each row of x; one workgroup a row. Stands after workgroup.wgsl.

override kLogarithm: bool = false;

struct Shape { rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(kThreads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) thread: u32) {
  let row = row_of(group, groups);
  if (row >= shape.rows) { return; }
  let first = row * shape.cols;
  var largest = kLowest;
  for (var j = thread; j < shape.cols; j += kThreads) { largest = max(largest, x[first + j]); }
  largest = workgroup_max(largest, thread);
  var sum = 0.0;
  for (var j = thread; j < shape.cols; j += kThreads) { sum += exp(x[first + j] - largest); }
  sum = workgroup_sum(sum, thread);
  let log_sum = log(sum);
  for (var j = thread; j < shape.cols; j += kThreads) {
    let d = x[first + j] - largest;
    if (kLogarithm) {
      y[first + j] = d - log_sum;
    } else {
      y[first + j] = exp(d) / sum;
    }
  }
}
