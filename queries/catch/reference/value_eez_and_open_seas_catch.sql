SELECT year, 'Fiji', round(sum(landed_value), 2)
FROM (FROM catch_files WHERE fishing_entity = 'Fiji' AND year >= 2001)
WHERE coalesce(contains(area_name, 'Fiji'), true)
GROUP BY year
ORDER BY year
