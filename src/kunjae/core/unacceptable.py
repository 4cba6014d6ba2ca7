"""What somebody typed or sent cannot be taken; the reason names the sentence that says what to do."""


class Unacceptable(ValueError):
    """Input refused for one named reason.

    `reason` is a snake_case key; `facts` fill the sentence that belongs to it (a length, a year meant).
    Neither ever holds the refused text itself, so that both may be logged.
    """

    def __init__(self, reason: str, **facts: int | str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts
