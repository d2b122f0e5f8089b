"""Exports as text: a CSV file, and a workbook put together by hand."""

import csv
import datetime as dt
import io
import zipfile
from xml.sax.saxutils import escape


def plain(value):
    return "" if value is None else str(value)


def german_day(value):
    return value.strftime("%d.%m.%Y") if isinstance(value, dt.date) else plain(value)


def german_cents(cents):
    """1234567 as 12.345,67."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"{sign}{whole},{cents % 100:02}"


def table(rows, columns, show, delimiter=","):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([show(row.get(column)) for column in columns])
    return out.getvalue().encode("utf-8")


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Styles by number: 0 plain, 1 a date, 2 bold.
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/>'
    '<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def workbook(sheets):
    """A workbook's bytes; each sheet is a name and its rows of texts, whole numbers, days and blanks."""
    shared, parts = {}, {}
    for number, (_, rows) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet(rows, shared)
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in enumerate(sheets, 1)
    )
    links = "".join(link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1))
    links += link(len(sheets) + 1, "styles", "styles.xml") + link(len(sheets) + 2, "sharedStrings", "sharedStrings.xml")
    texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    kinds = "".join(override(f"/{part}", "worksheet") for part in parts)
    kinds += override("/xl/workbook.xml", "sheet.main") + override("/xl/styles.xml", "styles")
    kinds += override("/xl/sharedStrings.xml", "sharedStrings")
    parts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>',
        "_rels/.rels": relations(link(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(links),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(shared)}">{texts}</sst>',
        **parts,
    }
    return packed(parts)


def packed(parts):
    """Stored, not squeezed: libraries squeeze differently. The dates in the archive are fixed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (2026, 10, 31, 18, 0, 0))
            info.create_system = 0
            archive.writestr(info, text.encode("utf-8"))
    return out.getvalue()


def link(number, kind, target):
    return f'<Relationship Id="rId{number}" Type="{DOCUMENT}/{kind}" Target="{target}"/>'


def relations(links):
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{links}</Relationships>'


def override(part, kind):
    return f'<Override PartName="{part}" ContentType="{KIND}{kind}+xml"/>'


def sheet(rows, shared):
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(cell(value, column, number, shared) for column, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def cell(value, column, number, shared):
    place = f"{chr(65 + column)}{number}"
    if value is None or value == "":
        return ""
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="1"><v>{(value - dt.date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    bold = ' s="2"' if number == 1 else ""
    return f'<c r="{place}"{bold} t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'
