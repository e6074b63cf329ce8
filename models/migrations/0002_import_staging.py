from tortoise import migrations
from tortoise.migrations import operations as ops

# No models: only set-based SQL uses these tables. What is in them is read again after a crash, so it needs no WAL; and
# they have no foreign keys, whose checks would cost as much as all the rest.

# The lines that an import has read.
IMPORT_LINE = """
CREATE UNLOGGED TABLE import_line (
    job_id bigint NOT NULL,
    file integer NOT NULL,
    line bigint NOT NULL,
    invoice text,
    is_return boolean,
    sku text,
    name text,
    quantity numeric,
    unit_price numeric,
    placed_at timestamptz(3),
    customer text,
    region text,
    problem text,
    CONSTRAINT import_line_complete CHECK (
        problem IS NOT NULL
        OR num_nulls(invoice, is_return, sku, quantity, unit_price, placed_at) = 0
    )
)
"""

# By invoice, the lines that become orders; by place in the files, those that can't.
IMPORT_LINE_INDEXES = [
    "CREATE INDEX import_line_sound ON import_line (job_id, invoice) WHERE problem IS NULL",
    "CREATE INDEX import_line_refused ON import_line (job_id, file, line) WHERE problem IS NOT NULL",
]

# The invoices that an import has in hand. `order_id` is that of the order to be made, if one is.
IMPORT_ORDER = """
CREATE UNLOGGED TABLE import_order (
    job_id bigint NOT NULL,
    external_id text NOT NULL,
    is_return boolean NOT NULL,
    lines integer NOT NULL,
    placed_at timestamptz(3) NOT NULL,
    customer text,
    region text,
    total numeric NOT NULL,
    rate numeric,
    content_hash bytea NOT NULL,
    problem text,
    region_id bigint,
    customer_id bigint,
    order_id bigint,
    PRIMARY KEY (job_id, external_id)
)
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    operations = [
        ops.RunSQL(
            sql=[IMPORT_LINE, *IMPORT_LINE_INDEXES, IMPORT_ORDER], reverse_sql="DROP TABLE import_line, import_order"
        ),
    ]
