"""Charts as plain geometry: values in, places out; the templates draw them as inline SVG. All pure."""
