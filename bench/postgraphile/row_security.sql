-- What each viewer sees, as row-level security: what rows/visibility.py says of reps, managers and administrators.
-- Sluice's own roles are not subject to it, since their statements hold the same already.
ALTER ROLE sluice_read BYPASSRLS
--
ALTER ROLE sluice_read_generic BYPASSRLS
--
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bench_login') THEN
        CREATE ROLE bench_admin;
        CREATE ROLE bench_seller;
        CREATE ROLE bench_login LOGIN NOINHERIT IN ROLE bench_admin, bench_seller;
    END IF;
END $$
--
GRANT USAGE ON SCHEMA public TO bench_login, bench_admin, bench_seller
--
GRANT SELECT ON app_user, team_closure TO bench_login
--
GRANT SELECT ON sales_order, order_line, customer, order_share, customer_share TO bench_admin, bench_seller
--
ALTER TABLE sales_order ENABLE ROW LEVEL SECURITY
--
ALTER TABLE order_line ENABLE ROW LEVEL SECURITY
--
ALTER TABLE customer ENABLE ROW LEVEL SECURITY
--
CREATE POLICY everything ON sales_order FOR SELECT TO bench_admin USING (true)
--
CREATE POLICY everything ON order_line FOR SELECT TO bench_admin USING (true)
--
CREATE POLICY everything ON customer FOR SELECT TO bench_admin USING (true)
--
CREATE POLICY seen ON sales_order FOR SELECT TO bench_seller USING (
    owner_id = (SELECT current_setting('viewer.id')::bigint)
    OR team_id = ANY ((SELECT current_setting('viewer.teams')::bigint[])::bigint[])
    OR id IN (SELECT order_id FROM order_share WHERE user_id = (SELECT current_setting('viewer.id')::bigint)))
--
CREATE POLICY seen ON order_line FOR SELECT TO bench_seller USING (
    EXISTS (SELECT FROM sales_order o WHERE o.id = order_line.order_id))
--
CREATE POLICY seen ON customer FOR SELECT TO bench_seller USING (
    owner_id = (SELECT current_setting('viewer.id')::bigint)
    OR team_id = ANY ((SELECT current_setting('viewer.teams')::bigint[])::bigint[])
    OR id IN (SELECT customer_id FROM customer_share WHERE user_id = (SELECT current_setting('viewer.id')::bigint)))
