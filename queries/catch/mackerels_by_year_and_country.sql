-- name: mackerels_by_year_and_country
-- kind: query
-- description: Tonnes of mackerels per year and fishing entity, over all areas, from the view mackerels_catch.
-- The lab takes MAX(TotalWeight) here, which keeps only the larger area of an entity that fished
-- in two; the chart's title speaks of both areas, so they are added up.
SELECT
  year,
  Country,
  SUM(TotalWeight) AS Weight
FROM mackerels_catch
GROUP BY year, Country
ORDER BY year, Weight DESC, Country
