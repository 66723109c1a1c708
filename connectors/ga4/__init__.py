"""Google Analytics 4 (Data API v1beta): declared reports → days of a property → landing.

``client`` speaks gRPC through Google's own client, ``streams`` declares the reports, ``extract`` fetches a month
of one, ``refresh`` lands what is due for a locale. ``python -m connectors.ga4 --help`` runs it alone.
"""
