"""Reading UIMA CAS XMI, ours or INCEpTION's, into annotations.

Every file is first scanned for what no reader should meet: broken XML, document types (whose entities can
grow without end or fetch other files), offsets outside the text, references to nothing. The scan knows the
line of each element; dkpro-cassis then reads what is sound.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePath
from typing import Any
from xml.parsers import expat

from vostochny.annotations.format_texts import document_like, path_hints
from vostochny.annotations.format_uima import RELATION_TYPES, SPAN_TYPES, Arrow, Graph, Node, Utf16
from vostochny.annotations.format_xmi_types import META_DATA, features_of, usual_types
from vostochny.annotations.formats import Files
from vostochny.schema.errors import InputError, shown
from vostochny.schema.extras import require
from vostochny.schema.model import Document

MAX_UNPACKED = 500_000_000
"""Most bytes that are taken out of one archive."""

_XMI = "http://www.omg.org/XMI"
_ROOT, _ID = f"{_XMI} XMI", f"{_XMI} id"
_SOFA = "uima.cas.Sofa"
_VIEW = "uima.cas.View"
_VERSION_1_1 = re.compile(rb"\s*<\?xml\s+version\s*=\s*[\"']1\.1")


def unpacked(files: Files) -> dict[str, bytes]:
    """The files, and in place of archives (as INCEpTION exports them) the XML files in these.

    Raises :class:`InputError` (``bad-archive``) for one that can't be read or is huge.
    """
    out: dict[str, bytes] = {}
    for file, data in files.items():
        if not file.endswith(".zip"):
            out[file] = data
            continue
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                members = [m for m in archive.infolist() if m.filename.endswith((".xmi", ".xml"))]
                if sum(member.file_size for member in members) > MAX_UNPACKED:
                    message = f"holds more than {MAX_UNPACKED} bytes; unpack it and import the files"
                    raise InputError.of("bad-archive", message, file=file)
                out |= {f"{file}/{member.filename}": archive.read(member) for member in members}
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
            message = f"can't be unpacked ({error}); export it anew"
            raise InputError.of("bad-archive", message, file=file) from None
    return out


def read_xmi(files: Files, documents: Mapping[str, Document]) -> Iterator[tuple[str, Document, Graph]]:
    """The document and the annotations of each XMI file.

    The type system is the one beside it, or the only one there is, or that of :func:`usual_types`.
    Raises :class:`InputError` that names file and line of what can't be read.
    """
    scans = {file: _scan(data, file) for file, data in files.items()}
    systems: dict[str, Any] = {}
    for file, scan in scans.items():
        if scan.root.rpartition(" ")[2] == "typeSystemDescription":
            systems[file] = _type_system(files[file], file)
        elif scan.root != _ROOT:
            message = f"found the element {shown(scan.root.rpartition(' ')[2])}, expected xmi:XMI"
            raise InputError.of("not-xmi", message + "; export as UIMA CAS XMI", file=file)
    if systems and len(systems) == len(scans):
        message = "is a type system; give the .xmi files, too"
        raise InputError.of("no-xmi", message, file=next(iter(systems)))
    for file, scan in scans.items():
        if file not in systems:
            beside = [
                types for other, types in systems.items() if PurePath(other).parent == PurePath(file).parent
            ]
            found = beside or list(systems.values())
            types = found[0] if len(found) == 1 else usual_types(scan.used())
            yield file, *_Reader(file, files[file], scan, types).read(documents)


@dataclass
class _Element:
    """A feature structure as it stands in the file."""

    type: str
    features: dict[str, str]
    line: int


@dataclass
class _Scan:
    """The elements below a file's root, in order."""

    root: str = ""
    elements: list[_Element] = field(default_factory=list)

    def used(self) -> Iterator[tuple[str, list[str]]]:
        """The features of each element, but for those of XMI itself."""
        for element in self.elements:
            if element.type not in (_SOFA, _VIEW):
                yield element.type, [feature for feature in element.features if feature != _ID]


def _scan(data: bytes, file: str) -> _Scan:
    scan, depth = _Scan(), 0
    if _VERSION_1_1.match(data):
        message = "is XML 1.1; export it as UIMA CAS XMI (XML 1.0)"
        raise InputError.of("xml-version", message, file=file, line=1)
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(tag: str, features: dict[str, str]) -> None:
        nonlocal depth
        if depth == 0:
            scan.root = tag
        elif depth == 1:
            space, _, name = tag.rpartition(" ")
            package = space.removeprefix("http:///").removesuffix(".ecore").replace("/", ".")
            scan.elements.append(_Element(f"{package}.{name}", features, parser.CurrentLineNumber))
        elif depth == 2:
            scan.elements[-1].features.setdefault(tag, "")
        elif scan.root == _ROOT:
            message = f"found the element {shown(tag)} within the value of a feature; take it out"
            raise InputError.of("bad-xmi", message, file=file, line=parser.CurrentLineNumber)
        depth += 1

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1

    def document_type(*_: object) -> None:
        message = "has a document type (<!DOCTYPE …>), which XMI has not; take it out"
        raise InputError.of("xml-doctype", message, file=file, line=parser.CurrentLineNumber)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        message = f"not XML at column {error.offset + 1}: {expat.ErrorString(error.code)}; mend the syntax"
        raise InputError.of("bad-xml", message, file=file, line=error.lineno) from None
    except InputError:
        raise
    except (LookupError, ValueError) as error:
        message = f"its first line names an encoding that can't be read ({error}); save it as UTF-8"
        raise InputError.of("bad-xml", message, file=file, line=1) from None
    return scan


