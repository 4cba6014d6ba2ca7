"""Parts of addresses. What has not their form is no address: nothing is looked up, and nothing breaks."""

from django.urls import register_converter

from kunjae.core.identifiers import PUBLIC_ID_PATTERN


class PublicId:
    """The opaque name of a thing, as `identifiers.public_id` makes it."""

    regex = PUBLIC_ID_PATTERN

    def to_python(self, value: str) -> str:
        """Take it as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Write it as it stands."""
        return value


register_converter(PublicId, "public_id")
