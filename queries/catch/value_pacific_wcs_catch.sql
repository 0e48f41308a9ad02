-- name: value_pacific_wcs_catch
-- kind: query
-- description: What Fiji's catch in the Pacific, Western Central high seas was worth, per year since 2001 (2010 US dollars).
SELECT
  year,
  fishing_entity AS Country,
  CAST(CAST(SUM(landed_value) AS DOUBLE) AS DECIMAL(38, 2)) AS ValuePacificWCSeasCatch
FROM ${table}
WHERE fishing_entity = 'Fiji' AND year > 2000 AND area_name LIKE '%Pacific%'
GROUP BY year, fishing_entity
ORDER BY year
