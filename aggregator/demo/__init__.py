"""The demo: invented news, served on loopback as the agencies would serve it."""
