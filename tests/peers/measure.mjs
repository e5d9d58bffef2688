// How long does a call take in this Worker? And what each program's Worker has in common: in comes
// nothing, out go rows as `logit-lab bench --json` has them, {row}, and {done: true} or {failed}.

// Names, sizes and units of rows are those of `logit-lab bench`: by them rows are put together.
export const kDescents = [
  { n: 569, d: 30, steps: 1000 },
  { n: 60000, d: 784, steps: 10 },
];
export const kGemm = 1024;
export const kSoftmax = { rows: 1000, cols: 50257 };

const kWarmUp = 0.2;
const kTotal = 0.6;

// Seconds of one call, which may be a promise, of many after a warm-up: the median and the shortest.
async function seconds_of(call) {
  const times = [];
  let warm = 0;
  for (let sum = 0; sum < kTotal || times.length < 3;) {
    const start = performance.now();
    await call();
    const taken = (performance.now() - start) / 1000;
    warm += taken;
    if (warm <= kWarmUp || warm === taken) continue;
    times.push(taken);
    sum += taken;
  }
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1], best: times[0] };
}

// of: makes a figure of seconds.
async function told(row, of, call) {
  let check;
  const { median, best } = await seconds_of(async () => { check = await call(); });
  postMessage({ row: { element: 'float32', cores: 1, ...row, median: of(median), best: of(best), check } });
}

// call: gives what the results are checked by (see bench.h). repeats: so often it does its work.
export const rows = (variant) => ({
  descent: ({ n, d, steps }, call) =>
    told({ name: 'lr-gd', variant, size: `${n}x${d}, ${steps} steps`, unit: 'ms' }, (s) => 1e3 * s, call),
  mlp: (call) => told({ name: 'mlp', variant, size: '784-128-10, 10000 by 64', unit: 'ms' }, (s) => 1e3 * s, call),
  gemm: (n, call) =>
    told({ name: 'gemm', variant, size: `${n} x ${n} x ${n}`, unit: 'GFLOP/s' }, (s) => (2e-9 * n ** 3) / s, call),
  softmax: ({ rows, cols }, call, repeats = 1) =>
    told({ name: 'softmax', variant, size: `${rows} x ${cols}`, unit: 'Gelem/s' },
      (s) => (1e-9 * rows * cols * repeats) / s, call),
});

// work: a list of functions, each of which measures. What one of them cannot do is said, and the
// next goes on.
export async function run(work) {
  for (const each of work) {
    try {
      await each();
    } catch (error) {
      postMessage({ failed: String(error?.message ?? error) });
    }
  }
  postMessage({ done: true });
}
