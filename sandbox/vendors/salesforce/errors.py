"""The errors a Salesforce org answers with: an array of one, with an error code and a message."""

from __future__ import annotations


class SalesforceError(Exception):
    """An API error: HTTP status, ``errorCode``, ``message``."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def body(self) -> list[dict[str, str]]:
        """The body of the answer."""
        return [{"message": self.message, "errorCode": self.code}]


def malformed(message: str) -> SalesforceError:
    """400: the SOQL does not parse."""
    return SalesforceError("MALFORMED_QUERY", message)


def no_such_column(name: str, object_name: str) -> SalesforceError:
    """400: the org has no such field (or the user may not see it)."""
    return SalesforceError(
        "INVALID_FIELD",
        f"No such column '{name}' on entity '{object_name}'. If you are attempting to use a custom field, be sure to"
        " append the '__c' after the custom field name. Please reference your WSDL or the describe call for the"
        " appropriate names.",
    )


def no_such_object(name: str) -> SalesforceError:
    """400: the org has no such object."""
    return SalesforceError(
        "INVALID_TYPE",
        f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append the"
        " '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
    )


def not_found() -> SalesforceError:
    """404: no such resource."""
    return SalesforceError("NOT_FOUND", "The requested resource does not exist", 404)
