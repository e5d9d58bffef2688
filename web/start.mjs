// Starts the page: the first picture, then the workbench on the canvas with its engines.
import { Downloads } from './download.mjs';
import { Engines } from './engines.mjs';
import { show_first_picture } from './first-picture.mjs';
import { bridge_input } from './input.mjs';
import { Mirror } from './mirror.mjs';
import { missing_features } from './requirements.mjs';

const kBase = new URL('.', import.meta.url);
const kEmbedded = 'embedded' in document.documentElement.dataset;
// Each worker holds a copy of the engine: 8 are enough for the seeds that a person watches.
const kMostWorkers = kEmbedded ? 2 : 8;
// What a person did, or a run that has come to rest, is at work for so long: a button that lights up,
// a help text that comes late, a text alternative that is not renewed with every frame.
const kSettleMilliseconds = 800;
const kKeepMilliseconds = 2000;

const at = (id) => document.getElementById(id);
const [stage, canvas, first] = [at('stage'), at('canvas'), at('first')];

// --- [SECTION] what is kept in the browser; it may be forbidden -----------------------------------

const kept = {
  get(key) {
    try {
      return localStorage.getItem(`logit-lab.${key}`);
    } catch {
      return null;
    }
  },
  set(key, text) {
    try {
      localStorage.setItem(`logit-lab.${key}`, text);
    } catch {
      // it will not be remembered
    }
  },
};

// --- [SECTION] messages ---------------------------------------------------------------------------

function show_problem(lines) {
  const paragraphs = lines.map((line) => Object.assign(document.createElement('p'), { textContent: line }));
  at('problem').replaceChildren(...paragraphs);
  at('problem').hidden = false;
  at('loading').hidden = true;
  first.hidden = false;
  canvas.hidden = true;
}

let notice_timer = 0;
function tell(line) {
  at('notice').textContent = line;
  at('notice').hidden = false;
  clearTimeout(notice_timer);
  notice_timer = setTimeout(() => (at('notice').hidden = true), 8000);
}

// --- [SECTION] the module, behind functions that take and give JavaScript's own values ------------

class Page {
  #module;
  #flags = 0;
  #scheduled = false;
  #awake_until = 0;
  #stopped = false;
  #live = 'no';  // 'due': the next frame is the first with what an engine computed; 'yes': it was drawn
  frames = 0;

  constructor(module) {
    this.#module = module;
  }

