"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "name_unchanged": _("This is the name already on record. Change it, or leave this page."),
    "appointment_ended": _("This post has already ended. Open the person's page again to see what holds now."),
    "end_not_earlier": _("The post ends on that day or before as it is. Enter an earlier day."),
    "posting_ended": _("This person has already left the desk. Open the page again to see what holds now."),
    "unit_is_known": _("A unit of this name is in the list already. Give the new one a name of its own."),
    "unit_is_closed": _("This unit was closed already. Open the list again to see what holds now."),
    "unit_is_staffed": _("Somebody still holds a post in this unit. End the post first, then close the unit."),
    "post_is_held": _("Somebody else holds this office. End that appointment first, or record an acting one."),
    "not_at_a_desk": _("Only the department's desk and a provincial office look across authorities. Go back to your own pages."),
    "not_in_this_province": _("This authority belongs to another province. Choose one of your own province."),
    "not_at_department_desk": _("Only the department's desk imports the register. Send the file there."),
    # Addresses of record
    "contact_needs_department_desk": _("Only the department's desk keeps the addresses of record. Tell it by an official letter what has changed."),
    "contact_change_waits": _("A proposal for these addresses waits already. Let a colleague confirm it, or withdraw it first."),
    "contact_unchanged": _("These are the addresses already on record. Change one, or leave this page."),
    "contact_empty": _("Enter the e-mail address, the telephone number, or both."),
    "contact_source_missing": _("Write where the addresses were learnt, as in: the authority's letter no. … of …, or its website."),
    "contact_change_settled": _("This proposal has been confirmed or withdrawn already. Open the page again to see what holds now."),
    "contact_change_own": _("Another person confirms what you proposed. Ask a colleague at the desk."),
    # The file of the register
    "register_empty": _("The file is empty. Fetch it again from where it came."),
    "register_too_large": _("The file is larger than %(size_max)s MB, so it cannot be the register. Choose the right file."),
    "register_spreadsheet": _("This is a spreadsheet, not a CSV file. Open it, save it as “CSV UTF-8”, then import that file."),
    "register_encoding": _("Line %(line)s is neither UTF-8 nor TIS-620. Save the file again as “CSV UTF-8”, then import it."),
    "register_cut": _("The file breaks off in line %(line)s, so it did not arrive whole. Fetch it again."),
    "register_columns": _("Line 1 lacks these columns: %(columns)s. Put the heads of the register there, with commas between."),
    "register_column_twice": _("Line 1 names the column %(column)s twice. Take one of them out."),
    "register_no_rows": _("The file has heads but no authority. Fetch it again from where it came."),
    "register_quotes": _("Line %(line)s: a quotation mark is not closed, or stands within a value. Take it out."),
    "register_cells": _("Line %(line)s has %(found)s values instead of %(wanted)s. Look for a comma too many or too few."),
    "register_unprintable": _("Line %(line)s, column %(column)s: character %(position)s (%(code)s) cannot be seen. Delete it."),
    "register_value_missing": _("Line %(line)s: the column %(column)s is empty. Fill it in."),
    "register_too_long": _("Line %(line)s: the column %(column)s holds more than %(length_max)s characters. Shorten it."),
    "register_name": _("Line %(line)s: the column %(column)s holds no Thai name. Type the name again."),
    "register_code": _("Line %(line)s: the column %(column)s holds no code of seven digits. Correct it."),
    "register_code_twice": _("Line %(line)s has the same code as line %(first)s. Take one of the two out."),
    "register_kind": _("Line %(line)s: the column type_th names no kind of authority. Write one of these: %(kinds)s"),
    "register_province_code": _("Line %(line)s: the province code is not the one in the authority's code. Correct one of the two."),
    "register_district_code": _("Line %(line)s: the district code is not the one in the authority's code. Correct one of the two."),
    "register_province_name": _("Line %(line)s names its province otherwise than line %(first)s does. Write one name."),
    "register_province_known": _("Line %(line)s names its province otherwise than the register on record does. Correct the name."),
    "register_code_given_up": _("Line %(line)s has a code that its authority has given up for %(code)s. Import a newer file."),
    "register_former_unknown": _("Line %(line)s: no authority on record has the former code. Correct it, or leave it empty if the authority is new here."),
    "register_former_twice": _("Line %(line)s has the same former code as line %(first)s. Only one authority can follow another."),
    "register_former_listed": _("Line %(line)s: its former code still stands in line %(first)s. Take one of the two out."),
    "register_former_other": _("Line %(line)s: the code and the former code belong to two authorities on record. Correct one of the two."),
})  # fmt: skip
