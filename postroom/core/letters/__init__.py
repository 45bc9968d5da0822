"""E-mails of Postroom's own, in English and French: one module a letter; `frame.py` makes a mail of what it says."""
