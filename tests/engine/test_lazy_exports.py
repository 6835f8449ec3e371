"""What is preloaded into Node: lazy getters, nothing lost where an index looks different, jsii's index finished."""

import base64
import json
import os
import subprocess
from pathlib import Path

import pytest

from engine.bindings import LAZY_EXPORTS
from tests.processes import environ, run

PLACES = [
    "node_modules/@cdktf/provider-aws/lib",
    "package-cache/@cdktf/provider-aws/21.22.1/05e7804a8a9c/lib",
]
INDEX = """"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.sqsQueue = exports.snsTopic = void 0;
// generated
exports.snsTopic = require("./sns-topic");
exports.sqsQueue = require("./sqs-queue");
//# sourceMappingURL=data:application/json;base64,e30=
"""
USE = """
const index = require(process.argv[1]);
console.log(Object.keys(index).join(), index.__esModule);
console.log(index.sqsQueue.name, index.sqsQueue === index.sqsQueue);
"""


def node(script: str, *arguments: str | Path) -> tuple[str, str]:
    """Run a script in a Node with the preload; return what it printed on stdout and stderr."""
    done = run(os.environ["JSII_NODE"], "--require", LAZY_EXPORTS, "--eval", script, "--", *map(str, arguments))
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def write_package(folder: Path, index: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "index.js").write_text(index)
    for name in ("sns-topic", "sqs-queue"):
        (folder / f"{name}.js").write_text(f'console.log("reading {name}"); exports.name = "{name}";')
    return folder / "index.js"


@pytest.mark.parametrize("place", PLACES)
def test_only_what_is_used_is_read(tmp_path: Path, place: str) -> None:
    index = write_package(tmp_path / place, INDEX)
    assert node(USE, index) == ("snsTopic,sqsQueue true\nreading sqs-queue\nsqs-queue true\n", "")


@pytest.mark.parametrize("surprise", ['exports.version = "1";', "require('./sns-topic').name;", "for (;;) break;"])
def test_an_index_with_anything_else_in_it_is_run_as_it_is_with_a_warning(tmp_path: Path, surprise: str) -> None:
    index = write_package(tmp_path / PLACES[0], INDEX + surprise)
    printed, warned = node(USE, index)
    assert printed.startswith("reading sns-topic\nreading sqs-queue\n")
    assert printed.endswith("sqs-queue true\n")
    assert warned == f"terrabatch: {index} is not the list of exports it was in 21.22.1; loading all of it\n"


def test_other_packages_are_left_alone(tmp_path: Path) -> None:
    index = write_package(tmp_path / "node_modules/@cdktf/provider-google/lib", INDEX)
    assert node(USE, index)[0].startswith("reading sns-topic\nreading sqs-queue\n")


def test_a_program_that_ends_at_once_leaves_jsii_its_index(tmp_path: Path) -> None:
    worker = tmp_path / "runtime-index-worker.js"
    worker.write_text("""
const { workerData } = require("worker_threads");
setTimeout(() => require("fs").writeFileSync(workerData.packageDir + "/index", "done"), 200);
""")
    script = """
const { Worker } = require("worker_threads");
const worker = new Worker(process.argv[1], { workerData: { packageDir: process.argv[2] } });
worker.on("message", () => {});
worker.on("error", () => {});
process.exit();
"""
    node(script, worker, tmp_path)
    assert (tmp_path / "index").read_text() == "done"


def test_other_workers_stay_workers(tmp_path: Path) -> None:
    worker = tmp_path / "other.js"
    worker.write_text('require("worker_threads").parentPort.postMessage("from a thread");')
    script = 'new (require("worker_threads").Worker)(process.argv[1]).on("message", console.log);'
    assert node(script, worker) == ("from a thread\n", "")


def test_archiver_is_read_when_it_is_called(tmp_path: Path) -> None:
    library = tmp_path / "node_modules" / "cdktf" / "lib" / "private"
    library.mkdir(parents=True)
    archiver = tmp_path / "node_modules" / "archiver"
    archiver.mkdir()
    (archiver / "index.js").write_text('console.log("reading"); module.exports = (...given) => given.join();')
    (library / "fs.js").write_text('exports.archive = require("archiver");')
    script = 'const fs = require(process.argv[1]); console.log("ready"); console.log(fs.archive("zip", 9));'
    assert node(script, library / "fs.js") == ("ready\nreading\nzip,9\n", "")


PROGRAM = """
const fs = require("fs");
console.log("printed");
console.error("complained");
const buffer = Buffer.alloc(100);
const length = fs.readSync(3, buffer, 0, 100, null);
fs.writeSync(3, process.pid + " heard " + buffer.toString("utf8", 0, length));
"""


class TestLauncher:
    """jsii's program runs in the process that jsii starts for its launcher."""

    def launched(self, folder: Path, launcher: str) -> tuple[int, str, list[str]]:
        """Return the started process's id, and what came on stdout and stderr."""
        for name, text in (("bin/jsii-runtime.js", launcher), ("lib/program.js", PROGRAM)):
            (folder / name).parent.mkdir(parents=True)
            (folder / name).write_text(text)
        process = subprocess.Popen(
            [os.environ["JSII_NODE"], "--require", LAZY_EXPORTS, folder / "bin" / "jsii-runtime.js"],
            env=environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        printed, warned = process.communicate("hello")
        assert process.returncode == 0, warned
        return process.pid, printed, warned.splitlines()

    def test_calls_reach_the_program_directly_and_what_it_prints_is_wrapped(self, tmp_path: Path) -> None:
        launcher = 'spawn(node, [], {stdio:["ignore","pipe","pipe","pipe"]}); throw new Error("was run");'
        pid, printed, wrapped = self.launched(tmp_path, launcher)
        assert printed == f"{pid} heard hello"
        assert [json.loads(line) for line in wrapped] == [
            {"stdout": base64.b64encode(b"printed\n").decode()},
            {"stderr": base64.b64encode(b"complained\n").decode()},
        ]

    def test_another_launcher_is_run_as_it_is_with_a_warning(self, tmp_path: Path) -> None:
        _, printed, warned = self.launched(tmp_path, 'console.log("mine");')
        launcher = tmp_path / "bin" / "jsii-runtime.js"
        assert printed == "mine\n"
        reason = "is not the launcher it was in jsii 1.142; starting it as it is"
        assert warned == [f"terrabatch: {launcher} {reason}"]
