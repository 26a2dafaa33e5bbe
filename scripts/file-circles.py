#!/usr/bin/env python3
"""Measures which Swift files of one target refer to which others of it, and prints the circles.

    scripts/file-circles.py Sources/Builtins

An arrow A -> B: A refers to something that B declares (a type, a function, a property, a case, a member that B adds
to a type). A circle: files that all reach each other along arrows (a strongly connected component). The arrows that
close a circle, marked *: with them gone no circle is left among its files; of such sets the one that the search found to name
the fewest symbols, which would have to move to another file or not be named there.

The files are type-checked into an index in a temporary folder, with the settings and the modules of the release build
in .build, which stays as it is. What only follows from types (the result of a call, never named) is no reference.
Exit status 1 where something is missing.
"""
import argparse
import collections
import ctypes
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
RELEASE = ROOT / ".build" / "release"
MOST_NAMES = 5


def fail(message, hint=None):
    print(f"error: {message}", file=sys.stderr)
    if hint:
        print(f"hint: {hint}", file=sys.stderr)
    sys.exit(1)


# The index, read with the toolchain's own library: see include/indexstore/indexstore.h there.

DEFINED, CHILD_OF = 1 << 0 | 1 << 1, 1 << 9
# A place that names it, or a conformance that it answers from elsewhere (an override without a definition).
REFERRED = 1 << 2 | 1 << 11
RECORD = 2
MODULE, PARAMETER, EXTENSION, COMMENT_TAG = 1, 25, 9, 1000
TYPES = {5, 6, 7, 8}  # enum, struct, class, protocol
ACCESSORS = {3, 4, *range(1000, 1004), *range(1014, 1019)}  # what comes along with each property
Pointer = ctypes.c_void_p


