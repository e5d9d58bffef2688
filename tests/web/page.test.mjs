// The page in Chromium, as a person meets it: first picture, workbench, links, files, keys, and what
// it says when something is missing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { kNative, kSite, open_chromium, serve } from './browsers.mjs';
import { brightness_at, colours_of, read_png } from './picture.mjs';

const kExperiment = 'lr-gd-perceptron';
// Runs to its end in no time.
const kQuick = `${kExperiment}?data=gaussians&max_iterations=50`;
const kPatience = 60000;  // a shared machine draws in software

let server, browser, context, page, complaints;
before(async () => {
  server = await serve(kSite);
  browser = await open_chromium();
});
after(async () => {
  await browser?.close();
  server?.stop();
});
beforeEach(async () => {
  await new_page({});
});
afterEach(() => context.close());

async function new_page(options) {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 1100, height: 700 }, ...options });
  context.setDefaultTimeout(kPatience);
  page = await context.newPage();
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
}

// Opens a link and waits until the workbench is there and its runs rest.
async function open(link = kQuick, { path = 'index.html#' } = {}) {
  await page.goto(`${server.address}${path}${link}`);
  await started();
}

async function started(frame = page) {
  await frame.waitForFunction(() => globalThis.logitLab && /finished/.test(logitLab.mirror().status), null, {
    timeout: kPatience,
  });
}

const state = () => page.evaluate(() => logitLab.state());
const mirror = () => page.evaluate(() => logitLab.mirror());

const shown = async () => read_png(await page.screenshot());
// How many colours the window has: few, where nothing is drawn.
const colours = async () => colours_of(await shown()).number;

