# ruff: noqa: E501  # as generated
from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.jobs import JobKind
from domain.pauses import PauseReason, PauseSubject
from models.columns import ShapedIndex, TimestampField

# The calendar by which the company works; null where it has none, which below means around the clock.
COMPANY = """
CREATE FUNCTION company_calendar() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT c.id FROM business_calendar c WHERE c.company_default)
"""

# How much working time lies before the moment, in seconds from the beginning of what is known; null outside of that.
POSITION = """
CREATE FUNCTION working_position(calendar bigint, moment timestamptz) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
    SELECT CASE WHEN p.ends_at IS NOT NULL
        THEN p.seconds_before + extract(epoch FROM least(moment, p.ends_at) - p.starts_at) END
    FROM working_period p WHERE p.calendar_id = calendar AND p.starts_at <= moment
    ORDER BY p.starts_at DESC LIMIT 1
)
"""

# The first moment before which so many more seconds of working time lie than before `since`, or fewer where they are
# negative; `since` itself for none. Null where that is outside of what is known.
ADD = """
CREATE FUNCTION add_working_time(calendar bigint, since timestamptz, seconds numeric) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN calendar IS NULL OR seconds = 0 THEN since + seconds::float8 * interval '1 second'
    ELSE (
        SELECT p.starts_at + (target.place - p.seconds_before)::float8 * interval '1 second'
        FROM (SELECT working_position(calendar, since) + seconds AS place) target
        CROSS JOIN LATERAL (
            SELECT w.starts_at, w.ends_at, w.seconds_before FROM working_period w
            WHERE w.calendar_id = calendar AND w.seconds_before < ceil(target.place)::bigint
            ORDER BY w.seconds_before DESC, w.starts_at DESC LIMIT 1
        ) p
        WHERE p.ends_at IS NOT NULL
    )
END
"""

# In seconds, negative where `until` comes first; null where one of them is outside of what is known.
BETWEEN = """
CREATE FUNCTION working_time_between(calendar bigint, since timestamptz, until timestamptz) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN calendar IS NULL THEN extract(epoch FROM until - since)
    ELSE working_position(calendar, until) - working_position(calendar, since)
END
"""

