-- A team of 200 REPs who compete for the leads of one pool, in which every rule has to be looked at.
INSERT INTO team (id, name, created_at) VALUES (1, 'Sales', now());
INSERT INTO team_closure (ancestor_id, descendant_id, depth) VALUES (1, 1, 0);
INSERT INTO app_user (id, email, name, roles, team_id, active, created_at)
SELECT n, 'rep' || n || '@bench.example', 'Rep ' || n, ARRAY['REP'], 1, true, now() FROM generate_series(1, 200) n;
INSERT INTO session (id, user_id, generation, token_hash, rotations, created_at, expires_at)
SELECT gen_random_uuid(), id, 1, '', ARRAY[]::timestamptz[], now(), now() + interval '1 day' FROM app_user;
INSERT INTO lead_pool (id, version, code, labels, rank, active, strategy, claim_quota, hold_limit, cool_down_minutes,
  head_start_percent, first_contact_minutes, follow_up_minutes, convert_minutes, on_breach, weight_floor_percent, created_at)
VALUES (1, 1, 'hot', '{"en": "Hot"}', 0, true, 'CLAIM', 1000000, 1000000, 60, 20, 1440, 2880, 20160, 'RETURN_TO_POOL', 20, now());
INSERT INTO lead_pool_member (pool_id, team_id) VALUES (1, 1);
INSERT INTO lead_pool_standing (pool_id, user_id, taken, converted, weight, best, credit, measured_at)
SELECT 1, id, 0, 0, 0.1, false, 0, now() FROM app_user;
