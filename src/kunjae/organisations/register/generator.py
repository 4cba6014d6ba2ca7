"""
A national register of the same shape as the real one, for demos and benchmarks on machines without its file.

Only counts are true: provinces, their districts, and how many authorities of each kind each of them has (open
data of the Department of Local Administration, 2569). The names are put together from common parts of Thai place
names, so that about as many of them repeat as in life: some 660 times one kind has one name twice or more.
"""

import csv
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from kunjae.organisations.register.reading import COLUMNS

#: Province: code, name, districts, เทศบาลนคร, เทศบาลเมือง, เทศบาลตำบล, อบต.; each has one อบจ. besides.
PROVINCES = (
    ("11", "สมุทรปราการ", 6, 1, 7, 14, 26),
    ("12", "นนทบุรี", 6, 2, 10, 10, 23),
    ("13", "ปทุมธานี", 7, 1, 10, 18, 35),
    ("14", "พระนครศรีอยุธยา", 16, 1, 5, 30, 121),
    ("15", "อ่างทอง", 7, 0, 1, 20, 43),
    ("16", "ลพบุรี", 11, 0, 3, 20, 102),
    ("17", "สิงห์บุรี", 6, 0, 2, 6, 33),
    ("18", "ชัยนาท", 8, 0, 1, 38, 20),
    ("19", "สระบุรี", 13, 0, 4, 34, 70),
    ("20", "ชลบุรี", 11, 2, 10, 36, 49),
    ("21", "ระยอง", 8, 1, 2, 27, 37),
    ("22", "จันทบุรี", 10, 0, 5, 42, 34),
    ("23", "ตราด", 7, 0, 1, 14, 28),
    ("24", "ฉะเชิงเทรา", 11, 0, 1, 33, 74),
    ("25", "ปราจีนบุรี", 7, 0, 2, 12, 55),
    ("26", "นครนายก", 4, 0, 1, 5, 39),
    ("27", "สระแก้ว", 9, 0, 3, 13, 49),
    ("30", "นครราชสีมา", 32, 1, 4, 85, 243),
    ("31", "บุรีรัมย์", 23, 0, 3, 60, 145),
    ("32", "สุรินทร์", 17, 0, 1, 27, 144),
    ("33", "ศรีสะเกษ", 22, 0, 2, 35, 179),
    ("34", "อุบลราชธานี", 25, 1, 4, 54, 179),
    ("35", "ยโสธร", 9, 0, 1, 23, 63),
    ("36", "ชัยภูมิ", 16, 0, 1, 35, 106),
    ("37", "อำนาจเจริญ", 7, 0, 1, 23, 39),
    ("38", "บึงกาฬ", 8, 0, 1, 17, 39),
    ("39", "หนองบัวลำภู", 6, 0, 1, 23, 43),
    ("40", "ขอนแก่น", 26, 1, 6, 77, 140),
    ("41", "อุดรธานี", 20, 1, 3, 67, 109),
    ("42", "เลย", 14, 0, 2, 27, 71),
    ("43", "หนองคาย", 9, 0, 2, 17, 48),
    ("44", "มหาสารคาม", 13, 0, 1, 18, 123),
    ("45", "ร้อยเอ็ด", 20, 0, 1, 72, 129),
    ("46", "กาฬสินธุ์", 18, 0, 2, 77, 71),
    ("47", "สกลนคร", 18, 1, 0, 65, 74),
    ("48", "นครพนม", 12, 0, 1, 21, 81),
    ("49", "มุกดาหาร", 7, 0, 1, 24, 29),
    ("50", "เชียงใหม่", 25, 1, 4, 116, 89),
    ("51", "ลำพูน", 8, 0, 1, 39, 17),
    ("52", "ลำปาง", 13, 1, 3, 39, 59),
    ("53", "อุตรดิตถ์", 9, 0, 1, 25, 53),
    ("54", "แพร่", 8, 0, 1, 25, 57),
    ("55", "น่าน", 15, 0, 1, 18, 80),
    ("56", "พะเยา", 9, 0, 2, 33, 36),
    ("57", "เชียงราย", 18, 1, 0, 72, 70),
    ("58", "แม่ฮ่องสอน", 7, 0, 1, 6, 42),
    ("60", "นครสวรรค์", 15, 1, 2, 18, 121),
    ("61", "อุทัยธานี", 8, 0, 1, 13, 49),
    ("62", "กำแพงเพชร", 11, 0, 3, 22, 64),
    ("63", "ตาก", 9, 1, 1, 17, 49),
    ("64", "สุโขทัย", 9, 0, 3, 18, 69),
    ("65", "พิษณุโลก", 9, 1, 1, 24, 76),
    ("66", "พิจิตร", 12, 0, 3, 25, 73),
    ("67", "เพชรบูรณ์", 11, 0, 3, 22, 102),
    ("70", "ราชบุรี", 10, 0, 5, 31, 75),
    ("71", "กาญจนบุรี", 13, 0, 3, 46, 72),
    ("72", "สุพรรณบุรี", 10, 0, 2, 44, 80),
    ("73", "นครปฐม", 7, 1, 5, 20, 90),
    ("74", "สมุทรสาคร", 3, 2, 2, 11, 22),
    ("75", "สมุทรสงคราม", 3, 0, 1, 8, 26),
    ("76", "เพชรบุรี", 8, 0, 2, 13, 69),
    ("77", "ประจวบคีรีขันธ์", 8, 0, 2, 14, 44),
    ("80", "นครศรีธรรมราช", 23, 1, 3, 50, 130),
    ("81", "กระบี่", 8, 0, 1, 14, 46),
    ("82", "พังงา", 8, 0, 2, 13, 36),
    ("83", "ภูเก็ต", 3, 1, 2, 9, 6),
    ("84", "สุราษฎร์ธานี", 19, 2, 3, 35, 97),
    ("85", "ระนอง", 5, 0, 2, 10, 18),
    ("86", "ชุมพร", 8, 0, 2, 26, 50),
    ("90", "สงขลา", 16, 2, 11, 35, 92),
    ("91", "สตูล", 7, 0, 1, 6, 34),
    ("92", "ตรัง", 10, 1, 1, 22, 75),
    ("93", "พัทลุง", 11, 0, 1, 48, 24),
    ("94", "ปัตตานี", 12, 0, 2, 15, 96),
    ("95", "ยะลา", 8, 1, 2, 13, 47),
    ("96", "นราธิวาส", 13, 0, 3, 13, 72),
)  # fmt: skip
#: The one authority of its kind, and the province in which it lies.
PATTAYA = ("20", "เมืองพัทยา")

