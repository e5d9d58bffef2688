// jax-js on WebAssembly: each step compiled by jit. An array is used up where it is used, but for
// those marked `ref`.
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np } from './jax/index.js';
import { batches, initial_weights, kMlp, kStream, numbers, signed_samples } from './data.mjs';
import { kDescents, kGemm, kSoftmax, rows, run } from './measure.mjs';

await init('wasm');
defaultDevice('wasm');
const row = rows(`jax-js ${new URL(import.meta.url).searchParams.get('version')} (wasm)`);
const array = (values, shape) => np.array(values).reshape(shape);

async function descent({ n, d, steps }) {
  const z = array(signed_samples(n, d), [n, d]);
  await blockUntilReady(z);
  const step = jit((z, theta) => {
    const weights = nn.sigmoid(np.matmul(z.ref, theta.ref).neg());
    return theta.add(np.matmul(weights, z).mul(1 / n));
  });
  const loss = jit((z, theta) => nn.softplus(np.matmul(z, theta).neg()).mean());
  await row.descent({ n, d, steps }, async () => {
    let theta = np.zeros([d]);
    for (let i = 0; i < steps; ++i) theta = step(z.ref, theta);
    return (await loss(z.ref, theta).data())[0];
  });
  z.dispose();
}

async function mlp() {
  const { inputs, hidden, classes, step_size } = kMlp;
  const all = batches().map(({ rows, x, y }) => ({ x: array(x, [rows, inputs]), y: array(y, [rows, classes]), rows }));
  const first = initial_weights();
  const step_of = (rows) => jit((x, y, w1, b1, w2, b2) => {
    const h = nn.relu(np.matmul(x.ref, w1.ref).add(b1.ref));
    const log_p = nn.logSoftmax(np.matmul(h.ref, w2.ref).add(b2.ref), -1);
    const g = np.exp(log_p.ref).sub(y.ref).mul(1 / rows);
    const loss = log_p.mul(y).sum().mul(-1 / rows);
    const of_h = np.where(h.ref.greater(0), np.matmul(g.ref, w2.ref.transpose()), 0);
    const down = (w, gradient) => w.sub(gradient.mul(step_size));
    return [
      down(w1, np.matmul(x.transpose(), of_h.ref)), down(b1, of_h.sum(0)),
      down(w2, np.matmul(h.transpose(), g.ref)), down(b2, g.sum(0)), loss,
    ];
  });
  const steps = new Map([...new Set(all.map(({ rows }) => rows))].map((rows) => [rows, step_of(rows)]));
  await row.mlp(async () => {
    let weights = [
      array(first.w1, [inputs, hidden]), np.array(first.b1), array(first.w2, [hidden, classes]), np.array(first.b2),
    ];
    let loss = null;
    for (const { x, y, rows } of all) {
      loss?.dispose();
      [...weights] = steps.get(rows)(x.ref, y.ref, ...weights);
      loss = weights.pop();
    }
    const [value] = await loss.data();
    await blockUntilReady(weights);
    for (const each of weights) each.dispose();
    return value;
  });
}

async function gemm() {
  const a = array(numbers(kStream.left, kGemm * kGemm, -1, 1), [kGemm, kGemm]);
  const b = array(numbers(kStream.right, kGemm * kGemm, -1, 1), [kGemm, kGemm]);
  const product = jit((a, b) => np.matmul(a, b));
  await row.gemm(kGemm, async () => (await product(a.ref, b.ref).data())[0]);
}

async function softmax() {
  const { rows, cols } = kSoftmax;
  const x = array(numbers(kStream.elements, rows * cols, -20, 20), [rows, cols]);
  const softmaxes = jit((x) => nn.softmax(x, -1));
  await row.softmax(kSoftmax, async () => {
    const y = await blockUntilReady(softmaxes(x.ref));
    return (await y.slice(0).max().data())[0];
  });
}

await run([...kDescents.map((each) => () => descent(each)), mlp, gemm, softmax]);
