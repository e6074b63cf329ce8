"""Enums of jobs and files."""

from domain.exports import ExportFormat
from domain.files import FileKind
from domain.job_messages import JOB_MESSAGES, JobMessageCode
from domain.jobs import JobKind, JobState
from schema.describe import enum

enum(
    ExportFormat,
    {
        "CSV": "Text in UTF-8; text that a spreadsheet would take for a formula begins with an apostrophe.",
        "XLSX": "A spreadsheet of at most 1,048,575 rows.",
        "NDJSON": "A JSON object a line, values as in the API.",
    },
)
enum(FileKind, {"UPLOAD": "A person sent it.", "REPORT": "What a job did not take.", "RESULT": "What a job made."})
enum(
    JobKind,
    {
        "ORDER_IMPORT": "Orders read from files.",
        "CUSTOM_FIELD_INDEX": "The index of a custom field built or dropped.",
        "CUSTOMER_IMPORT": "Customers read from a file.",
        "PRODUCT_IMPORT": "Products read from a file.",
        "CHANNEL_PRICE_IMPORT": "Prices of a channel read from a file.",
        "ORDER_EXPORT": "Orders written into a file.",
        "CUSTOMER_EXPORT": "Customers written into a file.",
        "PRODUCT_EXPORT": "Products written into a file.",
        "LEAD_IMPORT": "Leads read from files.",
        "LEAD_EXPORT": "Leads written into a file.",
        "PERSONAL_DATA_EXPORT": "What is held about a person, put together.",
        "PERSONAL_DATA_TRACES": "Reports and files that name an erased person looked for, and blanked or removed.",
        "TIER_RULES": "Open orders classified: by rules that were published, or where regions or teams were moved.",
        "WORKING_TIME": "Holidays looked up, calendars worked out, and open deadlines in working time made anew.",
    },
)
enum(
    JobMessageCode,
    # A title before what begins with a fact, so that it is a sentence.
    {
        code.name: english if english[0].isupper() and english.endswith(".") else f"It says: {english}."
        for code, (english, _) in JOB_MESSAGES.items()
    },
)
enum(
    JobState,
    {
        "QUEUED": "Not begun.",
        "RUNNING": "Under way.",
        "SUCCEEDED": "Done; single rows may have failed.",
        "FAILED": "Given up; `message` says why.",
        "CANCELLED": "Stopped by a person.",
    },
)
