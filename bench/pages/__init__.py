"""Filled forms with truth: what of their fields is found, with a form and without one."""
