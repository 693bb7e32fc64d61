"""The line network: lines synthesized from isolated digits, and training on them with CTC."""
