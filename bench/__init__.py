"""Measurements of the product: how well it reads, and what it costs."""
