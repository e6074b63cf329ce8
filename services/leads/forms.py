"""Forms on web sites: their keys, and the leads that come by them from people who are not signed in."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from tortoise.exceptions import IntegrityError

from domain.audit import AuditAction
from domain.errors import NotFound, NotPermitted, Refused
from domain.leads.forms import Submission
from domain.paths import INPUT
from domain.permissions import Action, may
from models import LeadForm
from models.connection import pool
from rows.access import visible_ids
from rows.entities import LEAD_FORM
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.company import Company
from services.leads.entering import SoundLead, enter_lead
from services.leads.matching import contact_of, hold_keys
from services.references import violates
from services.transaction import retrying, transaction

PREFIX = "frm_"
HINT = 4
_KEY = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{22}}", re.ASCII)
_FIND = "SELECT id, source_id, pool_id, tags, origins, per_minute FROM lead_form WHERE key_hash = $1 AND active"
_POOL = "SELECT id FROM lead_pool WHERE id = $1 AND active"


@dataclass(frozen=True, kw_only=True)
class OpenForm:
    """A form that takes leads."""

    id: int
    source_id: int
    pool_id: int | None
    tags: Sequence[str]
    origins: Sequence[str]
    per_minute: int


@retrying
async def create_form_key(*, viewer: Viewer, form_id: int) -> str:
    """Give the form another key, which is told this once. Raises Refused with NotFound or NotPermitted."""
    async with transaction() as client:
        if not await visible_ids(client, LEAD_FORM, viewer, [form_id], lock=True):
            raise Refused(NotFound(path=(*INPUT, "id")))
        if not may(viewer, Action.ADMINISTER):
            raise Refused(NotPermitted(path=(*INPUT, "id")))
        key = PREFIX + secrets.token_urlsafe(16)
        await LeadForm.filter(id=form_id).using_db(client).update(key_hash=_hash(key), key_hint=key[-HINT:])
        await record(
            client,
            actor=viewer.user_id,
            action=AuditAction.LIST_ENTRY_UPDATED,
            subject=(LEAD_FORM, form_id),
            facts={"key": key[-HINT:]},
        )
    return key


async def find_form(key: str) -> OpenForm | None:
    """The active form of this key."""
    if not _KEY.fullmatch(key):
        return None
    row = await pool().fetchrow(_FIND, _hash(key))
    return OpenForm(**dict(row)) if row else None


async def submit_form(*, form: OpenForm, company: Company, submission: Submission) -> None:
    """Enter the lead of a sound `submission`. One that came before is the same, and writes nothing."""
    with suppress(_Repeated):
        await _submit(form, company, submission)


@retrying
async def _submit(form: OpenForm, company: Company, submission: Submission) -> None:
    async with transaction() as client:
        pool_id = form.pool_id and await client.connection.fetchval(_POOL, form.pool_id)
        lead = replace(
            submission.lead(),
            source_id=form.source_id,
            external_id=submission.external_id(company.day_of(now())),
            pool_id=pool_id,
            tags=tuple(form.tags),
        )
        keys = await hold_keys(client, contact_of(lead), country=company.country)
        try:
            await enter_lead(client, company, SoundLead(lead=lead, keys=keys, by=None))
        except IntegrityError as error:
            if not violates(error, "lead_external_once"):
                raise
            raise _Repeated from error


class _Repeated(Exception):
    """It came before."""


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
