"""`sluice`, the command line. Each command imports what it needs when it runs, so that `--help` is quick."""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from domain.people import Role
from domain.scopes import TokenScope

if TYPE_CHECKING:
    from app.settings import Settings

WRONG_SETTINGS = 2

cli = typer.Typer(
    help="Sluice: a GraphQL backend for sales teams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
imports = typer.Typer(help="Import data from files.", no_args_is_help=True)
cli.add_typer(imports, name="import")
users = typer.Typer(help="Keep users.", no_args_is_help=True)
cli.add_typer(users, name="user")
tokens = typer.Typer(help="Keep API tokens, with which machines ask.", no_args_is_help=True)
cli.add_typer(tokens, name="token")
counters = typer.Typer(help="Keep the counters of orders.", no_args_is_help=True)
cli.add_typer(counters, name="counters")
stock = typer.Typer(help="Keep the books of stock.", no_args_is_help=True)
cli.add_typer(stock, name="stock")
payments = typer.Typer(help="Keep the books of payments.", no_args_is_help=True)
cli.add_typer(payments, name="payments")
rfm = typer.Typer(help="Keep what customers are measured by.", no_args_is_help=True)
cli.add_typer(rfm, name="rfm")


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
def schema(
    check: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Compare with this file, and fail if it differs.")
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="List what breaks clients of this schema and is not marked."),
    ] = None,
) -> None:
    """Print the GraphQL schema, or compare it."""
    from app.sdl import print_sdl, surprises

    if since is not None:
        if found := surprises(since):
            _fail("\n".join(found), 1)
        return
    text = print_sdl().rstrip("\n")
    if check is None:
        typer.echo(text)
    elif check.read_text().rstrip("\n") != text:
        _fail(f"{check} is not the schema of this code: sluice schema > {check}", 1)


@cli.command()
def doctor() -> None:
    """Say what is wrong with this installation, and how to mend it."""
    settings = _settings()
    from app.commands import doctor as command

    sys.exit(command.run(settings))


@imports.command()
def orders(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="CSV, plain or gzip.")],
    preset: Annotated[str, typer.Option(help="How columns become orders.")],
    as_user: Annotated[str | None, typer.Option("--as", help="The owner's email address.")] = None,
    team: Annotated[str | None, typer.Option(help="The owning team.")] = None,
) -> None:
    """Import orders. Repeating an import changes nothing."""
    settings = _settings()
    from app.commands import import_orders

    sys.exit(import_orders.run(settings, files, preset, as_user, team))


@users.command("create")
def create_user(
    email: Annotated[str, typer.Argument(help="The email address to sign in with.")],
    name: Annotated[str, typer.Option(prompt=True, help="What colleagues see.")],
    role: Annotated[list[Role], typer.Option(help="Repeat it for several: roles add up.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    team: Annotated[str | None, typer.Option(help="The name of the user's team.")] = None,
) -> None:
    """Make a user, such as the first administrator."""
    settings = _settings()
    from app.commands import create_user as command

    sys.exit(command.run(settings, email=email, name=name, roles=role, team=team, password=password))


@tokens.command("create")
def create_token(
    name: Annotated[str, typer.Option(help="What it is for.")],
    scopes: Annotated[str, typer.Option(help="What it opens, such as ORDERS_WRITE,CUSTOMERS_READ.")],
    user: Annotated[
        str | None, typer.Option(help="The email address of whom it speaks for; else a service account of this name.")
    ] = None,
    expires: Annotated[int | None, typer.Option(help="After how many days it ends; else never.")] = None,
) -> None:
    """Make an API token, and print its secret once."""
    try:
        wanted = [TokenScope(scope.strip()) for scope in scopes.split(",")]
    except ValueError as unknown:
        raise typer.BadParameter(f"{unknown}: there are {', '.join(TokenScope)}", param_hint="--scopes") from None
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
def revoke_token(token: Annotated[str, typer.Argument(help="Its id, such as tok_3.")]) -> None:
    """End an API token."""
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
    typer.echo(message, err=True)
    raise typer.Exit(code)


def main() -> None:
    """The entry point of the `sluice` command."""
    cli()


if __name__ == "__main__":
    main()
