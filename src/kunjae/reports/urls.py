"""Addresses of reports, of the record, and of the public page that verifies a paper."""

from django.urls import path

from kunjae.reports.views import documents, membership, record, register, verification

app_name = "reports"
urlpatterns = [
    path("o/<str:org_code>/reports/", membership.index, name="index"),
    path("o/<str:org_code>/reports/users-in-groups/", membership.report, name="membership"),
    path(
        "o/<str:org_code>/reports/users-in-groups/pdf/",
        membership.export,
        {"file_format": "pdf"},
        name="membership_pdf",
    ),
    path(
        "o/<str:org_code>/reports/users-in-groups/xlsx/",
        membership.export,
        {"file_format": "xlsx"},
        name="membership_xlsx",
    ),
    path(
        "o/<str:org_code>/reports/users-in-groups/csv/",
        membership.export,
        {"file_format": "csv"},
        name="membership_csv",
    ),
    path("o/<str:org_code>/reports/requests/", register.register, name="register"),
    path("o/<str:org_code>/reports/requests/xlsx/", register.export, {"file_format": "xlsx"}, name="register_xlsx"),
    path("o/<str:org_code>/reports/requests/csv/", register.export, {"file_format": "csv"}, name="register_csv"),
    path("o/<str:org_code>/reports/documents/", documents.documents, name="documents"),
    path("department/documents/", documents.all_documents, name="all_documents"),
    path("o/<str:org_code>/record/", record.record, name="record"),
    path("verify/", verification.verify, name="verify"),
    path("verify/<str:code>/", verification.verify, name="verify_code"),
]
