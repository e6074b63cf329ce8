-- A company at scale. Statements end with a line of two hyphens; {orders} and {customers} are its size.
-- All chance is a hash of a row's number, so the same size gives the same rows whatever plan PostgreSQL makes.

CREATE FUNCTION chance(bigint, bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended($1, $2) & 4503599627370495)::float8 / 4503599627370496.0::float8
--
-- 231 teams: a root, 5 areas of about a fifth each, 25 districts, 200 teams.
INSERT INTO team (id, name, parent_id, created_at)
SELECT i, 'Team ' || i,
    CASE WHEN i = 1 THEN NULL WHEN i <= 6 THEN 1 WHEN i <= 31 THEN 2 + (i - 7) % 5 ELSE 7 + (i - 32) % 25 END,
    '2023-01-01Z'
FROM generate_series(1, 231) i
--
INSERT INTO team_closure (ancestor_id, descendant_id, depth)
WITH RECURSIVE up AS (
    SELECT id AS ancestor, id AS descendant, 0 AS depth FROM team
    UNION ALL
    SELECT t.parent_id, up.descendant, up.depth + 1 FROM up JOIN team t ON t.id = up.ancestor
    WHERE t.parent_id IS NOT NULL
)
SELECT ancestor, descendant, depth FROM up
--
-- 10 countries of 10 provinces of 5 cities.
INSERT INTO region (id, code, name, parent_id, created_at)
SELECT i, 'r' || i, 'Region ' || i,
    CASE WHEN i <= 10 THEN NULL WHEN i <= 110 THEN 1 + (i - 11) % 10 ELSE 11 + (i - 111) % 100 END,
    '2023-01-01Z'
FROM generate_series(1, 610) i
--
INSERT INTO region_closure (ancestor_id, descendant_id, depth)
WITH RECURSIVE up AS (
    SELECT id AS ancestor, id AS descendant, 0 AS depth FROM region
    UNION ALL
    SELECT r.parent_id, up.descendant, up.depth + 1 FROM up JOIN region r ON r.id = up.ancestor
    WHERE r.parent_id IS NOT NULL
)
SELECT ancestor, descendant, depth FROM up
--
INSERT INTO channel (id, code, name, created_at)
SELECT i, 'channel-' || i, 'Channel ' || i, '2023-01-01Z' FROM generate_series(1, 6) i
--
INSERT INTO exchange_rate (currency, date, rate) VALUES ('EUR', '2023-01-01', 0.85), ('USD', '2023-01-01', 0.78)
--
-- User 1 is the admin, user i the manager of team i; 5,000 reps from 1001 on, some teams larger than others.
INSERT INTO app_user (id, email, name, roles, team_id, active, created_at)
SELECT i, 'user' || i || '@bench.example', 'User ' || i,
    CASE WHEN i = 1 THEN ARRAY['ADMIN'] WHEN i <= 231 THEN ARRAY['MANAGER'] ELSE ARRAY['REP'] END,
    CASE WHEN i <= 231 THEN i ELSE 32 + floor(200 * power(chance(i, 1), 1.3)) END,
    true, '2023-01-01Z'
FROM (SELECT generate_series(1, 231) UNION ALL SELECT generate_series(1001, 6000)) u(i)
--
INSERT INTO product (id, version, last_seq, sku, name, category, price, currency, tax_rate, active, created_at, updated_at)
SELECT i, 1, 0, 'SKU-' || lpad(i::text, 5, '0'), 'Product ' || i, 'Category ' || i % 40,
    round((2 + 90 * power(chance(i, 2), 3))::numeric, 2), 'GBP', 0.2, true, '2023-01-01Z', '2023-01-01Z'
FROM generate_series(1, 3000) i
--
-- A few reps have many customers, and one customer in 25 belongs to nobody.
INSERT INTO customer (id, version, last_seq, name, level, value_class, industry, email, phone, region_id, channel_id, owner_id, team_id,
    tags, created_at, updated_at)
