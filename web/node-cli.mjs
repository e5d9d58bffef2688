// Runs a program that was built to WebAssembly as if it were a native one: copied by the build to
// <name>.mjs beside <name>.module.mjs, it hands over the arguments and the environment and ends with
// the program's exit status. The program reads and writes real files and streams by itself (NODERAWFS).
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
const { default: start } = await import(import.meta.url.replace(/\.mjs$/, '.module.mjs'));

await start({
  thisProgram: self,
  arguments: process.argv.slice(2),
  preRun: [(module) => Object.assign(module.ENV, process.env)],
  quit: (status) => process.exit(status),
});
