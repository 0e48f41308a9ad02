SELECT year, area_name, fishing_entity, sum(tonnes)
FROM catch_files
WHERE contains(common_name, 'Mackerels') AND year >= 2015
GROUP BY ALL
