"""Writes the samples: one folder a form of file, with its input, options, expected snapshot and expected balance.

    ../../../../../.cache/uv/bin/uv run --project ../../../../../trainer --locked python make.py

All words and numbers are invented. The expected values follow from the lists below, not from the importer.
"""

import gzip
import io
import json
import shutil
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
AS_OF = "2026-12-01T00:00:00Z"
MONDAY = date(2026, 9, 7)
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
RISING = [12, 14, 15, 18, 21, 25, 30, 34, 41]
FALLING = [90, 84, 80, 71, 66, 60, 52, 47, 40]


def weeks(start, count):
    """Days that begin weeks."""
    return [start + WEEK * i for i in range(count)]


def trend(name, values, market="world", last=MONDAY + WEEK * 8, **attributes):
    """A line of the expected snapshot."""
    return {
        "trend": name,
        "market": market,
        **attributes,
        "last_week": str(last),
        "features_as_of": AS_OF,
        "volume": values,
    }


def sample(name, files, trends, balance, *, arguments=(), rules=None):
    """Write a sample that is imported; `balance` is read, kept, merged, empty, refused."""
    folder = HERE / name
    folder.mkdir()
    for file, content in files.items():
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
    ordered = sorted(trends, key=lambda each: (each["market"], each["trend"]))
    (folder / "expected.jsonl").write_text("".join(json.dumps(each) + "\n" for each in ordered))
    names = ("read", "kept", "merged", "empty", "refused")
    expected = {"values": dict(zip(names, balance, strict=True)), "rules": rules or {}}
    (folder / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
    if arguments:
        (folder / "arguments.txt").write_text("".join(f"{each}\n" for each in arguments))


def refused(name, files, reason, arguments=()):
    """Write a sample that is refused with one line."""
    folder = HERE / name
    folder.mkdir()
    for file, content in files.items():
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "refused.txt").write_text(reason + "\n")
    if arguments:
        (folder / "arguments.txt").write_text("".join(f"{each}\n" for each in arguments))


def rows(*lines, end="\n"):
    """Lines of a text file."""
    return "".join(line + end for line in lines)


