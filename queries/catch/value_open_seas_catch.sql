-- name: value_open_seas_catch
-- kind: query
-- description: What Fiji's catch in the open seas was worth, per year since 2001 (2010 US dollars).
SELECT
  year,
  fishing_entity AS Country,
  CAST(CAST(SUM(landed_value) AS DOUBLE) AS DECIMAL(38, 2)) AS ValueOpenSeasCatch
FROM ${table}
WHERE fishing_entity = 'Fiji' AND year > 2000 AND area_name IS NULL
GROUP BY year, fishing_entity
ORDER BY year
