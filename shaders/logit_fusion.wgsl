// Experts' logits fused over a vocabulary: f = sum of weights(e) x_e, softmax(f), its entropy, and its
// divergence from each expert. Stands after workgroup.wgsl.
//
// The vocabulary of a token is cut into parts, one workgroup each. `gather` reads every logit once and
// keeps of its part, with m the largest f, m_e the largest x_e and sums over the part:
//     m, sum exp(f - m), sum exp(f - m) f,   and for each expert   m_e, sum exp(x_e - m_e),
//     sum exp(f - m) x_e.
// `finish` puts the parts of a token together, and writes probabilities and terms.

override kExperts: u32 = 1;
override kKept: u32 = 3 + 3 * kExperts;
const kMostExperts = 8u;

struct Shape { tokens: u32, vocabulary: u32, parts: u32, part: u32 }  // part: elements of one

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> logits: array<f32>;  // experts x tokens x vocabulary
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> kept: array<f32>;  // tokens x parts x kKept
@group(0) @binding(4) var<storage, read_write> probabilities: array<f32>;
@group(0) @binding(5) var<storage, read_write> terms: array<f32>;  // tokens x (experts + 1)

fn logit(expert: u32, token: u32, v: u32) -> f32 {
  return logits[(expert * shape.tokens + token) * shape.vocabulary + v];
}

fn fused(token: u32, v: u32) -> f32 {
  var f = 0.0;
  for (var e = 0u; e < kExperts; e++) { f = fma(weights[e], logit(e, token, v), f); }
  return f;
}

@compute @workgroup_size(kThreads)
fn gather(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
          @builtin(local_invocation_index) thread: u32) {
  let place = row_of(group, groups);
  if (place >= shape.tokens * shape.parts) { return; }
  let token = place / shape.parts;
  let first = (place % shape.parts) * shape.part;
  let end = min(first + shape.part, shape.vocabulary);
  var largest = kLowest;
  var sum = 0.0;
  var sum_f = 0.0;
  var largest_of: array<f32, kMostExperts>;
  var sum_of: array<f32, kMostExperts>;
  var sum_x: array<f32, kMostExperts>;
  for (var e = 0u; e < kExperts; e++) { largest_of[e] = kLowest; }
  for (var v = first + thread; v < end; v += kThreads) {
    let f = fused(token, v);
    // What was added up so far shrinks where a larger one appears.
    let larger = max(largest, f);
    let shrunk = exp(largest - larger);
    let p = exp(f - larger);
    largest = larger;
    sum = fma(sum, shrunk, p);
    sum_f = fma(sum_f, shrunk, p * f);
    for (var e = 0u; e < kExperts; e++) {
      let x = logit(e, token, v);
      let larger_x = max(largest_of[e], x);
      sum_of[e] = fma(sum_of[e], exp(largest_of[e] - larger_x), exp(x - larger_x));
      largest_of[e] = larger_x;
      sum_x[e] = fma(sum_x[e], shrunk, p * x);
    }
  }
  let m = workgroup_max(largest, thread);
  let shrunk = exp(largest - m);
  let s = workgroup_sum(sum * shrunk, thread);
  let s_f = workgroup_sum(sum_f * shrunk, thread);
  let at = place * kKept;
  if (thread == 0u) {
    kept[at] = m;
    kept[at + 1u] = s;
    kept[at + 2u] = s_f;
  }
  for (var e = 0u; e < kExperts; e++) {
    let m_e = workgroup_max(largest_of[e], thread);
    let s_e = workgroup_sum(sum_of[e] * exp(largest_of[e] - m_e), thread);
    let s_x = workgroup_sum(sum_x[e] * shrunk, thread);
    if (thread == 0u) {
      kept[at + 3u + 3u * e] = m_e;
      kept[at + 4u + 3u * e] = s_e;
      kept[at + 5u + 3u * e] = s_x;
    }
  }
}

// Of a token's parts: the sum of what stands at `index`, each shrunk by how far its largest, at
// `index_of_largest`, is below `largest`.
fn over_parts(token: u32, index: u32, index_of_largest: u32, largest: f32) -> f32 {
  var sum = 0.0;
  for (var part = 0u; part < shape.parts; part++) {
    let at = (token * shape.parts + part) * kKept;
    sum = fma(kept[at + index], exp(kept[at + index_of_largest] - largest), sum);
  }
  return sum;
}

fn largest_over_parts(token: u32, index: u32) -> f32 {
  var largest = kLowest;
  for (var part = 0u; part < shape.parts; part++) {
    largest = max(largest, kept[(token * shape.parts + part) * kKept + index]);
  }
  return largest;
}

@compute @workgroup_size(kThreads)
fn finish(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
          @builtin(local_invocation_index) thread: u32) {
  let place = row_of(group, groups);
  if (place >= shape.tokens * shape.parts) { return; }
  let token = place / shape.parts;
  let first = (place % shape.parts) * shape.part;
  let end = min(first + shape.part, shape.vocabulary);
  let m = largest_over_parts(token, 0u);
  let s = over_parts(token, 1u, 0u, m);
  for (var v = first + thread; v < end; v += kThreads) {
    probabilities[token * shape.vocabulary + v] = exp(fused(token, v) - m) / s;
  }
  if (first > 0u) { return; }
  // The mean of log p, and of log softmax(x_e), over p.
  let mean_log_p = over_parts(token, 2u, 0u, m) / s - (m + log(s));
  let to = token * (kExperts + 1u);
  for (var e = thread; e <= kExperts; e += kThreads) {
    if (e == kExperts) {
      terms[to + e] = -mean_log_p;
      continue;
    }
    let at = 3u + 3u * e;
    let m_e = largest_over_parts(token, at);
    let s_e = over_parts(token, at + 1u, at, m_e);
    let mean_log_q = over_parts(token, at + 2u, 0u, m) / s - (m_e + log(s_e));
    terms[to + e] = mean_log_p - mean_log_q;
  }
}
