-- name: mackerels_catch
-- kind: view
-- description: Tonnes of mackerels since 2015, a row per year, area and fishing entity.
-- The lab's own text groups by tonnes as well, so that its SUM adds nothing up:
-- see mackerels_catch_as_in_the_lab.
CREATE OR REPLACE VIEW mackerels_catch AS
SELECT
  year,
  area_name AS WhereCaught,
  fishing_entity AS Country,
  SUM(tonnes) AS TotalWeight
FROM ${table}
WHERE common_name LIKE '%Mackerels%' AND year > 2014
GROUP BY year, area_name, fishing_entity
