"""Text as systems write it: encodings, line ends, titles, totals, columns without a name; read, refused or counted."""

import random

import pytest

from features.errors import InputError
from tests.support.reading import read_source

IDS = [f"S{n}" for n in range(1, 7)]
HEAD = "编号,名称,amount"
LINES = [f"{each},关节镜检查,90.00" for each in IDS]
TEXT = "\n".join([HEAD, *LINES]) + "\n"
ASCII = TEXT.replace("编号", "id").replace("名称", "name").replace("关节镜检查", "Item")


def read(folder, content, **form):
    (folder / "lines.csv").write_bytes(content)
    return read_source(folder, files=["lines.csv"], **form)


# Content; what the mapping says; lines skipped, rows, malformed, blank; encoding in the report.
READ = {
    "UTF-8": (TEXT.encode(), {}, (0, 6, 0, 0), "utf-8"),
    "UTF-8 with its mark": (TEXT.encode("utf-8-sig"), {}, (0, 6, 0, 0), "utf-8"),
    "UTF-16 with its mark": (TEXT.replace(",", "\t").encode("utf-16"), {}, (0, 6, 0, 0), "utf-16"),
    "big-endian UTF-16 with its mark": (b"\xfe\xff" + TEXT.encode("utf-16-be"), {}, (0, 6, 0, 0), "utf-16"),
    "UTF-32 with its mark": (TEXT.encode("utf-32"), {}, (0, 6, 0, 0), "utf-32"),
    "UTF-16 as stated": (TEXT.encode("utf-16-le"), {"encoding": "utf-16-le"}, (0, 6, 0, 0), "utf-16-le"),
    "GBK as stated": (TEXT.encode("gbk"), {"encoding": "gb18030"}, (0, 6, 0, 0), "gb18030"),
    "rare characters": (
        TEXT.replace("关节", "㐂𠮷").encode("gb18030"),
        {"encoding": "gb18030"},
        (0, 6, 0, 0),
        "gb18030",
    ),
    "Big5 as stated": (ASCII.replace("Item", "關節").encode("big5"), {"encoding": "big5"}, (0, 6, 0, 0), "big5"),
    "ASCII in any": (ASCII.encode(), {"encoding": "gb18030"}, (0, 6, 0, 0), "gb18030"),
    "one broken line": (TEXT.encode().replace("S3,关".encode(), b"S3,\xb9"), {}, (0, 5, 1, 0), "utf-8"),
    "some lines cut within a character": (
        (TEXT + "\n".join(LINES[:3]) + "\n").encode().replace("S3,关".encode(), b"S3,\xb9"),
        {},
        (0, 7, 2, 0),
        "utf-8",
    ),
    "one line of another encoding, UTF-8 stated": (
        ASCII.encode().replace(b"S3,Item", "S3,关节镜".encode("gbk")),
        {"encoding": "utf-8"},
        (0, 5, 1, 0),
        "utf-8",
    ),
    "titles": (("某市医保\n\n统计期：2026年3月,\n" + TEXT).encode(), {"skip_rows": 3}, (3, 6, 0, 0), "utf-8"),
    "titles with a mark": (("某市医保\n" + TEXT).encode("utf-8-sig"), {"skip_rows": 1}, (1, 6, 0, 0), "utf-8"),
    "titles in GBK": (
        ("某市医保,,\r\n" + TEXT).encode("gbk"),
        {"skip_rows": 1, "encoding": "gbk"},
        (1, 6, 0, 0),
        "gbk",
    ),
    "a footer": ((TEXT + "\n制表人：张\n\n").encode(), {"skip_last": 1}, (2, 6, 0, 1), "utf-8"),
    "title and footer": (
        ("甲,,\n" + TEXT + "合计,,540.00\n制表").encode(),
        {"skip_rows": 1, "skip_last": 2},
        (3, 6, 0, 0),
        "utf-8",
    ),
    "a total": ((TEXT + "合计,,540.00\n").encode(), {}, (0, 6, 1, 0), "utf-8"),
    "a total that is spaced": ((TEXT + " 合 计：,,540.00\n\n").encode(), {}, (0, 6, 1, 1), "utf-8"),
    "a total behind a gap": ((TEXT + ",小计,540.00\r\n").encode(), {}, (0, 6, 1, 0), "utf-8"),
    "an English total in quotes": ((ASCII + '"Grand Total","","540.00"').encode(), {}, (0, 6, 1, 0), "utf-8"),
    "a total and its signature": ((TEXT + "总计,,540.00\n制表人：张,,\n").encode(), {}, (0, 7, 1, 0), "utf-8"),
    "a provider called Total": ((ASCII + "Total,Item,0\n").encode(), {}, (0, 7, 0, 0), "utf-8"),
    "bars": (TEXT.replace(",", "|").encode(), {}, (0, 6, 0, 0), "utf-8"),
    "bars as stated": (TEXT.replace(",", "|").encode(), {"delimiter": "|"}, (0, 6, 0, 0), "utf-8"),
}


