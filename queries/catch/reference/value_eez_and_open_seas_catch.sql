-- The lab's promise: each year, zone and open seas add up to both.
WITH fiji AS (
  FROM catch_files WHERE fishing_entity = 'Fiji' AND year >= 2001
), zone AS (
  SELECT year, sum(landed_value) AS worth FROM fiji WHERE contains(area_name, 'Fiji') GROUP BY year
), open_seas AS (
  SELECT year, sum(landed_value) AS worth FROM fiji WHERE area_name IS NULL GROUP BY year
)
SELECT year, 'Fiji', round(coalesce(zone.worth, 0) + coalesce(open_seas.worth, 0), 2)
FROM zone FULL JOIN open_seas USING (year)
ORDER BY year
