"""Every check of the project, each a session; `.ci/run` runs those that a change must pass."""

import tarfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.5"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "types", "core", "tests", "wheel"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)


def group(name: str) -> list[str]:
    """Return the requirements of a dependency group."""
    return list(nox.project.dependency_groups(PYPROJECT, name))


@nox.session
def lint(session: nox.Session) -> None:
    """Style, and the direction of the imports."""
    session.install("-e", ".[all,testing]", *group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", "--no-logo")


@nox.session
def types(session: nox.Session) -> None:
    """Types, by both checkers."""
    session.install("-e", ".[all,testing]", *group("types"), *group("test"), "nox")
    session.run("mypy")
    session.run("pyright")


@nox.session(python=PYTHONS)
def core(session: nox.Session) -> None:
    """The core alone: msgspec and the test tools, no adapter, no server."""
    session.install("-e", ".[testing]", *group("test"))
    # The made-up world needs no more either, and must be the same with every Python.
    paths = ["tests/unit", "tests/contract/test_memory.py", "tests/demo", "src"]
    session.run("pytest", *paths, *session.posargs)


@nox.session
def adapters(session: nox.Session) -> None:
    """Everything that needs a server, which the tests start themselves."""
    session.install("-e", ".[all,testing]", *group("test"))
    session.run("pytest", "tests", "--ignore=tests/unit", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """The whole suite."""
    session.install("-e", ".[all,testing]", *group("test"))
    session.run("pytest", "--numprocesses=2", "--dist=loadfile", *session.posargs)


@nox.session
def contracts(session: nox.Session) -> None:
    """Every store against the contract suites, with 300 examples a rule."""
    session.install("-e", ".[all,testing]", *group("test"))
    session.run("pytest", "--hypothesis-profile=ci", "tests/contract", *session.posargs)


@nox.session
def nightly(session: nox.Session) -> None:
    """The whole suite with many more examples; takes hours."""
    session.install("-e", ".[all,testing]", *group("test"))
    session.run("pytest", "--hypothesis-profile=nightly", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Every example in the README, the documentation and the docstrings."""
    session.install("-e", ".[all,testing]", *group("test"))
    session.run("pytest", "README.md", "docs", "src", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """The whole suite with branch coverage; the core must be covered in full."""
    session.install("-e", ".[all,testing]", *group("test"))
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *session.posargs)
    session.run("coverage", "combine")
    session.run("coverage", "report")
    session.run("coverage", "report", "--include=src/eventanalytics/*", "--fail-under=100")


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel, look into it, install it, use it."""
    dist = Path(session.create_tmp()) / "dist"
    session.install("build", "check-wheel-contents")
    session.run("python", "-m", "build", "--outdir", str(dist), silent=True)
    built = max(dist.glob("*.whl"), key=lambda path: path.stat().st_mtime)
    # The two import packages are the layout that was chosen.
    session.run("check-wheel-contents", "--toplevel=eventanalytics,eventanalytics_adapters", built)
    session.install("--force-reinstall", f"{built}[all]")
    with session.chdir(session.create_tmp()):
        session.run("python", "-c", "import eventanalytics.memory, eventanalytics_adapters")
        session.run("eventanalytics", "--version")


@nox.session(default=False)
def assets(session: nox.Session) -> None:
    """Take the scripts and styles of /docs and /redoc from the newest npm packages.

    Then write their versions into the README of the assets, and look at both pages.
    """
    target = Path("adapters/eventanalytics_adapters/http/assets").resolve()
    with session.chdir(session.create_tmp()):
        for package, folder in (("swagger-ui-dist", "swagger-ui"), ("redoc", "redoc")):
            output = session.run("npm", "pack", "--silent", package, external=True, silent=True)
            with tarfile.open(str(output).strip()) as archive:
                found = {Path(name).name: name for name in reversed(archive.getnames())}
                for file in (target / folder).iterdir():
                    member = archive.extractfile(found[file.name])
                    if member is None:
                        session.error(f"{package} has no {file.name} any more")
                    file.write_bytes(member.read())
            session.log(f"{folder}: {output}")
