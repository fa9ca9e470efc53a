"""The workspace as a whole: made or not at all, opened or refused, one writer at a time."""

import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from shuangsuiji.errors import EnvironmentRefused, InputRefused
from shuangsuiji.store import Store, schema
from shuangsuiji.store.engine import connect, reading
from shuangsuiji.store.log import first_fault
from shuangsuiji.store.models import Base
from tests.store.world import KEY, NOW, OPERATORS, files_below, put_plan, tables


def create(path: Path, operators: tuple[str, ...] = OPERATORS) -> Store:
    return Store.create(path, "某区市场监督管理局", "410100", operators, NOW)


def run(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path / "shuangsuiji.db")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_init_is_the_first_entry_and_names_who_may_act(tmp_path: Path) -> None:
    store = create(tmp_path / "某局" / "工作 目录 100%")
    with store.read() as reader:
        assert reader.operators() == OPERATORS
        assert reader.workspace().authority == "某区市场监督管理局"
        assert reader.workspace().created == NOW
        (entry,) = reader.log()
    assert (entry.verb, entry.operator) == ("init", "张三")
    assert entry.details == {
        "authority": "某区市场监督管理局",
        "region": "410100",
        "operators": list(OPERATORS),
    }


def test_rosters_and_keys_are_closed_to_other_accounts(tmp_path: Path) -> None:
    root = create(tmp_path / "workspace").layout.root
    private = [
        root / name for name in ("snapshots", "objects", "keys", "reports", "bundles", "shuangsuiji.db")
    ]
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in private)


def test_an_empty_directory_and_one_left_by_an_interrupted_init_are_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    create(tmp_path / "empty")
    left = tmp_path / "left"
    (left / "keys").mkdir(parents=True)
    (left / ".shuangsuiji.db.new").write_bytes(b"half")
    (left / ".shuangsuiji.db.new-journal").write_bytes(b"half")
    create(left)
    assert files_below(left) == {}


def nothing(_: Path) -> None:
    """Prepare nothing."""


def a_roster(path: Path) -> None:
    path.mkdir()
    (path / "名册.xlsx").touch()


def a_key(path: Path) -> None:
    (path / "keys").mkdir(parents=True)
    (path / "keys" / "real-1.key").touch()


@pytest.mark.parametrize(
    ("code", "prepare", "operators"),
    [
        ("store.exists", create, OPERATORS),
        ("store.not_empty", a_roster, OPERATORS),
        ("store.not_empty", a_key, OPERATORS),
        ("store.no_operators", nothing, ()),
        ("store.operators_repeated", nothing, ("张三", "张三")),
    ],
)
def test_init_refuses_and_leaves_everything_as_it_was(
    code: str, prepare: Callable[[Path], object], operators: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "workspace"
    prepare(path)
    before = sorted(tmp_path.rglob("*")), files_below(tmp_path)
    with pytest.raises(InputRefused) as found:
        create(path, operators)
    assert found.value.code == code
    assert (sorted(tmp_path.rglob("*")), files_below(tmp_path)) == before


def test_a_file_where_the_directory_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "workspace"):
        with pytest.raises(EnvironmentRefused) as found:
            create(path)
        assert found.value.code == "store.not_a_directory"
    assert [path.name for path in tmp_path.rglob("*")] == ["file"]


def test_what_is_no_workspace_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentRefused) as found:
        Store.open(tmp_path)
    assert (found.value.code, found.value.where.file) == ("store.no_workspace", str(tmp_path))
    (tmp_path / "shuangsuiji.db").write_bytes(b"PK\x03\x04 this is something else" * 100)
    with pytest.raises(EnvironmentRefused) as found:
        Store.open(tmp_path)
    assert found.value.code == "store.damaged"
    (tmp_path / "shuangsuiji.db").write_bytes(b"")
    with pytest.raises(EnvironmentRefused) as found:
        Store.open(tmp_path)
    assert found.value.code == "store.no_workspace"
    assert (tmp_path / "shuangsuiji.db").read_bytes() == b""


def test_a_workspace_of_a_newer_program_is_refused_unchanged(store: Store) -> None:
    root = store.layout.root
    run(root, "UPDATE alembic_version SET version_num = '9999'")
    before = tables(root)
    with pytest.raises(EnvironmentRefused) as found:
        Store.open(root)
    assert (found.value.code, found.value.params["version"]) == ("store.newer", "9999")
    assert tables(root) == before


NEXT = '''"""A revision of the future."""
from alembic import op
revision, down_revision, branch_labels, depends_on = "0005", "0004", None, None
def upgrade():
    op.execute("CREATE TABLE extra (id INTEGER PRIMARY KEY)")
    op.execute({last!r})
'''


def test_an_older_workspace_is_migrated_and_keeps_its_records(store: Store, tmp_path: Path) -> None:
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        transaction.add_draw("real", put_plan(transaction), KEY)
    before = tables(store.layout.root)
    versions = Path(shutil.copytree(schema.VERSIONS, tmp_path / "versions"))
    (versions / "v0005.py").write_text(NEXT.format(last="INSERT INTO extra VALUES (7)"))
    schema.prepare(connect(store.layout.database, 1), store.layout.database, "0005", versions)
    after = dict(tables(store.layout.root))
    assert after.pop("extra") == [(7,)]
    assert after.pop("alembic_version") == [("0005",)]
    assert after == {name: found for name, found in before.items() if name != "alembic_version"}


