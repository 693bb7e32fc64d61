"""The fault suite: whole batches under kill -9, lost data, full disks, cut cables and poison pages.

python -m tests.faults [--rounds N] [--seed S] [--site NAME] [--fault NAME] [--pages N]
"""
