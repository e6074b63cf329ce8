"""`sluice`, the command line. Each command imports what it needs when it runs, so that `--help` is quick."""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from domain.people import Role
from domain.scopes import TokenScope

if TYPE_CHECKING:
    from app.settings import Settings

WRONG_SETTINGS = 2

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Sluice: a GraphQL backend for sales teams."""


@cli.group("import")
def imports() -> None:
    """Import data from files."""


@cli.group("user")
def users() -> None:
    """Keep users."""


@cli.group("token")
def tokens() -> None:
    """Keep API tokens, with which machines ask."""


@cli.group()
def counters() -> None:
    """Keep the counters of orders."""


@cli.group()
def stock() -> None:
    """Keep the books of stock."""


@cli.group()
def payments() -> None:
    """Keep the books of payments."""


@cli.group()
def rfm() -> None:
    """Keep what customers are measured by."""


@cli.command()
def serve() -> None:
    """Serve the API on HOST and PORT."""
    settings = _settings()
    from app.commands import serve as command

    command.run(settings)


@cli.command()
def worker() -> None:
    """Run jobs and sweeps."""
    settings = _settings()
    from workers import main as workers

    asyncio.run(workers.run(settings))


@cli.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    settings = _settings()
    from app.commands import migrate as command

    command.run(settings)


@cli.command()
def demo() -> None:
    """Run all of Sluice on this machine, with private servers and a made-up company."""
    from app.commands.demo import run

    sys.exit(run())


@cli.command()
@click.option("--check", type=FILE, help="Compare with this file, and fail if it differs.")
@click.option("--since", type=FILE, help="List what breaks clients of this schema and is not marked.")
def schema(check: Path | None, since: Path | None) -> None:
    """Print the GraphQL schema, or compare it."""
    from app.sdl import print_sdl, surprises

    if since is not None:
        if found := surprises(since):
            _fail("\n".join(found), 1)
        return
    text = print_sdl().rstrip("\n")
    if check is None:
        click.echo(text)
    elif check.read_text().rstrip("\n") != text:
        _fail(f"{check} is not the schema of this code: sluice schema > {check}", 1)


@cli.command()
def doctor() -> None:
    """Say what is wrong with this installation, and how to mend it."""
    settings = _settings()
    from app.commands import doctor as command

    sys.exit(command.run(settings))


@imports.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--preset", required=True, help="How columns become orders.")
@click.option("--as", "as_user", help="Whose the orders become, by email address; their role is not asked.")
@click.option("--team", help="The owning team.")
def orders(files: tuple[Path, ...], preset: str, as_user: str | None, team: str | None) -> None:
    """Import orders from FILES: CSV, plain or gzip. Repeating an import changes nothing."""
    settings = _settings()
    from app.commands import import_orders

    sys.exit(import_orders.run(settings, list(files), preset, as_user, team))


@users.command("create")
@click.argument("email")
@click.option("--name", prompt=True, help="What colleagues see.")
@click.option("--role", type=click.Choice(Role), multiple=True, required=True, help="Repeat it: roles add up.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--team", help="The name of the user's team.")
def create_user(email: str, name: str, role: tuple[Role, ...], password: str, team: str | None) -> None:
    """Make a user who signs in by EMAIL, such as the first administrator."""
    settings = _settings()
    from app.commands import create_user as command

    sys.exit(command.run(settings, email=email, name=name, roles=list(role), team=team, password=password))


@tokens.command("create")
@click.option("--name", required=True, help="What it is for.")
@click.option("--scopes", required=True, help="What it opens, such as ORDERS_WRITE,CUSTOMERS_READ.")
@click.option("--user", help="The email address of whom it speaks for; else a service account of this name.")
@click.option("--expires", type=int, help="After how many days it ends; else never.")
def create_token(name: str, scopes: str, user: str | None, expires: int | None) -> None:
    """Make an API token, and print its secret once."""
    try:
        wanted = [TokenScope(scope.strip()) for scope in scopes.split(",")]
    except ValueError as unknown:
        raise click.BadParameter(f"{unknown}: there are {', '.join(TokenScope)}", param_hint="--scopes") from None
    settings = _settings()
    from app.commands import api_tokens

    sys.exit(api_tokens.create(settings, name=name, scopes=wanted, email=user, days=expires))


@tokens.command("list")
def list_tokens() -> None:
    """Show the API tokens, newest first, without their secrets."""
    settings = _settings()
    from app.commands import api_tokens

    sys.exit(api_tokens.show(settings))


@tokens.command("revoke")
@click.argument("token")
def revoke_token(token: str) -> None:
    """End the API token with the id TOKEN, such as tok_3."""
    settings = _settings()
    from app.commands import api_tokens

    sys.exit(api_tokens.revoke(settings, token=token))


@counters.command("verify")
def verify_counters() -> None:
    """Compare the counters with the orders, and fail if they differ."""
    settings = _settings()
    from app.commands import counters as command

    sys.exit(command.verify(settings))


@counters.command("rebuild")
def rebuild_counters() -> None:
    """Count all orders anew, while others write."""
    settings = _settings()
    from app.commands import counters as command

    sys.exit(command.rebuild(settings))


@stock.command("verify")
def verify_stock() -> None:
    """Compare the balances of stock with the ledger, and fail if they differ."""
    settings = _settings()
    from app.commands import stock as command

    sys.exit(command.verify(settings))


@payments.command("verify")
def verify_payments() -> None:
    """Compare what orders have received and refunded with their ledgers, and fail if they differ."""
    settings = _settings()
    from app.commands import payments as command

    sys.exit(command.verify(settings))


@rfm.command("verify")
def verify_rfm() -> None:
    """Compare recency, frequency and monetary value of customers with their orders, and fail if they differ."""
    settings = _settings()
    from app.commands import rfm as command

    sys.exit(command.verify(settings))


def _settings() -> "Settings":
    """The settings, and logs as they say; ends the process with a line for each wrong one."""
    from app.logs import configure_logs
    from app.settings import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        hint = _running_demo() if "DATABASE_URL is not set" in error.problems else []
        _fail("\n".join([*error.problems, *hint]), WRONG_SETTINGS)
    configure_logs(settings.log_level, settings.log_format)
    return settings


def _running_demo() -> list[str]:
    from app.commands.demo_environment import environment_file, is_running
    from app.home import default_home

    home = Path(os.environ.get("SLUICE_HOME") or default_home())
    return (
        [f"to use the demo that runs here: SLUICE_ENV_FILE={environment_file(home)} sluice ..."]
        if is_running(home)
        else []
    )


def _fail(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def main() -> None:
    """The entry point of the `sluice` command."""
    cli()


if __name__ == "__main__":
    main()
