# ruff: noqa: E501  # as generated, and one expression
from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from domain.custom_fields.kinds import CustomFieldEntity
from domain.jobs import JobKind

# The feed has no model. Its events from before have no pool, as none of them is about a lead.
EVENT = "ALTER TABLE event ADD COLUMN before_pool_id bigint, ADD COLUMN after_pool_id bigint"

# A company's name without what is written one way or another: case, width, spaces, punctuation, its legal form. Of a
# name that is nothing but a legal form, that stays; of nothing, nothing.
MATCH_NAME = r"""
CREATE FUNCTION match_name(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT nullif(coalesce(
        nullif(regexp_replace(replace(
            regexp_replace(words, '( (ltd|limited|inc|incorporated|llc|llp|lp|plc|corp|corporation|co|company|gmbh|mbh|ag|kg|kgaa|ohg|ug|se|sa|sas|sarl|sl|srl|sro|spa|bv|nv|ab|as|oy|oyj|aps|pty|pte|kk|sdn|bhd))+$', ''),
        ' ', ''), '(股份有限公司|有限责任公司|有限公司|股份公司|公司|株式会社)$', ''), ''),
        replace(words, ' ', '')), '')
    FROM (SELECT btrim(regexp_replace(translate(search_text($1), '.''’', ''), '[^[:alnum:]]+' COLLATE pg_unicode_fast, ' ', 'g')) AS words) w
)
"""

# A number by which somebody is known, without what is written one way or another.
MATCH_CODE = """
CREATE FUNCTION match_code(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN nullif(regexp_replace(search_text($1), '[^[:alnum:]]+' COLLATE pg_unicode_fast, '', 'g'), '')
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0064_leads")]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name="ApiToken",
            name="api_token_scopes_known",
            fields=None,
        ),
        ops.AddConstraint(
            model_name="ApiToken",
            constraint=CheckConstraint(
                check="scopes <@ ARRAY['ORDERS_READ', 'ORDERS_WRITE', 'CUSTOMERS_READ', 'CUSTOMERS_WRITE', 'LEADS_READ', 'LEADS_WRITE', 'PRODUCTS_READ', 'PRODUCTS_WRITE', 'STOCK_READ', 'STOCK_WRITE', 'PAYMENTS_WRITE', 'EVENTS_READ', 'JOBS', 'FILES']::text[]",
                name="api_token_scopes_known",
            ),
        ),
        ops.AlterField(
            model_name="CustomField",
            name="entity",
            field=fields.CharEnumField(
                description="CUSTOMER: CUSTOMER\nORDER: ORDER\nPRODUCT: PRODUCT\nLEAD: LEAD",
                enum_type=CustomFieldEntity,
                max_length=20,
            ),
        ),
        ops.RemoveConstraint(
            model_name="Job",
            name="job_kind_known",
            fields=None,
        ),
        ops.AlterField(
            model_name="Job",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_IMPORT: ORDER_IMPORT\nCUSTOM_FIELD_INDEX: CUSTOM_FIELD_INDEX\nCUSTOMER_IMPORT: CUSTOMER_IMPORT\nPRODUCT_IMPORT: PRODUCT_IMPORT\nCHANNEL_PRICE_IMPORT: CHANNEL_PRICE_IMPORT\nORDER_EXPORT: ORDER_EXPORT\nCUSTOMER_EXPORT: CUSTOMER_EXPORT\nPRODUCT_EXPORT: PRODUCT_EXPORT\nLEAD_IMPORT: LEAD_IMPORT\nLEAD_EXPORT: LEAD_EXPORT\nPERSONAL_DATA_EXPORT: PERSONAL_DATA_EXPORT\nPERSONAL_DATA_TRACES: PERSONAL_DATA_TRACES\nTIER_RULES: TIER_RULES\nWORKING_TIME: WORKING_TIME",
                enum_type=JobKind,
                max_length=30,
            ),
        ),
        ops.AddConstraint(
            model_name="Job",
            constraint=CheckConstraint(
                check="kind IN ('ORDER_IMPORT', 'CUSTOM_FIELD_INDEX', 'CUSTOMER_IMPORT', 'PRODUCT_IMPORT', 'CHANNEL_PRICE_IMPORT', 'ORDER_EXPORT', 'CUSTOMER_EXPORT', 'PRODUCT_EXPORT', 'LEAD_IMPORT', 'LEAD_EXPORT', 'PERSONAL_DATA_EXPORT', 'PERSONAL_DATA_TRACES', 'TIER_RULES', 'WORKING_TIME')",
                name="job_kind_known",
            ),
        ),
        ops.AddField(
            model_name="OutboxEvent",
            name="after_pool_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="OutboxEvent",
            name="before_pool_id",
            field=fields.BigIntField(null=True),
        ),
        ops.RunSQL(
            sql=[EVENT, MATCH_NAME, MATCH_CODE],
            reverse_sql="DROP FUNCTION match_name(text), match_code(text)",
        ),
    ]
