// TensorFlow.js: the gradients written out, which spares it the tape.
import { batches, initial_weights, kMlp, kStream, numbers, signed_samples } from './data.mjs';
import { kDescents, kGemm, kSoftmax, rows, run } from './measure.mjs';

// Its bundles are no modules: they put themselves under the global name tf.
async function load(path) {
  (0, eval)(await (await fetch(new URL(path, import.meta.url))).text());
}

const kBackend = new URL(import.meta.url).searchParams.get('backend');
await load('tfjs/tf-core.min.js');
await load(`tfjs/tf-backend-${kBackend}.min.js`);
tf.wasm?.setWasmPaths(new URL('tfjs/', import.meta.url).href);
await tf.setBackend(kBackend);
await tf.ready();
const row = rows(`TensorFlow.js ${tf.version_core} (${kBackend})`);

function descent({ n, d, steps }) {
  const z = tf.tensor2d(signed_samples(n, d), [n, d]);
  const rate = tf.scalar(1 / n);
  const zeros = tf.zeros([d, 1]);
  return async () => {
    const call = () => {
      let theta = zeros.clone();
      for (let i = 0; i < steps; ++i) {
        const next = tf.tidy(() => {
          const weights = tf.sigmoid(tf.neg(tf.matMul(z, theta)));
          return tf.add(theta, tf.mul(rate, tf.matMul(z, weights, true)));
        });
        theta.dispose();
        theta = next;
      }
      const loss = tf.tidy(() => tf.mean(tf.softplus(tf.neg(tf.matMul(z, theta)))));
      theta.dispose();
      const [value] = loss.dataSync();
      loss.dispose();
      return value;
    };
    await row.descent({ n, d, steps }, call);
    tf.dispose([z, rate, zeros]);
  };
}

async function mlp() {
  const { inputs, hidden, classes, step_size } = kMlp;
  const all = batches().map(({ rows, x, y }) => ({
    x: tf.tensor2d(x, [rows, inputs]), y: tf.tensor2d(y, [rows, classes]), of_rows: tf.scalar(1 / rows),
  }));
  const first = initial_weights();
  const rate = tf.scalar(step_size);
  const step = ({ x, y, of_rows }, [w1, b1, w2, b2], wants_loss) => tf.tidy(() => {
    const h = tf.fused.matMul({ a: x, b: w1, bias: b1, activation: 'relu' });
    const p = tf.softmax(tf.fused.matMul({ a: h, b: w2, bias: b2 }));
    const g = tf.mul(tf.sub(p, y), of_rows);
    const of_h = tf.mul(tf.matMul(g, w2, false, true), tf.step(h));
    const gradients = [tf.matMul(x, of_h, true), tf.sum(of_h, 0), tf.matMul(h, g, true), tf.sum(g, 0)];
    const next = [w1, b1, w2, b2].map((w, i) => tf.sub(w, tf.mul(gradients[i], rate)));
    if (wants_loss) next.push(tf.neg(tf.mean(tf.log(tf.sum(tf.mul(p, y), 1)))));
    return next;
  });
  await row.mlp(() => {
    let weights = [
      tf.tensor2d(first.w1, [inputs, hidden]), tf.tensor1d(first.b1),
      tf.tensor2d(first.w2, [hidden, classes]), tf.tensor1d(first.b2),
    ];
    all.forEach((batch, i) => {
      const next = step(batch, weights, i + 1 === all.length);
      tf.dispose(weights);
      weights = next;
    });
    const [loss] = weights[4].dataSync();
    tf.dispose(weights);
    return loss;
  });
  tf.dispose(all);
}

async function gemm() {
  const a = tf.tensor2d(numbers(kStream.left, kGemm * kGemm, -1, 1), [kGemm, kGemm]);
  const b = tf.tensor2d(numbers(kStream.right, kGemm * kGemm, -1, 1), [kGemm, kGemm]);
  await row.gemm(kGemm, () => {
    const c = tf.matMul(a, b);
    const [first] = c.dataSync();
    c.dispose();
    return first;
  });
  tf.dispose([a, b]);
}

async function softmax() {
  const { rows, cols } = kSoftmax;
  const x = tf.tensor2d(numbers(kStream.elements, rows * cols, -20, 20), [rows, cols]);
  await row.softmax(kSoftmax, () => {
    const y = tf.softmax(x);
    const largest = tf.tidy(() => tf.max(tf.slice(y, [0, 0], [1, cols])));
    const [value] = largest.dataSync();
    tf.dispose([y, largest]);
    return value;
  });
  x.dispose();
}

// In plain JavaScript only the smallest is worth the time.
await run(kBackend === 'cpu'
  ? [() => descent(kDescents[0])()]
  : [...kDescents.map((each) => () => descent(each)()), mlp, gemm, softmax]);
