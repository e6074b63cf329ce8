"""Leads from files, by their numbers in a source. One that is there stays as it is: people work on it."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from domain.errors import InvalidInput
from domain.leads.entry import NAMED_BY, LeadChanges, NewLead, lead_problems, named_problems
from domain.leads.lead import LeadIntent
from domain.ownership import Ownership
from domain.row_problems import RowFault, RowProblem, shown
from models.connection import TransactionClient
from services.imports.records.cells import Checked, Read, Record, RecordKind, RefusedRow, many, number, one_of
from services.imports.records.run import RecordRun
from services.leads.entering import SoundLead, enter_lead
from services.leads.matching import contact_of, hold_all_keys

_KNOWN = "SELECT external_id FROM lead WHERE source_id = $1 AND external_id = ANY ($2::text[])"
_REGIONS = "SELECT id, code, name FROM region WHERE code = ANY ($1::text[]) OR name = ANY ($1::text[]) ORDER BY id DESC"
_TEXTS = ("external_id", "company", "contact_name", "email", "phone", "tax_id", "industry", "interest", "region")


def lead_kind(currency: str) -> RecordKind:
    """What files say of leads, worth amounts of the company's `currency`."""

    def problems(values: Mapping[str, Any]) -> Iterator[InvalidInput]:
        said = LeadChanges(**{name: value for name, value in values.items() if name != "region"})
        yield from lead_problems(said, currency=currency)
        yield from named_problems(*(values.get(name) for name in NAMED_BY))

    readers: Mapping[str, Read] = {
        **dict.fromkeys(_TEXTS, str),
        "intent": one_of(LeadIntent),
        "expected_value": number,
        "tags": many,
    }
    return RecordKind(key="external_id", readers=readers, problems=problems)


async def check_leads(client: TransactionClient, run: RecordRun, records: Sequence[Record]) -> Checked:
    """Which leads are there; refused are records of regions that there are not."""
    regions = await _regions(client, records)
    refused = [
        RefusedRow(record.file, record.line, record.key, [_no_region(run, record)])
        for record in records
        if record.values.get("region", "") not in {"", *regions}
    ]
    found = await client.connection.fetch(_KNOWN, run.parameters.channel_id, [record.key for record in records])
    return Checked(refused, {row["external_id"] for row in found})


async def write_leads(
    client: TransactionClient, run: RecordRun, records: Sequence[Record], known: Set[str]
) -> tuple[int, int]:
    """Enter the leads that are not there; how many, and that none was changed."""
    regions = await _regions(client, records)
    new = [_typed(run, record, regions) for record in records if record.key not in known]
    all_keys = await hold_all_keys(client, [contact_of(lead) for lead in new], country=run.company.country)
    given = run.parameters
    owner = Ownership(owner_id=given.owner_id, team_id=given.team_id) if given.owner_id else None
    for lead, keys in zip(new, all_keys, strict=True):
        sound = SoundLead(
            lead=lead,
            keys=keys,
            by=run.viewer.user_id,
            named=owner if given.owner_named else None,
            otherwise=owner,
        )
        await enter_lead(client, run.company, sound)
    return len(new), 0


def _typed(run: RecordRun, record: Record, regions: Mapping[str, int]) -> NewLead:
    values = {name: value for name, value in record.values.items() if name != "region"}
    lead = NewLead(source_id=run.parameters.channel_id, pool_id=run.parameters.pool_id, **values)
    return replace(lead, region_id=regions[record.values["region"]]) if "region" in record.values else lead


def _no_region(run: RecordRun, record: Record) -> RowProblem:
    return RowProblem(RowFault.NO_REGION, run.parameters.columns["region"], shown(record.values["region"]))


async def _regions(client: TransactionClient, records: Sequence[Record]) -> dict[str, int]:
    """The regions that records name, by code or name; a code goes before a name, and the oldest before others."""
    named = {record.values["region"] for record in records if "region" in record.values}
    rows = await client.connection.fetch(_REGIONS, list(named))
    return {row["name"]: row["id"] for row in rows} | {row["code"]: row["id"] for row in rows}
