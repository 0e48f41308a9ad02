// Lays graphs out: an array of DOT sources as JSON on standard input, an array of SVGs on output.
import { readFileSync } from "node:fs";
import { Graphviz } from "@hpcc-js/wasm-graphviz";

const graphviz = await Graphviz.load();
const sources = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(sources.map((source) => graphviz.dot(source, "svg"))));
