-- A company of 50,000 orders, made in seconds. Statements end with a line of two hyphens.
-- What is chance is a hash of a row's number. 41 teams: a root, 4 areas, 36 teams of 10 reps; 5,000 customers; two lines an order.
-- What is over was sent and, but one in 499, arrived, and was paid, one order in 499 too much. User 1 is the administrator, users 2 to 41 lead the teams of the same number, users 101 to 460 sell.
INSERT INTO team (id, name, parent_id, created_at)
SELECT i, 'Team ' || i, CASE WHEN i = 1 THEN NULL WHEN i <= 5 THEN 1 ELSE 2 + i % 4 END, now() FROM generate_series(1, 41) i
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
INSERT INTO region (id, code, name, parent_id, created_at)
SELECT i, 'r' || i, 'Region ' || i, CASE WHEN i > 10 THEN 1 + i % 10 END, now() FROM generate_series(1, 110) i
--
INSERT INTO region_closure (ancestor_id, descendant_id, depth)
SELECT id, id, 0 FROM region UNION ALL SELECT parent_id, id, 1 FROM region WHERE parent_id IS NOT NULL
--
INSERT INTO channel (id, code, name, created_at) SELECT i, 'c' || i, 'Channel ' || i, now() FROM generate_series(1, 3) i
--
INSERT INTO app_user (id, email, name, roles, team_id, active, created_at)
SELECT i, 'user' || i || '@test.example', 'User ' || i,
    CASE WHEN i = 1 THEN ARRAY['ADMIN'] WHEN i <= 41 THEN ARRAY['MANAGER'] ELSE ARRAY['REP'] END,
    CASE WHEN i <= 41 THEN i ELSE 6 + i % 36 END, true, now()
FROM (SELECT generate_series(1, 41) UNION ALL SELECT generate_series(101, 460)) u(i)
--
INSERT INTO product (id, version, last_seq, sku, name, price, currency, tax_rate, active, created_at, updated_at)
SELECT i, 1, 0, 'SKU-' || i, 'Product ' || i, 10.00, 'GBP', 0.2, true, now(), now() FROM generate_series(1, 500) i
--
INSERT INTO customer (id, version, last_seq, name, level, value_class, region_id, channel_id, owner_id, team_id, tags,
    created_at, updated_at)
SELECT i, 1, 0, 'Customer ' || i,
    CASE WHEN abs(hashint8(i)) % 40 = 0 THEN 'KEY_ACCOUNT' WHEN abs(hashint8(i)) % 8 = 1 THEN 'VIP' ELSE 'REGULAR' END,
    'GENERAL', 11 + abs(hashint8(i + 10000)) % 100, 1 + i % 3, u.id, u.team_id, ARRAY[]::text[], '2024-01-01Z'::timestamptz + i * interval '1 hour', now()
FROM generate_series(1, 5000) i JOIN app_user u ON u.id = 101 + abs(hashint8(i + 20000)) % 360
--
INSERT INTO sales_order (id, version, last_seq, number, type, status, channel_id, customer_id, customer_name,
    customer_level, region_id, owner_id, team_id, reviewed_by_id, original_order_id, currency, tax_included, discount,
    net_total, tax_total, total, base_total, urgency, required_by, placed_at, tags, created_at, updated_at,
    received, custom_fields)
SELECT i, 1, 0, 'SO-' || i, CASE WHEN i % 50 = 0 THEN 'RETURN' ELSE 'NEW' END,
    CASE WHEN i % 50 = 0 THEN 'REFUNDED' WHEN i <= 48000 THEN 'COMPLETED'
        ELSE (ARRAY['DRAFT', 'PENDING_REVIEW', 'NEEDS_INFO', 'APPROVED', 'PICKING', 'SHIPPED'])[1 + abs(hashint8(i + 50000)) % 6] END,
    c.channel_id, c.id, c.name, c.level, c.region_id, u.id, u.team_id, CASE WHEN i % 20 = 0 THEN 2 + abs(hashint8(i)) % 3 END,
    CASE WHEN i % 50 = 0 THEN i - 1 END, 'GBP', false, 0.00, n.net, n.net * 0.2, n.net * 1.2, n.net * 1.2, 'NORMAL',
    CASE WHEN i % 5 < 3 THEN '2024-01-10'::date + i / 60 END,
    '2024-01-01Z'::timestamptz + (i / 2) * interval '30 minutes', ARRAY[]::text[], now(), now(),
    CASE WHEN i % 499 = 0 THEN n.net * 2 WHEN i <= 48000 THEN n.net * 1.2 ELSE 0 END,
    CASE WHEN i % 4 = 0 THEN jsonb_build_object('weight', (abs(hashint8(i + 60000)) % 5000)::text) ELSE '{}' END
FROM generate_series(1, 50000) i
CROSS JOIN LATERAL (SELECT (20 + abs(hashint8(i + 30000)) % 100000)::numeric AS net) n
JOIN customer c ON c.id = 1 + abs(hashint8(i + 40000)) % 5000
JOIN app_user u ON u.id = c.owner_id
--
INSERT INTO order_line (id, order_id, position, kind, product_id, sku, name, quantity, unit_price, discount, tax_rate, net, tax, gross)
SELECT 2 * i + p, i, p + 1, 'PRODUCT', 1 + (i + p) % 500, 'SKU', 'Product', 1, 10, 0.00, 0.2, 10.00, 2.00, 12.00
FROM generate_series(1, 50000) i CROSS JOIN generate_series(0, 1) p
--
INSERT INTO shipment (id, version, order_id, carrier, tracking_number, shipped_at, delivered_at, created_at)
SELECT i, 1, i, CASE WHEN i % 997 = 0 THEN 'Rare' ELSE 'Post' END, 'T-' || i, placed_at,
    CASE WHEN i % 499 > 0 THEN placed_at END, now()
FROM sales_order CROSS JOIN LATERAL (SELECT id AS i) n WHERE id <= 48000
--
INSERT INTO custom_field (id, version, entity, key, type, labels, required, position, index_state, created_at, updated_at)
VALUES (1, 1, 'ORDER', 'weight', 'NUMBER', '{"en": "Weight"}', false, 0, 'READY', now(), now())
--
INSERT INTO order_share (order_id, user_id) SELECT i * 97 % 50000 + 1, 1 + i % 460 FROM generate_series(1, 2000) i
--
INSERT INTO customer_share (customer_id, user_id) SELECT i * 97 % 5000 + 1, 1 + i % 460 FROM generate_series(1, 500) i
--
ANALYZE
