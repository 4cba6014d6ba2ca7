"""
What an officer undertakes at the first sign-in: the three duties of clause 3, in the letter's own words (L-31, L-34).

A change of the words is a new version, and everybody reads and accepts it anew.
"""

from hashlib import sha256

VERSION = 1
DUTIES = (
    "(1) ให้ออกจากระบบทุกครั้งหลังใช้งาน",
    "(2) ไม่ควรตั้งค่าการจำรหัสผ่าน (Remember) บนเว็บไซต์ ในเครื่องคอมพิวเตอร์ที่ใช้งาน",
    "(3) ไม่ควรเปิดเผยรหัสผ่านให้ผู้อื่นทราบ",
)


def digest() -> str:
    """Seal the words as they were shown: SHA-256 in hexadecimal."""
    return sha256("\n".join(DUTIES).encode()).hexdigest()
