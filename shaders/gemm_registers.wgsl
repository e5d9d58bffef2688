// C = A B, for adapters that are software: each thread computes 4 x 4 elements of C in registers.
// What a workgroup's own memory would save a graphics processor costs a processor more than it saves.
// Stands after gemm.wgsl.

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) place: vec3u) {
  let i = place.y * 4u;
  let j = place.x * 4u;
  if (i >= shape.m || j >= shape.n) { return; }
  // Beyond the edges the last row or column is computed again, and not stored.
  let rows = min(vec4u(i) + vec4u(0u, 1u, 2u, 3u), vec4u(shape.m - 1u));
  let columns = min(vec4u(j) + vec4u(0u, 1u, 2u, 3u), vec4u(shape.n - 1u));
  let a_place = select(rows * shape.k, rows, vec4<bool>(kTransposeA));
  let b_place = select(columns, columns * shape.k, vec4<bool>(kTransposeB));
  let a_step = select(1u, shape.m, kTransposeA);
  let b_step = select(shape.n, 1u, kTransposeB);
  var r0 = vec4f(); var r1 = vec4f(); var r2 = vec4f(); var r3 = vec4f();
  for (var p = 0u; p < shape.k; p++) {
    let pa = a_place + p * a_step;
    let pb = b_place + p * b_step;
    let row = vec4f(b[pb.x], b[pb.y], b[pb.z], b[pb.w]);
    r0 = fma(vec4f(a[pa.x]), row, r0);
    r1 = fma(vec4f(a[pa.y]), row, r1);
    r2 = fma(vec4f(a[pa.z]), row, r2);
    r3 = fma(vec4f(a[pa.w]), row, r3);
  }
  store(i, j, r0); store(i + 1u, j, r1); store(i + 2u, j, r2); store(i + 3u, j, r3);
}
