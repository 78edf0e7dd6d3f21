"""Reads reports back with four programs that did not write them: MuPDF, pikepdf (qpdf), pypdf and poppler.

    efficientecg report RECORDING... --out reports
    python3 reports.py reports            # all *.pdf in it; ends with 1 where something is wrong

Checked for each file: it opens without a repair or a warning; it says that it is PDF/A-2a and PDF/UA-1; it is tagged, with a language, headings that
leave no level out, a text for every figure and cells only in rows; every font is embedded, a subset, and maps back to characters; nothing in it is
encrypted, scripted or fetched; it has an output intent with a profile; pages are A4 or Letter; the status, the record and the notice are found as
text, inside the page; MuPDF and poppler draw the same picture; one page stays under 400 kB.

Not checked: the rules of PDF/A that only a validator knows (veraPDF is on none of the registries this was made with).
"""

import io
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pymupdf
import pypdf
from PIL import Image, ImageChops, ImageStat

SIZES = {(297.0, 210.0), (279.4, 215.9)}
LIMIT = 400_000
DPI = 150
# Pixels that are made one before pictures are compared, on a side: the two programs smooth lines of a tenth of a millimetre differently.
COARSE = 10
# Mean difference of the two pictures, of 255.
APART = 8.0
NOTICES = ["Research software, not for diagnosis", "Forschungssoftware, nicht zur Diagnose bestimmt"]
STATUS = ["UNCONFIRMED", "CONFIRMED", "REVIEWED", "BESTÄTIGT", "DURCHGESEHEN"]


def check(path: Path) -> list[str]:
    faults: list[str] = []

    def hold(true: object, fault: str) -> None:
        if not true:
            faults.append(fault)

    data = path.read_bytes()
    catalogue(path, hold)
    pymupdf.TOOLS.reset_mupdf_warnings()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        hold(not document.is_repaired, "MuPDF had to repair it")
        hold(not document.is_encrypted, "it is encrypted")
        count = document.page_count
        for page in document:
            size = tuple(round(side * 25.4 / 72, 1) for side in (page.rect.width, page.rect.height))
            hold(size in SIZES, f"page {page.number + 1} is {size} mm")
            text = squeezed(page.get_text())
            hold(any(squeezed(notice) in text for notice in NOTICES), f"page {page.number + 1}: no notice")
            hold(any(status in text for status in STATUS), f"page {page.number + 1}: no status")
            for block in page.get_text("blocks"):
                hold(page.rect.contains(pymupdf.Rect(block[:4]).round()) or block[6] == 1, f"page {page.number + 1}: text beyond the page: {block[4][:40]!r}")
        hold(document[0].search_for(path.stem), "the record's name is not found on page 1")
        mupdf = [picture(page.get_pixmap(dpi=DPI).tobytes("png")) for page in document]
        hold(not pymupdf.TOOLS.mupdf_warnings(), f"MuPDF: {pymupdf.TOOLS.mupdf_warnings()}")
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    hold(len(reader.pages) == count, "pypdf counts other pages")
    hold(any(status in squeezed(reader.pages[0].extract_text()) for status in STATUS), "pypdf finds no status")
    poppler(path, count, mupdf, hold)
    hold(len(data) <= LIMIT * count, f"{len(data)} bytes on {count} pages")
    return faults


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def catalogue(path: Path, hold) -> None:
    """What the file says of itself, by pikepdf."""
    with pikepdf.open(path) as pdf:
        root = pdf.Root
        hold(root.get("/MarkInfo", {}).get("/Marked", False), "not marked as tagged")
        hold("/StructTreeRoot" in root and "/Lang" in root, "no structure or no language")
        hold("/OutputIntents" in root and "/DestOutputProfile" in root.OutputIntents[0], "no output intent")
        hold(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False), "the title is not shown")
        hold("/Outlines" in root, "no outline")
        for name in ("/OpenAction", "/AA", "/AcroForm", "/JavaScript"):
            hold(name not in root, f"{name} in the catalogue")
        hold("/EmbeddedFiles" not in root.get("/Names", {}), "embedded files")
        with pdf.open_metadata() as meta:
            said = {name: meta.get(name) for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")}
            hold(list(said.values()) == ["2", "A", "1"], f"says {said}")
            hold(meta.get("dc:title") and str(meta.get("dc:title")) == str(pdf.docinfo.get("/Title")), "two titles")
        structure(root.StructTreeRoot, hold)
        fonts(pdf, hold)
        for problem in pdf.check() if hasattr(pdf, "check") else []:
            hold(False, f"qpdf: {problem}")


def structure(tree, hold) -> None:
    headings: list[int] = []

    def walk(node, parent: str) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child, parent)
            return
        if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
            return
        kind = str(node.S)
        if kind == "/Figure":
            hold(str(node.get("/Alt", "")).strip(), "a figure without a text")
        if kind in ("/TD", "/TH"):
            hold(parent == "/TR", f"{kind} within {parent}")
        if kind == "/TR":
            hold(parent in ("/Table", "/TBody", "/THead"), f"/TR within {parent}")
        if re.fullmatch(r"/H\d", kind):
            headings.append(int(kind[2:]))
        if "/K" in node:
            walk(node.K, kind)

    walk(tree.K, "")
    hold(headings and headings[0] == 1, f"headings begin with {headings[:1]}")
    for before, after in zip(headings, headings[1:]):
        hold(after <= before + 1, f"a heading of level {after} after one of level {before}")


