// Lays graphs out: an array of DOT sources as JSON on standard input, an array of SVGs on output.
// The one argument is the folder node_modules that holds the package.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const beside = createRequire(join(process.argv[2], "stackverdict.js"));
const { Graphviz } = await import(pathToFileURL(beside.resolve("@hpcc-js/wasm-graphviz")));
const graphviz = await Graphviz.load();
const sources = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(sources.map((source) => graphviz.dot(source, "svg"))));
