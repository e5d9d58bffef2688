// The benchmarks of everything, printed as tables or, with --json, as one JSON document: the program
// natively (on one core, and on all of them at once) and in WebAssembly under Node; in Chromium the same
// in a Worker, and what the page takes, each figure with its budget. The page is served from a disk that
// is warm and drawn by the browser's own software. Run by `./lab bench`: node bench.mjs [--json]
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kLink = 'lr-gd-perceptron';
const kLoads = 5;
const kFrames = 200;
// What needs neither files nor several runs of the module.
const kNamesInWorker = ['lr-gd', 'exp', 'log', 'softmax', 'gemv', 'gemv_t', 'gemm', 'dcov', 'mlp', 'train', 'decode', 'session'];
const kWorkerMinutes = 15;

const kRoot = fileURLToPath(new URL('../../', import.meta.url));
const kNative = process.env.LAB_NATIVE ?? join(kRoot, 'build/native/logit-lab');
const kNode = join(kRoot, 'build/web/bin/logit-lab.mjs');
const kBench = join(kRoot, 'build/web/bench');
const json = process.argv.includes('--json');

// A program's `bench`: its rows, or, printed by itself, nothing.
function program_rows(heading, command, ...more) {
  const [program, ...first] = command;
  if (json) return JSON.parse(execFileSync(program, [...first, 'bench', '--json', ...more], { maxBuffer: 1 << 26 })).rows;
  console.log(`\n${heading}`);
  execFileSync(program, [...first, 'bench', ...more], { stdio: 'inherit' });
  return undefined;
}

// The rows of the bench in a Worker.
async function worker_rows(browser, serve) {
  copyFileSync(join(kRoot, 'tests/peers/ours-worker.mjs'), join(kBench, 'ours-worker.mjs'));
  writeFileSync(join(kBench, 'index.html'), '<!doctype html><title>Bench</title>');
  const server = await serve(kBench);
  try {
    const page = await browser.newPage();
    await page.goto(server.address);
    const answer = await page.evaluate(([names, minutes]) => new Promise((resolve) => {
      const worker = new Worker('./ours-worker.mjs', { type: 'module' });
      setTimeout(() => resolve({ failed: 'it took too long' }), minutes * 60000);
      worker.onerror = ({ message }) => resolve({ failed: message });
      worker.onmessage = ({ data }) => resolve(data);
      worker.postMessage({ names, compared: false, quick: false });
    }), [kNamesInWorker, kWorkerMinutes]);
    if (answer.failed) throw new Error(`the bench in a Worker: ${answer.failed}`);
    await page.close();
    return answer.rows;
  } finally {
    server.stop();
  }
}

function print_rows(heading, rows) {
  console.log(`\n${heading}`);
  for (const { name, size, element, variant, median, unit, baseline, ratio } of rows) {
    const times = variant === baseline ? '' : `${ratio.toPrecision(3)}x`;
    console.log(`${name.padEnd(9)}${size.padEnd(28)}${element.padEnd(9)}${variant.padEnd(18)}`
      + `${median.toPrecision(3).padStart(9)} ${unit.padEnd(8)}${times.padStart(8)}`);
  }
}

