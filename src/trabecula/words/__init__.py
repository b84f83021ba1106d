"""The one place that makes a sentence: messages, catalogues, and how numbers and dates are written."""