class Text(ctypes.Structure):
    _fields_ = [("data", Pointer), ("length", ctypes.c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.length).decode() if self.length else ""


ForText = ctypes.CFUNCTYPE(ctypes.c_bool, Pointer, Text)
ForPointer = ctypes.CFUNCTYPE(ctypes.c_bool, Pointer, Pointer)
CALLS = {
    "error_get_description": (ctypes.c_char_p, Pointer),
    "store_create": (Pointer, ctypes.c_char_p, ctypes.POINTER(Pointer)),
    "store_units_apply_f": (ctypes.c_bool, Pointer, ctypes.c_uint, Pointer, ForText),
    "unit_reader_create": (Pointer, Pointer, ctypes.c_char_p, ctypes.POINTER(Pointer)),
    "unit_reader_get_main_file": (Text, Pointer),
    "unit_reader_dependencies_apply_f": (ctypes.c_bool, Pointer, Pointer, ForPointer),
    "unit_dependency_get_kind": (ctypes.c_int, Pointer),
    "unit_dependency_get_filepath": (Text, Pointer),
    "unit_dependency_get_name": (Text, Pointer),
    "record_reader_create": (Pointer, Pointer, ctypes.c_char_p, ctypes.POINTER(Pointer)),
    "record_reader_occurrences_apply_f": (ctypes.c_bool, Pointer, Pointer, ForPointer),
    "occurrence_get_symbol": (Pointer, Pointer),
    "occurrence_get_roles": (ctypes.c_uint64, Pointer),
    "occurrence_relations_apply_f": (ctypes.c_bool, Pointer, Pointer, ForPointer),
    "symbol_relation_get_roles": (ctypes.c_uint64, Pointer),
    "symbol_relation_get_symbol": (Pointer, Pointer),
    "symbol_get_kind": (ctypes.c_int, Pointer),
    "symbol_get_subkind": (ctypes.c_int, Pointer),
    "symbol_get_name": (Text, Pointer),
    "symbol_get_usr": (Text, Pointer),
}


class Index:
    def __init__(self, library, store):
        loaded = ctypes.CDLL(str(library))
        for name, (result, *parameters) in CALLS.items():
            call = getattr(loaded, "indexstore_" + name)
            call.restype, call.argtypes = result, parameters
            setattr(self, name, call)
        self.store = self.opened(self.store_create, str(store).encode())

    def opened(self, call, *arguments):
        """What `call` opens; nothing is closed again, for the script ends soon."""
        error = Pointer()
        result = call(*arguments, ctypes.byref(error))
        if not result:
            fail(f"the index can't be read: {self.error_get_description(error).decode()}")
        return result

    @staticmethod
    def each(call, callback_type, *arguments_and_visitor):
        """Visits each item that `call` hands to its callback; an item lives only during the visit."""
        *arguments, visitor = arguments_and_visitor
        failures = []

        def visit(_, item):
            try:
                visitor(item)
            except Exception as failure:  # ctypes would print it and go on
                failures.append(failure)
            return not failures

        call(*arguments, None, callback_type(visit))
        if failures:
            raise failures[0]

    def records(self, files):
        """File -> the names of its records."""
        units, found = [], collections.defaultdict(set)
        self.each(self.store_units_apply_f, ForText, self.store, 0, lambda name: units.append(str(name)))
        for unit in units:
            reader = self.opened(self.unit_reader_create, self.store, unit.encode())
            main_file = str(self.unit_reader_get_main_file(reader))

            def visit(dependency):
                if self.unit_dependency_get_kind(dependency) == RECORD:
                    file = str(self.unit_dependency_get_filepath(dependency))
                    if file == main_file and file in files:
                        found[file].add(str(self.unit_dependency_get_name(dependency)))

            self.each(self.unit_reader_dependencies_apply_f, ForPointer, reader, visit)
        return found

    def occurrences(self, record):
        """(symbol id, name, kind, roles, name of what it is a member of) of every place in a record."""
        found = []
        reader = self.opened(self.record_reader_create, self.store, record.encode())

        def visit(occurrence):
            symbol = self.occurrence_get_symbol(occurrence)
            kind = self.symbol_get_kind(symbol)
            if kind in (MODULE, PARAMETER, EXTENSION, COMMENT_TAG) or self.symbol_get_subkind(symbol) in ACCESSORS:
                return
            roles, owners = self.occurrence_get_roles(occurrence), []
            if roles & DEFINED:
                def see(relation):
                    if self.symbol_relation_get_roles(relation) & CHILD_OF:
                        owners.append(str(self.symbol_get_name(self.symbol_relation_get_symbol(relation))))

                self.each(self.occurrence_relations_apply_f, ForPointer, occurrence, see)
            name = str(self.symbol_get_name(symbol))
            found.append((str(self.symbol_get_usr(symbol)), name, kind, roles, owners[0] if owners else None))

        self.each(self.record_reader_occurrences_apply_f, ForPointer, reader, visit)
        return found


# The index, written.

def toolchain():
    """swiftc, and the library that reads what it indexes."""
    compiler = shutil.which("swiftc")
    if not compiler:
        fail("expected swiftc on the PATH, found none", "install a Swift toolchain of at least 6.0")
    told = subprocess.run([compiler, "-print-target-info"], capture_output=True, text=True)
    if told.returncode != 0:
        fail(f"swiftc can't say where its libraries lie: {told.stderr.strip()}")
    library = pathlib.Path(json.loads(told.stdout)["paths"]["runtimeResourcePath"]).parent / "libIndexStore.so"
    if not library.exists():
        fail(f"expected the library {library}, found none", "it comes with the toolchains of swift.org")
    return compiler, library


def build_settings(target):
    """The options with which the release build compiled the target, less those about its outputs."""
    hint = "make a release build first: swift build -c release"
    description = RELEASE / "description.json"
    if not description.exists():
        fail(f"expected a release build, found no {description}", hint)
    commands = json.loads(description.read_text()).get("swiftCommands", {}).values()
    command = next((each for each in commands if each.get("moduleName") == target), None)
    if command is None or not {"importPath", "otherArguments"} <= command.keys():
        fail(f"expected a target {target} in the release build, found none with its settings in {description}", hint)
    flags = {"-parse-as-library", "-enable-testing"}
    pairs = {"-target", "-swift-version", "-package-name", "-Xcc", "-enable-upcoming-feature", "-enable-experimental-feature"}
    kept, rest = ["-I", command["importPath"]], iter(command["otherArguments"])
    for option in rest:
        if option in pairs:
            kept += [option, next(rest)]
        elif option in flags or option.startswith("-D"):
            kept.append(option)
    return kept


def write_index(compiler, target, files, folder):
    settings = build_settings(target)
    outputs = folder / "outputs"
    outputs.write_text("".join(f"{number}.o\n" for number in range(len(files))))
    run = subprocess.run(
        [compiler, "-typecheck", "-whole-module-optimization", "-suppress-warnings", "-module-name", target, *settings,
         "-module-cache-path", folder / "modules", "-index-store-path", folder / "index", "-index-ignore-system-modules",
         "-Xfrontend", "-index-unit-output-path-filelist", "-Xfrontend", outputs, *files],
        cwd=folder, capture_output=True, text=True)
    if run.returncode != 0:
        print(run.stderr, file=sys.stderr)
        fail(f"the files of {target} don't compile against the modules of {RELEASE}",
             "make a release build first: swift build -c release")
    return folder / "index"


# The arrows, and the circles in them.

def arrows_among(files, occurrences):
    """File -> file it refers to -> how often it names which symbol."""
    homes, names, types = {}, {}, {}
    for file in files:
        for symbol, name, kind, roles, owner in occurrences[file]:
            if roles & DEFINED:
                homes[symbol] = file
                names[symbol] = f"{owner}.{name}" if owner else name
                if kind in TYPES:
                    types[symbol] = file

    def home(symbol, name):
        """Where it is declared; what the compiler wrote (an initializer of members) lies with its type."""
        if symbol not in homes:
            owner = max((each for each in types if symbol.startswith(each)), key=len, default=None)
            homes[symbol] = types.get(owner)
            names[symbol] = f"{names[owner]}.{name}" if owner else name
        return homes[symbol]

    arrows = {file: collections.defaultdict(collections.Counter) for file in files}
    for file in files:
        for symbol, name, _, roles, _ in occurrences[file]:
            target = home(symbol, name) if roles & REFERRED and not roles & DEFINED else None
            if target and target != file:
                arrows[file][target][names[symbol]] += 1
    return arrows


def circles_of(arrows):
    """The strongly connected components of more than one file, largest first (Tarjan, without recursion)."""
    number, low, stack, on_stack, circles = {}, {}, [], set(), []
    for start in arrows:
        if start in number:
            continue
        work = [(start, None)]
        while work:
            file, following = work[-1]
            if following is None:
                number[file] = low[file] = len(number)
                stack.append(file)
                on_stack.add(file)
                following = iter(arrows[file])
                work[-1] = (file, following)
            for target in following:
                if target not in number:
                    work.append((target, None))
                    break
                if target in on_stack:
                    low[file] = min(low[file], number[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[file])
                if low[file] == number[file]:
                    at = stack.index(file)
                    circles.append(sorted(stack[at:]))
                    on_stack.difference_update(stack[at:])
                    del stack[at:]
    return sorted((each for each in circles if len(each) > 1), key=lambda each: (-len(each), each))


def closing_arrows(circle, arrows, tries=40):
    """The arrows that point backwards in the order of files where they name the fewest symbols, as far as moving one
    file at a time from several starts finds it; and how many symbols that is."""
    within = [(a, b) for a in circle for b in circle if b in arrows[a]]
    symbols = sorted({(b, name) for a, b in within for name in arrows[a][b]})
    bits = {symbol: 1 << at for at, symbol in enumerate(symbols)}
    masks = {(a, b): sum(bits[b, name] for name in arrows[a][b]) for a, b in within}

    def closing(order):
        place = {file: at for at, file in enumerate(order)}
        return [(a, b) for a, b in within if place[a] > place[b]]

    def cost(order):
        mask = 0
        back = closing(order)
        for arrow in back:
            mask |= masks[arrow]
        return bin(mask).count("1"), len(back)

    chance, best = random.Random(0), None
    for _ in range(tries):
        order = chance.sample(circle, len(circle))
        least, better = cost(order), True
        while better:
            better = False
            for file in circle:
                others = [each for each in order if each != file]
                for at in range(len(circle)):
                    moved = others[:at] + [file] + others[at:]
                    if (found := cost(moved)) < least:
                        order, least, better = moved, found, True
        if best is None or least < best[0]:
            best = (least, order)
    return sorted(closing(best[1])), best[0][0]


def told(names):
    """The symbols, those named most often first."""
    ordered = [name for name, _ in sorted(names.items(), key=lambda each: (-each[1], each[0]))]
    more = len(ordered) - MOST_NAMES
    return ", ".join(ordered[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="the folder of a target, as Sources/Builtins")
    options = parser.parse_args()
    folder = options.folder.resolve()
    files = sorted(str(file) for file in folder.rglob("*.swift"))
    if not files:
        fail(f"expected a folder of Swift files, found none in {options.folder}")

    compiler, library = toolchain()
    with tempfile.TemporaryDirectory(prefix="file-circles-") as temporary:
        store = write_index(compiler, folder.name, files, pathlib.Path(temporary).resolve())
        index = Index(library, store)
        records = index.records(set(files))
        occurrences = {file: [each for record in records[file] for each in index.occurrences(record)] for file in files}

    if not any(occurrences.values()):
        fail(f"the index that {compiler} wrote says nothing of the files in {options.folder}")
    arrows = arrows_among(files, occurrences)
    circles = circles_of(arrows)

    def short(file):
        return str(pathlib.Path(file).relative_to(folder))

    for circle in circles:
        within = [(a, b) for a in circle for b in sorted(arrows[a]) if b in circle]
        closing, symbols = closing_arrows(circle, arrows)
        print(f"circle of {len(circle)} files: {len(within)} arrows within, closing {len(closing)}, symbols those name {symbols}")
        for file in circle:
            print(f"    {short(file)}")
        for a, b in closing + [each for each in within if each not in closing]:
            mark = "*" if (a, b) in closing else " "
            print(f"  {mark} {short(a)} -> {short(b)}: {told(arrows[a][b])}")
        print()
    print(f"files {len(files)}, arrows {sum(len(each) for each in arrows.values())}, circles {len(circles)}, "
          f"largest circle {max(map(len, circles), default=0)} files")


if __name__ == "__main__":
    main()