  #with_text(text, use) {
    const pointer = this.#module.stringToNewUTF8(text);
    try {
      return use(pointer);
    } finally {
      this.#module._free(pointer);
    }
  }

  #with_bytes(bytes, use) {
    const pointer = this.#module._malloc(Math.max(1, bytes.length));
    this.#module.HEAPU8.set(bytes, pointer);
    try {
      return use(pointer, bytes.length);
    } finally {
      this.#module._free(pointer);
    }
  }

  manifest(json) {
    return this.#with_text(json, (text) => this.#module._page_manifest(text));
  }
  start({ width, height, workers, embedded, dark, theme, link_base }) {
    const choice = { light: 1, dark: 2 }[theme] ?? 0;
    return this.#with_text(link_base, (base) =>
      this.#module._page_start(width, height, workers, embedded, dark, choice, base));
  }
  description(id, json) {
    this.#with_text(id, (name) => this.#with_text(json, (text) => this.#module._page_description(name, text)));
  }
  first_run(id, bytes) {
    this.#with_text(id, (name) =>
      this.#with_bytes(bytes, (pointer, size) => this.#module._page_first_run(name, pointer, size)));
  }
  open(fragment) {
    this.#with_text(fragment, (text) => this.#module._page_open(text));
  }
  drop(name, bytes) {
    this.#with_text(name, (text) =>
      this.#with_bytes(bytes, (pointer, size) => this.#module._page_drop(text, pointer, size)));
  }
  engine_ready(ready) {
    this.#module._page_engine_ready(ready ? 1 : 0);
  }
  loading(loaded, total) {
    this.#module._page_loading(loaded, total);
  }
  receive(worker, buffer) {
    this.#with_bytes(new Uint8Array(buffer), (pointer, size) => this.#module._page_receive(worker, pointer, size));
    if (this.#live === 'no') this.#live = 'due';
  }
  lose(worker, why) {
    this.#with_text(why, (text) => this.#module._page_lose(worker, text));
  }
  dark(dark) {
    this.#module._page_dark(dark ? 1 : 0);
  }
  resize(width, height) {
    this.#module._page_resize(width, height);
  }
  focus(focused) {
    this.#module._page_focus(focused ? 1 : 0);
  }
  paste(text) {
    this.#with_text(text, (pointer) => this.#module._page_paste(pointer));
  }
  text(text) {
    this.#with_text(text, (pointer) => this.#module._page_text(pointer));
  }
  key(name) {
    this.#module._page_key(name === 'backspace' ? 0 : 1);
  }
  shortcut(letter, shift) {
    this.#module._page_shortcut(letter.charCodeAt(0), shift ? 1 : 0);
  }
  layout_milliseconds() {
    return this.#module._page_layout_milliseconds();
  }
  post(json) {
    return this.#with_text(json, (text) => this.#module._page_post(text)) === 1;
  }
  state() {
    return this.#module.UTF8ToString(this.#module._page_state());
  }
  restore_graphics() {
    this.#module._page_restore_graphics();
  }
  tell(line) {
    tell(line);
  }

  // Draws soon, and goes on for so long.
  wake(milliseconds = kSettleMilliseconds) {
    this.#awake_until = Math.max(this.#awake_until, performance.now() + milliseconds);
    this.#schedule();
  }
  wants_text() {
    return (this.#flags & 2) !== 0;
  }
  // The frames in which what the person did has its effect, now.
  settle() {
    for (let frame = 0; frame < 3; ++frame) this.#draw();
  }

  #schedule() {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
      if ((this.#flags & 1) !== 0 || performance.now() < this.#awake_until) this.#schedule();
    });
  }

  #draw() {
    if (this.#stopped) return;
    try {
      this.#flags = this.#module._page_frame();
      ++this.frames;
      if (this.#live === 'due') {
        this.#live = 'yes';
        performance.mark('logit-lab: first live step');
      }
    } catch (error) {
      this.stop(error);
    }
  }

  stop(error) {
    if (this.#stopped) return;
    this.#stopped = true;
    console.error(error);
    show_problem([
      `The page has stopped: ${error?.message ?? error}.`,
      'Reloading it opens what was shown last.',
    ]);
  }
}

// --- [SECTION] what the workbench asks of the page ------------------------------------------------

function make_host(engines, mirror, get_page) {
  let link_timer = 0;
  return {
    setLink(fragment) {
      if (kEmbedded) return;
      clearTimeout(link_timer);  // browsers allow few changes in a short time
      link_timer = setTimeout(() => history.replaceState(null, '', `#${fragment}`), 300);
    },
    copy(text) {
      const by_hand = () => {
        const area = Object.assign(document.createElement('textarea'), { value: text, className: 'only-read' });
        document.body.append(area);
        area.select();
        if (!document.execCommand('copy')) tell(`This cannot be copied here: ${text}`);
        area.remove();
        canvas.focus({ preventScroll: true });
      };
      if (navigator.clipboard) {
        navigator.clipboard.writeText(text).catch(by_hand);
      } else {
        by_hand();
      }
    },
    saveFile(name, media_type, bytes) {
      const url = URL.createObjectURL(new Blob([bytes], { type: media_type }));
      Object.assign(document.createElement('a'), { href: url, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60000);
    },
    openFile() {
      at('file').click();
    },
    store(key, text) {
      kept.set(key, text);
    },
    openUrl(url) {
      if (/^https?:\/\//.test(url)) window.open(url, '_blank', 'noopener');
    },
    mirror(what) {
      mirror.show(what);
      if (!kEmbedded) document.title = what.title ? `${what.title} - Logit Lab` : 'Logit Lab';
    },
    send(worker, json) {
      engines.send(worker, json);
    },
    async request(id) {
      const file = async (ending) => {
        const response = await fetch(new URL(`experiments/${encodeURIComponent(id)}.${ending}`, kBase));
        if (!response.ok) throw new Error(`${id}.${ending}: the server says ${response.status}`);
        return response;
      };
      const [told, run] = await Promise.allSettled([
        file('json').then((response) => response.text()),
        file('frames').then((response) => response.arrayBuffer()),
      ]);
      const page = get_page();
      if (run.status === 'fulfilled') page.first_run(id, new Uint8Array(run.value));
      if (told.status === 'fulfilled') {
        page.description(id, told.value);
      } else {
        tell(`The experiment cannot be shown. ${told.reason.message}`);
      }
      page.wake();
    },
  };
}

// --- [SECTION] start ------------------------------------------------------------------------------

// What to open: from the address, else what was open last; empty: nothing is known.
function wanted_link() {
  if (kEmbedded) return location.search.slice(1);
  return location.hash.slice(1) || kept.get('open') || '';
}

// The experiment's id and the figures that a link names.
function parts_of(link) {
  const query = new URLSearchParams(link.includes('?') ? link.slice(link.indexOf('?') + 1) : kEmbedded ? link : '');
  return {
    id: kEmbedded ? (query.get('experiment') ?? '') : link.split('?')[0],
    figures: (query.get('figures') ?? '').split(',').filter((name) => name !== ''),
  };
}

async function load_manifest() {
  try {
    const response = await fetch(new URL('manifest.json', kBase));
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

function show_progress(loaded, total) {
  at('loading').hidden = false;
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  const bar = at('loading-bar');
  if (total > 0) {
    bar.max = total;
    bar.value = loaded;
  }
  at('loading-text').textContent =
    total > 0 ? `${megabytes(loaded)} of ${megabytes(total)} MB` : `${megabytes(loaded)} MB`;
}

async function create_module(compiled, options) {
  const { default: create } = await import('./page.mjs');
  return new Promise((resolve, reject) => {
    create({
      ...options,
      instantiateWasm(imports, receive) {
        compiled.then((module) => WebAssembly.instantiate(module, imports)
          .then((instance) => receive(instance, module))).catch(reject);
        return {};
      },
    }).then(resolve, reject);
  });
}

async function start() {
  const system_dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = kept.get('theme');
  at('first-text').textContent = '';

  const missing = missing_features();
  const manifest_text = await load_manifest();
  const manifest = manifest_text === null ? null : JSON.parse(manifest_text);
  const link = wanted_link() || manifest?.cards[0]?.id || '';
  show_first_picture(kBase, manifest, { ...parts_of(link), theme });
  if (missing.length > 0) {
    show_problem([
      'The pictures here are of a stored run; to run it live, this browser lacks something:',
      ...missing.map(({ what, instead }) => `${what}. It needs ${instead}.`),
    ]);
    return;
  }

  let page = null;
  let started = false;
  const downloads = new Downloads(kBase, (loaded, total) => {
    show_progress(loaded, total);
    if (started) page.loading(loaded, total);
    if (started) page.wake(0);
  });
  const page_module = downloads.compile('page.wasm');
  const engine_module = downloads.compile('engine.wasm');
  engine_module.catch(() => {});  // told by the workers that wait for it

  let engine_bytes = 0;
  const engines = new Engines(Math.max(1, Math.min(kMostWorkers, navigator.hardwareConcurrency || 1)), engine_module, {
    ready(worker, bytes) {
      engine_bytes ||= bytes;
      if (worker === 0) page.engine_ready(true);
      page.wake();
    },
    frames(worker, buffer) {
      page.receive(worker, buffer);
      page.wake();
    },
    failed(worker, why) {
      page.lose(worker, why);
      tell(`A part of the engine has failed: ${why}`);
      page.wake();
    },
  });

  const mirror = new Mirror(document);
  const module = await create_module(page_module, {
    canvas,
    host: make_host(engines, mirror, () => page),
    onAbort: (why) => page?.stop(new Error(why)),
  });
  page = new Page(module);
  if (manifest_text !== null) page.manifest(manifest_text);

  canvas.hidden = false;
  const { width, height } = stage.getBoundingClientRect();
  const made = page.start({
    width: Math.round(width),
    height: Math.round(height),
    workers: engines.count,
    embedded: kEmbedded ? 1 : 0,
    dark: system_dark.matches ? 1 : 0,
    theme,
    link_base: new URL(kEmbedded ? 'index.html' : location.pathname, location.href).href,
  });
  if (!made) {
    show_problem(['The workbench could not be started; the browser\'s console says why.']);
    return;
  }
  started = true;
  page.open(link);

  const wake = () => page.wake();
  bridge_input({ stage, canvas, letters: at('letters'), file: at('file') }, { page, wake, embedded: kEmbedded });
  system_dark.addEventListener('change', () => {
    page.dark(system_dark.matches);
    page.wake();
  });
  addEventListener('hashchange', (event) => {
    // Not what the address says by now: the workbench may have written its own since.
    const wanted = new URL(event.newURL).hash.slice(1);
    if (kEmbedded || wanted === page.state()) return;
    page.open(wanted);
    page.wake();
  });
  canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
  canvas.addEventListener('webglcontextrestored', () => {
    page.restore_graphics();
    page.wake();
  });
  const keep = () => {
    if (!kEmbedded && !document.hidden) kept.set('open', page.state());
  };
  setInterval(keep, kKeepMilliseconds);
  addEventListener('pagehide', keep);

  engines.start(0);
  page.settle();
  first.hidden = true;
  if (!kEmbedded && document.activeElement === document.body) canvas.focus({ preventScroll: true });
  page.wake();

  // For scripts around the page, tests and benchmarks.
  window.logitLab = {
    state: () => page.state(),
    mirror: () => mirror.shown,
    open: (fragment) => (page.open(fragment), page.wake()),
    drop: (name, bytes) => (page.drop(name, bytes), page.wake()),
    post: (json) => {
      const right = page.post(json);
      page.wake();
      return right;
    },
    frames: () => page.frames,
    layout_milliseconds: () => page.layout_milliseconds(),
    engine_bytes: () => engine_bytes,  // of one engine, after it was started
  };
}

start().catch((error) => {
  console.error(error);
  show_problem([`The page could not be loaded: ${error?.message ?? error}.`, 'Reloading it may help.']);
});
