// A server of the site and Debian's own browsers, for the tests of the page. Nothing is downloaded.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { chromium, firefox } from 'playwright-core';

const kRoot = fileURLToPath(new URL('../../', import.meta.url));
export const kSite = process.env.LAB_SITE ?? `${kRoot}build/web/site`;

export const kNative = process.env.LAB_NATIVE ?? `${kRoot}build/native/logit-lab`;

export const kChromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const kFirefox = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync);

// {address, stop}: web/serve.mjs over a folder.
export async function serve(folder) {
  const server = spawn(process.execPath, [`${kRoot}web/serve.mjs`, folder, '18080'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const address = await new Promise((resolve, reject) => {
    server.stdout.on('data', (text) => {
      said += text;
      const found = /http:\/\/\S+/.exec(said);
      if (found) resolve(found[0]);
    });
    server.on('exit', () => reject(new Error('web/serve.mjs did not start: is the site built?')));
  });
  return { address, stop: () => server.kill() };
}

// more: arguments besides those that every test needs.
export function open_chromium(more = []) {
  return chromium.launch({
    executablePath: kChromium,
    headless: true,
    args: [
      '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader', ...more,
    ],
  });
}

// Null where there is none.
export function open_firefox() {
  if (!kFirefox) return null;
  return firefox.launch({ channel: 'moz-firefox', executablePath: kFirefox, headless: true });
}

