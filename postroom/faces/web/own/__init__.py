"""What the holder of a mailbox sees and changes."""
