"""Addresses of circulars: of the department's desk, of a provincial office, of an authority."""

from django.urls import path

from kunjae.circulars.views import department, province, recipients

app_name = "circulars"

_DESK, _ONE = "department/circulars/", "department/circulars/<public_id:public_id>/"
_PROVINCE, _OF_PROVINCE = "province/circulars/", "province/circulars/<public_id:public_id>/"
_MINE = "circulars/<public_id:public_id>/"

urlpatterns = [
    path(_DESK, department.index, name="index"),
    path(f"{_DESK}new/", department.new, name="new"),
    path(_ONE, department.circular, name="circular"),
    path(f"{_ONE}change/", department.change, name="change"),
    path(f"{_ONE}sending/", department.sending, name="sending"),
    path(f"{_ONE}pages/<int:number>/", department.page, name="desk_page"),
    path(f"{_ONE}follow-up/", department.follow_up, name="follow_up"),
    path(f"{_ONE}follow-up/xlsx/", department.export, {"file_format": "xlsx"}, name="xlsx"),
    path(f"{_ONE}follow-up/csv/", department.export, {"file_format": "csv"}, name="csv"),
    path(f"{_ONE}reminders/", department.remind_all, name="remind_all"),
    path(f"{_ONE}reminders/<public_id:receipt_id>/", department.remind, name="remind"),
    path(_PROVINCE, province.inbox, name="province_inbox"),
    path(_OF_PROVINCE, province.letter, name="province_letter"),
    path(f"{_OF_PROVINCE}read/", province.read, name="province_read"),
    path(f"{_OF_PROVINCE}acknowledgement/", province.acknowledge, name="province_acknowledge"),
    path(f"{_OF_PROVINCE}pages/<int:number>/", province.page, name="province_page"),
    path(f"{_OF_PROVINCE}follow-up/", province.follow_up, name="province_follow_up"),
    path(f"{_OF_PROVINCE}follow-up/xlsx/", province.export, {"file_format": "xlsx"}, name="province_xlsx"),
    path(f"{_OF_PROVINCE}follow-up/csv/", province.export, {"file_format": "csv"}, name="province_csv"),
    path(f"{_OF_PROVINCE}reminders/<public_id:receipt_id>/", province.remind, name="province_remind"),
    path("circulars/", recipients.inbox, name="inbox"),
    path(_MINE, recipients.letter, name="letter"),
    path(f"{_MINE}read/", recipients.read, name="read"),
    path(f"{_MINE}acknowledgement/", recipients.acknowledge, name="acknowledge"),
    path(f"{_MINE}pages/<int:number>/", recipients.page, name="page"),
]
