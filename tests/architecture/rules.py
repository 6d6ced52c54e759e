"""The rules of the code's structure, as functions from a source tree to a list of violations."""
import re
from pathlib import Path

# A folder may include those in its own row and in the rows above.
LAYERS = [
    ["base"],
    ["config", "http", "store", "cloud", "events", "recall"],
    ["memory", "sync", "insights"],
    ["webhook", "api"],
]
LAYER = {folder: depth for depth, row in enumerate(LAYERS) for folder in row}
PROGRAMS = ["daemon", "cli", "emulator"]

WHOLE_LIBRARY = {"boost/asio.hpp", "boost/beast.hpp"}
HEADERS, SOURCES = {".hpp", ".h"}, {".cpp", ".cc"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)


def files_of(root, *folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in HEADERS | SOURCES:
                yield path


def includes_of(path):
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def folder_of(path, lib):
    """The folder of lib/ that a file is in; empty for lib/ itself."""
    parts = path.relative_to(lib).parts
    return parts[0] if len(parts) > 1 else ""


def ours(path, name, root):
    """The file of ours that an include means: beside its user or under lib/; else None."""
    for candidate in (path.parent / name, root / "lib" / name, root / name):
        if candidate.is_file():
            return candidate.resolve()
    return None


def unknown_folders(root):
    known = set(LAYER)
    return [
        f"lib/{path.name}: not a folder of the design; add it to LAYERS where it belongs"
        for path in sorted((root / "lib").iterdir())
        if path.is_dir() and path.name not in known
    ]


def wrong_directions(root):
    lib, found, uses = root / "lib", [], {}
    for path in files_of(root, "lib"):
        user, where = folder_of(path, lib), path.relative_to(root)
        for name in includes_of(path):
            target = ours(path, name, root)
            if target is None:
                continue
            if lib.resolve() not in target.parents:
                found.append(f"{where}: includes {name}, which is outside lib/")
                continue
            used = folder_of(target, lib.resolve())
            if used == user or user not in LAYER or used not in LAYER:
                continue
            if LAYER[used] > LAYER[user]:
                found.append(f"{where}: {user} includes {name}, and {used} is built on {user}")
            elif LAYER[used] == LAYER[user]:
                uses.setdefault((user, used), f"{where} includes {name}")
    return found + circle(uses)


def circle(uses):
    """What remains of a row's includes after taking away, again and again, who uses nobody."""
    while True:
        users = {user for user, _ in uses}
        rest = {pair: evidence for pair, evidence in uses.items() if pair[1] in users}
        if rest == uses:
            break
        uses = rest
    if not uses:
        return []
    folders = ", ".join(sorted({user for user, _ in uses}))
    return [f"{folders} of lib/ include each other: " + "; ".join(sorted(uses.values()))]


def programs_including_each_other(root):
    found = []
    for program in PROGRAMS:
        for path in files_of(root, program):
            for name in includes_of(path):
                target = ours(path, name, root)
                for other in PROGRAMS:
                    if other != program and target and (root / other).resolve() in target.parents:
                        found.append(f"{path.relative_to(root)}: includes {name} of {other}/")
    return found


def whole_libraries(root):
    return [
        f"{path.relative_to(root)}: includes all of {name}; name what it needs"
        for path in files_of(root, "lib") if path.suffix in HEADERS
        for name in includes_of(path) if name in WHOLE_LIBRARY
    ]


def sqlite_outside_store(root):
    def allowed(where):
        return where.startswith(("lib/store/sqlite/", "cli/doctor"))

    return [
        f"{where}: includes sqlite3.h; only lib/store/sqlite and the doctor know SQLite"
        for path in files_of(root, "lib", *PROGRAMS)
        for where in [path.relative_to(root).as_posix()]
        if "sqlite3.h" in includes_of(path) and not allowed(where)
    ]


def unlisted_sources(root):
    """Sources that no CMakeLists.txt above them names are not built, and nobody notices."""
    found = []
    for path in files_of(root, "lib", *PROGRAMS):
        if path.suffix not in SOURCES:
            continue
        lists = [folder / "CMakeLists.txt" for folder in path.parents
                 if root in folder.parents and (folder / "CMakeLists.txt").is_file()]
        if not any(names(list_file, path) for list_file in lists):
            found.append(f"{path.relative_to(root)}: in no CMakeLists.txt")
    return found


def names(list_file, source):
    text = re.sub(r"#.*", "", list_file.read_text(encoding="utf-8"))
    relative = source.relative_to(list_file.parent).as_posix()
    return relative in re.findall(r"[^\s()\"]+", text)


RULES = [unknown_folders, wrong_directions, programs_including_each_other, whole_libraries,
         sqlite_outside_store, unlisted_sources]
