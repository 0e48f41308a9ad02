-- name: mackerels_top_six
-- kind: view
-- description: Tonnes of mackerels from 2013 to 2018 of the six fishing entities that caught most.
CREATE OR REPLACE VIEW mackerels_top_six AS
SELECT
  year,
  area_name AS WhereCaught,
  fishing_entity AS Country,
  SUM(tonnes) AS TotalWeight
FROM ${table}
WHERE common_name LIKE '%Mackerels%'
  AND year BETWEEN 2013 AND 2018
  AND fishing_entity IN (
    SELECT fishing_entity
    FROM ${table}
    WHERE common_name LIKE '%Mackerels%' AND year BETWEEN 2013 AND 2018
    GROUP BY fishing_entity
    ORDER BY SUM(tonnes) DESC, fishing_entity
    LIMIT 6
  )
GROUP BY year, area_name, fishing_entity
