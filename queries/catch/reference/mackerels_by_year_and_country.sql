SELECT year, fishing_entity, sum(tonnes) AS weight
FROM catch_files
WHERE contains(common_name, 'Mackerels') AND year >= 2015
GROUP BY ALL
ORDER BY year, weight DESC, fishing_entity