def test_typings_of_the_first_schema_are_about_the_public_values(store: Store) -> None:
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        draw = transaction.add_draw("real", put_plan(transaction), KEY)
    with store.begin("张三", "seed", NOW) as transaction:
        typing = transaction.add_typing(draw, "张三", {"kl8:2026318": "01"})
    for statement in (
        "DROP TABLE abnormal_steps",
        "DROP TABLE published_results",
        "DROP TABLE reviews",
        "DROP TABLE results",
        "DROP TRIGGER draws_stay_void",
        "ALTER TABLE draws DROP COLUMN void",
        "ALTER TABLE typings DROP COLUMN occasion",
        "ALTER TABLE typings DROP COLUMN subject",
    ):
        run(store.layout.root, statement)
    run(store.layout.root, "UPDATE alembic_version SET version_num = '0001'")
    with Store.open(store.layout.root).read() as reader:
        assert reader.typings(draw) == (typing,)
        assert reader.typings(draw, "王代表") == ()
        assert reader.draws() == (draw,)


def test_a_void_draw_stays_void_and_stands_in_nobodys_way(store: Store) -> None:
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        first = transaction.declare_void(transaction.add_draw("real", put_plan(transaction), KEY))
    with store.read() as reader:
        assert reader.open_draw() == first
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        second = transaction.add_draw("real", put_plan(transaction), KEY)
    with store.read() as reader:
        assert reader.open_draw() == second
    with pytest.raises(sqlite3.IntegrityError, match="stays void"):
        run(store.layout.root, "UPDATE draws SET void = 0")


def test_a_migration_that_fails_leaves_the_older_workspace(store: Store, tmp_path: Path) -> None:
    from sqlalchemy.exc import OperationalError

    before = tables(store.layout.root)
    versions = Path(shutil.copytree(schema.VERSIONS, tmp_path / "versions"))
    (versions / "v0005.py").write_text(NEXT.format(last="INSERT INTO nowhere VALUES (7)"))
    with pytest.raises(OperationalError):
        schema.prepare(connect(store.layout.database, 1), store.layout.database, "0005", versions)
    assert tables(store.layout.root) == before
    with Store.open(store.layout.root).read() as reader:
        assert reader.operators() == OPERATORS


def test_the_migrations_make_just_the_tables_of_the_models(store: Store) -> None:
    with reading(connect(store.layout.database, 1)) as session:
        assert compare_metadata(MigrationContext.configure(session.connection()), Base.metadata) == []
    assert schema.revisions()[0] == schema.HEAD


def test_of_two_writers_one_is_turned_away_and_nothing_of_it_remains(store: Store) -> None:
    rival = Store.open(store.layout.root, busy_timeout=0.05)
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        draw = transaction.add_draw("real", put_plan(transaction), KEY)
        with pytest.raises(EnvironmentRefused) as found, rival.begin("李四", "plan.adopt", NOW):
            pytest.fail("the block must not be entered")
    assert (found.value.code, found.value.params["operator"]) == ("store.locked_by", "张三")
    assert found.value.params["verb"] == "plan.adopt"
    with rival.begin("李四", "plan.adopt", NOW) as transaction:
        assert transaction.draws() == (draw,)
    with store.read() as reader:
        assert [entry.operator for entry in reader.log()] == ["张三", "张三", "李四"]


def test_readers_see_the_state_before_a_writer_is_done(store: Store) -> None:
    with store.begin("张三", "plan.adopt", NOW) as transaction:
        transaction.add_draw("real", put_plan(transaction), KEY)
        with store.read() as reader:
            assert reader.draws() == ()
            assert len(reader.log()) == 1
    with store.read() as reader:
        assert len(reader.draws()) == 1


def test_writers_who_wait_make_one_chain_and_one_series_of_numbers(store: Store) -> None:
    barrier = Barrier(3)

    def work(operator: str) -> None:
        own = Store.open(store.layout.root, busy_timeout=60)
        barrier.wait()
        for _ in range(4):
            with own.begin(operator, "plan.adopt", NOW) as transaction:
                transaction.add_draw("real", put_plan(transaction), KEY)

    threads = [Thread(target=work, args=(operator,)) for operator in (*OPERATORS, "张三")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as reader:
        assert first_fault(reader.log()) is None
        assert len(reader.log()) == 13
        assert [draw.number for draw in reader.draws()] == list(range(1, 13))


def test_nothing_holds_the_database_between_two_commands(store: Store) -> None:
    with store.begin("张三", "freeze", NOW):
        pass
    held = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.exists()]
    assert not [path for path in held if path.is_relative_to(store.layout.root)]


def test_a_backup_that_lost_its_empty_folders_still_works(store: Store) -> None:
    root = store.layout.root
    for folder in (path for path in root.iterdir() if path.is_dir()):
        folder.rmdir()
    before = sorted(root.iterdir())
    with pytest.raises(InputRefused), store.begin("王五", "plan adopt", NOW):
        pytest.fail("the block must not be entered")
    assert sorted(root.iterdir()) == before
    with store.begin("张三", "plan adopt", NOW) as transaction:
        draw = transaction.add_draw("real", put_plan(transaction), KEY)
    assert stat.S_IMODE((root / "keys").stat().st_mode) == 0o700
    with store.read() as reader:
        assert reader.key(draw) == KEY
