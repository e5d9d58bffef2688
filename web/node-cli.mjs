// Runs a program that was built to WebAssembly as if it were a native one: copied by the build to
// <name>.mjs beside <name>.module.mjs, it hands over the arguments and the environment and ends with
// the program's exit status. The program reads and writes real files and streams by itself (NODERAWFS).
//
// `process` is taken from the global scope: importing it touches process.stdout, which makes a pipe
// non-blocking, and the program's own writes would then fail on a full pipe.
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';

const { default: start } = await import(import.meta.url.replace(/\.mjs$/, '.module.mjs'));

// Emscripten takes every standard stream for a terminal; the program must know which are.
function mark_terminals(module) {
  for (const fd of [0, 1, 2]) {
    const stream = module.FS.streams[fd];
    if (stream) stream.tty = isatty(fd) ? { ops: {} } : false;
  }
}

try {
  const module = await start({
    thisProgram: fileURLToPath(import.meta.url),
    noInitialRun: true,
    preRun: [(module) => Object.assign(module.ENV, process.env)],
    quit: (status) => process.exit(status),
  });
  mark_terminals(module);
  module.callMain(process.argv.slice(2));
} catch (error) {
  // What the program does not catch itself is the machine's fault: memory, a trap. Status 3 says so.
  process.stderr.write(`logit-lab: ${error?.stack ?? error}\n`);
  process.exit(3);
}
