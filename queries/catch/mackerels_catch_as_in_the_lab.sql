-- name: mackerels_catch_as_in_the_lab
-- kind: view
-- description: The view MackerelsCatch as the lab words it; it groups by tonnes, so nothing is summed.
-- Kept to be compared with mackerels_catch. Do not build a chart on it.
CREATE OR REPLACE VIEW mackerels_catch_as_in_the_lab AS
SELECT
  year,
  area_name AS WhereCaught,
  fishing_entity AS Country,
  SUM(tonnes) AS TotalWeight
FROM ${table}
WHERE common_name LIKE '%Mackerels%' AND year > 2014
GROUP BY year, area_name, fishing_entity, tonnes
ORDER BY tonnes DESC
