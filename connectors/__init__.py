"""Sources → Arrow → landed Parquet. Knows neither the orchestrator nor the models.

``ga4``, ``salesforce`` and ``ecb`` each hold a client (transport), declared streams and one function that refreshes.
``landing`` is the only thing they write to. ``python -m connectors.ga4 --help`` runs one source alone.
"""
