"""Open one untrusted file, in a process of its own: the only place where the content of an upload is decoded.

Run by `uploads` as a script, isolated, with an empty environment: the file comes in by standard input, the answer
leaves by standard output. It imports nothing of ours.
"""

import io
import json
import math
import re
import resource
import signal
import sys
import time
import warnings
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image, ImageChops, ImageOps

PAGES_MAX = 20
PIXELS_MAX = 50_000_000
RENDERED_LENGTH_MAX = 1754
RENDERED_DPI_MAX = 150
#: A QR code on a photograph of a whole desk is small: it is looked for in a larger picture than the one that is shown.
READ_LENGTH_MAX = 3200
READ_DPI_MAX = 200
READ_PAGES_MAX = 4

_MEMORY_MAX = 1024**3
_OPEN_FILES_MAX = 16
#: After so many seconds the check trusts the pages it has not tried to draw.
_TRIAL_SECONDS = 0.7
_TRIAL_LENGTH = 64
_POINTS_PER_INCH = 72

#: Where a PDF acts, carries other files, or asks for what only other programs show.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|FileAttachment|GoToE|SubmitForm|ImportData|RichMedia|Movie|Sound"
    rb"|Rendition|3D|XFA)(?=[\s/<>\[\](){}%]|\Z)"
)
_STREAM = re.compile(rb">>\s*stream\r?\n.*?endstream", re.DOTALL)
#: As PDFium writes one, with the brackets within escaped.
_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_LINK = re.compile(rb"/URI\s*" + _STRING.pattern, re.DOTALL)
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_SIDE = re.compile(rb"/(?:Width|Height)\s+([0-9]{1,9})")
_END_MARK = b"%%EOF"
_END_WITHIN = 2048

#: What makes a file another one as well, wherever it stands: too long to come about by chance.
_FOREIGN = {
    b"rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"<script": "HTML",
    b"<!doctype html": "HTML",
    b"<?php": "PHP",
    b"$eicar-standard-antivirus-test-file!": "EICAR",
}
#: A program looks for the start of a PDF, and for the directory at the end of a ZIP, within so many bytes.
_PDF_STARTS_WITHIN = 1024
_ZIP_ENDS_WITHIN = 65_535 + 22
_ZIP_DIRECTORY = re.compile(rb"PK\x05\x06.{16}(..)", re.DOTALL)


class Refused(Exception):
    """The file cannot be taken; `uploads` says it on."""

    def __init__(self, reason: str, **facts: int | str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


def main(task: str, kind: str, seconds_max: str, wall_seconds_max: str, page: str) -> None:
    """Check the file at standard input, draw one page of it, or read its QR codes; pages count from 1."""
    _limit(float(seconds_max), float(wall_seconds_max))
    data = sys.stdin.buffer.read()
    if task == "check":
        sys.stdout.write(json.dumps(_checked(data, kind)))
        return
    if task == "read":
        sys.stdout.write(json.dumps(_codes(data, kind)))
        return
    picture = _pdf_page(_document(data), int(page)) if kind == "pdf" else _picture(data, kind)
    picture.save(sys.stdout.buffer, "PNG")


def _limit(seconds: float, wall_seconds: float) -> None:
    # Of the processor's time, and of the clock on the wall; the signals end the process in the midst of a decoder.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)
    whole_seconds = math.ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (whole_seconds, whole_seconds))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MAX, _MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES_MAX, _OPEN_FILES_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _checked(data: bytes, kind: str) -> dict[str, object]:
    try:
        _refuse_two_kinds(data, kind)
        page_count = _check_pdf(data) if kind == "pdf" else _check_picture(data, kind)
    except Refused as refused:
        return {"refused": refused.reason, "facts": refused.facts}
    except MemoryError:
        return {"refused": "upload_too_complex", "facts": {}}
    except Exception:  # noqa: BLE001 a decoder's own error, of whatever class: the file is what is wrong
        return {"refused": "upload_unreadable", "facts": {}}
    return {"page_count": page_count}


def _refuse_two_kinds(data: bytes, kind: str) -> None:
    # What one program takes for a scan, another would run or unpack.
    folded = data.lower()
    for sign, other in _FOREIGN.items():
        if sign in folded:
            raise Refused("upload_two_kinds", other=other)
    if kind != "pdf" and b"%PDF-" in data[:_PDF_STARTS_WITHIN]:
        raise Refused("upload_two_kinds", other="PDF")
    tail = data[-_ZIP_ENDS_WITHIN:]
    for found in _ZIP_DIRECTORY.finditer(tail):
        if found.end() + int.from_bytes(found[1], "little") <= len(tail):
            raise Refused("upload_two_kinds", other="ZIP")


# --- Pictures ---------------------------------------------------------------------------------------------------


