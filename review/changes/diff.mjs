// Compares pairs of templates with the engine of `cdk diff`. Standard input: an array of
// {before, after}; output: for each pair an array of changed resources.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { fullDiff } = createRequire(import.meta.url)("@aws-cdk/cloudformation-diff");

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
