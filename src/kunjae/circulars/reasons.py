"""Refusals of this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.core import reasons

reasons.add({
    "circulars_are_the_departments": _("Only the department's desk prepares and sends circulars. Go back to your own pages."),
    "circular_sent": _("This circular has gone out and can no longer be changed. Prepare another one that follows it."),
    "circular_changed_since_shown": _("The draft was changed meanwhile. Open it again, read it, then go on."),
    "circular_says_nothing": _("Type the text of the circular, or choose the file of its scan."),
    "circular_has_no_limits": _("Choose at least one province, or one kind of authority, to which the circular goes."),
    "circular_reaches_nobody": _("No authority is on record for whom this circular is meant. Choose other recipients."),
    "circular_reference_known": _("Number and day of this circular are on record already. Open its page again."),
    "circular_not_sent": _("The circular has not gone out yet. Send it first."),
    "circular_not_for_you": _("This circular went to another recipient. Open those of your own."),
    "circular_acknowledged": _("The circular has been acknowledged already. Nothing more is asked for."),
    "circular_not_for_this_desk": _("A province reminds its own authorities. Choose one of your own province."),
    "reminded_recently": _("A reminder went out on %(day)s. The next one is possible on %(next_day)s."),
    "nobody_to_remind": _("No e-mail address of this recipient is on record. Reach it by telephone or by letter."),
    "nobody_left_to_remind": _("Everybody who can be reached by mail has acknowledged, or was reminded within seven days."),
    "circular_day_of_another_month": _("The day lies in another month than the one on record. Look at the original again."),
    "choose_the_letter_again": _("Choose the scan of the letter again: a browser does not keep it."),
    "follow_up_too_long": _("The list has %(rows)s entries, a file takes %(rows_max)s at most. Choose one province."),
})  # fmt: skip