SELECT c.i, 1, 0, 'Customer ' || c.i || CASE c.i % 3 WHEN 0 THEN ' Ltd' WHEN 1 THEN ' GmbH' ELSE ' 有限公司' END,
    CASE WHEN chance(c.i, 3) < 0.03 THEN 'KEY_ACCOUNT' WHEN chance(c.i, 3) < 0.15 THEN 'VIP' ELSE 'REGULAR' END,
    CASE WHEN chance(c.i, 4) < 0.1 THEN 'IMPORTANT' WHEN chance(c.i, 4) < 0.7 THEN 'GENERAL' ELSE 'POTENTIAL' END,
    'Industry ' || c.i % 25, 'buyer' || c.i || '@customer.example', '+44 20 ' || c.i,
    111 + floor(500 * power(chance(c.i, 5), 1.5)), 1 + c.i % 6, u.id, u.team_id,
    ARRAY[]::text[], t.at, t.at
FROM generate_series(1, {customers}) c(i)
LEFT JOIN app_user u
    ON u.id = 1001 + floor(5000 * power(chance(c.i, 6), 1.4))::bigint AND chance(c.i, 7) >= 0.04
CROSS JOIN LATERAL (
    SELECT date_trunc('milliseconds', '2023-01-01Z'::timestamptz + interval '3 years' * chance(c.i, 8)) AS at
) t
--
-- Orders before they have lines: most with their customer's owner, some with somebody else's, some with nobody's.
CREATE UNLOGGED TABLE draft_order AS
SELECT o.i AS id, c.id AS customer_id, u.id AS owner_id, u.team_id,
    1 + least(8, floor(-2.5 * ln(1 - chance(o.i, 9))))::int AS lines,
    CASE WHEN chance(o.i, 10) < 0.03 THEN 'RETURN' WHEN chance(o.i, 10) < 0.3 THEN 'RENEWAL' ELSE 'NEW' END AS type,
    CASE WHEN chance(o.i, 11) < 0.7 THEN 'GBP' WHEN chance(o.i, 11) < 0.85 THEN 'EUR' ELSE 'USD' END AS currency,
    date_trunc('milliseconds', '2023-06-01Z'::timestamptz
        + interval '1095 days' * power((o.i - 1)::float8 / {orders}, 0.8) + interval '20 days' * chance(o.i, 12)
    ) AS placed_at
FROM generate_series(1, {orders}) o(i)
JOIN customer c ON c.id = 1 + floor({customers} * power(chance(o.i, 13), 1.8))::bigint
LEFT JOIN app_user u ON u.id = CASE
    WHEN chance(o.i, 14) < 0.03 THEN NULL
    WHEN chance(o.i, 14) < 0.08 THEN 1001 + floor(5000 * chance(o.i, 15))::bigint
    ELSE c.owner_id END
--
-- A return has negative quantities.
INSERT INTO order_line (id, order_id, position, kind, product_id, sku, name, quantity, unit_price, discount, tax_rate,
    net, tax, gross)
SELECT l.id, l.order_id, l.position, 'PRODUCT', p.id, p.sku, p.name, l.quantity, p.price, 0.00, p.tax_rate,
    m.net, m.tax, m.net + m.tax
FROM (
    SELECT o.before + position AS id, o.id AS order_id, position,
        (CASE WHEN o.type = 'RETURN' THEN -1 ELSE 1 END
            * (1 + floor(12 * power(chance(o.before + position, 16), 2))))::numeric AS quantity,
        1 + floor(3000 * power(chance(o.before + position, 17), 2))::bigint AS product_id
    FROM (SELECT *, sum(lines) OVER (ORDER BY id) - lines AS before FROM draft_order) o
    CROSS JOIN LATERAL generate_series(1, o.lines) position
) l
JOIN product p ON p.id = l.product_id
CROSS JOIN LATERAL (
    SELECT round(l.quantity * p.price, 2) AS net, round(round(l.quantity * p.price, 2) * p.tax_rate, 2) AS tax
) m
ORDER BY l.id
--
INSERT INTO sales_order (id, version, last_seq, number, type, status, channel_id, customer_id, customer_name, customer_level,
    contact_name, contact_email, ship_to, region_id, owner_id, team_id, currency, tax_included, discount, net_total,
    tax_total, total, base_total, urgency, required_by, placed_at, tags, created_at, updated_at)