// Of one load with an empty cache: {picture, step, frame} in milliseconds, {memory} in bytes.
async function load(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await page.goto(`${address}#${kLink}`);
  const measured = await page.evaluate(async (frames) => {
    const until = async (test) => {
      while (!test()) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const mark = (name) => performance.getEntriesByName(`logit-lab: ${name}`)[0]?.startTime;
    await until(() => mark('first live step') !== undefined);
    const redraw = setInterval(
      () => document.getElementById('canvas').dispatchEvent(new PointerEvent('pointermove', { bubbles: true })), 10);
    await until(() => logitLab.frames() > 20);  // the first ones make the fonts
    const [first, drawn] = [logitLab.frames(), logitLab.layout_milliseconds()];
    await until(() => logitLab.frames() >= first + frames);
    clearInterval(redraw);
    return {
      picture: mark('picture'),
      step: mark('first live step'),
      frame: (logitLab.layout_milliseconds() - drawn) / (logitLab.frames() - first),
      memory: logitLab.engine_bytes(),
    };
  }, kFrames);
  await context.close();
  return measured;
}

// Seconds from asking for every claim of an experiment, over all its seeds, to the last verdict.
async function verdict_seconds(browser, address, { id, claims }) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(`${address}#${id}`);
  await page.waitForFunction(() => performance.getEntriesByName('logit-lab: first live step')[0]);
  const seconds = await page.evaluate(async ({ id, claims }) => {
    const judged = () => logitLab.mirror().verdicts.split('\n').filter((line) => line !== '').length;
    const started = performance.now();
    logitLab.post(JSON.stringify({ protocol: 1, command: 'reproduce', experiment: id, id: 1e6 }));
    while (judged() < claims) await new Promise((resolve) => setTimeout(resolve, 100));
    return (performance.now() - started) / 1000;
  }, { id, claims });
  await page.close();
  return seconds;
}

// [{what, value, unit, budget}]: medians over loads, and what judging takes once.
async function page_figures(browser, { kSite, serve }, { kPageBudget, page_bytes }) {
  const server = await serve(kSite);
  try {
    await load(browser, server.address);  // the browser itself has started
    const loads = [];
    for (let i = 0; i < kLoads; ++i) loads.push(await load(browser, server.address));
    const verdicts = [];
    for (const card of JSON.parse(readFileSync(join(kSite, 'manifest.json'))).cards) {
      verdicts.push({
        what: `all verdicts of ${card.id}`,
        value: await verdict_seconds(browser, server.address, card),
        unit: 's',
        budget: card.id === kLink ? 30 : 120,
      });
    }
    const median = (name) => loads.map((load) => load[name]).sort((a, b) => a - b)[Math.floor(kLoads / 2)];
    return [
      { what: 'compressed bytes until the first live step', value: page_bytes(kSite, kLink) / 1000, unit: 'KB',
        budget: kPageBudget / 1000 },
      { what: 'first picture', value: median('picture'), unit: 'ms', budget: 1000 },
      { what: 'first live step on the screen', value: median('step'), unit: 'ms', budget: 2500 },
      { what: `C++ of a frame before it is drawn, mean of ${kFrames}`, value: median('frame'), unit: 'ms', budget: 2 },
      { what: 'memory of an engine, after it was loaded', value: median('memory') / 2 ** 20, unit: 'MB', budget: 64 },
      ...verdicts,
    ];
  } finally {
    server.stop();
  }
}

async function in_browser() {
  const browsers = await import('./browsers.mjs').catch(() => null);
  if (!browsers?.kChromium) {
    if (!json) console.log('\nThe rest is measured in a browser (Debian: chromium npm)');
    return {};
  }
  const transfer = await import('./transfer.mjs');
  const browser = await browsers.open_chromium();
  try {
    const rows = await worker_rows(browser, browsers.serve);
    if (!json) print_rows(`WebAssembly in a Worker of Chromium ${browser.version()}, one core`, rows);
    const page = await page_figures(browser, browsers, transfer);
    if (!json) {
      console.log(`\nThe page in Chromium, drawn in software: medians of ${kLoads} loads`);
      for (const { what, value, unit, budget } of page) {
        console.log(`  ${what.padEnd(48)}${value.toPrecision(3).padStart(8)} ${unit}   budget ${budget} ${unit}`);
      }
    }
    return { chromium: rows, page };
  } finally {
    await browser.close();
  }
}

const measured = {
  native: program_rows('Native, one core', [kNative]),
  native_all_cores: program_rows('Native, all cores at once', [kNative], '--all-cores'),
  node: program_rows('WebAssembly in Node, one core', [process.execPath, kNode]),
  ...(await in_browser()),
};
if (json) console.log(JSON.stringify(measured));
