"""Charts as geometry: pure functions from values of the model to places and lengths, which templates draw as SVG."""
