// A screen that nobody sees (Xvfb), and the desktop program on it.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kRoot = fileURLToPath(new URL('../../', import.meta.url));
export const kProgram = process.env.LAB_DESKTOP ?? `${kRoot}build/native/logit-lab-desktop`;

// {display, stop}
export async function open_screen() {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // Its number, and then the end of the line: who closes the pipe in between ends the server.
  let said = '';
  await new Promise((resolve, reject) => {
    server.stdout.on('data', (text) => {
      said += text;
      if (said.endsWith('\n')) resolve();
    });
    server.on('exit', () => reject(new Error('Xvfb did not start')));
  });
  return { display: `:${said.trim()}`, stop: () => server.kill() };
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
