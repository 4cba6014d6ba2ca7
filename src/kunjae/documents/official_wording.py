"""The words of the two forms and of the explanation, verbatim from the circular (สิ่งที่ส่งมาด้วย 1 and 2).

They are Thai in every language of the product, as are their oddities: the explanation writes ผู้รักษาการณ์ once, and
form 1 calls the same office หัวหน้าส่วนการคลัง in its reasons and หัวหน้าหน่วยงานคลัง in its boxes. Words that both
forms have stand once, with form 2; those of form 1 alone begin with FORM_1.
"""

ATTACHMENT = "สิ่งที่ส่งมาด้วย 2"
TITLE_LINES = (
    "แบบคำขอเป็นผู้ใช้งานในระบบบัญชีคอมพิวเตอร์",
    "ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS) สำหรับผู้ปฏิบัติงาน",
)
PART_1 = "ส่วนที่ 1 การขอเป็นผู้ใช้งาน"
AUTHORITY = "ชื่อองค์กรปกครองส่วนท้องถิ่น"
DAY_MONTH_YEAR = "วัน เดือน ปี"
SUBJECT_LABEL = "เรื่อง"
SUBJECT = "ขอรหัสผู้ใช้และรหัสผ่านเข้าใช้งานในระบบบัญชีคอมพิวเตอร์ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS)"
ADDRESSEE_LABEL = "เรียน"
ANY_HEAD_OF_FINANCE = "ผอ.สำนักการคลัง/ผอ.กองคลัง/หัวหน้าหน่วยงานคลัง"
I_AM = "ข้าพเจ้า"
TITLES = "นาย/นาง/นางสาว"
POSITION = "ตำแหน่ง"
WISH = "มีความประสงค์ ดังนี้"
WANTS_CREDENTIALS = "ขอรหัสผู้ใช้และ/หรือรหัสผ่านเพื่อปฏิบัติงานในระบบบัญชีคอมพิวเตอร์ของ อปท. (e-LAAS)"
NEW_USER = "ผู้ใช้งานใหม่"
CANNOT_ENTER = "ไม่สามารถเข้าใช้งานได้เนื่องจาก"
WANTS_GROUPS = "ขอเพิ่มกลุ่มผู้ใช้งาน เพื่อปฏิบัติหน้าที่"
OPINION = "ความเห็นของผู้อำนวยการสำนักการคลัง/ผู้อำนวยการกองคลัง/หัวหน้าหน่วยงานคลัง"
APPROVED = "อนุมัติ"
APPROVED_GROUPS = "เห็นควรให้เพิ่มกลุ่มผู้ใช้งาน"
REFUSED = "ไม่อนุมัติ"
BECAUSE = "เนื่องจาก"
PART_2 = "ส่วนที่ 2 ใช้เมื่อมีการยกเลิกรหัสผู้ใช้และรหัสผ่าน"
CANCEL_BECAUSE = "ยกเลิกรหัสผู้ใช้และรหัสผ่าน เนื่องจาก"
MOVED_OR_RESIGNED = "ย้าย/ลาออก"
OTHER = "อื่น ๆ"
ON_DAY = "วันที่"

EXPLANATION_TITLE_LINES = (
    "คำอธิบายแบบคำขอเป็นผู้ใช้งานในระบบบัญชีคอมพิวเตอร์",
    "ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS) สำหรับผู้ปฏิบัติงาน",
)
#: Each point: its number, its text, and the cases under it.
EXPLANATION: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "1.",
        "การขอเป็นผู้ใช้งานให้บันทึกข้อมูลในส่วนที่ 1 ในกรณีดังต่อไปนี้",
        (("1.1", "ผู้ใช้งานใหม่"), ("1.2", "ลืมรหัสผู้ใช้หรือรหัสผ่าน"), ("1.3", "เพิ่มสิทธิการใช้งาน")),
    ),
    (
        "2.",
        (
            "เมื่อมีการยกเลิกการเป็นผู้ใช้งาน ให้ผู้อำนวยการสำนักการคลัง/ผู้อำนวยการกองคลัง/หัวหน้าหน่วยงานคลัง"
            "เป็นผู้ยกเลิกผู้ใช้งาน และบันทึกข้อมูลในส่วนที่ 2 เพื่อควบคุมกำกับการขอใช้และยกเลิกผู้ใช้งานในระบบ"
        ),
        (),
    ),
    (
        "3.",
        (
            "กรณีผู้อำนวยการกองคลังย้าย ให้ผู้อำนวยการสำนักการคลัง/ผู้อำนวยการกองคลัง/หัวหน้าหน่วยงานคลัง"
            "กำหนดสิทธิให้แก่ผู้รักษาการก่อน เมื่อมีผู้อำนวยการกองคลัง ให้ผู้รักษาการณ์กำหนดรหัสให้"
            "ผู้อำนวยการสำนักการคลัง/ผู้อำนวยการกองคลัง/หัวหน้าหน่วยงานคลัง โดยสามารถดูวิธีการกำหนดรหัสได้ที่ "
            "http://km.laas.go.th คู่มือและเอกสาร > คู่มือการใช้งาน e-LAAS ฉบับเต็มและฉบับปรับปรุง > การบริหารระบบ > "
            "การจัดการข้อมูลผู้ใช้ และการจัดการกลุ่มผู้ใช้"
        ),
        (),
    ),
)

