"""Mutations of feedback and complaints."""

import strawberry

from domain.after_sales import ComplaintStep, NewComplaint, NewFeedback
from resolvers.answers import Info, written
from rows.entities import COMPLAINT, FEEDBACK
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.after_sales import ComplaintOpenInput, ComplaintUpdateInput, FeedbackRecordInput
from schema.payloads.after_sales import ComplaintOpenPayload, ComplaintUpdatePayload, FeedbackRecordPayload
from services.after_sales.complaints import open_complaint, update_complaint
from services.after_sales.feedback import record_feedback


@strawberry.type
class AfterSalesMutations:
    @mutation("Keep what a customer thinks of an order, once it is done.")
    async def feedback_record(self, info: Info, input: FeedbackRecordInput) -> FeedbackRecordPayload | None:
        async def work() -> int:
            return await record_feedback(
                viewer=info.context.viewer, feedback=command(NewFeedback, input), idempotency_key=input.idempotency_key
            )

        return await written(info, FeedbackRecordPayload, FEEDBACK, work)

    @mutation("Keep what a customer complains of.")
    async def complaint_open(self, info: Info, input: ComplaintOpenInput) -> ComplaintOpenPayload | None:
        async def work() -> int:
            return await open_complaint(
                viewer=info.context.viewer,
                complaint=command(NewComplaint, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ComplaintOpenPayload, COMPLAINT, work)

    @mutation("Do something about a complaint: begin, resolve, reject, take it up again, or set another deadline.")
    async def complaint_update(self, info: Info, input: ComplaintUpdateInput) -> ComplaintUpdatePayload | None:
        async def work() -> int:
            return await update_complaint(
                viewer=info.context.viewer,
                complaint_id=row_id(COMPLAINT, input.id),
                expected_version=input.expected_version,
                step=command(ComplaintStep, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ComplaintUpdatePayload, COMPLAINT, work)
