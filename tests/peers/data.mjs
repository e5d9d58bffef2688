// The numbers that src/app/bench_data.h has a formula for, and what is made of them.
export const kStream = {
  samples: 1, direction: 2, pictures: 3, noise: 4, labels: 5, weights: 6, left: 7, right: 8, elements: 9,
};

export function bits(stream, i) {
  let h = Math.imul(0x9e3779b1, i + 1) ^ Math.imul(0x85ebca77, stream);
  h = Math.imul(0x7feb352d, h ^ (h >>> 16));
  h = Math.imul(0x846ca68b, h ^ (h >>> 15));
  return (h ^ (h >>> 16)) >>> 0;
}

export function number(stream, i, low, high) {
  return low + (high - low) * ((bits(stream, i) >>> 8) * 2 ** -24);
}

export function numbers(stream, n, low, high) {
  const x = new Float32Array(n);
  for (let i = 0; i < n; ++i) x[i] = number(stream, i, low, high);
  return x;
}

export function signed_samples(n, d) {
  const direction = Array.from({ length: d }, (_, j) => number(kStream.direction, j, -1, 1));
  const z = new Float32Array(n * d);
  const sample = new Float64Array(d);
  for (let i = 0; i < n; ++i) {
    let side = 0;
    for (let j = 0; j < d; ++j) {
      sample[j] = number(kStream.samples, i * d + j, -1.7, 1.7);
      side += sample[j] * direction[j];
    }
    for (let j = 0; j < d; ++j) z[i * d + j] = side < 0 ? -sample[j] : sample[j];
  }
  return z;
}

// The network 784-128-10 and its samples, in batches of 64: {x, y} of each, y with a 1 at the label.
export const kMlp = { inputs: 784, hidden: 128, classes: 10, count: 10000, batch: 64, step_size: 0.05 };

export function initial_weights() {
  const { inputs, hidden, classes } = kMlp;
  let next = 0;
  const layer = (of, units) => {
    const limit = Math.sqrt(6 / of);
    return Float32Array.from({ length: of * units }, () => number(kStream.weights, next++, -limit, limit));
  };
  const w1 = layer(inputs, hidden);
  return { w1, b1: new Float32Array(hidden), w2: layer(hidden, classes), b2: new Float32Array(classes) };
}

export function pictures() {
  const { inputs, classes, count } = kMlp;
  const x = new Float32Array(count * inputs);
  const y = new Float32Array(count * classes);
  for (let i = 0; i < count; ++i) {
    const label = bits(kStream.labels, i) % classes;
    y[i * classes + label] = 1;
    for (let j = 0; j < inputs; ++j) {
      x[i * inputs + j] = number(kStream.pictures, label * inputs + j, 0, 0.3)
        + number(kStream.noise, i * inputs + j, -1.7, 1.7);
    }
  }
  return { x, y };
}

export function batches() {
  const { inputs, classes, count, batch } = kMlp;
  const { x, y } = pictures();
  const all = [];
  for (let first = 0; first < count; first += batch) {
    const rows = Math.min(batch, count - first);
    all.push({
      rows,
      x: x.subarray(first * inputs, (first + rows) * inputs),
      y: y.subarray(first * classes, (first + rows) * classes),
    });
  }
  return all;
}
