from tortoise import fields, migrations
from tortoise.migrations import operations as ops

# Events wait in `outbox_event` until the sequencer moves them to `event`, where they have their positions: 1, 2, 3 ...
# No model, since only set-based SQL uses it, and no partition: the sequencer makes them as it goes. Events that were
# written before are positioned first. What visibility looks at is not known of them: who sees all rows sees them.
EVENT = """
CREATE TABLE event (
    position bigint PRIMARY KEY CHECK (position > 0),
    aggregate text NOT NULL,
    aggregate_id bigint NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz(3) NOT NULL,
    positioned_at timestamptz(3) NOT NULL,
    before_owner_id bigint,
    before_team_id bigint,
    before_status text,
    before_reviewed_by_id bigint,
    after_owner_id bigint,
    after_team_id bigint,
    after_status text,
    after_reviewed_by_id bigint
) PARTITION BY RANGE (position)
"""

# One row. `newest` is the last position given out, `room` the last one that a partition is there for, `oldest` the
# first that is kept.
EVENT_SEQUENCE = """
CREATE TABLE event_sequence (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    newest bigint NOT NULL DEFAULT 0,
    room bigint NOT NULL DEFAULT 0,
    oldest bigint NOT NULL DEFAULT 1
)
"""

# Rows come and go all the time: clean up by number, not by share, and soon.
OUTBOX_EVENT = """
ALTER TABLE outbox_event SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0
)
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0005_managed_lists")]

    operations = [
        ops.AddField(model_name="OutboxEvent", name="before_owner_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="OutboxEvent", name="before_team_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="OutboxEvent", name="before_status", field=fields.TextField(null=True, unique=False)),
        ops.AddField(model_name="OutboxEvent", name="before_reviewed_by_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="OutboxEvent", name="after_owner_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="OutboxEvent", name="after_team_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="OutboxEvent", name="after_status", field=fields.TextField(null=True, unique=False)),
        ops.AddField(model_name="OutboxEvent", name="after_reviewed_by_id", field=fields.BigIntField(null=True)),
        ops.RunSQL(
            sql=[EVENT, EVENT_SEQUENCE, "INSERT INTO event_sequence DEFAULT VALUES", OUTBOX_EVENT],
            reverse_sql="DROP TABLE event, event_sequence",
        ),
    ]
