"""Who may import whom: the table of the house, held by reading the imports of every file."""

import ast
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "aggregator"
FLOOR = {
    "model",
    "errors",
    "config",
    "filters",
    "preference",
    "search_words",
    "i18n",
    "languages",
    "provenance",
    "pickup",
    "links",
    "lengths",
    "files",
    "allocation",
    "language_detector",
    "folders",
    "patience",
    "descriptors",
    "",
}  # "" is the package itself: its version
PURE = {
    "model": {"model"},
    "errors": {"errors"},
    "clock": set(),
    "provenance": {"i18n", "model", "provenance"},
    "pickup": {"model"},
    "links": set(),
    "lengths": {"model"},
    "filters": {"config", "errors", "links", "model", "preference"},
    "preference": {"errors", "model"},
    "decision_file": {"errors", "model"},
    "evaluation": {"model"},
    "search_words": {"errors"},
    "languages": {"errors"},
    "ingest": FLOOR | {"ingest"},
    "match": FLOOR | {"match"},
    "syndicate": FLOOR | {"syndicate"},
}
ALLOWED = {
    **PURE,
    "config": {"model", "errors", "folders", "i18n", "config"},
    "i18n": {"i18n"},
    "files": {"errors"},
    "allocation": set(),
    "language_detector": set(),
    "folders": set(),
    "patience": set(),
    "descriptors": set(),
    "cluster": FLOOR | {"match", "cluster"},
    "store": FLOOR | {"store"},
    "web": FLOOR | {"store", "syndicate", "decision_file", "web"},
    "demo": FLOOR | {"clock", "demo"},
    "metrics": FLOOR | {"metrics"},
    "editor": FLOOR | {"match", "store", "decision_file", "editor"},
    "decision_import": FLOOR | {"store", "decision_file", "editor", "decision_import"},
    "document_files": FLOOR | {"syndicate", "document_files"},
    "publisher": FLOOR | {"store", "syndicate", "document_files", "publisher"},
    "batcher": {"batcher"},
    "placeholders": FLOOR | {"match", "store", "placeholders"},
    "placer": FLOOR | {"ingest", "match", "store", "placeholders", "placer"},
    "page_reader": FLOOR | {"ingest", "store", "placer", "page_reader"},
    "pipeline": FLOOR | {"ingest", "store", "batcher", "placer", "page_reader", "pipeline"},
    "jobs": {"jobs"},
    "page_dispatcher": FLOOR | {"page_reader", "page_dispatcher"},
    "http_server": FLOOR | {"http_server"},
    "poll_dispatcher": FLOOR | {"pipeline", "poll_dispatcher"},
    "daemon": FLOOR
    | {
        "clock",
        "jobs",
        "page_dispatcher",
        "pipeline",
        "poll_dispatcher",
        "publisher",
        "metrics",
        "daemon",
    },
}
NETWORK_FILES = {"ingest/http/client.py", "ingest/http/transport.py"}
NETWORK = {"httpx", "httpcore", "socket", "ssl", "urllib.request", "http.client", "requests"}
DATABASE = {"sqlalchemy", "alembic", "sqlite3", "psycopg"}
PROCESSES_AND_FILES = {"os", "subprocess", "multiprocessing", "tempfile", "shutil", "concurrent"}
CLOCKS = {"datetime.now", "datetime.utcnow", "time.time", "time.time_ns", "date.today"}
READS_THE_CLOCK = {"clock.py"}
FILES = sorted(PACKAGE.rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Everything in a file that imports or calls."""
    kinds = (ast.Import, ast.ImportFrom, ast.Call)
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def imports(path: Path) -> list[str]:
    """Every module a file imports, wherever in the file it does so."""
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: relative import"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def is_one_of(module: str, roots: set[str]) -> bool:
    return any(module == root or module.startswith(root + ".") for root in roots)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_rooms_import_only_the_floor(path: Path) -> None:
    if room(path) not in ALLOWED:
        assert room(path) in {"__init__", "__main__", "cli"}, f"{name(path)} is in no known room"
        return
    for module in imports(path):
        root, _, rest = module.partition(".")
        if root == "aggregator":
            target = rest.partition(".")[0]
            target = "" if target.startswith("__") else target
            assert target in ALLOWED[room(path)], f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_network_and_database_have_one_door(path: Path) -> None:
    for module in imports(path):
        if is_one_of(module, NETWORK):
            assert name(path) in NETWORK_FILES or room(path) in {"cli", "http_server", "demo"}, (
                f"{name(path)} imports {module}"
            )
        if is_one_of(module, DATABASE):
            assert room(path) == "store", f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_one_file_reads_the_clock(path: Path) -> None:
    if name(path) in READS_THE_CLOCK:
        return
    for node in nodes(path):
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in CLOCKS, (
                f"{name(path)}:{node.lineno} reads the clock"
            )


def test_no_cycle_between_files() -> None:
    graph = {
        ".".join(("aggregator", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
            ".__init__"
        ): imports(path)
        for path in FILES
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, f"import cycle: {' -> '.join((*trail, module))}"
        if module in done:
            return
        for imported in graph[module]:
            target = imported if imported in graph else imported.rpartition(".")[0]
            if target in graph and target not in {module, "aggregator"}:
                visit(target, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", [path for path in FILES if room(path) == "match"], ids=name)
def test_matching_starts_no_process_and_writes_no_file(path: Path) -> None:
    for module in imports(path):
        assert not is_one_of(module, PROCESSES_AND_FILES), f"{name(path)} imports {module}"
