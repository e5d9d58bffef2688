// What the threads of a workgroup find out together. This stands before every shader that says so.

override kThreads: u32 = 256;  // of a workgroup; a power of 2

var<workgroup> of_threads: array<f32, kThreads>;

// Each sum and maximum is a tree of fixed shape; every thread gets the result.
fn workgroup_sum(value: f32, thread: u32) -> f32 {
  workgroupBarrier();  // the result before this one has been read
  of_threads[thread] = value;
  workgroupBarrier();
  for (var width = kThreads / 2u; width > 0u; width /= 2u) {
    if (thread < width) { of_threads[thread] += of_threads[thread + width]; }
    workgroupBarrier();
  }
  return of_threads[0];
}

fn workgroup_max(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  of_threads[thread] = value;
  workgroupBarrier();
  for (var width = kThreads / 2u; width > 0u; width /= 2u) {
    if (thread < width) { of_threads[thread] = max(of_threads[thread], of_threads[thread + width]); }
    workgroupBarrier();
  }
  return of_threads[0];
}

// A lowest number that is no infinity, which a shader's compiler may assume away.
const kLowest = -3.0e38;

// Rows may be more than the 65535 workgroups that one dimension has.
fn row_of(group: vec3u, groups: vec3u) -> u32 { return group.x + groups.x * group.y; }

// log(1 + x) for x >= 0, without losing a small x beside the 1.
fn log_1_plus(x: f32) -> f32 {
  return select(log(1.0 + x), x * (1.0 - x * (0.5 - x * (1.0 / 3.0 - x * 0.25))), x < 0.01);
}