def workbook(sheets, *, date1904=False, hidden_sheets=()):
    """An XLSX file of sheets of rows of cells; a date becomes a serial number, (formula, value) a formula."""
    zero = date(1904, 1, 1) if date1904 else date(1899, 12, 30)

    def cell(column, row, value):
        reference = f"{chr(65 + column)}{row}"
        if value is None:
            return ""
        if isinstance(value, date):
            return f'<c r="{reference}" s="1"><v>{(value - zero).days}</v></c>'
        if isinstance(value, tuple):
            return f'<c r="{reference}"><f>{value[0]}</f><v>{value[1]}</v></c>'
        if isinstance(value, (int, float)):
            return f'<c r="{reference}"><v>{value}</v></c>'
        return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'

    def state(name):
        return "hidden" if name in hidden_sheets else "visible"

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        '<Override PartName="/xl/styles.xml" '
        f'ContentType="{kind}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{kind}.worksheet+xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
        "<xf/>"
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        f'<workbookPr date1904="{int(date1904)}"/><sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{i}" state="{state(name)}" r:id="rId{i}"/>'
            for i, name in enumerate(sheets, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="rId{i}" Type="{office}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        + f'<Relationship Id="rId99" Type="{office}/styles" Target="styles.xml"/></Relationships>',
    }
    for i, lines in enumerate(sheets.values(), 1):
        body = ""
        for number, line in enumerate(lines, 1):
            hidden = ' hidden="1"' if line and line[0] == "HIDDEN" else ""
            cells = line[1:] if hidden else line
            body += f'<row r="{number}"{hidden}>' + "".join(cell(c, number, v) for c, v in enumerate(cells)) + "</row>"
        parts[f"xl/worksheets/sheet{i}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def google():
    """Google Trends downloads."""
    sundays = weeks(MONDAY - DAY, 9)
    body = [f"{day},{a},{b}" for day, a, b in zip(sundays, RISING, FALLING, strict=True)]
    both = [trend("wide leg, long", RISING, "us"), trend("skinny jeans", FALLING, "us")]
    header = 'Week,"wide leg, long: (United States)",skinny jeans: (United States)'
    sample(
        "google-trends",
        {"multiTimeline.csv": rows("Category: All categories", "", header, *body)},
        both,
        (18, 18, 0, 0, 0),
    )
    below = [body[0].replace("12", "<1"), *body[1:], "2026-11-29,55,20"]
    sample(
        "google-trends-below-one-and-partial-week",
        {"multiTimeline.csv": rows("Category: All categories", "", header, *below)},
        [trend("wide leg, long", [0.5, *RISING[1:]], "us"), trend("skinny jeans", FALLING, "us")],
        (20, 18, 0, 0, 2),
        rules={"below_one": 1, "partial_week": 2},
    )
    for name, words, market in (
        ("german", ("Kategorie: Alle Kategorien", "Woche", "Deutschland"), "de"),
        ("vietnamese", ("Danh mục: Tất cả danh mục", "Tuần", "Việt Nam"), "vn"),
        ("worldwide", ("Category: All categories", "Week", "Worldwide"), "world"),
    ):
        text = rows(
            words[0],
            "",
            f"{words[1]},Midirock: ({words[2]})",
            *[f"{d},{v}" for d, v in zip(sundays, RISING, strict=True)],
        )
        sample(
            f"google-trends-{name}",
            {"multiTimeline.csv": "\ufeff" + text},
            [trend("midirock", RISING, market)],
            (9, 9, 0, 0, 0),
        )
    days = [(MONDAY + DAY * i, 10 + i % 7) for i in range(63)]
    sample(
        "google-trends-daily",
        {
            "multiTimeline.csv": rows(
                "Category: All categories", "", "Day,beret: (France)", *[f"{d},{v}" for d, v in days]
            )
        },
        [trend("beret", [13] * 9, "fr")],
        (63, 9, 54, 0, 0),
    )
    long = [f"{d},{v},beret,FR,today 3-m,web,0" for d, v in zip(sundays, RISING, strict=True)]
    sample(
        "google-trends-long",
        {"trends.csv": rows("date,hits,keyword,geo,time,gprop,category", *long)},
        [trend("beret", RISING, "fr")],
        (9, 9, 0, 0, 0),
    )
    months = [f"{2016 + i // 12}-{i % 12 + 1:02},{50 + i % 9}" for i in range(120)]
    refused(
        "google-trends-ten-years",
        {"multiTimeline.csv": rows("Category: All categories", "", "Month,beret: (France)", *months)},
        "choose a range of one month to five years",
    )
    refused(
        "google-trends-by-region",
        {
            "geoMap.csv": rows(
                "Category: All categories", "", "Region,beret: (12/1/25 - 12/1/26)", "Bavaria,100", "Saxony,52"
            )
        },
        "Interest over time",
    )


def pinterest():
    """Pinterest Trends exports."""
    ends = [day + DAY * 6 for day in weeks(MONDAY - DAY, 9)]
    head = ["Trend", "Normalized volume", "Weekly change", "Monthly change", "Yearly change"]
    line = ["Coquette bow", "88", "5%", "31%", '"10,000 %+"', *map(str, RISING)]
    gaps = [90, None, *FALLING[2:]]
    other = ["Barn jacket", "40", "-2%", "-9%", "12%", *["" if v is None else str(v) for v in gaps]]
    text = rows(",".join([*head, *map(str, ends)]), ",".join(line), ",".join(other))
    trends = [trend("coquette bow", RISING), trend("barn jacket", gaps)]
    sample("pinterest-trends", {"trends.csv": text}, trends, (18, 17, 0, 1, 0), rules={"gap": 1})
    german = [
        "Trend",
        "Normalisiertes Volumen",
        "Wöchentliche Veränderung",
        "Monatliche Veränderung",
        "Jährliche Veränderung",
    ]
    sample(
        "pinterest-trends-german",
        {
            "trends.csv": rows(
                ";".join([*german, *[d.strftime("%d.%m.%Y") for d in ends]]),
                ";".join([*line[:4], "10.000 %+", *line[5:]]),
            )
        },
        trends[:1],
        (9, 9, 0, 0, 0),
    )
    sheet = [
        [*head, *ends],
        ["Coquette bow", 88, "5%", "31%", "10,000 %+", *RISING],
        ["Barn jacket", 40, "-2%", "-9%", "12%", *gaps],
    ]
    sample(
        "pinterest-trends-workbook",
        {"trends.xlsx": workbook({"Trends": sheet})},
        trends,
        (18, 17, 0, 1, 0),
        rules={"gap": 1},
    )


def long_tables():
    """A value a row."""
    mondays = weeks(MONDAY, 9)
    pairs = [("#WideLeg", d, v) for d, v in zip(mondays, RISING, strict=True)]
    pairs += [("Skinny", d, v) for d, v in zip(mondays, FALLING, strict=True)]
    both = [trend("wideleg", RISING), trend("skinny", FALLING)]
    lines = [f"{n},{d},{v}" for n, d, v in pairs]
    sample("long", {"sales.csv": rows("unique_id,ds,y", *lines)}, both, (18, 18, 0, 0, 0))
    sundays = [f"{n},{d + DAY * 6},{v}" for n, d, v in pairs]
    sample("long-pandas-sundays", {"sales.csv": rows("unique_id,ds,y", *sundays)}, both, (18, 18, 0, 0, 0))
    sample(
        "long-item-id",
        {"sales.csv": rows("item_id,timestamp,target", *[f"{n},{d} 00:00:00,{v}" for n, d, v in pairs])},
        both,
        (18, 18, 0, 0, 0),
    )
    german = [f"{n};{d:%d.%m.%Y};{f'{v * 1000 + 0.5:,.1f}'.translate(str.maketrans(',.', '.,'))}" for n, d, v in pairs]
    thousands = [trend("wideleg", [v * 1000 + 0.5 for v in RISING]), trend("skinny", [v * 1000 + 0.5 for v in FALLING])]
    text = rows("Artikel;Datum;Umsatz", *german, end="\r\n")
    sample("long-german", {"umsatz.csv": text}, thousands, (18, 18, 0, 0, 0))
    sample(
        "long-german-windows-1252",
        {"umsatz.csv": text.replace("Umsatz", "Stückzahl").encode("cp1252")},
        thousands,
        (18, 18, 0, 0, 0),
    )
    sample(
        "long-utf-16-tab",
        {
            "sales.csv": (
                "\ufeff" + rows("Artikel\tDatum\tUmsatz", *[line.replace(";", "\t") for line in german], end="\r\n")
            ).encode("utf-16-le")
        },
        thousands,
        (18, 18, 0, 0, 0),
    )
    sample(
        "long-separator-line",
        {"sales.csv": rows("sep=;", "Artikel;Datum;Umsatz", *german, end="\r\n")},
        thousands,
        (18, 18, 0, 0, 0),
    )
    sample(
        "long-gzip",
        {"sales.csv.gz": gzip.compress(rows("unique_id,ds,y", *lines).encode(), mtime=0)},
        both,
        (18, 18, 0, 0, 0),
    )
    attributes = [f"{n},{d},{v},Germany,Women,Pants" for n, d, v in pairs[:9]]
    sample(
        "long-attributes",
        {"sales.csv": rows("name,week,sales,country,gender,category", *attributes)},
        [trend("wideleg", RISING, "de", gender="female", category="pants")],
        (9, 9, 0, 0, 0),
        rules={"unknown_word": 1},
    )
    quoted = rows("name,date,value", *[f'"two\nlines",{d},{v}' for _, d, v in pairs[:9]])
    sample("long-quoted-line-breaks", {"sales.csv": quoted}, [trend("two\nlines", RISING)], (9, 9, 0, 0, 0))
    us = [f"{n},{d:%m/%d/%Y},{v}" for n, d, v in pairs]
    sample("long-month-first", {"sales.csv": rows("product,date,units", *us)}, both, (18, 18, 0, 0, 0))
    prose = [f"{n},Week of {d:%b %d %Y},{v}" for n, d, v in pairs]
    sample(
        "long-date-format",
        {"sales.csv": rows("product,when,units", *prose)},
        both,
        (18, 18, 0, 0, 0),
        arguments=("--date-format", "Week of %b %d %Y"),
    )
    iso = [f"{n},{d.isocalendar().year}-W{d.isocalendar().week:02},{v}" for n, d, v in pairs]
    sample(
        "long-iso-weeks",
        {"sales.csv": rows("product,week,units", *iso, "Skinny,2025-W53,5")},
        both,
        (19, 18, 0, 0, 1),
        rules={"no_such_week": 1},
    )
    messy = [*lines[1:], lines[0], lines[3], "#WideLeg,2026-09-14,99", "Skinny,2026-09-14,-3", "Skinny,2026-09-21,many"]
    messy += [
        "Skinny,1969-12-29,4",
        "Skinny,2030-01-07,4",
        "unique_id,ds,y",
        "Total,,500",
        "Skinny,2026-11-30,7",
        "Skinny,2026-10-05,",
    ]
    changed = [trend("wideleg", [12, 99, *RISING[2:]]), trend("skinny", FALLING)]
    sample(
        "long-faults",
        {"sales.csv": rows("unique_id,ds,y", *messy)},
        changed,
        (27, 18, 2, 1, 6),
        rules={
            "negative": 1,
            "not_a_number": 1,
            "not_a_date": 1,
            "before_1970": 1,
            "in_the_future": 1,
            "partial_week": 1,
            "duplicate": 1,
            "conflict": 1,
            "unsorted": 1,
            "repeated_header": 1,
        },
    )
    shifted = [
        f"skirt,{d - DAY}T{22 if i < 5 else 23}:00:00Z,{v}"
        for i, (d, v) in enumerate(zip(mondays, RISING, strict=True))
    ]
    sample(
        "long-daylight-saving",
        {"sales.csv": rows("name,time,value", *shifted)},
        [trend("skirt", RISING)],
        (9, 9, 0, 0, 0),
        rules={"shifted_by_daylight_saving": 9},
    )
    days = [f"skirt,{MONDAY - DAY * 3 + DAY * i},{i % 5}" for i in range(70)]
    first = 3
    sums = [sum((first + w * 7 + i) % 5 for i in range(7)) for w in range(9)]
    sample(
        "long-daily-counts",
        {"sales.csv": rows("name,date,sales", *days)},
        [trend("skirt", sums)],
        (70, 9, 54, 0, 7),
        rules={"partial_week": 7},
    )
    frame = pd.DataFrame(
        {
            "unique_id": [n for n, _, _ in pairs],
            "ds": pd.to_datetime([d for _, d, _ in pairs]),
            "y": [float(v) for *_, v in pairs],
        }
    )
    for codec in ("snappy", "gzip", "zstd"):
        sample(
            f"long-parquet-{codec}",
            {"sales.parquet": frame.to_parquet(compression=codec, index=False)},
            both,
            (18, 18, 0, 0, 0),
        )
    typed = pd.DataFrame({"sku": ["skirt"] * 9, "day": mondays, "sales": [Decimal(v) / 4 for v in RISING]})
    sample(
        "long-parquet-dates-and-decimals",
        {"sales.parquet": typed.to_parquet(index=False)},
        [trend("skirt", [v / 4 for v in RISING])],
        (9, 9, 0, 0, 0),
    )
    spark = frame.to_parquet(index=False, use_deprecated_int96_timestamps=True)
    sample("long-parquet-spark-timestamps", {"sales.parquet": spark}, both, (18, 18, 0, 0, 0))
    indexed = frame.pivot(index="ds", columns="unique_id", values="y")
    sample("wide-parquet-with-index", {"sales.parquet": indexed.to_parquet()}, both, (18, 18, 0, 0, 0))
    sales = [f"skirt,{d},{part}" for d, v in zip(mondays, RISING, strict=True) for part in (v - 5, 3, 2)]
    sample(
        "long-sales-rows",
        {"sales.csv": rows("product,date,qty", *sales)},
        [trend("skirt", RISING)],
        (27, 9, 18, 0, 0),
        rules={"added": 18},
    )
    notes = [f"{d},{v},{'holiday' if i % 4 == 0 else ''}" for i, (d, v) in enumerate(zip(mondays, RISING, strict=True))]
    sample("wide-notes", {"t.csv": rows("date,hat,notes", *notes)}, [trend("hat", RISING)], (9, 9, 0, 0, 0))
    report = rows(
        "Weekly report: 2026",
        "",
        "Week starting;Hat;Cap",
        *[f"{d:%d.%m.%Y};{a};{b}" for d, a, b in zip(mondays, RISING, FALLING, strict=True)],
    )
    sample("wide-report-title", {"t.csv": report}, [trend("hat", RISING), trend("cap", FALLING)], (18, 18, 0, 0, 0))
    refused("week-numbers", {"t.csv": rows("Year,Week,Sales", *[f"2026,{i},5" for i in range(1, 10)])}, "not a date")
    older = rows("unique_id,ds,y", *[f"skirt,{d},{v}" for d, v in zip(mondays[:6], RISING, strict=False)])
    newer = rows("unique_id,ds,y", *[f"skirt,{d},{v + 1}" for d, v in zip(mondays[4:], RISING[4:], strict=True)])
    sample(
        "several-files",
        {"a-newer.csv": newer, "b-older.csv": older},
        [trend("skirt", [*RISING[:4], *[v + 1 for v in RISING[4:]]])],
        (11, 9, 2, 0, 0),
        rules={"replaced": 1},
    )


def wide_tables():
    """A series a column, or a series a row."""
    mondays = weeks(MONDAY, 9)
    body = list(zip(mondays, RISING, FALLING, strict=True))
    both = [trend("wide leg", RISING), trend("skinny", FALLING)]
    sample(
        "wide", {"t.csv": rows("date,wide leg,skinny", *[f"{d},{a},{b}" for d, a, b in body])}, both, (18, 18, 0, 0, 0)
    )
    sample(
        "wide-day-first",
        {"t.csv": rows(";wide leg;skinny", *[f"{d:%d/%m/%y};{a};{b}" for d, a, b in body])},
        both,
        (18, 18, 0, 0, 0),
    )
    sample(
        "wide-attribute-names",
        {"t.csv": rows("week,br_female_shoes_0,us_male_pants_17", *[f"{d},{a},{b}" for d, a, b in body])},
        [
            trend("br_female_shoes_0", RISING, "br", gender="female", category="shoes"),
            trend("us_male_pants_17", FALLING, "us", gender="male", category="pants"),
        ],
        (18, 18, 0, 0, 0),
    )
    sample(
        "wide-country-names",
        {"t.csv": rows("date,VN_áo dài,US_hat", *[f"{d},{a},{b}" for d, a, b in body])},
        [trend("áo dài", RISING, "vn"), trend("hat", FALLING, "us")],
        (18, 18, 0, 0, 0),
    )
    transposed = rows(
        ",".join(["name", *map(str, mondays)]),
        ",".join(["wide leg", *map(str, RISING)]),
        ",".join(["skinny", *map(str, FALLING)]),
    )
    sample("wide-transposed", {"t.csv": transposed}, both, (18, 18, 0, 0, 0))
    sheet = [["date", "wide leg", "skinny"], *[[d, a, (f"{b}*1", b)] for d, a, b in body]]
    sheet[3] = ["HIDDEN", *sheet[3]]
    sample("wide-workbook", {"t.xlsx": workbook({"Data": sheet})}, both, (18, 18, 0, 0, 0))
    sample("wide-workbook-1904", {"t.xlsx": workbook({"Data": sheet}, date1904=True)}, both, (18, 18, 0, 0, 0))
    two = {
        "One": [r[:2] if r[0] != "HIDDEN" else r[1:3] for r in sheet],
        "Two": [[r[0], r[2]] if r[0] != "HIDDEN" else [r[1], r[3]] for r in sheet],
        "Old": [["x"]],
    }
    sample("wide-workbook-two-sheets", {"t.xlsx": workbook(two, hidden_sheets=("Old",))}, both, (18, 18, 0, 0, 0))
    sample(
        "wide-workbook-one-sheet",
        {"t.xlsx": workbook(two, hidden_sheets=("Old",))},
        both[:1],
        (9, 9, 0, 0, 0),
        arguments=("--sheet", "One"),
    )
    letters = rows("date,Ｗｉｄｅ　ＬＥＧ", *[f"{d},{a}" for d, a, _ in body])
    sample("wide-full-width-letters", {"t.csv": letters}, [trend("wide leg", RISING)], (9, 9, 0, 0, 0))


def traps():
    """Tables that look like another form, and cells without a place."""
    mondays = weeks(MONDAY, 9)
    body = list(zip(mondays, RISING, FALLING, strict=True))
    pair = [trend("style", RISING), trend("dress", FALLING)]
    sample(
        "wide-name-word-as-header",
        {"t.csv": rows("date,style,dress", *[f"{d},{a},{b}" for d, a, b in body])},
        pair,
        (18, 18, 0, 0, 0),
    )
    region = [trend("dress", RISING), trend("region", FALLING)]
    sample(
        "wide-market-word-as-header",
        {"t.csv": rows("date,dress,region", *[f"{d},{a},{b}" for d, a, b in body])},
        region,
        (18, 18, 0, 0, 0),
    )
    sample(
        "wide-column-without-header",
        {"t.csv": rows("date,,dress", *[f"{d},{a},{b}" for d, a, b in body])},
        [trend("dress", FALLING)],
        (18, 9, 0, 0, 9),
        rules={"no_name": 9},
    )
    sample(
        "wide-cells-beyond-header",
        {"t.csv": rows("date,dress", *[f"{d},{a},{b}" for d, a, b in body])},
        [trend("dress", RISING)],
        (18, 9, 0, 0, 9),
        rules={"beyond_header": 9},
    )
    mixed = [f"{d},{a},{b if i < 3 else 'sold out'}" for i, (d, a, b) in enumerate(body)]
    sample(
        "wide-mostly-words",
        {"t.csv": rows("date,dress,boots", *mixed)},
        [trend("dress", RISING), trend("boots", FALLING[:3], last=MONDAY + WEEK * 2)],
        (18, 12, 0, 0, 6),
        rules={"not_a_number": 6},
    )
    sample(
        "wide-row-numbers",
        {"t.csv": rows(",date,dress", *[f"{i},{d},{a}" for i, (d, a, _) in enumerate(body)])},
        [trend("dress", RISING)],
        (9, 9, 0, 0, 0),
    )
    named = rows("name,date,value", *[f"shoes: (new),{d},{a}" for d, a, _ in body])
    sample("long-name-with-brackets", {"t.csv": named}, [trend("shoes: (new)", RISING)], (9, 9, 0, 0, 0))
    blank = rows("name,market,date,value", *[f"boots,,{d},{a}" for d, a, _ in body])
    sample(
        "long-blank-market",
        {"t.csv": blank},
        [trend("boots", RISING, "de")],
        (9, 9, 0, 0, 0),
        arguments=("--market", "de"),
    )
    sample(
        "wide-unknown-market-name",
        {"t.csv": rows("date,zz_female_shoes_0", *[f"{d},{a}" for d, a, _ in body])},
        [trend("zz_female_shoes_0", RISING)],
        (9, 9, 0, 0, 0),
    )
    sundays = [d - DAY for d in mondays]
    first = rows('"Time","beret"', *[f'"{d}",{v}' for d, v in zip(sundays[:6], RISING, strict=False)])
    second = rows('"Time","beret"', *[f'"{d}",{2 * v}' for d, v in zip(sundays[3:], RISING[3:], strict=True)])
    sample(
        "google-trends-new-download",
        {"a.csv": first, "b.csv": second},
        [trend("beret", [2 * v for v in RISING])],
        (12, 9, 3, 0, 0),
        rules={"spliced": 1},
    )


def refusals():
    """Files that are refused by name."""
    refused("months", {"t.csv": rows("date,hat", "2026-01,5", "2026-02,6", "2026-03,7")}, "the dates are months")
    refused(
        "month-starts",
        {"t.csv": rows("date,hat", *[f"2026-{m:02}-01,{m}" for m in range(1, 11)])},
        "the dates are months",
    )
    refused("quarters", {"t.csv": rows("date,hat", "2026 Q1,5", "2026 Q2,6", "2026 Q3,7")}, "the dates are quarters")
    refused("years", {"t.csv": rows("year,date,hat", "1,2024,5", "2,2025,6", "3,2026,7")}, "years")
    refused(
        "hours",
        {"t.csv": rows("time,hat", *[f"2026-10-05T{h:02}:00:00,{h}" for h in range(24)])},
        "the dates are hours",
    )
    refused(
        "irregular",
        {"t.csv": rows("date,hat", "2026-01-05,1", "2026-01-25,2", "2026-02-20,3", "2026-03-02,4", "2026-05-09,5")},
        "the dates are irregular",
    )
    refused("no-dates", {"t.csv": rows("id,V1,V2,V3", "W1,5,6,7", "W2,8,9,10")}, "no column and no header holds dates")
    refused("header-only", {"t.csv": rows("unique_id,ds,y")}, "at least one row")
    refused(
        "two-value-columns",
        {"t.csv": rows("name,date,price,stock", "hat,2026-01-05,5,6", "hat,2026-01-12,5,6", "hat,2026-01-19,5,6")},
        "rename one of them",
    )


if __name__ == "__main__":
    for path in HERE.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    for make in (google, pinterest, long_tables, wide_tables, traps, refusals):
        make()
