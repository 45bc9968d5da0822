"""One function = one thing that somebody may ask for. Permission, transaction, history and wake-up meet here."""
