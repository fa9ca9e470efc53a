"""The workspace that a command works in, and who acts in it."""

from typing import TYPE_CHECKING

from shuangsuiji.cli.session import Session
from shuangsuiji.errors import EnvironmentRefused, InputRefused, Listing

if TYPE_CHECKING:  # the store brings SQLAlchemy and pandas, which help must not load
    from shuangsuiji.store import Store


def open_store(session: Session) -> "Store":
    """The workspace of `--workspace`. Raises EnvironmentRefused and WrongState as `Store.open`."""
    from shuangsuiji.store import Store

    return Store.open(session.workspace, as_of=session.as_of)


def store_if_any(session: Session) -> "Store | None":
    """The workspace of `--workspace`, None if there is none. Raises EnvironmentRefused if it cannot be opened."""
    try:
        return open_store(session)
    except EnvironmentRefused as error:
        if error.code == "store.no_workspace":
            return None
        raise


def acting(session: Session, store: "Store") -> str:
    """The operator (操作人): the one named, else the only one registered.

    Raises InputRefused `cli.operator_needed`. Whether a named one is registered is the store's question.
    """
    if session.operator:
        return session.operator
    with store.read() as reader:
        registered = reader.operators()
    if len(registered) > 1:
        raise InputRefused("cli.operator_needed", operators=Listing(registered))
    return registered[0]
