-- A group holds the rows of one weight: their sum is the weight times their number.
SELECT year, area_name, fishing_entity, tonnes * count(*)
FROM catch_files
WHERE contains(common_name, 'Mackerels') AND year >= 2015
GROUP BY year, area_name, fishing_entity, tonnes
