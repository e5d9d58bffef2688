// A screen that nobody sees (Xvfb), the desktop program on it, and pictures of its window.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';

const kRoot = fileURLToPath(new URL('../../', import.meta.url));
export const kProgram = process.env.LAB_DESKTOP ?? `${kRoot}build/native/logit-lab-desktop`;

// {display, stop}
export async function open_screen() {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const text of server.stdout) {
    return { display: `:${String(text).trim()}`, stop: () => server.kill() };
  }
  throw new Error('Xvfb did not start');
}

// A folder that is empty at first.
export const new_folder = () => mkdtempSync(join(tmpdir(), 'logit-lab-desktop-'));

// The program, started: {process, ended: a promise of {status, out, err}}. State goes to `state`.
export function start(words, { display, state = new_folder(), path = process.env.PATH } = {}) {
  const env = { ...process.env, XDG_STATE_HOME: state, HOME: state, PATH: path, SDL_VIDEODRIVER: 'x11' };
  delete env.GTK_THEME;
  if (display) {
    env.DISPLAY = display;
  } else {
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'SDL_VIDEODRIVER']) delete env[name];
  }
  const child = spawn(kProgram, words, { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  const ended = new Promise((resolve) => {
    child.on('close', (status, signal) => resolve({ status: status ?? signal, out, err }));
  });
  return { process: child, ended };
}

// {width, height, at(x, y): [red, green, blue]} of a PNG file that the program wrote: rows of red,
// green and blue as differences from the pixel to the left.
export function read_png(file) {
  const bytes = readFileSync(file);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const size = bytes.readUInt32BE(33);
  const rows = inflateSync(bytes.subarray(41, 41 + size));
  for (let y = 0; y < height; ++y) {
    const row = rows.subarray(y * (1 + 3 * width) + 1, (y + 1) * (1 + 3 * width));
    for (let i = 3; i < row.length; ++i) row[i] += row[i - 3];
  }
  const at = (x, y) => [...rows.subarray(y * (1 + 3 * width) + 1 + 3 * x).subarray(0, 3)];
  return { width, height, at };
}

// How many colours a picture has, and the share of its most frequent one.
export function colours_of({ width, height, at }) {
  const counts = new Map();
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const colour = at(x, y).join();
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  }
  return { number: counts.size, most: Math.max(...counts.values()) / (width * height) };
}
