// The engines of a page: Web Workers, each started when the first command is sent to it.

// What the keyframes of all timelines may take, in bytes, spread over the workers.
const kSnapshotBytes = 256 << 20;

export class Engines {
  #module;
  #listener;
  #workers;
  #closed = false;

  // module: a promise of the compiled engine. listener: {ready(worker, bytes), frames(worker, buffer),
  // failed(worker, why)}.
  constructor(count, module, listener) {
    this.#module = module;
    this.#listener = listener;
    this.#workers = new Array(count).fill(null);
  }

  get count() {
    return this.#workers.length;
  }

  // Starts the worker, if it was not.
  start(worker) {
    if (this.#workers[worker] || this.#closed) return;
    const made = new Worker(new URL('engine-worker.mjs', import.meta.url), { type: 'module' });
    made.early = [];
    this.#workers[worker] = made;
    made.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) {
        this.#listener.frames(worker, data);
      } else if (data.ready) {
        this.#listener.ready(worker, data.bytes);
      } else {
        this.#lose(worker, data.failed);
      }
    };
    made.onerror = (event) => this.#lose(worker, event.message || 'engine-worker.mjs could not be loaded');
    this.#module.then(
      (module) => {
        made.postMessage({ module, snapshotBytes: Math.floor(kSnapshotBytes / this.count) });
        for (const json of made.early) made.postMessage(json);
        made.early = null;
      },
      (error) => this.#lose(worker, String(error?.message ?? error)),
    );
  }

  send(worker, json) {
    this.start(worker);
    const to = this.#workers[worker];
    if (to?.early) {
      to.early.push(json);
    } else {
      to?.postMessage(json);
    }
  }

  #lose(worker, why) {
    this.#workers[worker]?.terminate();
    this.#listener.failed(worker, why);
  }

  close() {
    this.#closed = true;
    for (const worker of this.#workers) worker?.terminate();
  }
}
