"""Salesforce: changes of an org's records → locale scopes → landing.

``adapter`` guards every request (timeouts, errors, allowance), ``client`` logs in and queries through
simple-salesforce, ``bulk`` runs large queries, ``streams`` declares what is taken, ``extract`` pulls one window of one
object and ``refresh`` lands what is new for all locales of an org. ``python -m connectors.salesforce --help`` runs it
alone.
"""
