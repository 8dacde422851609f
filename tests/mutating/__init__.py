"""One change of the code at a time: which of them no test notices."""