#: The report that clause 5 names, and where the letter says it is found.
REPORT_TITLE = "รายงานรายชื่อและข้อมูลผู้ใช้งานในกลุ่มผู้ใช้"
REPORT_MENU_PATH = "การบริหารระบบ > รายงาน > รายงานรายชื่อและข้อมูลผู้ใช้งานในกลุ่มผู้ใช้"

#: Form 1 is an official letter: its parts in their order on the page.
FORM_1_TITLE = "แบบการขอรหัสผู้ใช้และรหัสผ่านในระบบบัญชีคอมพิวเตอร์ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS) สำหรับหัวหน้าหน่วยงานคลัง"
FORM_1_NUMBER = "ที่"
FORM_1_ADDRESS = "ที่อยู่"
FORM_1_ADDRESSEE = "ผู้อำนวยการส่วนพัฒนาระบบบัญชีท้องถิ่น"
FORM_1_WHEREAS = "ด้วย"
FORM_1_AUTHORITY = "(ชื่อองค์กรปกครองส่วนท้องถิ่น)"
FORM_1_DISTRICT = "อำเภอ"
FORM_1_PROVINCE = "จังหวัด"
FORM_1_WISH = "มีความประสงค์จะขอรหัสผู้ใช้และรหัสผ่านเข้าใช้งานในระบบบัญชีคอมพิวเตอร์ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS)"
FORM_1_BECAUSE = "สาเหตุเนื่องจาก"
FORM_1_LOST = "รหัสเดิมสูญหาย"
FORM_1_HEAD_HAS_LEFT = "ผอ.สำนักการคลัง/กองคลัง/หัวหน้าส่วนการคลัง โอน/ย้าย/ลาออก"
FORM_1_UNUSABLE = "รหัสเดิมไม่สามารถเข้าใช้งานได้"
FORM_1_OTHER = "อื่น ๆ (โปรดระบุ)"
FORM_1_THEREFORE = (
    "ดังนั้น เพื่อให้สามารถเข้าใช้งานและปฏิบัติงานในระบบบัญชีคอมพิวเตอร์ขององค์กรปกครองส่วนท้องถิ่น (e-LAAS) ได้ "
    "จึงขอให้จัดส่งรหัสผู้ใช้และรหัสผ่าน ให้"
)
FORM_1_FAMILY_NAME = "นามสกุล"
#: ตำแหน่ง: the first three boxes; the fourth is FORM_1_ACTING behind a position of one's own.
FORM_1_POSITIONS = {
    "bureau": "ผอ.สำนักการคลัง",
    "division": "ผอ.กองคลัง",
    "unit": "หัวหน้าหน่วยงานคลัง",
}
FORM_1_ACTING = "รักษาราชการแทน ผอ.สำนักการคลัง/กองคลัง/หัวหน้าหน่วยงานคลัง"
FORM_1_EMAIL = "และให้จัดส่งที่ e-mail address (โปรดระบุ)"
FORM_1_CONTACT = "ทั้งนี้ หากมีข้อสงสัยสามารถติดต่อประสานงานกับ"
FORM_1_MOBILE = "มือถือ"
FORM_1_CLOSING = "จึงเรียนมาเพื่อโปรดพิจารณาดำเนินการต่อไป"
FORM_1_RESPECT = "ขอแสดงความนับถือ"
FORM_1_CHIEF_EXECUTIVE = "นายก"
FORM_1_OFFICE = "ชื่อหน่วยงาน"
FORM_1_PHONE = "โทร."
FORM_1_FAX = "โทรสาร"
FORM_1_NOTE = "** หมายเหตุ : e-mail address และเบอร์มือถือที่แจ้งมาในหนังสือ จะต้องเป็น e-mail address และเบอร์มือถือที่สามารถใช้งานได้"

#: The department as the circular heads its page, and the section to which form 1 is addressed (without its director).
DEPARTMENT = "กรมส่งเสริมการปกครองท้องถิ่น"
DEPARTMENT_ADDRESS = "ถนนนครราชสีมา เขตดุสิต กทม. 10300"
SECTION = "ส่วนพัฒนาระบบบัญชีท้องถิ่น"
REFERENCE_LABEL = "อ้างถึง"
#: Ours, before what the system needs and form 1 has no blank for.
FORM_1_BESIDE = "ข้อมูลเพิ่มเติมสำหรับระบบ (ไม่มีในแบบ):"
