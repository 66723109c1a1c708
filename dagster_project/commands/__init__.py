"""The commands of `trechter`, one module each."""
