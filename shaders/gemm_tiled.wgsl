// C = A B, for graphics processors: each workgroup computes a tile of C of 8 kSide x 8 kSide from
// tiles of A and B in its own memory, each thread 8 x 8 elements in registers.
// Stands after gemm.wgsl.

override kSide: u32 = 8;  // threads of a workgroup along each side, 8 or 16

const kDepth = 8u;                   // of the tiles of A and B, along k
override kQuads: u32 = 2 * kSide;    // groups of four along a side of the tile
override kTile: u32 = kQuads * kDepth;

var<workgroup> tile_a: array<vec4f, kTile>;  // kDepth x kQuads: four rows of A each
var<workgroup> tile_b: array<vec4f, kTile>;  // kDepth x kQuads: four columns of B each

fn a_at(i: u32, p: u32) -> f32 {
  if (i >= shape.m || p >= shape.k) { return 0.0; }
  if (kTransposeA) { return a[p * shape.m + i]; }
  return a[i * shape.k + p];
}

fn b_at(p: u32, j: u32) -> f32 {
  if (p >= shape.k || j >= shape.n) { return 0.0; }
  if (kTransposeB) { return b[j * shape.k + p]; }
  return b[p * shape.n + j];
}

@compute @workgroup_size(kSide, kSide)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u,
        @builtin(local_invocation_index) thread: u32) {
  let row = group.y * kQuads * 4u;
  let column = group.x * kQuads * 4u;
  // Rows y and y + kSide of quads, columns x and x + kSide: neighbours read and write neighbours.
  var r0l = vec4f(); var r1l = vec4f(); var r2l = vec4f(); var r3l = vec4f();
  var r4l = vec4f(); var r5l = vec4f(); var r6l = vec4f(); var r7l = vec4f();
  var r0r = vec4f(); var r1r = vec4f(); var r2r = vec4f(); var r3r = vec4f();
  var r4r = vec4f(); var r5r = vec4f(); var r6r = vec4f(); var r7r = vec4f();

  for (var k0 = 0u; k0 < shape.k; k0 += kDepth) {
    for (var e = thread; e < kTile; e += kSide * kSide) {
      // Along k first where that is how the matrix stands in memory.
      let across = vec2u(e % kQuads, e / kQuads);
      let along = vec2u(e / kDepth, e % kDepth);
      let qa = select(along, across, kTransposeA);
      let i = row + 4u * qa.x;
      let pa = k0 + qa.y;
      tile_a[qa.y * kQuads + qa.x] =
          vec4f(a_at(i, pa), a_at(i + 1u, pa), a_at(i + 2u, pa), a_at(i + 3u, pa));
      let qb = select(across, along, kTransposeB);
      let j = column + 4u * qb.x;
      let pb = k0 + qb.y;
      tile_b[qb.y * kQuads + qb.x] =
          vec4f(b_at(pb, j), b_at(pb, j + 1u), b_at(pb, j + 2u), b_at(pb, j + 3u));
    }
    workgroupBarrier();
    for (var p = 0u; p < kDepth; p++) {
      let upper = tile_a[p * kQuads + local.y];
      let lower = tile_a[p * kQuads + kSide + local.y];
      let left = tile_b[p * kQuads + local.x];
      let right = tile_b[p * kQuads + kSide + local.x];
      r0l = fma(vec4f(upper.x), left, r0l); r0r = fma(vec4f(upper.x), right, r0r);
      r1l = fma(vec4f(upper.y), left, r1l); r1r = fma(vec4f(upper.y), right, r1r);
      r2l = fma(vec4f(upper.z), left, r2l); r2r = fma(vec4f(upper.z), right, r2r);
      r3l = fma(vec4f(upper.w), left, r3l); r3r = fma(vec4f(upper.w), right, r3r);
      r4l = fma(vec4f(lower.x), left, r4l); r4r = fma(vec4f(lower.x), right, r4r);
      r5l = fma(vec4f(lower.y), left, r5l); r5r = fma(vec4f(lower.y), right, r5r);
      r6l = fma(vec4f(lower.z), left, r6l); r6r = fma(vec4f(lower.z), right, r6r);
      r7l = fma(vec4f(lower.w), left, r7l); r7r = fma(vec4f(lower.w), right, r7r);
    }
    workgroupBarrier();
  }

  let i = row + 4u * local.y;
  let i2 = i + 4u * kSide;
  let j = column + 4u * local.x;
  let j2 = j + 4u * kSide;
  store(i, j, r0l); store(i, j2, r0r);
  store(i + 1u, j, r1l); store(i + 1u, j2, r1r);
  store(i + 2u, j, r2l); store(i + 2u, j2, r2r);
  store(i + 3u, j, r3l); store(i + 3u, j2, r3r);
  store(i2, j, r4l); store(i2, j2, r4r);
  store(i2 + 1u, j, r5l); store(i2 + 1u, j2, r5r);
  store(i2 + 2u, j, r6l); store(i2 + 2u, j2, r6r);
  store(i2 + 3u, j, r7l); store(i2 + 3u, j2, r7r);
}