def fonts(pdf: pikepdf.Pdf, hold) -> None:
    seen = 0
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary) or thing.get("/Type") != "/Font" or thing.get("/Subtype") == "/CIDFontType2":
            continue
        if thing.get("/Subtype") in ("/CIDFontType0",):
            continue
        seen += 1
        name = str(thing.get("/BaseFont"))
        hold("/ToUnicode" in thing, f"{name}: no map to characters")
        inner = thing.DescendantFonts[0] if "/DescendantFonts" in thing else thing
        descriptor = inner.get("/FontDescriptor", {})
        hold(any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")), f"{name}: not embedded")
        hold(re.match(r"/[A-Z]{6}\+", name), f"{name}: not a subset")
    hold(seen, "no font")


def poppler(path: Path, count: int, mupdf: list[Image.Image], hold) -> None:
    def run(*command: str) -> subprocess.CompletedProcess:
        return subprocess.run(command, capture_output=True, check=False)

    info = run("pdfinfo", str(path))
    hold(info.returncode == 0 and f"Pages:           {count}".encode() in info.stdout, "pdfinfo")
    hold(b"Tagged:          yes" in info.stdout, "pdfinfo: not tagged")
    listed = run("pdffonts", str(path)).stdout.decode().splitlines()[2:]
    hold(listed and all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in listed), f"pdffonts: {listed}")
    for number, other in enumerate(mupdf, 1):
        drawn = run("pdftoppm", "-png", "-r", str(DPI), "-f", str(number), "-l", str(number), str(path))
        hold(not drawn.stderr, f"pdftoppm: {drawn.stderr[:100]}")
        own = picture(drawn.stdout)
        hold(abs(own.width - other.width) <= 1 and abs(own.height - other.height) <= 1, f"page {number}: {own.size} and {other.size}")
        box = (0, 0, min(own.width, other.width), min(own.height, other.height))
        own, other = (drawing.crop(box).reduce(COARSE) for drawing in (own, other))
        apart = max(ImageStat.Stat(ImageChops.difference(own, other)).mean)
        hold(apart < APART, f"page {number}: pictures differ by {apart:.1f}")


def main() -> int:
    files = [file for name in sys.argv[1:] for file in ([Path(name)] if Path(name).is_file() else sorted(Path(name).glob("*.pdf")))]
    wrong = 0
    for file in files:
        faults = check(file)
        wrong += bool(faults)
        for fault in faults:
            print(f"{file}: {fault}")
    sizes = sorted(file.stat().st_size for file in files) or [0]
    print(f"{len(files)} files, {wrong} with faults; {sizes[len(sizes) // 2] // 1000} kB the middle one, {sizes[-1] // 1000} kB the largest")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