def _type_system(data: bytes, file: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return require("cassis", "xmi").load_typesystem(BytesIO(data))
    except InputError:
        raise
    # The library's loader fails in as many ways as a type system can be wrong.
    except Exception as error:
        message = f"is no type system that can be used ({error}); export it anew"
        raise InputError.of("bad-type-system", message, file=file) from None


class _Reader:
    """Reads one file that was scanned."""

    def __init__(self, file: str, data: bytes, scan: _Scan, types: Any) -> None:
        self.file, self.data, self.scan, self.types = file, data, scan, types
        self.lines: dict[int, int] = {}

    def error(self, line: int | None, message: str) -> InputError:
        return InputError.of("bad-xmi", message, file=self.file, line=line)

    def read(self, documents: Mapping[str, Document]) -> tuple[Document, Graph]:
        sofa = self._sofa()
        self._check_ids()
        self._check_elements(Utf16(sofa.features.get("sofaString", "")))
        cas = self._cas()
        text: str = cas.sofa_string
        metadata = self._selected(cas, META_DATA)
        names = [self._text(fs, name) for fs in metadata for name in ("documentId", "documentTitle")]
        hints = [name for name in names if name] + path_hints(self.file)
        document = document_like(documents, hints, text, self.file)
        return document, self._graph(cas)

    def _sofa(self) -> _Element:
        """The text of the initial view."""
        for element in self.scan.elements:
            if element.type == _SOFA and element.features.get("sofaID") == "_InitialView":
                if element.features.get("sofaString"):
                    return element
                raise self.error(element.line, "the text is empty (sofaString); export the document anew")
        raise self.error(
            None, "has no text: no cas:Sofa with the sofaID _InitialView; export the document anew"
        )

    def _check_ids(self) -> None:
        for element in self.scan.elements:
            if element.type == _VIEW:
                continue
            name = self._number(element, _ID, "xmi:id")
            if name in self.lines:
                message = f"the xmi:id {name} is also on line {self.lines[name]}; give each element its own"
                raise self.error(element.line, message)
            self.lines[name] = element.line
        for element in self.scan.elements:
            for feature, value in element.features.items():
                if feature in ("sofa", "Governor", "Dependent", "members"):
                    for part in value.split():
                        if not part.isdecimal() or int(part) not in self.lines:
                            message = f"{feature} names {shown(part)}, which is no xmi:id of this file"
                            raise self.error(element.line, message + "; mend or delete it")

    def _number(self, element: _Element, feature: str, name: str) -> int:
        found = element.features.get(feature)
        if found is None or not re.fullmatch("[0-9]{1,9}", found):
            what = "nothing" if found is None else shown(found)
            raise self.error(element.line, f"found {what} as {name}, expected a whole number; mend it")
        return int(found)

    def _check_elements(self, utf16: Utf16) -> None:
        known = {name: features_of(self.types, name) for name, _ in self.scan.used() if self._has(name)}
        for element in self.scan.elements:
            unknown = element.features.keys() - {_ID} - known.get(element.type, element.features.keys())
            if unknown:
                message = (
                    f"{element.type} has the feature {shown(min(unknown))}, which the type system has not; "
                )
                raise self.error(element.line, message + "give the TypeSystem.xml that was exported with it")
            if element.type in SPAN_TYPES or {"begin", "end"} <= element.features.keys():
                start, end = (self._number(element, name, name) for name in ("begin", "end"))
                if start > end or not {start, end} <= utf16.points.keys():
                    message = f"found begin {start} and end {end}, which is no stretch of the text"
                    raise self.error(element.line, message + "; mend them: they count UTF-16 units")

    def _has(self, name: str) -> bool:
        return bool(self.types.contains_type(name))

    def _cas(self) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return require("cassis", "xmi").load_cas_from_xmi(
                    BytesIO(self.data), typesystem=self.types, lenient=True
                )
        except InputError:
            raise
        # The scan found the common faults; whatever else the library stumbles over ends here.
        except Exception as error:
            message = f"can't be read ({type(error).__name__}: {error}); export the document anew"
            raise self.error(None, message) from None

    def _selected(self, cas: Any, name: str) -> list[Any]:
        """The indexed feature structures of a type, in the order of their ids."""
        if not self._has(name):
            return []
        return sorted(cas.select(name), key=lambda fs: int(fs.xmiID))

    @staticmethod
    def _text(fs: Any, feature: str) -> str | None:
        value = getattr(fs, feature, None)
        return str(value) if value not in (None, "") else None

    def _graph(self, cas: Any) -> Graph:
        graph = Graph()
        made: dict[int, Node] = {}
        for name, features in SPAN_TYPES.items():
            for fs in self._selected(cas, name):
                line = self.lines[fs.xmiID]
                if fs.begin >= fs.end:
                    message = f"an annotation of {name} covers nothing; delete it in INCEpTION"
                    raise InputError.of("empty-span", message, file=self.file, line=line)
                given = {feature: value for feature in features if (value := self._text(fs, feature))}
                made[fs.xmiID] = Node(name, fs.begin, fs.end, given, line)
        graph.nodes.extend(made.values())
        for name, base in RELATION_TYPES.items():
            for fs in self._selected(cas, name):
                ends = [made.get(getattr(end, "xmiID", -1)) for end in (fs.Governor, fs.Dependent)]
                governor, dependent = ends
                if governor is None or dependent is None or {governor.type, dependent.type} != {base}:
                    message = f"a relation of {name} does not tie two annotations of {base}; delete it"
                    raise self.error(self.lines[fs.xmiID], message)
                value = self._text(fs, "value")
                graph.arrows.append(Arrow(name, governor, dependent, value, self.lines[fs.xmiID]))
        return graph
