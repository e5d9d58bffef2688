// Ours beside other programs in one run: the same numbers to begin with, and results that are the same
// within 1e-4. node peers.mjs [--json]; run by `./lab bench --peers`, which sets up what it needs.
//
// One core each: no page around the Workers is isolated, so that the programs there have no threads,
// as in most pages; native ones are told to use one. Programs take turns, a few rounds long. Each figure
// is the median of its rounds' medians; beside it stands the best of all, which says more on a busy machine.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { kNative, open_chromium, serve } from '../web/browsers.mjs';

const kRounds = 3;
const kTolerance = 1e-4;
const kMostMinutes = 10;  // of one program in one round

const kHere = fileURLToPath(new URL('.', import.meta.url));
const kRoot = join(kHere, '../..');
const kPackages = join(process.env.LAB_PEERS ?? '', 'node_modules');
const kBench = join(kRoot, 'build/web/bench');
const kFolder = join(kRoot, 'build/web/peers');

const version = (name) => JSON.parse(readFileSync(join(kPackages, name, 'package.json'))).version;

// Puts everything that the Workers fetch into one folder.
function put_together() {
  rmSync(kFolder, { recursive: true, force: true });
  for (const part of ['', 'tfjs', 'ort', 'jax']) mkdirSync(join(kFolder, part), { recursive: true });
  writeFileSync(join(kFolder, 'index.html'), '<!doctype html><title>Peers</title>');
  for (const file of readdirSync(kHere)) if (file.endsWith('.mjs')) copyFileSync(join(kHere, file), join(kFolder, file));
  for (const file of ['bench.mjs', 'bench.wasm']) copyFileSync(join(kBench, file), join(kFolder, file));
  const take = (from, part, wanted) => {
    for (const file of readdirSync(join(kPackages, from))) {
      if (wanted.test(file)) cpSync(join(kPackages, from, file), join(kFolder, part, file));
    }
  };
  take('@tensorflow/tfjs-core/dist', 'tfjs', /^tf-core\.min\.js$/);
  take('@tensorflow/tfjs-backend-cpu/dist', 'tfjs', /^tf-backend-cpu\.min\.js$/);
  take('@tensorflow/tfjs-backend-wasm/dist', 'tfjs', /^tf-backend-wasm\.min\.js$|\.wasm$/);
  take('onnxruntime-web/dist', 'ort', /^ort\.wasm\.min\.mjs$|^ort-wasm-simd-threaded\.(mjs|wasm)$/);
  take('@jax-js/jax/dist', 'jax', /\.js$/);
}

// Rows of a Worker of the page, and what it could not do.
async function in_worker(page, script, message) {
  return page.evaluate(([script, message, minutes]) => new Promise((resolve) => {
    const rows = [];
    const failed = [];
    const worker = new Worker(script, { type: 'module' });
    const end = (why) => {
      if (why) failed.push(why);
      worker.terminate();
      resolve({ rows, failed });
    };
    setTimeout(() => end('it took too long'), minutes * 60000);
    worker.onerror = ({ message }) => end(message);
    worker.onmessage = ({ data }) => {
      if (data.row) rows.push(data.row);
      if (data.rows) rows.push(...data.rows);
      if (data.failed) failed.push(data.failed);
      if (data.done || data.rows) end();
    };
    worker.postMessage(message);
  }), [script, message, kMostMinutes]);
}

function native_program(program, ...more) {
  if (!program) return { rows: [], failed: ['Python with NumPy is not here'] };
  return { failed: [], ...JSON.parse(execFileSync(program, more, { maxBuffer: 1 << 26 })) };
}

const kPrograms = [
  { name: 'Logit Lab', place: 'native', ours: true, measure: () => native_program(kNative, 'bench', '--compared', '--json') },
  { name: 'NumPy, scikit-learn, PyTorch', place: 'native', measure: () => native_program(process.env.LAB_PYTHON, join(kHere, 'native_peers.py')) },
  { name: 'Logit Lab', place: 'Chromium', ours: true,
    measure: (page) => in_worker(page, './ours-worker.mjs', { names: [], compared: true, quick: false }) },
  { name: 'TensorFlow.js', place: 'Chromium', measure: (page) => in_worker(page, './tfjs-worker.mjs?backend=wasm') },
  { name: 'TensorFlow.js', place: 'Chromium', measure: (page) => in_worker(page, './tfjs-worker.mjs?backend=cpu') },
  { name: 'ONNX Runtime Web', place: 'Chromium',
    measure: (page) => in_worker(page, `./ort-worker.mjs?version=${version('onnxruntime-web')}`) },
  { name: 'jax-js', place: 'Chromium',
    measure: (page) => in_worker(page, `./jax-worker.mjs?version=${version('@jax-js/jax')}`) },
];

