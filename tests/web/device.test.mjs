// Sweeps of the page's engine on WebGPU, in Chromium's Worker on its software adapter: near the CPU's
// numbers, and what becomes of a run whose device is lost, refused or absent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { kSite, open_chromium, serve } from './browsers.mjs';

const kMap = {
  experiment: 'lr-gd-step-size-map',
  set: { columns: 9, rows: 5, samples: 60, half_gap_from: 0.1, limit: 2000 },
};
const kCycles = { experiment: 'lr-gd-cycles', set: { columns: 40, burn_in: 500, to: 6 } };

// The engine's worker, with a device of which a test decides. after: how often memory is read before
// it is gone; refuse: the adapter gives none; hide: there is no WebGPU.
const kWorker = `
  const asked = new URL(import.meta.url).searchParams;
  if (asked.has('hide')) Object.defineProperty(navigator, 'gpu', { value: undefined });
  if (globalThis.GPUAdapter) {
    const request = GPUAdapter.prototype.requestDevice, map = GPUBuffer.prototype.mapAsync;
    let left = Number(asked.get('after') ?? Infinity), device;
    GPUAdapter.prototype.requestDevice = async function (wanted) {
      if (asked.has('refuse')) throw new TypeError('a test says no');
      return (device = await request.call(this, wanted));
    };
    GPUBuffer.prototype.mapAsync = function (...range) {
      if (left-- === 0) device.destroy();
      return map.apply(this, range);
    };
  }
  await import('./engine-worker.mjs');
  postMessage('there');
`;

let server, browser;
before(async () => {
  server = await serve(kSite);
  browser = await open_chromium(['--enable-unsafe-webgpu']);
});
after(async () => {
  await browser?.close();
  server?.stop();
});

// Everything that an engine says of a run of this config, from `open` to the end.
async function run(config, open, query = '') {
  const page = await browser.newPage();
  try {
    await page.context().route('**/test-worker.mjs*', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: kWorker }));
    await page.goto(`${server.address}manifest.json`);
    return await page.evaluate(([config, open, query]) => new Promise((resolve, reject) => {
      const events = [];
      setTimeout(() => reject(new Error(`no end after ${JSON.stringify(events.at(-1))}`)), 120000);
      const worker = new Worker(`./test-worker.mjs?${query}`, { type: 'module' });
      worker.onerror = ({ message }) => reject(new Error(message ?? 'the worker could not be loaded'));
      const say = (command) => worker.postMessage(JSON.stringify({ protocol: 1, ...command }));
      const take = (frames) => {
        const view = new DataView(frames);
        for (let at = 0; at < frames.byteLength;) {
          const json = view.getUint32(at + 4, true), count = Number(view.getBigUint64(at + 8, true));
          const text = new TextDecoder().decode(new Uint8Array(frames, at + 16, json));
          const numbers = new Float64Array(frames, at + 16 + json, count);
          const event = JSON.parse(text);
          for (const block of event.blocks ?? []) {
            if (block.kind === 'array') block.values = [...numbers.slice(block.offset, block.offset + block.length)];
          }
          events.push(event);
          at += 16 + json + 8 * count;
        }
      };
      worker.onmessage = async ({ data }) => {
        if (data === 'there') {
          const module = await WebAssembly.compileStreaming(fetch('./engine.wasm'));
          worker.postMessage({ module, snapshotBytes: 1 << 24 });
          say({ command: 'open', id: 1, config, seed: 0, seeds: 1, ...open });
          say({ command: 'run', id: 2 });
        } else if (data instanceof ArrayBuffer) {
          take(data);
          if (events.some(({ event, reply }) => event === 'idle' && reply === 2)) resolve(events);
        } else if (data.failed) {
          reject(new Error(data.failed));
        }
      };
    }), [config, open, query]);
  } finally {
    await page.close();
  }
}

const of_kind = (events, kind) => events.filter(({ event }) => event === kind);

// The last array of that name.
function array(events, name) {
  const blocks = of_kind(events, 'records').flatMap(({ blocks }) => blocks);
  return blocks.filter(({ recording }) => recording === name).at(-1).values;
}

test('the map and the cycles on WebGPU are near the CPU\'s', async (t) => {
  const strict = await run(kMap, {});
  const ours = await run(kMap, { backend: 'webgpu' });
  const [opened] = of_kind(ours, 'opened');
  if (!opened.device) return t.skip(opened.device_reason);
  console.log(`  ${opened.device}: ${opened.device_reason}`);
  assert.match(opened.device, /WebGPU \(/);
  assert.equal(of_kind(ours, 'finished').length, 1);
  const counts = [strict, ours].map((events) => array(events, 'map/updates'));
  assert.equal(counts[1].length, 45);
  const far = counts[0].filter((count, i) => Math.abs(counts[1][i] - count) > 2 + 0.02 * count).length;
  console.log(`  map: ${far} of 45 cells differ by more than 2 % and 2 updates`);
  assert.ok(far <= 3);

  const periods = [await run(kCycles, {}), await run(kCycles, { backend: 'webgpu' })]
    .map((events) => array(events, 'descent/periods').filter((_, i) => i % 2 === 1));
  const other = periods[0].filter((period, i) => period !== periods[1][i]).length;
  console.log(`  cycles: ${other} of 40 periods differ`);
  assert.ok(other <= 4);
});

test('auto is the CPU where the adapter is software, and says so', async () => {
  const events = await run(kMap, { backend: 'auto' });
  const [opened] = of_kind(events, 'opened');
  assert.equal(opened.device, undefined);
  assert.match(opened.device_reason, /is software|no adapter/);
  assert.equal(of_kind(events, 'finished')[0].digest, of_kind(await run(kMap, {}), 'finished')[0].digest);
});

test('a lost device: the CPU does the rest, or the run rests with what it has', async (t) => {
  for (const on_device_failure of ['continue', 'stop']) {
    const events = await run(kMap, { backend: 'webgpu', on_device_failure }, 'after=9');
    if (!of_kind(events, 'opened')[0].device) return t.skip(of_kind(events, 'opened')[0].device_reason);
    const [failed] = of_kind(events, 'device_failed');
    assert.equal(failed.reason, 'lost');
    assert.match(failed.text, /lost/);
    assert.equal(failed.goes_on, on_device_failure === 'continue');
    const [end] = of_kind(events, failed.goes_on ? 'finished' : 'paused');
    assert.equal(end.step, failed.goes_on ? 45 : failed.step);
  }
});

test('no device: the CPU and a line that says why, or an error', async () => {
  for (const [query, why] of [['refuse', /gives no device: a test says no|no adapter/], ['hide', /no WebGPU here/]]) {
    const events = await run(kMap, { backend: 'webgpu' }, query);
    assert.match(of_kind(events, 'opened')[0].device_reason, why);
    assert.equal(of_kind(events, 'finished').length, 1);
    const stopped = await run(kMap, { backend: 'webgpu', on_device_failure: 'stop' }, query);
    assert.match(of_kind(stopped, 'error')[0].problem, why);
    assert.equal(of_kind(stopped, 'error')[0].kind, 'machine');
  }
});
