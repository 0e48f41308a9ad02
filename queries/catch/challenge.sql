-- name: challenge
-- kind: view
-- description: The answer to the lab's challenge, kept as a view: value_all_high_seas_catch.
CREATE OR REPLACE VIEW challenge AS
SELECT
  year,
  fishing_entity AS Country,
  CAST(CAST(SUM(landed_value) AS DOUBLE) AS DECIMAL(38, 2)) AS ValueAllHighSeasCatch
FROM ${table}
WHERE fishing_entity = 'Fiji' AND year > 2000 AND area_name IS NULL
GROUP BY year, fishing_entity