const less_is_better = ({ unit }) => unit === 'ms';
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

// Every program in turn, kRounds times: rows with the median of the rounds, and failures.
async function measure_all() {
  const found = new Map();
  const failed = new Set();
  const server = await serve(kFolder);
  const browser = await open_chromium();
  try {
    for (let round = 0; round < kRounds; ++round) {
      for (const { name, place, ours = false, measure } of kPrograms) {
        console.error(`  round ${round + 1} of ${kRounds}: ${name}, ${place}`);
        const page = place === 'native' ? null : await browser.newPage();
        await page?.goto(server.address);
        const { rows, failed: failures } = await measure(page);
        await page?.close();
        for (const failure of failures) failed.add(`${name}, ${place}: ${failure}`);
        for (const row of rows) {
          const key = JSON.stringify([place, row.name, row.size, row.element, row.variant]);
          if (!found.has(key)) found.set(key, { ...row, place, ours, medians: [], bests: [] });
          found.get(key).medians.push(row.median);
          found.get(key).bests.push(row.best);
        }
      }
    }
    return {
      browser: `Chromium ${browser.version()}`, failed: [...failed],
      rows: [...found.values()].map(({ medians, bests, ...row }) => ({
        ...row, median: median(medians), medians,
        best: less_is_better(row) ? Math.min(...bests) : Math.max(...bests),
      })),
    };
  } finally {
    await browser.close();
    server.stop();
  }
}

// Each of our rows with the fastest of the others: of the same element, or, where none has it, of any;
// by `median` and by `best`.
function compared(rows) {
  return rows.filter(({ ours }) => ours).map((row) => {
    const others = rows.filter((other) =>
      !other.ours && other.place === row.place && other.name === row.name && other.size === row.size);
    const same = others.filter(({ element }) => element === row.element);
    const candidates = same.length > 0 ? same : others;
    const fastest = (by) => {
      const times = (a, b) => (less_is_better(a) ? b[by] / a[by] : a[by] / b[by]);
      const other = candidates.reduce((best, each) => (!best || times(each, best) > 1 ? each : best), null);
      return other && { variant: other.variant, element: other.element, value: other[by], ratio: times(row, other) };
    };
    return { row, median: fastest('median'), best: fastest('best') };
  });
}

const differs = (a, b) => !(Math.abs(a - b) <= kTolerance * Math.max(1, Math.abs(a)));

function report({ browser, rows, failed }) {
  const number = (value) => value.toPrecision(3).padStart(8);
  const against = (other) => (other ? `${other.ratio.toFixed(2).padStart(6)}x ${other.variant}` : 'nothing to compare');
  for (const place of new Set(rows.map((row) => row.place))) {
    console.log(`\n${place === 'native' ? 'Native' : browser}, one core, ${kRounds} rounds: median, best; checked by`);
    for (const row of rows.filter((each) => each.place === place)) {
      console.log(`  ${`${row.name} ${row.size}, ${row.element}`.padEnd(40)}${row.variant.padEnd(34)}`
        + `${number(row.median)}${number(row.best)} ${row.unit.padEnd(8)} ${row.check.toPrecision(6)}`);
    }
    console.log('How many times as fast as the fastest of the others: by medians, by the best');
    for (const { row, median, best } of compared(rows).filter((each) => each.row.place === place)) {
      console.log(`  ${`${row.name} ${row.size}, ${row.element}`.padEnd(40)}${row.variant.padEnd(16)}`
        + `${against(median).padEnd(40)}${against(best)}`);
    }
  }
  for (const failure of failed) console.log(`  not measured: ${failure}`);
}

if (!existsSync(kPackages)) {
  console.error(`There are no packages in ${kPackages}: run ./lab bench --peers`);
  process.exit(2);
}
put_together();
const result = await measure_all();
// Each of a name and size must have come to the same.
const unequal = result.rows.filter((row) =>
  result.rows.some((other) => other.ours && other.name === row.name && other.size === row.size && differs(other.check, row.check)));
if (process.argv.includes('--json')) console.log(JSON.stringify({ ...result, compared: compared(result.rows) }));
else report(result);
for (const { place, name, size, variant, check } of unequal) {
  console.error(`${place}: ${variant} comes to ${check} for ${name} ${size}, which is not what ours comes to`);
}
process.exit(unequal.length > 0 ? 1 : 0);
