"""What the demo company's customers say: feedback on orders that are done, some complaints, why goods came back.

By SQL, since reasons have the ids that migrations gave them.
"""

from datetime import datetime

import asyncpg

_FEEDBACK = """
INSERT INTO feedback (order_id, score, comment, by_id, at)
SELECT o.id, (ARRAY[5, 4, 5, 3, 4, 5, 2, 4, 5, 1])[1 + o.id / 3 % 10],
       CASE o.id / 3 % 10 WHEN 0 THEN 'Exactly what we needed' WHEN 3 THEN '还可以' WHEN 6 THEN 'One box was open'
                          WHEN 9 THEN '等了三个星期' END,
       $1::bigint, least(o.updated_at + interval '2 days', $2::timestamptz)
FROM sales_order o WHERE o.status = 'COMPLETED' AND o.id % 3 = 0 ORDER BY o.id
"""
_TELL = "UPDATE sales_order o SET feedback_id = f.id FROM feedback f WHERE f.order_id = o.id"
_WHY = """
UPDATE sales_order o SET return_reason_id = r.id
FROM reason r WHERE r.kind = 'RETURN' AND r.position = 10 + 10 * (o.id % 4) AND o.type IN ('RETURN', 'EXCHANGE')
"""
_COMPLAINTS = """
INSERT INTO complaint (version, order_id, reason_id, description, state, respond_by, by_id, created_at, updated_at,
                       closed_at)
SELECT CASE state WHEN 'OPEN' THEN 1 ELSE 2 END, id, reason_id, description, state, at + interval '3 days', $1::bigint,
       at,
       CASE state WHEN 'OPEN' THEN at ELSE seen_at END, CASE WHEN state IN ('RESOLVED', 'REJECTED') THEN seen_at END
FROM (
    SELECT o.id, r.id AS reason_id,
           (ARRAY['Two of the cups are chipped', '快递延误了一周', 'The invoice has the old address',
                  'Nobody answered the telephone'])[1 + o.id / 45 % 4] AS description,
           CASE WHEN o.updated_at > $2::timestamptz - interval '12 days'
                THEN (ARRAY['OPEN', 'IN_PROGRESS'])[1 + o.id / 45 % 2]
                ELSE (ARRAY['RESOLVED', 'RESOLVED', 'REJECTED'])[1 + o.id / 45 % 3] END AS state,
           least(o.updated_at + interval '1 day', $2::timestamptz) AS at,
           least(o.updated_at + interval '2 days', $2::timestamptz) AS seen_at
    FROM sales_order o JOIN reason r ON r.kind = 'COMPLAINT' AND r.position = 10 + 10 * (o.id / 45 % 4)
    WHERE o.status IN ('SHIPPED', 'COMPLETED') AND o.id % 45 = 0
) chosen ORDER BY id
"""
_CHANGES = """
INSERT INTO complaint_change (complaint_id, order_id, from_state, to_state, respond_by, note, by_id, at)
SELECT c.id, c.order_id, step.was, step.now, c.respond_by, step.note, $1::bigint, step.at
FROM complaint c, LATERAL (VALUES
    (NULL, 'OPEN', NULL, c.created_at),
    ('OPEN', c.state, CASE c.state WHEN 'RESOLVED' THEN 'Made good' WHEN 'REJECTED' THEN 'Not ours' END, c.updated_at)
) AS step (was, now, note, at) WHERE step.was IS NULL OR c.state <> 'OPEN' ORDER BY c.id, step.at
"""


async def add_after_sales(connection: asyncpg.Connection, *, by: int, end: datetime) -> None:
    """Feedback on a third of the orders that are done, a complaint of one order in some fifty, entered by `by`."""
    await connection.execute(_FEEDBACK, by, end)
    await connection.execute(_TELL)
    await connection.execute(_WHY)
    await connection.execute(_COMPLAINTS, by, end)
    await connection.execute(_CHANGES, by)
