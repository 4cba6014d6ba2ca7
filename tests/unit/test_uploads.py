"""Scans: told by their content, checked within limits, shown only as freshly drawn pictures (T-26)."""

import functools
import hashlib
import io
import os
import struct
import time
import zipfile
import zlib

import pytest
from PIL import Image

from kunjae.core import uploads
from kunjae.core.uploads import UploadKind, UploadRefused, check_upload, safe_page, sniff

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
INK = b"0 0 m 500 500 l S"


def a_stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n" % (entries, len(content)) + content + b"\nendstream"


def a_pdf(changes: dict[int, bytes] | None = None, trailer: bytes = b"") -> bytes:
    """Write a PDF of one page; `changes` replace or add its objects."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: PAGE,
        4: a_stream(INK),
        **(changes or {}),
    }
    written, offsets = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        offsets[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = max(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % offsets[number] for number in range(1, size))
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def a_pdf_of_object_streams(catalogue: bytes) -> bytes:
    """Write a PDF whose catalogue is compressed, so that no search of the bytes finds what is in it."""
    inner = {1: catalogue, 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: PAGE}
    index, body = b"", b""
    for number, content in inner.items():
        index += b"%d %d " % (number, len(body))
        body += content + b" "
    written = b"%PDF-1.7\n"
    page_at = len(written)
    written += b"4 0 obj\n" + a_stream(INK) + b"\nendobj\n"
    objects_at = len(written)
    entries = b"/Type/ObjStm/N 3/First %d/Filter/FlateDecode" % len(index)
    written += b"5 0 obj\n" + a_stream(zlib.compress(index + body), entries) + b"\nendobj\n"
    table_at = len(written)
    rows = [(0, 0, 255), (2, 5, 0), (2, 5, 1), (2, 5, 2), (1, page_at, 0), (1, objects_at, 0), (1, table_at, 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    written += b"6 0 obj\n" + a_stream(table, b"/Type/XRef/Size 7/W[1 4 1]/Root 1 0 R") + b"\nendobj\n"
    return written + b"startxref\n%d\n%%%%EOF\n" % table_at


def a_picture(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options) -> bytes:
    content = io.BytesIO()
    Image.new(mode, size, options.pop("colour", "white")).save(content, form, **options)
    return content.getvalue()


def a_noisy_picture(form: str, size: tuple[int, int]) -> bytes:
    content = io.BytesIO()
    Image.effect_noise(size, 90).save(content, form)
    return content.getvalue()


def a_huge_png(width: int, height: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * ((width // 8 + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@functools.cache
def a_bomb(times_packed: int) -> bytes:
    """Write a small PDF whose one page unpacks to hundreds of megabytes of lines."""
    content = INK * 16_000_000
    for _ in range(times_packed):
        content = zlib.compress(content, 9)
    return a_pdf({4: a_stream(content, b"/Filter[%s]" % (b"/FlateDecode" * times_packed))})


def a_slow_page() -> bytes:
    """Write a PDF whose page is drawn small in no time; large, each of its shades is computed point by point."""
    shade = b"<</ShadingType 1/Domain[0 1 0 1]/Matrix[595 0 0 842 0 0]/ColorSpace/DeviceRGB/Function 6 0 R>>"
    function = a_stream(
        b"{ %s pop dup dup }" % (b"2 copy mul sin exch cos exch " * 400),
        b"/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]",
    )
    page = PAGE[:-2] + b"/Resources<</Shading<</S 5 0 R>>>>>>"
    return a_pdf({3: page, 4: a_stream(b"/S sh " * 5), 5: shade, 6: function})


def page_of(data: bytes, kind: UploadKind, number: int = 1) -> Image.Image:
    return Image.open(io.BytesIO(safe_page(data, kind, number)))


# --- What it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [(a_pdf(), UploadKind.PDF), (a_picture("JPEG"), UploadKind.JPEG), (a_picture("PNG"), UploadKind.PNG)],
)
def test_sniff_tells_by_content(data, kind):
    assert sniff(data) is kind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "upload_wrong_type"),
        (b"<html><script>alert(1)</script>", "upload_wrong_type"),
        (b"PK\x03\x04word/document.xml", "upload_wrong_type"),
        (b"MZ\x90\x00", "upload_wrong_type"),
        (b"GIF89a%PDF-1.7", "upload_wrong_type"),
        (b"\n%PDF-1.7", "upload_wrong_type"),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "upload_wrong_type"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "upload_heic"),
    ],
)
def test_sniff_refuses_everything_else(data, reason):
    with pytest.raises(UploadRefused, match=reason):
        sniff(data)


@pytest.mark.parametrize(
    ("kind", "media_type", "extension"),
    [
        (UploadKind.PDF, "application/pdf", "pdf"),
        (UploadKind.JPEG, "image/jpeg", "jpg"),
        (UploadKind.PNG, "image/png", "png"),
    ],
)
def test_kind_knows_how_it_is_sent(kind, media_type, extension):
    assert (kind.media_type, kind.extension) == (media_type, extension)


# --- Accepted ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (a_pdf(), "คำขอ ลงนามแล้ว.pdf"),
        (a_pdf_of_object_streams(b"<</Type/Catalog/Pages 2 0 R>>"), "a.PDF"),
        (a_picture("JPEG"), "IMG_0001.JPG"),
        (a_picture("JPEG"), "a.b.jpeg"),
        (a_picture("JPEG"), "a.jfif"),
        (a_picture("PNG"), "scan.png"),
        (a_picture("JPEG", mode="CMYK"), "a.jpg"),
        (a_picture("PNG", mode="1"), "a.png"),
    ],
)
def test_check_upload_accepts_scans(data, filename):
    upload = check_upload(data, filename=filename)

    assert upload.kind is sniff(data)
    assert upload.page_count == 1
    assert upload.sha256 == hashlib.sha256(data).hexdigest()


def test_check_upload_counts_pages_up_to_twenty():
    pages = b"<</Type/Pages/Kids[%s]/Count 20>>" % (b"3 0 R " * 20)

    assert check_upload(a_pdf({2: pages}), filename="a.pdf").page_count == 20


def test_check_upload_allows_a_link_and_a_view_to_open_with():
    catalogue = b"<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]>>"
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.go.th/JS/\\(a\\))>>>>"
    page = PAGE[:-2] + b"/Annots[5 0 R]>>"

    assert check_upload(a_pdf({1: catalogue, 3: page, 5: link}), filename="a.pdf").page_count == 1


def test_checked_upload_does_not_show_its_content():
    upload = check_upload(a_pdf(), filename="a.pdf")

    assert "Catalog" not in repr(upload)


# --- Refused ----------------------------------------------------------------------------------------------------


LAUNCH = b"<</S/Launch/F(cmd.exe)>>"
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


@pytest.mark.parametrize(
    ("data", "filename", "reason"),
    [
        (b"", "a.pdf", "upload_empty"),
        (b"plain text", "a.pdf", "upload_wrong_type"),
        (a_pdf(), "a.png", "upload_extension"),
        (a_pdf(), "a", "upload_extension"),
        (a_pdf(), "a.pdf.exe", "upload_extension"),
        (a_pdf(), "", "upload_extension"),
        (a_picture("PNG"), "a.jpg", "upload_extension"),
        (a_pdf()[:-80], "a.pdf", "upload_truncated"),
        (a_pdf() + b"\0" * 4096, "a.pdf", "upload_truncated"),
        (b"%PDF-1.7\nnothing\n%%EOF", "a.pdf", "upload_unreadable"),
        (b"%PDF-1.7\n" + b"<<" * 100_000 + b"\n%%EOF", "a.pdf", "upload_unreadable"),
        (a_pdf({2: b"<</Type/Pages/Kids[]/Count 0>>"}), "a.pdf", "upload_unreadable"),
        (b"\xff\xd8\xff\xe0 no picture", "a.jpg", "upload_unreadable"),
        (b"\x89PNG\r\n\x1a\n no picture", "a.png", "upload_unreadable"),
        (a_noisy_picture("JPEG", (600, 600))[:-20_000], "a.jpg", "upload_truncated"),
        (a_noisy_picture("PNG", (600, 600))[:-20_000], "a.png", "upload_truncated"),
        (a_huge_png(40_000, 40_000), "a.png", "upload_too_many_pixels"),
        (a_huge_png(7_200, 7_200), "a.png", "upload_too_many_pixels"),
    ],
)
def test_check_upload_refuses(data, filename, reason):
    with pytest.raises(UploadRefused, match=f"^{reason}$"):
        check_upload(data, filename=filename)


@pytest.mark.parametrize(
    "data",
    [
        a_pdf({1: b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>", 5: SCRIPT}),
        a_pdf({1: b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/J#61vaScript/#4AS(1)>>>>"}),
        a_pdf({1: b"<</Type/Catalog/Pages 2 0 R/Names<</JavaScript<</Names[(a) 5 0 R]>>>>>>", 5: SCRIPT}),
        a_pdf({3: PAGE[:-2] + b"/AA<</O 5 0 R>>>>", 5: SCRIPT}),
        a_pdf({1: b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>", 5: LAUNCH}),
        a_pdf({5: SCRIPT}),
        a_pdf({5: b"<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>", 6: a_stream(b"MZ", b"/Type/EmbeddedFile")}),
        a_pdf({1: b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[]>>>>>>"}),
        a_pdf({1: b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/XFA[]>>>>"}),
        a_pdf_of_object_streams(b"<</Type/Catalog/Pages 2 0 R/OpenAction" + SCRIPT + b">>"),
        a_pdf_of_object_streams(b"<</Type/Catalog/Pages 2 0 R/OpenAction" + LAUNCH + b">>"),
    ],
    ids=[
        "script at opening", "names in disguise", "script by name", "script of a page", "launch", "script out of reach",
        "embedded file", "embedded files by name", "XFA form", "compressed script", "compressed launch",
    ],
)  # fmt: skip
def test_check_upload_refuses_a_pdf_that_acts(data):
    with pytest.raises(UploadRefused, match="upload_active_content"):
        check_upload(data, filename="a.pdf")


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def a_zip(content: bytes = b"", comment: bytes = b"") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.js", content or b"alert(1)")
        archive.comment = comment
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "filename", "other"),
    [
        (a_picture("PNG") + a_zip(), "a.png", "ZIP"),
        (a_picture("JPEG") + a_zip(comment=b"c" * 60_000), "a.jpg", "ZIP"),
        (a_pdf() + a_zip() + b"%%EOF", "a.pdf", "ZIP"),
        (a_picture("PNG") + b"Rar!\x1a\x07\x01\x00", "a.png", "RAR"),
        (a_picture("PNG") + b"7z\xbc\xaf\x27\x1c", "a.png", "7z"),
        (a_picture("JPEG", comment=b"</p><SCRIPT src=//a></script>"), "a.jpg", "HTML"),
        (a_picture("JPEG", comment=b"<?php system($_GET[0]); ?>"), "a.jpg", "PHP"),
        (a_picture("JPEG", comment=b"%PDF-1.7\n1 0 obj"), "a.jpg", "PDF"),
        (a_picture("PNG") + EICAR, "a.png", "EICAR"),
        (a_pdf({5: a_stream(EICAR)}), "a.pdf", "EICAR"),
    ],
)
def test_check_upload_refuses_what_is_another_file_as_well(data, filename, other):
    with pytest.raises(UploadRefused, match="upload_two_kinds") as refused:
        check_upload(data, filename=filename)

    assert refused.value.facts == {"other": other}


def test_check_upload_takes_what_a_camera_hangs_on_behind_a_photograph():
    # A second picture, as telephones keep brightness or depth, is no file of another kind.
    photograph = a_picture("JPEG") + a_picture("JPEG", (20, 20)) + b"SEFT" + b"PK\x05\x06 by chance"

    assert check_upload(photograph, filename="a.jpg").page_count == 1


@pytest.mark.parametrize(
    "rights", [b"/V 1/R 2/O<%s>/U<%s>/P -4" % (b"41" * 32, b"42" * 32), b"/V 5/R 99/Filter/Strange"]
)
def test_check_upload_refuses_an_encrypted_pdf(rights):
    entry = b"/ID[<00><00>]/Encrypt<</Filter/Standard%s>>" % rights

    with pytest.raises(UploadRefused, match="upload_encrypted"):
        check_upload(a_pdf(trailer=entry), filename="a.pdf")


def test_check_upload_with_too_many_pages_says_how_many():
    pages = b"<</Type/Pages/Kids[%s]/Count 21>>" % (b"3 0 R " * 21)

    with pytest.raises(UploadRefused, match="upload_too_many_pages") as refused:
        check_upload(a_pdf({2: pages}), filename="a.pdf")

    assert refused.value.facts == {"pages": 21, "pages_max": 20}


def test_check_upload_too_large_says_both_sizes_without_looking_inside():
    with pytest.raises(UploadRefused, match="upload_too_large") as refused:
        check_upload(b"x" * (uploads.UPLOAD_SIZE_MAX + 1), filename="a.pdf")

    assert refused.value.facts == {"size": "10.1", "size_max": "10"}


def test_check_upload_refuses_a_pdf_with_a_picture_of_too_many_pixels():
    entries = b"/Type/XObject/Subtype/Image/Width 40000/Height 40000/ColorSpace/DeviceGray/BitsPerComponent 8"

    page = PAGE[:-2] + b"/Resources<</XObject<</I 5 0 R>>>>>>"

    with pytest.raises(UploadRefused, match="upload_too_many_pixels"):
        check_upload(a_pdf({3: page, 5: a_stream(b"\0", entries)}), filename="a.pdf")


@pytest.mark.slow
@pytest.mark.parametrize("times_packed", [1, 2])
def test_check_upload_stops_a_bomb_in_time(times_packed):
    data = a_bomb(times_packed)
    before = os.times()

    with pytest.raises(UploadRefused, match="upload_too_complex"):
        check_upload(data, filename="a.pdf")

    after = os.times()
    assert after.children_user + after.children_system - before.children_user - before.children_system < 2


def test_check_upload_gives_the_decoder_none_of_our_environment(monkeypatch, tmp_path):
    # A module of ours in the way, or a secret in the environment, must not reach the process that decodes.
    (tmp_path / "PIL.py").write_text("raise SystemExit('the path of the parent was used')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    assert check_upload(a_picture("PNG"), filename="a.png").page_count == 1


# --- Shown ------------------------------------------------------------------------------------------------------


def test_safe_page_draws_each_page_of_a_pdf():
    wide = PAGE.replace(b"[0 0 595 842]", b"[0 0 842 595]")
    data = a_pdf({2: b"<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>", 5: wide})

    pages = [page_of(data, UploadKind.PDF, number) for number in (1, 2)]

    assert [(page.format, page.size) for page in pages] == [("PNG", (1240, 1754)), ("PNG", (1754, 1240))]
    assert all(page.convert("L").getextrema() == (0, 255) for page in pages)
    with pytest.raises(UploadRefused, match="upload_unreadable"):
        safe_page(data, UploadKind.PDF, 3)


@pytest.mark.parametrize("box", [b"[0 0 14400 1]", b"[0 0 1 1]", b"[0 0 100000 100000]"])
def test_safe_page_bounds_strange_pages(box):
    page = PAGE.replace(b"[0 0 595 842]", box)
    picture = page_of(a_pdf({3: page}), UploadKind.PDF)

    assert min(picture.size) >= 1
    assert max(picture.size) <= 1755


def test_safe_page_turns_a_photograph_upright_and_tells_nothing_of_its_place():
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was turned by a quarter.
    exif.get_ifd(0x8825).update({1: "N", 2: (7.0, 53.0, 0.0), 3: "E", 4: (98.0, 23.0, 0.0)})
    photograph = a_picture("JPEG", (60, 40), exif=exif, comment=b"private", icc_profile=b"profile", colour="red")
    assert Image.open(io.BytesIO(photograph)).getexif().get_ifd(0x8825)

    picture = page_of(photograph, UploadKind.JPEG)

    assert picture.size == (40, 60)
    assert not picture.getexif()
    assert not picture.info


def test_safe_page_leaves_out_what_stands_beside_the_pixels():
    page = safe_page(a_picture("PNG") + b"<script>alert(1)</script>", UploadKind.PNG, 1)

    assert b"script" not in page


@pytest.mark.parametrize(
    ("data", "mode", "middle"),
    [
        (a_picture("PNG", mode="RGBA", colour=(255, 0, 0, 0)), "L", 255),
        (a_picture("PNG", mode="RGBA", colour=(255, 0, 0, 255)), "RGB", (255, 0, 0)),
        (a_picture("PNG", mode="LA", colour=(0, 0)), "L", 255),
        (a_picture("PNG", mode="I;16", colour=128 * 256), "L", 128),
        (a_picture("PNG", mode="P", colour=0), "L", 0),
        (a_picture("PNG", mode="1", colour=1), "L", 255),
    ],
)
def test_safe_page_flattens_every_kind_of_picture_on_white(data, mode, middle):
    picture = page_of(data, UploadKind.PNG)

    assert picture.mode == mode
    assert picture.getpixel((30, 20)) == middle


@pytest.mark.slow
def test_safe_page_stops_a_page_that_takes_too_long():
    before = os.times()

    with pytest.raises(UploadRefused, match="upload_too_complex"):
        safe_page(a_slow_page(), UploadKind.PDF, 1)

    after = os.times()
    assert after.children_user + after.children_system - before.children_user - before.children_system < 2.5


def test_safe_page_makes_a_large_picture_smaller():
    picture = page_of(a_picture("JPEG", (4000, 3000)), UploadKind.JPEG)

    assert picture.size == (1754, 1316)


def test_safe_page_of_what_cannot_be_opened_is_refused():
    with pytest.raises(UploadRefused, match="upload_unreadable"):
        safe_page(b"%PDF-1.7 broken", UploadKind.PDF, 1)


@pytest.mark.slow
def test_check_upload_of_the_largest_photograph_is_quick():
    photograph = a_picture("JPEG", (7000, 7000))
    started = time.process_time()

    assert check_upload(photograph, filename="a.jpg").page_count == 1
    assert time.process_time() - started < 0.5  # Ours; the decoder has its own limit.
