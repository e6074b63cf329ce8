"""What customers think of orders that are done."""

from domain.after_sales import NewFeedback, feedback_problems, hearing_problems
from domain.errors import Refused
from domain.events import EventType
from domain.orders.actions import OrderAction
from models import Feedback
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.after_sales.telling import hold_order, tell
from services.clock import now
from services.idempotency import Request, once
from services.transaction import retrying, transaction


@retrying
async def record_feedback(*, viewer: Viewer, feedback: NewFeedback, idempotency_key: str | None = None) -> int:
    """Keep what the customer thinks of an order, once; its id.

    Raises Refused with NotFound, NotPermitted, AlreadyExists (the order has feedback), StepNotPossible (it is not
    COMPLETED), InvalidInput or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="feedbackRecord", key=idempotency_key, asked=feedback)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _record(client, viewer, feedback))
    return outcome.settle()


async def _record(client: TransactionClient, viewer: Viewer, feedback: NewFeedback) -> int:
    order = await hold_order(client, viewer, feedback.order_id, OrderAction.RECORD_FEEDBACK, named="orderId")
    heard = order.feedback_id is not None
    if problems := (*hearing_problems(order.status, heard=heard), *feedback_problems(feedback)):
        raise Refused(*problems)
    by = viewer.user_id
    kept = await Feedback.create(
        using_db=client, order_id=order.id, score=feedback.score, comment=feedback.comment, by_id=by, at=now()
    )
    feedback_id: int = kept.id
    await tell(client, order, EventType.FEEDBACK_GIVEN, {"score": feedback.score, "by": by}, feedback_id=feedback_id)
    return feedback_id
