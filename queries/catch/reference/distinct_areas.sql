FROM (SELECT area_name FROM catch_files GROUP BY ALL) ORDER BY area_name NULLS LAST
