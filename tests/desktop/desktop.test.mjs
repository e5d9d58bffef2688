// The desktop program on a screen that nobody sees: it draws, it remembers, and it says what is wrong.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { brightness_at, colours_of, read_png } from '../web/picture.mjs';
import { new_folder, open_screen, start } from './screen.mjs';

let screen;
before(async () => (screen = await open_screen()));
after(() => screen.stop());

const kExperiment = 'lr-gd-perceptron';

async function picture(...words) {
  const file = join(new_folder(), 'picture.png');
  const { status, err } = await start([kExperiment, '--screenshot', file, ...words], screen).ended;
  assert.equal(status, 0, err);
  return read_png(readFileSync(file));
}

test('a hundred frames, and the window is not empty', async () => {
  const shown = await picture('--frames', '100', '--size', '1000x700');
  assert.deepEqual([shown.width, shown.height], [1000, 700]);
  const { number, most } = colours_of(shown);
  assert.ok(number > 100, `${number} colours`);
  assert.ok(most < 0.97, `${most} of it is one colour`);
});

test('a dark window is dark, a light one is light', async () => {
  assert.ok(brightness_at(await picture('--theme', 'dark'), 3, 3) < 80);
  assert.ok(brightness_at(await picture('--theme', 'light'), 3, 3) > 180);
});

test('a dense screen has more pixels for the same window', async () => {
  const shown = await picture('--size', '700x450', '--density', '2');
  assert.deepEqual([shown.width, shown.height], [1400, 900]);
  assert.ok(colours_of(shown).number > 100);
});

test('what was open is remembered; a run for a picture leaves no trace', async () => {
  const state = new_folder();
  const kept = join(state, 'logit-lab', 'open');
  const quick = [`${kExperiment}?max_iterations=50`, '--frames', '5'];
  assert.equal((await start(quick, { ...screen, state }).ended).status, 0);
  assert.ok(!existsSync(join(state, 'logit-lab')), readdirSync(state).join());

  const first = start([`https://example.org/#${kExperiment}?max_iterations=50`], { ...screen, state });
  await wait(4000);
  first.process.kill('SIGTERM');
  assert.equal((await first.ended).status, 0);
  assert.match(readFileSync(kept, 'utf8'), /^lr-gd-perceptron\?.*max_iterations=50/);

  const again = start([], { ...screen, state });
  await wait(4000);
  again.process.kill('SIGTERM');
  assert.equal((await again.ended).status, 0);
  assert.match(readFileSync(kept, 'utf8'), /^lr-gd-perceptron\?.*max_iterations=50/);
  assert.match(readFileSync(join(state, 'logit-lab', 'window'), 'utf8'), /^\d+ \d+ \d+ \d+ [01]\n$/);
});

test('a window in which nothing moves takes hardly any of the processor', async () => {
  const resting = start([`${kExperiment}?max_iterations=50`], screen);
  // Ticks of 1/100 s that the process has had.
  const ticks = () => {
    const fields = readFileSync(`/proc/${resting.process.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  await wait(6000);
  const before_rest = ticks();
  await wait(3000);
  const used = (ticks() - before_rest) / 100;
  resting.process.kill('SIGTERM');
  await resting.ended;
  assert.ok(used < 0.5, `${used} s of 3 s`);
});

test('what is wrong with the arguments is said, with status 2', async () => {
  for (const [words, text] of [
    [['--frames', 'x'], /--frames: 'x' is not right; expected a number from 1/],
    [['--size', '12'], /--size.*1280x800/],
    [['--theme', 'blue'], /--theme.*light, dark or system/],
    [['--screenshot'], /--screenshot: needs a value/],
    [['a', 'b'], /'b' is one too many/],
    [['--colour'], /unknown option '--colour'/],
  ]) {
    const { status, err } = await start(words, screen).ended;
    assert.equal(status, 2, err);
    assert.match(err, text);
  }
});

test('without a screen it ends with status 3, and help needs none', async () => {
  const { status, err } = await start([kExperiment]).ended;
  assert.equal(status, 3);
  assert.match(err, /there is no screen to draw on/);
  const help = await start(['--help']).ended;
  assert.equal(help.status, 0);
  assert.match(help.out, /^usage: logit-lab-desktop/);
});

test('a picture that cannot be written is said, with status 3', async () => {
  const { status, err } = await start([kExperiment, '--screenshot', '/no/such/folder/a.png'], screen).ended;
  assert.equal(status, 3);
  assert.match(err, /cannot be written/);
});
