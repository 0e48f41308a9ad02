-- name: houses_by_district
-- kind: view
-- description: Houses and their mean price, a row per district.
-- expect: rows > 0
-- expect: unique(district)
CREATE OR REPLACE VIEW houses_by_district AS
SELECT district, COUNT(*) AS houses, AVG(price) AS mean_price
FROM ${table}
GROUP BY district
