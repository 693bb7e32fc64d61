"""The fault suite: whole batches under kill -9, lost data, locked ledgers and poison pages.

python -m tests.faults [--rounds N] [--seed S] [--fault NAME] [--pages N]
"""