test('a first picture stands before the modules are there, with a bar of bytes', async () => {
  let go_on;
  const held = new Promise((resolve) => (go_on = resolve));
  await page.route('**/page.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${server.address}#${kQuick}`);
  const image = page.locator('#first-pictures img').first();
  await image.waitFor();
  await page.waitForFunction(() => document.querySelector('#first-pictures img').naturalWidth > 100);
  assert.match(await page.locator('#first-title').textContent(), /perceptron/);
  assert.ok(await page.locator('#canvas').isHidden());
  await page.locator('#loading-bar').waitFor();
  assert.match(await page.locator('#loading-text').textContent(), /\d+\.\d of \d+\.\d MB/);
  go_on();
  await started();
  assert.ok(await page.locator('#first').isHidden());
  assert.deepEqual(complaints, []);
});

test('the workbench draws, runs and says so in text', async () => {
  await open();
  const said = await mirror();
  assert.match(said.title, /perceptron/);
  assert.match(said.status, /finished/);
  assert.ok(said.figures.length > 0);
  await page.waitForFunction(() => /finished/.test(document.getElementById('mirror-status').textContent));
  assert.equal(await page.locator('#mirror-figures li').count(), said.figures.length);
  assert.match(await page.title(), /perceptron.* - Logit Lab/);
  const { number, most } = colours_of(await shown());
  assert.ok(number > 100 && most < 0.97, `${number} colours, ${most} of one`);
  assert.deepEqual(complaints, []);
});

test('a link holds what is shown, and opens it again', async () => {
  await open(`${kExperiment}?data=moons&gamma=1000&seed=7&max_iterations=60`);
  assert.match(await state(), /gamma=1000/);
  await page.waitForFunction(() => location.hash.includes('digest='));
  const link = new URL(page.url()).hash.slice(1);
  assert.match(link, /seed=7/);
  await new_page({});
  await open(link);
  assert.equal(await state(), link);
  await page.evaluate((other) => (location.hash = other), kQuick);
  await page.waitForFunction(() => logitLab.state().includes('max_iterations=50'));
});

// The digest that the page says.
const digest = async () => /digest ([0-9a-f]{64})/.exec((await mirror()).status)?.[1];

test('the page computes the native program\'s bits', { skip: !existsSync(kNative) && 'no native program' }, async () => {
  const link = `${kExperiment}?data=moons&gamma=1000&seed=7&max_iterations=60`;
  const native = JSON.parse(execFileSync(kNative, ['run', '--link', link, '--json'], { encoding: 'utf8' }));
  await open(link);
  await page.waitForFunction(() => /digest [0-9a-f]{64}/.test(logitLab.mirror().status));
  assert.equal(await digest(), native.seeds[0].digest);
});

test('a link with its digest says whether the bits are the same', async () => {
  await open(kQuick);
  await page.waitForFunction(() => /digest/.test(logitLab.mirror().status) && logitLab.state().includes('digest='));
  const link = await state();
  await new_page({});
  await open(link);
  await page.waitForFunction(() => logitLab.mirror().status.includes('same bits as in the link'));
  await new_page({});
  await open(link.replace(/digest=.{16}/, 'digest=0123456789abcdef'));
  await page.waitForFunction(() => logitLab.mirror().status.includes('other bits than in the link'));
});

test('back to the beginning and on again, by keys, ends at the same digest', async () => {
  await open(`${kExperiment}?data=moons&gamma=100&max_iterations=60`);
  const before = await digest();
  await page.locator('canvas').click({ position: { x: 550, y: 8 } });
  await page.keyboard.press('0');
  await page.waitForFunction(() => /step 0, paused/.test(logitLab.mirror().status));
  assert.notEqual(await digest(), before);
  await page.keyboard.press('.');
  await page.waitForFunction(() => /step 1, paused/.test(logitLab.mirror().status));
  await page.keyboard.press('Space');
  await started();
  await page.waitForFunction((old) => logitLab.mirror().status.includes(old), before);
});

test('a slider dragged with the mouse changes the run, and Ctrl+Z takes it back', async () => {
  await open(`${kExperiment}?max_iterations=200`);
  const before = await digest();
  // The left panel is as wide in every window: the slider of `samples`.
  await page.mouse.move(104, 219);
  await page.mouse.down();
  for (let x = 108; x <= 128; x += 4) await page.mouse.move(x, 219);
  await page.mouse.up();
  await page.waitForFunction(() => /samples=\d+/.test(logitLab.state()) && /finished/.test(logitLab.mirror().status));
  await page.waitForFunction((old) => !logitLab.mirror().status.includes(old), before);
  await page.keyboard.press('Control+z');
  await page.waitForFunction((old) => logitLab.mirror().status.includes(old), before);
  assert.ok(!/samples=/.test(await state()));
});

// In a window of 1100 x 700; ImGui wants to see the button go down in one frame and up in another.
async function click(x, y) {
  await page.mouse.move(x, y);
  await page.waitForTimeout(150);
  await page.mouse.down();
  await page.waitForTimeout(100);
  await page.mouse.up();
  await page.waitForTimeout(400);
}
const kMoons = `${kExperiment}?data=moons&gamma=100&max_iterations=60`;

test('a branch from a step in the middle goes on with other settings', async () => {
  await open(kMoons);
  const before = await digest();
  await page.locator('canvas').click({ position: { x: 550, y: 8 } });
  await page.keyboard.press('0');
  await page.waitForFunction(() => /step 0, paused/.test(logitLab.mirror().status));
  await page.keyboard.press('.');
  await page.waitForFunction(() => /step [1-9]\d*, paused/.test(logitLab.mirror().status));
  await click(760, 641);  // Branch...
  await click(860, 87);   // gamma
  await page.keyboard.press('Control+A');
  await page.keyboard.type('7');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(300);
  await click(890, 118);  // Branch off
  await page.waitForFunction((old) => /finished/.test(logitLab.mirror().status) && !logitLab.mirror().status.includes(old), before);
  assert.deepEqual(complaints, []);
});

test('a figure is saved as SVG and as CSV', async () => {
  await open(kMoons);
  const saved = async (y) => {
    await click(756, 69);  // the figure's menu
    const [download] = await Promise.all([page.waitForEvent('download'), click(811, y)]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  };
  const svg = await saved(191);
  assert.match(svg.name, /boundary.*\.svg$/);
  assert.match(svg.text, /^<svg[^]*Data and decision boundaries[^]*<\/svg>\s*$/);
  const csv = await saved(215);
  assert.match(csv.name, /boundary.*\.csv$/);
  assert.match(csv.text, /^set,x1,x2\n/);
  assert.equal(csv.text.trim().split('\n').length, 501);
});

test('a sample dragged with the mouse makes data of its own', async () => {
  await open(kMoons);
  const before = await digest();
  await page.mouse.move(449, 253);
  await page.waitForTimeout(150);
  await page.mouse.down();
  for (let i = 0; i < 8; ++i) {
    await page.mouse.move(449 - 4 * i, 253 + 2 * i);
    await page.waitForTimeout(50);
  }
  await page.mouse.up();
  await page.waitForFunction(() => logitLab.state().includes('data=points:') && /finished/.test(logitLab.mirror().status));
  await page.waitForFunction((old) => !logitLab.mirror().status.includes(old), before);
  await page.keyboard.press('Control+z');
  await page.waitForFunction((old) => logitLab.mirror().status.includes(old), before);
});

test('a broken file and a broken link say what is wrong and change nothing', async () => {
  await open(kQuick);
  const before = await state();
  await page.evaluate(() => logitLab.drop('broken.csv', new TextEncoder().encode('a,b,class\n1,2,x\n3,four,y\n5\n')));
  await page.waitForFunction(() => logitLab.mirror().status.includes('broken.csv'));
  assert.equal(await state(), before);
  await page.evaluate(() => logitLab.open('lr-gd-perceptron?gamma=minus'));
  await page.waitForFunction(() => logitLab.mirror().status.includes('gamma'));
  assert.equal(await state(), before);
  assert.deepEqual(complaints, []);
});

test('a claim is measured and judged in the page', async () => {
  await open(kQuick);
  await page.evaluate(() => logitLab.post(JSON.stringify({
    protocol: 1, command: 'reproduce', id: 900, experiment: '', claims: ['batch-lower-bound'], seeds: 0,
  })));
  await page.waitForFunction(() => /batch-lower-bound: reproduced/.test(logitLab.mirror().verdicts));
});

test('what was open is open again, without a link', async () => {
  await open(`${kExperiment}?data=moons&max_iterations=70`);
  await page.waitForFunction(() => localStorage.getItem('logit-lab.open')?.includes('max_iterations=70'));
  await page.goto('about:blank');
  await page.goto(server.address);
  await started();
  assert.match(await state(), /max_iterations=70/);
});

test('only the data that an experiment asks for is fetched', async () => {
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await open(`${kExperiment}?data=wdbc&gamma=100&max_iterations=50`);
  const data = fetched.filter((path) => path.startsWith('/data/'));
  assert.deepEqual([...new Set(data)], ['/data/breast_cancer.csv.gz']);
});

test('seeds are spread over workers', async () => {
  await open(`${kQuick}&seeds=5`);
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  assert.equal(page.workers().length, Math.min(5, 8, cores));
  assert.match(await state(), /seeds=5/);
});

test('a dropped file becomes the data', async () => {
  await open();
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 1 + i / 50 : -1 - i / 50},${i / 40},${i % 2 ? 'a' : 'b'}`);
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'mine.csv', { type: 'text/csv' }));
    document.getElementById('stage').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, `x,y,class\n${rows.join('\n')}\n`);
  await page.waitForFunction(() => logitLab.state().includes('mine.csv'));
});

// Drops files of these names and texts together.
const drop = (files) => page.evaluate((all) => {
  const data = new DataTransfer();
  for (const [name, text] of all) data.items.add(new File([text], name));
  document.getElementById('stage').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
}, files);

test('a small language model learns a text and goes on with a prompt', async () => {
  await open('language-models?width=16&heads=2&context=16&updates=30&batch=2&most_text=8000&length=20&sample_every=10');
  const said = await mirror();
  assert.match(said.status, /step 50, finished/);
  const figure = (start) => said.figures.find((text) => text.startsWith(start));
  const [, before, after] = figure('What it learns').match(/held-out part goes from ([\d.]+) at 0 to ([\d.]+) at 30/);
  assert.ok(after < before - 0.5, `${before} and then ${after} nats a token`);
  assert.match(figure('What it writes meanwhile'), /after 0: .*after 10: .*after 30: /s);
  assert.match(figure('The text so far'), /“Anna found the red ball in the.{20}”/s);
  assert.match(figure('The next token'), /once processed/);
  assert.match(figure('Logit lens'), /3 rows and \d+ columns/);
  assert.deepEqual(complaints, []);
});

test('a dropped text is learnt, and files that are no language model are refused by name', async () => {
  await open('language-models?width=8&heads=1&layers=1&context=8&updates=3&batch=1&length=3&sample_length=2');
  await drop([['poem.txt', 'the rose is red and the sky is blue\n'.repeat(20)]]);
  await page.waitForFunction(() => logitLab.state().includes('poem.txt') && /finished/.test(logitLab.mirror().status));
  await drop([['config.json', '{}'], ['vocab.json', '{}'], ['merges.txt', ''], ['model.safetensors', 'x']]);
  await page.waitForFunction(() => /config\.json.*model_type|config\.json.*vocab_size/.test(logitLab.mirror().status));
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => logitLab.state().includes('poem.txt') && !logitLab.state().includes('training='));
});

test('keys reach the workbench, and Tab leaves the canvas', async () => {
  await open();
  const focused = () => page.evaluate(() => document.activeElement.id);
  await page.locator('#canvas').focus();
  const gallery = async () => {
    const before_it = await page.evaluate(() => logitLab.frames());
    await page.keyboard.press('g');
    await page.waitForFunction((frames) => logitLab.frames() > frames + 3, before_it);
  };
  const workbench = await colours();
  await gallery();
  assert.notEqual(await colours(), workbench);
  await gallery();
  await page.keyboard.press('Tab');
  assert.notEqual(await focused(), 'canvas');
});

// Where the parameter `samples` is typed in, in a window of 1100 x 700.
const kSamples = { x: 222, y: 224 };
const kTouchSamples = 290;  // its place when the controls have grown for fingers

test('letters, and what is pasted, go into the field that was clicked', async () => {
  await new_page({ permissions: ['clipboard-read', 'clipboard-write'] });
  await open();
  const replace = async (how) => {
    await page.mouse.click(kSamples.x, kSamples.y);
    await page.waitForTimeout(300);
    await page.keyboard.press('Control+A');
    await how();
    await page.waitForTimeout(300);
    await page.keyboard.press('Enter');
  };
  await replace(() => page.keyboard.type('123'));
  await page.waitForFunction(() => logitLab.state().includes('samples=123'));
  await page.evaluate(() => navigator.clipboard.writeText('250'));
  await replace(() => page.keyboard.press('Control+V'));
  await page.waitForFunction(() => logitLab.state().includes('samples=250'));
});

test('a finger on a text field opens the soft keyboard', async () => {
  await new_page({ hasTouch: true });
  await open();
  await page.touchscreen.tap(kSamples.x, 600);  // the controls grow for fingers
  await page.waitForTimeout(800);
  await page.touchscreen.tap(kSamples.x, kTouchSamples);
  await page.waitForFunction(() => document.activeElement.id === 'letters');
  for (let digit = 0; digit < 3; ++digit) await page.keyboard.press('Backspace');
  await page.keyboard.type('77');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => logitLab.state().includes('samples=77'));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'canvas');
});

test('the canvas has the density of the screen, and follows the window', async () => {
  await new_page({ viewport: { width: 900, height: 600 }, deviceScaleFactor: 2 });
  await open();
  const size = () => page.evaluate(() => [document.getElementById('canvas').width, document.getElementById('canvas').height]);
  assert.deepEqual(await size(), [1800, 1200]);
  await page.setViewportSize({ width: 700, height: 500 });
  await page.waitForFunction(() => document.getElementById('canvas').width === 1400);
  assert.deepEqual(await size(), [1400, 1000]);
  assert.ok((await colours()) > 100);
});

test('the page is dark where the system is', async () => {
  const brightness = async () => brightness_at(await shown(), 3, 3);
  await new_page({ colorScheme: 'dark' });
  await open();
  assert.ok((await brightness()) < 80);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.waitForTimeout(1500);
  assert.ok((await brightness()) > 180);
});

test('graphics that were lost come back', async () => {
  await open();
  await page.evaluate(() => {
    const lost = document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context');
    lost.loseContext();
    setTimeout(() => lost.restoreContext(), 200);
  });
  await page.waitForTimeout(2500);
  assert.ok((await colours()) > 100);
});

test('a browser that lacks something is told what, beside the pictures', async () => {
  await page.addInitScript(() => {
    const get_context = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind === 'webgl2' ? null : get_context.call(this, kind, ...rest);
    };
    WebAssembly.validate = () => false;
  });
  await page.goto(`${server.address}#${kQuick}`);
  await page.locator('#problem').waitFor();
  const said = await page.locator('#problem').textContent();
  for (const what of ['WebAssembly SIMD', 'WebAssembly exceptions', 'WebGL 2', 'hardware acceleration']) {
    assert.ok(said.includes(what), said);
  }
  await page.locator('#first-pictures img').first().waitFor();
});

test('a module that cannot be loaded is told', async () => {
  await page.route('**/page.wasm', (route) => route.fulfill({ status: 404 }));
  await page.goto(server.address);
  await page.locator('#problem').waitFor();
  assert.match(await page.locator('#problem').textContent(), /page\.wasm could not be loaded: the server says 404/);
});

test('an engine that cannot be loaded is told, and the workbench stays', async () => {
  await page.route('**/engine.wasm', (route) => route.fulfill({ status: 404 }));
  await page.goto(`${server.address}#${kQuick}`);
  await page.locator('#notice').waitFor();
  assert.match(await page.locator('#notice').textContent(), /engine\.wasm could not be loaded/);
  assert.ok(await page.locator('#canvas').isVisible());
});

test('an experiment that cannot be loaded is told, and another can be opened', async () => {
  await page.route('**/experiments/lr-gd-cycles.wasm', (route) => route.fulfill({ status: 404 }));
  await page.goto(`${server.address}#lr-gd-cycles`);
  await page.waitForFunction(() =>
    globalThis.logitLab?.mirror().status.includes("the experiment 'lr-gd-cycles' could not be loaded"));
  await page.evaluate((link) => logitLab.open(link), kQuick);
  await started();
  assert.match(await state(), /lr-gd-perceptron/);
});

test('a script that is not the page\'s own does not run', async () => {
  await open();
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.foreign = true';
    document.head.append(script);
    return globalThis.foreign === true;
  });
  assert.equal(ran, false);
});

test('two embedded figures leave the page its keys and its wheel', async () => {
  await page.goto(`${server.address}examples/embed/two-figures.html`);
  const frames = () => page.frames().filter((frame) => frame.url().includes('embed.html'));
  await page.waitForFunction(() => document.querySelectorAll('iframe').length === 2);
  for (const frame of frames()) await started(frame);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY');

  await page.locator('#answer').click();
  await page.keyboard.type('fewer, I think');
  assert.equal(await page.locator('#answer').inputValue(), 'fewer, I think');

  const scrolled = () => page.evaluate(() => scrollY);
  const box = await page.locator('iframe').first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, 200);
  await page.waitForFunction(() => scrollY > 50);

  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForFunction(() => document.activeElement.tagName === 'IFRAME');
  await page.mouse.wheel(0, 200);
  await page.waitForTimeout(500);
  assert.equal(await scrolled(), 0);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'answer');
  assert.deepEqual(complaints, []);
});

test('pictures of the page for people who look at the tests', { skip: !process.env.LAB_PICTURES }, async () => {
  const folder = process.env.LAB_PICTURES || mkdtempSync(join(tmpdir(), 'logit-lab-'));
  await open(kExperiment);
  await page.screenshot({ path: join(folder, 'page.png') });
});
