"""The SOAP login of the Partner API, which is how a user name, password and security token log in."""

from __future__ import annotations

import re
from html import escape, unescape

from sandbox.vendors.salesforce.ids import made_up
from sandbox.vendors.web import Reply

_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope'
    ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"'
    ' xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>{}</soapenv:Body></soapenv:Envelope>'
)
_XML = "text/xml; charset=utf-8"


def credentials(body: bytes) -> tuple[str, str]:
    """(user name, password with token) of a login request; empty where it has none."""
    text = body.decode(errors="replace")
    found = [re.search(rf"<\w+:{name}>(.*?)</\w+:{name}>", text, re.DOTALL) for name in ("username", "password")]
    user, password = (unescape(match[1]) if match else "" for match in found)
    return user, password


def granted(session: str, instance: str, version: str, org_id: str) -> Reply:
    """A session, and the address of the org it is for."""
    server = f"{instance}/services/Soap/u/{version}/{org_id[:15]}"
    result = f"<serverUrl>{escape(server)}</serverUrl><sessionId>{escape(session)}</sessionId>"
    result += f"<userId>{made_up('005', 1)}</userId>"
    return Reply(200, _envelope(f"<loginResponse><result>{result}</result></loginResponse>"), _XML)


def refused() -> Reply:
    """A wrong name, password or token; which of them is not said."""
    message = "INVALID_LOGIN: Invalid username, password, security token; or user locked out."
    fault = f"<faultcode>sf:INVALID_LOGIN</faultcode><faultstring>{message}</faultstring><detail><sf:LoginFault>"
    fault += f"<sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode><sf:exceptionMessage>{message[15:]}"
    fault += "</sf:exceptionMessage></sf:LoginFault></detail>"
    return Reply(500, _envelope(f"<soapenv:Fault>{fault}</soapenv:Fault>"), _XML)


def _envelope(content: str) -> bytes:
    return _ENVELOPE.format(content).encode()
