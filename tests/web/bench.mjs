// Prints what the page takes on this machine, each figure with its budget. The page is served from a
// disk that is warm and drawn by the browser's own software. Run by `./lab bench`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { kSite, open_chromium, serve } from './browsers.mjs';
import { kPageBudget, page_bytes } from './transfer.mjs';

const kLink = 'lr-gd-perceptron';
const kLoads = 5;
const kFrames = 200;

const server = await serve(kSite);
const browser = await open_chromium();

// Of one load with an empty cache: {picture, step, frame} in milliseconds, {memory} in bytes.
async function load() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await page.goto(`${server.address}#${kLink}`);
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
async function verdict_seconds({ id, claims }) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(`${server.address}#${id}`);
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

try {
  await load();  // the browser itself has started
  const loads = [];
  for (let i = 0; i < kLoads; ++i) loads.push(await load());
  const median = (name) => loads.map((load) => load[name]).sort((a, b) => a - b)[Math.floor(kLoads / 2)];
  const line = (what, value, budget) => console.log(`  ${what.padEnd(48)}${value.padStart(10)}   budget ${budget}`);
  const kilobytes = (bytes) => `${Math.round(bytes / 1000)} KB`;
  console.log(`The page in Chromium, drawn in software: medians of ${kLoads} loads`);
  line('compressed bytes until the first live step', kilobytes(page_bytes(kSite, kLink)), kilobytes(kPageBudget));
  line('first picture', `${Math.round(median('picture'))} ms`, '1000 ms');
  line('first live step on the screen', `${Math.round(median('step'))} ms`, '2500 ms');
  line(`C++ of a frame before it is drawn, mean of ${kFrames}`, `${median('frame').toFixed(2)} ms`, '2 ms');
  line('memory of an engine, after it was loaded', `${(median('memory') / 2 ** 20).toFixed(0)} MB`, '64 MB');
  console.log('All claims of an experiment judged in the page, over all their seeds');
  for (const card of JSON.parse(readFileSync(join(kSite, 'manifest.json'))).cards) {
    const seconds = await verdict_seconds(card);
    line(card.id, `${seconds.toFixed(1)} s`, card.id === kLink ? '30 s' : '120 s');
  }
} finally {
  await browser.close();
  server.stop();
}
