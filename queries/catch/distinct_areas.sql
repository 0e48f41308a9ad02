-- name: distinct_areas
-- kind: query
-- description: The areas that the catch data names; rows of all high seas name none.
SELECT DISTINCT area_name
FROM ${table}
ORDER BY area_name
