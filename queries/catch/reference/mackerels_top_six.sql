WITH mackerels AS (
  FROM catch_files WHERE contains(common_name, 'Mackerels') AND year IN (2013, 2014, 2015, 2016, 2017, 2018)
), ranked AS (
  SELECT fishing_entity, row_number() OVER (ORDER BY sum(tonnes) DESC, fishing_entity) AS place
  FROM mackerels
  GROUP BY fishing_entity
)
SELECT year, area_name, fishing_entity, sum(tonnes)
FROM mackerels SEMI JOIN (FROM ranked WHERE place <= 6) USING (fishing_entity)
GROUP BY ALL
