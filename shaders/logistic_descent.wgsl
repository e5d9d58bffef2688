// Gradient descent for logistic regression, many runs at once and many iterations in one dispatch:
// each thread descends for one run. Its theta and its gradient are columns of the workgroup's memory
// that no other thread touches, so nothing has to be waited for; all threads read the same samples,
// four at a time. (Tyurin 2024, eq. 3)

override kThreads: u32 = 64;
override kFeatures: u32 = 1;
override kColumns: u32 = kThreads * kFeatures;

struct Shape {
  samples: u32,
  quads: u32,  // of samples, the last one padded with zeros
  runs: u32,
  iterations: u32,
  first_iteration: u32,
}

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> features: array<vec4f>;  // sets x kFeatures x quads
@group(0) @binding(2) var<storage, read> set_of: array<u32>;
@group(0) @binding(3) var<storage, read> step_sizes: array<f32>;
@group(0) @binding(4) var<storage, read_write> theta: array<f32>;  // kFeatures x runs
@group(0) @binding(5) var<storage, read_write> losses: array<f32>;
@group(0) @binding(6) var<storage, read_write> errors: array<f32>;
@group(0) @binding(7) var<storage, read_write> solved_at: array<f32>;

var<workgroup> own_theta: array<f32, kColumns>;
var<workgroup> own_gradient: array<f32, kColumns>;

// log(1 + x) for x >= 0, without losing a small x beside the 1.
fn log_1_plus(x: vec4f) -> vec4f {
  return select(log(1.0 + x), x * (1.0 - x * (0.5 - x * (1.0 / 3.0 - x * 0.25))), x < vec4f(0.01));
}

@compute @workgroup_size(kThreads)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) thread: u32) {
  let run = (group.x + groups.x * group.y) * kThreads + thread;
  if (run >= shape.runs) { return; }
  let first = set_of[run] * kFeatures * shape.quads;
  let step = step_sizes[run] / f32(shape.samples);
  for (var j = 0u; j < kFeatures; j++) {
    own_theta[j * kThreads + thread] = theta[j * shape.runs + run];
  }
  var solved = solved_at[run];
  var loss = 0.0;
  var wrong = 0.0;
  for (var t = 0u; t <= shape.iterations; t++) {
    loss = 0.0;
    wrong = 0.0;
    for (var j = 0u; j < kFeatures; j++) { own_gradient[j * kThreads + thread] = 0.0; }
    for (var quad = 0u; quad < shape.quads; quad++) {
      var margins = vec4f();
      for (var j = 0u; j < kFeatures; j++) {
        margins = fma(features[first + j * shape.quads + quad],
                      vec4f(own_theta[j * kThreads + thread]), margins);
      }
      let e = exp(-abs(margins));
      let weights = select(vec4f(1.0), e, margins > vec4f()) / (1.0 + e);
      let counted = vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u) < vec4u(shape.samples);
      wrong += dot(vec4f(1.0), select(vec4f(), select(vec4f(1.0), vec4f(), margins > vec4f()), counted));
      loss += dot(vec4f(1.0), select(vec4f(), max(vec4f(), -margins) + log_1_plus(e), counted));
      for (var j = 0u; j < kFeatures; j++) {
        own_gradient[j * kThreads + thread] += dot(weights, features[first + j * shape.quads + quad]);
      }
    }
    if (wrong == 0.0 && solved < 0.0) { solved = f32(shape.first_iteration + t); }
    if (t == shape.iterations) { break; }
    for (var j = 0u; j < kFeatures; j++) {
      own_theta[j * kThreads + thread] += step * own_gradient[j * kThreads + thread];
    }
  }
  for (var j = 0u; j < kFeatures; j++) {
    theta[j * shape.runs + run] = own_theta[j * kThreads + thread];
  }
  losses[run] = loss / f32(shape.samples);
  errors[run] = wrong;
  solved_at[run] = solved;
}
