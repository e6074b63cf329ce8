from tortoise import migrations
from tortoise.migrations import operations as ops

# Texts of facts that name an erased person are replaced by "(erased)", wherever in the facts they stand.
WITHOUT = """
CREATE FUNCTION facts_without(facts jsonb, texts text[]) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE jsonb_typeof(facts)
        WHEN 'object' THEN (
            SELECT coalesce(jsonb_object_agg(key, facts_without(value, texts)), '{}') FROM jsonb_each(facts))
        WHEN 'array' THEN (
            SELECT coalesce(jsonb_agg(facts_without(value, texts) ORDER BY place), '[]')
            FROM jsonb_array_elements(facts) WITH ORDINALITY AS each (value, place))
        WHEN 'string' THEN CASE WHEN EXISTS (
            SELECT FROM unnest(texts) text WHERE position(lower(text) IN lower(facts #>> '{}')) > 0
        ) THEN '"(erased)"' ELSE facts END
        ELSE facts
    END;
END
$$
"""
# Whether facts are what they were, but for texts that were erased.
ERASED = """
CREATE FUNCTION audit_facts_erased(before jsonb, after jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE
        WHEN before = after THEN true
        WHEN jsonb_typeof(before) = 'string' THEN after = '"(erased)"'
        WHEN jsonb_typeof(before) IS DISTINCT FROM jsonb_typeof(after) THEN false
        WHEN jsonb_typeof(before) = 'object' THEN (
            SELECT coalesce(bool_and(
                b.key IS NOT NULL AND a.key IS NOT NULL AND audit_facts_erased(b.value, a.value)), true)
            FROM jsonb_each(before) b FULL JOIN jsonb_each(after) a USING (key))
        WHEN jsonb_typeof(before) = 'array' THEN jsonb_array_length(before) = jsonb_array_length(after) AND (
            SELECT coalesce(bool_and(audit_facts_erased(value, after -> (place - 1)::int)), true)
            FROM jsonb_array_elements(before) WITH ORDINALITY AS each (value, place))
        ELSE false
    END;
END
$$
"""
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('sluice.erasure', true) = 'on' THEN
        IF (NEW.facts = OLD.facts - 'person' OR audit_facts_erased(OLD.facts, NEW.facts))
            AND (NEW.address IS NULL OR NEW.address IS NOT DISTINCT FROM OLD.address)
            AND to_jsonb(NEW) - '{facts,address}'::text[] = to_jsonb(OLD) - '{facts,address}'::text[]
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit entries are not changed or removed' USING ERRCODE = 'insufficient_privilege';
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0028_fewer_counters")]

    initial = False

    operations = [ops.RunSQL(sql=sql) for sql in (WITHOUT, ERASED, APPEND_ONLY)]
