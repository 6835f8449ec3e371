// Preloaded into the Node process that jsii starts (see bindings.py): reads what is used instead of all there is, does
// in one process what jsii does in two, and finishes what jsii begins. Nothing that is emitted changes.
"use strict";

// cdktf 0.21 calls util.isArray, which Node announces at every start; nobody who runs a synth can act on it.
process.noDeprecation = true;

// Ctrl-C reaches Node as well. Python decides what it means, and ends Node in order, so that no folder stays in /tmp.
process.on("SIGINT", () => {});

const { spawnSync } = require("node:child_process");
const EventEmitter = require("node:events");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { Writable } = require("node:stream");
const threads = require("node:worker_threads");

// A package lies in jsii's cache (…/cdktf/<version>/<hash>/lib) or in a node_modules folder (…/cdktf/lib).
const PLACE = String.raw`(?:[^\\/]+[\\/][^\\/]+[\\/])?lib[\\/]`;
const INDEX = new RegExp(String.raw`[\\/]@cdktf[\\/]provider-aws[\\/]${PLACE}index\.js$`);
const STACK_TRACE = new RegExp(String.raw`[\\/]cdktf[\\/]${PLACE}tokens[\\/]private[\\/]stack-trace\.js$`);
const FILES = new RegExp(String.raw`[\\/]cdktf[\\/]${PLACE}private[\\/]fs\.js$`);

const compile = Module.prototype._compile;
Module.prototype._compile = function (source, filename, ...rest) {
  if (LAUNCHER.test(filename) && launchHere(filename, source)) return undefined;
  if (INDEX.test(filename) && exportLazily(this, source)) return undefined;
  const result = compile.call(this, source, filename, ...rest);
  // Each token would keep the JavaScript stack it was made on, which says nothing to a Python program; 5 % of a synth.
  if (STACK_TRACE.test(filename)) this.exports.captureStackTrace = () => [];
  return result;
};

// Zipped assets are cdktf's only use of archiver, whose loading takes as long as 40 constructs.
const load = Module.prototype.require;
Module.prototype.require = function (id) {
  if (id !== "archiver" || !FILES.test(this.filename)) return load.call(this, id);
  return (...options) => load.call(this, id)(...options);
};

const EXPORT = /^exports\.(\w+) = require\("(\.\/[\w-]+)"\);$/;
const IGNORED =
  /^(?:|"use strict";|\/\*\*| \*.*|\/\/.*|exports\.\w+ = .*void 0;|Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);)$/;

/** Make the exports of an index getters; return false if it holds anything that a getter could not stand for. */
function exportLazily(module, source) {
  const lines = source.split(/\r?\n/).filter((line) => !IGNORED.test(line));
  const found = lines.map((line) => EXPORT.exec(line));
  if (!found.length || found.includes(null)) {
    return warn(`${module.filename} is not the list of exports it was in 21.22.1; loading all of it`);
  }
  Object.defineProperty(module.exports, "__esModule", { value: true });
  for (const [, name, path] of found) defineLazily(module, name, path);
  return true;
}

function defineLazily(module, name, path) {
  const kind = { configurable: true, enumerable: true };
  const get = () => {
    const value = module.require(path);
    Object.defineProperty(module.exports, name, { ...kind, value });
    return value;
  };
  Object.defineProperty(module.exports, name, { ...kind, get });
}

// jsii's launcher starts a second Node, talks to it on descriptor 3 and forwards what it gets, wrapping what the second
// one prints. Without it every call to a construct has half the way to go, and a process less takes memory.
const LAUNCHER = /[\\/]bin[\\/]jsii-runtime\.js$/;
const LAUNCH = 'stdio:["ignore","pipe","pipe","pipe"]';
const LINKED = /[\\/]jsii-kernel-[^\\/]+[\\/]node_modules[\\/]/;

/** Run jsii's program in this process; return false if the launcher does anything else than it did. */
function launchHere(filename, source) {
  if (!source.includes(LAUNCH)) return warn(`${filename} is not the launcher it was in jsii 1.142; starting it as it is`);
  const { readSync, writeSync, realpathSync } = fs;
  fs.readSync = (descriptor, ...rest) => readSync(descriptor === 3 ? 0 : descriptor, ...rest);
  fs.writeSync = (descriptor, ...rest) => writeSync(descriptor === 3 ? 1 : descriptor, ...rest);
  for (const name of ["stdout", "stderr"]) {
    const write = (chunk, _encoding, done) => {
      writeSync(2, `${JSON.stringify({ [name]: chunk.toString("base64") })}\n`);
      done();
    };
    Object.defineProperty(process, name, { configurable: true, value: Object.assign(new Writable({ write }), { fd: 2 }) });
  }
  // Packages are links in the kernel's folder and find each other there: what --preserve-symlinks does.
  process.execArgv.push("--preserve-symlinks");
  const resolve = (file, ...rest) => (LINKED.test(file) ? path.resolve(file) : realpathSync(file, ...rest));
  fs.realpathSync = Object.assign(resolve, realpathSync);
  require(path.join(path.dirname(filename), "..", "lib", "program.js"));
  return true;
}

function warn(reason) {
  process.stderr.write(`terrabatch: ${reason}\n`);
  return false;
}

// jsii 1.142 indexes the types of a package it has just unpacked in a worker thread, and a program that ends before the
// worker (5 s) loses the index: every start from then on reads 131 MB of JSON instead. So the first start waits for it.
const INDEXER = /[\\/]runtime-index-worker\.js$/;
threads.Worker = new Proxy(threads.Worker, {
  construct(Worker, [file, options, ...rest], target) {
    if (!INDEXER.test(file)) return Reflect.construct(Worker, [file, options, ...rest], target);
    const script = `new (require("node:worker_threads").Worker)(${JSON.stringify(file)}, ${JSON.stringify(options)})`;
    const env = { ...process.env, NODE_OPTIONS: "" };
    spawnSync(process.execPath, ["--eval", script], { env, stdio: "ignore" });
    return new EventEmitter();
  },
});
