"""Noordlicht, the sandbox's company: who its people are, what they do, and what its vendors can see of it.

Data flow: `demand` (how many come) → `simulation` (what each person does) → `crm`, `traffic`, `visits` (what the
vendors recorded) → `store` (cached as Parquet). `truth` counts from the simulated people, not from the vendors.
"""
