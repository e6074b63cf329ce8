-- The roles of a Sluice database. Run once, as a superuser, in `template1` or in the database itself before the
-- first migration; a statement ends with an empty line, which PostgreSQL's single-user mode wants.
-- Give each role a password, or another way in, where more than a private socket leads here.

-- Owns the tables, writes, migrates. It may make databases, as tests do.
CREATE ROLE sluice LOGIN CREATEDB;

ALTER ROLE sluice SET idle_in_transaction_session_timeout = '5min';

-- Reads. Timeouts are the role's, since PgBouncer refuses them as start-up parameters.
CREATE ROLE sluice_read LOGIN;

ALTER ROLE sluice_read SET default_transaction_read_only = on;

ALTER ROLE sluice_read SET statement_timeout = '10s';

-- Reads whose plan does not depend on the values that are bound: planned once, not each time.
CREATE ROLE sluice_read_generic LOGIN;

ALTER ROLE sluice_read_generic SET default_transaction_read_only = on;

ALTER ROLE sluice_read_generic SET statement_timeout = '10s';

ALTER ROLE sluice_read_generic SET plan_cache_mode = force_generic_plan;

ALTER DEFAULT PRIVILEGES FOR ROLE sluice GRANT SELECT ON TABLES TO sluice_read, sluice_read_generic;

