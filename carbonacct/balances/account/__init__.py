"""Every cell has a fate: used, nothing, passed, asked, refused; and what is to be said of it."""
