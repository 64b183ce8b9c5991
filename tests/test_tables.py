"""Tables as offices keep them: any encoding, any separator, broken rows among good ones."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import ItemError
from fieldapp.tables import Table, read_text

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
SPECIES = ("杉木", "马尾松", "樟", "枫香", "柳杉", "榉", "麻栎")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
def test_every_encoding_and_separator(encoding: str, separator: str) -> None:
    text = f"species{separator}dbh_cm\r\n杉木{separator}10\r\n"
    read = read_text(text.encode(encoding), "x")
    table = Table(read.text)
    assert read.text == text
    assert table.delimiter == separator
    assert [row.cells for row in table.rows()] == [["杉木", "10"]]


@given(st.lists(st.sampled_from(SPECIES), min_size=1, max_size=30), st.sampled_from(ENCODINGS))
def test_no_mix_of_species_is_taken_for_another_encoding(names: list[str], encoding: str) -> None:
    text = "species,dbh_cm\n" + "".join(f"{name},7.5\n" for name in names)
    assert read_text(text.encode(encoding), "x").text == text


@pytest.mark.parametrize("text", ["Café,10\n", "Božena\n", "ρ,2\n", "Привет\n", "Łódź\n", "m³ × °\n", "杨\n", ""])
def test_foreign_letters_are_not_taken_for_chinese(text: str) -> None:
    assert read_text(text.encode(), "x") == read_text(text.encode(), "y")
    assert read_text(text.encode(), "x").text == text


def test_a_damaged_sign_does_not_turn_the_table_into_other_signs() -> None:
    whole = "树种,胸径\n" + "马尾松,10\n" * 20
    for encoding in ("utf-8", "gb18030"):
        data = whole.encode(encoding)
        read = read_text(data[:-5] + b"\xff" + data[-4:], "x")
        assert read.encoding == encoding
        assert 1 <= read.unreadable <= 2
        assert read.text.startswith(whole[:30])


@pytest.mark.parametrize(
    "data",
    [
        b"a\0b",
        b"\xff\xff\xff",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00",
        "species,dbh\n杉木,7\n".encode("utf-16")[:-1],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64),
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ItemError):
        read_text(data, "x")


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        table = Table(read_text(data, "x").text)
    except ItemError:
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows())


@given(st.lists(st.lists(st.text('ab"\n\r,; 杉', max_size=6), min_size=2, max_size=2), min_size=1, max_size=8))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["name,1", "value"], *rows])
    found = list(Table(out.getvalue()).rows())
    assert [row.fault for row in found] == [""] * len(found)
    assert [row.cells for row in found] == [row for row in rows if any(cell.strip() for cell in row)]


@given(st.lists(st.sampled_from(["1,2", '"1,2', '1",2', '"1",2', '"1"x,2', "1,2,3", "1", '"x\ny",2']), max_size=12))
def test_no_quotation_mark_swallows_the_rows_after_it(lines: list[str]) -> None:
    found = list(Table("\n".join(["a,b", *lines, "9,9"])).rows())
    assert all(len(row.cells) == 2 for row in found)
    if not any(line.count('"') % 2 for line in lines):
        assert found[-1].cells == ["9", "9"]
        assert len(found) == len(lines) + 1


def test_faults_of_rows() -> None:
    table = Table('a,b\n"1,2\n1,2,3\n1,2,,\n' + "x" * 200_000 + ",2\n1\n,\n")
    faults = [row.fault for row in table.rows()]
    assert faults == ["table_quote", "table_cells", "", "table_long", ""]


def test_the_separator_that_a_spreadsheet_names() -> None:
    table = Table("sep=;\na;b,c,d\n1,5;2\n")
    assert (table.header, [row.cells for row in table.rows()]) == (["a", "b,c,d"], [["1,5", "2"]])
