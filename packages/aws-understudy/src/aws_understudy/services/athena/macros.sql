-- Trino's semantics where DuckDB's differ, as typed macros: the argument types choose the body.

-- Whole numbers divide to whole numbers, toward zero, and by zero they raise an error.
-- Exact numbers divide to the larger of the two scales, and by zero they raise an error;
-- doubles follow IEEE 754.
CREATE MACRO trino_scale(t) AS coalesce(TRY_CAST(regexp_extract(t, ',\s*(\d+)\)', 1) AS INTEGER), 0);
CREATE MACRO trino_exact(t) AS t NOT IN ('DOUBLE', 'FLOAT');
CREATE MACRO trino_divide(a BIGINT, b BIGINT) AS a // b,
                         (a HUGEINT, b HUGEINT) AS a // b,
                         (a, b) AS CASE
  WHEN trino_exact(typeof(a)) AND trino_exact(typeof(b))
  THEN round(a / CASE WHEN b = 0 THEN error('Division by zero') ELSE b END,
             greatest(trino_scale(typeof(a)), trino_scale(typeof(b))))
  ELSE a / b END;

-- A date plus days is a date in Trino, a timestamp in DuckDB.
CREATE MACRO trino_plus(d DATE, i INTERVAL) AS CAST(d + i AS DATE),
                       (d TIMESTAMP, i INTERVAL) AS d + i,
                       (d TIMESTAMPTZ, i INTERVAL) AS d + i,
                       (d INTERVAL, i INTERVAL) AS d + i;

CREATE MACRO trino_minus(d DATE, i INTERVAL) AS CAST(d - i AS DATE),
                        (d TIMESTAMP, i INTERVAL) AS d - i,
                        (d TIMESTAMPTZ, i INTERVAL) AS d - i,
                        (d INTERVAL, i INTERVAL) AS d - i;
CREATE MACRO trino_trunc(u, d DATE) AS CAST(date_trunc(u, d) AS DATE),
                        (u, d TIMESTAMP) AS date_trunc(u, d),
                        (u, d TIMESTAMPTZ) AS date_trunc(u, d);

-- What is not there is NULL in Trino, the empty string in DuckDB.
CREATE MACRO trino_split_part(s, d, n) AS CASE WHEN len(str_split(s, d)) >= n THEN split_part(s, d, n) END;

CREATE MACRO map_agg(k, v) AS map(list(k), list(v));
CREATE MACRO map_union(m) AS map_from_entries(flatten(list(map_entries(m))));
CREATE MACRO arrays_overlap(a, b) AS list_has_any(a, b);
CREATE MACRO trino_array_distinct(a) AS list_filter(a, LAMBDA x, i : list_position(a, x) = i);
CREATE MACRO array_except(a, b) AS trino_array_distinct(list_filter(a, LAMBDA x : NOT list_contains(b, x)));
CREATE MACRO array_union(a, b) AS trino_array_distinct(list_concat(a, b));
CREATE MACRO trino_repeat(v, n) AS list_transform(range(n), LAMBDA i : v);
CREATE MACRO trino_pairs(a, b) AS list_transform(list_zip(a, b), LAMBDA x : struct_pack(a := x[1], b := x[2]));
-- Fields without a name are called _0, _1; the results show them as field0, field1.
CREATE MACRO trino_map_entries(m) AS list_transform(map_entries(m), LAMBDA x : struct_pack(_0 := x.key, _1 := x.value));
CREATE MACRO trino_zip(a, b) AS list_transform(list_zip(a, b), LAMBDA x : struct_pack(_0 := x[1], _1 := x[2]));
CREATE MACRO trino_url_encode(s) AS replace(url_encode(s), '%20', '+');
CREATE MACRO trino_url_decode(s) AS url_decode(replace(s, '+', ' '));
CREATE MACRO array_remove(a, v) AS list_filter(a, LAMBDA x : x <> v);
CREATE MACRO to_iso8601(t DATE) AS strftime(t, '%Y-%m-%d'),
                       (t TIMESTAMP) AS strftime(t, '%Y-%m-%dT%H:%M:%S.%g'),
                       (t TIMESTAMPTZ) AS strftime(t, '%Y-%m-%dT%H:%M:%S.%gZ');
CREATE MACRO from_iso8601_date(t) AS CAST(t AS DATE);
CREATE MACRO from_iso8601_timestamp(t) AS CAST(t AS TIMESTAMPTZ);
CREATE MACRO last_day_of_month(d) AS last_day(d);
CREATE MACRO day_of_month(d) AS day(d);
CREATE MACRO day_of_year(d) AS dayofyear(d);
CREATE MACRO year_of_week(d) AS isoyear(d);
CREATE MACRO is_nan(x) AS isnan(x);
CREATE MACRO is_finite(x) AS isfinite(x);
CREATE MACRO is_infinite(x) AS isinf(x);
CREATE MACRO infinity() AS CAST('inf' AS DOUBLE);
CREATE MACRO nan() AS CAST('nan' AS DOUBLE);
CREATE MACRO e() AS exp(1);
CREATE MACRO split_to_map(s, entry, pair) AS map_from_entries(
  list_transform(str_split(s, entry), LAMBDA x : struct_pack(k := str_split(x, pair)[1], v := str_split(x, pair)[2])));
CREATE MACRO url_extract_protocol(u) AS nullif(regexp_extract(u, '^([a-zA-Z][a-zA-Z0-9+.-]*):', 1), '');
CREATE MACRO url_extract_host(u) AS nullif(regexp_extract(u, '^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/@]*@)?([^/:?#]*)', 1), '');
CREATE MACRO url_extract_path(u) AS regexp_extract(u, '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*([^?#]*)', 1);
CREATE MACRO url_extract_query(u) AS nullif(regexp_extract(u, '\?([^#]*)', 1), '');
CREATE MACRO json_format(j) AS CAST(j AS VARCHAR);
CREATE MACRO json_size(j, p) AS CAST(json_array_length(j, p) AS BIGINT);
CREATE MACRO levenshtein_distance(a, b) AS levenshtein(a, b);
CREATE MACRO hamming_distance(a, b) AS hamming(a, b);
CREATE MACRO geometric_mean(x) AS exp(avg(ln(x)));
CREATE MACRO codepoint(s) AS unicode(s);
CREATE MACRO bitwise_and(a, b) AS a & b;
CREATE MACRO bitwise_or(a, b) AS a | b;
CREATE MACRO bitwise_xor(a, b) AS xor(a, b);
CREATE MACRO bitwise_not(a) AS ~a;
CREATE MACRO ends_with(a, b) AS suffix(a, b);
