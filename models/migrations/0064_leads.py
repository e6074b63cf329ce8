# ruff: noqa: E501  # as generated, but for the reasons
from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.leads.lead import FollowUpChannel, FollowUpResult, LeadIntent, LeadMove, LeadStatus
from domain.leads.pools import OnBreach, PoolStrategy
from domain.managed_lists import ReasonKind
from models.columns import NumericField, ShapedIndex, TimestampField

# What many companies begin with, to be changed as they like; an entry that is there stays as it is.
REASONS = """
INSERT INTO reason (version, kind, code, labels, position, active, created_at) VALUES
    (1, 'DISQUALIFICATION', 'no_need', '{"en": "No need", "zh": "无需求"}', 10, true, now()),
    (1, 'DISQUALIFICATION', 'no_budget', '{"en": "No budget", "zh": "无预算"}', 20, true, now()),
    (1, 'DISQUALIFICATION', 'not_reachable', '{"en": "Cannot be reached", "zh": "无法联系"}', 30, true, now()),
    (1, 'DISQUALIFICATION', 'not_genuine', '{"en": "Not genuine", "zh": "无效线索"}', 40, true, now())
ON CONFLICT (kind, code) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0063_status_change_kinds")]

    initial = False

    operations = [
        ops.CreateModel(
            name="LeadPool",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("code", fields.TextField(unique=False)),
                ("labels", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("rank", fields.IntField(default=0)),
                ("active", fields.BooleanField(default=True)),
                ("entry_filter", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "strategy",
                    fields.CharEnumField(
                        description="CLAIM: CLAIM\nROUND_ROBIN: ROUND_ROBIN\nWEIGHTED: WEIGHTED\nEXPERTISE: EXPERTISE\nLEAST_LOADED: LEAST_LOADED",
                        enum_type=PoolStrategy,
                        max_length=20,
                    ),
                ),
                ("claim_quota", fields.IntField(null=True)),
                ("hold_limit", fields.IntField(null=True)),
                ("cool_down_minutes", fields.IntField(null=True)),
                ("head_start_minutes", fields.IntField(null=True)),
                ("head_start_value", NumericField(null=True, generated=False, unique=False)),
                ("head_start_percent", fields.IntField(default=20)),
                ("first_contact_minutes", fields.IntField(null=True)),
                ("follow_up_minutes", fields.IntField(null=True)),
                ("convert_minutes", fields.IntField(null=True)),
                ("remind_before_minutes", fields.IntField(null=True)),
                (
                    "on_breach",
                    fields.CharEnumField(
                        description="RETURN_TO_POOL: RETURN_TO_POOL\nREASSIGN: REASSIGN\nESCALATE: ESCALATE",
                        enum_type=OnBreach,
                        max_length=20,
                    ),
                ),
                ("weight_floor_percent", fields.IntField(default=20)),
                (
                    "last_given",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="last_given_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="pools_given_last",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "lead_pool",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code",), name="lead_pool_code_once"),
                    CheckConstraint(check="num_nonnulls(labels->>'en', labels->>'zh') > 0", name="lead_pool_labelled"),
                    CheckConstraint(
                        check="strategy IN ('CLAIM', 'ROUND_ROBIN', 'WEIGHTED', 'EXPERTISE', 'LEAST_LOADED')",
                        name="lead_pool_strategy_known",
                    ),
                    CheckConstraint(
                        check="on_breach IN ('RETURN_TO_POOL', 'REASSIGN', 'ESCALATE')",
                        name="lead_pool_on_breach_known",
                    ),
                    CheckConstraint(check="claim_quota >= 0 AND hold_limit > 0", name="lead_pool_limits_sane"),
                    CheckConstraint(
                        check="least(cool_down_minutes, head_start_minutes, first_contact_minutes, follow_up_minutes, convert_minutes, remind_before_minutes) > 0",
                        name="lead_pool_times_positive",
                    ),
                    CheckConstraint(
                        check="head_start_percent BETWEEN 1 AND 100 AND weight_floor_percent BETWEEN 0 AND 100",
                        name="lead_pool_percents_sane",
                    ),
                ],
                "indexes": [ShapedIndex(fields=["rank ASC", "id ASC"], name="lead_pool_by_rank")],
                "pk_attr": "id",
                "table_description": "Where leads wait for an owner (线索池), the smallest `rank` asked first whether it takes a new lead.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Lead",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                (
                    "status",
                    fields.CharEnumField(
                        default=LeadStatus.NEW,
                        description="NEW: NEW\nCONTACTED: CONTACTED\nQUALIFIED: QUALIFIED\nCONVERTED: CONVERTED\nDISQUALIFIED: DISQUALIFIED",
                        enum_type=LeadStatus,
                        max_length=20,
                    ),
                ),
                ("company", fields.TextField(null=True, unique=False)),
                ("contact_name", fields.TextField(null=True, unique=False)),
                ("email", fields.TextField(null=True, unique=False)),
                ("phone", fields.TextField(null=True, unique=False)),
                ("tax_id", fields.TextField(null=True, unique=False)),
                ("industry", fields.TextField(null=True, unique=False)),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "source",
                    fields.ForeignKeyField(
                        "models.Channel",
                        source_field="source_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("external_id", fields.TextField(null=True, unique=False)),
                (
                    "intent",
                    fields.CharEnumField(
                        null=True,
                        description="HIGH: HIGH\nMEDIUM: MEDIUM\nLOW: LOW",
                        enum_type=LeadIntent,
                        max_length=20,
                    ),
                ),
                ("interest", fields.TextField(null=True, unique=False)),
                ("score", fields.IntField(default=0)),
                ("expected_value", NumericField(null=True, generated=False, unique=False)),
                ("tags", ArrayField(default=list, element_type="TEXT")),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "pool",
                    fields.ForeignKeyField(
                        "models.LeadPool",
                        source_field="pool_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "duplicate_of",
                    fields.ForeignKeyField(
                        "models.Lead",
                        source_field="duplicate_of_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="duplicates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "reason",
                    fields.ForeignKeyField(
                        "models.Reason",
                        source_field="reason_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("phone_key", fields.TextField(null=True, unique=False)),
                ("email_key", fields.TextField(null=True, unique=False)),
                ("tax_key", fields.TextField(null=True, unique=False)),
                ("company_key", fields.TextField(null=True, unique=False)),
                ("entered_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("pooled_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("head_start_until", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("assigned_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("first_contact_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("last_follow_up_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("next_follow_up_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("contact_by", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("follow_up_by", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("convert_by", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("breach", fields.IntField(default=0)),
                ("closed_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "custom_fields",
                    fields.JSONField(
                        default=dict, db_default=SqlDefault("'{}'::jsonb"), encoder=JSON_DUMPS, decoder=loads
                    ),
                ),
                ("last_seq", fields.BigIntField(default=0)),
                ("updated_at", TimestampField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "lead",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("source", "external_id"), name="lead_external_once"),
                    CheckConstraint(
                        check="status IN ('NEW', 'CONTACTED', 'QUALIFIED', 'CONVERTED', 'DISQUALIFIED')",
                        name="lead_status_known",
                    ),
                    CheckConstraint(check="intent IN ('HIGH', 'MEDIUM', 'LOW')", name="lead_intent_known"),
                    CheckConstraint(check="num_nonnulls(company, contact_name, email, phone) > 0", name="lead_named"),
                    CheckConstraint(check="owner_id IS NULL OR team_id IS NOT NULL", name="lead_owner_has_team"),
                    CheckConstraint(check="(owner_id IS NULL) = (assigned_at IS NULL)", name="lead_owned_since"),
                    CheckConstraint(check="expected_value >= 0", name="lead_value_sane"),
                    CheckConstraint(
                        check="(status IN ('CONVERTED', 'DISQUALIFIED')) = (closed_at IS NOT NULL)",
                        name="lead_closed_at",
                    ),
                    CheckConstraint(check="status <> 'CONVERTED' OR customer_id IS NOT NULL", name="lead_converted_to"),
                ],
                "indexes": [
                    ShapedIndex(
                        fields=["entered_at DESC", "id DESC"],
                        name="lead_by_entered_at",
                        include=("owner_id", "team_id"),
                    ),
                    ShapedIndex(fields=["owner_id ASC", "entered_at DESC", "id DESC"], name="lead_owner_entered_at"),
                    ShapedIndex(fields=["team_id ASC", "entered_at DESC", "id DESC"], name="lead_team_entered_at"),
                    ShapedIndex(
                        fields=["score DESC", "id DESC"], name="lead_by_score", include=("owner_id", "team_id")
                    ),
                    ShapedIndex(fields=["owner_id ASC", "score DESC", "id DESC"], name="lead_owner_score"),
                    ShapedIndex(fields=["team_id ASC", "score DESC", "id DESC"], name="lead_team_score"),
                    ShapedIndex(fields=["expected_value DESC NULLS LAST", "id DESC"], name="lead_by_expected_value"),
                    ShapedIndex(fields=["expected_value ASC NULLS LAST", "id ASC"], name="lead_by_expected_value_asc"),
                    ShapedIndex(
                        fields=["pool_id ASC", "score DESC", "id ASC"],
                        name="lead_waiting",
                        where="owner_id IS NULL AND status IN ('NEW', 'CONTACTED', 'QUALIFIED')",
                    ),
                    ShapedIndex(
                        fields=["owner_id ASC", "pool_id ASC"],
                        name="lead_held",
                        where="status IN ('NEW', 'CONTACTED', 'QUALIFIED')",
                    ),
                    ShapedIndex(
                        fields=["(least(contact_by, follow_up_by, convert_by)) ASC", "id ASC"],
                        name="lead_due",
                        where="owner_id IS NOT NULL AND status IN ('NEW', 'CONTACTED', 'QUALIFIED')",
                    ),
                    ShapedIndex(fields=["customer_id ASC", "id ASC"], name="lead_customer"),
                    ShapedIndex(
                        fields=["duplicate_of_id ASC"], name="lead_duplicate_of", where="duplicate_of_id IS NOT NULL"
                    ),
                    ShapedIndex(fields=["phone_key", "id ASC"], name="lead_phone_key", where="phone_key IS NOT NULL"),
                    ShapedIndex(fields=["email_key", "id ASC"], name="lead_email_key", where="email_key IS NOT NULL"),
                    ShapedIndex(fields=["tax_key", "id ASC"], name="lead_tax_key", where="tax_key IS NOT NULL"),
                    ShapedIndex(
                        fields=["company_key", "id ASC"], name="lead_company_key", where="company_key IS NOT NULL"
                    ),
                    ShapedIndex(
                        fields=[
                            "search_grams(company)",
                            "search_grams(contact_name)",
                            "search_grams(email)",
                            "search_grams(phone)",
                            "search_grams(external_id)",
                        ],
                        name="lead_searched",
                        using="gin",
                        options="gin_pending_list_limit = 512",
                    ),
                    ShapedIndex(fields=["search_text(company)"], name="lead_company_whole"),
                    ShapedIndex(fields=["search_text(email)"], name="lead_email_whole"),
                    ShapedIndex(fields=["search_text(external_id)"], name="lead_external_id_whole"),
                    ShapedIndex(fields=["search_end(phone)"], name="lead_phone_end", where="phone IS NOT NULL"),
                ],
                "pk_attr": "id",
                "table_description": "Somebody who may become a customer. `expected_value` is in the company's currency.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LeadAssignment",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "lead",
                    fields.ForeignKeyField(
                        "models.Lead",
                        source_field="lead_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="assignments",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "move",
                    fields.CharEnumField(
                        description="CLAIMED: CLAIMED\nASSIGNED: ASSIGNED\nROUTED: ROUTED\nREASSIGNED: REASSIGNED\nRELEASED: RELEASED\nRECYCLED: RECYCLED\nESCALATED: ESCALATED\nMERGED: MERGED\nCONVERTED: CONVERTED\nDISQUALIFIED: DISQUALIFIED",
                        enum_type=LeadMove,
                        max_length=20,
                    ),
                ),
                (
                    "from_owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="from_owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "from_team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="from_team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "from_pool",
                    fields.ForeignKeyField(
                        "models.LeadPool",
                        source_field="from_pool_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "to_owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="to_owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "to_team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="to_team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "to_pool",
                    fields.ForeignKeyField(
                        "models.LeadPool",
                        source_field="to_pool_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="leads_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lead_moves",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(null=True, unique=False)),
                ("rule", fields.TextField(null=True, unique=False)),
                ("worth", NumericField(null=True, generated=False, unique=False)),
                ("candidates", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "lead_assignment",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="move IN ('CLAIMED', 'ASSIGNED', 'ROUTED', 'REASSIGNED', 'RELEASED', 'RECYCLED', 'ESCALATED', 'MERGED', 'CONVERTED', 'DISQUALIFIED')",
                        name="lead_assignment_move_known",
                    )
                ],
                "indexes": [
                    ShapedIndex(fields=["lead_id ASC", "at ASC", "id ASC"], name="lead_assignment_of"),
                    ShapedIndex(
                        fields=["to_owner_id ASC", "from_pool_id ASC", "at ASC"],
                        name="lead_assignment_claimed",
                        where="move = 'CLAIMED'",
                    ),
                    ShapedIndex(
                        fields=["from_pool_id ASC", "at ASC"],
                        name="lead_assignment_given",
                        include=("to_owner_id", "worth", "move"),
                        where="to_owner_id IS NOT NULL",
                    ),
                    ShapedIndex(
                        fields=["lead_id ASC", "from_owner_id ASC", "at ASC"],
                        name="lead_assignment_recycled",
                        where="move IN ('RECYCLED', 'REASSIGNED')",
                    ),
                ],
                "pk_attr": "id",
                "table_description": "A lead went from one pair of hands to another: who, from whom, why, by which rule, when.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LeadFollowUp",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "lead",
                    fields.ForeignKeyField(
                        "models.Lead",
                        source_field="lead_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="follow_ups",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lead_follow_ups",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
                (
                    "channel",
                    fields.CharEnumField(
                        description="PHONE: PHONE\nVISIT: VISIT\nEMAIL: EMAIL\nMESSENGER: MESSENGER\nMEETING: MEETING\nOTHER: OTHER",
                        enum_type=FollowUpChannel,
                        max_length=20,
                    ),
                ),
                (
                    "result",
                    fields.CharEnumField(
                        description="REACHED: REACHED\nNOT_REACHED: NOT_REACHED\nINTERESTED: INTERESTED\nNOT_INTERESTED: NOT_INTERESTED\nAPPOINTMENT: APPOINTMENT",
                        enum_type=FollowUpResult,
                        max_length=20,
                    ),
                ),
                ("content", fields.TextField(unique=False)),
                ("next_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "lead_follow_up",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="channel IN ('PHONE', 'VISIT', 'EMAIL', 'MESSENGER', 'MEETING', 'OTHER')",
                        name="lead_follow_up_channel_known",
                    ),
                    CheckConstraint(
                        check="result IN ('REACHED', 'NOT_REACHED', 'INTERESTED', 'NOT_INTERESTED', 'APPOINTMENT')",
                        name="lead_follow_up_result_known",
                    ),
                    CheckConstraint(check="at <= created_at", name="lead_follow_up_past"),
                    CheckConstraint(check="next_at > at", name="lead_follow_up_next_later"),
                ],
                "indexes": [ShapedIndex(fields=["lead_id ASC", "at ASC", "id ASC"], name="lead_follow_up_of")],
                "pk_attr": "id",
                "table_description": "Somebody was in touch with a lead (跟进记录) at a moment, and perhaps will be again at `next_at`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LeadPoolMember",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "pool",
                    fields.ForeignKeyField(
                        "models.LeadPool",
                        source_field="pool_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="members",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="pool_memberships",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="pool_memberships",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "lead_pool_member",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="num_nonnulls(user_id, team_id) = 1", name="lead_pool_member_of_one_kind"),
                    UniqueConstraint(fields=("pool", "user"), name="lead_pool_member_user_once"),
                    UniqueConstraint(fields=("pool", "team"), name="lead_pool_member_team_once"),
                ],
                "indexes": [
                    ShapedIndex(fields=["user_id ASC", "pool_id ASC"], name="lead_pool_member_user"),
                    ShapedIndex(fields=["team_id ASC", "pool_id ASC"], name="lead_pool_member_team"),
                ],
                "pk_attr": "id",
                "table_description": "Somebody who gets leads of a pool: a user, or everybody of a team and of those below it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LeadShare",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "lead",
                    fields.ForeignKeyField(
                        "models.Lead",
                        source_field="lead_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shares",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shared_leads",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("percent", fields.IntField(default=0)),
            ],
            options={
                "table": "lead_share",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("lead", "user"), name="lead_share_once"),
                    CheckConstraint(check="percent BETWEEN 0 AND 100", name="lead_share_percent_sane"),
                ],
                "indexes": [ShapedIndex(fields=["user_id ASC", "lead_id ASC"], name="lead_share_user")],
                "pk_attr": "id",
                "table_description": "A lead shared with a user, who may read, comment and follow up; `percent` is their share of the credit.",
            },
            bases=["Model"],
        ),
        ops.RemoveConstraint(
            model_name="Reason",
            name="reason_kind_known",
            fields=None,
        ),
        ops.AlterField(
            model_name="Reason",
            name="kind",
            field=fields.CharEnumField(
                description="DELAY: DELAY\nRETURN: RETURN\nLOSS: LOSS\nCANCELLATION: CANCELLATION\nCOMPLAINT: COMPLAINT\nDISQUALIFICATION: DISQUALIFICATION",
                enum_type=ReasonKind,
                max_length=20,
            ),
        ),
        ops.AddConstraint(
            model_name="Reason",
            constraint=CheckConstraint(
                check="kind IN ('DELAY', 'RETURN', 'LOSS', 'CANCELLATION', 'COMPLAINT', 'DISQUALIFICATION')",
                name="reason_kind_known",
            ),
        ),
        ops.RunSQL(sql=REASONS, reverse_sql="SELECT 1"),
    ]
