"""Copies within one language: tokens -> MinHash -> LSH candidates -> features of a pair -> a verdict. Pure."""
