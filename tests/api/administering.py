"""What tests of administration share: documents about users, and who keeps them."""

from tests.api.writing import ERRORS

USER = "user { id version name email phone roles active team { id } }"
USER_CREATE = f"mutation($input: UserCreateInput!) {{ userCreate(input: $input) {{ {USER} {ERRORS} }} }}"
USER_UPDATE = f"mutation($input: UserUpdateInput!) {{ userUpdate(input: $input) {{ {USER} {ERRORS} }} }}"
USER_DEACTIVATE = f"mutation($input: UserDeactivateInput!) {{ userDeactivate(input: $input) {{ {USER} {ERRORS} }} }}"
USER_REACTIVATE = f"mutation($input: UserReactivateInput!) {{ userReactivate(input: $input) {{ {USER} {ERRORS} }} }}"
USER_SKILLS_SET = f"""mutation($input: UserSkillsSetInput!) {{ userSkillsSet(input: $input) {{
    user {{ version skills {{ regionIds industries categories }} }} {ERRORS} }} }}"""
RECORDS_TRANSFER = f"""mutation($input: RecordsTransferInput!) {{ recordsTransfer(input: $input) {{
    user {{ id customers {{ totalCount }} orders {{ totalCount }} }} {ERRORS} }} }}"""
PASSWORD_TOKEN_CREATE = f"""mutation($input: PasswordTokenCreateInput!) {{
    passwordTokenCreate(input: $input) {{ token expiresAt {ERRORS} }} }}"""
PASSWORD_SET = f"mutation($input: PasswordSetInput!) {{ passwordSet(input: $input) {{ email {ERRORS} }} }}"
LOGIN = f"mutation($input: LoginInput!) {{ login(input: $input) {{ accessToken refreshToken {ERRORS} }} }}"
