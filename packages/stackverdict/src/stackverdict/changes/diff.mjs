// Compares pairs of templates with the engine of `cdk diff`. Standard input: an array of
// {before, after}; output: for each pair an array of changed resources. The one argument is the
// folder node_modules that holds the package.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const beside = createRequire(join(process.argv[2], "stackverdict.js"));
const { fullDiff } = beside("@aws-cdk/cloudformation-diff");

function changed(diff) {
  const resources = [];
  diff.resources.forEachDifference((logicalId, change) => {
    const properties = [];
    change.forEachDifference((kind, name, value) => {
      properties.push({
        kind, name, before: value.oldValue, after: value.newValue, impact: value.changeImpact,
      });
    });
    resources.push({
      logicalId,
      before: change.oldResourceType,
      after: change.newResourceType,
      impact: change.changeImpact,
      properties,
    });
  });
  return resources;
}

const pairs = JSON.parse(readFileSync(0, "utf8"));
const answer = pairs.map(({ before, after }) => changed(fullDiff(before, after)));
process.stdout.write(JSON.stringify(answer));
