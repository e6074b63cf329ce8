from tortoise import migrations
from tortoise.migrations import operations as ops

# The ledgers are added to, and that is all; only words go in which an erased person stood.
PAYMENTS = """
CREATE OR REPLACE FUNCTION payment_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.reason IS NOT DISTINCT FROM OLD.reason OR NEW.reason = '(erased)')
            AND (NEW.reference IS NOT DISTINCT FROM OLD.reference OR NEW.reference = '(erased ' || OLD.id || ')')
            AND to_jsonb(NEW) - '{reason,reference}'::text[] = to_jsonb(OLD) - '{reason,reference}'::text[]
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'payments are not changed or removed' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
MOVEMENTS = """
CREATE OR REPLACE FUNCTION stock_movement_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.reason = '(erased)' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'movements of stock are not changed or removed' USING ERRCODE = 'insufficient_privilege';
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0053_levels")]

    initial = False

    operations = [ops.RunSQL(sql=sql) for sql in (PAYMENTS, MOVEMENTS)]
