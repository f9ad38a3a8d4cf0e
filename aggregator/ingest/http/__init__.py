"""One bounded, conditional GET: the only folder that touches the network."""
