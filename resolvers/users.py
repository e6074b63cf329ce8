"""Mutations of users, and of whose customers and orders are."""

import strawberry

from domain.errors import Refused
from domain.users import NewUser, SkillChanges, Transfer, UserChanges
from resolvers.answers import Info, errors_of, written
from rows.entities import USER
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.users import (
    PasswordSetInput,
    PasswordTokenCreateInput,
    RecordsTransferInput,
    UserCreateInput,
    UserDeactivateInput,
    UserIdentityLinkInput,
    UserIdentityUnlinkInput,
    UserReactivateInput,
    UserSkillsSetInput,
    UserUpdateInput,
)
from schema.payloads.users import (
    PasswordSetPayload,
    PasswordTokenCreatePayload,
    RecordsTransferPayload,
    UserCreatePayload,
    UserDeactivatePayload,
    UserIdentityLinkPayload,
    UserIdentityUnlinkPayload,
    UserReactivatePayload,
    UserSkillsSetPayload,
    UserUpdatePayload,
)
from services.identities.administer import link_user_identity, unlink_user_identity
from services.records.transfer import transfer_records
from services.users.create import create_user
from services.users.deactivate import deactivate_user, reactivate_user
from services.users.passwords import create_password_token, set_password
from services.users.skills import set_skills
from services.users.update import update_user


@strawberry.type
class UserMutations:
    @mutation("Make a user.")
    async def user_create(self, info: Info, input: UserCreateInput) -> UserCreatePayload | None:
        async def work() -> int:
            return await create_user(
                viewer=info.context.viewer, user=command(NewUser, input), idempotency_key=input.idempotency_key
            )

        return await written(info, UserCreatePayload, USER, work)

    @mutation("Change a user: who they are, what they may do, which team they belong to.")
    async def user_update(self, info: Info, input: UserUpdateInput) -> UserUpdatePayload | None:
        async def work() -> int:
            return await update_user(
                viewer=info.context.viewer,
                user_id=row_id(USER, input.id),
                expected_version=input.expected_version,
                changes=command(UserChanges, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, UserUpdatePayload, USER, work)

    @mutation("Say what a user is good at; for administrators.")
    async def user_skills_set(self, info: Info, input: UserSkillsSetInput) -> UserSkillsSetPayload | None:
        async def work() -> int:
            return await set_skills(
                viewer=info.context.viewer,
                user_id=row_id(USER, input.id),
                expected_version=input.expected_version,
                skills=command(SkillChanges, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, UserSkillsSetPayload, USER, work)

    @mutation("Shut a user out, and give their customers and open orders to somebody else.")
    async def user_deactivate(self, info: Info, input: UserDeactivateInput) -> UserDeactivatePayload | None:
        async def work() -> int:
            return await deactivate_user(
                viewer=info.context.viewer,
                user_id=row_id(USER, input.id),
                transfer_to_id=row_id(USER, input.transfer_to_id) if input.transfer_to_id is not None else None,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, UserDeactivatePayload, USER, work)

    @mutation("Let a user in again.")
    async def user_reactivate(self, info: Info, input: UserReactivateInput) -> UserReactivatePayload | None:
        async def work() -> int:
            return await reactivate_user(
                viewer=info.context.viewer,
                user_id=row_id(USER, input.id),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, UserReactivatePayload, USER, work)

    @mutation("Let tokens of somebody at an OpenID provider speak for a user.")
    async def user_identity_link(self, info: Info, input: UserIdentityLinkInput) -> UserIdentityLinkPayload | None:
        async def work() -> int:
            return await link_user_identity(
                viewer=info.context.viewer,
                user_id=row_id(USER, input.user_id),
                issuer=_issuer(info, input.issuer),
                subject=input.subject,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, UserIdentityLinkPayload, USER, work)

    @mutation("Let tokens of somebody at an OpenID provider speak for a user no more. All sessions of the user end.")
    async def user_identity_unlink(
        self, info: Info, input: UserIdentityUnlinkInput
    ) -> UserIdentityUnlinkPayload | None:
        async def work() -> int:
            return await unlink_user_identity(
                viewer=info.context.viewer,
                user_id=row_id(USER, input.user_id),
                issuer=_issuer(info, input.issuer),
                subject=input.subject,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, UserIdentityUnlinkPayload, USER, work)

    @mutation("Give customers and orders of one user to another user or team; repeat it until none are left.")
    async def records_transfer(self, info: Info, input: RecordsTransferInput) -> RecordsTransferPayload | None:
        async def work() -> int:
            return await transfer_records(
                viewer=info.context.viewer,
                transfer=command(Transfer, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, RecordsTransferPayload, USER, work)

    @mutation("Make a token with which a user sets a password, once and within 48 hours.")
    async def password_token_create(
        self, info: Info, input: PasswordTokenCreateInput
    ) -> PasswordTokenCreatePayload | None:
        try:
            made = await create_password_token(viewer=info.context.viewer, user_id=row_id(USER, input.user_id))
        except Refused as refused:
            return PasswordTokenCreatePayload(token=None, expires_at=None, errors=errors_of(info, refused))
        return PasswordTokenCreatePayload(token=made.token, expires_at=made.expires_at, errors=[])

    @mutation("Set one's password with a token from an administrator. All sessions of the user end.")
    async def password_set(self, info: Info, input: PasswordSetInput) -> PasswordSetPayload | None:
        try:
            email = await set_password(token=input.token, password=input.password)
        except Refused as refused:
            return PasswordSetPayload(email=None, errors=errors_of(info, refused))
        return PasswordSetPayload(email=email, errors=[])


def _issuer(info: Info, given: str | None) -> str | None:
    """The provider that is meant: the one that is set up, where none is named."""
    if given is None and info.context.provider is not None:
        return info.context.provider.issuer
    return given
