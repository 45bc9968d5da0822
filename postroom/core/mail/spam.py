"""From which score on mail is spam."""

_THRESHOLDS = {"Normal": 6, "High": 4, "Very High": 2}


def threshold(level: str) -> int:
    return _THRESHOLDS[level]


def stars(level: str) -> str:
    """As many as mail must have in X-Spam-Level to be spam: Sieve compares text, not numbers with a fraction."""
    return "*" * threshold(level)