# As `add_working_time`, where pauses of the subject do not count. One that begins when the deadline has come, or later,
# does not move it. Null while one runs before it.
DEADLINE = """
CREATE FUNCTION working_deadline(
    calendar bigint, since timestamptz, seconds numeric, kind text, subject bigint
) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
    SELECT CASE WHEN bool_or(p.ends_at IS NULL AND p.worked < seconds) THEN NULL ELSE add_working_time(
        calendar, since, seconds + coalesce(sum(p.paused) FILTER (WHERE p.worked < seconds), 0)
    ) END
    FROM (
        SELECT c.ends_at, c.paused, working_time_between(calendar, since, c.begins_at) - coalesce(
            sum(c.paused) OVER (ORDER BY c.begins_at, c.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0
        ) AS worked
        FROM (
            SELECT d.id, d.ends_at, greatest(d.starts_at, since) AS begins_at,
                working_time_between(calendar, greatest(d.starts_at, since), d.ends_at) AS paused
            FROM deadline_pause d
            WHERE d.subject_kind = kind AND d.subject_id = subject AND (d.ends_at IS NULL OR d.ends_at > since)
        ) c
    ) p
)
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0058_assignment_decisions")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BusinessCalendar",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("code", fields.TextField(unique=False)),
                ("labels", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("time_zone", fields.TextField(unique=False)),
                ("week", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("country", fields.CharField(null=True, max_length=2)),
                ("subdivision", fields.TextField(null=True, unique=False)),
                ("exceptions", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("company_default", fields.BooleanField(null=True)),
                ("worked_out_until", fields.DateField(null=True)),
                (
                    "job",
                    fields.ForeignKeyField(
                        "models.Job",
                        source_field="job_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="calendars",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "business_calendar",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code",), name="business_calendar_code_once"),
                    UniqueConstraint(fields=("company_default",), name="business_calendar_one_default"),
                    CheckConstraint(
                        check="num_nonnulls(labels->>'en', labels->>'zh') > 0", name="business_calendar_labelled"
                    ),
                    CheckConstraint(check="company_default IS NOT FALSE", name="business_calendar_default"),
                    CheckConstraint(check="subdivision IS NULL OR country IS NOT NULL", name="business_calendar_part"),
                ],
                "indexes": [
                    ShapedIndex(fields=["code ASC", "id ASC"], name="business_calendar_by_code"),
                    ShapedIndex(fields=["job_id ASC"], name="business_calendar_job"),
                ],
                "pk_attr": "id",
                "table_description": "Hours of the `week` by the clock in `time_zone`, public holidays of a `country`, and `exceptions` to both.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DeadlinePause",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "subject_kind",
                    fields.CharEnumField(description="ORDER: ORDER\nLEAD: LEAD", enum_type=PauseSubject, max_length=20),
                ),
                ("subject_id", fields.BigIntField()),
                ("starts_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("ends_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("running", fields.BooleanField(null=True, default=True)),
                (
                    "reason",
                    fields.CharEnumField(
                        description="CUSTOMER_ASKED: CUSTOMER_ASKED", enum_type=PauseReason, max_length=20
                    ),
                ),
            ],
            options={
                "table": "deadline_pause",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("subject_kind", "subject_id", "running"), name="deadline_pause_one_running"
                    ),
                    CheckConstraint(
                        check="subject_kind IN ('ORDER', 'LEAD')", name="deadline_pause_subject_kind_known"
                    ),
                    CheckConstraint(check="reason IN ('CUSTOMER_ASKED')", name="deadline_pause_reason_known"),
                    CheckConstraint(check="starts_at <= ends_at", name="deadline_pause_in_order"),
                    CheckConstraint(
                        check="running IS NOT FALSE AND (ends_at IS NULL) = (running IS NOT NULL)",
                        name="deadline_pause_running",
                    ),
                ],
                "indexes": [
                    ShapedIndex(
                        fields=["subject_kind ASC", "subject_id ASC", "starts_at ASC"],
                        name="deadline_pause_of",
                        include=("ends_at",),
                    )
                ],
                "pk_attr": "id",
                "table_description": "The deadline of a subject stands still from `starts_at` until `ends_at`; while it does, `running` is true.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HolidaySource",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("country", fields.CharField(max_length=2)),
                ("subdivision", fields.TextField(default="", unique=False)),
                ("last_year", fields.IntField()),
                ("known_until", fields.DateField(null=True)),
                ("library", fields.TextField(unique=False)),
                ("loaded_at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "holiday_source",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("country", "subdivision"), name="holiday_source_once")],
                "pk_attr": "id",
                "table_description": 'Holidays of a country, or a part of it ("" is the whole), are in `public_holiday` until the end of `last_year`.',
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Leave",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="leaves",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("starts_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("ends_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("reason", fields.TextField(null=True, unique=False)),
                (
                    "entered_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="entered_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="leaves_entered",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "user_leave",
                "app": "models",
                "constraints": [CheckConstraint(check="starts_at < ends_at", name="user_leave_in_order")],
                "indexes": [
                    ShapedIndex(fields=["starts_at DESC", "id DESC"], name="user_leave_by_starts_at"),
                    ShapedIndex(fields=["user_id ASC", "starts_at DESC", "id DESC"], name="user_leave_of"),
                ],
                "pk_attr": "id",
                "table_description": "A person is off duty from `starts_at` until `ends_at`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PublicHoliday",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("country", fields.CharField(max_length=2)),
                ("subdivision", fields.TextField(default="", unique=False)),
                ("date", fields.DateField()),
                ("worked", fields.BooleanField(default=False)),
                ("labels", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "public_holiday",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("country", "subdivision", "date"), name="public_holiday_once")
                ],
                "pk_attr": "id",
                "table_description": "Nobody works on `date`, or everybody does where it is `worked`: a make-up day (调休).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WorkingPeriod",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "calendar",
                    fields.ForeignKeyField(
                        "models.BusinessCalendar",
                        source_field="calendar_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="periods",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("starts_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("ends_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("seconds_before", fields.BigIntField()),
            ],
            options={
                "table": "working_period",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("calendar", "starts_at"), name="working_period_once"),
                    CheckConstraint(check="starts_at <= ends_at", name="working_period_in_order"),
                ],
                "indexes": [
                    ShapedIndex(
                        fields=["calendar_id ASC", "seconds_before ASC", "starts_at ASC"], name="working_period_after"
                    )
                ],
                "pk_attr": "id",
                "table_description": "Work goes on from `starts_at` until `ends_at`; `seconds_before` is how much of it lies before, in all periods.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="User",
            name="calendar",
            field=fields.ForeignKeyField(
                "models.BusinessCalendar",
                source_field="calendar_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="users",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddIndex(
            model_name="User",
            index=ShapedIndex(fields=["calendar_id ASC"], name="app_user_calendar", where="calendar_id IS NOT NULL"),
        ),
        ops.RemoveConstraint(model_name="Job", name="job_kind_known", fields=None),
        ops.AlterField(
            model_name="Job",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_IMPORT: ORDER_IMPORT\nCUSTOM_FIELD_INDEX: CUSTOM_FIELD_INDEX\nCUSTOMER_IMPORT: CUSTOMER_IMPORT\nPRODUCT_IMPORT: PRODUCT_IMPORT\nCHANNEL_PRICE_IMPORT: CHANNEL_PRICE_IMPORT\nORDER_EXPORT: ORDER_EXPORT\nCUSTOMER_EXPORT: CUSTOMER_EXPORT\nPRODUCT_EXPORT: PRODUCT_EXPORT\nPERSONAL_DATA_EXPORT: PERSONAL_DATA_EXPORT\nPERSONAL_DATA_TRACES: PERSONAL_DATA_TRACES\nTIER_RULES: TIER_RULES\nWORKING_TIME: WORKING_TIME",
                enum_type=JobKind,
                max_length=30,
            ),
        ),
        ops.AddConstraint(
            model_name="Job",
            constraint=CheckConstraint(
                check="kind IN ('ORDER_IMPORT', 'CUSTOM_FIELD_INDEX', 'CUSTOMER_IMPORT', 'PRODUCT_IMPORT', 'CHANNEL_PRICE_IMPORT', 'ORDER_EXPORT', 'CUSTOMER_EXPORT', 'PRODUCT_EXPORT', 'PERSONAL_DATA_EXPORT', 'PERSONAL_DATA_TRACES', 'TIER_RULES', 'WORKING_TIME')",
                name="job_kind_known",
            ),
        ),
        ops.RunSQL(
            sql=[COMPANY, POSITION, ADD, BETWEEN, DEADLINE],
            reverse_sql="DROP FUNCTION working_deadline, working_time_between, add_working_time, working_position, company_calendar",
        ),
    ]
