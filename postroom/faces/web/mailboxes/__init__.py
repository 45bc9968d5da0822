"""The mailboxes of a domain and its aliases, for those who look after them."""
