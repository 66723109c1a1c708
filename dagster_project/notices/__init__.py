"""Telling people of signals: what there is to tell, to whom, and that it is told once."""
