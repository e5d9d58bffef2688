// One engine: a session in a Web Worker. In come {module, snapshotBytes}, once and first, then
// commands as JSON text; out go frames of events as ArrayBuffers that are handed over, and
// {ready: true, bytes: the engine's memory} or {failed: why}.
import create from './engine.mjs';

// The session works so long between two looks at the messages that came.
const kSliceSeconds = 0.012;
// After a break that the speed asked for.
const kBreakMilliseconds = 8;

let engine = null;
let failed = false;
const early = [];  // commands that came while the module was being started
let due = false;   // a slice of work is
const next = new MessageChannel();
next.port1.onmessage = work;

function work_soon(milliseconds = 0) {
  if (due) return;
  due = true;
  if (milliseconds > 0) {
    setTimeout(work, milliseconds);
  } else {
    next.port2.postMessage(null);  // sooner than a timer of 0, and after messages that are waiting
  }
}

function work() {
  due = false;
  guarded(() => {
    const left = engine._engine_work(kSliceSeconds);
    const size = engine._engine_frames_size();
    if (size > 0) {
      const at = engine._engine_frames();
      const frames = engine.HEAPU8.slice(at, at + size).buffer;
      postMessage(frames, [frames]);
    }
    if (left === 2) work_soon();
    if (left === 1) work_soon(kBreakMilliseconds);
  });
}

function post(json) {
  guarded(() => {
    const text = engine.stringToNewUTF8(json);
    engine._engine_post(text);
    engine._free(text);
    work_soon();
  });
}

// What the session does not answer with an event is the machine's fault: memory, a trap.
function guarded(action) {
  if (failed) return;
  try {
    action();
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  if (failed) return;
  failed = true;
  postMessage({ failed: String(error?.message ?? error) });
}

// Experiments and data files are read when they are asked for, in the middle of the session's work:
// synchronously. Null: there is no such file.
function read_file(name) {
  const request = new XMLHttpRequest();
  request.open('GET', new URL(name, import.meta.url), false);
  request.responseType = 'arraybuffer';
  try {
    request.send();
  } catch {
    return null;
  }
  return request.status === 200 ? new Uint8Array(request.response) : null;
}

async function start({ module, snapshotBytes }) {
  const started = await create({
    readFile: read_file,
    onAbort: fail,
    instantiateWasm(imports, receive) {
      WebAssembly.instantiate(module, imports).then((instance) => receive(instance, module), fail);
      return {};
    },
  });
  started._engine_start(snapshotBytes);
  engine = started;
  postMessage({ ready: true, bytes: engine.HEAPU8.length });
  for (const json of early.splice(0)) post(json);
}

onmessage = ({ data }) => {
  if (typeof data !== 'string') {
    start(data).catch(fail);
  } else if (engine === null) {
    early.push(data);
  } else {
    post(data);
  }
};
