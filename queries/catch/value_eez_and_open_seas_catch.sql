-- name: value_eez_and_open_seas_catch
-- kind: query
-- description: What Fiji's catch in its own zone and in the open seas was worth, per year since 2001: the sum of value_eez_catch and value_open_seas_catch.
SELECT
  year,
  fishing_entity AS Country,
  CAST(CAST(SUM(landed_value) AS DOUBLE) AS DECIMAL(38, 2)) AS ValueEEZAndOpenSeasCatch
FROM ${table}
WHERE fishing_entity = 'Fiji' AND year > 2000 AND (area_name LIKE '%Fiji%' OR area_name IS NULL)
GROUP BY year, fishing_entity
ORDER BY year