SELECT d.id, 1, 0, 'SO-' || lpad(d.id::text, 8, '0'), d.type,
    CASE
        WHEN d.type = 'RETURN' THEN CASE WHEN d.id > 0.98 * {orders} THEN 'REQUESTED' ELSE 'REFUNDED' END
        WHEN d.id > 0.98 * {orders}
            THEN (ARRAY['DRAFT', 'PENDING_REVIEW', 'NEEDS_INFO', 'APPROVED', 'PICKING', 'PACKED', 'SHIPPED'])
                [1 + floor(7 * chance(d.id, 18))::int]
        WHEN chance(d.id, 18) < 0.05 THEN 'CANCELLED'
        ELSE 'COMPLETED' END,
    1 + d.id % 6, c.id, c.name, c.level, 'Buyer ' || c.id, c.email,
    CASE WHEN d.id % 10 < 7 THEN jsonb_build_object('recipient', c.name, 'street', d.id || ' High Street',
        'city', 'City ' || c.region_id, 'postcode', c.id::text, 'country', 'GB') END,
    c.region_id, d.owner_id, d.team_id, d.currency, false, 0.00, s.net, s.tax, s.net + s.tax,
    round((s.net + s.tax) * CASE d.currency WHEN 'GBP' THEN 1 WHEN 'EUR' THEN 0.85 ELSE 0.78 END, 2),
    CASE WHEN chance(d.id, 19) < 0.75 THEN 'NORMAL' WHEN chance(d.id, 19) < 0.9 THEN 'HIGH' ELSE 'LOW' END,
    CASE WHEN d.id % 5 < 3 THEN d.placed_at::date + 4 + (d.id % 27)::int END,
    d.placed_at, CASE WHEN d.id % 5 = 0 THEN ARRAY['gift'] ELSE ARRAY[]::text[] END, d.placed_at, d.placed_at
FROM draft_order d
JOIN customer c ON c.id = d.customer_id
JOIN (SELECT order_id, sum(net) AS net, sum(tax) AS tax FROM order_line GROUP BY order_id) s ON s.order_id = d.id
ORDER BY d.id
--
DROP TABLE draft_order
--
-- Ten orders and two customers are shared with each rep; a manager or two have some too.
INSERT INTO order_share (order_id, user_id)
SELECT DISTINCT 1 + floor({orders} * chance(i, 20))::bigint, 1001 + i % 5000 FROM generate_series(1, 50000) i
UNION
SELECT 1 + floor({orders} * chance(i, 21))::bigint, 1 + i % 231 FROM generate_series(1, 1000) i
--
INSERT INTO customer_share (customer_id, user_id)
SELECT DISTINCT 1 + floor({customers} * chance(i, 22))::bigint, 1001 + i % 5000 FROM generate_series(1, 10000) i
--
DROP FUNCTION chance
--
-- Whoever writes afterwards goes on counting behind these rows.
SELECT setval(pg_get_serial_sequence('team', 'id'), max(id)) FROM team
UNION ALL
SELECT setval(pg_get_serial_sequence('region', 'id'), max(id)) FROM region
UNION ALL
SELECT setval(pg_get_serial_sequence('channel', 'id'), max(id)) FROM channel
UNION ALL
SELECT setval(pg_get_serial_sequence('app_user', 'id'), max(id)) FROM app_user
UNION ALL
SELECT setval(pg_get_serial_sequence('product', 'id'), max(id)) FROM product
UNION ALL
SELECT setval(pg_get_serial_sequence('customer', 'id'), max(id)) FROM customer
UNION ALL
SELECT setval(pg_get_serial_sequence('order_line', 'id'), max(id)) FROM order_line
UNION ALL
SELECT setval(pg_get_serial_sequence('sales_order', 'id'), max(id)) FROM sales_order
UNION ALL
SELECT setval('order_number', max(id)) FROM sales_order
