// Preloaded into the Node processes that jsii starts (see bindings.py). Reads what is used instead of all there is, and
// finishes what jsii begins. Nothing that is emitted changes.
"use strict";

// cdktf 0.21 calls util.isArray, which Node announces at every start; nobody who runs a synth can act on it.
process.noDeprecation = true;

const { spawnSync } = require("node:child_process");
const EventEmitter = require("node:events");
const Module = require("node:module");
const threads = require("node:worker_threads");

// A package lies in jsii's cache (…/cdktf/<version>/<hash>/lib) or in a node_modules folder (…/cdktf/lib).
const PLACE = String.raw`(?:[^\\/]+[\\/][^\\/]+[\\/])?lib[\\/]`;
const INDEX = new RegExp(String.raw`[\\/]@cdktf[\\/]provider-aws[\\/]${PLACE}index\.js$`);
const STACK_TRACE = new RegExp(String.raw`[\\/]cdktf[\\/]${PLACE}tokens[\\/]private[\\/]stack-trace\.js$`);
const FILES = new RegExp(String.raw`[\\/]cdktf[\\/]${PLACE}private[\\/]fs\.js$`);

const EXPORT = /^exports\.(\w+) = require\("(\.\/[\w-]+)"\);$/;
const IGNORED =
  /^(?:|"use strict";|\/\*\*| \*.*|\/\/.*|exports\.\w+ = .*void 0;|Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);)$/;

/** Pairs of export name and path, or null if the index holds anything that a getter could not stand for. */
function lazyExports(source) {
  const exports = [];
  for (const line of source.split(/\r?\n/)) {
    const match = EXPORT.exec(line);
    if (match) exports.push([match[1], match[2]]);
    else if (!IGNORED.test(line)) return null;
  }
  return exports.length ? exports : null;
}

function defineLazily(module, name, path) {
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = module.require(path);
      Object.defineProperty(module.exports, name, { configurable: true, enumerable: true, value });
      return value;
    },
  });
}

const compile = Module.prototype._compile;
Module.prototype._compile = function (source, filename, ...rest) {
  const found = INDEX.test(filename) && lazyExports(source);
  if (found) {
    Object.defineProperty(this.exports, "__esModule", { value: true });
    for (const [name, path] of found) defineLazily(this, name, path);
    return;
  }
  if (found === null) {
    process.stderr.write(`terrabatch: ${filename} is not the list of exports it was in 21.22.1; loading all of it\n`);
  }
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
