"""Make a folder with its own Python that runs carbonacct without an installation, and a zip of it.

    python packaging/portable.py --wheel dist/carbonacct-*.whl -o dist/carbonacct-portable.zip
    python packaging/portable.py --wheel ... --python python-windows/ --platform win_amd64 \
        -o dist/carbonacct-windows.zip

``--python`` is a Python that may be moved: the unpacked "install_only" build of python-build-standalone for the system
that the zip is for; without it the Python that runs this. Packages are taken from PyPI as wheels of that system.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

EXTRAS = "word,brief,pdf"
# What no command needs: tests, headers, the tools that build and install.
LEFT_OUT = shutil.ignore_patterns(
    "test",
    "tests",
    "idlelib",
    "tkinter",
    "turtledemo",
    "ensurepip",
    "lib2to3",
    "include",
    "share",
    "site-packages",
    "__pycache__",
    "*.a",
)
DAY = (1980, 1, 1, 0, 0, 0)  # of each file of the zip: equal folders make equal zips

WINDOWS = """\
@echo off\r
chcp 65001 > nul\r
"%~dp0python\\python.exe" -I -X utf8 -m carbonacct {words}\r
{last}"""
UNIX = """\
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
export LD_LIBRARY_PATH="$here/python/lib${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
exec "$here/python/bin/python3" -I -X utf8 -m carbonacct {words}
"""
README = """\
carbonacct {version}

Windows: double-click serve.cmd. A browser opens; the window that stays is the program, close it to end.
         carbonacct.cmd is the command line: carbonacct.cmd inventory table.xls --method provincial-2011
Linux, macOS: ./serve.sh, ./carbonacct.sh

Windows：双击 serve.cmd，浏览器随即打开；保留的窗口就是程序，关闭它即结束。
项目文件放在 projects 文件夹里。不联网，不安装，删除文件夹即可卸载。
"""


def main() -> None:
    """Read the words and make the zip."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wheel", required=True, type=Path)
    parser.add_argument("--python", type=Path, default=Path(sys.base_prefix))
    parser.add_argument(
        "--platform", help="tag of the wheels, such as win_amd64; of this system unless given"
    )
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    if options.python.resolve() == Path("/usr"):
        parser.error(
            "the Python of the system cannot be carried along; name one that may be moved (--python)"
        )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "carbonacct"
        fill_folder(folder, options.wheel, options.python, options.platform)
        zip_folder(folder, options.output)
    print(f"written: {options.output}, {options.output.stat().st_size >> 20} MB")


def fill_folder(folder: Path, wheel: Path, python: Path, platform: str | None) -> None:
    """Write the folder: Python, packages, and the files that start it."""
    windows = (platform or sysconfig.get_platform()).startswith("win")
    shutil.copytree(python, folder / "python", ignore=LEFT_OUT, symlinks=False)
    packages = (
        folder
        / "python"
        / ("Lib" if windows else next((folder / "python" / "lib").glob("python3.*")))
        / "site-packages"
    )
    words = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-compile",
        "--target",
        str(packages),
        f"{wheel}[{EXTRAS}]",
    ]
    if platform:
        words += ["--platform", platform, "--only-binary", ":all:"]
    subprocess.run(words, check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    (folder / "projects").mkdir()
    version = wheel.name.split("-")[1]
    (folder / "README.txt").write_text(
        README.format(version=version), encoding="utf-8-sig", newline="\r\n"
    )
    serve = 'serve --project "{here}"'
    for name, rest, last in (("carbonacct", "", ""), ("serve", serve, "pause\r\n")):
        if windows:
            text = WINDOWS.format(
                words=f"{rest.format(here='%~dp0projects')} %*".strip(), last=last
            )
            (folder / f"{name}.cmd").write_bytes(text.encode())
        else:
            script = folder / f"{name}.sh"
            script.write_text(
                UNIX.format(words=f'{rest.format(here="$here/projects")} "$@"'.strip()),
                encoding="utf-8",
            )
            script.chmod(0o755)


def zip_folder(folder: Path, target: Path) -> None:
    """Write a folder into a zip, in order of names and with the rights of its files."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder.parent).as_posix()
            about = zipfile.ZipInfo(name + "/" * path.is_dir(), DAY)
            about.external_attr = path.stat().st_mode << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(about, b"" if path.is_dir() else path.read_bytes())


if __name__ == "__main__":
    main()