#: The first digit of a code, by the kind as the register writes it (domain 3.2).
_FIRST_DIGIT = {
    "อบจ.": 2, "เทศบาลนคร": 3, "เมืองพัทยา": 3, "เทศบาลเมือง": 4, "เทศบาลตำบล": 5, "อบต.": 6,
}  # fmt: skip

_BEGINNINGS = (
    "หนอง", "บ้าน", "บาง", "โนน", "ท่า", "นา", "โคก", "ห้วย", "วัง", "ทุ่ง", "คลอง", "ดอน", "แม่", "ป่า", "เขา", "โพน",
    "ปาก", "สระ", "บึง", "ศรี", "หัว", "เกาะ", "คำ", "กุด", "ดง", "ลำ", "โพธิ์", "เหล่า", "น้ำ", "ไทร", "ทับ", "เวียง", "พระ", "ด่าน",
    "แหลม", "เนิน", "ปาง", "เชียง", "ควน", "พรุ",
)  # fmt: skip
_MIDDLES = (
    "บัว", "แก้ว", "ใหญ่", "แดง", "ยาง", "ขาม", "ทราย", "ไผ่", "หลวง", "ม่วง", "ช้าง", "สูง", "กลาง", "หิน", "ตะเคียน", "มะเขือ",
    "ไทร", "แสง", "เต่า", "งาม", "ปลา", "ทอง", "ขอน", "หว้า", "กระทุ่ม", "เสือ", "ควาย", "จาน", "พลวง", "ตาล", "แค", "สะแก",
    "มะค่า", "หญ้า", "เค็ม", "จิก", "โพธิ์", "นาค", "ประดู่", "ตูม", "หมาก", "ชัย", "สำราญ", "พุทรา", "กอก", "เรือ", "หอย", "กวาง",
    "สวรรค์", "เพชร", "ข่อย", "มะพร้าว", "กรด", "ยาว", "หมอ", "สนุ่น", "คู", "เกวียน", "ลาด", "นกแก้ว", "พญา", "แฝก", "มะนาว", "คล้า",
    "สามัคคี", "เจริญ", "ราษฎร์", "ไร่", "ปรือ", "เหียง", "กุ่ม", "ตอ", "โสน", "ระกำ", "ชุมแสง", "สะเดา",
)  # fmt: skip
_ENDINGS = (
    "น้อย", "เหนือ", "ใต้", "พัฒนา", "ใหม่", "คำ", "งาม", "ใหญ่", "กลาง", "ทอง", "สามัคคี", "เจริญ", "เก่า", "นอก", "ใน", "ล่าง",
    "บน", "ศรี", "ชัย", "วิไล",
)  # fmt: skip
_SHARE_WITH_ENDING = 0.7
#: The first of a list come more often, as in life: the larger, the more names repeat.
_SKEW_OF_BEGINNINGS, _SKEW_OF_MIDDLES = 2.2, 1.8

