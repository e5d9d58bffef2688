// Cross-entropy of each row, and the gradient of the mean over rows; one workgroup a row. Stands after
// workgroup.wgsl.

struct Shape { rows: u32, cols: u32 }

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;
@group(0) @binding(4) var<storage, read_write> gradient: array<f32>;

@compute @workgroup_size(kThreads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) thread: u32) {
  let row = row_of(group, groups);
  if (row >= shape.rows) { return; }
  let first = row * shape.cols;
  var largest = kLowest;
  for (var j = thread; j < shape.cols; j += kThreads) { largest = max(largest, logits[first + j]); }
  largest = workgroup_max(largest, thread);
  // Apart from the largest ones: beside their 1 a small loss would be lost.
  var rest = 0.0;
  var ones = 0.0;
  for (var j = thread; j < shape.cols; j += kThreads) {
    let d = logits[first + j] - largest;
    if (d < 0.0) { rest += exp(d); } else { ones += 1.0; }
  }
  rest = workgroup_sum(rest, thread);
  ones = workgroup_sum(ones, thread);
  let sum = ones + rest;
  let label = labels[row];
  let rows = f32(shape.rows);
  for (var j = thread; j < shape.cols; j += kThreads) {
    let p = exp(logits[first + j] - largest) / sum;
    gradient[first + j] = (p - select(0.0, 1.0, j == label)) / rows;
  }
  if (thread == 0u) {
    losses[row] = log(ones) + log_1_plus(rest / ones) - (logits[first + label] - largest);
  }
}