def _opened(data: bytes, kind: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=[kind.upper()])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise Refused("upload_too_many_pixels", megapixels_max=PIXELS_MAX // 10**6) from bomb


def _check_picture(data: bytes, kind: str) -> int:
    picture = _opened(data, kind)
    # An eighth of the size is enough to see that a photograph is whole; other formats ignore the wish.
    picture.draft("L", (picture.width // 8, picture.height // 8))
    try:
        picture.load()
    except OSError as error:
        raise Refused("upload_truncated" if "truncated" in str(error) else "upload_unreadable") from error
    return 1


def _picture(data: bytes, kind: str, length_max: int = RENDERED_LENGTH_MAX) -> Image.Image:
    picture = _opened(data, kind)
    picture.draft(None, (length_max, length_max))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((length_max, length_max))
    return _bare(upright)


def _bare(picture: Image.Image) -> Image.Image:
    """Return the pixels alone, on white, in grey or in colour: no profile, comment, place or transparency."""
    if picture.mode in {"L", "1"} and "transparency" not in picture.info:
        flat = picture.convert("L")
    elif picture.mode.startswith("I"):
        # 16 bits a pixel: `convert` would clip them.
        flat = picture.convert("I").point(lambda level: level / 256).convert("L")
    elif picture.mode == "CMYK":
        flat = picture.convert("RGB")
    else:
        layer = picture.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
    flat.info.clear()
    return _grey_if_grey(flat)


def _grey_if_grey(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGB":
        return picture
    red, green, blue = picture.split()
    colourless = not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(red, blue).getbbox()
    return red if colourless else picture


# --- PDF --------------------------------------------------------------------------------------------------------


def _check_pdf(data: bytes) -> int:
    if _END_MARK not in data[-_END_WITHIN:]:
        raise Refused("upload_truncated")
    document = _document(data)
    if pdfium.FPDF_GetSecurityHandlerRevision(document) != -1:
        raise Refused("upload_encrypted")
    if not len(document):
        raise Refused("upload_unreadable")
    if len(document) > PAGES_MAX:
        raise Refused("upload_too_many_pages", pages=len(document), pages_max=PAGES_MAX)
    _refuse_active(data, document)
    _try_to_draw(document)
    return len(document)


def _document(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise Refused("upload_encrypted" if encrypted else "upload_unreadable") from error


def _refuse_active(data: bytes, document: pypdfium2.PdfDocument) -> None:
    # PDFium writes every object that can be reached out plainly, its name unescaped. The original is read too, in
    # case another program would find in it what PDFium does not; a web address may hold any word.
    plain = io.BytesIO()
    document.save(plain)
    objects = _STRING.sub(b"()", _STREAM.sub(b">>", plain.getvalue()))
    original = _LINK.sub(b"/URI()", _STREAM.sub(b">>", data))
    original = _NAME_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), original)
    attachments = pdfium.FPDFDoc_GetAttachmentCount(document) > 0
    scripts = pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0
    if attachments or scripts or _ACTIVE.search(objects) or _ACTIVE.search(original):
        raise Refused("upload_active_content")
    for part in filter(_PICTURE.search, objects.split(b"endobj")):
        if math.prod(int(side) for side in _SIDE.findall(part)) > PIXELS_MAX:
            raise Refused("upload_too_many_pixels", megapixels_max=PIXELS_MAX // 10**6)


def _try_to_draw(document: pypdfium2.PdfDocument) -> None:
    started = time.process_time()
    for index in range(len(document)):
        _drawn(document[index], _TRIAL_LENGTH)
        if time.process_time() - started > _TRIAL_SECONDS:
            return


def _pdf_page(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    document.init_forms()
    return _bare(_drawn(document[number - 1], RENDERED_LENGTH_MAX))


def _drawn(page: pypdfium2.PdfPage, length_max: int, dpi_max: int = RENDERED_DPI_MAX) -> Image.Image:
    longer_side = max(page.get_size())
    scale = min(dpi_max / _POINTS_PER_INCH, length_max / longer_side)
    picture: Image.Image = page.render(scale=scale).to_pil()
    return picture


# --- QR codes ---------------------------------------------------------------------------------------------------


def _codes(data: bytes, kind: str) -> list[str]:
    """Read the QR codes of the first pages, lying askew or upside down too, in the order of the pages."""
    texts: list[str] = []
    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for picture in _pictures_to_read(data, kind):
        found = zxingcpp.read_barcodes(picture.convert("L"), formats=wanted)
        texts += [code.text for code in found if code.valid]
    return texts


def _pictures_to_read(data: bytes, kind: str) -> Iterator[Image.Image]:
    if kind != "pdf":
        yield _picture(data, kind, READ_LENGTH_MAX)
        return
    document = _document(data)
    for index in range(min(len(document), READ_PAGES_MAX)):
        yield _drawn(document[index], READ_LENGTH_MAX, READ_DPI_MAX)


if __name__ == "__main__":
    main(*sys.argv[1:])