SEED = 2562


@dataclass(frozen=True, slots=True)
class Place:
    """A district: its code, its name and its province."""

    code: str
    name_th: str
    province_code: str
    province_th: str


def national_register(*, seed: int = SEED) -> bytes:
    """Make the whole register: 7,849 rows as UTF-8 CSV with the heads of the real file; the same for the same seed."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows(rows(seed=seed))
    return buffer.getvalue().encode()


def rows(*, seed: int = SEED) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the register, province by province, in the order of the columns."""
    choice = random.Random(seed)  # noqa: S311 (names for a demo, no secrets)
    for code, name_th, districts_count, *counts in PROVINCES:
        places = _places(choice, code, name_th, districts_count)
        yield from _authorities(choice, places, counts)


def _places(choice: random.Random, code: str, name_th: str, districts_count: int) -> list[Place]:
    names = [f"เมือง{name_th}"]
    while len(names) < districts_count:
        name = _name(choice)
        if name not in names:
            names.append(name)
    return [Place(f"{code}{number:02d}", name, code, name_th) for number, name in enumerate(names, start=1)]


def _authorities(choice: random.Random, places: Sequence[Place], counts: Sequence[int]) -> Iterator[tuple[str, ...]]:
    numbers = {place.code: count(1) for place in places}
    taken: set[tuple[str, ...]] = set()
    capital = places[0]
    yield _row("อบจ.", capital.province_th, capital, next(numbers[capital.code]))
    if capital.province_code == PATTAYA[0]:
        place = places[3]
        yield _row(PATTAYA[1], PATTAYA[1], place, next(numbers[place.code]))
    for kind, wanted in zip(("เทศบาลนคร", "เทศบาลเมือง", "เทศบาลตำบล", "อบต."), counts, strict=True):
        for number in range(wanted):
            # Each district has its share; the larger towns stand in the first ones.
            place = places[number % len(places)]
            while (key := (kind, name := _name(choice), place.code)) in taken:
                pass
            taken.add(key)
            yield _row(kind, name, place, next(numbers[place.code]))


def _row(kind: str, name: str, place: Place, number: int) -> tuple[str, ...]:
    code = f"{_FIRST_DIGIT[kind]}{place.code}{number:02d}"
    return code, kind, name, place.province_code, place.province_th, place.code, place.name_th


def _name(choice: random.Random) -> str:
    beginning = _BEGINNINGS[int(len(_BEGINNINGS) * choice.random() ** _SKEW_OF_BEGINNINGS)]
    middle = _MIDDLES[int(len(_MIDDLES) * choice.random() ** _SKEW_OF_MIDDLES)]
    while middle == beginning:
        middle = choice.choice(_MIDDLES)
    return beginning + middle + (choice.choice(_ENDINGS) if choice.random() < _SHARE_WITH_ENDING else "")