@pytest.mark.parametrize("case", READ)
def test_text_is_read_and_accounted_for(tmp_path, case):
    content, form, counted, encoding = READ[case]
    found = read(tmp_path, content, **form)
    (count,) = found.counts
    assert (count.n_skipped_lines, count.n_rows, count.n_malformed, count.n_blank_lines) == counted
    assert count.encoding == encoding
    # 90.00 for each of the six, less the one that is broken; a signature has no amount
    assert found.amount == 90 * sum(next(iter(row.values())) in IDS for row in found.rows)
    assert [reason for *_, reason in found.malformed if "totals" in reason or "UTF-8" in reason] == [
        reason for *_, reason in found.malformed
    ]


REFUSED = {
    "GBK": (TEXT.encode("gbk"), {}, "reads as gb18030. Hint: set `encoding = .gb18030.` in the mapping"),
    "GBK under a plain header": (
        ASCII.encode().replace(b"S3,Item", "S3,关节镜".encode("gbk")),
        {},
        "1 of its 7 lines are not utf-8; reads as gb18030",
    ),
    "GBK stated as UTF-8": (TEXT.encode("gbk"), {"encoding": "utf-8"}, "reads as gb18030"),
    "UTF-8 stated as GB 18030": (TEXT.encode(), {"encoding": "gb18030"}, "not gb18030; reads as utf-8"),
    "marked UTF-8 stated as GBK": (ASCII.encode("utf-8-sig"), {"encoding": "gbk"}, "not gbk; reads as utf-8"),
    "UTF-8 stated as Latin": (TEXT.encode(), {"encoding": "latin-1"}, "not latin-1; reads as utf-8"),
    "UTF-16 stated as UTF-8": (TEXT.encode("utf-16"), {"encoding": "utf-8"}, "not utf-8; reads as utf-16"),
    "UTF-16 stated as GBK": (TEXT.encode("utf-16"), {"encoding": "gbk"}, "not gbk; reads as utf-16"),
    "UTF-16 without its mark": (TEXT.encode("utf-16-le"), {}, "not utf-8; reads as utf-16-le"),
    "big-endian UTF-16 without its mark": (TEXT.encode("utf-16-be"), {}, "not utf-8; reads as utf-16-be"),
    "Big5": (ASCII.replace("Item", "關節鏡檢查費用").encode("big5"), {}, "reads as big5"),
    "Latin": (ASCII.replace("Item", "Prüfung").encode("latin-1"), {}, "reads as cp1252"),
    "Latin stated as GBK": (ASCII.replace("Item", "été;").encode("latin-1"), {"encoding": "gbk"}, "not gbk"),
    "two encodings": (
        (TEXT * 2).encode() + ("\n".join(LINES[:3]) + "\n").encode("gbk"),
        {},
        "3 of its 17 lines are not utf-8, but the others are. Hint: keep files of two",
    ),
    "an encoding of nobody": (
        ASCII.encode().replace(b"Item", b"\xff\xfe\xff"),
        {},
        "6 of its 7 lines are not utf-8. Hint: set `encoding`",
    ),
    "another delimiter than stated": (TEXT.replace(",", "|").encode(), {"delimiter": ";"}, r"one column.*'\|'"),
    "a title": (("某市医保\n" + TEXT).encode(), {}, "a title and no header: 1 of 1 cells .*`skip_rows = 1`"),
    "titles of gaps": (
        ("某市,,\n\n统计期,,\n" + TEXT).encode(),
        {},
        "1 of 3 cells filled, then a line of 3. Hint: set `skip_rows = 3`",
    ),
    "a delimiter for Excel": (("sep=,\n" + TEXT).encode(), {}, "tells Excel the delimiter. Hint: set `skip_rows = 1`"),
    "a title above bars": (("Report\n" + TEXT.replace(",", "|")).encode(), {}, "`skip_rows = 1`"),
    "a title under a title": (("甲\n乙,,\n" + TEXT).encode(), {"skip_rows": 1}, "`skip_rows = 2`"),
    "more titles than lines": (TEXT.encode(), {"skip_rows": 7}, "no row beyond the 7 lines to skip"),
    "more footers than lines": (TEXT.encode(), {"skip_last": 7}, "no row beyond the 7 lines to skip"),
    "an index of pandas": (("," + TEXT.replace("\n", "\n1,")[:-2]).encode(), {}, r"column 1 of 4.*`ignore_unnamed"),
    "a trailing comma": (TEXT.replace("\n", ",\n").encode(), {}, r"a column without a name \(column 4 of 4\)"),
    "a column twice": (TEXT.replace("名称", "编号").encode(), {}, r"named twice: '编号' \(columns 1, 2\)"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_told_is_refused_with_what_fits(tmp_path, case):
    content, form, said = REFUSED[case]
    with pytest.raises(InputError, match=f"'lines.csv': .*{said}"):
        read(tmp_path, content, **form)


@pytest.mark.parametrize(
    ("text", "column"),
    [("," + ASCII.replace("\n", "\n7,")[:-2], "_unnamed_1"), (ASCII.replace("\n", ",\n"), "_unnamed_4")],
)
def test_columns_without_a_name_are_ignored_by_choice(tmp_path, text, column):
    found = read(tmp_path, text.encode(), ignore_unnamed=True)
    assert (found.amount, len(found.rows), found.malformed) == (540, 6, [])
    assert column in found.rows[0]


def test_delimiters_at_the_end_of_rows_only_are_a_column_without_a_name(tmp_path):
    content = TEXT.replace("90.00\n", "90.00,\n").encode()
    with pytest.raises(InputError, match=r"column without a name \(column 4 of 4\)"):
        read(tmp_path, content)
    found = read(tmp_path, content, ignore_unnamed=True)
    assert (found.amount, len(found.rows), found.malformed) == (540, 6, [])


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_put_together_say_where_the_header_stands_again(tmp_path, mark):
    found = read(tmp_path, (TEXT + mark + TEXT.replace("\n", "\r\n")).encode())
    assert (found.amount, len(found.rows)) == (1080, 12)
    assert found.malformed == [("lines.csv", 8, "the header again")]


@pytest.mark.parametrize("seed", range(12))
def test_any_mixture_of_line_ends_is_read(tmp_path, seed):
    draw = random.Random(seed)
    ends = ["\n", "\r\n", "\r"]
    ends = draw.sample(ends, draw.randrange(2, 4))
    lines = [
        HEAD,
        *(line if draw.random() < 0.7 else line.replace("关节", '"a,\r\n\rb').replace("检查", '"') for line in LINES),
    ]
    lines = [line.replace("镜", "") for line in lines]
    content = "".join(line + draw.choice(ends) for line in lines).encode()
    found = read(tmp_path, content)
    (count,) = found.counts
    assert (found.amount, count.n_rows, count.n_malformed) == (540, 6, 0)
    assert count.n_lines == len(content.splitlines())


def test_an_open_quote_says_where_it_opens(tmp_path):
    found = read(tmp_path, TEXT.replace("S2,", 'S2,"').encode())
    (count,) = found.counts
    assert (found.amount, count.n_rows, count.n_malformed, count.n_lines) == (450, 5, 1, 7)
    assert found.malformed == [("lines.csv", 3, "malformed line: a quote that is never closed")]
