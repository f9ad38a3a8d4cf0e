"""Agency feeds in, one merged feed out, in which each report stands once with its provenance."""

__version__ = "0.1.0"
