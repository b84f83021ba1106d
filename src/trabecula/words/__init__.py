"""The one place that makes a sentence: messages, catalogues, and how numbers and dates are written."""

SOURCE = "en"
"""The language in which everything is written first."""
LANGUAGES = (SOURCE, "de", "it")
"""Those with a catalogue, by their codes (ISO 639)."""
